"""The journey of a person, a classe or a groupe through the layers: where it is, since when, where it will be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from exchanges.enums import Couche, EtatDepot, EtatPassage, NatureActe, Relais, TypeFichier
from exchanges.models import (
    Division,
    Eleve,
    Etablissement,
    EtatCompte,
    FichierCharge,
    Groupe,
    Individu,
    LienGroupe,
    LienService,
    Passage,
    Responsable,
)
from exchanges.reports.aaf.portee import make_portee
from exchanges.reports.aaf.titulaires import Population, read_population
from exchanges.rules.eligibilite import EPP, LEGAL
from exchanges.templatetags.entsite import jour, jour_heure, nombre, pluriel


NOMS = {Relais.AAF: "AAF", Relais.ENT: "ENT", Relais.GAR: "GAR", Relais.MOODLE: "Moodle"}
PRESENT, ATTENDU, ABSENT, SANS_OBJET = "présent", "attendu", "absent", "sans objet"
COULEURS = {PRESENT: "succes", ATTENDU: "info", ABSENT: "attention", SANS_OBJET: "neutre"}


@dataclass(frozen=True)
class Etape:
    """One layer: whether it shows the thing, since when (or from when), in a sentence."""

    couche: str
    etat: str
    texte: str
    depuis: datetime | None = None

    @property
    def couleur(self) -> str:
        """The colour of the badge."""
        return COULEURS[self.etat]


@dataclass(frozen=True)
class Presence:
    """The last stretch of time during which facts held: ``depuis`` is ``None`` when they never did."""

    depuis: datetime | None = None
    jusqua: datetime | None = None


def presence_of(bornes: Iterable[tuple[datetime, datetime | None]]) -> Presence:
    """The last unbroken stretch of intervals: a fiche changed in place is one presence."""
    presence = Presence()
    for depuis, jusqua in sorted(bornes, key=lambda borne: borne[0]):
        is_suite = presence.depuis is not None and presence.jusqua == depuis
        presence = Presence(presence.depuis if is_suite else depuis, jusqua)
    return presence


def tell(etapes: Sequence[Etape]) -> str:
    """« Dans STS depuis jeudi 3 septembre, dans SIECLE depuis mardi 8 septembre, dans l'ENT jeudi 10 septembre. »"""
    articles = {"ENT": "l'ENT", "AAF": "l'annuaire", "GAR": "le GAR"}
    morceaux = []
    for etape in etapes:
        if etape.etat in (PRESENT, ATTENDU) and etape.depuis and etape.couche != "EDT":
            lien = "depuis " if etape.etat == PRESENT else ""
            morceaux.append(f"dans {articles.get(etape.couche, etape.couche)} {lien}{jour_heure(etape.depuis)}")
    texte = ", ".join(morceaux)
    return f"{texte[:1].upper()}{texte[1:]}." if texte else ""


def parcours_eleve(eleve: Eleve, maintenant: datetime) -> list[Etape]:
    """EDT to Moodle, for an élève."""
    etablissement = eleve.etablissement
    presence = presence_of(eleve.fiches.values_list("depuis", "jusqua"))
    eligible = presence_of(_eligible(eleve, maintenant))
    population = _read(etablissement, maintenant, eleves={eleve.pk})
    motif = next((e.motif.titre for e in population.eleves if e.motif), "")
    return [
        _edt_eleve(eleve),
        Etape("STS", SANS_OBJET, "STS-Web ne connaît pas les élèves."),
        _siecle(presence, "Fiche connue"),
        *_relais(etablissement, eligible if eligible.depuis else presence, motif),
    ]


