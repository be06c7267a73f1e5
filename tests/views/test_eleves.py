"""The journey of an élève."""

from datetime import timedelta

from exchanges.enums import TypeFichier
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from exchanges.pipeline.nuits import run_until
from tests.makers import ELEVES, LUNDI, MARDI_2H, deposit, load, make_eleve, make_entete, make_fichiers
from tests.views.pages import text, url


JEUDI = MARDI_2H + timedelta(days=2, hours=5)


def page_of(client, ecole, eleve_id="1001"):
    return text(client.get(url("eleve_detail", ecole, eleve_id)))


def load_first(ecole, now=LUNDI, **champs):
    """The default élèves, the first of them changed."""
    eleves = [make_eleve("1001", **champs), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves, quand=now), now=now)


def test_fiche_groupes_and_since_when(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MARDI_2H))
    page = page_of(secretaire, ecole)
    assert "Classe 6A · ELEVE_ID 1001" in page
    assert "6AGL1 depuis mardi 8 septembre" in page
    assert "mardi 8 septembre à 2 h Entrée dans le groupe 6AGL1" in page


def test_responsables_are_named_with_their_link(secretaire, ecole):
    fichier = FichierResponsables(
        entete=make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026"),
        personnes=(Personne("501", "MODELE", "Andrée", civilite="MME"),),
        liens=(LienResponsable("1001", "501", niveau="1", parente="10"),),
    )
    load(ecole, [fichier])
    assert "MME MODELE Andrée – mère, représentant légal" in page_of(secretaire, ecole)


def test_history_tells_what_changed(secretaire, ecole):
    load_first(ecole, prenom="Lou", division="")
    page = page_of(secretaire, ecole)
    assert "Prénom : Maëlys → Lou" in page
    assert "Division : 6A → vide" in page


def test_eleve_who_left_the_export_is_still_shown(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1002")]))
    page = page_of(secretaire, ecole)
    assert "n'est plus dans l'export de SIECLE" in page
    assert "Fiche absente de l'export de SIECLE" in page


def test_why_the_ent_does_not_show_her(secretaire, ecole):
    assert "Aucun passage vers l'ENT n'a encore eu lieu" in page_of(secretaire, ecole)
    list(run_until(JEUDI))
    assert "Aujourd'hui, l'ENT le montre" in page_of(secretaire, ecole)
    load_first(ecole, now=JEUDI, ine="")
    list(run_until(JEUDI + timedelta(days=3)))
    assert "L'élève n'a pas d'INE." in page_of(secretaire, ecole)
    load_first(ecole, now=JEUDI + timedelta(days=3), date_sortie=LUNDI.date())
    list(run_until(JEUDI + timedelta(days=6)))
    assert "L'élève est sorti de l'établissement." in page_of(secretaire, ecole)


def test_new_eleve_is_told_to_wait_for_the_next_passage(secretaire, ecole):
    list(run_until(JEUDI))
    load(ecole, make_fichiers(ecole, eleves=[*map(make_eleve, (*ELEVES, "1009"))], quand=JEUDI), now=JEUDI)
    assert "SIECLE l'a appris après le dernier passage vers l'ENT" in page_of(secretaire, ecole, "1009")


def test_unknown_eleve_is_not_found(secretaire, ecole):
    assert secretaire.get(url("eleve_detail", ecole, "777")).status_code == 404
