"""Work lists: who is on them, what to do, the export."""

import pytest

from exchanges.enums import Role, TypeFichier
from exchanges.models import CompteENT, Jointure, Responsable
from exchanges.parsers.records import FichierResponsables, FichierSTS, Groupe, LienResponsable, Personne
from exchanges.pipeline.nuits import run_until
from exchanges.reports.listes import LISTES_PAR_SLUG
from tests.makers import (
    ELEVES,
    LUNDI,
    MARDI_2H,
    deposit,
    load,
    make_academie,
    make_ecole,
    make_eleve,
    make_entete,
    make_fichiers,
    make_utilisateur,
)
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text, url


SLUGS = tuple(LISTES_PAR_SLUG)


def page_of(client, ecole, slug):
    return text(client.get(url("liste_detail", ecole, slug)))


def load_eleves(ecole, **champs):
    """The default élèves, the first of them changed."""
    eleves = [make_eleve("1001", **champs), *map(make_eleve, ELEVES[1:])]
    load(ecole, make_fichiers(ecole, eleves=eleves))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_list_has_its_page_its_repair_and_its_exports(slug, secretaire, ecole):
    assert "À faire :" in page_of(secretaire, ecole, slug)
    assert_fragment_is_part_of_page(secretaire, url("liste_detail", ecole, slug))
    for extension in ("csv", "xlsx"):
        assert secretaire.get(url("liste_export", ecole, slug, extension)).status_code == 200


def test_unknown_list_and_unknown_export_are_not_found(secretaire, ecole):
    assert secretaire.get(url("liste_detail", ecole, "autre")).status_code == 404
    assert secretaire.get(url("liste_export", ecole, "autre", "csv")).status_code == 404
    assert secretaire.get(url("liste_export", ecole, SLUGS[0], "pdf")).status_code == 404


def test_empty_list_is_good_news(secretaire, ecole):
    page = page_of(secretaire, ecole, "eleves-sans-ine")
    assert "Rien à corriger" in page
    assert "Exporter" not in page


def test_eleves_sans_ine(secretaire, ecole):
    load_eleves(ecole, ine="")
    assert "MODELE1001 Maëlys 6A 1001" in page_of(secretaire, ecole, "eleves-sans-ine")


def test_eleves_sans_division(secretaire, ecole):
    load_eleves(ecole, division="")
    assert "1 élève sans division" in page_of(secretaire, ecole, "eleves-sans-division")


def test_leavers_are_on_no_list(secretaire, ecole):
    load_eleves(ecole, ine="", division="", date_sortie=LUNDI.date())
    for slug in ("eleves-sans-ine", "eleves-sans-division", "eleves-sans-groupe"):
        assert "MODELE1001" not in page_of(secretaire, ecole, slug)


def test_groupes_vides_and_eleves_sans_groupe_follow_the_night(secretaire, ecole):
    deposit(ecole, {"1001": ["6AGL1"]})
    list(run_until(MARDI_2H))
    vides = page_of(secretaire, ecole, "groupes-vides")
    assert "6ESP1" in vides
    assert "6AGL1" not in vides
    assert "3 élèves sans groupe" in page_of(secretaire, ecole, "eleves-sans-groupe")


def test_groupes_absents_de_siecle(secretaire, ecole):
    entete = make_entete(ecole, TypeFichier.STS_EDT, LUNDI, "2026")
    load(ecole, [FichierSTS(entete=entete, groupes=(Groupe("NOUVEAU", "", divisions=("6A",)), Groupe("6AGL1", "")))])
    page = page_of(secretaire, ecole, "groupes-absents-de-siecle")
    assert "NOUVEAU 6A lundi 7 septembre 2026" in page
    assert "6AGL1" not in page


def test_list_is_paged_by_fifty_and_exported_whole(secretaire, ecole):
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(n), ine="") for n in range(1001, 1061)]))
    assert "Lignes 1 à 50 sur 60" in page_of(secretaire, ecole, "eleves-sans-ine")
    export = secretaire.get(url("liste_export", ecole, "eleves-sans-ine", "csv")).content.decode("utf-8-sig")
    assert len(export.splitlines()) == 61


def load_responsable(ecole, **champs):
    """One adult, of the first élève."""
    personne = Personne("501", **({"nom_de_famille": "GALET", "prenom": "Zoé", "profession": "37"} | champs))
    entete = make_entete(ecole, TypeFichier.RESPONSABLES, LUNDI, "2026")
    load(ecole, [FichierResponsables(entete, personnes=(personne,), liens=(LienResponsable("1001", "501", "1"),))])


def test_fiches_bloquantes_tell_what_is_missing_what_to_do_and_since_when(secretaire, ecole):
    load_eleves(ecole, nationalite="")
    page = page_of(secretaire, ecole, "fiches-bloquantes")
    assert "1 fiche bloquante" in page
    assert "MODELE1001 Maëlys 6A Fiche bloquante" in page
    assert "la nationalité. Voir la marche à suivre Une fiche bloquante ne remonte pas" in page
    assert "lundi 7 septembre 2026" in page


def test_dashboard_counts_every_list_and_a_mended_one_is_zero(secretaire, ecole):
    load_eleves(ecole, nationalite="")
    accueil = text(secretaire.get(url("etablissement_detail", ecole)))
    assert "1 fiche bloquante" in accueil
    load_eleves(ecole)
    assert "0 fiche bloquante" in text(secretaire.get(url("etablissement_detail", ecole)))


