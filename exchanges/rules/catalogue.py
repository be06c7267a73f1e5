"""Every rule of entsite, explicitly. ``docs/regles.md`` and the help page are generated from this list."""

from collections.abc import Callable

from exchanges.rules import (
    aaf,
    base_eleves,
    coherence,
    correspondance,
    doublons,
    elegroupe,
    eligibilite,
    enseignements,
    fiches,
    gar,
    lecture,
    personnes,
    sts,
)
from exchanges.rules.base import Regle, regle_de
from exchanges.rules.dossier import RegleDossier


ELEGROUPE = (
    elegroupe.rejelegroupe_01,
    elegroupe.rejelegroupe_02,
    elegroupe.rejelegroupe_03,
    elegroupe.groupe_a_01,
    elegroupe.groupe_b_01,
    elegroupe.groupe_b_02,
    elegroupe.elegrp_a_01,
    elegroupe.elegrp_a_02,
    elegroupe.elegrp_a_03,
)
FICHIERS = (
    coherence.fichier_autre_etablissement,
    coherence.fichier_autre_annee,
    coherence.exports_de_dates_differentes,
    coherence.export_plus_ancien,
    *lecture.REGLES,
)
# What ``check_regles`` applies to the files of a school: one tuple, for check_file and for the loading of files alike.
DOSSIER: tuple[RegleDossier, ...] = (
    *base_eleves.REGLES,
    *fiches.REGLES,
    *personnes.REGLES,
    *doublons.REGLES,
    *sts.REGLES,
    *enseignements.REGLES,
    *correspondance.REGLES,
)
# What ``doublons.check_academie`` finds in the files of several schools.
ACADEMIE = (doublons.multi_inscription,)
# What ``gar.check_gar`` finds in an export to the GAR.
GAR = gar.REGLES
# Why the AAF or the ENT leaves somebody out.
ELIGIBILITE = eligibilite.REGLES
# What ``aaf.Controleur`` finds in an export of the AAF, before it is sent.
EXPORT = (*aaf.INTEGRITE, *aaf.SILENCE)
CATALOGUE: tuple[Callable[..., object], ...] = (
    *ELEGROUPE,
    *FICHIERS,
    *DOSSIER,
    *ACADEMIE,
    *ELIGIBILITE,
    *EXPORT,
    *GAR,
)


def all_regles() -> list[Regle]:
    """Identity cards of every rule, in the order of the catalogue."""
    return [regle_de(function) for function in CATALOGUE]


def find_regle(code: str) -> Regle | None:
    """The identity card of a code, or ``None``."""
    return next((regle for regle in all_regles() if regle.code == code), None)
