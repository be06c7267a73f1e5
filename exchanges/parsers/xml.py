"""The one place where lxml is configured to read, and libxml2's errors turned into refusals.

The bytes go by in blocks, hashed and bounded, to a target that follows the shape of the format.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from lxml import etree

from exchanges.parsers import encodings, limits, schema
from exchanges.parsers.encodings import Opening
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.refusals import REFAIRE, too_deep, too_large
from exchanges.parsers.shape import Frame, Node
from exchanges.parsers.targets import QualifiedTarget, ShapeTarget, WitnessTarget


Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the bytes of one XML from their beginning, as often as asked."""

_NB_FAUTES_DITES = 5
_NB_FAUTES_CHERCHEES = 50
_ERREURS = etree.ErrorTypes
_ENCODAGE = frozenset(
    {
        _ERREURS.ERR_INVALID_ENCODING,
        _ERREURS.ERR_UNKNOWN_ENCODING,
        _ERREURS.ERR_UNSUPPORTED_ENCODING,
        _ERREURS.I18N_CONV_FAILED,
        _ERREURS.I18N_NO_HANDLER,
    }
)
_DEMESURE = frozenset({_ERREURS.ERR_RESOURCE_LIMIT, _ERREURS.ERR_NAME_TOO_LONG})
_TRONQUE = ", où le fichier s'arrête avant la fin des données (téléchargement interrompu ?)"
_RAISONS = {
    _ERREURS.ERR_UNDECLARED_ENTITY: ", où se trouve une entité (« &…; ») qui n'existe pas en XML",
    _ERREURS.ERR_INVALID_CHAR: ", où se trouve un caractère interdit",
    _ERREURS.ERR_ATTRIBUTE_REDEFINED: ", où un attribut est donné deux fois",
    _ERREURS.ERR_TAG_NAME_MISMATCH: ", où une balise se ferme sans correspondre à celle qui était ouverte",
    _ERREURS.ERR_DOCUMENT_END: ", où des données suivent la fin du document",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What one XML gave: the Frame of its root, the records by name, and what was noticed on the way.

    ``octets_utf8`` counts the UTF-8 sequences met in a file declared in a one-byte encoding (mojibake).
    ``encodage`` is the one really used.
    """

    opening: Opening
    encodage: str
    empreinte: str
    racine: Frame
    fiches: dict[str, list[Any]]
    inconnus: dict[str, int]
    dates_illisibles: dict[str, int]
    comptes: dict[str, int]
    octets_utf8: int


@dataclass(slots=True)
class BoundedStream:
    """One reading of the bytes: hashed, counted and bounded as they go by.

    ``espace`` is what is left out of the first block, once it has been hashed (a schema judges it, the shapes do not).
    """

    flux: BinaryIO
    nom: str
    espace: bytes = b""
    octets: int = 0
    octets_utf8: int = 0
    balises: int = 0
    sha: Any = field(default_factory=hashlib.sha256)

    def blocs(self, chercher_utf8: bool) -> Iterator[bytes]:
        """The blocks of the stream.

        Raises FichierRefuse xml_trop_grand past the bounds on bytes and on tags.
        """
        while lu := self.flux.read(limits.BLOC):
            self.sha.update(lu)
            self.octets += len(lu)
            if self.octets > limits.MAX_OCTETS:
                raise too_large(self.nom, f"il dépasse {limits.MAX_OCTETS // 1024 // 1024} Mo")
            self.balises += lu.count(b"<")
            if self.balises > limits.MAX_BALISES:
                raise too_large(self.nom, f"il contient plus de {limits.MAX_BALISES} balises")
            if chercher_utf8 and (b"\xc3" in lu or b"\xc5" in lu):  # looked for at the speed of memchr
                self.octets_utf8 += len(_SEQUENCE_UTF8.findall(lu))
            yield lu


_SEQUENCE_UTF8 = re.compile(rb"[\xc3\xc5][\x80-\xbf]")


def read_xml(opener: Opener, nom: str, opening: Opening, forme: Node, xsd: etree.XMLSchema | None = None) -> Content:
    """Read one XML along ``forme``, validated on the way when ``xsd`` is given.

    Args:
        opener: opens the bytes from their beginning; called again when a second look is needed (the encoding
            was not declared, or the place of a schema fault has to be found).

    Raises FichierRefuse: xml_mal_forme, xml_encodage, xml_doctype, xml_schema, xml_trop_profond,
    xml_trop_grand, and whatever a shape refuses.
    """
    is_qualifie = opening.is_qualifie and (xsd is not None or not opening.espace)
    make_target = QualifiedTarget if is_qualifie else ShapeTarget
    try:
        return _read(opener, make_target(nom, opening.racine, forme), opening, opening.encodage, xsd)
    except FichierRefuse as refus:
        if opening.is_declare or refus.code != Code.XML_ENCODAGE:
            raise
    return _read(opener, make_target(nom, opening.racine, forme), opening, encodings.BEE, xsd)


def _read(
    opener: Opener, target: ShapeTarget, opening: Opening, encodage: str, xsd: etree.XMLSchema | None
) -> Content:
    parser = make_parser(target, encodage, xsd)
    with opener() as flux:
        bounded = BoundedStream(flux, target.nom, espace=b"" if xsd else opening.espace)
        numero = _feed(parser, bounded, target, encodage, is_valide=xsd is not None)
    if xsd and parser.feed_error_log:
        raise _schema_refusal(opener, target.nom, encodage, xsd, numero)
    return Content(
        opening=opening,
        encodage=encodage,
        empreinte=bounded.sha.hexdigest(),
        racine=target.document.get(opening.racine, [{}])[0],
        fiches=target.fiches,
        inconnus=dict(target.inconnus),
        dates_illisibles=dict(target.dates_illisibles),
        comptes=dict(target.comptes),
        octets_utf8=bounded.octets_utf8,
    )


def _feed(parser: etree.XMLParser, bounded: BoundedStream, target: ShapeTarget, encodage: str, is_valide: bool) -> int:
    """Give every block to the parser; stop at the first one that does not follow the schema, and return its number.

    With a schema (``is_valide``), the log of the parser holds the validator's complaints and nothing else.
    """
    numero, is_fini = 0, False
    try:
        for numero, lu in enumerate(bounded.blocs(chercher_utf8=encodage in encodings.SUR_UN_OCTET)):
            parser.feed(lu if numero else _without_bom(lu).replace(bounded.espace, b"", 1))
            if is_valide and parser.feed_error_log:
                return numero
        is_fini = True
        parser.close()
    except etree.XMLSyntaxError as erreur:
        raise syntax_refusal(erreur, parser, target.nom, encodage, is_fini) from erreur
    return numero


def make_parser(cible: Any, encodage: str, xsd: etree.XMLSchema | None = None) -> etree.XMLParser:
    """The hardened parser: no entity, no network, no DTD, no recovery, libxml2's own limits kept."""
    return etree.XMLParser(
        target=cible,
        encoding=encodage,
        schema=xsd,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
    )


def _without_bom(bloc: bytes) -> bytes:
    return bloc.removeprefix(b"\xef\xbb\xbf")


def _schema_refusal(
    opener: Opener,
    nom: str,
    encodage: str,
    xsd: etree.XMLSchema,
    bloc_fautif: int,
) -> FichierRefuse:
    """Read again, tag by tag from the faulty block on: streaming validation gives no line (libxml2 says 0)."""
    fautes = _locate(opener, encodage, xsd, bloc_fautif)
    dites = " ; ".join(str(faute) for faute in fautes[:_NB_FAUTES_DITES])
    reste = len(fautes) - _NB_FAUTES_DITES
    suite = f" ; et au moins {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else ""
    return FichierRefuse(
        Code.XML_SCHEMA,
        f"Fichier XML non valide. « {nom} » n'est pas conforme au schéma des liens élève-groupe : {dites}{suite}.",
        "Corrigez ces données dans le logiciel d'emploi du temps, puis refaites l'export élève-groupe.",
    )


def _locate(opener: Opener, encodage: str, xsd: etree.XMLSchema, bloc_fautif: int) -> list[schema.Faute]:
    witness = WitnessTarget()
    parser = make_parser(witness, encodage, xsd)
    fautes: list[schema.Faute] = []
    deja = 0
    with opener() as flux, suppress(etree.XMLSyntaxError):  # malformed further down: the faults found are enough
        for ligne, morceau in _pieces(flux, bloc_fautif):
            parser.feed(morceau)
            journal = list(parser.feed_error_log)
            fautes += schema.read_fautes(journal[deja:], ligne, witness.tag, witness.texte)
            deja = len(journal)
            if len(fautes) >= _NB_FAUTES_CHERCHEES:
                break
    return fautes


def _pieces(flux: BinaryIO, bloc_fautif: int) -> Iterator[tuple[int, bytes]]:
    """The blocks before the faulty one, then that one and the next cut after each tag, with their last line."""
    ligne = 1
    for numero, bloc in enumerate(BoundedStream(flux, "").blocs(chercher_utf8=False)):
        if numero > bloc_fautif + 1:
            return
        lu = bloc if numero else _without_bom(bloc)
        for morceau in re.split(rb"(?<=>)", lu) if numero >= bloc_fautif else [lu]:
            ligne += morceau.count(b"\n")
            if morceau:
                yield ligne, morceau


def syntax_refusal(
    erreur: etree.XMLSyntaxError, parser: etree.XMLParser, nom: str, encodage: str, is_fini: bool
) -> FichierRefuse:
    """Say libxml2's error in French. ``erreur.error_log`` is not used: it keeps the errors of other files."""
    types = {cast(Any, erreur).code, *(entree.type for entree in list(parser.feed_error_log))}
    ligne = erreur.lineno or 1
    if types & _ENCODAGE:
        return FichierRefuse(
            Code.XML_ENCODAGE,
            f"Le fichier « {nom} » contient, à la ligne {ligne}, des caractères qui ne sont pas écrits en "
            f"{encodage}, l'encodage qu'il annonce : il a sans doute été enregistré par un autre logiciel.",
            "Refaites l'export et déposez le fichier sans l'ouvrir ni l'enregistrer.",
        )
    if types & _DEMESURE:
        profond = "depth" in (erreur.msg or "")
        return too_deep(nom) if profond else too_large(nom, f"un élément est démesuré à la ligne {ligne}")
    raison = next((raison for type_, raison in _RAISONS.items() if type_ in types), "")
    if is_fini and _ERREURS.ERR_DOCUMENT_END not in types:
        raison = _TRONQUE
    return FichierRefuse(
        Code.XML_MAL_FORME,
        f"Le fichier « {nom} » est abîmé ou incomplet : sa lecture s'arrête à la ligne {ligne}{raison}.",
        REFAIRE,
    )
