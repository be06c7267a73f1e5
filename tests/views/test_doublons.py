"""Two fiches side by side: what differs, which one to keep, what the merge costs on this date."""

from datetime import date, datetime, time, timedelta

import pytest

from exchanges.enums import Role, TypeFichier
from exchanges.models import CompteENT, Jointure, Responsable
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from tests.makers import (
    LUNDI,
    PARIS,
    load,
    make_academie,
    make_ecole,
    make_eleve,
    make_entete,
    make_fichiers,
    make_utilisateur,
    set_clock,
)
from tests.views.conftest import connect
from tests.views.pages import text, url


MOBILE = "+33639980001"
ALERTES = {"Conseillé": "Succès", "Déconseillé": "Attention", "À la rentrée": "Information"}
ZOE = Personne("501", "GALET", "Zoé", civilite="MME", tel_portable=MOBILE)
DOUBLE = Personne("502", "GALET", "Zoe", civilite="MME", tel_portable=MOBILE, mel="zoe@example.org")


@pytest.fixture
def constat(ecole):
    """Zoé Galet has two fiches: one with two children, one with an address."""
    return load_paire(ecole)


def load_paire(ecole, premier=ZOE, second=DOUBLE):
    liens = [("1001", premier), ("1002", premier), ("1003", second)]
    fichier = FichierResponsables(
        make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026"),
        personnes=(premier, second),
        liens=tuple(LienResponsable(eleve_id, personne.personne_id, "1", "10") for eleve_id, personne in liens),
    )
    load(ecole, [fichier])
    return ecole.constats.get(liste="responsables-en-double")


def page_of(client, ecole, constat):
    return text(client.get(url("doublon_detail", ecole, constat.pk)))


def test_the_list_leads_to_the_pair(secretaire, ecole, constat):
    page = secretaire.get(url("liste_detail", ecole, constat.liste))
    assert url("doublon_detail", ecole, constat.pk) in page.content.decode()
    assert "GALET Zoé 501 GALET Zoe 502 mêmes nom et prénom, même mobile forte" in text(page)


def test_the_two_fiches_field_by_field_with_what_differs(secretaire, ecole, constat):
    page = page_of(secretaire, ecole, constat)
    assert "Confiance forte Mêmes nom et prénom, même mobile" in page
    assert f"Mobile {MOBILE} {MOBILE} identique" in page
    assert "Prénom Zoé Zoe différent" in page
    assert "Adresse électronique – zoe@example.org différent" in page
    assert "Enfants MODELE1001 Maëlys (6A), MODELE1002 Maëlys (6A) MODELE1003 Maëlys (6A) différent" in page


def test_the_fiche_to_keep_has_more_children_and_takes_over_what_the_other_has(secretaire, ecole, constat):
    page = page_of(secretaire, ecole, constat)
    assert "Gardez la fiche 501 Parce que : plus d'enfants y sont rattachés" in page
    assert "Avant de retirer la fiche 502, reportez sur l'autre ce qu'elle a de mieux : l'adresse électronique" in page


