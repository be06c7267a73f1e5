"""What fuzzing found, each as the smallest input that shows it."""

import io
import zipfile

import pytest

from exchanges.parsers import Code, FichierRefuse, read, read_depot
from tests.parsers.samples import RACINE, load, make_zip


@pytest.mark.parametrize("lire", [read, read_depot])
def test_an_entry_without_a_name_is_refused(lire):
    """``zipfile`` cuts a name at its first NUL, and its own ``is_dir`` fails on an empty one."""
    octets = make_zip({"x": load("eleves.xml")}, zipfile.ZIP_STORED)
    position = octets.rindex(b"xPK")  # the name in the directory, as long as in the header
    octets = octets[:position] + b"\0" + octets[position + 1 :]
    with pytest.raises(FichierRefuse) as refus:
        lire(io.BytesIO(octets), f"{RACINE}.zip")
    assert refus.value.code == Code.ZIP_CHEMIN_SUSPECT


def test_a_name_that_its_own_header_says_otherwise_and_cannot_be_read_is_refused():
    """The header of an entry may claim UTF-8 for bytes that are not: only opening it shows."""
    octets = bytearray(make_zip({"eleves.xml": load("eleves.xml")}))
    octets[6:8] = (0x800).to_bytes(2, "little")  # "the name is in UTF-8", in the header of the entry alone
    octets[30] = 0xAE
    with pytest.raises(FichierRefuse) as refus:
        read(io.BytesIO(octets), "export.zip")
    assert refus.value.code == Code.ZIP_ILLISIBLE
