"""Last year in the académie of demonstration, for this year to be compared with: made up, always the same.

The site keeps of a week what the counters of a school were (``ReleveHebdo``); nobody lived that year, so the counters
are drawn from one curve per school: slow at first, then better each week, until the summer.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from math import exp

from exchanges.enums import EtatDepot
from exchanges.generator.hasard import make_rng
from exchanges.models import Compteurs, Etablissement, ReleveHebdo
from exchanges.pipeline.compteurs import releve_of
from exchanges.propagation.horloge import Horloge


SEMAINE = timedelta(days=7)
UN_AN = 52 * SEMAINE  # a Monday falls on a Monday
SEMAINES = range(-2, 43)  # counted from that of the rentrée; the figures stop in July
ETAPES = 13
# What the rentrée made of a school, by how far it was: words of the DANE's own vocabulary, kept in the rows of weeks.
ETATS = ((0.3, "difficulte"), (0.7, "a_surveiller"), (1.0, "en_ordre"))
LENTEURS = (1.5, 5.0)  # weeks in which a school does two thirds of its rentrée


def write_annee_passee(effectifs: Mapping[Etablissement, int], lundi: date, graine: int) -> int:
    """Write the weeks of last year.

    Args:
        effectifs: schools, and how many élèves each of them has.
        lundi: Monday of the week of this year's rentrée.
        graine: the same seed writes the same weeks.

    Returns:
        How many rows were written.
    """
    releves = []
    for ecole, effectif in effectifs.items():
        lenteur = make_rng(graine, ecole.uai, "lenteur").uniform(*LENTEURS)
        figures = (_figure(ecole, effectif, lundi - UN_AN, rang, lenteur) for rang in SEMAINES)
        releves += [releve_of(figure) for figure in figures]
    return len(ReleveHebdo.objects.bulk_create(releves))


def _figure(ecole: Etablissement, eleves: int, rentree: date, rang: int, lenteur: float) -> Compteurs:
    """The counters of a school on the Friday of a week."""
    part = 1 - exp(-(rang - SEMAINES.start) / lenteur)
    has_depot = rang >= 0
    lus = round(eleves * (0.8 + 0.18 * part)) if has_depot else 0
    vendredi = datetime.combine(rentree + rang * SEMAINE + timedelta(days=4), time(2), Horloge(ecole.academie).fuseau)
    return Compteurs(
        etablissement=ecole,
        maj_le=vendredi,
        depot_le=vendredi if has_depot else None,
        depot_etat=EtatDepot.IMPORTE if has_depot else "",
        cr_le=vendredi if has_depot else None,
        cr_lus=lus,
        cr_absents=eleves - lus if has_depot else 0,
        cr_rejets=round(eleves * 0.12 * (1 - part)) if has_depot else 0,
        cr_anomalies=round(eleves * 0.06 * (1 - part)) if has_depot else 0,
        eleves=eleves,
        eleves_en_groupe=round(eleves * 0.98 * part) if has_depot else 0,
        rentree_total=ETAPES,
        rentree_prouvees=round(ETAPES * part),
        rentree_retards=round(4 * (1 - part)) if has_depot else 0,
        etat=next(etat for seuil, etat in ETATS if part <= seuil),
    )
