"""An enseignant: does STS know him, does it give him services, did these reach SIECLE?"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from checklists.diagnostic.comptes import describe_compte, read_compte
from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import Cible, CompteVu, CoucheChaine, Examen, Portee, Probleme
from exchanges.enums import Couche
from exchanges.models import FicheIndividu, LienService
from exchanges.reports.aaf.flux import Structures, stream_personnels
from exchanges.reports.exports import join_codes
from exchanges.reports.suppleances import FONCTIONS
from exchanges.rules.eligibilite import EPP, PersonnelVu, ServiceVu
from exchanges.templatetags.entsite import jour, jour_annee


STS, SIECLE = CoucheChaine.STS, CoucheChaine.SIECLE


@dataclass
class FaitsIndividu:
    """What the layers know of an individu.

    Attributes:
        fiche_le: since when STS holds him; ``None`` when it does not.
        services: of ``vu`` in STS on that day; ``recus`` those that SIECLE received.
        services_le: since when STS gives them.
        donnes: codes of the structures whose services are given to him, whether STS knows him or not.
        fin, debut: of his suppléance, when every service of his is over, or has yet to begin.
        has_services: whether STS gives a service to anybody.
        en_preparation: whether the year has not begun: the services come later.
    """

    nom: str
    is_enseignant: bool = True
    is_epp: bool = True
    has_sts: bool = True
    has_services: bool = True
    fiche_le: date | None = None
    services: tuple[ServiceVu, ...] = ()
    recus: tuple[ServiceVu, ...] = ()
    services_le: date | None = None
    exporte_le: date | None = None
    donnes: tuple[str, ...] = ()
    debut: date | None = None
    fin: date | None = None
    compte: CompteVu = field(default_factory=CompteVu)


def examine_individu(contexte: Contexte, cible: Cible) -> Examen:
    """Everything of the school's own layers about an individu."""
    faits = _read_faits(contexte, cible)
    preuves = {}
    if faits.services:
        structures = join_codes(sorted({service.structure for service in faits.services}))
        preuves[STS] = f"Services dans STS : {structures}.", faits.services_le
        preuves[SIECLE] = "L'export Services les a portés.", faits.exporte_le
    elif faits.fiche_le:
        preuves[STS] = "Dans STS Ressources.", faits.fiche_le
    return Examen(
        titre=faits.nom,
        problemes=tuple(find_problemes(faits)),
        preuves=preuves,
        voir=lambda instant: _see(contexte, cible.pk, instant),
        attendu=_see(contexte, cible.pk, contexte.fin),
        compte=faits.compte,
        identifiants=(("Identifiant STS", cible.nom_cle),),
    )


def read_vus(contexte: Contexte, pks: frozenset[int], instant: datetime, couche: Couche) -> list[PersonnelVu]:
    """Individus as STS holds them at an instant, or as SIECLE does with the services that it received."""
    portee = contexte.portee(instant, individus=pks)
    if couche == Couche.STS:
        portee = replace(portee, services={contexte.etablissement.pk: instant})
    return list(stream_personnels(portee, Structures(portee, couche)))


def _read_vu(contexte: Contexte, pk: int | None, instant: datetime, couche: Couche) -> PersonnelVu | None:
    return next(iter(read_vus(contexte, frozenset([pk] if pk else []), instant, couche)), None)


def _see(contexte: Contexte, pk: int | None, instant: datetime) -> Hashable:
    vu = _read_vu(contexte, pk, instant, Couche.BEE)
    return None if vu is None or vu.motif else vu.services


def _read_faits(contexte: Contexte, cible: Cible) -> FaitsIndividu:
    fiche = FicheIndividu.objects.filter(individu=cible.pk, depuis__lte=contexte.fin).order_by("depuis").last()
    faits = FaitsIndividu(
        nom=f"{fiche.nom_usage} {fiche.prenom}".strip() if fiche else f"La personne {cible.nom_cle}",
        is_enseignant=fiche is None or fiche.fonction in FONCTIONS,
        is_epp=cible.type == EPP,
        has_sts=contexte.has_sts,
        has_services=contexte.has_services,
    )
    _read_liens(contexte, cible, faits)
    if fiche is None or (fiche.jusqua and fiche.jusqua <= contexte.fin):
        return faits
    faits.fiche_le = contexte.local_day(fiche.depuis)
    faits.compte = read_compte(contexte, fiche.individu.jointure_id)
    sts = _read_vu(contexte, cible.pk, contexte.fin, Couche.STS)
    bee = _read_vu(contexte, cible.pk, contexte.fin, Couche.BEE)
    faits.services = sts.services if sts else ()
    faits.recus = bee.services if bee else ()
    faits.exporte_le = contexte.local_day(contexte.export_services.instant) if contexte.export_services else None
    return faits


