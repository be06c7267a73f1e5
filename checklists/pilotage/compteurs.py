"""What the guided rentrée adds to the figures of a school: its steps, its state and the reasons for it.

Called with the figures that exchanges has just counted, before they are written. The collection of evidence takes some
30 short queries; it looks at the facts of the same transaction.
"""

from datetime import date, datetime, timedelta

from checklists.annees import Rentree
from checklists.pilotage.etats import judge
from checklists.tableau import Tableau, build_tableau
from exchanges.enums import EtatDepot, Gravite
from exchanges.models import Compteurs, Etablissement
from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import ELEGROUPE


AVANT_RENTREE = timedelta(days=31)  # a deposit of August is one of this rentrée

# Lines of a compte-rendu whose link was not imported, whatever its section.
REFUS = frozenset(regle.code for regle in map(regle_de, ELEGROUPE) if regle.gravite == Gravite.ERREUR)


def complete_compteurs(
    sender: object, etablissement: Etablissement, compteurs: Compteurs, maintenant: datetime, **_: object
) -> None:
    """Receive ``compteurs_a_jour``: fill the columns of the rentrée, then judge the school."""
    tableau = build_tableau(etablissement, maintenant)
    if tableau is not None:
        _fill_steps(compteurs, tableau)
    etat, raisons = judge(measure(compteurs, tableau.rentree if tableau else None, maintenant))
    compteurs.etat, compteurs.raisons = str(etat), raisons


def _fill_steps(compteurs: Compteurs, tableau: Tableau) -> None:
    """Steps counted as the school's own page counts them (« 5a » to « 5d » are one), and the one it is to do next."""
    prochaine = tableau.prochaine
    compteurs.rentree_total = tableau.total
    compteurs.rentree_prouvees = tableau.prouvees
    compteurs.rentree_retards = tableau.en_retard
    compteurs.rentree_etape = prochaine.etape.numero if prochaine else ""
    compteurs.rentree_etats = {s.etape.numero: str(s.etat) for s in tableau.situations}


def measure(compteurs: Compteurs, rentree: Rentree | None, maintenant: datetime) -> dict[str, int | None]:
    """The figures that the rules of ``etats.toml`` look at, today; ``None`` for what is not known."""
    aujourd_hui = maintenant.date()
    depot = compteurs.depot_le.astimezone(maintenant.tzinfo).date() if compteurs.depot_le else None
    precedent = compteurs.cr_precedent
    absents = _percent(compteurs.cr_absents, compteurs.cr_lus + compteurs.cr_absents)
    avant = _percent(precedent["absents"], precedent["lus"] + precedent["absents"]) if precedent else None
    return {
        "sans_calendrier": int(rentree is None),
        "jours": (aujourd_hui - rentree.jour).days if rentree else None,
        "total": compteurs.rentree_total if rentree else None,
        "prouvees": compteurs.rentree_prouvees if rentree else None,
        "retards": compteurs.rentree_retards if rentree else None,
        "eleves": compteurs.eleves,
        "part_en_groupe": _percent(compteurs.eleves_en_groupe, compteurs.eleves),
        "depot_de_la_rentree": _is_of_rentree(depot, rentree),
        "depot_en_echec": int(compteurs.depot_etat == EtatDepot.ECHEC),
        "jours_depuis_depot": (aujourd_hui - depot).days if depot else None,
        "part_absents": absents,
        "hausse_absents": absents - avant if absents is not None and avant is not None else None,
        "refus": sum(combien for code, combien in compteurs.cr_codes.items() if code in REFUS),
        "groupes": compteurs.groupes_ent,
        "groupes_vides": compteurs.groupes_vides_ent,
        "part_groupes_vides": _percent(compteurs.groupes_vides_ent, compteurs.groupes_ent),
        "sts_a_exporter": int(compteurs.is_sts_a_exporter),
        "relais_en_echec": compteurs.relais_en_echec,
        "fiches_bloquantes": compteurs.fiches_bloquantes,
        "doublons": compteurs.doublons,
        "multi_inscriptions": compteurs.multi_inscriptions,
    }


def _percent(part: int, total: int) -> int | None:
    return round(100 * part / total) if total else None


def _is_of_rentree(depot: date | None, rentree: Rentree | None) -> int | None:
    if rentree is None:
        return None
    return int(depot is not None and depot >= rentree.jour - AVANT_RENTREE)