def test_with_as_many_children_the_one_that_can_be_written_to_is_kept(secretaire, ecole):
    autre = Personne("503", "GALET", "Zoé", tel_portable=MOBILE, mel="zoe@example.org")
    fichier = FichierResponsables(make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026"), personnes=(ZOE, autre))
    load(ecole, [fichier])
    constat = ecole.constats.get(liste="responsables-en-double")
    assert "Gardez la fiche 503 Parce que : l'adresse électronique y est remplie" in page_of(
        secretaire, ecole, constat
    )


@pytest.mark.parametrize(
    ("jours", "avis", "complet", "desactive", "supprime"),
    [
        (0, "Conseillé", "Samedi 12 septembre 2026", "lundi 14 septembre 2026", "Lundi 9 novembre 2026"),
        (120, "Déconseillé", "Samedi 9 janvier 2027", "lundi 11 janvier 2027", "Lundi 8 mars 2027"),
        (-30, "Conseillé", "Samedi 15 août 2026", "lundi 17 août 2026", "Lundi 12 octobre 2026"),
        (330, "À la rentrée", "Samedi 7 août 2027", "lundi 9 août 2027", "Lundi 4 octobre 2027"),
    ],
)
def test_what_the_merge_costs_on_the_date_of_the_academie(
    jours, avis, complet, desactive, supprime, secretaire, ecole, constat
):
    """A complet on Saturdays, two days later in the ENT, spare accounts kept for 56 days."""
    set_clock(ecole.academie, LUNDI + timedelta(days=jours))
    page = page_of(secretaire, ecole, constat)
    assert f"Ce que la correction coûte aujourd'hui {ALERTES[avis]} : {avis}" in page
    assert "le compte télé-services de la fiche retirée est supprimé et un nouveau est créé" in page
    assert f"{complet} : le complet de l'AAF ne porte plus la fiche retirée ; l'ENT désactive" in page
    assert f"désactive son compte {desactive}." in page
    assert f"{supprime} : l'ENT supprime ce compte, 56 jours après" in page
    assert "PRONOTE ne peut pas rapprocher" in page


@pytest.mark.parametrize(("jours", "avis"), [(20, "Conseillé"), (30, "Déconseillé")])
def test_the_rentree_of_a_school_is_the_first_month_of_its_own_year(jours, avis, secretaire, ecole, constat):
    ecole.debut_eleves, ecole.fin_eleves = date(2027, 2, 15), date(2027, 12, 17)
    ecole.save()
    set_clock(ecole.academie, datetime.combine(ecole.debut_eleves, time(10), PARIS) + timedelta(days=jours))
    assert f" {avis} " in page_of(secretaire, ecole, constat)


def test_a_school_without_calendar_is_told_when_all_the_same(secretaire, ecole, constat):
    ecole.debut_eleves = ecole.fin_eleves = None
    ecole.save()
    assert "Faites-le le mois de la rentrée, jamais en cours d'année" in page_of(secretaire, ecole, constat)


def test_the_accounts_of_the_ent_are_shown(secretaire, ecole, constat):
    responsable = Responsable.objects.get(etablissement=ecole, personne_id="502")
    jointure, _ = Jointure.objects.get_or_create(academie=ecole.academie, categorie="PersRelEleve", cle="essai")
    Responsable.objects.filter(pk=responsable.pk).update(jointure=jointure)
    compte = CompteENT.objects.create(
        projet=ecole.projet_ent,
        jointure=jointure,
        identifiant="A2",
        login="zoe.galet2",
        base="zoe.galet",
        rang=2,
        cree_le=LUNDI,
    )
    etat = compte.etats.create(etat="actif", depuis=LUNDI)
    assert "Compte dans l'ENT – zoe.galet2 différent" in page_of(secretaire, ecole, constat)
    for nouveau, montre in (("desactive", "– zoe.galet2 (désactivé) différent"), ("supprime", "– – identique")):
        etat.etat = nouveau
        etat.save()
        assert f"Compte dans l'ENT {montre}" in page_of(secretaire, ecole, constat)


def test_two_fiches_of_an_eleve_the_one_with_the_ine_is_kept(secretaire, ecole):
    double = make_eleve("1005", nom_de_famille="MODELE1001", ine="", division="")
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001"), double]))
    constat = ecole.constats.get(liste="eleves-en-double")
    page = page_of(secretaire, ecole, constat)
    assert "Gardez la fiche 1001 Parce que : elle porte l'INE elle est dans une division" in page
    assert f"INE {make_eleve('1001').ine} – différent" in page
    assert "Né(e) le 17/05/2014 17/05/2014 identique" in page
    assert "télé-services" not in page


def test_a_pair_mended_is_no_longer_found(secretaire, ecole, constat):
    entete = make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026")
    load(ecole, [FichierResponsables(entete, personnes=(ZOE,))])
    assert secretaire.get(url("doublon_detail", ecole, constat.pk)).status_code == 404


def test_a_finding_that_is_no_pair_has_no_such_page(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001", nationalite="")]))
    fiche = ecole.constats.get(liste="fiches-bloquantes")
    assert secretaire.get(url("doublon_detail", ecole, fiche.pk)).status_code == 404


def test_a_pair_is_for_the_school_and_its_academie_only(secretaire, ecole, constat):
    autre = make_ecole(2, academie=make_academie("AC2"))
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    etranger = connect(make_utilisateur("etranger", Role.DIRECTION, etablissement=autre))
    adresse = url("doublon_detail", ecole, constat.pk)
    assert [client.get(adresse).status_code for client in (secretaire, dane, etranger)] == [200, 200, 404]
    assert secretaire.get(url("doublon_detail", autre, constat.pk)).status_code == 404
    sous_la_sienne = url("doublon_detail", autre, constat.pk)
    assert etranger.get(sous_la_sienne).status_code == 404
