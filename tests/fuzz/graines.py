"""What fuzzing starts from: small files of every format, made here. Every value is invented."""

import io
import re
import zipfile
from pathlib import Path

from exchanges.parsers.roots import FORMATS
from exchanges.parsers.shape import Node
from tests.parsers.samples import DATA, RACINE


IMPORT_ELEVES = "IMPORT_ELEVES"  # its shape depends on its name, so it is not in FORMATS
DEPOT = "depot"
ZIP = "zip"
_TAG = re.compile(rb"<([A-Za-z_][\w.-]*)")
_ATTRIBUT = re.compile(rb"\s([A-Za-z_][\w.-]*)=")
_MOTS = (
    *(b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?a?>", b"&#0;", b"&#x10FFFF;", b"&amp;", b"&a;"),
    *(b'encoding="UTF-16"', b'encoding="UTF-8"', b'encoding="windows-1252"', b'xmlns="a"', b'xmlns:a="b"'),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\xa9", b"?", b"31/12/9999", b"0001-01-01", b"9999-12-31", b"-1"),
    *(b"2026-02-30", b"2026-09-01T00:00:00", b"12:61", b"1e9", b"99999999999999999999", b"true", b"PK\x05\x06"),
)


def list_targets() -> tuple[str, ...]:
    """One target for each root element, then the ZIP of a deposit and the ZIP as bytes."""
    return (*FORMATS, IMPORT_ELEVES, DEPOT, ZIP)


def make_seeds(cible: str) -> list[bytes]:
    """The first inputs of a target."""
    if cible == ZIP:
        samples = {nom: (DATA / nom).read_bytes() for nom in ("communs.xml", "structures.xml")}
        methodes = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        contenus = ({f"{RACINE}.xml": (DATA / "elegroupe.xml").read_bytes()}, samples)
        return [_zip(contenu, methode) for contenu in contenus for methode in methodes]
    racine = IMPORT_ELEVES if cible == DEPOT else cible
    seeds = [octets for path in sorted(DATA.glob("*.xml")) if _root(octets := path.read_bytes()) == racine]
    return [*seeds, make_skeleton(racine)] if racine in FORMATS else seeds


def make_skeleton(racine: str) -> bytes:
    """An XML with every element that the shape of a format names, once."""
    prologue = '<?xml version="1.0" encoding="UTF-8"?>'
    return (prologue + _element(racine, FORMATS[racine].forme)).encode()


def make_dictionary(seeds: list[bytes]) -> str:
    """Words worth inserting, in libFuzzer's format: the tags and attributes of the seeds, and known troublemakers."""
    mots = {mot for octets in seeds for motif in (_TAG, _ATTRIBUT) for mot in motif.findall(octets)}
    echappes = ("".join(f"\\x{octet:02x}" for octet in mot) for mot in (*sorted(mots), *_MOTS))
    return "".join(f'"{mot}"\n' for mot in echappes)


def write_seeds(cible: str, dossier: Path) -> list[bytes]:
    """Write the seeds of a target in a folder; they are returned too."""
    seeds = make_seeds(cible)
    for rang, octets in enumerate(seeds):
        (dossier / f"graine-{rang}").write_bytes(octets)
    return seeds


def _root(octets: bytes) -> str:
    return _TAG.findall(octets)[0].decode()


def _element(tag: str, node: Node, parents: tuple[Node, ...] = ()) -> str:
    """A node found again under itself (a nesting of any depth) is written once."""
    dessous = ((nom, enfant) for nom, enfant in node.enfants.items() if enfant not in (node, *parents))
    dedans = "".join(_element(nom, enfant, (node, *parents)) for nom, enfant in dessous)
    texte = "2026-09-01" if "DATE" in tag else "1"
    return f'<{tag} CODE="1" TYPE="D" ID="1" ANNEE="2026">{dedans or texte}</{tag}>'


def _zip(contenus: dict[str, bytes], methode: int) -> bytes:
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w", methode) as archive:
        for nom, octets in contenus.items():
            archive.writestr(nom, octets)
    return memoire.getvalue()
