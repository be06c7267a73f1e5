"""A school of a given size, loaded on the private site, and the links of its deposit."""

from datetime import timedelta

from outils import site

from exchanges.models import Etablissement
from exchanges.parsers.records import Inscription
from tests.makers import LUNDI, PERIODE, load, make_eleve, make_etablissement, make_fichiers, set_clock


Liens = dict[str, list[Inscription]]


def make_ecole(rang: int, eleves: int, groupes: int) -> tuple[Etablissement, Liens]:
    """A school whose élèves are all in all its groupes once the deposit is imported."""
    site.start_site()
    etablissement = make_etablissement(rang)
    set_clock(etablissement.academie, LUNDI)
    ids = [str(1_000_000 + i) for i in range(eleves)]
    codes = [f"3G{j}" for j in range(groupes)]
    fichiers = make_fichiers(etablissement, eleves=[make_eleve(eleve_id) for eleve_id in ids], groupes=codes)
    load(etablissement, fichiers, LUNDI - timedelta(hours=1))
    inscriptions = [Inscription(code, PERIODE.debut, PERIODE.fin) for code in codes]
    return etablissement, dict.fromkeys(ids, inscriptions)
