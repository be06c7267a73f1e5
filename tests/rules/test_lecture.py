"""What is said about how a file is written, and about what is missing to judge it."""

from exchanges.enums import Gravite, TypeFichier
from exchanges.parsers.records import Entete, FichierEleves, Remarque
from exchanges.rules.lecture import check_lecture, check_materiel
from exchanges.rules.referentiel import Referentiel
from tests.rules.makers import UAI, make_referentiel


ENTETE = Entete(TypeFichier.ELEVES, UAI, "2026")


def test_a_well_written_file_of_known_elements_has_nothing_to_say():
    assert check_lecture(FichierEleves(entete=ENTETE)) == []


def test_ecriture_du_fichier_repeats_each_remark_of_the_parser():
    remarques = (Remarque("bom", "Une marque."), Remarque("mojibake", "Des accents."))
    anomalies = check_lecture(FichierEleves(entete=ENTETE, remarques=remarques))
    assert [anomalie.message for anomalie in anomalies] == ["Une marque.", "Des accents."]
    assert {(a.code, a.gravite, a.objet) for a in anomalies} == {
        ("ecriture_du_fichier", Gravite.AVERTISSEMENT, "BEE_ELEVES")
    }


def test_elements_inconnus_counts_them_all_and_names_five():
    inconnus = {f"BEE_ELEVES/NOUVEAU{rang}": 10 for rang in range(7)}
    (anomalie,) = check_lecture(FichierEleves(entete=ENTETE, inconnus=inconnus))
    assert (anomalie.code, anomalie.gravite) == ("elements_inconnus", Gravite.INFORMATION)
    assert anomalie.message.startswith("70 élément(s) inconnu(s) dans Élèves (SIECLE) : ")
    assert anomalie.message.count("NOUVEAU") == 5


def test_verdict_partiel_names_each_export_that_is_missing():
    messages = [anomalie.message for anomalie in check_materiel(Referentiel())]
    assert [message.split(",")[0] for message in messages] == [
        "Sans ElevesSansAdresses.xml",
        "Sans Structures.xml",
        "Sans Communs.xml",
    ]


def test_verdict_partiel_says_nothing_when_all_is_there():
    assert check_materiel(make_referentiel()) == []
