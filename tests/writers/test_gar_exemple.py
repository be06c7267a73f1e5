"""The example of the format's notes: valid, sound, and what our writer makes of the same records."""

import io
import tarfile
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import etree

from exchanges.parsers.records.gar import (
    EleveEnseignementGAR,
    EnsDivisionMatiereGAR,
    EnsGroupeMatiereGAR,
    EtabGAR,
    ExportGAR,
    GroupeGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
)
from exchanges.rules.gar import check_gar
from exchanges.writers.gar import load_schema, send_archive
from tests.writers.gar_makers import make_eleve, make_enseignant, make_resp_aff


DOCUMENTS = sorted((Path(__file__).parent / "data" / "gar").glob("*.xml"))
QUAND = datetime(2024, 9, 16, 21)  # noqa: DTZ001 - a file name gives no time zone
UAI = "0990001A"
SIXIEME, TROISIEME = "10010012110", "10310019110"
EXEMPLE = ExportGAR(
    etabs=(
        EtabGAR(
            UAI, "COLLEGE FICTIF", contrat="PU", telephone="+33 1 00 00 00 01", mel="ce.0990001A@ac-fictif.example"
        ),
    ),
    mefs=(
        MefGAR(UAI, SIXIEME, "6EME", SIXIEME, "21160010019"),
        MefGAR(UAI, TROISIEME, "3EME", TROISIEME, "21110010012"),
    ),
    matieres=(MatiereGAR(UAI, "020700", "FRANCAIS"), MatiereGAR(UAI, "030602", "ESPAGNOL LV2")),
    eleves=(
        make_eleve("e-700001", nom_patronymique="DUTEST"),
        make_eleve(
            "e-700002",
            nom="L'ESSAI",
            prenom="Jean-Noël",
            autres_prenoms=("Jean-Noël",),
            civilite="M.",
            date_naissance=date(2013, 7, 14),
        ),
    ),
    eleves_mefs=(PersonMefGAR(UAI, "e-700001", TROISIEME), PersonMefGAR(UAI, "e-700002", SIXIEME)),
    eleves_enseignements=(
        EleveEnseignementGAR(UAI, "e-700001", "020700"),
        EleveEnseignementGAR(UAI, "e-700001", "030602"),
        EleveEnseignementGAR(UAI, "e-700002", "020700"),
    ),
    enseignants=(make_enseignant("p-600001", rattachement=UAI, date_naissance=date(1980, 1, 1)),),
    enseignants_mefs=(PersonMefGAR(UAI, "p-600001", TROISIEME),),
    groupes=(
        GroupeGAR(UAI, "6A", "6ème A", "DIVISION"),
        GroupeGAR(UAI, "3B", "3EME", "DIVISION"),
        GroupeGAR(UAI, "3B ESP", "", "GROUPE", ("3B",)),
        GroupeGAR(UAI, "LATIN", "", "GROUPE", ("6A", "3B")),
    ),
    personnes_groupes=(
        PersonGroupeGAR(UAI, "e-700001", "3B"),
        PersonGroupeGAR(UAI, "e-700001", "3B ESP"),
        PersonGroupeGAR(UAI, "e-700001", "LATIN"),
        PersonGroupeGAR(UAI, "e-700002", "6A"),
        PersonGroupeGAR(UAI, "p-600001", "3B"),
        PersonGroupeGAR(UAI, "p-600001", "3B ESP"),
    ),
    enseignants_groupes=(EnsGroupeMatiereGAR(UAI, "p-600001", "3B ESP", ("030602",)),),
    enseignants_divisions=(EnsDivisionMatiereGAR(UAI, "p-600001", "3B", ("030602",)),),
    responsables_affectation=(make_resp_aff("p-600002", civilite="M."),),
)


def canonical(octets):
    """The document without its layout."""
    return etree.tostring(etree.fromstring(octets, etree.XMLParser(remove_blank_text=True)), method="c14n")


@pytest.mark.parametrize("chemin", DOCUMENTS, ids=lambda chemin: chemin.stem.split("_")[-2])
def test_the_example_is_valid(chemin):
    load_schema().assertValid(etree.parse(chemin))


def test_the_example_is_what_is_written_from_its_records():
    sortie = io.BytesIO()
    send_archive("XX99", QUAND, EXEMPLE, sortie)
    sortie.seek(0)
    with tarfile.open(fileobj=sortie) as archive:
        ecrits = {membre.name: canonical(archive.extractfile(membre).read()) for membre in archive}
    assert ecrits == {chemin.name: canonical(chemin.read_bytes()) for chemin in DOCUMENTS}


def test_no_rule_finds_fault_with_the_example():
    assert list(check_gar(EXEMPLE)) == []