def _read_liens(contexte: Contexte, cible: Cible, faits: FaitsIndividu) -> None:
    """The services that STS gives him, whatever their dates."""
    liens = LienService.objects.as_of(contexte.fin).filter(individu=cible.pk, couche=Couche.STS)
    lignes = list(liens.values_list("service__structure", "date_debut", "date_fin", "depuis")) if cible.pk else []
    faits.donnes = tuple(sorted({code for code, *_ in lignes}))
    faits.services_le = contexte.local_day(max((depuis for *_, depuis in lignes), default=None))
    fins = [fin for _, _, fin, _ in lignes]
    debuts = [debut for _, debut, _, _ in lignes]
    if fins and all(fin and fin < contexte.jour for fin in fins):
        faits.fin = max(fins)
    if debuts and all(debut and debut > contexte.jour for debut in debuts):
        faits.debut = min(debuts)


# --- Pure rules of rupture ----------------------------------------------------------------------


def find_problemes(faits: FaitsIndividu) -> Iterator[Probleme]:
    """The broken link of an individu in STS, or between STS and SIECLE."""
    if faits.fiche_le is None:
        yield _find_inconnu(faits)
    elif not faits.services:
        yield from _find_sans_service(faits)
    elif manquants := sorted({s.structure for s in faits.services} - {s.structure for s in faits.recus}):
        quand = (
            f"L'export Services date du {jour(faits.exporte_le)}"
            if faits.exporte_le
            else "L'export Services n'a jamais été fait"
        )
        preuve = f"{quand} ; STS donne depuis {jour(faits.services_le)} {join_codes(manquants)}."
        yield Probleme(
            SIECLE,
            "services_non_exportes",
            f"{faits.nom} ne voit pas {join_codes(manquants)} dans l'ENT.",
            preuve,
            Portee.PLACE,
            faits.services_le,
        )


def _find_inconnu(faits: FaitsIndividu) -> Probleme:
    symptome = f"{faits.nom} n'a pas de compte dans l'ENT."
    if faits.donnes:
        preuve = f"Des services de {join_codes(faits.donnes)} lui sont donnés, mais STS Ressources ne la connaît pas."
        return Probleme(STS, "enseignant_inconnu", symptome, preuve, Portee.EXISTENCE, faits.services_le)
    suite = describe_compte(faits.compte)
    preuve = f"STS Ressources ne la connaît pas, et aucun service ne lui est donné. {suite}".strip()
    return Probleme(STS, "enseignant_inconnu_de_sts", symptome, preuve, Portee.EXISTENCE)


def _find_sans_service(faits: FaitsIndividu) -> Iterator[Probleme]:
    """No service that holds today: a titulaire has an account without any class, the others have none."""
    symptome = f"{faits.nom} a un compte dans l'ENT, sans classe ni groupe."
    if not faits.is_epp:
        symptome = f"{faits.nom} n'a pas de compte dans l'ENT."
    portee = Portee.PLACE if faits.is_epp else Portee.EXISTENCE
    if faits.fin:
        preuve = f"Sa suppléance a fini {jour_annee(faits.fin)}. {describe_compte(faits.compte)}".strip()
        yield Probleme(STS, "suppleance_finie", symptome, preuve, portee, faits.fin)
    elif faits.debut:
        preuve = f"Sa suppléance commence {jour_annee(faits.debut)}."
        yield Probleme(STS, "suppleance_a_venir", symptome, preuve, portee, attente=faits.debut, is_en_attente=True)
    elif faits.is_enseignant and not faits.has_services:
        preuve = "Aucune division, aucun groupe de STS n'a de service."
        yield Probleme(STS, "services_vides", symptome, preuve, portee)
    elif faits.is_enseignant or not faits.is_epp:
        preuve = f"Dans STS Ressources depuis {jour(faits.fiche_le)}, sans aucun service."
        yield Probleme(STS, "enseignant_sans_service", symptome, preuve, portee, faits.fiche_le)
