"""Who goes up to the AAF and who has an account: the first reason against decides."""

from dataclasses import replace
from datetime import date

import pytest

from exchanges.rules.eligibilite import (
    EleveVu,
    PersonnelVu,
    ResponsableVu,
    ServiceVu,
    enseignant_sans_services_exportes,
    groupe_inconnu_de_siecle,
    motif_eleve,
    motif_personnel,
    motif_responsable,
)
from tests.makers import MEF, make_ine


JOUR = date(2026, 9, 8)
ELEVE = EleveVu(
    *(1, 1, 10, "1001", make_ine(1001), "MODELE", "", "Maëlys", "", "", date(2014, 5, 17), "2", "2", "ST", MEF, "6A"),
    *(date(2026, 9, 1), None, [], []),
)
RESPONSABLE = ResponsableVu(
    *(1, 1, 20, "90001", "MME", "EXEMPLE", "", "Marie", "", ""), enfants=(10,), niveaux=frozenset("1")
)
ANGLAIS = (ServiceVu("G", "6AGL1", "030201"),)
AGENT = PersonnelVu(*(1, 1, 30, "epp", "7", "2", "ESSAI", "", "Lou", None, "ENS", ["L0422"]), services=ANGLAIS)


def motif(is_ailleurs=False, **champs):
    """The code of what leaves an élève out, or ``None``."""
    regle = motif_eleve(replace(ELEVE, **champs), JOUR, is_ailleurs)
    return regle and regle.code


def test_complete_eleve_has_no_reason_against():
    assert motif() is None


def test_eleve_sans_ine_is_left_out():
    assert motif(ine="") == "eleve_sans_ine"


def test_eleve_fiche_bloquante_is_left_out():
    assert motif(manques=["la nationalité"]) == "eleve_fiche_bloquante"


def test_eleve_multi_inscrit_is_left_out_everywhere():
    assert motif(is_ailleurs=True) == "eleve_multi_inscrit"


def test_eleve_sorti_goes_before_any_other_reason_and_on_the_day():
    assert motif(True, date_sortie=JOUR, ine="", manques=["le sexe"]) == "eleve_sorti"
    assert motif(date_sortie=date(2026, 9, 9)) is None


@pytest.mark.parametrize(
    ("niveaux", "has_compte_en_charge", "attendu"),
    [
        ("1", False, None),
        ("3", True, "responsable_non_legal"),
        ("2", False, "responsable_non_legal"),
        ("2", True, None),
        ("13", False, None),
    ],
)
def test_responsable_non_legal_has_no_account(niveaux, has_compte_en_charge, attendu):
    regle = motif_responsable(replace(RESPONSABLE, niveaux=frozenset(niveaux)), has_compte_en_charge)
    assert (regle and regle.code) == attendu


def test_responsable_sans_enfant_dans_l_annuaire_is_nowhere():
    regle = motif_responsable(replace(RESPONSABLE, enfants=(), niveaux=frozenset()), True)
    assert regle.code == "responsable_sans_enfant_dans_l_annuaire"


@pytest.mark.parametrize("type_individu", ["suppleant", "local"])
def test_suppleant_sans_services_exportes_is_left_out(type_individu):
    assert motif_personnel(replace(AGENT, type=type_individu)) is None
    sans = replace(AGENT, type=type_individu, services=())
    assert motif_personnel(sans).code == "suppleant_sans_services_exportes"


def test_enseignant_sans_services_exportes_has_an_account_and_nothing_else():
    sans = replace(AGENT, services=())
    assert enseignant_sans_services_exportes(sans)
    assert not enseignant_sans_services_exportes(replace(sans, fonction="DIR"))
    assert motif_personnel(sans) is None


def test_groupe_inconnu_de_siecle_is_told():
    assert groupe_inconnu_de_siecle("6LAT1", frozenset({"6AGL1"}))
    assert not groupe_inconnu_de_siecle("6AGL1", frozenset({"6AGL1"}))
