"""The samples of ``data/``, and ZIPs made of them. Every name, school and identifier is made up."""

import io
import zipfile
from pathlib import Path

from exchanges.parsers import Source, read, read_depot


DATA = Path(__file__).parent / "data"
RACINE = "9990001WELEGROUPE2025251103145601"


def load(nom: str) -> bytes:
    return (DATA / nom).read_bytes()


def read_bytes(octets: bytes, nom: str = "export.xml") -> Source:
    (source,) = read(io.BytesIO(octets), nom)
    return source


def read_sample(nom: str) -> Source:
    return read_bytes(load(nom), nom)


def make_zip(entrees: dict[str, bytes], methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w", methode) as archive:
        for nom, octets in entrees.items():
            archive.writestr(nom, octets)
    return memoire.getvalue()


def make_depot(octets: bytes, interne: str = f"{RACINE}.xml") -> bytes:
    return make_zip({interne: octets})


def depose(octets: bytes, nom: str = f"{RACINE}.zip") -> Source:
    """Deposit an élève-groupe XML, zipped under the right name."""
    return read_depot(io.BytesIO(make_depot(octets)), nom)
