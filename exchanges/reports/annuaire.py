"""The ENT of any day: BEE as of the source of the last passage, without those who have no account.

Nothing is copied from layer to layer: this is the same rows, seen as of an earlier instant (or, for a day
to come, as they would be if nothing else happened).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce

from exchanges.enums import Couche, EtatPassage, Relais
from exchanges.models import Etablissement, FicheDivision, FicheEleve, FicheGroupe, LienGroupe, Passage


SANS_INE = "sans INE"
SORTI = "sorti de l'établissement"


@dataclass(frozen=True, slots=True)
class Membre:
    """An élève as the ENT shows her."""

    eleve_id: str
    nom_complet: str
    division: str


@dataclass(frozen=True)
class Difference:
    """What separates two days for one structure: who came, who went (ELEVE_ID)."""

    code: str
    arrives: tuple[Membre, ...]
    partis: tuple[Membre, ...]


@dataclass(frozen=True)
class Annuaire:
    """Divisions and groupes with their members, on one day.

    Attributes:
        passage: the ENT passage that the day shows; ``None`` when there has been none yet.
        source: the instant of BEE that it carried.
        is_prevision: whether that passage has still to run.
        sans_compte: élèves of BEE whom the ENT does not show, with the reason (leavers left out).
    """

    jour: date
    passage: Passage | None = None
    source: datetime | None = None
    is_prevision: bool = False
    divisions: dict[str, list[Membre]] = field(default_factory=dict)
    groupes: dict[str, list[Membre]] = field(default_factory=dict)
    sans_compte: list[tuple[Membre, str]] = field(default_factory=list)

    def differences(self, autre: "Annuaire") -> dict[str, list[Difference]]:
        """What changed from ``self`` to ``autre``, by « divisions » and « groupes »; unchanged ones left out."""
        return {
            "divisions": _differences(self.divisions, autre.divisions),
            "groupes": _differences(self.groupes, autre.groupes),
        }


def _differences(avant: dict[str, list[Membre]], apres: dict[str, list[Membre]]) -> list[Difference]:
    differences = []
    for code in sorted(avant.keys() | apres.keys()):
        ids_avant = {membre.eleve_id for membre in avant.get(code, ())}
        ids_apres = {membre.eleve_id for membre in apres.get(code, ())}
        if ids_avant != ids_apres:
            differences.append(
                Difference(
                    code,
                    tuple(membre for membre in apres.get(code, ()) if membre.eleve_id not in ids_avant),
                    tuple(membre for membre in avant.get(code, ()) if membre.eleve_id not in ids_apres),
                )
            )
    return differences


def passage_of(etablissement: Etablissement, jour: date) -> Passage | None:
    """The ENT passage that ``jour`` shows: the last done, or for a day to come the last planned."""
    fin = datetime.combine(jour, time.max, ZoneInfo(etablissement.academie.fuseau))
    return (
        etablissement.passages.filter(relais=Relais.ENT, etat__in=[EtatPassage.FAIT, EtatPassage.PREVU])
        .annotate(visible_le=Coalesce("execute_le", "prevu_le"))
        .filter(visible_le__lte=fin)
        .select_related("amont")
        .order_by("visible_le", "pk")
        .last()
    )


def annuaire_of(etablissement: Etablissement, jour: date) -> Annuaire:
    """The ENT of an établissement on a day (after that day's passage)."""
    passage = passage_of(etablissement, jour)
    if passage is None:
        return Annuaire(jour)
    is_prevision = passage.etat == EtatPassage.PREVU
    source = passage.find_source() if is_prevision else passage.source
    if source is None:
        return Annuaire(jour)
    membres = _members(_fiches(etablissement, source), jour)
    presents = {pk: membre for pk, (membre, motif) in membres.items() if motif is None}
    return Annuaire(
        jour=jour,
        passage=passage,
        source=source,
        is_prevision=is_prevision,
        divisions=_divisions(etablissement, source, presents),
        groupes=_groupes(etablissement, source, presents),
        sans_compte=[(membre, motif) for membre, motif in membres.values() if motif == SANS_INE],
    )


def _fiches(etablissement, source):
    return (
        FicheEleve.objects.as_of(source)
        .filter(etablissement=etablissement)
        .values_list(
            "eleve_id",
            "eleve__eleve_id",
            "nom_usage",
            "nom_de_famille",
            "prenom",
            "division__code",
            "ine",
            "date_sortie",
        )
    )


def _members(fiches, jour: date) -> dict[int, tuple[Membre, str | None]]:
    membres = {}
    for pk, eleve_id, nom_usage, nom, prenom, division, ine, date_sortie in fiches:
        motif = SORTI if date_sortie and date_sortie <= jour else None if ine else SANS_INE
        membres[pk] = Membre(eleve_id, f"{nom_usage or nom} {prenom}", division or ""), motif
    return dict(sorted(membres.items(), key=lambda item: (alphabetical(item[1][0].nom_complet), item[1][0].eleve_id)))


def alphabetical(nom: str) -> str:
    """Sort key of a name: accents do not count, whatever the database thinks of them."""
    return "".join(lettre for lettre in normalize("NFD", nom) if not combining(lettre)).casefold()


def _divisions(etablissement, source, presents):
    codes = (
        FicheDivision.objects.as_of(source)
        .filter(etablissement=etablissement, couche=Couche.BEE)
        .values_list("division__code", flat=True)
    )
    par_division = defaultdict(list, {code: [] for code in codes})
    for membre in presents.values():
        if membre.division:
            par_division[membre.division].append(membre)
    return dict(sorted(par_division.items()))


def _groupes(etablissement, source, presents):
    codes = (
        FicheGroupe.objects.as_of(source)
        .filter(etablissement=etablissement, couche=Couche.BEE)
        .values_list("groupe_id", "groupe__code")
    )
    inscrits = defaultdict(set)
    liens = LienGroupe.objects.as_of(source).filter(etablissement=etablissement).values_list("eleve_id", "groupe_id")
    for eleve, groupe in liens:
        inscrits[groupe].add(eleve)
    return {
        code: [membre for pk, membre in presents.items() if pk in inscrits[groupe]]
        for groupe, code in codes.order_by("groupe__code")
    }
