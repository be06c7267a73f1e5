"""What is wrong in the base before any deposit (``formats/siecle.md`` §5)."""

from datetime import date

from exchanges.enums import Gravite, TypeFichier
from exchanges.parsers.records import (
    Division,
    Eleve,
    Entete,
    FichierEleves,
    FichierStructures,
    FichierSTS,
    Groupe,
)
from exchanges.rules.base_eleves import Base, check_base, read_base
from exchanges.rules.identifiants import cle_rnie
from tests.rules.makers import MEF, NAISSANCE, UAI


INE = f"080000001{cle_rnie('080000001')}"


def entete(type_fichier):
    return Entete(type_fichier, UAI, "2026")


def make_eleve(eleve_id="1001", **champs):
    defauts = {"nom_de_famille": "MODELE", "prenom": "Maëlys", "date_naissance": NAISSANCE}
    return Eleve(eleve_id=eleve_id, **(defauts | {"mef": MEF, "division": "6A", "ine": INE} | champs))


def make_base(*eleves, structures=None, sts=None):
    fichiers = [FichierEleves(entete=entete(TypeFichier.ELEVES), eleves=eleves)]
    if structures is not None:
        fichiers.append(FichierStructures(entete=entete(TypeFichier.STRUCTURES), **structures))
    if sts is not None:
        fichiers.append(FichierSTS(entete=entete(TypeFichier.STS_EDT), **sts))
    return read_base(fichiers)


def found(base):
    return [(anomalie.code, anomalie.eleve_id, anomalie.objet) for anomalie in check_base(base)]


def test_a_base_without_fault_and_an_empty_one_have_nothing_to_say():
    structures = {"divisions": (Division("6A", mefs=(MEF,)),), "groupes": (Groupe("6AGL1"),)}
    assert found(make_base(make_eleve(), structures=structures, sts=structures)) == []
    assert found(Base()) == []


def test_ine_manquant_names_the_eleve_who_will_have_no_account():
    base = make_base(make_eleve(ine=""), make_eleve("1002", ine="", date_sortie=date(2026, 10, 1)))
    assert found(base) == [("ine_manquant", "1001", "")]
    (anomalie,) = check_base(base)
    assert (anomalie.gravite, anomalie.nom, anomalie.division) == (Gravite.AVERTISSEMENT, "MODELE Maëlys", "6A")


def test_ine_cle_fausse_names_the_ine():
    assert found(make_base(make_eleve(ine="080000001AA"))) == [("ine_cle_fausse", "1001", "080000001AA")]


def test_ine_en_double_names_every_eleve_who_bears_it_but_no_leaver():
    base = make_base(make_eleve("1"), make_eleve("2"), make_eleve("3", date_sortie=date(2026, 10, 1)))
    assert found(base) == [("ine_en_double", "1", INE), ("ine_en_double", "2", INE)]
    assert found(make_base(make_eleve("1"), make_eleve("3", date_sortie=date(2026, 10, 1)))) == []


def test_eleve_sans_mef_is_said_once_whatever_else_she_lacks():
    assert found(make_base(make_eleve(mef="", division=""))) == [("eleve_sans_mef", "1001", "")]


def test_eleve_sans_division_is_said_of_an_eleve_with_a_mef():
    assert found(make_base(make_eleve(division=""))) == [("eleve_sans_division", "1001", "")]


def test_division_inconnue_needs_the_structures_export():
    eleve = make_eleve(division="6Z")
    assert found(make_base(eleve)) == []
    structures = {"divisions": (Division("6A", mefs=(MEF,)),)}
    assert found(make_base(eleve, structures=structures)) == [("division_inconnue", "1001", "6Z")]


def test_division_hors_mef_is_said_when_the_division_names_other_mefs():
    autre = {"divisions": (Division("6A", mefs=("10110001110",)),)}
    assert found(make_base(make_eleve(), structures=autre)) == [("division_hors_mef", "1001", "6A")]
    muette = {"divisions": (Division("6A"),)}
    assert found(make_base(make_eleve(), structures=muette)) == []


def test_of_two_files_of_one_type_the_last_one_counts():
    premier = FichierEleves(entete=entete(TypeFichier.ELEVES), eleves=(make_eleve(ine=""),))
    second = FichierEleves(entete=entete(TypeFichier.ELEVES), eleves=(make_eleve(),))
    assert found(read_base([premier, second])) == []
