"""A delta applied to yesterday's complet is today's, through the database, whatever happened meanwhile.

Two schools share an élève (her INE) and an adult (PERSONNE_ID and name); everything that a night can change changes.
"""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from exchanges.enums import CategorieAAF, Relais, TypeFichier
from exchanges.models import Etablissement
from exchanges.parsers.records import (
    Division,
    FichierNomenclatures,
    FichierResponsables,
    FichierStructures,
    Groupe,
    LienResponsable,
    Mef,
    Personne,
)
from exchanges.pipeline.exports import run_export_services, run_export_structure
from exchanges.pipeline.nuits import run_until
from exchanges.reports.aaf.delta import DeltaAAF
from exchanges.reports.aaf.export import ExportAAF
from exchanges.reports.aaf.portee import portee_of
from exchanges.rules.aaf_delta import apply, comparable
from tests.makers import (
    ANNEE,
    LUNDI,
    MEF,
    deposit,
    load,
    make_ecole,
    make_eleve,
    make_entete,
    make_fichier_eleves,
    make_ine,
    set_clock,
)
from tests.makers_sts import make_service, make_sts


JOURS = 4
IDS = ("1001", "1002", "1003")
INE_PARTAGE = make_ine(4242)
UN_JOUR = timedelta(days=1)
REVENU = {"prenom": "Zoé", "division": "6A", "date_sortie": None, "options": ()}


def eleves_files():
    """The Élèves export: who is there, in which division, since when gone; 1001 bears the INE that schools share."""
    une = st.fixed_dictionaries(
        {
            "prenom": st.sampled_from(["Maëlys", "Zoé"]),
            "division": st.sampled_from(["6A", "6B", ""]),
            "date_sortie": st.sampled_from([None, None, None, date(2026, 9, 9), date(2026, 9, 10)]),
            "options": st.sampled_from([(), ("030201",), ("030201", "030602")]),
        }
    )
    return st.fixed_dictionaries({eleve_id: st.none() | une for eleve_id in IDS})


evenements = st.one_of(
    st.tuples(st.just("eleves"), eleves_files()),
    st.tuples(st.just("responsables"), st.tuples(st.sampled_from(["Camille", "Alix"]), st.sets(st.sampled_from(IDS)))),
    st.tuples(st.just("structures"), st.tuples(st.booleans(), st.booleans())),
    st.tuples(st.just("nomenclatures"), st.sampled_from(["SIXIEME", "6EME GENERALE"])),
    st.tuples(st.just("sts"), st.tuples(st.booleans(), st.sampled_from(["030201", "030602"]))),
    st.tuples(st.just("depot"), st.dictionaries(st.sampled_from(IDS), st.just(["6AGL1"]), min_size=1)),
    st.tuples(st.just("structure"), st.none()),
    st.tuples(st.just("services"), st.none()),
)
histoires = st.lists(st.lists(st.tuples(st.integers(0, 1), evenements), max_size=4), min_size=JOURS, max_size=JOURS)


def load_eleves(ecole, quand, fiches):
    eleves = [
        make_eleve(eleve_id, **({"ine": INE_PARTAGE} if eleve_id == "1001" else {}) | fiche)
        for eleve_id, fiche in fiches.items()
        if fiche is not None
    ]
    if eleves:
        load(ecole, [make_fichier_eleves(ecole, eleves, quand)], quand)


def load_responsables(ecole, quand, valeurs):
    prenom, eleves = valeurs
    liens = tuple(LienResponsable(eleve, "5001", niveau="1", parente="10") for eleve in sorted(eleves))
    personne = Personne("5001", civilite="MME", nom_de_famille="MODELE", prenom=prenom)
    entete = make_entete(ecole, TypeFichier.RESPONSABLES, quand, ANNEE)
    load(ecole, [FichierResponsables(entete=entete, personnes=(personne,), liens=liens)], quand)


