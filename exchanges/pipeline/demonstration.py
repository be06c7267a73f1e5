"""The académie of demonstration: made by the generator, loaded by the real parsers, lived by the real jobs.

It may go back to the start of its scenario. ``ask_reset`` puts its clock before everything: that is how the wish is
kept until it is done, and no job is due meanwhile. ``reset`` then erases and replays in one transaction: a worker that
dies leaves the wish as it was, a second one finds nothing to do.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import CASCADE, Model

from exchanges.enums import Role
from exchanges.generator import Ecole, make_ecole, plant, write_ecole
from exchanges.generator.hasard import make_rng
from exchanges.models import (
    Academie,
    Depot,
    Etablissement,
    FichierCharge,
    Habilitation,
    ProjetENT,
    Utilisateur,
)
from exchanges.pipeline import stockage
from exchanges.pipeline.annee_passee import write_annee_passee
from exchanges.pipeline.chargements import apply_chargement, control_files
from exchanges.pipeline.compteurs import monday_of, refresh_all
from exchanges.pipeline.depots import confirm_depot, control_depot, judge_depot
from exchanges.pipeline.taches import due_taches, run_tache
from exchanges.propagation.exemples import ATRIUM, REGION_SUD, install_projets
from exchanges.propagation.horloge import DEMONSTRATION, Horloge
from exchanges.writers import write_depot


ANNEE = "2026"
GRAINE = 2026
MOT_DE_PASSE = "rentree-2026-demo"
FAUTES = ("GROUPE_A_01", "GROUPE_A_01_INCONNU", "GROUPE_B_01", "GROUPE_B_02", "ELEGRP_A_03", "REJELEGROUPE_01")
EXPORTS_LE = datetime(2026, 9, 2, 18, 30)  # noqa: DTZ001  # local time of the scenario, localized by its Horloge
DEPOT_LE = datetime(2026, 9, 3, 10, 0)  # noqa: DTZ001  # idem
AUJOURDHUI = datetime(2026, 9, 7, 9, 0)  # noqa: DTZ001  # idem
REMISE_A_ZERO = EXPORTS_LE - timedelta(days=365)  # where the clock waits to be put back at the start
FICHIER_ECHELLE = "demonstration.json"


@dataclass(frozen=True)
class Scenario:
    """One school of the demonstration: its rank in the generator, where it is, and what has already happened there."""

    cle: str
    rang: int
    projet: str
    departement: str
    bassin: str
    is_chargee: bool = True
    fautes: tuple[str, ...] = ()
    has_depot: bool = False


SCENARIOS = (
    Scenario("lycee", 2, ATRIUM.nom, "991", "Les Étangs", has_depot=True),
    Scenario("college", 1, REGION_SUD.nom, "991", "Les Tuiles"),
    Scenario("college2", 3, REGION_SUD.nom, "991", "Les Étangs", has_depot=True),
    Scenario("difficulte", 4, ATRIUM.nom, "992", "La Friche", fautes=FAUTES, has_depot=True),
    Scenario("nouveau", 5, REGION_SUD.nom, "992", "La Friche", is_chargee=False),
)
COMPTES = (
    ("secretaire", Role.SECRETARIAT, "college", "secrétaire d'un collège, tout est prêt pour son premier dépôt"),
    ("secretaire-lycee", Role.SECRETARIAT, "lycee", "secrétaire du lycée, un dépôt déjà dans l'ENT"),
    ("secretaire-difficulte", Role.SECRETARIAT, "difficulte", "secrétaire d'un lycée professionnel en difficulté"),
    ("secretaire-nouveau", Role.SECRETARIAT, "nouveau", "secrétaire d'un collège dont rien n'est chargé"),
    ("principal", Role.DIRECTION, "college", "direction d'un collège"),
    ("dane", Role.DANE, "", "DANE de l'académie, voit tous les établissements"),
    ("admin", Role.ADMIN, "", "administration technique"),
)
VIERGE = {
    **{"annee": "", "debut_eleves": None, "fin_eleves": None, "sts_modifie_le": None},
    **{"version_referentiel": 0, "version_liens": 0},
}


def install(echelle: float, say: Callable[[str], None]) -> Academie:
    """Make the académie, its schools and its people, and live its first days; all of it or nothing.

    Args:
        echelle: part of the normal size of a school; kept for the day when the scenario begins again.
        say: told what is being done.
    """
    dossier_exemples().mkdir(parents=True, exist_ok=True)
    (dossier_exemples() / FICHIER_ECHELLE).write_text(json.dumps({"echelle": echelle}), encoding="utf-8")
    fictives = _make_all(echelle)
    with transaction.atomic():
        academie = Academie.objects.create(code=DEMONSTRATION, nom="Académie de démonstration", is_simulee=True)
        _play(academie, fictives, say)
    return academie


def dossier_exemples() -> Path:
    """Where the sample files of the schools are."""
    return Path(settings.DATA_DIR) / "exemples"


def ask_reset(academie: Academie) -> None:
    """Ask that the académie of demonstration go back to the start of its scenario; asking twice asks once."""
    if not is_reset_asked(academie):
        horloge = Horloge(academie)
        horloge.rewind(horloge.localize(REMISE_A_ZERO))


def is_reset_asked(academie: Academie) -> bool:
    """Whether the scenario has still to begin again: the clock is before all that it holds."""
    horloge = Horloge(academie)
    return horloge.is_demonstration and horloge.maintenant < horloge.localize(EXPORTS_LE)


def has_reset_to_do() -> bool:
    """Whether somebody waits for ``reset``."""
    academie = Academie.objects.filter(code=DEMONSTRATION, is_simulee=True).first()
    return academie is not None and is_reset_asked(academie)


def reset() -> bool:
    """Erase what happened in the académie of demonstration and replay its scenario, when that was asked.

    Users, their habilitations, their sessions and the tokens of machines stay. A school that the scenario does not
    know stays too, empty: the time in which its files were loaded has not come.

    Returns:
        Whether this call did it; ``False`` when nobody asked, or when another worker is at it.
    """
    if not has_reset_to_do():
        return False
    fictives = _make_all(_read_echelle())
    with transaction.atomic():
        academie = (
            Academie.objects.select_for_update(skip_locked=True).filter(code=DEMONSTRATION, is_simulee=True).first()
        )
        if academie is None or not is_reset_asked(academie):
            return False
        _erase(academie)
        _play(academie, fictives, lambda texte: None)
    return True


def _read_echelle() -> float:
    chemin = dossier_exemples() / FICHIER_ECHELLE
    return json.loads(chemin.read_text(encoding="utf-8"))["echelle"] if chemin.exists() else 1.0


def _erase(academie: Academie) -> None:
    """Delete the facts of every school of an académie, and the files that it handed in."""
    etablissements = Etablissement.objects.select_for_update().filter(academie=academie)
    ecoles = list(etablissements.order_by("pk").values_list("pk", flat=True))
    chemins = {
        *Depot.objects.filter(etablissement__in=ecoles).values_list("chemin", flat=True),
        *FichierCharge.objects.filter(chargement__etablissement__in=ecoles).values_list("chemin", flat=True),
    }
    for cible, pks in ((Etablissement, ecoles), (Academie, [academie.pk])):
        for modele, champ in _owned_by(cible):
            modele._base_manager.filter(**{f"{champ}__in": pks}).delete()
    etablissements.update(**VIERGE)
    transaction.on_commit(lambda: [stockage.remove(chemin) for chemin in chemins])


def _owned_by(cible: type[Model]) -> list[tuple[type[Model], str]]:
    """Models whose rows belong to one of ``cible``, by which field; those that nothing refers to come first.

    Who may see and do what (``models.acces``) is no fact of a school, and a school is not erased.
    """
    liens = [
        (champ.related_model, champ.field.name)
        for champ in cible._meta.get_fields(include_hidden=True)
        if champ.one_to_many and champ.auto_created and champ.on_delete is CASCADE
    ]
    faits = [lien for lien in liens if lien[0].__module__ != Habilitation.__module__]
    return sorted(faits, key=lambda lien: sum(c.auto_created for c in lien[0]._meta.get_fields(include_hidden=True)))


def _make_all(echelle: float) -> dict[str, Ecole]:
    """The schools of the scenario as records; their sample files are written, the same each time."""
    fictives = {scenario.cle: _make(scenario, echelle) for scenario in SCENARIOS}
    for ecole in fictives.values():
        write_ecole(ecole, dossier_exemples())
        (dossier_exemples() / ecole.uai / "fautes.json").unlink()
    return fictives


def _make(scenario: Scenario, echelle: float) -> Ecole:
    ecole = make_ecole(scenario.rang, GRAINE, ANNEE, echelle=echelle)
    rng = make_rng(GRAINE, scenario.rang, "demo")
    for code in scenario.fautes:
        ecole = plant(ecole, code, rng)
    return ecole


def _play(academie: Academie, fictives: Mapping[str, Ecole], say: Callable[[str], None]) -> None:
    """What happened until today: files loaded on the eve, deposits on 3 September, the nights since, last year."""
    horloge = Horloge(academie)
    horloge.rewind(horloge.localize(EXPORTS_LE))
    install_projets(is_update=False)
    etablissements = {}
    for scenario in SCENARIOS:
        ecole = fictives[scenario.cle]
        etablissements[scenario.cle] = _install_ecole(scenario, ecole, academie)
        say(f"  {etablissements[scenario.cle]} : {len(ecole.eleves.eleves)} élèves")
    _install_comptes(academie, etablissements)
    say("  Les premiers jours de la rentrée passent…")
    horloge.advance(horloge.localize(DEPOT_LE))
    for scenario in SCENARIOS:
        if scenario.has_depot:
            _submit(fictives[scenario.cle], academie)
    horloge.advance(horloge.localize(AUJOURDHUI))
    while tache := due_taches(academie).first():
        run_tache(tache.pk)
    refresh_all(etablissements.values())
    effectifs = {etablissements[s.cle]: len(fictives[s.cle].eleves.eleves) for s in SCENARIOS if s.is_chargee}
    write_annee_passee(effectifs, monday_of(EXPORTS_LE.date()), GRAINE)


def _install_ecole(scenario: Scenario, ecole: Ecole, academie: Academie) -> Etablissement:
    etablissement, _ = Etablissement.objects.update_or_create(
        uai=ecole.uai,
        defaults={
            "denomination": ecole.denomination,
            "type": ecole.type,
            "ville": ecole.ville,
            "departement": scenario.departement,
            "bassin": scenario.bassin,
            "academie": academie,
            "projet_ent": ProjetENT.objects.get(nom=scenario.projet),
        },
    )
    if scenario.is_chargee:
        _load(etablissement)
    return etablissement


def _load(etablissement: Etablissement) -> None:
    dossier = dossier_exemples() / etablissement.uai
    fichiers = [(chemin.name, io.BytesIO(chemin.read_bytes())) for chemin in sorted(dossier.glob("*.xml"))]
    now = Horloge(etablissement.academie).maintenant
    chargement, _ = control_files(etablissement, fichiers, None, now)
    apply_chargement(chargement, None, now)


def _submit(ecole: Ecole, academie: Academie) -> None:
    """Deposit an earlier export of the same groupes, as EDT would have named it that morning."""
    etablissement = Etablissement.objects.get(uai=ecole.uai)
    now = Horloge(academie).maintenant
    entete = replace(ecole.elegroupe.entete, horodatage=DEPOT_LE - timedelta(minutes=20))
    nom, octets = write_depot(replace(ecole.elegroupe, entete=entete), DEPOT_LE - timedelta(minutes=20))
    depot = control_depot(etablissement, io.BytesIO(octets), nom, None, now)
    confirm_depot(depot, None, now, len(judge_depot(depot).verdict.clos))


def _install_comptes(academie: Academie, ecoles: Mapping[str, Etablissement]) -> None:
    """The people of the scenario; an account of that name which exists already keeps its password and its rights."""
    existants = set(Utilisateur.objects.values_list("username", flat=True))
    for identifiant, role, cle, _ in COMPTES:
        if identifiant in existants:
            continue
        is_admin = role == Role.ADMIN
        utilisateur = Utilisateur.objects.create_user(
            identifiant,
            email=f"{identifiant}@exemple.test",
            password=MOT_DE_PASSE,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        Habilitation.objects.create(
            utilisateur=utilisateur,
            role=role,
            etablissement=ecoles.get(cle),
            academie=academie if role == Role.DANE else None,
        )
