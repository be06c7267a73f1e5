"""``export_aaf``: archives that the DTD accepts, what is said of them, and what is never left behind."""

import io
import tarfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from exchanges.enums import CategorieAAF, OperationAAF
from exchanges.models import FicheGroupe, FicheResponsable, ProjetENT
from exchanges.parsers.aaf import DTD, read_aaf
from exchanges.pipeline.nuits import run_until
from tests.commands.conftest import run_json
from tests.makers import ELEVES, deposit, load, make_academie, make_ecole, make_eleve, make_fichiers, make_projet
from tests.makers_exports import JEUDI, MERCREDI, feed


pytestmark = pytest.mark.django_db


@pytest.fixture
def ecole():
    return feed(make_ecole())


def open_archive(chemin):
    with tarfile.open(chemin) as archive:
        return {membre.name: archive.extractfile(membre).read() for membre in archive}


def read_operations(octets):
    return [
        operation
        for nom, contenu in octets.items()
        if nom.endswith(".xml")
        for operation in read_aaf(io.BytesIO(contenu), nom)
    ]


def test_complet_is_an_archive_that_the_dtd_accepts(ecole, tmp_path):
    out = tmp_path / "complet.tgz"
    reponse = run_json("export_aaf", "--uai", ecole.uai, "--date", "2026-09-08", str(out))
    fichiers = open_archive(out)
    assert f"ENT2DVA_{ecole.uai}_Complet_20260908_Eleve_0000.xml" in fichiers
    assert fichiers["ficAlimMENESR.dtd"] == DTD.read_bytes()
    dtd = etree.DTD(str(DTD))
    for nom in fichiers.keys() - {"ficAlimMENESR.dtd"}:
        assert dtd.validate(etree.fromstring(fichiers[nom])), nom
    (export,) = reponse["exports"]
    assert export["chemin"] == str(out)
    assert export["comptes"]["Eleve"] == len(ELEVES)
    assert export["is_conforme"] is True
    assert {o.nature for o in read_operations(fichiers)} == {OperationAAF.AJOUT}
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["complet.tgz"]


def test_complet_in_a_directory_is_read_as_entcore_does(ecole, tmp_path):
    run_json("export_aaf", "--uai", ecole.uai, "--date", "2026-09-08", str(tmp_path / "aaf"))
    noms = sorted(chemin.name for chemin in (tmp_path / "aaf").iterdir())
    assert noms[-1] == "ficAlimMENESR.dtd"
    assert len(noms) >= 5
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["aaf"]


def test_delta_says_what_changed_since_the_day_before(ecole, tmp_path):
    load(
        ecole,
        make_fichiers(
            ecole,
            eleves=[make_eleve(i, prenom="Zoé") if i == "1001" else make_eleve(i) for i in ELEVES[:3]],
            quand=MERCREDI,
        ),
        MERCREDI,
    )
    list(run_until(JEUDI))
    out = tmp_path / "delta.tgz"
    reponse = run_json("export_aaf", "--uai", ecole.uai, "--date", "2026-09-10", "--kind", "delta", str(out))
    personnes = [o for o in read_operations(open_archive(out)) if o.categorie == CategorieAAF.ELEVE]
    # 1002 is in no groupe any more: the Élèves export shows none.
    natures = [OperationAAF.MODIFICATION, OperationAAF.MODIFICATION, OperationAAF.SUPPRESSION]
    assert [o.nature for o in personnes] == natures
    comptes = reponse["exports"][0]["comptes"]
    assert (comptes["Eleve modifyRequest"], comptes["Eleve deleteRequest"]) == (2, 1)
    assert f"ENT2DVA_{ecole.uai}_Delta_20260910_Eleve_0000.xml" in open_archive(out)


def test_delta_of_a_day_without_passage_is_empty(ecole, tmp_path):
    out = tmp_path / "delta.tgz"
    comptes = run_json("export_aaf", "--uai", ecole.uai, "--date", "2026-09-09", "--kind", "delta", str(out))
    assert not any(nom.startswith(("Eleve", "Pers")) for nom in comptes["exports"][0]["comptes"])


def refusal(*arguments):
    with pytest.raises(CommandError) as refus:
        call_command(*arguments, stdout=io.StringIO())
    return str(refus.value)