def _eligible(eleve: Eleve, maintenant: datetime) -> Iterable[tuple[datetime, datetime | None]]:
    """When her fiche lets her go up to the annuaire: an INE, nothing missing, not gone yet."""
    fuseau = ZoneInfo(eleve.etablissement.academie.fuseau)
    for depuis, jusqua, ine, manques, sortie in eleve.fiches.values_list(
        "depuis", "jusqua", "ine", "manques", "date_sortie"
    ):
        depart = datetime.combine(sortie, time.min, fuseau) if sortie else maintenant
        fin = depart if depart < maintenant and (jusqua is None or depart < jusqua) else jusqua
        if ine and not manques and (fin is None or depuis < fin):
            yield depuis, fin


def parcours_responsable(responsable: Responsable, maintenant: datetime) -> list[Etape]:
    """EDT to Moodle, for a responsable: the annuaire knows him by his children."""
    etablissement = responsable.etablissement
    presence = presence_of(responsable.fiches.values_list("depuis", "jusqua"))
    liens = list(responsable.liens.filter(niveau=LEGAL).values_list("eleve_id", "depuis", "jusqua"))
    population = _read(
        etablissement, maintenant, eleves={eleve for eleve, _, _ in liens}, responsables={responsable.pk}
    )
    motif = next((r.motif.titre for r in population.responsables if r.motif), "")
    lien = presence_of((depuis, jusqua) for _, depuis, jusqua in liens if jusqua is None)
    if presence.depuis and presence.jusqua is None and lien.depuis:
        presence = replace(presence, depuis=max(presence.depuis, lien.depuis))
    return [
        Etape("EDT", SANS_OBJET, "Le fichier élèves-groupes ne porte pas les responsables."),
        Etape("STS", SANS_OBJET, "STS-Web ne connaît pas les responsables."),
        _siecle(presence, "Fiche connue"),
        *_relais(etablissement, presence, motif),
    ]


def parcours_individu(individu: Individu, maintenant: datetime) -> list[Etape]:
    """EDT to Moodle, for somebody of STS: what the ENT shows of her is what Export Services carried."""
    etablissement = individu.etablissement
    presence = presence_of(individu.fiches.values_list("depuis", "jusqua"))
    services = individu.liens_service.filter(couche=Couche.STS)
    exportes = _exported(etablissement, presence_of(services.values_list("depuis", "jusqua")))
    population = _read(etablissement, maintenant, individus={individu.pk})
    vu = next(iter(population.personnels), None)
    motif = vu.motif.titre if vu and vu.motif else ""
    nombre_services = len(vu.services) if vu else 0
    transmis = pluriel(nombre_services, "service transmis,services transmis")
    siecle = Etape("SIECLE", ABSENT, "Aucun de ses services n'a été exporté de STS-Web.")
    if exportes.depuis and nombre_services:
        siecle = Etape(
            "SIECLE",
            PRESENT,
            f"{nombre(nombre_services)} {transmis} par Export Services, depuis {jour_heure(exportes.depuis)}.",
            exportes.depuis,
        )
    return [
        _edt_sts(etablissement),
        _layer("STS", presence, "Connu de STS-Web"),
        siecle,
        *_relais(etablissement, presence if individu.type == EPP else exportes, motif),
    ]


def parcours_structure(structure: Division | Groupe) -> list[Etape]:
    """EDT to Moodle, for a division or a groupe."""
    etablissement = structure.etablissement
    sts, bee = (
        presence_of(structure.fiches.filter(couche=couche).values_list("depuis", "jusqua"))
        for couche in (Couche.STS, Couche.BEE)
    )
    edt = _edt_groupe(structure) if isinstance(structure, Groupe) else _edt_sts(etablissement)
    siecle = _siecle(bee, "Connu de SIECLE")
    if bee.depuis is None and sts.depuis and sts.jusqua is None:
        siecle = replace(siecle, texte="Inconnu : faites Exports > Structure dans STS-Web, puis redéposez le fichier.")
    return [edt, _layer("STS", sts, "Connu de STS-Web"), siecle, *_relais(etablissement, bee, "")]


