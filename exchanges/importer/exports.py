"""Export Structure of a simulated académie: BEE takes the divisions and groupes that STS holds."""

from exchanges.enums import Couche
from exchanges.importer import tables
from exchanges.importer.compare import Changement, compare, read_courants
from exchanges.models import Etablissement


def compare_structure(etablissement: Etablissement) -> list[Changement]:
    """What Export Structure would change in BEE: STS is copied, *annule et remplace*. Nothing is written.

    A groupe to which STS gives no MEF keeps the MEFs that BEE knows: BEE deduces those itself.
    """
    divisions = read_courants(tables.fiches_division(Couche.STS), etablissement)
    groupes = read_courants(tables.fiches_groupe(Couche.STS), etablissement)
    changements = []
    for table, source in (
        (tables.fiches_division(Couche.BEE), divisions),
        (tables.fiches_groupe(Couche.BEE), groupes),
    ):
        courants = read_courants(table, etablissement)
        voulus = {}
        for cle, ligne in source.items():
            libelle, mefs, *reste = ligne.valeurs
            connus = courants[cle].valeurs[1] if cle in courants else []
            voulus[cle] = (libelle, mefs or connus, *reste)
        changements.append(compare(table, courants, voulus))
    return changements
