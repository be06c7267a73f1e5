"""Many rows at once: what goes in comes out, on both databases."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.importer.bulk import LOT, batches, insert_rows
from exchanges.models import Acte, Division, FicheEleve, FicheGroupe, Groupe
from tests.makers import LUNDI, make_etablissement


pytestmark = pytest.mark.django_db

REDOUTABLES = [
    "Maëlys Œuvrard-L'Hôpital",
    "tabulation\tet\nretour\r\nligne",
    "contre\\oblique \\N \\. \\t",
    "guillemets \" ' ; -- {} %s %(nom)s",
    "\u00a0espace insécable\u2028",
    "\U0001f393 王",
    "",
    "\\N",
    "\\.",
]


@pytest.fixture
def acte():
    etablissement = make_etablissement()
    return Acte.objects.create(etablissement=etablissement, nature="chargement", instant=LUNDI)


def insert_groupes(acte, fiches):
    """Groupes and their fiches by bulk; returns the fiches as the database gives them back."""
    etablissement = acte.etablissement
    insert_rows(Groupe, ["etablissement_id", "code"], [(etablissement.pk, f"G{rang}") for rang in range(len(fiches))])
    cles = list(Groupe.objects.filter(etablissement=etablissement).order_by("pk").values_list("pk", flat=True))
    ecrites = insert_rows(
        FicheGroupe,
        ["etablissement_id", "depuis", "ouvert_par_id", "couche", "groupe_id", "libelle", "mefs", "divisions"],
        (
            (etablissement.pk, LUNDI, acte.pk, "BEE", cle, libelle, mefs, divisions)
            for cle, (libelle, mefs, divisions) in zip(cles, fiches, strict=True)
        ),
    )
    assert ecrites == len(fiches)
    return list(FicheGroupe.objects.order_by("pk").values_list("libelle", "mefs", "divisions"))


def test_dangerous_texts_and_json_come_back_as_they_went_in(acte):
    fiches = [(texte[:60], [texte, "x"], []) for texte in REDOUTABLES]
    assert insert_groupes(acte, fiches) == fiches


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_that_an_xml_may_hold_comes_back_as_it_went_in(acte, textes):
    with transaction.atomic():
        fiches = [(texte, [texte], [texte]) for texte in textes]
        assert insert_groupes(acte, fiches) == fiches
        transaction.set_rollback(True)


def test_dates_nulls_instants_and_defaults_are_those_of_the_fields(acte):
    etablissement = acte.etablissement
    insert_rows(Division, ["etablissement_id", "code"], [(etablissement.pk, "6A")])
    eleve = etablissement.eleves.create(eleve_id="1001")
    commun = {"etablissement_id": etablissement.pk, "depuis": LUNDI, "ouvert_par_id": acte.pk, "eleve_id": eleve.pk}
    textes = {
        champ.attname: "" for champ in FicheEleve._meta.concrete_fields if champ.get_internal_type() == "CharField"
    }
    valeurs = (
        commun
        | textes
        | {"prenom": "Zoé", "date_naissance": date(2014, 2, 28), "date_sortie": None, "options": [], "manques": []}
    )
    insert_rows(FicheEleve, list(valeurs), [list(valeurs.values())])
    fiche = FicheEleve.objects.get()
    assert (fiche.prenom, fiche.date_naissance, fiche.date_sortie, fiche.division) == (
        *("Zoé", date(2014, 2, 28)),
        *(None, None),
    )
    assert (fiche.depuis, fiche.jusqua, fiche.nom_complet) == (LUNDI, None, " Zoé")


def test_more_rows_than_one_batch_are_all_written(acte):
    codes = [f"G{rang}" for rang in range(LOT + 1)]
    assert (
        insert_rows(Groupe, ["etablissement_id", "code"], ((acte.etablissement_id, code) for code in codes)) == LOT + 1
    )
    assert set(Groupe.objects.values_list("code", flat=True)) == set(codes)
    assert [len(lot) for lot in batches(codes)] == [LOT, 1]


def test_nothing_to_insert_is_nothing_inserted(acte):
    assert insert_rows(Groupe, ["etablissement_id", "code"], []) == 0
    assert not Groupe.objects.exists()


def test_constraints_hold_against_bulk_writes_too(acte):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Groupe, ["etablissement_id", "code"], [(acte.etablissement_id, "G"), (acte.etablissement_id, "G")])
    assert not Groupe.objects.exists()
