"""Read a file of the annuaire académique fédérateur, one request at a time (``formats/aaf_ent.md`` §1.2).

    <ficAlimMENESR>
    <!-- versionAF="AAF-VE2407" -->
    <addRequest>
    <operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
    <identifier><id>700001</id></identifier>
    <attributes>
    <attr name="ENTPersonJointure"><value>700001</value></attr>
    …

A modifyRequest has ``modifications``/``modification`` in place of the last two, a deleteRequest neither. The DOCTYPE
names a DTD that lies beside the file: it is taken out of the first block, so nothing is ever fetched.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from exchanges.enums import CategorieAAF, GenreAAF, OperationAAF
from exchanges.parsers import limits
from exchanges.parsers.encodings import read_opening
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.records.aaf import ATTRIBUTS, OPERATIONNELS, Enregistrement, EnteteAAF, Operation
from exchanges.parsers.refusals import REFAIRE, too_large
from exchanges.parsers.xml import BoundedStream, make_parser, syntax_refusal


DTD = Path(__file__).parent / "schemas" / "ficAlimMENESR.dtd"
RACINE = "ficAlimMENESR"

_DOCTYPE = re.compile(rb"<!DOCTYPE\s+ficAlimMENESR\s+SYSTEM\s+(?:\"[^\">]*\"|'[^'>]*')\s*>")
_COMMENTAIRE = re.compile(r'\s*(\w+)="([^"]*)"\s*')
_NOM = re.compile(r"(?P<avant>.+)_(?P<genre>Complet|Delta)_(?P<jour>\d{8})_[A-Za-z]+_\d{4}\.xml", re.IGNORECASE)
_OPERATIONS = {operation.value: operation for operation in OperationAAF}
_CATEGORIES = {couple: categorie for categorie, couple in OPERATIONNELS.items()}
_RANGS = {categorie: {nom: rang for rang, nom in enumerate(attributs)} for categorie, attributs in ATTRIBUTS.items()}
# What may stand in what; anything else is no file of the AAF.
_ENFANTS = {
    "": {RACINE},
    RACINE: set(_OPERATIONS),
    **{operation: {"operationalAttributes", "identifier", "attributes", "modifications"} for operation in _OPERATIONS},
    "operationalAttributes": {"attr"},
    "identifier": {"id"},
    "attributes": {"attr"},
    "modifications": {"modification"},
    "attr": {"value"},
    "modification": {"value"},
}
_AVEC_TEXTE = {"id", "value"}
_MAX_ATTRIBUTS_INCONNUS = 200  # distinct names told apart; the others are counted together


def read_aaf(flux: BinaryIO, nom: str) -> "LectureAAF":
    """Start to read one XML file of the AAF: iterate over what is returned to get its operations.

    Args:
        flux: the bytes of the XML.
        nom: its name, for the refusals and for what only the name says (prefix, scope, kind of export).

    Raises:
        FichierRefuse: the first bytes are not those of a file of the AAF; later, while iterating, the XML is damaged,
            is not shaped as the DTD says, or is of the first degré.
    """
    return LectureAAF(flux, nom)


class LectureAAF:
    """A file of the AAF being read, once.

    Attributes:
        commentaires: the comments of the header (``versionAF``, ``degre``…), known from the first operation on.
        inconnus: how many times each attribute that is not of its category came with a value, ``categorie/attribut``.
            They are left out. An ENT may refuse the whole export for one of them.
    """

    def __init__(self, flux: BinaryIO, nom: str):
        self.nom = nom
        self._bounded = BoundedStream(flux, nom)
        self._blocs = self._bounded.blocs(chercher_utf8=False)
        premier = _DOCTYPE.sub(b"", next(self._blocs, b""), count=1)
        opening = read_opening(premier, nom)
        if opening.racine != RACINE:
            raise FichierRefuse(
                Code.RACINE_INCONNUE,
                f"Le fichier « {nom} » n'est pas un fichier de l'annuaire académique (AAF) : son élément principal "
                f"est « {opening.racine} » au lieu de « {RACINE} ».",
                "Choisissez un fichier XML de l'export AAF (Eleve, PersRelEleve, PersEducNat, EtabEducNat…).",
            )
        self._premier = premier.removeprefix(b"\xef\xbb\xbf")
        self._encodage = opening.encodage
        self._target = _Target(nom)

    @property
    def commentaires(self) -> dict[str, str]:
        """The comments of the header met so far."""
        return self._target.commentaires

    @property
    def inconnus(self) -> dict[str, int]:
        """The unknown attributes met so far."""
        return dict(self._target.inconnus)

    @property
    def entete(self) -> EnteteAAF | None:
        """What the name and the comments say of the export; ``None`` when the name is not one of the AAF.

        The day is that of the comment when there is one: a file may be renamed.
        """
        trouve = _NOM.fullmatch(self.nom)
        jour = _day(self.commentaires.get("dateGenerationExport", ""), "%d/%m/%Y")
        jour = jour or (_day(trouve["jour"], "%Y%m%d") if trouve else None)
        if not trouve or not jour:
            return None
        prefixe, _, portee = trouve["avant"].rpartition("_")
        academie = self.commentaires.get("codeAcademieExport", "")
        return EnteteAAF(
            prefixe or portee, portee if prefixe else "", GenreAAF(trouve["genre"].lower()), jour, academie
        )

    def __iter__(self) -> Iterator[Operation]:
        """Each operation as soon as its request is closed.

        Raises:
            FichierRefuse: see ``read_aaf``.
        """
        parser = make_parser(self._target, self._encodage)
        is_fini = False
        try:
            parser.feed(self._premier)
            yield from self._target.take()
            for bloc in self._blocs:
                parser.feed(bloc)
                yield from self._target.take()
            is_fini = True
            parser.close()
        except etree.XMLSyntaxError as erreur:
            raise syntax_refusal(erreur, parser, self.nom, self._encodage, is_fini) from erreur
        yield from self._target.take()


def _day(texte: str, forme: str) -> date | None:
    try:
        return datetime.strptime(texte, forme).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


class _Target:
    """Follow the tags, and keep the requests that are closed until they are taken."""

    def __init__(self, nom: str):
        self.commentaires: dict[str, str] = {}
        self.inconnus: Counter[str] = Counter()
        self._nom = nom
        self._chemin = [""]
        self._textes: list[str] | None = None
        self._taille = 0
        self._operations: list[Operation] = []
        self._categorie: CategorieAAF | None = None
        self._identifiant = ""
        self._attribut = ""
        self._valeurs: list[str] = []
        self._attributs: dict[str, tuple[str, ...]] = {}

    def take(self) -> list[Operation]:
        """The operations closed since the last time."""
        operations, self._operations = self._operations, []
        return operations

    def start(self, tag: str, attributs: dict[str, str]) -> None:
        if tag not in _ENFANTS.get(self._chemin[-1], ()):
            raise self._refuse(f"l'élément « {tag[:40]} » n'a pas sa place dans « {self._chemin[-1]} »")
        self._chemin.append(tag)
        if tag in _AVEC_TEXTE:
            self._textes, self._taille = [], 0
        elif tag in ("attr", "modification"):
            self._attribut, self._valeurs = attributs.get("name", ""), []
        elif tag in _OPERATIONS:
            self._categorie, self._identifiant, self._attributs = None, "", {}

    def data(self, texte: str) -> None:
        if self._textes is None:
            return
        self._taille += len(texte)
        if self._taille > limits.MAX_TEXTE:
            raise too_large(self._nom, f"une valeur dépasse {limits.MAX_TEXTE} caractères")
        self._textes.append(texte)

    def end(self, tag: str) -> None:
        self._chemin.pop()
        if tag == "value":
            if self._textes:
                self._valeurs.append("".join(self._textes))
            self._textes = None
        elif tag == "id":
            self._identifiant, self._textes = "".join(self._textes or ()).strip(), None
        elif tag in ("attr", "modification"):
            self._close_attribut()
        elif tag in _OPERATIONS:
            self._close_operation(_OPERATIONS[tag])

    def comment(self, texte: str) -> None:
        trouve = _COMMENTAIRE.fullmatch(texte)
        if len(self._chemin) != 2 or not trouve:  # a comment of the header lies straight in the root
            return
        self.commentaires.setdefault(trouve[1], trouve[2])
        if self.commentaires.get("degre", "2D") != "2D":
            raise FichierRefuse(
                Code.RACINE_AUTRE_APPLICATION,
                f"Le fichier « {self._nom} » est un export AAF du premier degré (écoles).",
                "Choisissez l'export du second degré (2D), celui des collèges et des lycées.",
            )

    def close(self) -> None:
        """Nothing is left to say: every request has been taken, or libxml2 has complained."""

    def _close_attribut(self) -> None:
        valeurs = tuple(self._valeurs)
        if self._chemin[-1] == "operationalAttributes":
            self._categorie = _CATEGORIES.get((self._attribut, valeurs[0] if valeurs else ""))
            if self._categorie is None:
                raise self._refuse(f"la catégorie « {self._attribut[:40]} » « {''.join(valeurs)[:40]} » est inconnue")
        elif valeurs or self._attribut not in self._attributs:
            self._attributs[self._attribut] = valeurs

    def _close_operation(self, nature: OperationAAF) -> None:
        if self._categorie is None or not self._identifiant:
            raise self._refuse(f"un « {nature.value} » n'a pas de catégorie ou pas d'identifiant")
        enregistrement = None
        if nature is not OperationAAF.SUPPRESSION:
            enregistrement = self._make_enregistrement(self._categorie)
        self._operations.append(Operation(nature, self._categorie, self._identifiant, enregistrement))

    def _make_enregistrement(self, categorie: CategorieAAF) -> Enregistrement:
        rangs = _RANGS[categorie]
        valeurs: list[tuple[str, ...]] = [()] * len(rangs)
        for nom, lues in self._attributs.items():
            if nom in rangs:
                valeurs[rangs[nom]] = lues
            elif lues:
                self._count_unknown(f"{categorie.value}/{nom[:80]}")
        return Enregistrement(categorie, self._identifiant, tuple(valeurs))

    def _count_unknown(self, chemin: str) -> None:
        if chemin not in self.inconnus and len(self.inconnus) >= _MAX_ATTRIBUTS_INCONNUS:
            chemin = "autres"
        self.inconnus[chemin] += 1

    def _refuse(self, pourquoi: str) -> FichierRefuse:
        return FichierRefuse(
            Code.XML_SCHEMA,
            f"Le fichier « {self._nom} » n'a pas la forme d'un fichier de l'AAF : {pourquoi}.",
            REFAIRE,
        )
