"""What is wrong in the base itself, before any deposit (``formats/siecle.md`` §5)."""

from collections import Counter
from collections.abc import Iterator

from exchanges.enums import Gravite
from exchanges.rules.base import Anomalie, rule
from exchanges.rules.dossier import Base, Constat, RegleDossier, check_regles, read_base
from exchanges.rules.identifiants import is_ine_valide


__all__ = ["REGLES", "Base", "check_base", "read_base"]


@rule("ine_manquant", "IDNAT", Gravite.AVERTISSEMENT)
def ine_manquant(base: Base) -> Iterator[Constat]:
    """L'élève n'a pas d'INE.

    C'est normal pour un élève qui vient d'être créé ; sans INE il n'a pas de compte dans l'ENT. Si cela dure,
    vérifiez son identité dans Base élèves, puis ouvrez un dossier d'assistance SIECLE-BEE.
    """
    for eleve in base.scolarises:
        if not eleve.ine:
            yield eleve, "", "L'élève n'a pas d'INE : il n'aura pas de compte dans l'ENT tant qu'il n'en a pas."


@rule("ine_cle_fausse", "IDNAT", Gravite.AVERTISSEMENT)
def ine_cle_fausse(base: Base) -> Iterator[Constat]:
    """La clé de l'INE ne correspond pas à ses chiffres.

    L'INE a sans doute été mal recopié. Vérifiez-le dans Base élèves (fiche de l'élève, immatriculation).
    """
    for eleve in base.scolarises:
        if eleve.ine and not is_ine_valide(eleve.ine):
            yield eleve, eleve.ine, f"La clé de l'INE « {eleve.ine} » est fausse."


@rule("ine_en_double", "IDNAT", Gravite.ERREUR)
def ine_en_double(base: Base) -> Iterator[Constat]:
    """Deux élèves portent le même INE.

    Un import par INE ne saurait pas lequel choisir. Vérifiez les deux fiches dans Base élèves.
    """
    compte = Counter(eleve.ine for eleve in base.scolarises if eleve.ine)
    for eleve in base.scolarises:
        if compte[eleve.ine] > 1:
            yield eleve, eleve.ine, f"L'INE « {eleve.ine} » est porté par {compte[eleve.ine]} élèves."


@rule("eleve_sans_mef", "ACMEF", Gravite.AVERTISSEMENT)
def eleve_sans_mef(base: Base) -> Iterator[Constat]:
    """L'élève scolarisé n'a pas de formation (MEF).

    Aucun groupe ne lui sera attribué (GROUPE_B_01). Complétez sa scolarité dans Base élèves.
    """
    for eleve in base.scolarises:
        if not eleve.mef:
            yield eleve, "", "L'élève n'a pas de MEF : SIECLE rejettera toutes ses inscriptions dans des groupes."


@rule("eleve_sans_division", "ACDIV", Gravite.AVERTISSEMENT)
def eleve_sans_division(base: Base) -> Iterator[Constat]:
    """L'élève scolarisé n'a pas de division.

    Il n'apparaîtra dans aucune classe de l'ENT. Affectez-le dans Base élèves (Affectation).
    """
    for eleve in base.scolarises:
        if eleve.mef and not eleve.division:
            yield eleve, "", "L'élève n'a pas de division : il n'apparaîtra dans aucune classe de l'ENT."


@rule("division_inconnue", "ACDIV", Gravite.ERREUR)
def division_inconnue(base: Base) -> Iterator[Constat]:
    """La division de l'élève n'est pas dans Structures.

    Les deux exports ne sont pas du même jour, ou la division a été supprimée dans STS-Web. Refaites les exports.
    """
    if base.structures is None:
        return
    connues = {division.code for division in base.structures.divisions}
    for eleve in base.scolarises:
        if eleve.division and eleve.division not in connues:
            yield eleve, eleve.division, f"La division « {eleve.division} » de l'élève n'est pas dans Structures."


@rule("division_hors_mef", "ACDIV", Gravite.AVERTISSEMENT)
def division_hors_mef(base: Base) -> Iterator[Constat]:
    """La division de l'élève n'est pas rattachée à son MEF.

    Rattachez la division au MEF dans STS-Web, puis faites Exports > Structure ; ou corrigez la fiche de l'élève.
    """
    if base.structures is None:
        return
    mefs = {division.code: division.mefs for division in base.structures.divisions if division.mefs}
    for eleve in base.scolarises:
        if eleve.mef and eleve.division in mefs and eleve.mef not in mefs[eleve.division]:
            yield (
                eleve,
                eleve.division,
                f"La division « {eleve.division} » n'est pas rattachée au MEF {eleve.mef} de l'élève.",
            )


REGLES: tuple[RegleDossier, ...] = (
    ine_manquant,
    ine_cle_fausse,
    ine_en_double,
    eleve_sans_mef,
    eleve_sans_division,
    division_inconnue,
    division_hors_mef,
)


def check_base(base: Base) -> list[Anomalie]:
    """Apply every rule of this module to the files given."""
    return check_regles(REGLES, base)