def find_comptes(jointure: int | None) -> QuerySet[EtatCompte]:
    """The present accounts of a person, whatever the projet."""
    return EtatCompte.objects.filter(compte__jointure=jointure, jusqua__isnull=True).select_related("compte__projet")


def _read(
    etablissement: Etablissement,
    maintenant: datetime,
    eleves: Iterable[int] = (),
    responsables: Iterable[int] = (),
    individus: Iterable[int] = (),
) -> Population:
    """What the AAF would make now of a few persons."""
    academie = etablissement.academie
    portee = make_portee(academie.pk, ZoneInfo(academie.fuseau), {etablissement.pk: maintenant}, is_tout=True)
    restreinte = replace(
        portee, eleves=frozenset(eleves), responsables=frozenset(responsables), individus=frozenset(individus)
    )
    return read_population(restreinte, etablissement.projet_ent.has_compte_personne_en_charge)


def _layer(couche: str, presence: Presence, texte: str) -> Etape:
    if presence.depuis is None:
        return Etape(couche, ABSENT, "N'y a jamais été.")
    if presence.jusqua is not None:
        return Etape(couche, ABSENT, f"N'y est plus depuis {jour_heure(presence.jusqua)}.", presence.jusqua)
    return Etape(couche, PRESENT, f"{texte} depuis {jour_heure(presence.depuis)}.", presence.depuis)


def _siecle(presence: Presence, texte: str) -> Etape:
    return _layer("SIECLE", presence, texte)


def _exported(etablissement: Etablissement, presence: Presence) -> Presence:
    """From when SIECLE has what STS holds: the first Export Services after it."""
    if presence.depuis is None:
        return Presence()
    exports = etablissement.actes.filter(nature=NatureActe.EXPORT_SERVICES).order_by("instant")

    def first_after(instant: datetime) -> datetime | None:
        return exports.filter(instant__gte=instant).values_list("instant", flat=True).first()

    depuis = first_after(presence.depuis)
    return Presence(depuis, first_after(presence.jusqua) if depuis and presence.jusqua else None)


def _edt_eleve(eleve: Eleve) -> Etape:
    depots = eleve.etablissement.depots
    if depots.filter(etat=EtatDepot.DEPOSE).exists():
        return Etape("EDT", ATTENDU, "Un fichier élèves-groupes attend la nuit.")
    dernier = depots.filter(etat=EtatDepot.IMPORTE).order_by("-importe_le").first()
    if dernier is None:
        return Etape("EDT", ABSENT, "Aucun fichier élèves-groupes n'a été importé.")
    if eleve.eleve_id in dernier.absents_ids:
        return Etape("EDT", ABSENT, f"N'était pas dans le fichier déposé {jour(dernier.depose_le)}.")
    return Etape("EDT", PRESENT, f"Dans le fichier déposé {jour(dernier.depose_le)}.", dernier.depose_le)


def _edt_groupe(groupe: Groupe) -> Etape:
    depots = groupe.etablissement.depots
    dernier = depots.filter(etat=EtatDepot.IMPORTE).order_by("-importe_le").first()
    if dernier is None:
        return Etape("EDT", ABSENT, "Aucun fichier élèves-groupes n'a été importé.")
    inscrits = LienGroupe.objects.as_of(dernier.importe_le).filter(groupe=groupe).count()
    refuses = dernier.anomalies.filter(objet=groupe.code, code="GROUPE_A_01").count()
    texte = f"{nombre(inscrits)} {pluriel(inscrits, 'inscrit')} par le fichier déposé {jour(dernier.depose_le)}"
    texte += f", {nombre(refuses)} {pluriel(refuses, 'refusé')} : groupe inconnu de SIECLE." if refuses else "."
    return Etape("EDT", PRESENT if inscrits or refuses else ABSENT, texte, dernier.depose_le)


