"""What the tests of « Pourquoi ? » need: a generated school whose files have gone all the way, and its answers."""

from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from checklists.diagnostic import Diagnostic, Genre, aim, diagnose
from exchanges.generator import Ecole, make_ecole, plant
from exchanges.generator.files import AUTRES, render_ecole
from exchanges.models import Academie, Etablissement, ProjetENT
from exchanges.pipeline import chargements, depots
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import Horloge
from tests.makers import PARIS, make_academie, make_projet, set_clock


JOUR = timedelta(days=1)
SEMAINE = timedelta(days=7)


def make_planted(code: str, graine: int = 1, echelle: float = 0.1) -> Ecole:
    """A small school that bears one fault."""
    return plant(make_ecole(1, 5, echelle=echelle), code, Random(graine))


def live(ecole: Ecole) -> Etablissement:
    """Load the files of a generated school, deposit its ZIP, let the relays run for eight days."""
    quand = ecole.eleves.entete.horodatage.replace(tzinfo=PARIS) + timedelta(hours=2)
    academie = Academie.objects.first() or make_academie()
    projet = ProjetENT.objects.first() or make_projet()
    etablissement = Etablissement.objects.create(
        uai=ecole.uai, denomination=f"École {ecole.uai}", type="CLG", academie=academie, projet_ent=projet
    )
    set_clock(academie, quand)
    hand_in(etablissement, ecole, quand)
    run_days(etablissement, quand + 8 * JOUR)
    return etablissement


def hand_in(etablissement: Etablissement, ecole: Ecole, quand: datetime) -> None:
    """Load every file that is loaded, then confirm the deposit."""
    fichiers = list(render_ecole(ecole))
    exports = [
        (nom, BytesIO(octets)) for nom, octets in fichiers if not nom.startswith(AUTRES) and "ELEGROUPE" not in nom
    ]
    chargement, lot = chargements.control_files(etablissement, exports, None, quand)
    assert chargement is not None, lot.refus
    chargements.apply_chargement(chargement, None, quand, has_retraits_confirmes=True)
    etablissement.refresh_from_db()
    nom, octets = fichiers[-1]
    depot = depots.control_depot(etablissement, BytesIO(octets), nom, None, quand)
    depots.confirm_depot(depot, None, quand, suppressions_confirmees=len(depots.judge_depot(depot).verdict.clos))


def run_days(etablissement: Etablissement, until: datetime) -> None:
    """Let every relay run until an instant."""
    set_clock(etablissement.academie, until)
    for tache, is_fait in run_until(None):
        assert is_fait, f"{tache.cle}: {tache.erreur}"
    etablissement.refresh_from_db()


def explain(etablissement: Etablissement, genre: Genre, cle: str, type_individu: str = "") -> Diagnostic:
    """The answer of today."""
    maintenant = Horloge(etablissement.academie).maintenant
    return diagnose(etablissement, aim(etablissement, genre, cle, type_individu), maintenant.date(), maintenant)


def codes(diagnostic: Diagnostic) -> set[str]:
    """Every cause that an answer names, broken or to watch."""
    autres = {code for code, _ in (*diagnostic.autres, *diagnostic.surveiller)}
    return autres | ({diagnostic.cause.code} if diagnostic.cause else set())