def test_what_cannot_be_exported_is_said_and_nothing_is_written(ecole, tmp_path):
    out = str(tmp_path / "x" / "out.tgz")
    uai = ["--uai", ecole.uai]
    assert "n'est pas une date" in refusal("export_aaf", *uai, "--date", "demain", out)
    assert "n'est pas encore venu" in refusal("export_aaf", *uai, "--date", "2099-01-01", out)
    assert "Aucun passage de l'AAF" in refusal("export_aaf", *uai, "--date", "2026-09-07", out)
    assert "Demandez un complet" in refusal("export_aaf", *uai, "--date", "2026-09-08", "--kind", "delta", out)
    assert "n'est pas connu" in refusal("export_aaf", "--uai", "0000000X", "--date", "2026-09-08", out)
    assert "« ENT d'essai »" in refusal("export_aaf", "--projet", "Inconnu", "--date", "2026-09-08", out)
    make_projet("ENT vide")
    assert "aucun établissement" in refusal("export_aaf", "--projet", "ENT vide", "--date", "2026-09-08", out)
    assert not [chemin for chemin in tmp_path.rglob("*") if chemin.is_file()]


def test_a_directory_that_holds_something_is_left_alone(ecole, tmp_path):
    (tmp_path / "ancien.xml").write_text("hier")
    assert "n'est pas un dossier vide" in refusal(
        "export_aaf", "--uai", ecole.uai, "--date", "2026-09-08", str(tmp_path)
    )
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["ancien.xml"]


def test_an_export_that_breaks_a_postcondition_is_not_kept_unless_forced(ecole, tmp_path):
    FicheGroupe.objects.filter(groupe__code="6AGL1").update(divisions=["6Z"])
    commande = ["export_aaf", "--uai", ecole.uai, "--date", "2026-09-08"]
    for out in (tmp_path / "a.tgz", tmp_path / "dossier"):
        sortie = io.StringIO()
        with pytest.raises(CommandError) as refus:
            call_command(*commande, str(out), stdout=sortie)
        assert refus.value.returncode == 1
        assert "Rien n'a été écrit" in str(refus.value)
        assert "1 × Un groupe est composé d'une division que l'établissement ne déclare pas." in sortie.getvalue()
    assert not list(tmp_path.iterdir())
    with pytest.raises(CommandError, match="L'export a été écrit"):
        call_command(*commande, "--force", str(tmp_path / "a.tgz"), stdout=io.StringIO())
    assert (tmp_path / "a.tgz").exists()


def test_what_an_ent_would_swallow_is_said_and_does_not_stop_the_export(ecole, tmp_path):
    FicheResponsable.objects.update(mel="sans arobase")
    sortie = io.StringIO()
    call_command("export_aaf", "--uai", ecole.uai, "--date", "2026-09-08", str(tmp_path / "a.tgz"), stdout=sortie)
    assert "1 × Une adresse électronique n'en est pas une. (aaf_mail_invalide)" in sortie.getvalue()
    assert (tmp_path / "a.tgz").exists()


def test_a_projet_is_one_export_with_its_own_word(ecole, tmp_path):
    feed(make_ecole(2))
    projet = ProjetENT.objects.get()
    out = tmp_path / "projet.tgz"
    reponse = run_json("export_aaf", "--projet", str(projet.pk), "--date", "2026-09-08", str(out))
    assert "ENT2DVA_ENT-D-ESSAI_Complet_20260908_Eleve_0000.xml" in open_archive(out)
    assert reponse["exports"][0]["comptes"]["EtabEducNat"] == 2
    assert reponse["exports"][0]["is_conforme"] is True


def test_a_projet_of_two_academies_is_two_exports(ecole, tmp_path):
    feed(make_ecole(2, academie=make_academie("AC2")))
    commande = ["export_aaf", "--projet", "ENT d'essai", "--date", "2026-09-08"]
    assert "2 académies" in refusal(*commande, str(tmp_path / "a.tgz"))
    run_json(*commande, str(tmp_path / "aaf"))
    assert sorted(chemin.name for chemin in (tmp_path / "aaf").iterdir()) == ["ENT-D-ESSAI-AC1", "ENT-D-ESSAI-AC2"]


def test_complet_then_delta_is_the_next_complet(ecole, tmp_path):
    deposit(ecole, {"1001": ["6AGL1"]}, MERCREDI)
    list(run_until(JEUDI))
    fichiers = {}
    for nom, jour, genre in (("a", 9, "complet"), ("d", 10, "delta"), ("b", 10, "complet")):
        out = tmp_path / f"{nom}.tgz"
        run_json("export_aaf", "--uai", ecole.uai, "--date", str(date(2026, 9, jour)), "--kind", genre, str(out))
        fichiers[nom] = {(o.categorie, o.identifiant): o.enregistrement for o in read_operations(open_archive(out))}
    applique = fichiers["a"] | fichiers["d"]
    assert {cle: fiche for cle, fiche in applique.items() if fiche} == fichiers["b"]
