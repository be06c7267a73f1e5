"""A responsable: one fiche, a child in the annuaire, a legal link, a name that makes a good login."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from checklists.diagnostic.comptes import describe_compte, find_login_faux, read_compte
from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import Cible, CompteVu, CoucheChaine, Examen, Portee, Probleme
from exchanges.models import Constat, FicheResponsable, LienResponsable
from exchanges.reports.aaf.flux import Presents, Structures, stream_eleves, stream_responsables
from exchanges.reports.base import read_base
from exchanges.reports.constats import RESPONSABLES_EN_DOUBLE
from exchanges.rules import doublons
from exchanges.rules.dossier import check_regles
from exchanges.rules.eligibilite import EleveVu, ResponsableVu, motif_responsable
from exchanges.templatetags.entsite import jour_annee


SIECLE = CoucheChaine.SIECLE


@dataclass
class FaitsResponsable:
    """What the layers know of a responsable.

    Attributes:
        vu: as the AAF reads him now; ``None`` when SIECLE does not hold him.
        enfants: the élèves of whom he is a responsable.
        double: PERSONNE_ID of the fiche that seems to be his too, and what makes one think so.
    """

    nom: str
    vu: ResponsableVu | None = None
    connu_le: date | None = None
    parti_le: date | None = None
    enfants: tuple[EleveVu, ...] = ()
    double: str = ""
    ressemblance: str = ""
    is_fratrie: bool = False
    compte: CompteVu = field(default_factory=CompteVu)


def examine_responsable(contexte: Contexte, cible: Cible) -> Examen:
    """Everything of the school's own layers about a responsable."""
    faits = _read_faits(contexte, cible)
    problemes = [*find_problemes(faits)]
    if not problemes:
        problemes = find_login_faux(contexte, faits.nom, faits.compte, responsable=cible.cle)
    preuves = {}
    if faits.vu:
        preuves[SIECLE] = f"Représentant légal de {len(faits.vu.enfants)} élève(s) dans l'annuaire.", faits.connu_le
    return Examen(
        titre=faits.nom,
        problemes=tuple(problemes),
        preuves=preuves,
        voir=lambda instant: _see(contexte, cible.pk, instant),
        attendu=_see(contexte, cible.pk, contexte.fin),
        compte=faits.compte,
        identifiants=(("PERSONNE_ID", cible.cle),),
    )


def _see(contexte: Contexte, pk: int | None, instant: datetime) -> Hashable:
    vu, _ = _read_vu(contexte, pk, instant)
    return None if vu is None or vu.motif else vu.enfants


def _read_vu(
    contexte: Contexte, pk: int | None, instant: datetime
) -> tuple[ResponsableVu | None, tuple[EleveVu, ...]]:
    """A responsable as the AAF reads him at an instant, and his children, in the annuaire or not."""
    liens = LienResponsable.objects.as_of(instant).filter(responsable=pk).values_list("eleve", flat=True)
    portee = contexte.portee(instant, eleves=frozenset(liens), responsables=frozenset([pk] if pk else []))
    presents, enfants = Presents(), []
    for eleve in stream_eleves(portee, Structures(portee)):
        enfants.append(eleve)
        if eleve.motif is None:
            presents.add(eleve.pk)
    vu = next(stream_responsables(portee, presents), None)
    if vu:
        vu.motif = motif_responsable(vu, contexte.etablissement.projet_ent.has_compte_personne_en_charge)
    return vu, tuple(enfants)


def _read_faits(contexte: Contexte, cible: Cible) -> FaitsResponsable:
    fiche = FicheResponsable.objects.filter(responsable=cible.pk, depuis__lte=contexte.fin).order_by("depuis").last()
    if fiche is None:
        return FaitsResponsable(nom=f"Le responsable {cible.cle}")
    faits = FaitsResponsable(nom=f"{fiche.nom_usage or fiche.nom_de_famille} {fiche.prenom}".strip())
    faits.compte = read_compte(contexte, fiche.responsable.jointure_id)
    faits.vu, faits.enfants = _read_vu(contexte, cible.pk, contexte.fin)
    if faits.vu is None:
        faits.parti_le = contexte.local_day(fiche.jusqua)
        return faits
    faits.connu_le = contexte.local_day(fiche.depuis)
    if contexte.is_aujourd_hui:
        _read_double(contexte, cible.cle, faits)
    return faits


def _read_double(contexte: Contexte, personne_id: str, faits: FaitsResponsable) -> None:
    paires = Constat.objects.filter(etablissement=contexte.etablissement, liste=RESPONSABLES_EN_DOUBLE)
    paires = paires.exclude(confiance=doublons.Confiance.FAIBLE)
    paire = paires.filter(responsable=personne_id).first() or paires.filter(autre=personne_id).first()
    if paire is None:
        return
    faits.double = paire.autre if paire.responsable == personne_id else paire.responsable
    faits.ressemblance = paire.message
    fratries = check_regles((doublons.fratrie_educonnect,), read_base(contexte.etablissement))
    faits.is_fratrie = any({personne_id, faits.double} <= set(a.objet.split(" / ")) for a in fratries)


# --- Pure rules of rupture ----------------------------------------------------------------------


def find_problemes(faits: FaitsResponsable) -> Iterator[Probleme]:
    """Every broken link of a responsable in the layers of his school, the first one that holds."""
    sans_compte = f"{faits.nom} n'a pas de compte dans l'ENT."
    suite = describe_compte(faits.compte)
    if faits.vu is None:
        preuve = f"Absent de l'export Responsables depuis {jour_annee(faits.parti_le)}." if faits.parti_le else ""
        preuve = f"{preuve or 'Aucun export de SIECLE ne porte cet identifiant.'} {suite}".strip()
        code = "responsable_plus_dans_siecle"
        yield Probleme(SIECLE, code, sans_compte, preuve, Portee.EXISTENCE, faits.parti_le)
    elif faits.double:
        code = "fratrie_educonnect" if faits.is_fratrie else "responsable_en_double"
        preuve = f"La fiche {faits.double} semble être la même personne : {faits.ressemblance}"
        symptome = f"{faits.nom} a deux fiches, donc deux comptes dans l'ENT."
        yield Probleme(SIECLE, code, symptome, preuve, Portee.EXISTENCE, faits.connu_le)
    elif faits.vu.motif:
        code, preuve = _find_sans_compte(faits)
        yield Probleme(SIECLE, code, sans_compte, f"{preuve} {suite}".strip(), Portee.EXISTENCE, faits.connu_le)


def _find_sans_compte(faits: FaitsResponsable) -> tuple[str, str]:
    if not faits.enfants:
        return "responsable_sans_eleve", "Aucun élève n'est rattaché à sa fiche."
    if faits.vu and not faits.vu.enfants:
        motifs = "; ".join(f"élève {e.eleve_id} : {e.motif.titre.rstrip('.')}" for e in faits.enfants if e.motif)
        return "responsable_sans_enfant_dans_l_annuaire", f"Aucun de ses enfants n'est dans l'annuaire ({motifs})."
    return "responsable_non_legal", "Aucun de ses liens n'est celui d'un représentant légal."
