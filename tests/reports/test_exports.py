"""The sentences about the two exports of STS-Web: what, why, whose move."""

from datetime import timedelta

import pytest

from exchanges.enums import NatureActe, OrigineActe, PreuveActe, Role
from exchanges.models import Acte
from exchanges.reports.exports import EtatExports, describe_acte, join_codes
from tests.makers import LUNDI, make_etablissement, make_utilisateur


HEURE = timedelta(hours=1)


def make_etat(**champs):
    defauts = {"is_connu": True, "is_simulee": True, "sts_modifie_le": LUNDI}
    return EtatExports(**(defauts | champs))


def make_acte(instant, **champs):
    return Acte(nature=NatureActe.EXPORT_STRUCTURE, instant=instant, **champs)


def test_nothing_known_says_which_file_to_load():
    etat = make_etat(is_connu=False, sts_modifie_le=None)
    assert (etat.niveau, etat.is_structure_perimee, etat.is_services_perimes) == ("neutre", False, False)
    assert "sts_emp" in etat.texte


def test_an_export_at_or_after_the_change_covers_it_and_before_does_not():
    apres = make_etat(structure=make_acte(LUNDI), services=make_acte(LUNDI + HEURE))
    assert (apres.is_a_jour, apres.niveau) == (True, "succes")
    avant = make_etat(structure=make_acte(LUNDI - HEURE), services=make_acte(LUNDI - HEURE))
    assert (avant.is_structure_perimee, avant.is_services_perimes, avant.niveau) == (True, True, "attention")


def test_a_change_of_services_alone_says_what_the_ent_shows():
    etat = make_etat(structure=make_acte(LUNDI - HEURE), services=make_acte(LUNDI - HEURE))
    assert "l'ENT montre les services d'avant" in etat.texte
    assert "C'est au secrétariat ou à la direction de le faire ici." in etat.texte


@pytest.mark.parametrize(
    ("codes", "dit"), [(["6LAT1"], "ne connaît pas encore 6LAT1"), (list("ABCDEFG"), "E et 2 autres")]
)
def test_missing_groupes_are_named_within_bounds(codes, dit):
    assert dit in make_etat(groupes_manquants=tuple(codes)).texte
    assert len(join_codes(codes).split(",")) <= 5


def test_a_real_school_is_sent_to_sts_web():
    assert "dans STS-Web (Exports), puis de le déclarer ici" in make_etat(is_simulee=False).texte


def test_a_declared_export_waits_for_its_proof():
    declare = make_acte(LUNDI, origine=OrigineActe.DECLARE)
    etat = make_etat(is_simulee=False, structure=declare, services=make_acte(LUNDI + HEURE))
    assert "le prochain Structures.xml de SIECLE le confirmera" in etat.texte


def test_what_export_structure_would_change_is_said_before_it():
    etat = make_etat(groupes_manquants=("6LAT1",), retires=("6OLD",))
    assert etat.effet_structure == "SIECLE apprendra 6LAT1 ; SIECLE n'aura plus 6OLD."
    assert "Aucune division" in make_etat().effet_structure


def test_old_rows_without_a_date_of_change_are_worded_without_it():
    assert make_etat(sts_modifie_le=None).texte.startswith("STS-Web est chargé et l'export n'a pas été refait")


@pytest.mark.django_db
def test_an_act_tells_when_who_its_proof_and_its_comment():
    qui = make_utilisateur("lou", Role.DIRECTION, etablissement=make_etablissement())
    champs = {"origine": OrigineActe.DECLARE, "preuve": PreuveActe.CONTREDIT, "commentaire": "vu avec Sam"}
    assert describe_acte(make_acte(LUNDI, utilisateur=qui, **champs)) == (
        "Déclaré lundi 7 septembre à 10 h par lou, contredit par Structures.xml – vu avec Sam."
    )
    assert describe_acte(None) == "Jamais fait, à notre connaissance."
