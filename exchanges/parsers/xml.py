"""The one place where lxml is configured, and the target that turns tags into records while streaming.

Nothing is built as a tree: libxml2 calls ``Lecteur`` for every tag (SAX), the shape of the format says what
to keep, and a record is made at its end tag. Measured, this costs about what a bare ``iterparse`` costs.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lxml import etree

from exchanges.parsers import encodings, limits, schema
from exchanges.parsers.encodings import Debut
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.shape import Cadre, Noeud


_REFAIRE = "Refaites l'export dans l'application d'origine, puis déposez le nouveau fichier."
_NB_FAUTES_DITES = 5
_NB_FAUTES_CHERCHEES = 50
_ERREURS_ENCODAGE = frozenset(
    {"ERR_INVALID_ENCODING", "ERR_UNKNOWN_ENCODING", "ERR_UNSUPPORTED_ENCODING", "I18N_CONV_FAILED"}
    | {"I18N_NO_HANDLER", "ERR_INVALID_CHAR_ENCODING", "IO_ENCODER"}
)


@dataclass(frozen=True, slots=True)
class Contenu:
    """What one XML gave: the Cadre of its root, the records by name, and what was noticed on the way.

    ``octets_utf8`` counts the UTF-8 sequences met in a file declared in a one-byte encoding (mojibake).
    ``encodage`` is the one really used.
    """

    debut: Debut
    encodage: str
    empreinte: str
    racine: Cadre
    fiches: dict[str, list[Any]]
    inconnus: dict[str, int]
    dates_illisibles: dict[str, int]
    comptes: dict[str, int]
    octets_utf8: int


@dataclass(slots=True)
class Passe:
    """One reading of the bytes: hashed, counted and bounded as they go by."""

    flux: BinaryIO
    nom: str
    octets: int = 0
    octets_utf8: int = 0
    sha: Any = field(default_factory=hashlib.sha256)

    def blocs(self, chercher_utf8: bool) -> Iterator[bytes]:
        """The blocks of the stream.

        Raises FichierRefuse xml_trop_grand past the bound on bytes.
        """
        while lu := self.flux.read(limits.BLOC):
            self.sha.update(lu)
            self.octets += len(lu)
            if self.octets > limits.MAX_OCTETS:
                raise too_large(self.nom, f"il dépasse {limits.MAX_OCTETS // 1024 // 1024} Mo")
            if chercher_utf8:
                self.octets_utf8 += len(_SEQUENCE_UTF8.findall(lu))
            yield lu


_SEQUENCE_UTF8 = re.compile(rb"[\xc3\xc5][\x80-\xbf]")


class Lecteur:
    """A parser target (start, data, end, doctype, close) that follows a shape."""

    def __init__(self, nom: str, racine: str, forme: Noeud):
        self.nom = nom
        self.fiches: dict[str, list[Any]] = {}
        self.inconnus: Counter[str] = Counter()
        self.dates_illisibles: Counter[str] = Counter()
        self.comptes: Counter[str] = Counter()
        self.elements = 0
        self.document: Cadre = {}
        self._cadre = self.document
        self._noeud = Noeud({racine: forme})
        self._pile: list[tuple[str, Noeud, Cadre]] = []
        self._texte: list[str] | None = None
        self._texte_en_attente: list[str] | None = None
        self._saut = 0  # depth inside a skipped element

    def doctype(self, nom: str, public: str | None, systeme: str | None) -> None:
        """Refuse any DOCTYPE, wherever the prolog hid it."""
        raise encodings.doctype(self.nom)

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        """Enter an element: known, ignored or unknown."""
        self.elements += 1
        if attributs and len(attributs) > limits.MAX_ATTRIBUTS:
            raise too_large(self.nom, f"un élément {_local(tag)} porte {len(attributs)} attributs")
        if self._saut:
            self._saut += 1
            if self._saut + len(self._pile) > limits.MAX_PROFONDEUR:
                raise too_deep(self.nom)
            return
        if not self._pile and "}" in tag:
            tag = _local(tag)
        noeud = self._noeud.enfants.get(tag)
        if noeud is None or noeud.is_ignore or noeud.refus:
            self._skip(tag, noeud)
            return
        if self._texte:
            self._cadre.setdefault("#", "".join(self._texte).strip())
        self._pile.append((tag, self._noeud, self._cadre))
        self._noeud = noeud
        self._texte = [] if noeud.is_texte else None
        if noeud.enfants:
            self._cadre = {f"@{cle}": valeur.strip() for cle, valeur in attributs.items()} if attributs else {}

    def _skip(self, tag: str, noeud: Noeud | None) -> None:
        if noeud is None:
            self._count_unknown(tag)
        elif noeud.refus:
            raise noeud.refus()
        self._saut = 1
        self._texte_en_attente, self._texte = self._texte, None

    def _count_unknown(self, tag: str) -> None:
        chemin = "/".join([*(pas[0] for pas in self._pile), _local(tag)])
        if chemin not in self.inconnus and len(self.inconnus) >= limits.MAX_CHEMINS_INCONNUS:
            chemin = "…"
        self.inconnus[chemin] += 1

    def data(self, texte: str) -> None:
        """Keep the text of the elements that have one."""
        if self._texte is not None:
            self._texte.append(texte)

    def end(self, tag: str) -> None:
        """Leave an element: store its text, or make its record."""
        if self._saut:
            self._saut -= 1
            if not self._saut:
                self._texte = self._texte_en_attente
            return
        noeud = self._noeud
        tag, self._noeud, parent = self._pile.pop()
        if noeud.enfants:
            self._close_block(tag, noeud, parent)
        else:
            self._close_leaf(tag, noeud, parent)

    def _close_leaf(self, tag: str, noeud: Noeud, parent: Cadre) -> None:
        brut = "".join(self._texte or ())
        self._texte = None
        if noeud.compte and noeud.compte(brut):
            self.comptes[noeud.cle] += 1
        texte: Any = brut.strip()
        if texte and noeud.convertit:
            texte = noeud.convertit(texte)
            if texte is None:
                self.dates_illisibles[tag] += 1
        if texte and tag not in parent:
            parent[tag] = texte

    def _close_block(self, tag: str, noeud: Noeud, parent: Cadre) -> None:
        cadre, self._cadre = self._cadre, parent
        if self._texte:
            cadre.setdefault("#", "".join(self._texte).strip())
        self._texte = None
        if noeud.convertit:
            self.fiches.setdefault(noeud.cle, []).append(noeud.convertit(cadre))
        else:
            parent.setdefault(tag, []).append(cadre)

    def close(self) -> None:
        """Nothing to return: the records are in ``fiches``."""


def read_xml(
    ouvre: Callable[[], AbstractContextManager[BinaryIO]],
    nom: str,
    debut: Debut,
    forme: Noeud,
    xsd: etree.XMLSchema | None = None,
) -> Contenu:
    """Read one XML along ``forme``, validated on the way when ``xsd`` is given.

    Args:
        ouvre: opens the bytes from their beginning; called again when a second look is needed (the encoding
            was not declared, or the place of a schema fault has to be found).

    Raises FichierRefuse: xml_mal_forme, xml_encodage, xml_doctype, xml_schema, xml_trop_profond,
    xml_trop_grand, and whatever a shape refuses.
    """
    try:
        return _read(ouvre, nom, debut, debut.encodage, forme, xsd)
    except FichierRefuse as refus:
        if debut.is_declare or refus.code != Code.XML_ENCODAGE:
            raise
    return _read(ouvre, nom, debut, encodings.BEE, forme, xsd)


def _read(
    ouvre: Callable[[], AbstractContextManager[BinaryIO]],
    nom: str,
    debut: Debut,
    encodage: str,
    forme: Noeud,
    xsd: etree.XMLSchema | None,
) -> Contenu:
    lecteur = Lecteur(nom, debut.racine, forme)
    parser = make_parser(lecteur, encodage, xsd)
    with ouvre() as flux:
        passe = Passe(flux, nom)
        try:
            for numero, lu in enumerate(passe.blocs(chercher_utf8=encodage in encodings.SUR_UN_OCTET)):
                parser.feed(_without_bom(lu) if not numero else lu)
                if lecteur.elements > limits.MAX_ELEMENTS:
                    raise too_large(nom, f"il compte plus de {limits.MAX_ELEMENTS} éléments")
                if xsd and parser.feed_error_log:
                    raise _schema_refusal(ouvre, nom, encodage, xsd, numero)
            parser.close()
        except etree.XMLSyntaxError as erreur:
            raise _syntax_refusal(erreur, parser, nom, encodage) from erreur
        if xsd and parser.feed_error_log:
            raise _schema_refusal(ouvre, nom, encodage, xsd, passe.octets // limits.BLOC)
    return Contenu(
        debut=debut,
        encodage=encodage,
        empreinte=passe.sha.hexdigest(),
        racine=lecteur.document[debut.racine][0],
        fiches=lecteur.fiches,
        inconnus=dict(lecteur.inconnus),
        dates_illisibles=dict(lecteur.dates_illisibles),
        comptes=dict(lecteur.comptes),
        octets_utf8=passe.octets_utf8,
    )


def make_parser(cible: object, encodage: str, xsd: etree.XMLSchema | None = None) -> etree.XMLParser:
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


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class Temoin:
    """The target of the second look: remembers the last tag and its text, keeps nothing."""

    def __init__(self) -> None:
        self.tag = ""
        self.texte = ""

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        self.tag, self.texte = _local(tag), ""

    def data(self, texte: str) -> None:
        self.texte += texte

    def end(self, tag: str) -> None:
        if _local(tag) != self.tag:
            self.tag, self.texte = _local(tag), ""

    def close(self) -> None:
        """Nothing to return."""


def _schema_refusal(
    ouvre: Callable[[], AbstractContextManager[BinaryIO]],
    nom: str,
    encodage: str,
    xsd: etree.XMLSchema,
    bloc_fautif: int,
) -> FichierRefuse:
    """Read again, tag by tag from the faulty block on: streaming validation gives no line (libxml2 says 0)."""
    fautes = _locate(ouvre, encodage, xsd, bloc_fautif)
    dites = " ; ".join(str(faute) for faute in fautes[:_NB_FAUTES_DITES])
    reste = len(fautes) - _NB_FAUTES_DITES
    suite = f" ; et au moins {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else ""
    return FichierRefuse(
        Code.XML_SCHEMA,
        f"Fichier XML non valide. « {nom} » n'est pas conforme au schéma des liens élève-groupe : {dites}{suite}.",
        "Corrigez ces données dans le logiciel d'emploi du temps, puis refaites l'export élève-groupe.",
    )


def _locate(
    ouvre: Callable[[], AbstractContextManager[BinaryIO]], encodage: str, xsd: etree.XMLSchema, bloc_fautif: int
) -> list[schema.Faute]:
    temoin = Temoin()
    parser = make_parser(temoin, encodage, xsd)
    fautes: list[schema.Faute] = []
    ligne, deja = 1, 0
    with ouvre() as flux:
        for numero, bloc in enumerate(Passe(flux, "").blocs(chercher_utf8=False)):
            lu = _without_bom(bloc) if not numero else bloc
            morceaux = re.split(rb"(?<=>)", lu) if numero >= bloc_fautif else [lu]
            for morceau in morceaux:
                ligne += morceau.count(b"\n")
                if morceau:
                    parser.feed(morceau)
                journal = parser.feed_error_log
                if len(journal) > deja:
                    fautes += schema.read_fautes(list(journal)[deja:], ligne, temoin.tag, temoin.texte)
                    deja = len(journal)
            if numero > bloc_fautif + 1 or len(fautes) >= _NB_FAUTES_CHERCHEES:
                break
    return fautes


def _syntax_refusal(erreur: etree.XMLSyntaxError, parser: etree.XMLParser, nom: str, encodage: str) -> FichierRefuse:
    types = {entree.type_name for entree in (*parser.feed_error_log, *erreur.error_log) if entree.level >= 2}
    ligne = erreur.lineno or 1
    if types & _ERREURS_ENCODAGE:
        return FichierRefuse(
            Code.XML_ENCODAGE,
            f"Le fichier « {nom} » contient, à la ligne {ligne}, des caractères qui ne sont pas écrits en "
            f"{encodage}, l'encodage qu'il annonce : il a sans doute été enregistré par un autre logiciel.",
            "Refaites l'export et déposez le fichier sans l'ouvrir ni l'enregistrer.",
        )
    message = erreur.msg or ""
    if "depth" in message.lower():
        return too_deep(nom)
    if types & {"ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG"} or "huge" in message.lower():
        return too_large(nom, f"un élément est démesuré à la ligne {ligne}")
    return FichierRefuse(
        Code.XML_MAL_FORME,
        f"Le fichier « {nom} » est abîmé ou incomplet : sa lecture s'arrête à la ligne {ligne}{_reason(types)}.",
        _REFAIRE,
    )


_RAISONS = {
    "ERR_TAG_NAME_MISMATCH": ", où une balise se ferme sans correspondre à celle qui était ouverte",
    "ERR_TAG_NOT_FINISHED": ", avant la fin du fichier (téléchargement interrompu ?)",
    "ERR_DOCUMENT_END": ", après la fin des données ou avant que tout soit refermé",
    "ERR_INVALID_CHAR": ", où se trouve un caractère interdit",
    "ERR_UNDECLARED_ENTITY": ", où se trouve une entité (« &…; ») qui n'existe pas en XML",
    "ERR_ATTRIBUTE_REDEFINED": ", où un attribut est donné deux fois",
}


def _reason(types: set[str]) -> str:
    return next((raison for type_name, raison in _RAISONS.items() if type_name in types), "")


def too_large(nom: str, pourquoi: str) -> FichierRefuse:
    """The refusal of a file larger than any real export."""
    return FichierRefuse(
        Code.XML_TROP_GRAND,
        f"Le fichier « {nom} » est plus gros qu'aucun export réel : {pourquoi}.",
        "Vérifiez que c'est bien l'export attendu. S'il vient vraiment de l'application, prévenez l'assistance.",
    )


def too_deep(nom: str) -> FichierRefuse:
    """The refusal of elements nested deeper than any real export."""
    return FichierRefuse(
        Code.XML_TROP_PROFOND,
        f"Le fichier « {nom} » imbrique plus de {limits.MAX_PROFONDEUR} éléments les uns dans les autres, "
        "ce qu'aucun export réel ne fait.",
        "Vérifiez que c'est bien l'export attendu, puis refaites-le dans l'application d'origine.",
    )
