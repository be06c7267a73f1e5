"""A file that was read but is not the one wanted."""

import pytest

from exchanges.enums import TypeFichier
from exchanges.parsers import explain_swap
from exchanges.parsers.records import Entete
from tests.parsers.samples import read_sample
from tests.parsers.test_refusals import check_phrases


@pytest.mark.parametrize("type_fichier", TypeFichier)
def test_every_type_has_two_sentences(type_fichier):
    check_phrases(*explain_swap(Entete(type_fichier, "9990001W", "2025")))


def test_the_two_files_of_sts_are_told_apart():
    message, action = explain_swap(read_sample("edt_sts.xml").fichier.entete)
    assert "va d'EDT vers STS-Web" in message
    assert "Exports > Emploi du temps" in action
    message, action = explain_swap(read_sample("sts_emp.xml").fichier.entete)
    assert "va de STS-Web vers EDT" in message
    assert "EDT" in action
