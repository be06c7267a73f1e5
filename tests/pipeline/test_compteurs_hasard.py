"""Whatever happens, and in whatever order, the figures kept are those that the facts give."""

from datetime import timedelta
from random import Random

import pytest

from checklists.actions import declare_etape, withdraw_etape
from checklists.annees import find_rentree
from checklists.etapes import read_etapes
from exchanges.enums import EtatDepot, EtatPassage, NatureActe, Role
from exchanges.models import Compteurs, Passage
from exchanges.pipeline.compteurs import find_ecarts, refresh_stale
from exchanges.pipeline.constats import rebuild_constats
from exchanges.pipeline.depots import abandon_depot
from exchanges.pipeline.exports import run_export_services, run_export_structure
from exchanges.pipeline.suppleances import MouvementRefuse, replace_enseignant
from exchanges.propagation.horloge import Horloge
from exchanges.propagation.passages import release_passage, skip_passage
from exchanges.reports.listes import count_listes
from tests.makers import (
    ELEVES,
    LUNDI,
    deposit,
    load,
    make_ecole,
    make_eleve,
    make_fichiers,
    make_utilisateur,
    set_clock,
)
from tests.makers_sts import DUPONT, MARTIN, make_sts
from tests.pipeline.makers import pass_time


pytestmark = pytest.mark.django_db
GROUPES = ("6AGL1", "6ESP1", "6LAT1", "6NEUF")


class Vie:
    """Two schools that share élèves, and what may happen there."""

    def __init__(self, graine: int):
        self.rng = Random(graine)
        self.ecoles = [make_ecole(1), make_ecole(2)]
        self.dane = make_utilisateur("dane", Role.DANE, academie=self.ecoles[0].academie)

    @property
    def now(self):
        self.ecoles[0].academie.refresh_from_db()
        return Horloge(self.ecoles[0].academie).maintenant

    def groupes(self):
        return self.rng.sample(GROUPES, self.rng.randint(1, 4))

    def live(self):
        ecole = self.rng.choice(self.ecoles)
        ecole.refresh_from_db()
        gestes = (self.load, self.load_sts, self.deposit, self.abandon, self.sleep, self.sleep, self.export)
        gestes += (self.skip, self.release, self.replace, self.declare, self.hold, self.judge)
        self.rng.choice(gestes)(ecole)

    def load(self, ecole):
        eleves = [
            make_eleve(numero, **self.rng.choice(({}, {}, {"ine": ""}, {"nationalite": ""}, {"division": ""})))
            for numero in self.rng.sample((*ELEVES, "1005", "1006"), self.rng.randint(2, 5))
        ]
        load(ecole, make_fichiers(ecole, eleves=eleves, groupes=self.groupes(), quand=self.now), self.now)

    def load_sts(self, ecole):
        load(ecole, [make_sts(ecole, self.groupes())], self.now)

    def deposit(self, ecole):
        numeros = self.rng.sample((*ELEVES, "9999"), 4)
        deposit(ecole, {numero: self.groupes() for numero in numeros}, self.now)

    def abandon(self, ecole):
        for depot in ecole.depots.filter(etat=EtatDepot.DEPOSE):
            abandon_depot(depot)

    def sleep(self, ecole):
        pass_time(ecole, self.now + timedelta(hours=self.rng.choice((6, 24, 24, 100))))

    def export(self, ecole):
        if ecole.actes.filter(nature=NatureActe.CHARGEMENT).exists() and ecole.sts_modifie_le:
            self.rng.choice((run_export_structure, run_export_services))(ecole, None, self.now)

    def skip(self, ecole):
        passage = ecole.passages.filter(etat=EtatPassage.PREVU).first()
        if passage:
            skip_passage(passage, "Panne.", self.dane)

    def hold(self, ecole):
        """The guard on removals, as it would have judged a passage of a bigger school."""
        dernier = ecole.passages.filter(relais="AAF", etat=EtatPassage.FAIT).last()
        if dernier:
            Passage.objects.filter(pk=dernier.pk).update(etat=EtatPassage.RETENU)
            pass_time(ecole, self.now + timedelta(hours=24))
            rebuild_constats(ecole, self.now)

    def release(self, ecole):
        retenu = ecole.passages.filter(etat=EtatPassage.RETENU, libere_le__isnull=True).first()
        if retenu:
            release_passage(retenu, self.dane, self.now)

    def replace(self, ecole):
        services = list(ecole.services.values_list("pk", flat=True)[:1])
        try:
            replace_enseignant(ecole, DUPONT, MARTIN, services, None, self.now)
        except MouvementRefuse:
            return

    def declare(self, ecole):
        rentree = find_rentree(ecole, self.now.date())
        etape = self.rng.choice(read_etapes())
        self.rng.choice((declare_etape, declare_etape, withdraw_etape))(rentree, etape, self.dane, self.now)

    def judge(self, ecole):
        set_clock(ecole.academie, self.now + timedelta(days=1))
        refresh_stale(ecole.academie)


@pytest.mark.parametrize("graine", range(2))
def test_the_figures_kept_are_right_after_any_sequence(graine):
    vie = Vie(graine)
    for _ in range(12):
        vie.live()
        for ecole in vie.ecoles:
            ecole.refresh_from_db()
            assert find_ecarts(ecole) == []
            for entree in count_listes(ecole):
                assert entree["nombre"] == entree["liste"].lignes(ecole).count(), entree["liste"].slug
    assert Compteurs.objects.count() == 2
    assert vie.now > LUNDI
