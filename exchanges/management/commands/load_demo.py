"""A small académie in simulated time, with a past: made by the generator, loaded by the real parsers."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exchanges.enums import Role
from exchanges.generator import Ecole, make_ecole, plant, write_ecole
from exchanges.generator.hasard import make_rng
from exchanges.management.commande import Commande
from exchanges.models import Academie, Depot, Etablissement, Habilitation, ProjetENT, Utilisateur
from exchanges.pipeline.chargements import apply_chargement, control_files
from exchanges.pipeline.depots import confirm_depot, control_depot, judge_depot
from exchanges.pipeline.nuits import run_until
from exchanges.propagation.horloge import Horloge
from exchanges.writers import write_depot


ANNEE = "2026"
GRAINE = 2026
CODE_ACADEMIE = "demo"
MOT_DE_PASSE = "rentree-2026-demo"
FAUTES = ("GROUPE_A_01", "GROUPE_A_01_INCONNU", "GROUPE_B_01", "GROUPE_B_02", "ELEGRP_A_03", "REJELEGROUPE_01")
EXPORTS_LE = datetime(2026, 9, 2, 18, 30)  # noqa: DTZ001  # local time of the scenario, localized by its Horloge
DEPOT_LE = datetime(2026, 9, 3, 10, 0)  # noqa: DTZ001  # idem
AUJOURDHUI = datetime(2026, 9, 7, 9, 0)  # noqa: DTZ001  # idem


@dataclass(frozen=True)
class Scenario:
    """One school of the demonstration: its rank in the generator, and what has already happened there."""

    cle: str
    rang: int
    projet: str
    is_chargee: bool = True
    fautes: tuple[str, ...] = ()
    has_depot: bool = False


SCENARIOS = (
    Scenario("lycee", 2, "Atrium (lycées)", has_depot=True),
    Scenario("college", 1, "Collèges"),
    Scenario("college2", 3, "Collèges", has_depot=True),
    Scenario("difficulte", 4, "Collèges", fautes=FAUTES, has_depot=True),
    Scenario("nouveau", 5, "Collèges", is_chargee=False),
)
PROJETS = {"Atrium (lycées)": 72, "Collèges": 48}
COMPTES = (
    ("secretaire", Role.SECRETARIAT, "college", "secrétaire d'un collège, tout est prêt pour son premier dépôt"),
    ("secretaire-lycee", Role.SECRETARIAT, "lycee", "secrétaire du lycée, un dépôt déjà dans l'ENT"),
    ("secretaire-difficulte", Role.SECRETARIAT, "difficulte", "secrétaire d'un lycée professionnel en difficulté"),
    ("secretaire-nouveau", Role.SECRETARIAT, "nouveau", "secrétaire d'un collège dont rien n'est chargé"),
    ("principal", Role.DIRECTION, "college", "direction d'un collège"),
    ("dane", Role.DANE, "", "DANE de l'académie, voit tous les établissements"),
    ("admin", Role.ADMIN, "", "administration technique"),
)


class Command(Commande):
    help = "Installe l'académie de démonstration (fictive, en temps simulé) si elle n'existe pas encore."

    def add_own_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="seulement rappeler les comptes de démonstration")
        parser.add_argument("--echelle", type=float, default=1.0, help="part de la taille normale des établissements")

    def run(self, **options):
        if not options["list"] and not Academie.objects.filter(code=CODE_ACADEMIE).exists():
            with transaction.atomic():
                academie = _make_academie()
                fictives = {s.cle: _make(s, options["echelle"]) for s in SCENARIOS}
                etablissements = {s.cle: self._install(s, fictives[s.cle], academie) for s in SCENARIOS}
                _make_comptes(academie, etablissements)
            self._replay(academie, fictives, etablissements)
        self._tell()

    def _install(self, scenario: Scenario, ecole: Ecole, academie: Academie) -> Etablissement:
        dossier = settings.DATA_DIR / "exemples"
        write_ecole(ecole, dossier)
        (dossier / ecole.uai / "fautes.json").unlink()
        etablissement = Etablissement.objects.create(
            uai=ecole.uai,
            denomination=ecole.denomination,
            type=ecole.type,
            ville=ecole.ville,
            academie=academie,
            projet_ent=ProjetENT.objects.get(nom=scenario.projet),
        )
        if scenario.is_chargee:
            _load(etablissement, dossier / ecole.uai)
        self.say(f"  {etablissement} : {len(ecole.eleves.eleves)} élèves")
        return etablissement

    def _replay(
        self, academie: Academie, fictives: dict[str, Ecole], etablissements: dict[str, Etablissement]
    ) -> None:
        """What happened before today: some deposits on 3 September, and the nights since."""
        self.say("  Les premiers jours de la rentrée passent…")
        _advance(academie, DEPOT_LE)
        for scenario in SCENARIOS:
            if scenario.has_depot:
                etablissement = etablissements[scenario.cle]
                etablissement.refresh_from_db()
                _submit(fictives[scenario.cle], etablissement)
        for _ in run_until(Horloge(academie).localize(AUJOURDHUI)):
            pass

    def _tell(self) -> None:
        self.answer({"mot_de_passe": MOT_DE_PASSE, "comptes": [compte[0] for compte in COMPTES]})
        self.say(f"Comptes de démonstration (mot de passe : {MOT_DE_PASSE})")
        for identifiant, _, _, description in COMPTES:
            self.say(f"  {identifiant:22} {description}")
        self.say(f"Fichiers à déposer pour essayer : {settings.DATA_DIR / 'exemples'}")


def _make_academie() -> Academie:
    academie = Academie.objects.create(code=CODE_ACADEMIE, nom="Académie de démonstration", is_simulee=True)
    horloge = Horloge(academie)
    academie.decalage = horloge.localize(EXPORTS_LE).astimezone(UTC) - timezone.now()
    academie.save(update_fields=["decalage"])
    for nom, heures in PROJETS.items():
        ProjetENT.objects.get_or_create(nom=nom, defaults={"heures_ent": heures})
    return academie


def _make(scenario: Scenario, echelle: float) -> Ecole:
    ecole = make_ecole(scenario.rang, GRAINE, ANNEE, echelle=echelle)
    rng = make_rng(GRAINE, scenario.rang, "demo")
    for code in scenario.fautes:
        ecole = plant(ecole, code, rng)
    return ecole


def _load(etablissement: Etablissement, dossier: Path) -> None:
    fichiers = [(chemin.name, io.BytesIO(chemin.read_bytes())) for chemin in sorted(dossier.glob("*.xml"))]
    now = Horloge(etablissement.academie).maintenant
    chargement, _ = control_files(etablissement, fichiers, None, now)
    apply_chargement(chargement, None, now)


def _submit(ecole: Ecole, etablissement: Etablissement) -> Depot:
    """Deposit an earlier export of the same groupes, as EDT would have named it that morning."""
    horloge = Horloge(etablissement.academie)
    entete = replace(ecole.elegroupe.entete, horodatage=DEPOT_LE - timedelta(minutes=20))
    nom, octets = write_depot(replace(ecole.elegroupe, entete=entete), DEPOT_LE - timedelta(minutes=20))
    depot = control_depot(etablissement, io.BytesIO(octets), nom, None, horloge.maintenant)
    suppressions = len(judge_depot(depot).verdict.clos)
    return confirm_depot(depot, None, horloge.maintenant, suppressions)


def _advance(academie: Academie, naif: datetime) -> None:
    horloge = Horloge(academie)
    horloge.advance(horloge.localize(naif))


def _make_comptes(academie: Academie, ecoles: dict[str, Etablissement]) -> None:
    for identifiant, role, cle, _ in COMPTES:
        utilisateur = Utilisateur.objects.create_user(identifiant, password=MOT_DE_PASSE)
        if role == Role.ADMIN:
            utilisateur.is_staff = utilisateur.is_superuser = True
            utilisateur.save(update_fields=["is_staff", "is_superuser"])
        Habilitation.objects.create(
            utilisateur=utilisateur,
            role=role,
            etablissement=ecoles.get(cle),
            academie=academie if role == Role.DANE else None,
        )
