"""What must hold for any file: written then read is the same; damaged is read or refused, never anything else."""

import io
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.parsers import FichierRefuse, read, read_depot
from exchanges.parsers.records import Lecture
from exchanges.writers import write, write_depot, write_zip
from tests.parsers import strategies
from tests.parsers.samples import DATA, make_depot


BORNES = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ECHANTILLONS = sorted(chemin.name for chemin in DATA.iterdir() if chemin.suffix == ".xml")
QUAND = datetime(2025, 11, 3, 14, 56, 1)  # noqa: DTZ001 - a file name gives no time zone


def read_back(fichier: Lecture, encodage: str) -> Lecture:
    sortie = io.BytesIO()
    write(fichier, sortie, encodage)
    (source,) = read(io.BytesIO(sortie.getvalue()), "export.xml")
    return source.fichier


@pytest.mark.parametrize("nom", strategies.FICHIERS)
@BORNES
@given(st.data(), st.sampled_from(["ISO-8859-15", "UTF-8"]))
def test_what_is_written_is_read_back_the_same(nom, data, encodage):
    fichier = data.draw(strategies.FICHIERS[nom])
    assert strategies.clean(read_back(fichier, encodage)) == strategies.clean(fichier)


@BORNES
@given(strategies.depots)
def test_deposit_written_is_a_valid_deposit(fichier):
    nom, octets = write_depot(fichier, QUAND)
    source = read_depot(io.BytesIO(octets), nom)
    assert source.fichier.eleves == fichier.eleves
    assert source.fichier.entete.horodatage == QUAND


@BORNES
@given(strategies.structures)
def test_zip_written_is_read_back(fichier):
    (source,) = read(io.BytesIO(write_zip("Structures.xml", fichier)), "ExportXML_Structures.zip")
    assert source.nom == "Structures.xml"
    assert source.fichier.groupes == fichier.groupes


def mutate(octets: bytes, mutations: list[tuple[int, int, bytes]]) -> bytes:
    """Replace, at each place, some bytes by others."""
    for ou, longueur, nouveaux in mutations:
        i = ou % (len(octets) + 1)
        octets = octets[:i] + nouveaux + octets[i + longueur :]
    return octets


mutations = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 40),
        st.binary(max_size=6)
        | st.sampled_from([b"<", b">", b"&", b"</ELEVE>", b"<!DOCTYPE a>", b"\0", b'="', b"]]>"]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("nom", ECHANTILLONS)
@BORNES
@given(mutations)
def test_damaged_xml_is_read_or_refused(nom, mutations):
    octets = mutate((DATA / nom).read_bytes(), mutations)
    try:
        sources = read(io.BytesIO(octets), nom)
    except FichierRefuse as refus:
        assert refus.message and refus.action
    else:
        assert all(source.fichier.entete.uai for source in sources)


@BORNES
@given(mutations)
def test_damaged_zip_is_read_or_refused(mutations):
    octets = mutate(make_depot((DATA / "elegroupe.xml").read_bytes()), mutations)
    for lit in (read, read_depot):
        try:
            lit(io.BytesIO(octets), "9990001WELEGROUPE2025251103145601.zip")
        except FichierRefuse as refus:
            assert refus.message and refus.action
