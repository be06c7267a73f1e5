"""Do the files of a batch belong together? (``formats/siecle.md`` §1.2)"""

from datetime import datetime, timedelta

import pytest

from exchanges.enums import Gravite, TypeFichier
from exchanges.parsers.records import Entete, FichierEleves, FichierSTS
from exchanges.rules.coherence import check_anciennete, check_coherence
from tests.rules.makers import UAI


MIDI = datetime(2026, 9, 3, 12, 0)  # noqa: DTZ001 - an export gives no time zone


def make_fichier(type_fichier=TypeFichier.ELEVES, uai=UAI, annee="2026", horodatage=MIDI):
    modele = FichierSTS if type_fichier == TypeFichier.STS_EDT else FichierEleves
    return modele(entete=Entete(type_fichier, uai, annee, horodatage=horodatage))


def found(*fichiers, annee="2026"):
    return [(anomalie.code, anomalie.objet) for anomalie in check_coherence(fichiers, UAI, annee)]


def test_files_of_one_school_one_year_and_one_day_have_nothing_to_say():
    assert found(make_fichier(), make_fichier(TypeFichier.STRUCTURES), make_fichier(TypeFichier.STS_EDT)) == []
    assert found() == []


def test_fichier_autre_etablissement_names_both_schools():
    fichier = make_fichier(uai="0990002E")
    (anomalie,) = check_coherence([fichier], UAI, "2026")
    assert (anomalie.code, anomalie.gravite) == ("fichier_autre_etablissement", Gravite.BLOQUANTE)
    assert anomalie.message == f"Élèves (SIECLE) : le fichier est celui de 0990002E, pas de {UAI}."


def test_fichier_autre_annee_names_both_years():
    (anomalie,) = check_coherence([make_fichier(annee="2025")], UAI, "2026")
    assert (anomalie.code, anomalie.gravite) == ("fichier_autre_annee", Gravite.BLOQUANTE)
    assert anomalie.message == "Élèves (SIECLE) : le fichier est de l'année 2025, la base de l'année 2026."


@pytest.mark.parametrize(("ecart", "is_dit"), [(timedelta(days=1), False), (timedelta(days=1, seconds=1), True)])
def test_exports_de_dates_differentes_names_the_older_ones_past_one_day(ecart, is_dit):
    vieux = make_fichier(TypeFichier.STRUCTURES, horodatage=MIDI - ecart)
    attendu = [("exports_de_dates_differentes", "BEE_STRUCTURES")] if is_dit else []
    assert found(make_fichier(), vieux) == attendu


def test_exports_de_dates_differentes_does_not_look_at_sts_nor_at_undated_files():
    sts = make_fichier(TypeFichier.STS_EDT, horodatage=MIDI - timedelta(days=30))
    assert found(make_fichier(), sts, make_fichier(TypeFichier.STRUCTURES, horodatage=None)) == []


def test_export_plus_ancien_compares_with_what_was_loaded_of_the_same_type():
    entetes = [make_fichier().entete, make_fichier(TypeFichier.STRUCTURES).entete]
    precedents = {"BEE_ELEVES": MIDI + timedelta(minutes=1), "BEE_STRUCTURES": MIDI}
    (anomalie,) = check_anciennete(entetes, precedents)
    assert (anomalie.code, anomalie.objet, anomalie.gravite) == (
        *("export_plus_ancien", "BEE_ELEVES"),
        Gravite.AVERTISSEMENT,
    )
    assert "03/09/2026 à 12:00" in anomalie.message
    assert "03/09/2026 à 12:01" in anomalie.message


def test_export_plus_ancien_says_nothing_of_a_first_or_undated_file():
    assert check_anciennete([make_fichier().entete], {}) == []
    assert check_anciennete([make_fichier(horodatage=None).entete], {"BEE_ELEVES": MIDI}) == []
