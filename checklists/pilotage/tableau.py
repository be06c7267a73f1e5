"""The columns of the dashboard, as data: what each is called, shows, exports, and how SQL sorts by it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add

from django.db.models import Case, F, FloatField, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from checklists.enums import EtatEcole
from checklists.etapes import read_etapes
from checklists.pilotage import colonnes as lues
from checklists.pilotage.colonnes import INCONNU, Cellule, Ligne, Lire, Montrer
from exchanges.models import Compteurs, Etablissement
from exchanges.propagation.horloge import Horloge


Ordre = str | Combinable
TRI_PAR_DEFAUT = "etat"


@dataclass(frozen=True, eq=False)
class Colonne:
    """A column: there is one of each.

    Attributes:
        cle: its name in the address.
        titre: what heads it, on screen and in exports.
        read: what a spreadsheet receives.
        show: what the screen shows.
        tri: what SQL orders by.
        is_defaut: whether it is shown before anybody chooses.
        is_nombre: whether it is aligned as a figure.
        is_fiche: whether the school itself tells it, so that it is known before any figure is.
    """

    cle: str
    titre: str
    read: Lire
    show: Montrer
    tri: Ordre
    is_defaut: bool = False
    is_nombre: bool = False
    is_fiche: bool = False

    def cell(self, ligne: Ligne) -> Cellule:
        """What the screen shows of a school."""
        if ligne.compteurs is None:
            return lues.show_text(self.read)(ligne, Compteurs()) if self.is_fiche else Cellule(INCONNU)
        return self.show(ligne, ligne.compteurs)

    def value(self, ligne: Ligne) -> object:
        """What a spreadsheet receives of a school."""
        if ligne.compteurs is None and not self.is_fiche:
            return None
        return self.read(ligne, ligne.compteurs or Compteurs())


def rank_of(champ: str, valeurs: Iterable[str]) -> Case:
    """The rank of a value among those of a vocabulary; null for any other."""
    rangs = [When(**{champ: valeur}, then=Value(rang)) for rang, valeur in enumerate(valeurs)]
    return Case(*rangs, default=Value(None), output_field=IntegerField())


def _ratio(part: str, total: Combinable) -> Combinable:
    return Cast(F(f"compteurs__{part}"), FloatField()) / NullIf(Cast(total, FloatField()), Value(0.0))


def _fiche(cle: str, titre: str, read: Lire, tri: str) -> Colonne:
    return Colonne(cle, titre, read, lues.show_text(read), tri, is_fiche=True)


def _nombre(cle: str, titre: str, champ: str, is_defaut: bool = False) -> Colonne:
    read, show = lues.read_number(champ), lues.show_number(champ)
    return Colonne(cle, titre, read, show, f"compteurs__{champ}", is_defaut, is_nombre=True)


def _known(valeur: Combinable, **connue: object) -> Combinable:
    """A figure where there is something to count, null elsewhere: what is not known is no zero, and is sorted last."""
    return Case(When(**connue, then=valeur), default=Value(None), output_field=IntegerField())


def _of_compte_rendu(valeur: Combinable) -> Combinable:
    return _known(valeur, compteurs__cr_le__isnull=False)


def _compte_rendu(champ: str, titre: str) -> Colonne:
    read, show, tri = lues.read_cr(champ), lues.show_cr(champ), _of_compte_rendu(F(f"compteurs__cr_{champ}"))
    return Colonne(champ, titre, read, show, tri, is_defaut=True, is_nombre=True)


def _effet(cle: str) -> Combinable:
    return Coalesce(Cast(KeyTextTransform(cle, F("compteurs__prochain_effet")), IntegerField()), Value(0))


_effets = reduce(add, map(_effet, lues.EFFETS))
_cherches = F("compteurs__cr_lus") + F("compteurs__cr_absents")
_refuses = F("compteurs__cr_rejets") + F("compteurs__cr_anomalies")
COLONNES = (
    _fiche("type", "Type", lambda ligne, _: lues.name_type(ligne.etablissement.type), "type"),
    _fiche("departement", "Département", lambda ligne, _: ligne.etablissement.departement, "departement"),
    _fiche("bassin", "Bassin", lambda ligne, _: ligne.etablissement.bassin, "bassin"),
    _fiche("projet", "Projet ENT", lambda ligne, _: ligne.etablissement.projet_ent.nom, "projet_ent__nom"),
    Colonne(
        "rentree",
        "Étapes prouvées",
        lues.read_avancement,
        lues.show_text(lues.read_avancement),
        _ratio("rentree_prouvees", F("compteurs__rentree_total")),
        is_defaut=True,
    ),
    Colonne(
        "etape",
        "Prochaine étape",
        lues.read_number("rentree_etape"),
        lues.show_text(lues.read_number("rentree_etape")),
        rank_of("compteurs__rentree_etape", (etape.numero for etape in read_etapes())),
    ),
    Colonne(
        "retards",
        "Étapes en retard",
        lues.read_number("rentree_retards"),
        lues.show_retards,
        "compteurs__rentree_retards",
        is_defaut=True,
    ),
    Colonne("depot", "Dernier dépôt", lues.read_depot, lues.show_depot, "compteurs__depot_le", is_defaut=True),
    # A deposit is older when its instant is smaller: the minus sign makes « ascending » mean the youngest first.
    Colonne("age", "Âge du dépôt", lues.read_age, lues.show_age, "-compteurs__depot_le", True, is_nombre=True),
    Colonne("cr", "Dernier compte-rendu", lues.read_cr_le, lues.show_instant(lues.read_cr_le), "compteurs__cr_le"),
    _compte_rendu("lus", "Élèves lus"),
    _compte_rendu("absents", "Absents"),
    Colonne(
        "part_absents",
        "Part des absents (%)",
        lues.read_part_absents,
        lues.show_part_absents,
        _ratio("cr_absents", _cherches),
        is_nombre=True,
    ),
    _compte_rendu("rejets", "Liens rejetés"),
    _compte_rendu("anomalies", "Anomalies"),
    Colonne("codes", "Par code", lues.read_codes, lues.show_codes, _of_compte_rendu(_refuses), is_defaut=True),
    Colonne(
        "part_groupe",
        "Élèves en groupe (%)",
        lues.read_part_groupe,
        lues.show_part_groupe,
        _ratio("eleves_en_groupe", F("compteurs__eleves")),
        is_defaut=True,
        is_nombre=True,
    ),
    Colonne(
        "vides",
        "Groupes vides (ENT)",
        lues.read_number("groupes_vides_ent"),
        lues.show_vides,
        _known(F("compteurs__groupes_vides_ent"), compteurs__groupes_ent__gt=0),
        is_defaut=True,
        is_nombre=True,
    ),
    Colonne(
        "sts",
        "STS à exporter",
        lues.read_sts,
        lues.show_text(lues.read_sts),
        "compteurs__is_sts_a_exporter",
        is_defaut=True,
    ),
    _nombre("bloquantes", "Fiches bloquantes", "fiches_bloquantes", is_defaut=True),
    _nombre("doublons", "Doublons", "doublons", is_defaut=True),
    _nombre("multi", "Multi-inscriptions", "multi_inscriptions", is_defaut=True),
    Colonne("relais", "Prochain relais", lues.read_relais, lues.show_relais, "compteurs__prochain_le", is_defaut=True),
    Colonne(
        "effet",
        "Ce qu'il changera",
        lues.read_effet,
        lues.show_text(lues.read_effet),
        _effets,
        is_defaut=True,
    ),
    _nombre("echecs", "Relais en échec", "relais_en_echec", is_defaut=True),
    Colonne("maj", "Chiffres du", lues.read_maj, lues.show_instant(lues.read_maj), "compteurs__maj_le"),
)
COLONNES_PAR_CLE = {colonne.cle: colonne for colonne in COLONNES}
_ECOLE: Ordre = "denomination"
_ETAT = rank_of("compteurs__etat", EtatEcole)
TRIS: dict[str, Ordre] = {"ecole": _ECOLE, "etat": _ETAT} | {colonne.cle: colonne.tri for colonne in COLONNES}
_TITRES_FIXES = ("UAI", "Établissement", "Ville", "État")


def choose_columns(cles: Iterable[str]) -> tuple[Colonne, ...]:
    """The columns asked for, in their own order; those shown by default when none of them is known."""
    demandees = set(cles) & COLONNES_PAR_CLE.keys()
    return tuple(c for c in COLONNES if (c.cle in demandees if demandees else c.is_defaut))


def sort_etablissements(etablissements: QuerySet, tri: str, tris: dict[str, Ordre] = TRIS) -> QuerySet:
    """Schools ordered by SQL, those of which nothing is known last, then by name."""
    return etablissements.order_by(order_by(tri, tris), "denomination", "uai")


def order_by(tri: str, tris: dict[str, Ordre]) -> Combinable:
    """« -absents » as SQL orders it; an unknown sort is the gravest state first."""
    cle = tri.removeprefix("-")
    if cle not in tris:
        tri = cle = TRI_PAR_DEFAUT
    ordre = tris[cle]
    is_decroissant = tri.startswith("-")
    if isinstance(ordre, str):
        is_decroissant ^= ordre.startswith("-")
        ordre = F(ordre.removeprefix("-"))
    return ordre.desc(nulls_last=True) if is_decroissant else ordre.asc(nulls_last=True)


def read_lignes(etablissements: Iterable[Etablissement]) -> Iterator[Ligne]:
    """The line of each school, on the day of its académie; the académie and the figures are already read."""
    instants: dict[int, datetime] = {}
    for etablissement in etablissements:
        horloge = Horloge(etablissement.academie)
        maintenant = instants.setdefault(etablissement.academie_id, horloge.maintenant)
        compteurs = getattr(etablissement, "compteurs", None)
        yield Ligne(etablissement, compteurs, maintenant.date(), horloge.fuseau)


def build_table(lignes: Iterable[Ligne], colonnes: Sequence[Colonne]) -> tuple[list[str], Iterator[list[object]]]:
    """The titles and the rows of a spreadsheet."""
    titres = [*_TITRES_FIXES, *(colonne.titre for colonne in colonnes)]
    return titres, ([*_fixes(ligne), *(colonne.value(ligne) for colonne in colonnes)] for ligne in lignes)


def _fixes(ligne: Ligne) -> tuple[str, str, str, str]:
    etablissement = ligne.etablissement
    etat = lues.badge_ecole(ligne.compteurs.etat if ligne.compteurs else "")["libelle"]
    return etablissement.uai, etablissement.denomination, etablissement.ville, etat
