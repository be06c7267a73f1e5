"""A verdict made readable: figures, refusals by repair, absents by division, groupes left empty."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exchanges.enums import Gravite
from exchanges.models import Depot
from exchanges.pipeline.depots import Jugement
from exchanges.rules.base import Anomalie, Regle
from exchanges.rules.referentiel import EleveConnu
from exchanges.rules.verdict import Verdict, group_by_division
from exchanges.templatetags.entsite import pluriel
from exchanges.views.libelles import COULEURS_GRAVITE


LIGNES_PAR_REPARATION = 50
_PLURIEL = (("Le groupe « {} »", "Chacun de ces groupes"), ("le groupe « {} »", "chacun de ces groupes"))
CHIFFRES = (
    ("eleves_lus", "élèves lus"),
    ("liens_inchanges", "liens inchangés"),
    ("liens_crees", "liens créés"),
    ("liens_clos", "liens supprimés"),
    ("absents", "élèves scolarisés absents"),
    ("absents_sortis", "élèves sortis absents"),
    ("anomalies", "anomalies"),
)


@dataclass
class Reparation:
    """The lines that one action mends."""

    regle: Regle
    couleur: str
    action: str
    objets: list[str] = field(default_factory=list)
    lignes: list[Anomalie] = field(default_factory=list)
    total: int = 0

    @property
    def is_refus(self) -> bool:
        """Whether these links are lost (else they are imported with a change)."""
        return self.regle.gravite == Gravite.ERREUR

    @property
    def autres(self) -> int:
        """How many lines are not shown."""
        return self.total - len(self.lignes)


@dataclass(frozen=True)
class AbsentsDivision:
    """Élèves of one division who are not in the file, each with the groupes that go."""

    division: str
    lignes: list[tuple[EleveConnu, tuple[str, ...]]]


def group_by_repair(anomalies: Iterable[Anomalie]) -> list[Reparation]:
    """Anomalies grouped by what mends them: a single Export Structure may mend ten groupes at once.

    Two actions that differ only by the code of a groupe are one repair.
    """
    reparations: dict[tuple[str, str], Reparation] = {}
    for anomalie in anomalies:
        commune = _generalize(anomalie)
        reparation = reparations.setdefault(
            (anomalie.code, commune),
            Reparation(anomalie.regle, COULEURS_GRAVITE[anomalie.gravite], anomalie.action),
        )
        reparation.total += 1
        if anomalie.objet and anomalie.objet not in reparation.objets:
            reparation.objets.append(anomalie.objet)
            if len(reparation.objets) > 1:
                reparation.action = commune
        if len(reparation.lignes) < LIGNES_PAR_REPARATION:
            reparation.lignes.append(anomalie)
    return sorted(reparations.values(), key=lambda reparation: (not reparation.is_refus, -reparation.total))


def _generalize(anomalie: Anomalie) -> str:
    action = anomalie.action
    for motif, remplacement in _PLURIEL:
        action = action.replace(motif.format(anomalie.objet), remplacement)
    return action


def group_absents(eleves: Iterable[EleveConnu], verdict: Verdict) -> list[AbsentsDivision]:
    """Absents by division, with the groupes they lose."""
    return [
        AbsentsDivision(division, [(eleve, verdict.groupes_perdus.get(eleve.eleve_id, ())) for eleve in membres])
        for division, membres in group_by_division(eleves).items()
    ]


def describe_verdict(jugement: Jugement) -> dict[str, object]:
    """The context of the verdict's templates."""
    verdict = jugement.verdict
    refuses = sum(len(eleve.inscriptions) for eleve in jugement.fichier.eleves) - len(verdict.liens)
    vides = [code for code in verdict.groupes_vides if code not in verdict.groupes_vides_avant]
    perdants = sum(1 for eleve in verdict.absents if verdict.groupes_perdus.get(eleve.eleve_id))
    return {
        "verdict": verdict,
        "tuiles": _tiles(verdict, refuses),
        "reparations": group_by_repair(verdict.anomalies),
        "absents": group_absents(verdict.absents, verdict),
        "sortis": group_absents(verdict.absents_sortis, verdict),
        "nombre_perdants": perdants,
        "groupes_vides": vides,
        "groupes_deja_vides": [code for code in verdict.groupes_vides if code in verdict.groupes_vides_avant],
    }


def _tiles(verdict: Verdict, refuses: int) -> list[dict[str, object]]:
    dates = len(verdict.dates_modifiees)
    return [
        _tile(
            len(verdict.inchanges), "lien inchangé", "", detail=f"dont {dates} avec d'autres dates" if dates else ""
        ),
        _tile(len(verdict.crees), "lien créé", "succes"),
        _tile(len(verdict.clos), "lien supprimé", "attention"),
        _tile(refuses, "lien refusé", "erreur", url="#reparations"),
    ]


def _tile(valeur: int, libelle: str, couleur: str, detail: str = "", url: str = "") -> dict[str, object]:
    """A figure for ``components/stat_tiles.html``; zero has no colour and leads nowhere."""
    tuile = {"valeur": valeur, "libelle": pluriel(valeur, libelle), "detail": detail}
    return tuile | ({"couleur": couleur, "url": url} if valeur else {})


def compare_with_previous(depot: Depot, verdict: Verdict) -> tuple[Depot | None, list[dict[str, object]]]:
    """The last import of the school of a deposit that is not imported yet, and each figure beside its own."""
    precedent = depot.etablissement.depots.filter(importe_le__isnull=False).order_by("-importe_le", "-pk").first()
    if precedent is None:
        return None, []
    avant = result_of(precedent)
    apres = verdict.chiffres()
    return precedent, [{"libelle": libelle, "avant": avant[cle], "apres": apres[cle]} for cle, libelle in CHIFFRES]


def result_of(depot: Depot) -> dict[str, int]:
    """The figures of an imported deposit, under the keys of ``Verdict.chiffres``."""
    return {cle: depot.anomalies.count() if cle == "anomalies" else getattr(depot, cle) for cle, _ in CHIFFRES}


def compare_with_announced(depot: Depot) -> list[dict[str, object]]:
    """What was announced beside what the night did, for an imported deposit."""
    resultat = result_of(depot)
    return [
        {
            "libelle": libelle,
            "annonce": depot.verdict.get(cle),
            "resultat": resultat[cle],
            "is_different": cle in depot.verdict and depot.verdict[cle] != resultat[cle],
        }
        for cle, libelle in CHIFFRES
    ]
