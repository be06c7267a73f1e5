"""Words, dates and links as the screens write them.

Screen text is French whatever the language of the browser, so the names of days and months are here
rather than in a translation catalogue. Instants are shown in the current time zone
(``django.utils.timezone.localtime``): an overseas school reads its own hours.
"""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django import template
from django.utils import timezone
from django.utils.html import format_html_join


register = template.Library()

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
NARROW_NO_BREAK_SPACE = "\u202f"
PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"

# django.contrib.messages level tag -> `niveau` of components/alert.html
NIVEAUX = {"debug": "info", "info": "info", "success": "succes", "warning": "attention", "error": "erreur"}


def _to_local(value):
    """An aware datetime becomes local; naive datetimes and dates are already what is meant."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def jour(value):
    """Return a date or datetime as « mardi 8 septembre » (« 1er » for the first); "" for None."""
    if not value:
        return ""
    local = _to_local(value)
    quantieme = "1er" if local.day == 1 else str(local.day)
    return f"{JOURS[local.weekday()]} {quantieme} {MOIS[local.month - 1]}"


@register.filter
def jour_annee(value):
    """Return a date or datetime as « mardi 8 septembre 2026 »; "" for None."""
    return f"{jour(value)} {_to_local(value).year}" if value else ""


@register.filter
def heure(value):
    """Return a datetime's local time as « 9 h 00 »; "" for None."""
    if not value:
        return ""
    local = _to_local(value)
    return f"{local.hour} h {local.minute:02d}"


@register.filter
def jour_heure(value):
    """Return a datetime as « mardi 8 septembre à 6 h » or « … à 14 h 05 »; a plain date has no hour; "" for None."""
    if not isinstance(value, datetime):
        return jour(value)
    local = _to_local(value)
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{jour(local)} à {local.hour} h{minutes}"


@register.filter
def shift_day(value: date, days: int) -> date:
    """Return the date ``days`` later (earlier when negative): the links of the day picker."""
    return value + timedelta(days=int(days))


@register.filter
def nombre(value):
    """Return an integer with narrow no-break spaces between thousands (« 6 912 »); "" for None."""
    if value is None or value == "":
        return ""
    return f"{int(value):,}".replace(",", NARROW_NO_BREAK_SPACE)


@register.filter
def taille(octets):
    """Return a number of bytes as « 64 Mo » or « 850 ko », as the file managers of our users write it."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} ko"
    return f"{octets / (1024 * 1024):.1f}".removesuffix(".0").replace(".", ",") + " Mo"


@register.filter
def pluriel(value, forms):
    """Return the right word for a number: ``{{ n|pluriel:"élève lu,élèves lus" }}``.

    ``forms`` is "singulier,pluriel"; a single form takes an s on each word. In French zero is singular.
    """
    singulier, _, plusieurs = forms.partition(",")
    if abs(float(value)) < 2:
        return singulier
    return plusieurs or " ".join(f"{mot}s" for mot in singulier.split())


@register.filter
def message_niveau(message):
    """Return the ``niveau`` of components/alert.html for a message of ``django.contrib.messages``."""
    return NIVEAUX.get(message.level_tag, "info")


@register.filter
def page_range(page):
    """Return the page numbers to show around a ``Page``, with "…" where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def query_replace(context, **changes):
    """Return the current query string with some parameters changed: ``{% query_replace tri="nom" page=None %}``.

    None or "" removes the parameter. The answer starts with "?" and suits an ``href``. Raises KeyError when the
    template has no ``request``: an ``{% include … only %}`` must pass ``request=request``.
    """
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context, *names):
    """Return hidden inputs repeating the query string without ``names``: a GET form then keeps the other filters."""
    kept = [(name, value) for name, values in context["request"].GET.lists() if name not in names for value in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)


@register.simple_tag
@cache
def version():
    """Return the version written in pyproject.toml, the only place where it is written."""
    return tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
