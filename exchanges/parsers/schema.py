"""Our XSD of the élève-groupe file, and libxml2's complaints said in French.

``schemas/elegroupe.xsd`` is written from the description of ``formats/siecle.md`` §3.3; it differs from the
version 1.4 described there on one point only: NOM (version 1.3) is accepted in place of NOM_DE_FAMILLE.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree


@dataclass(frozen=True, slots=True)
class Faute:
    """One complaint of the validator: where, on what, and libxml2's own type and words."""

    ligne: int
    element: str
    valeur: str
    type_faute: str
    detail: str

    def __str__(self) -> str:
        """``ligne 26, CODE_GROUPE « 3ALL2GR12 » : trop long (10 caractères, 8 au plus)``."""
        valeur = f" « {self.valeur[:40]} »" if self.valeur else ""
        return f"ligne {self.ligne}, {self.element}{valeur} : {_explain(self)}"


@cache
def elegroupe() -> etree.XMLSchema:
    """The compiled schema. lxml makes one validation context per parser, so it can be shared."""
    return etree.XMLSchema(file=str(Path(__file__).parent / "schemas" / "elegroupe.xsd"))


_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([^']*)'")
_ATTRIBUT = re.compile(r"attribute '([^']*)'")
_NOMBRES = re.compile(r"length of '(\d+)'.*length of '(\d+)'")
_BORNE = re.compile(r"value allowed \('([^']*)'\)|(?:maximum|minimum) value allowed.*?'([^']*)'")
_ATTENDU = re.compile(r"Expected is (?:one of )?\( ([^)]*?) \)")

_TYPES = {
    "unsignedInt": "n'est pas un nombre entier",
    "int": "n'est pas un nombre entier",
    "date": "n'est pas une date au format AAAA-MM-JJ",
}
_FORMATS = {
    "UAJ": "un UAI compte 8 caractères",
    "ANNEE_SCOLAIRE": "une année compte 4 chiffres",
    "DATE_IMPORT": "n'est pas une date au format JJ/MM/AAAA",
    "ID_NATIONAL": "un INE compte 11 caractères",
}


def read_fautes(entrees: list[etree._LogEntry], ligne: int, tag: str, valeur: str) -> list[Faute]:
    """Keep, of the log entries raised by one tag, those that say something new.

    libxml2 says the facet, then the type, then the key that misses: one invalid value is one fault here.
    """
    fautes: list[Faute] = []
    for entree in entrees:
        if "Warning:" in entree.message:
            continue
        trouve = _ELEMENT.search(entree.message)
        element = trouve[1] if trouve else tag
        if any(faute.element == element for faute in fautes):
            continue
        propre = valeur.strip() if element == tag else ""
        fautes.append(Faute(ligne, element, propre, entree.type_name, entree.message))
    return fautes


def _explain(faute: Faute) -> str:
    explique = _EXPLICATIONS.get(faute.type_faute)
    return explique(faute) if explique else "n'est pas conforme au schéma"


def _length(faute: Faute) -> str:
    trouve = _NOMBRES.search(faute.detail)
    if not trouve:
        return "longueur incorrecte"
    longueur, borne = int(trouve[1]), int(trouve[2])
    if not longueur:
        return "ne doit pas être vide"
    return f"trop long ({longueur} caractères, {borne} au plus)"


def _pattern(faute: Faute) -> str:
    return _FORMATS.get(faute.element, "n'a pas le format attendu")


def _type(faute: Faute) -> str:
    for nom, phrase in _TYPES.items():
        if f"xs:{nom}'" in faute.detail:
            return "ne doit pas être vide" if not faute.valeur and "''" in faute.detail else phrase
    return _pattern(faute)


def _content(faute: Faute) -> str:
    attendu = _ATTENDU.search(faute.detail)
    noms = re.sub(r"\s*,\s*", " ou ", attendu[1]) if attendu else ""
    if "Missing child" in faute.detail:
        return f"il manque {noms}" if noms else "il est incomplet"
    return f"n'est pas attendu ici ; attendu : {noms}" if noms else "n'est pas attendu ici"


def _bounds(faute: Faute) -> str:
    return "est en dehors des bornes (0 à 99999)"


def _duplicate(faute: Faute) -> str:
    trouve = re.search(r"key-sequence \[([^\]]*)\]", faute.detail)
    valeur = trouve[1].strip("'") if trouve else ""
    quoi = "le groupe" if "groupe" in faute.detail else "l'identifiant"
    return f"{quoi} « {valeur} » figure deux fois" + (" pour le même élève" if quoi == "le groupe" else "")


def _missing_attribute(faute: Faute) -> str:
    trouve = _ATTRIBUT.search(faute.detail)
    return f"il manque l'attribut {trouve[1]}" if trouve else "il manque un attribut"


def _extra_attribute(faute: Faute) -> str:
    trouve = _ATTRIBUT.search(faute.detail)
    return f"l'attribut {trouve[1]} n'est pas permis" if trouve else "un attribut n'est pas permis"


def _text_inside(faute: Faute) -> str:
    return "contient du texte en dehors de ses éléments"


_EXPLICATIONS: dict[str, Callable[[Faute], str]] = {
    "SCHEMAV_CVC_MAXLENGTH_VALID": _length,
    "SCHEMAV_CVC_MINLENGTH_VALID": _length,
    "SCHEMAV_CVC_PATTERN_VALID": _pattern,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": _type,
    "SCHEMAV_ELEMENT_CONTENT": _content,
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": _bounds,
    "SCHEMAV_CVC_MININCLUSIVE_VALID": _bounds,
    "SCHEMAV_CVC_IDC": _duplicate,
    "SCHEMAV_CVC_COMPLEX_TYPE_4": _missing_attribute,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": _extra_attribute,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": _text_inside,
    "SCHEMAV_CVC_TYPE_3_1_2": lambda faute: "ne doit contenir que du texte",
}