def _edt_sts(etablissement: Etablissement) -> Etape:
    fichiers = FichierCharge.objects.filter(chargement__etablissement=etablissement, type=TypeFichier.EDT_STS)
    dernier = fichiers.filter(chargement__applique_le__isnull=False).order_by("-chargement__applique_le").first()
    if dernier is None:
        return Etape("EDT", SANS_OBJET, "Aucun fichier d'EDT vers STS-Web n'a été chargé.")
    quand = dernier.chargement.applique_le
    return Etape("EDT", SANS_OBJET, f"Dernier fichier d'EDT vers STS-Web : chargé {jour(quand)}.", quand)


def _relais(etablissement: Etablissement, presence: Presence, motif: str) -> Iterable[Etape]:
    """AAF, ENT, GAR and Moodle: what their passages carried, or will carry, of a presence in BEE."""
    projet = etablissement.projet_ent
    passages = etablissement.passages.filter(etat__in=[EtatPassage.FAIT, EtatPassage.PREVU]).select_related("amont")
    par_relais: dict[str, list[Passage]] = {relais: [] for relais in NOMS}
    for passage in passages.exclude(relais=Relais.SIECLE).order_by("prevu_le", "pk"):
        par_relais[passage.relais].append(passage)
    for relais, nom in NOMS.items():
        is_ouvert = (relais != Relais.GAR or projet.has_gar) and (
            relais != Relais.MOODLE or projet.heures_moodle is not None
        )
        if is_ouvert:
            yield _relay(nom, par_relais[relais], presence, motif)


def _relay(nom: str, passages: list[Passage], presence: Presence, motif: str) -> Etape:
    if presence.depuis is None:
        return Etape(nom, ABSENT, "N'y est pas.")
    if presence.jusqua is not None:
        etape = _leave(nom, passages, presence)
        return replace(etape, texte=motif) if motif and etape.etat == ABSENT and etape.depuis is None else etape
    if motif:
        return Etape(nom, ABSENT, motif)
    entree = _first(passages, presence.depuis)
    if entree is None:
        return Etape(nom, ABSENT, "Aucun passage n'est prévu.")
    quand = entree.execute_le or entree.prevu_le
    if entree.etat == EtatPassage.FAIT:
        return Etape(nom, PRESENT, f"Depuis {jour_heure(quand)}.", quand)
    return Etape(nom, ATTENDU, f"Y sera {jour_heure(quand)}.", quand)


def _leave(nom: str, passages: list[Passage], presence: Presence) -> Etape:
    """What becomes in a relay of what BEE does not hold any more."""
    sortie = _first(passages, presence.jusqua)
    is_entre = any(
        p.etat == EtatPassage.FAIT and presence.depuis <= p.source < presence.jusqua for p in passages if p.source
    )
    if not is_entre:
        return Etape(nom, ABSENT, "N'y a jamais été.")
    if sortie is None:
        return Etape(nom, PRESENT, "Y est encore.")
    quand = sortie.execute_le or sortie.prevu_le
    if sortie.etat == EtatPassage.FAIT:
        return Etape(nom, ABSENT, f"N'y est plus depuis {jour_heure(quand)}.", quand)
    return Etape(nom, PRESENT, f"Y est encore, jusqu'à {jour_heure(quand)}.")


def _first(passages: list[Passage], instant: datetime | None) -> Passage | None:
    """The first passage that carried, or will carry, the facts of an instant."""
    for passage in passages:
        source = passage.source if passage.etat == EtatPassage.FAIT else passage.find_source()
        if source is not None and instant is not None and source >= instant:
            return passage
    return None


def services_of_structure(structure: Division | Groupe) -> QuerySet[LienService]:
    """Who teaches in a structure according to STS, now."""
    nature = "G" if isinstance(structure, Groupe) else "D"
    liens = LienService.objects.courants().filter(
        etablissement=structure.etablissement_id,
        couche=Couche.STS,
        service__structure=structure.code,
        service__type_structure=nature,
    )
    return liens.select_related("individu", "service").order_by("individu", "service__matiere")
