"""Keys of UAI and INE (``formats/siecle.md`` §5.1, verified there on real values)."""

import re


LETTRES_MOD23 = "ABCDEFGHJKLMNPRSTUVWXYZ"
LETTRES_RNIE = "ABCDEFGHJK"

_UAI = re.compile(r"\d{7}[A-HJ-NPR-Z]")
_INE_BEA = re.compile(r"\d{10}[A-HJ-NPR-Z]")
_INE_RNIE = re.compile(r"\d{9}[A-HJK]{2}")
_INE_AUTRES = re.compile(r"\d{4}[AD]\d{5}[A-HJ-NPR-Z]|[0-9A-Z]{10}\d")


def cle_mod23(chiffres: str) -> str:
    """Key letter of a UAI (7 digits) or of a former INE (10 digits)."""
    return LETTRES_MOD23[int(chiffres) % 23]


def cle_rnie(chiffres: str) -> str:
    """The two key letters of an INE delivered since 2018 (9 digits)."""
    dizaines, unites = divmod(97 - int(chiffres) % 97, 10)
    return LETTRES_RNIE[dizaines] + LETTRES_RNIE[unites]


def is_uai_valide(uai: str) -> bool:
    """Whether shape and key of a UAI are right."""
    return bool(_UAI.fullmatch(uai)) and uai[7] == cle_mod23(uai[:7])


def is_ine_valide(ine: str) -> bool:
    """Whether shape and key of an INE are right; apprentices' and provisional ones have no key checked."""
    if _INE_RNIE.fullmatch(ine):
        return ine[9:] == cle_rnie(ine[:9])
    if _INE_BEA.fullmatch(ine):
        return ine[10] == cle_mod23(ine[:10])
    return bool(_INE_AUTRES.fullmatch(ine))
