"""What is written about the automatic deposit is what it answers: the OpenAPI description and the guide."""

import json
import re
from datetime import timedelta

from django.conf import settings
from django.urls import resolve

from entsite.api import ERREURS, INATTENDUE
from exchanges.enums import EtatDepot
from exchanges.pipeline.nuits import run_until
from tests.makers import LUNDI, set_clock
from tests.views.machines import TOUS, get, send


DESCRIPTION = json.loads((settings.BASE_DIR / "docs/api-depot.json").read_text(encoding="utf-8"))
GUIDE = (settings.BASE_DIR / "docs/guide/depot-automatique.md").read_text(encoding="utf-8")
SCHEMAS = DESCRIPTION["components"]["schemas"]
DEPOSER = DESCRIPTION["paths"]["/api/etablissements/{uai}/depots/"]["post"]
SOURCES = [settings.BASE_DIR / f"exchanges/views/{nom}.py" for nom in ("api", "api_corps", "api_depot")]


def assert_described(corps, nom):
    """Exactly the properties of the schema, those that are required at least."""
    schema = SCHEMAS[nom]
    assert set(schema["required"]) <= set(corps) <= set(schema["properties"])


def test_addresses_described_are_those_of_the_site():
    for chemin, operation in zip(DESCRIPTION["paths"], ("api_depot_receive", "api_depot_detail"), strict=True):
        assert resolve(chemin.format(uai="0990001N", depot=1)).url_name == operation


def test_every_answer_described_says_how_many_calls_are_left():
    noms = [f"RateLimit-{nom}" for nom in ("Limit", "Remaining", "Reset")]
    assert list(DESCRIPTION["components"]["headers"]) == noms
    assert all(f"`{nom}`" in GUIDE for nom in noms)
    operations = [
        contenu for chemin in DESCRIPTION["paths"].values() for nom, contenu in chemin.items() if nom != "parameters"
    ]
    for reponse in (reponse for operation in operations for reponse in operation["responses"].values()):
        for nom in noms:
            assert reponse["headers"][nom] == {"$ref": f"#/components/headers/{nom}"}


def test_every_reference_leads_somewhere():
    for nom in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DESCRIPTION)):
        assert nom in SCHEMAS


def test_answers_have_the_properties_described(ecole, jeton):
    reponse = send(ecole, jeton, TOUS | {"1004": ["INCONNU"]})
    assert_described(reponse.json(), "Depot")
    assert_described(reponse.json()["verdict"], "Chiffres")
    mercredi = LUNDI + timedelta(days=2)
    set_clock(ecole.academie, mercredi)
    list(run_until(mercredi))
    corps = get(reponse["Location"], jeton).json()
    assert_described(corps, "Depot")
    assert_described(corps["compte_rendu"], "CompteRendu")
    assert_described(corps["compte_rendu"]["anomalies"][0], "Anomalie")
    garde = send(ecole, jeton, {"1001": ["6AGL1"]}, mercredi)
    assert set(garde.json()) == {part for un in SCHEMAS["Confirmation"]["allOf"] for part in names(un)}


def names(schema):
    """The properties of a schema or of the one that it points to."""
    cible = schema.get("$ref", "").rpartition("/")[2]
    return (SCHEMAS[cible] if cible else schema)["properties"]


def test_every_state_is_described():
    assert set(SCHEMAS["Depot"]["properties"]["etat"]["enum"]) == set(EtatDepot)


def test_every_status_and_code_is_in_the_description_and_in_the_guide():
    ecrits = re.findall(r'(?:Refus\(|answer\()\s*(\d{3}),\s*"(\w+)"', "".join(p.read_text("utf-8") for p in SOURCES))
    communs = [(str(status), code) for status, (code, *_) in {**ERREURS, 500: INATTENDUE}.items()]
    assert len(ecrits) > 10
    lignes = dict.fromkeys(("202", "200", "422"), "") | {status: "" for status, _ in ecrits + communs}
    for ligne in re.findall(r"^\| ([\d, ]+) \|(.*)$", GUIDE, re.M):
        for status in ligne[0].split(", "):
            lignes[status] = lignes.get(status, "") + ligne[1]
    assert set(lignes) == set(DEPOSER["responses"])
    assert all(lignes.values())
    for status, code in ecrits + [commun for commun in communs if commun[1] != "interdit"]:
        assert f"`{code}`" in lignes[status], (status, code)
