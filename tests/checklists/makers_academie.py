"""Schools with figures written by hand, as the DANE reads them."""

import re
from datetime import date, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from checklists.etapes import read_etapes
from exchanges.models import Compteurs, Etablissement, ReleveHebdo
from tests.makers import LUNDI, make_etablissement, make_uai


CETTE_SEMAINE = date(2026, 9, 7)  # the Monday of LUNDI
SEMAINE_D_AVANT = date(2026, 8, 31)


def make_figures(etablissement: Etablissement, **champs: Any) -> Compteurs:
    """The figures of a school in order, unless told otherwise."""
    defauts: dict[str, Any] = {
        "maj_le": LUNDI,
        "depot_le": datetime(2026, 9, 3, 9, 0, tzinfo=LUNDI.tzinfo),
        "depot_etat": "importe",
        "cr_le": datetime(2026, 9, 4, 2, 0, tzinfo=LUNDI.tzinfo),
        "cr_lus": 150,
        "cr_absents": 50,
        "eleves": 200,
        "eleves_en_groupe": 150,
        "groupes_ent": 20,
        "rentree_prouvees": 8,
        "rentree_total": 13,
        "rentree_etape": "9",
        "rentree_etats": {etape.numero: "prouvee" for etape in read_etapes()},
        "etat": "en_ordre",
    }
    return Compteurs.objects.update_or_create(etablissement=etablissement, defaults=defauts | champs)[0]


def make_suivi(rang: int, ecole: dict[str, Any] | None = None, **champs: Any) -> Etablissement:
    """A school that loaded nothing itself, with figures: those of the school first, then its counters."""
    etablissement = make_etablissement(rang, **(ecole or {}))
    make_figures(etablissement, **champs)
    return etablissement


def make_releve(etablissement: Etablissement, lundi: date, **donnees: Any) -> ReleveHebdo:
    """The figures of one week."""
    return ReleveHebdo.objects.update_or_create(
        etablissement=etablissement, lundi=lundi, defaults={"donnees": {"etat": "en_ordre"} | donnees}
    )[0]


def url(nom: str, *args: object, query: str = "") -> str:
    """An address of the académie."""
    return reverse(f"checklists:{nom}", args=args) + (f"?{query}" if query else "")


def listed(client: Client, query: str = "") -> list[str]:
    """The UAI of the lines of the dashboard, in order."""
    page = client.get(url("dashboard", query=query)).content.decode()
    return re.findall(r'<tr id="ligne-(\w+)"', page)


def uais(*rangs: int) -> list[str]:
    """The UAI of schools made by rank."""
    return [make_uai(rang) for rang in rangs]
