"""The full import of pupils by a private editor: versions, links, what tells it from ELEGROUPE (§4)."""

import io
from datetime import date, datetime

import pytest

from exchanges.enums import TypeFichier
from exchanges.parsers import FichierRefuse, read, read_depot
from exchanges.parsers.records import LienResponsable
from exchanges.writers import write_depot
from tests.parsers.samples import RACINE, load, make_depot, make_zip, read_bytes, read_sample


NOM = "9990001WPRIVE2025251103145601"
QUAND = datetime(2025, 11, 3, 14, 56, 1)  # noqa: DTZ001 - a file name gives no time zone


def test_prive_file_is_recognised_by_its_content_and_dated_by_its_name():
    (source,) = read(io.BytesIO(make_zip({f"{NOM}.xml": load("prive_3_1.xml")})), f"{NOM}.zip")
    entete = source.fichier.entete
    assert (entete.type, entete.uai, entete.annee) == (TypeFichier.PRIVE, "9990001W", "2025")
    assert (entete.version, entete.logiciel, entete.horodatage) == ("3.1", "EXEMPLE", QUAND)
    assert (source.fichier.inconnus, source.fichier.remarques) == ({}, ())
    renomme = read_bytes(load("prive_3_1.xml"), "élèves (1).xml").fichier
    assert (renomme.entete.type, renomme.entete.horodatage) == (TypeFichier.PRIVE, None)


def test_eleves_of_a_prive_file_have_their_private_id_and_their_schooling():
    ada, parti = read_sample("prive_3_1.xml").fichier.eleves
    assert (ada.eleve_id, ada.id_prv_ele, ada.ine, ada.ine_rnie) == ("", "1", "", "900000001CJ")
    assert (ada.date_naissance, ada.commune_naissance, ada.sexe) == (date(2011, 8, 4), "79191", "2")
    assert (ada.mef, ada.division, ada.statut, ada.options) == ("10310019110", "3 A", "ST", ("030201",))
    assert (ada.rne_an_dernier, ada.mef_an_dernier, ada.provenance) == ("9990002X", "10210001110", "1")
    assert (ada.doublement, ada.date_sortie) == ("0", None)
    assert (parti.date_sortie, parti.motif_sortie, parti.doublement) == (date(2025, 10, 1), "10", "1")


def test_persons_of_a_prive_file_carry_their_address():
    anne, max_ = read_sample("prive_3_1.xml").fichier.personnes
    assert (anne.personne_id, anne.civilite, anne.nom_de_famille, anne.mel) == ("11", "MME", "MODÈLE", "a@example.org")
    assert (anne.adresse, anne.code_postal, anne.commune) == (("1 RUE DE L'EXEMPLE",), "99000", "EXEMPLE")
    assert (anne.accepte_sms, anne.tel_portable, anne.profession) == (True, "+33600000000", "54")
    assert (max_.civilite, max_.commune, max_.code_postal) == ("M.", "AILLEURS", "")


def test_links_of_version_3_1_say_who_pays_and_whom_to_call():
    assert read_sample("prive_3_1.xml").fichier.liens == (
        LienResponsable("1", "11", "1", "10", True, None, True, True),
        LienResponsable("1", "12", "3", "39"),
    )


def test_links_of_version_3_0_say_financier_and_persons_in_charge():
    octets = load("prive_3_1.xml").replace(b"PAIE_FRAIS_SCOLAIRES", b"FINANCIER")
    octets = octets.replace(b"<CONTACT>", b"<PERSONNE_EN_CHARGE>").replace(b"</CONTACT>", b"</PERSONNE_EN_CHARGE>")
    legal, en_charge = read_bytes(octets).fichier.liens
    assert legal.paie_frais_scolaires is True
    assert en_charge.niveau == "2"


def test_links_of_version_2_0_are_converted():
    assert read_sample("prive_2_0.xml").fichier.liens == (
        LienResponsable("1", "11", "1", "10"),
        LienResponsable("1", "12", "1", "39"),
    )


def test_prive_file_is_no_deposit_of_groups():
    with pytest.raises(FichierRefuse, match="Import complet des élèves"):
        read_depot(io.BytesIO(make_depot(load("prive_3_1.xml"))), f"{RACINE}.zip")


def test_prive_file_written_has_the_name_that_siecle_wants():
    fichier = read_sample("prive_3_1.xml").fichier
    nom, octets = write_depot(fichier, QUAND)
    assert nom == f"{NOM}.zip"
    (source,) = read(io.BytesIO(octets), nom)
    assert (source.fichier.eleves, source.fichier.liens) == (fichier.eleves, fichier.liens)
    assert source.fichier.entete.horodatage == QUAND
