"""What an AAF passage of one school changes, counted by kind of record: figures only, never a name."""

from dataclasses import dataclass

from exchanges.enums import CategorieAAF, OperationAAF
from exchanges.parsers.records.aaf import PERSONNES
from exchanges.reports.aaf.delta import DeltaAAF
from exchanges.reports.aaf.flux import Structures
from exchanges.reports.aaf.portee import Portee


LIBELLES = {
    CategorieAAF.ELEVE: "élèves",
    CategorieAAF.RESPONSABLE: "responsables",
    CategorieAAF.PERSONNEL: "personnels",
    "divisions": "classes",
    "groupes": "groupes",
}
_CHAMPS = {
    OperationAAF.AJOUT: "ajouts",
    OperationAAF.MODIFICATION: "modifications",
    OperationAAF.SUPPRESSION: "suppressions",
}
Compte = dict[str, int]
RETRAITS_MIN = 5  # fewer removals are an ordinary day, even where they are 10 % of a dozen groupes


@dataclass(frozen=True)
class Retrait:
    """A kind of record of which a passage would remove too many."""

    libelle: str
    suppressions: int
    avant: int

    @property
    def part(self) -> int:
        """The share that goes, in percent."""
        return round(100 * self.suppressions / self.avant)


def measure(avant: Portee | None, apres: Portee, precedent: dict[str, Compte]) -> dict[str, Compte]:
    """Additions, modifications, removals and total, by kind of record.

    Args:
        avant: the reading of the last successful passage, ``None`` for the first one.
        precedent: what this function returned for it; its totals are carried on, so that nobody is counted again.
    """
    bilan: dict[str, Compte] = {}
    for categorie, operations in DeltaAAF(avant, apres).flux():
        if categorie in PERSONNES:
            compte = dict.fromkeys((*_CHAMPS.values(), "total"), 0)
            for operation in operations:
                compte[_CHAMPS[operation.nature]] += 1
            compte["total"] = precedent.get(categorie, {}).get("total", 0) + compte["ajouts"] - compte["suppressions"]
            bilan[str(categorie)] = compte
    anciennes, nouvelles = Structures(avant) if avant else None, Structures(apres)
    for nom in ("divisions", "groupes"):
        avant_codes = _codes(anciennes, nom)
        codes = _codes(nouvelles, nom)
        bilan[nom] = {
            "ajouts": len(codes.keys() - avant_codes.keys()),
            "modifications": sum(codes[code] != avant_codes[code] for code in codes.keys() & avant_codes.keys()),
            "suppressions": len(avant_codes.keys() - codes.keys()),
            "total": len(codes),
        }
    return bilan


def _codes(structures: Structures | None, nom: str) -> dict[tuple[int, str], object]:
    ecoles = getattr(structures, nom) if structures else {}
    return {(pk, code): fiche for pk, fiches in ecoles.items() for code, fiche in fiches.items()}


def find_retraits(bilan: dict[str, Compte], seuil: int) -> list[Retrait]:
    """The kinds of records that lose ``RETRAITS_MIN`` and more than ``seuil`` percent of what there was."""
    retraits = []
    for nom, compte in bilan.items():
        avant = compte["total"] - compte["ajouts"] + compte["suppressions"]
        if compte["suppressions"] >= RETRAITS_MIN and compte["suppressions"] * 100 > seuil * avant:
            retraits.append(Retrait(LIBELLES[nom], compte["suppressions"], avant))
    return retraits
