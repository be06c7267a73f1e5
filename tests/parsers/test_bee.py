"""The SIECLE exports: what is read, and what they are forgiven."""

from datetime import date, datetime

from exchanges.enums import TypeFichier
from exchanges.parsers.records import LienResponsable, Matiere, Mef, Periode
from tests.parsers.samples import load, read_bytes, read_sample


def codes(fichier) -> set[str]:
    return {remarque.code for remarque in fichier.remarques}


def test_eleves_joins_structures_and_options_whatever_the_order_of_the_blocks():
    fichier = read_sample("eleves.xml").fichier
    maelys, ada = fichier.eleves
    assert (maelys.nom_de_famille, maelys.prenom, maelys.date_naissance) == ("MODÈLE", "Maëlys", date(2011, 8, 4))
    assert (maelys.ine, maelys.ine_bea, maelys.elenoet) == ("900000000EH", "9000000000X", "1000")
    assert (maelys.division, maelys.groupes) == ("4 D", ("3G1", "3G2"))
    assert maelys.options == ("030201", "020300")
    assert (ada.elenoet, ada.date_sortie, ada.motif_sortie) == ("1001", date(2025, 10, 1), "10")
    assert (ada.division, ada.groupes, ada.options) == ("", (), ())


def test_mef_of_last_year_is_never_taken_for_the_mef():
    maelys, ada = read_sample("eleves.xml").fichier.eleves
    assert (maelys.mef, maelys.mef_an_dernier, maelys.rne_an_dernier) == ("", "10210001110", "9990002X")
    assert ada.mef == "10310019110"


def test_unknown_elements_are_counted_by_path_and_never_fatal():
    assert read_sample("eleves.xml").fichier.inconnus == {"BEE_ELEVES/DONNEES/ELEVES/ELEVE/NOUVEAU_CHAMP": 2}


def test_what_is_left_aside_is_said():
    fichier = read_sample("eleves.xml").fichier
    assert codes(fichier) == {"structures_sans_eleve", "caractere_perdu", "date_illisible"}
    assert fichier.eleves[0].date_entree is None


def test_entete_of_a_bee_export():
    entete = read_sample("eleves.xml").fichier.entete
    assert entete.type == TypeFichier.ELEVES
    assert (entete.uai, entete.annee, entete.version) == ("9990001W", "2025", "3.0")
    assert entete.horodatage == datetime(2025, 11, 3, 14, 56, 1)  # noqa: DTZ001 - the file gives no time zone


def test_eleves_from_before_2016_have_nom_and_a_date_of_export_only():
    fichier = read_sample("eleves_2012.xml").fichier
    assert fichier.eleves[0].nom_de_famille == "ANCIEN"
    assert fichier.entete.horodatage == datetime(2012, 10, 1)  # noqa: DTZ001 - the file gives no time zone


def test_eleve_with_two_divisions_keeps_the_first_and_says_so():
    octets = load("eleves.xml").replace(b"<TYPE_STRUCTURE>G", b"<TYPE_STRUCTURE>D", 1)
    fichier = read_bytes(octets).fichier
    assert fichier.eleves[0].division == "3G1"
    assert "plusieurs_divisions" in codes(fichier)


def test_responsables_join_their_adresse():
    fichier = read_sample("responsables.xml").fichier
    (personne,) = fichier.personnes
    assert (personne.code_postal, personne.commune) == ("", "EXEMPLE-SUR-MER")
    assert personne.adresse == ("1 RUE DE L'EXEMPLE",)
    assert (personne.accepte_sms, personne.tel_personnel) == (True, "")
    assert fichier.liens == (LienResponsable("1000000", "2000000", "1", "10", False, True, False, True),)


def test_responsables_from_before_march_2018_are_converted():
    fichier = read_sample("responsables_2017.xml").fichier
    assert fichier.personnes[0].nom_de_famille == "ANCIEN"
    assert fichier.liens == (
        LienResponsable("1", "2", "1", "20", True, False, None, None),
        LienResponsable("1", "3", "3", "70", None, None, None, None),
    )
    assert fichier.inconnus == {}


def test_structures_keep_the_inner_space_of_codes():
    fichier = read_sample("structures.xml").fichier
    (division,), (groupe,) = fichier.divisions, fichier.groupes
    assert (division.code, division.libelle, division.mefs) == ("4 D", "", ("10210001110",))
    assert (groupe.code, groupe.libelle, groupe.divisions) == ("4G1", "LATIN", ("4 D", "4 E"))


def test_commun_gives_the_year_of_the_eleves_not_that_of_last_year():
    fichier = read_sample("communs.xml").fichier
    assert (fichier.denomination, fichier.type_etab) == ("COLLEGE EXEMPLE", "15")
    assert fichier.annee_eleves == Periode(date(2025, 9, 1), date(2026, 8, 31))


def test_commun_is_read_under_its_plural_root_too():
    octets = load("communs.xml").replace(b"BEE_COMMUN", b"BEE_COMMUNS")
    assert read_bytes(octets).fichier.entete.type == TypeFichier.COMMUN


def test_nomenclature_strips_padded_labels_and_knows_the_mefs_still_open():
    fichier = read_sample("nomenclature.xml").fichier
    assert fichier.mefs == (
        Mef("10210001110", "4EME", "4EME"),
        Mef("10210001111", "4EME", "", is_selectionne=False, date_fermeture=date(2019, 8, 31)),
    )
    assert fichier.matieres == (Matiere("030201", "AGL1", "ANGLAIS LV1"),)


def test_nomenclature_of_version_2_0_gives_the_same_codes():
    octets = load("nomenclature.xml").replace(b'VERSION="3.1"', b'VERSION="2.0"')
    octets = octets.replace(b"<DONNEES>", b"<DONNEES><SITUATIONS_EMPLOI/><PCS_SITUATIONS_EMPLOI/>", 1)
    ancienne, recente = read_bytes(octets).fichier, read_sample("nomenclature.xml").fichier
    assert ancienne.entete.version == "2.0"
    assert (ancienne.mefs, ancienne.matieres) == (recente.mefs, recente.matieres)
    assert ancienne.inconnus == recente.inconnus
