"""What is written about the reading API is what it does: the OpenAPI document and the guide."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from checklists.enums import EtatEcole, EtatEtape
from checklists.pilotage import api
from checklists.views.api import DEFAUTS, DESCRIPTION, PAR_PAGE_MAX, PARAMETRES
from entsite.api import ERREURS, INATTENDUE
from exchanges.enums import EtatChargement, EtatDepot, EtatPassage, GenreAAF, Gravite, ModeDepot, Relais, TypeFichier
from exchanges.pipeline.compteurs import CHAMPS


DOCUMENT = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
GUIDE = (settings.BASE_DIR / "docs/guide/api-lecture.md").read_text(encoding="utf-8")
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = {chemin: contenu["get"] for chemin, contenu in DOCUMENT["paths"].items()}
SOURCES = [settings.BASE_DIR / nom for nom in ("exchanges/views/api.py", "checklists/views/api.py")]
DU_DEPOT = {"indisponible", "interdit", "trop_gros"}  # what only an upload can meet, or a page


def parameters():
    """Every query parameter described: its name, its schema, the address that takes it."""
    return [
        (parametre["name"], parametre["schema"], chemin)
        for chemin, operation in OPERATIONS.items()
        for parametre in operation["parameters"]
    ]


@pytest.mark.django_db
def test_document_is_served_to_anybody_as_it_is_written():
    reponse = Client().get(reverse("checklists:api_schema"))
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/json")
    assert reponse.content == DESCRIPTION.read_bytes()
    assert Client().post(reverse("checklists:api_schema")).status_code == 405


def test_addresses_described_are_those_of_the_site_and_of_the_guide():
    noms = [resolve(chemin.format(code="AC1", uai="0990001N")).url_name for chemin in DOCUMENT["paths"]]
    assert noms == [
        *("api_etablissement_list", "api_etablissement_detail", "api_echange_list", "api_passage_list"),
        "api_releve_list",
    ]
    for chemin in DOCUMENT["paths"]:
        ecrit = chemin.removeprefix("/api/academies/{code}").replace("{uai}", "<UAI>")
        [parametres] = re.findall(rf"^\| `{re.escape(ecrit)}` \|.*\|([^|]*)\|$", GUIDE, re.M)
        assert re.findall(r"`(\w+)`", parametres) == [nom for nom, _, adresse in parameters() if adresse == chemin]


def test_every_answer_described_says_how_many_calls_are_left():
    noms = [f"RateLimit-{nom}" for nom in ("Limit", "Remaining", "Reset")]
    assert list(DOCUMENT["components"]["headers"]) == noms
    assert all(f"`{nom}`" in GUIDE for nom in noms)
    operations = [
        contenu for chemin in DOCUMENT["paths"].values() for nom, contenu in chemin.items() if nom != "parameters"
    ]
    for reponse in (reponse for operation in operations for reponse in operation["responses"].values()):
        for nom in noms:
            assert reponse["headers"][nom] == {"$ref": f"#/components/headers/{nom}"}


def test_every_reference_leads_somewhere():
    for nom in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DOCUMENT)):
        assert nom in SCHEMAS


def test_parameters_described_are_those_that_are_read():
    assert {nom for nom, *_ in parameters()} == set(PARAMETRES)
    for nom, schema, _ in parameters():
        assert schema.get("default") == DEFAUTS.get(nom), nom
    schemas = {nom: schema for nom, schema, _ in parameters()}
    assert schemas["par_page"]["maximum"] == PAR_PAGE_MAX
    assert set(schemas["etat"]["enum"]) == set(EtatEcole)
    assert set(schemas["tri"]["enum"]) == {signe + tri for tri in api.TRIS for signe in ("", "-")}


def test_columns_and_vocabularies_described_are_those_of_the_code():
    assert set(SCHEMAS["Compteurs"]["required"]) == set(SCHEMAS["Compteurs"]["properties"]) == set(CHAMPS)
    assert set(SCHEMAS["Chiffres"]["required"]) == set(api.CHIFFRES)
    assert set(SCHEMAS["Passage"]["properties"]["bilan"]["properties"]) == set(api.BILANS)
    for schema, propriete, vocabulaire in (
        ("Depot", "etat", EtatDepot),
        ("Depot", "mode", ModeDepot),
        ("Chargement", "etat", EtatChargement),
        ("Passage", "relais", Relais),
        ("Passage", "etat", EtatPassage),
        ("Anomalie", "gravite", Gravite),
    ):
        assert set(SCHEMAS[schema]["properties"][propriete]["enum"]) == set(vocabulaire)
    assert set(SCHEMAS["Passage"]["properties"]["genre"]["enum"]) == {*GenreAAF, None}
    colonnes = SCHEMAS["Compteurs"]["properties"]
    assert set(colonnes["etat"]["enum"]) == {*EtatEcole, ""}
    assert set(colonnes["rentree_etats"]["additionalProperties"]["enum"]) == set(EtatEtape)
    fichiers = SCHEMAS["Chargement"]["properties"]["fichiers"]["items"]
    assert set(fichiers["properties"]["type"]["enum"]) == set(TypeFichier)


def test_every_refusal_is_in_the_document_and_in_the_guide():
    textes = "".join(source.read_text(encoding="utf-8") for source in SOURCES)
    ecrits = set(re.findall(r'Refus\(\s*(\d{3}),\s*"(\w+)"', textes))
    ecrits |= {(str(status), code) for status, (code, *_) in ERREURS.items()} | {("500", INATTENDUE[0])}
    lignes = {}
    for statuts, ligne in re.findall(r"^\| ([\d, ]+) \|(.*)$", GUIDE, re.M):
        lignes |= dict.fromkeys(statuts.split(", "), ligne)
    for operation in OPERATIONS.values():
        assert set(operation["responses"]) == {"200", "304", *lignes}
    manquants = {code for status, code in ecrits if f"`{code}`" not in lignes.get(status, "")}
    assert manquants <= DU_DEPOT
