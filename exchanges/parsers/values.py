"""Turn the text of an element into a date, a number or a flag. Never raises: what is not one is ``None``."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache


_HEURE = re.compile(r"([01]?\d|2[0-3])([0-5]\d)", re.ASCII)
_SEPARATEUR = re.compile(r"\D")
_BOOLEENS = {"1": True, "true": True, "0": False, "false": False}


@lru_cache(maxsize=8192)
def parse_date(texte: str) -> date | None:
    """``JJ/MM/AAAA`` (BEE) or ``AAAA-MM-JJ`` with or without a time zone (STS, ELEGROUPE) to a date."""
    try:
        if texte[2:3] == "/":
            return date(int(texte[6:10]), int(texte[3:5]), int(texte[:2]))
        return date.fromisoformat(texte[:10])
    except ValueError:
        return None


def parse_horodatage(texte: str) -> datetime | None:
    """``JJ/MM/AAAA HH:MM:SS``, or the date alone (midnight), to a naive local datetime."""
    jour = parse_date(texte[:10])
    if not jour:
        return None
    try:
        heures, minutes, secondes = (int(nombre) for nombre in (texte[11:] or "0:0:0").split(":"))
        return datetime(jour.year, jour.month, jour.day, heures, minutes, secondes)  # noqa: DTZ001 - local time
    except ValueError:
        return datetime(jour.year, jour.month, jour.day)  # noqa: DTZ001 - the file gives no time zone


def parse_bool(texte: str) -> bool | None:
    """``0/1/true/false`` (``formats/siecle.md`` §2.2) to a flag; anything else is unknown."""
    return _BOOLEENS.get(texte.lower())


def parse_int(texte: str) -> int | None:
    """A number of at most nine ASCII digits."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else None


@lru_cache(maxsize=2048)
def parse_minutes(texte: str) -> int | None:
    """``HHMM``, a time of day or a duration of EDT_STS, to minutes: ``0830`` is 510 (``formats/sts_edt.md`` §1)."""
    trouve = _HEURE.fullmatch(texte)
    return int(trouve[1]) * 60 + int(trouve[2]) if trouve else None


def parse_jour(texte: str) -> int | None:
    """A day of the week, ``1`` (Monday) to ``7``."""
    return int(texte) if texte in {"1", "2", "3", "4", "5", "6", "7"} else None


@lru_cache(maxsize=2048)
def parse_semaine(texte: str) -> date | None:
    """The Monday of a DATE_DEBUT_SEMAINE: ``AAAA-MM-JJ``, any separator (``formats/sts_edt.md`` §3).

    A Sunday belongs to the week that follows it, any other day to its own week.
    """
    jour = parse_date(_SEPARATEUR.sub("-", texte)) if texte[2:3].isdigit() else parse_date(texte)
    if not jour:
        return None
    return jour + timedelta(1) if jour.isoweekday() == 7 else jour - timedelta(jour.weekday())
