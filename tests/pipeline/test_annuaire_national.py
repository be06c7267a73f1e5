"""Schools from a directory: compared first, written in one go, nothing deleted."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from exchanges.models import Etablissement, Utilisateur
from exchanges.parsers.errors import FichierRefuse
from exchanges.pipeline.annuaire_national import Choix, apply_annuaire, compare, read_candidats
from tests.makers import make_academie, make_etablissement, make_fichiers, make_flux, make_projet, make_uai


pytestmark = pytest.mark.django_db

TITRES = "uai;nom_etablissement;code_nature;code_academie;etat;nom_commune;mail;siren_siret"


def make_line(rang, nom="Collège A", nature="340", academie="09", etat="OUVERT", ville="Ville", mel="", siret=""):
    return ";".join((make_uai(rang), nom, nature, academie, etat, ville, mel, siret))


def make_csv(*lignes):
    return io.BytesIO("\n".join((TITRES, *lignes)).encode())


@pytest.fixture
def choix():
    return Choix(make_academie("09"), make_projet("Collèges"), make_projet("Lycées"))


def read(choix, *lignes):
    return read_candidats(make_csv(*lignes), "annuaire.csv", choix.academie)


def test_new_schools_are_created_with_the_projet_of_their_type(choix):
    candidats, _ = read(choix, make_line(1), make_line(2, "Lycée B", "300"), make_line(3, "LP C", "320"))
    apply_annuaire(candidats, choix, None)
    crees = {e.uai: (e.denomination, e.type, str(e.projet_ent), e.ville) for e in Etablissement.objects.all()}
    assert crees == {
        make_uai(1): ("Collège A", "CLG", "Collèges", "Ville"),
        make_uai(2): ("Lycée B", "LGT", "Lycées", "Ville"),
        make_uai(3): ("LP C", "LP", "Lycées", "Ville"),
    }


def test_preview_writes_nothing(choix):
    candidats, _ = read(choix, make_line(1))
    apercu = compare(candidats, choix)
    assert [e.uai for e in apercu.crees] == [make_uai(1)]
    assert not Etablissement.objects.exists()


def test_known_school_is_updated_and_keeps_its_projet(choix):
    projet = make_projet("Le sien")
    connu = make_etablissement(
        1, academie=choix.academie, projet_ent=projet, denomination="Ancien nom", adresse="1 rue", annee="2026"
    )
    candidats, _ = read(choix, make_line(1, "Nouveau nom", mel="ce@ac-essai.example"))
    (modification,) = compare(candidats, choix).modifies
    assert modification.libelles == [
        ("dénomination", "Ancien nom", "Nouveau nom"),
        ("ville", "vide", "Ville"),
        ("adresse électronique", "vide", "ce@ac-essai.example"),
    ]
    apply_annuaire(candidats, choix, None)
    connu.refresh_from_db()
    assert (connu.denomination, connu.projet_ent, connu.annee) == ("Nouveau nom", projet, "2026")
    assert connu.adresse == "1 rue"  # the directory says nothing of it: nothing is erased


def test_second_import_of_the_same_file_changes_nothing(choix):
    candidats, _ = read(choix, make_line(1), make_line(2))
    apply_annuaire(candidats, choix, None)
    apercu = apply_annuaire(candidats, choix, None)
    assert (apercu.is_vide, apercu.inchanges) == (True, 2)


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        (make_line(1, nature="151"), "ni collège ni lycée"),
        (make_line(1, academie="10"), "autre académie"),
        (make_line(1, etat="FERME"), "établissement fermé"),
        (make_line(1).replace(make_uai(1), "0990001A"), "UAI dont la clé n'est pas bonne"),
    ],
)
def test_line_is_set_aside_with_its_reason(choix, ligne, raison):
    candidats, ignores = read(choix, ligne)
    assert candidats == []
    assert dict(ignores.comptes) == {raison: 1}
    assert ignores.exemples[raison][0].startswith("ligne 2 : 099")


def test_known_schools_that_have_closed_are_found(choix):
    ferme, ouvert, ailleurs = (
        make_etablissement(rang, academie=academie)
        for rang, academie in ((1, choix.academie), (2, choix.academie), (3, make_academie("10")))
    )
    candidats, ignores = read(
        choix,
        make_line(1, etat="FERME"),
        make_line(2, "Ancien site", etat="FERME"),
        make_line(2, "Site ouvert"),
        make_line(3, etat="FERME"),
        make_line(4, etat="FERME"),
    )
    apercu = compare(candidats, choix, ignores)
    assert apercu.fermes == [ferme]
    assert [m.etablissement for m in apercu.modifies] == [ouvert]
    apply_annuaire(candidats, choix, None)
    assert Etablissement.objects.count() == 3
    assert ailleurs not in apercu.fermes


def test_second_site_of_a_school_is_said_not_taken(choix):
    candidats, ignores = read(choix, make_line(1, "Premier"), make_line(1, "Annexe"))
    assert [c["denomination"] for c in candidats] == ["Premier"]
    assert ignores.total == 1


def test_value_that_cannot_be_kept_is_left_out_and_said(choix):
    candidats, ignores = read(choix, make_line(1, ville="V" * 61, mel="pas une adresse"))
    assert set(candidats[0]) == {"uai", "denomination", "type"}
    assert len(ignores.valeurs) == 2
    assert ignores.total == 0


def test_school_known_in_another_academie_stays_there(choix):
    autre = make_etablissement(1, academie=make_academie("10"), denomination="Ailleurs")
    apercu = apply_annuaire(read(choix, make_line(1))[0], choix, None)
    assert apercu.ailleurs == [autre]
    autre.refresh_from_db()
    assert autre.denomination == "Ailleurs"


def test_who_imported_is_noted_for_each_school(choix):
    admin = Utilisateur.objects.create_user("admin")
    make_etablissement(1, academie=choix.academie, denomination="Ancien nom")
    apply_annuaire(read(choix, make_line(1), make_line(2))[0], choix, admin)
    traces = {e.object_id: e.change_message for e in LogEntry.objects.filter(user=admin)}
    assert traces == {
        str(Etablissement.objects.get(uai=make_uai(1)).pk): "modifié depuis un annuaire : dénomination, ville",
        str(Etablissement.objects.get(uai=make_uai(2)).pk): "créé depuis un annuaire",
    }


def test_nothing_is_written_when_one_school_cannot_be(choix, monkeypatch):
    make_etablissement(1, academie=choix.academie, denomination="Ancien nom")
    candidats, _ = read(choix, make_line(1), make_line(2))
    monkeypatch.setattr(Etablissement, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        apply_annuaire(candidats, choix, None)
    assert Etablissement.objects.count() == 1


def test_simulated_academie_takes_the_lines_of_the_real_one(db):
    academie = make_academie("09-simulee")
    candidats, _ = read_candidats(make_csv(make_line(1)), "annuaire.csv", academie)
    assert len(candidats) == 1


def test_academie_is_also_known_by_its_name(db):
    texte = f"uai;code_nature;libelle_academie\n{make_uai(1)};340;Été-Nord\n{make_uai(2)};340;Autre\n"
    academie = make_academie("demo", nom="Académie d'Été-Nord")
    candidats, _ = read_candidats(io.BytesIO(texte.encode()), "annuaire.csv", academie)
    assert [c["uai"] for c in candidats] == [make_uai(1)]


def test_list_of_schools_of_siecle_is_read_too(choix):
    with open("tests/parsers/data/etablissements.xml", "rb") as flux:
        candidats, ignores = read_candidats(flux, "Etablissements.xml", choix.academie)
    assert candidats == []
    assert dict(ignores.comptes) == {"autre académie": 1}


def test_another_export_is_refused_by_its_name(choix):
    fichier = make_fichiers(make_etablissement(1))[1]
    with pytest.raises(FichierRefuse, match="pas une liste d'établissements"):
        read_candidats(make_flux(fichier), "Structures.xml", choix.academie)
