"""Say what the first bytes of a file are: encoding, root element, or why it is not an XML at all.

Only the beginning is looked at, with plain string searches: nothing is given to libxml2 before it is
known that there is no DOCTYPE and that the encoding is one of ours.
"""

import codecs
import re
from dataclasses import dataclass

from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.refusals import REFAIRE_SANS_OUVRIR, doctype, page_html


BEE = "ISO-8859-15"

# Declared name, without case, dash or underscore -> name given to libxml2.
ACCEPTES = {
    "utf8": "UTF-8",
    "utf16": "UTF-16",
    "utf16le": "UTF-16LE",
    "utf16be": "UTF-16BE",
    "iso88591": "ISO-8859-1",
    "latin1": "ISO-8859-1",
    "iso885915": BEE,
    "latin9": BEE,
    "windows1252": "windows-1252",
    "cp1252": "windows-1252",
    "ascii": "US-ASCII",
    "usascii": "US-ASCII",
}
SUR_UN_OCTET = frozenset({"ISO-8859-1", BEE, "windows-1252"})

_BOMS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_SANS_BOM = ((b"<\0?\0", "UTF-16LE"), (b"\0<\0?", "UTF-16BE"), (b"<\0", "UTF-16LE"), (b"\0<", "UTF-16BE"))
_PROLOGUE = re.compile(r"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]{1,40})["']""")
_NON_BLANC = re.compile(r"[^ \t\r\n]")
_RACINE = re.compile(r"<(?:[\w.-]{1,80}:)?([\w.-]{1,80})")
_ESPACE = re.compile(r"""xmlns\s*=\s*(?:"[^"]*"|'[^']*')""")

_AUTRES_FORMATS = (
    (b"%PDF", "un document PDF"),
    (b"\xd0\xcf\x11\xe0", "un document Excel ou Word"),
    (b"\x1f\x8b", "une archive GZ"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first bytes say.

    ``encodage`` is the name to give libxml2; ``is_declare`` is false when neither a BOM nor the prolog gave it;
    ``has_bom`` is true for a UTF-8 or UTF-16 mark; ``racine`` is the local name of the root element;
    ``is_qualifie`` is true when its tag says a namespace; ``espace`` is the declaration of that namespace, when it
    is the default one and stands once in the block: no format needs it, and names are read faster without.
    """

    encodage: str
    is_declare: bool
    has_bom: bool
    racine: str
    is_qualifie: bool = False
    espace: bytes = b""


def read_opening(bloc: bytes, nom: str) -> Opening:
    """Recognise encoding and root element from the first block of a file.

    Order of trust: BOM, then prolog, then UTF-8 (``is_declare`` false: the reader falls back on ISO-8859-15,
    the encoding of every BEE export, ``formats/siecle.md`` §1.2).

    Raises FichierRefuse: fichier_vide, page_html, format_inattendu, xml_encodage, xml_doctype, xml_mal_forme.
    """
    if not bloc.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise FichierRefuse(Code.FICHIER_VIDE, f"Le fichier « {nom} » est vide.", REFAIRE_SANS_OUVRIR)
    for signature, quoi in _AUTRES_FORMATS:
        if bloc.startswith(signature):
            raise _not_xml(nom, f"C'est {quoi}, alors qu'un fichier XML ou ZIP est attendu")
    encodage, is_declare, has_bom = _encoding(bloc, nom)
    texte = bloc.decode(encodage, errors="replace").lstrip("\ufeff")
    racine, balise = _racine(texte, nom)
    return Opening(encodage, is_declare, has_bom, racine, "xmlns" in balise, _espace(balise, bloc))


def _not_xml(nom: str, pourquoi: str) -> FichierRefuse:
    if nom.lower().endswith(".zip"):
        message = f"Le fichier « {nom} » porte un nom de ZIP, mais ce n'est pas une archive ZIP. {pourquoi}."
        return FichierRefuse(Code.ZIP_ILLISIBLE, message, REFAIRE_SANS_OUVRIR)
    return FichierRefuse(
        Code.FORMAT_INATTENDU, f"Le fichier « {nom} » n'est pas un XML. {pourquoi}.", REFAIRE_SANS_OUVRIR
    )


def _encoding(bloc: bytes, nom: str) -> tuple[str, bool, bool]:
    for marque, encodage in _BOMS:
        if bloc.startswith(marque):
            return encodage, True, True
    for marque, encodage in _SANS_BOM:
        if bloc.startswith(marque):
            return encodage, True, False
    declare = _PROLOGUE.match(bloc[:400].lstrip().decode("latin-1"))
    if not declare:
        return "UTF-8", False, False
    accepte = ACCEPTES.get(re.sub(r"[-_ ]", "", declare[1].lower()))
    if not accepte or accepte.startswith("UTF-16"):  # 8-bit text cannot be UTF-16
        raise FichierRefuse(
            Code.XML_ENCODAGE,
            f"Le fichier « {nom} » se déclare encodé en « {declare[1]} », "
            "ce qui n'est pas un encodage de SIECLE, de STS-Web ou d'un logiciel d'emploi du temps.",
            REFAIRE_SANS_OUVRIR,
        )
    return accepte, True, False


def _espace(balise: str, bloc: bytes) -> bytes:
    """Empty as well for an encoding of two bytes, in which the declaration is not found."""
    trouve = _ESPACE.search(balise)
    if not trouve or "xmlns:" in balise:
        return b""
    espace = trouve[0].encode("ascii", errors="replace")
    return espace if bloc.count(espace) == 1 else b""


def _racine(texte: str, nom: str) -> tuple[str, str]:
    """The local name of the root element, and its whole start tag."""
    texte = texte[_end_of_prolog(texte, nom) :]
    entame = texte[:20].lower()
    if entame.startswith(("<!doctype html", "<html")):
        raise page_html(nom)
    if entame.startswith("<!doctype"):
        raise doctype(nom)
    if not entame.startswith("<"):
        raise _not_xml(nom, "Il ne commence pas par une balise")
    trouve = _RACINE.match(texte)
    if not trouve:
        raise _no_root(nom)
    return trouve[1], texte[: texte.find(">")]


def _end_of_prolog(texte: str, nom: str) -> int:
    """Walk over declaration, comments and instructions: a regular expression would backtrack on hostile ones."""
    i = _skip_blanks(texte, 0)
    while texte.startswith(("<?", "<!--"), i):
        fin = "?>" if texte.startswith("<?", i) else "-->"
        suite = texte.find(fin, i + 2)
        if suite < 0:
            raise _no_root(nom)
        i = _skip_blanks(texte, suite + len(fin))
    return i


def _skip_blanks(texte: str, i: int) -> int:
    trouve = _NON_BLANC.search(texte, i)
    return trouve.start() if trouve else len(texte)


def _no_root(nom: str) -> FichierRefuse:
    return FichierRefuse(
        Code.XML_MAL_FORME,
        f"Le fichier « {nom} » ne contient aucune donnée lisible : son élément principal est introuvable (ligne 1).",
        REFAIRE_SANS_OUVRIR,
    )