def test_a_wrong_name_is_told_before_the_account_and_too_late_after(secretaire, ecole):
    load_responsable(ecole, nom_de_famille="M. MME MANENTE", prenom="Guy Et Yvette")
    a_temps = page_of(secretaire, ecole, "identifiants")
    assert "guy_et_yvette.m._mme_manente" in a_temps
    jointure, _ = Jointure.objects.get_or_create(academie=ecole.academie, categorie="PersRelEleve", cle="501")
    Responsable.objects.filter(personne_id="501").update(jointure=jointure)
    login = {"login": "guy_et_yvette.m._mme_manente2", "base": "guy_et_yvette.m._mme_manente", "rang": 2}
    compte = CompteENT.objects.create(
        projet=ecole.projet_ent, jointure=jointure, identifiant="A1", cree_le=LUNDI, **login
    )
    assert "Rien à corriger" in page_of(secretaire, ecole, "identifiants")
    fige = page_of(secretaire, ecole, "identifiants-figes")
    assert "guy_et_yvette.m._mme_manente2 lundi 7 septembre 2026" in fige
    assert "Il est trop tard" in fige
    assert "même quand le nom est corrigé" in fige
    compte.etats.create(etat="supprime", depuis=LUNDI)
    assert "1 nom qui fera un mauvais identifiant" in page_of(secretaire, ecole, "identifiants")


def test_a_multi_inscription_is_seen_by_both_schools_by_name_only(secretaire, ecole):
    autre = make_ecole(2, denomination="Lycée des Ormes")
    load(ecole, make_fichiers(ecole, eleves=[make_eleve("1001"), make_eleve("9002")]))
    load(autre, make_fichiers(autre, eleves=[make_eleve("1001", prenom="Ailleurs"), make_eleve("9003")]))
    page = page_of(secretaire, ecole, "multi-inscriptions")
    assert "1 élève inscrit dans deux établissements" in page
    assert f"MODELE1001 Maëlys 6A {make_eleve('1001').ine} Lycée des Ormes ({autre.uai})" in page
    assert "Ailleurs" not in page
    admin = connect(make_utilisateur("la-bas", Role.SECRETARIAT, etablissement=autre))
    assert f"Collège d'essai 1 ({ecole.uai})" in page_of(admin, autre, "multi-inscriptions")
    parti = make_eleve("1001", date_sortie=LUNDI.date(), motif_sortie="10")
    load(autre, make_fichiers(autre, eleves=[parti, make_eleve("9003")]))
    assert "Rien à corriger" in page_of(secretaire, ecole, "multi-inscriptions")


def test_an_eleve_of_another_academie_is_no_multi_inscription_here(secretaire, ecole):
    make_ecole(2, academie=make_academie("AC2"))
    assert "Rien à corriger" in page_of(secretaire, ecole, "multi-inscriptions")


def test_names_of_groupes_that_sts_refuses(secretaire, ecole):
    deposit(ecole, {"1001": ["LAT/GREC"]})
    list(run_until(MARDI_2H))
    page = page_of(secretaire, ecole, "noms-de-groupes")
    assert "LAT/GREC" in page
    assert "Nom proposé" in page


def load_many(ecole):
    """Sixty élèves without INE, half of them in 6B, names in the reverse order of the identifiers."""
    eleves = [
        make_eleve(str(n), nom_de_famille=f"NOM{9999 - n}", ine="", division="6B" if n % 2 else "6A")
        for n in range(1001, 1061)
    ]
    load(ecole, make_fichiers(ecole, eleves=eleves))


def test_what_is_filtered_and_sorted_is_what_is_exported(secretaire, ecole):
    load_many(ecole)
    query = "division=6B&texte=NOM89&tri=-identifiant"
    page = text(secretaire.get(url("liste_detail", ecole, "eleves-sans-ine", query=query)))
    assert "30 élèves sans INE" in page
    export = secretaire.get(url("liste_export", ecole, "eleves-sans-ine", "csv", query=query))
    lignes = export.content.decode("utf-8-sig").splitlines()
    assert len(lignes) == 31
    assert [ligne.split(";")[2] for ligne in lignes[1:3]] == ["1059", "1057"]


def test_a_filter_that_finds_nothing_says_so_and_leads_back(secretaire, ecole):
    load_many(ecole)
    reponse = secretaire.get(url("liste_detail", ecole, "eleves-sans-ine", query="texte=personne"))
    assert "Aucune ligne ne correspond" in text(reponse)
    assert "Rien à corriger" not in text(reponse)


@pytest.mark.parametrize("query", ["tri=nimporte", "division=9Z", "page=99", "texte=%25", "tri=-depuis"])
@pytest.mark.parametrize("slug", ["eleves-sans-ine", "groupes-vides", "responsables-en-double"])
def test_a_strange_address_is_no_error(slug, query, secretaire, ecole):
    assert secretaire.get(url("liste_detail", ecole, slug, query=query)).status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_every_column_sorts_and_every_list_is_searched(slug, secretaire, ecole):
    for colonne in LISTES_PAR_SLUG[slug].colonnes:
        query = f"tri=-{colonne.cle}&texte=a"
        assert secretaire.get(url("liste_detail", ecole, slug, query=query)).status_code == 200


def test_groupes_are_filtered_by_division(secretaire, ecole):
    page = text(secretaire.get(url("liste_detail", ecole, "groupes-vides", query="division=6A")))
    assert "2 groupes vides" in page


def test_list_asks_as_many_queries_for_ten_rows_as_for_one(secretaire, ecole, django_assert_max_num_queries):
    adresse = url("liste_detail", ecole, "eleves-sans-ine")
    load_eleves(ecole, ine="")
    with django_assert_max_num_queries(10) as avant:
        secretaire.get(adresse)
    load(ecole, make_fichiers(ecole, eleves=[make_eleve(str(n), ine="") for n in range(1001, 1011)]))
    with django_assert_max_num_queries(len(avant)):
        secretaire.get(adresse)
