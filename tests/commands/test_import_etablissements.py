"""``import_etablissements``: shows by default, writes when asked."""

import pytest
from django.core.management import CommandError, call_command

from exchanges.models import Etablissement
from tests.commands.conftest import run_json
from tests.makers import make_academie, make_projet, make_uai


pytestmark = pytest.mark.django_db


@pytest.fixture
def arguments(tmp_path):
    make_academie("09")
    make_projet("Collèges")
    chemin = tmp_path / "annuaire.csv"
    chemin.write_text(f"uai;nom_etablissement;code_nature\n{make_uai(1)};Collège A;340\n{make_uai(2)};École;151\n")
    return [str(chemin), "--academie=09", "--projet-college=Collèges", "--projet-lycee=Collèges"]


def test_nothing_is_written_without_being_asked(arguments, capsys):
    call_command("import_etablissements", *arguments)
    sortie = capsys.readouterr().out
    assert "1 créés, 0 modifiés, 0 inchangés. Rien n'est écrit" in sortie
    assert "1 ignorés : ni collège ni lycée" in sortie
    assert not Etablissement.objects.exists()


def test_schools_are_written_when_asked(arguments):
    reponse = run_json("import_etablissements", *arguments, "--appliquer")
    assert reponse["crees"] == [make_uai(1)]
    assert Etablissement.objects.get().denomination == "Collège A"
    assert run_json("import_etablissements", *arguments, "--appliquer")["inchanges"] == 1


def test_unknown_academie_is_said_with_those_that_exist(arguments):
    arguments[1] = "--academie=77"
    with pytest.raises(CommandError, match=r"« 77 » n'existe pas\. Connus : 09\. Rien n'a été modifié"):
        call_command("import_etablissements", *arguments)


def test_file_that_is_no_directory_is_refused(arguments, tmp_path):
    (tmp_path / "annuaire.csv").write_text("nom;ville\n")
    with pytest.raises(CommandError, match="pas de colonne « Identifiant_de_l_etablissement »"):
        call_command("import_etablissements", *arguments)


def test_missing_file_is_said(arguments, tmp_path):
    arguments[0] = str(tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="ne peut pas être ouvert"):
        call_command("import_etablissements", *arguments)
