"""What fuzzing found, each as the smallest input that shows it."""

import io
import zipfile

import pytest

from exchanges.parsers import Code, FichierRefuse, read, read_depot
from tests.parsers.samples import RACINE, load


@pytest.mark.parametrize("lire", [read, read_depot])
@pytest.mark.parametrize("nom", ["", "\0export.xml"])
def test_an_entry_without_a_name_is_refused(lire, nom):
    """``zipfile`` cuts a name at its first NUL, and its own ``is_dir`` fails on an empty one."""
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w") as archive:
        archive.writestr("x" * len(nom) or "x", load("eleves.xml"))
    octets = memoire.getvalue()
    court = "x" * len(nom) or "x"
    brut = nom.encode() or b"\0"
    octets = octets.replace(court.encode() + b"<?xml", brut + b"<?xml").replace(
        court.encode() + b"PK\x05", brut + b"PK\x05"
    )
    with pytest.raises(FichierRefuse) as refus:
        lire(io.BytesIO(octets), f"{RACINE}.zip")
    assert refus.value.code == Code.ZIP_CHEMIN_SUSPECT
