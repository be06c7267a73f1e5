"""Names as machines see them: how two spellings compare, and the login that an ENT makes of a name.

A login is made once: no later correction of the name repairs it (``domain.md``, "Duplicates and their cost").
"""

import re
from enum import StrEnum
from unicodedata import normalize


_LIGATURES = str.maketrans({"Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae"})
_ACCENT = re.compile("[\u0300-\u036f]")  # what NFD sets apart
_LOGIN_REFUSE = re.compile(r"[^a-z0-9._-]")
_MOT_REFUSE = re.compile(r"[^a-z0-9_]")
_SEPARATEUR = re.compile(r"[\W_]+")


class FormeLogin(StrEnum):
    """How the ENT of a projet writes a login; both are ``prénom.nom`` in lower case, without accents."""

    SOULIGNEE = "soulignee"  # a space becomes « _ », « & » becomes « - » (eCollège31 and ENTmip, seed 001)
    COMPACTE = "compacte"  # only letters and digits, 30 of each at most (entcore, ``formats/aaf_ent.md`` §6.1)


def strip_accents(texte: str) -> str:
    """The text without its accents; case, spaces and signs are kept."""
    return texte if texte.isascii() else _ACCENT.sub("", normalize("NFD", texte))


def fold_nom(texte: str) -> str:
    """A name to compare: capitals, no accent, one space for any run of spaces and signs.

    ``"D'Aubépine-Cœur"`` gives ``"D AUBEPINE COEUR"``; an empty text gives ``""``.
    """
    if texte.isascii() and texte.isalpha():
        return texte.upper()
    return _SEPARATEUR.sub(" ", strip_accents(texte.translate(_LIGATURES))).strip().upper()


def login_ent(prenom: str, nom: str, forme: FormeLogin = FormeLogin.SOULIGNEE) -> str:
    """The login that the ENT would make, before the number that it adds to a login already taken.

    Args:
        prenom, nom: as SIECLE holds them, accents and case included.
        forme: how the projet ENT writes logins.

    The examples of ``domain.md`` come out to the letter with ``SOULIGNEE``; what that form does with an apostrophe
    is not documented: it is dropped here, as ``COMPACTE`` does. ``COMPACTE`` drops a ligature, as entcore was seen
    to do.
    """
    if forme == FormeLogin.COMPACTE:
        return ".".join(_MOT_REFUSE.sub("", strip_accents(partie).lower())[:30] for partie in (prenom, nom))
    return f"{_underline(prenom)}.{_underline(nom)}"


def _underline(partie: str) -> str:
    texte = strip_accents(partie.translate(_LIGATURES)).lower()
    return _LOGIN_REFUSE.sub("", "_".join(texte.split()).replace("&", "-"))
