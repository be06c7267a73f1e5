import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def run(dossier, *options):
    sortie = StringIO()
    call_command("generate_academie", dossier, "--echelle=0.05", *options, stdout=sortie)
    return sortie.getvalue()


def test_every_school_gets_a_line_and_a_folder(tmp_path):
    sortie = run(tmp_path / "aca", "--etablissements=2", "--seed=3", "--taux-fautes=0")
    dossiers = sorted(chemin.name for chemin in (tmp_path / "aca").iterdir() if chemin.is_dir())
    assert len(dossiers) == 2
    lignes = sortie.splitlines()
    assert len(lignes) == 3
    for rang, (ligne, uai) in enumerate(zip(lignes[:2], dossiers, strict=True), start=1):
        assert ligne.startswith(f"{rang}/2 {uai} ")
        assert ligne.endswith("aucune faute")


def test_json_says_what_was_written_and_nothing_else(tmp_path):
    resultat = json.loads(run(tmp_path / "aca", "--etablissements=3", "--seed=3", "--taux-fautes=1", "--json"))
    assert resultat["dossier"] == str(tmp_path / "aca")
    assert [ligne["type"] for ligne in resultat["etablissements"]] == ["CLG", "LGT", "CLG"]
    for ligne in resultat["etablissements"]:
        assert set(ligne) == {"uai", "denomination", "type", "eleves", "fichiers", "fautes"}
        assert ligne["eleves"] > 0
        assert ligne["fautes"]
        dossier = tmp_path / "aca" / ligne["uai"]
        ecrits = {str(chemin.relative_to(dossier)) for chemin in dossier.rglob("*.*")}
        assert ecrits == set(ligne["fichiers"])


def test_the_index_holds_the_list_and_how_to_make_it_again(tmp_path):
    resultat = json.loads(run(tmp_path / "aca", "--seed=9", "--annee=2027", "--json"))
    index = json.loads((tmp_path / "aca" / "academie.json").read_text(encoding="utf-8"))
    assert index["etablissements"] == resultat["etablissements"]
    assert (index["seed"], index["annee"], index["taux_fautes"]) == (9, "2027", 0.3)


def test_a_new_generation_replaces_the_former_one_and_spares_the_rest(tmp_path):
    run(tmp_path, "--etablissements=3", "--seed=1")
    notes = tmp_path / "notes.txt"
    notes.write_text("à moi")
    run(tmp_path, "--etablissements=1", "--seed=2")
    dossiers = [chemin for chemin in tmp_path.iterdir() if chemin.is_dir()]
    assert len(dossiers) == 1
    assert len(list(dossiers[0].glob("*.zip"))) == 1
    assert len(list(dossiers[0].glob("autres/*.xml"))) == 4
    assert notes.read_text() == "à moi"


def test_a_folder_that_holds_something_else_is_refused_untouched(tmp_path):
    (tmp_path / "notes.txt").write_text("à moi")
    with pytest.raises(CommandError, match="n'est pas vide"):
        run(tmp_path)
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    chemin = tmp_path / "aca"
    chemin.write_text("à moi")
    with pytest.raises(CommandError, match="est un fichier"):
        run(chemin)


@pytest.mark.parametrize(
    "option", ["--etablissements=0", "--etablissements=dix", "--annee=26", "--taux-fautes=2", "--taux-fautes=peu"]
)
def test_a_wrong_option_is_refused_before_anything_is_written(option, tmp_path):
    with pytest.raises(CommandError, match="n'est pas"):
        run(tmp_path / "aca", option)
    assert not (tmp_path / "aca").exists()


def test_eleves_enrolled_twice_are_listed_with_the_other_school(tmp_path):
    resultat = json.loads(run(tmp_path, "--etablissements=6", "--taux-fautes=0", "--multi-inscriptions=1", "--json"))
    uais = [ligne["uai"] for ligne in resultat["etablissements"]]
    doubles = [faute for ligne in resultat["etablissements"] for faute in ligne["fautes"]]
    assert doubles
    assert {faute["code"] for faute in doubles} == {"multi_inscription"}
    assert {faute["objet"] for faute in doubles} <= set(uais)
