"""The catalogue is the whole of the rules, and each has its test."""

import inspect
import re
from pathlib import Path

import pytest

from exchanges.enums import Gravite
from exchanges.rules import (
    aaf_integrite,
    aaf_silence,
    aaf_valeurs,
    base_eleves,
    catalogue,
    coherence,
    correspondance,
    doublons,
    elegroupe,
    eligibilite,
    enseignements,
    fiches,
    gar,
    gar_personnes,
    lecture,
    personnes,
    sts,
    verdict,
)
from exchanges.rules.base import regle_de


MODULES = (
    aaf_integrite,
    aaf_silence,
    aaf_valeurs,
    base_eleves,
    coherence,
    correspondance,
    doublons,
    elegroupe,
    eligibilite,
    enseignements,
    fiches,
    gar,
    gar_personnes,
    lecture,
    personnes,
    sts,
    verdict,
)
REGLES = catalogue.all_regles()
TESTS = "\n".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))


def test_every_rule_written_is_in_the_catalogue_once():
    written = {
        function
        for module in MODULES
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if hasattr(function, "regle")
    }
    assert set(catalogue.CATALOGUE) == written
    assert len(catalogue.CATALOGUE) == len(written)


def test_every_module_of_rules_is_looked_at():
    dossier = Path(elegroupe.__file__).parent
    decores = {path.stem for path in dossier.glob("*.py") if re.search(r"^@rule\(", path.read_text(), re.MULTILINE)}
    assert decores <= {module.__name__.rpartition(".")[2] for module in MODULES}


def test_codes_are_unique_and_found_again():
    codes = [regle.code for regle in REGLES]
    assert len(set(codes)) == len(codes)
    assert [catalogue.find_regle(code) for code in codes] == REGLES
    assert catalogue.find_regle("REGLE_INCONNUE") is None


@pytest.mark.parametrize("function", catalogue.CATALOGUE, ids=lambda function: function.__name__)
def test_the_code_of_a_rule_is_its_function(function):
    assert regle_de(function).code.lower() == function.__name__


@pytest.mark.parametrize("regle", REGLES, ids=lambda regle: regle.code)
def test_a_title_is_one_sentence_and_the_advice_says_something(regle):
    assert re.fullmatch(r"[A-ZÀ-Ý][^.!?\n]*\.", regle.titre)
    assert regle.conseil.endswith(".")
    assert "\n" not in regle.conseil
    assert "  " not in regle.titre + regle.conseil


@pytest.mark.parametrize("regle", REGLES, ids=lambda regle: regle.code)
def test_every_rule_has_a_test_of_its_name(regle):
    assert f"def test_{regle.code.lower()}_" in TESTS


def test_severity_follows_the_consequence_for_the_data():
    gravites = {regle_de(function).code: regle_de(function).gravite for function in catalogue.ELEGROUPE}
    perdues = {code for code, gravite in gravites.items() if gravite == Gravite.ERREUR}
    assert perdues == {code for code in gravites if code.startswith(("REJELEGROUPE", "GROUPE"))}
    assert set(gravites.values()) == {Gravite.ERREUR, Gravite.AVERTISSEMENT}
