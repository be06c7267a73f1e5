"""The élève-groupe deposit: schema, names, coherence (``formats/siecle.md`` §3)."""

import io
from datetime import date, datetime

import pytest

from exchanges.parsers import Code, FichierRefuse, check_annee, check_uai, read, read_depot
from exchanges.parsers.records import Inscription
from exchanges.writers import write_depot
from tests.parsers.samples import RACINE, depose, load, make_depot, make_zip, read_bytes


XML = load("elegroupe.xml")
QUAND = datetime(2025, 11, 3, 14, 56, 1)  # noqa: DTZ001 - a file name gives no time zone

REJETES = {
    "groupes_vides": (b"<GROUPE>\n            <CODE_GROUPE>4G1</CODE_GROUPE>\n          </GROUPE>", b""),
    "deux_identifiants": (b"<ELEVE_ID>", b"<ID_PRV_ELE>1</ID_PRV_ELE><ELEVE_ID>"),
    "attribut_sur_eleve": (b"<ELEVE>", b'<ELEVE ELEVE_ID="1">'),
    "date_francaise": (b"2011-08-04", b"04/08/2011"),
    "date_de_fin_vide": (b"2026-07-03", b""),
    "groupe_de_neuf_caracteres": (b"4G2", b"4G2345678"),
    "groupe_en_double": (b"4G2", b"4G1"),
    "version_absente": (b' VERSION="1.4"', b""),
    "logiciel_de_onze_caracteres": (b"FICTIF", b"FICTIFFICTI"),
    "prenom_vide": ("Maëlys".encode("iso-8859-15"), b""),
    "numero_trop_grand": (b">7<", b">100000<"),
    "ordre_change": (b"<NUM_ENVOI>7</NUM_ENVOI>\n", b""),
    "nom_1_3_trop_long": (b"NOM_DE_FAMILLE>GABARIT</NOM_DE_FAMILLE", b"NOM>ABCDEFGHIJKLMNOPQRSTUVWXYZ</NOM"),
}

ACCEPTES = {
    "fin_avant_debut": (b"2026-07-03", b"2025-08-01"),
    "espaces_apres_le_code": (b"4G2", b"4G2  "),
    "fuseau_horaire": (b"2026-07-03", b"2026-07-03+02:00"),
    "version_vide": (b'"1.4"', b'""'),
    "nom_usage": (b"</NOM_DE_FAMILLE>", b"</NOM_DE_FAMILLE><NOM_USAGE>AUTRE</NOM_USAGE>"),
}


def line_of(octets: bytes) -> int:
    return XML[: XML.index(octets)].count(b"\n") + 1


def refusal(octets: bytes, nom: str = f"{RACINE}.zip") -> FichierRefuse:
    with pytest.raises(FichierRefuse) as levee:
        read_depot(io.BytesIO(octets), nom)
    return levee.value


def test_deposit_is_read_with_its_header_and_its_inscriptions():
    source = depose(XML)
    fichier = source.fichier
    assert source.nom == f"{RACINE}.xml"
    assert (fichier.entete.uai, fichier.entete.annee, fichier.entete.logiciel) == ("9990001W", "2025", "FICTIF")
    assert fichier.entete.horodatage == QUAND
    assert (fichier.date_import, fichier.num_envoi) == (date(2025, 11, 3), 7)
    maelys, ada = fichier.eleves
    assert (maelys.identifiant, ada.identifiant) == ("1000000", "900000002EF")
    assert maelys.inscriptions == (Inscription("4G1", date(2025, 9, 1), date(2026, 7, 3)), Inscription("4G2"))
    assert fichier.remarques == ()


@pytest.mark.parametrize("cas", REJETES)
def test_schema_rejects(cas):
    avant, apres = REJETES[cas]
    assert avant in XML
    refus = refusal(make_depot(XML.replace(avant, apres, 1)))
    assert refus.code == Code.XML_SCHEMA
    assert "ligne" in refus.message


@pytest.mark.parametrize("cas", ACCEPTES)
def test_schema_accepts_what_the_rules_must_catch(cas):
    avant, apres = ACCEPTES[cas]
    assert avant in XML
    assert len(depose(XML.replace(avant, apres, 1)).fichier.eleves) == 2


def test_schema_fault_is_told_with_line_element_and_value():
    refus = refusal(make_depot(XML.replace(b"4G2", b"4G2345678")))
    assert f"ligne {line_of(b'4G2')}, CODE_GROUPE « 4G2345678 » : trop long (9 caractères, 8 au plus)" in refus.message
    refus = refusal(make_depot(XML.replace(b"2012-04-24", b"24/04/2012")))
    assert (
        f"ligne {line_of(b'2012-04-24')}, DATE_NAISS « 24/04/2012 » : n'est pas une date au format AAAA-MM-JJ"
        in refus.message
    )