def load_structures(ecole, quand, valeurs):
    has_b, has_groupe = valeurs
    divisions = [Division("6A", "SIXIEME A", mefs=(MEF,))] + [Division("6B", "SIXIEME B", mefs=(MEF,))] * has_b
    groupes = [Groupe("6AGL1", "ANGLAIS", mefs=(MEF,), divisions=("6A",))] * has_groupe
    entete = make_entete(ecole, TypeFichier.STRUCTURES, quand, ANNEE)
    load(ecole, [FichierStructures(entete=entete, divisions=tuple(divisions), groupes=tuple(groupes))], quand)


def load_nomenclatures(ecole, quand, libelle):
    entete = make_entete(ecole, TypeFichier.NOMENCLATURES, quand, ANNEE)
    load(ecole, [FichierNomenclatures(entete=entete, mefs=(Mef(MEF, "6EME", libelle),))], quand)


def load_sts(ecole, quand, valeurs):
    has_groupe, matiere = valeurs
    divisions = (Division("6A", "SIXIEME A", mefs=(MEF,), services=(make_service(matiere),)),)
    load(ecole, [make_sts(ecole, ("6AGL1",) if has_groupe else (), divisions=divisions)], quand)


ACTES = {
    "eleves": load_eleves,
    "responsables": load_responsables,
    "structures": load_structures,
    "nomenclatures": load_nomenclatures,
    "sts": load_sts,
    "depot": lambda ecole, quand, liens: deposit(ecole, liens, quand),
    "structure": lambda ecole, quand, _: run_export_structure(ecole, None, quand),
    "services": lambda ecole, quand, _: run_export_services(ecole, None, quand),
}


def make_deux_ecoles():
    ecoles = [make_ecole(rang) for rang in (1, 2)]
    for ecole in ecoles:
        load(ecole, [make_sts(ecole)], LUNDI)
        run_export_services(ecole, None, LUNDI)
        load_responsables(ecole, LUNDI, ("Camille", IDS))
    return ecoles


def records(portee):
    return [fiche for _, fiches in ExportAAF(portee).flux() for fiche in fiches]


def say(fiches):
    return {(fiche.categorie, fiche.identifiant): comparable(fiche) for fiche in fiches}


def apply_delta(fiches, delta):
    """Structures and nomenclatures come whole in a delta: they take the place of those before."""
    operations = [operation for _, du_flux in delta.flux() for operation in du_flux]
    entiers = {CategorieAAF.ETAB, CategorieAAF.MATIERE, CategorieAAF.MEF}
    return list(apply([fiche for fiche in fiches if fiche.categorie not in entiers], operations))


def check_days(etablissements):
    veille = None
    for rang in range(JOURS + 2):
        portee = portee_of(etablissements, (LUNDI + rang * UN_JOUR).date(), Relais.AAF)
        if portee is None:
            continue
        fiches = records(portee)
        if veille:
            avant, anciennes = veille
            assert say(apply_delta(anciennes, DeltaAAF(avant, portee))) == say(fiches)
        veille = (portee, fiches)


@pytest.mark.django_db
@settings(
    max_examples=2,  # two more each run, of half a minute each
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to shrink a history takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example([[(0, ("eleves", dict.fromkeys(IDS)))], [(0, ("eleves", {"1003": REVENU}))], [], []])
@example([[], [(1, ("nomenclatures", "SIXIEME"))], [(0, ("eleves", {"1003": REVENU}))], []])
@given(histoires)
def test_delta_applied_to_a_complet_is_the_next_complet(histoire):
    identifiant = transaction.savepoint()
    try:
        ecoles = make_deux_ecoles()
        for rang, jour in enumerate(histoire):
            quand = LUNDI + rang * UN_JOUR
            set_clock(ecoles[0].academie, quand)
            for minutes, (numero, (quoi, valeurs)) in enumerate(jour):
                ecole = ecoles[numero]
                ecole.refresh_from_db()
                ACTES[quoi](ecole, quand + timedelta(minutes=minutes), valeurs)
            list(run_until(quand + UN_JOUR))
        for pks in ([e.pk for e in ecoles], [ecoles[0].pk], [ecoles[1].pk]):
            check_days(Etablissement.objects.filter(pk__in=pks))
    finally:
        transaction.savepoint_rollback(identifiant)
