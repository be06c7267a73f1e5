"""What a line of a compte-rendu shows of an élève's identifiers (formats/siecle.md §3.7)."""

import pytest

from exchanges.models import AnomalieDepot


@pytest.mark.parametrize(
    ("eleve_id", "reference", "id_prv_ele", "attendu"),
    [
        (1, "70675", "", "70675 / 0"),
        (1, "70675", "42", "70675 / 42"),
        (None, "99999999", "", "99999999 / 0"),
        (None, "42", "42", "0 / 42"),
    ],
)
def test_identifiants_are_those_of_siecle(eleve_id, reference, id_prv_ele, attendu):
    ligne = AnomalieDepot(eleve_id=eleve_id, reference=reference, id_prv_ele=id_prv_ele)
    assert ligne.identifiants == attendu