def test_schema_fault_is_placed_right_in_a_file_of_several_blocks():
    eleve = XML[XML.index(b"      <ELEVE>") : XML.index(b"    </ELEVES>")]
    autres = b"".join(
        eleve.replace(b"1000000", b"%d" % (2_000_000 + i)).replace(b"900000002EF", b"%09dEF" % i) for i in range(900)
    )
    octets = XML.replace(b"    </ELEVES>", autres + b"    </ELEVES>")
    assert len(octets) > 2 * 256 * 1024
    fautif = octets.replace(b"2000800<", b"abc<")
    ligne = fautif[: fautif.index(b"abc<")].count(b"\n") + 1
    refus = refusal(make_depot(fautif))
    assert f"ligne {ligne}, ELEVE_ID « abc » : n'est pas un nombre entier" in refus.message


def test_only_the_first_faults_are_told_and_the_others_counted():
    refus = refusal(make_depot(XML.replace(b"<CODE_GROUPE>4", b"<CODE_GROUPE>123456789").replace(b"-0", b"/0")))
    assert refus.message.count("ligne") == 5
    assert "et au moins" in refus.message


def test_same_identifier_twice_is_rejected():
    refus = refusal(
        make_depot(XML.replace(b"<ID_NATIONAL>900000002EF</ID_NATIONAL>", b"<ELEVE_ID>1000000</ELEVE_ID>"))
    )
    assert "« 1000000 » figure deux fois" in refus.message


def test_impossible_year_of_birth_is_refused_though_the_schema_allows_it():
    refus = refusal(make_depot(XML.replace(b"2011-08-04", b"12011-08-04")))
    assert refus.code == Code.XML_SCHEMA
    assert "MODÈLE" in refus.message


def test_nom_of_schema_1_3_is_read_with_a_remark():
    fichier = depose(XML.replace(b"NOM_DE_FAMILLE", b"NOM").replace(b'"1.4"', b'"1.3"')).fichier
    assert fichier.eleves[0].nom_de_famille == "MODÈLE"
    assert [remarque.code for remarque in fichier.remarques] == ["schema_1_3"]


def test_group_code_keeps_its_blanks_since_siecle_judges_it_so():
    fichier = depose(XML.replace(b"4G2<", b"4G2 <")).fichier
    assert fichier.eleves[0].inscriptions[1].groupe == "4G2 "
    assert fichier.remarques == ()
    nom, octets = write_depot(fichier, QUAND)
    assert read_depot(io.BytesIO(octets), nom).fichier.eleves == fichier.eleves


def test_read_delegates_an_elegroupe_zip_to_read_depot():
    (source,) = read(io.BytesIO(make_depot(XML)), f"{RACINE}.zip")
    assert source == depose(XML)
    with pytest.raises(FichierRefuse) as levee:
        read(io.BytesIO(make_depot(XML)), "groupes.zip")
    assert levee.value.code == Code.NOM_MAL_FORME


def test_bare_elegroupe_xml_is_read_for_a_check_and_not_for_a_deposit():
    assert read_bytes(XML, f"{RACINE}.xml").fichier.entete.horodatage == QUAND
    assert refusal(XML, f"{RACINE}.xml").code == Code.ZIP_ATTENDU


def test_extension_may_be_upper_case():
    assert read_depot(io.BytesIO(make_depot(XML, f"{RACINE}.XML")), f"{RACINE}.ZIP").fichier.eleves


def test_name_given_with_a_path_is_its_last_part():
    assert read_depot(io.BytesIO(make_depot(XML)), f"C:\\fakepath\\{RACINE}.zip").fichier.eleves


@pytest.mark.parametrize("suffixe", [" (1)", "(2)", " - Copie", "_(1)"])
def test_suffix_added_by_the_browser_is_named_in_the_refusal(suffixe):
    refus = refusal(make_depot(XML), f"{RACINE}{suffixe}.zip")
    assert refus.code == Code.NOM_MAL_FORME
    assert suffixe.strip() in refus.message
    assert f"{RACINE}.zip" in refus.action


def test_checks_come_in_the_order_of_siecle():
    mauvais_xml = XML.replace(b"4G2", b"4G2345678").replace(b"9990001W", b"9990002X")
    assert refusal(b"PK\x03\x04", "x.zip").code == Code.ZIP_ILLISIBLE
    assert refusal(make_zip({"a.xml": mauvais_xml}), "x.zip").code == Code.NOM_MAL_FORME
    assert refusal(make_zip({"a.xml": mauvais_xml})).code == Code.NOM_DIFFERENT
    assert refusal(make_depot(mauvais_xml)).code == Code.XML_SCHEMA
    assert refusal(make_depot(XML.replace(b"9990001W", b"9990002X"))).code == Code.UAI_DIFFERENT


def test_connected_school_and_year_are_checked_by_the_caller():
    entete = depose(XML).fichier.entete
    check_uai("9990001W", entete)
    check_annee("2025", entete)
    with pytest.raises(FichierRefuse, match="alors que vous êtes dans l'établissement 9990002X") as levee:
        check_uai("9990002X", entete)
    assert levee.value.code == Code.UAI_DIFFERENT
    with pytest.raises(FichierRefuse, match="Année du fichier différente de l'année utilisée !") as levee:
        check_annee("2026", entete)
    assert levee.value.code == Code.ANNEE_DIFFERENTE
    assert "2025-2026" in levee.value.message
