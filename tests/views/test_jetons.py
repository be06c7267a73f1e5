"""The page « Dépôt automatique »: a token is made, copied once, watched, revoked."""

import re
from datetime import timedelta

from django.utils import timezone

from exchanges.enums import Role, UsageJeton
from exchanges.models import Jeton
from exchanges.pipeline.jetons import create_jeton, find_jeton
from tests.makers import make_etablissement, make_utilisateur
from tests.views.conftest import connect
from tests.views.pages import text, url


def create(client, ecole, nom="EDT, vie scolaire", jours="365"):
    return client.post(url("jeton_list", ecole), {"nom": nom, "jours": jours})


def read_jeton(reponse):
    """The token as a person copies it from the page."""
    return re.search(r'<pre id="jeton">([^<]+)</pre>', reponse.content.decode())[1]


def test_secretaire_makes_a_token_that_is_kept_as_a_hash_only(secretaire, ecole):
    reponse = create(secretaire, ecole)
    clair = read_jeton(reponse)
    jeton = Jeton.objects.get()
    assert find_jeton(clair) == jeton
    assert clair not in str(vars(jeton))
    assert (jeton.nom, jeton.usage, jeton.etablissement, jeton.cree_par.username) == (
        "EDT, vie scolaire",
        UsageJeton.DEPOT,
        ecole,
        "secretaire",
    )
    assert jeton.expire_le - jeton.cree_le == timedelta(days=365)
    assert "no-store" in reponse["Cache-Control"]


def test_token_is_shown_once(secretaire, ecole):
    clair = read_jeton(create(secretaire, ecole))
    page = secretaire.get(url("jeton_list", ecole))
    assert clair not in page.content.decode()
    assert "EDT, vie scolaire En service" in text(page)
    assert "par secretaire" in text(page)


def test_page_gives_the_command_to_try_it(secretaire, ecole):
    reponse = create(secretaire, ecole)
    assert (
        f"http://testserver/api/etablissements/{ecole.uai}/depots/"
        in re.search(r'<pre id="curl">([^<]+)</pre>', reponse.content.decode())[1]
    )


def test_direction_and_admin_make_tokens_too(ecole):
    direction = make_utilisateur("direction", Role.DIRECTION, etablissement=ecole)
    for nom, utilisateur in (("un", direction), ("deux", make_utilisateur("admin", Role.ADMIN))):
        assert create(connect(utilisateur), ecole, nom).status_code == 200
    assert ecole.jetons.count() == 2


def test_dane_sees_the_tokens_and_no_form(ecole):
    create_jeton("EDT", ecole, timezone.now())
    dane = connect(make_utilisateur("dane", Role.DANE, academie=ecole.academie))
    page = dane.get(url("jeton_list", ecole))
    assert "EDT En service" in text(page)
    assert "<form id=" not in page.content.decode().partition("<main")[2]
    assert "/revoquer/" not in page.content.decode()
    assert create(dane, ecole).status_code == 403
    assert Jeton.objects.count() == 1


def test_name_is_asked_for_and_is_unique_among_the_tokens_in_use(secretaire, ecole):
    assert create(secretaire, ecole, nom=" ").status_code == 422
    create(secretaire, ecole, nom="EDT")
    encore = create(secretaire, ecole, nom="EDT")
    assert encore.status_code == 422
    assert "Un jeton en service s'appelle déjà « EDT »." in text(encore)
    assert Jeton.objects.count() == 1
    secretaire.post(url("jeton_revoke", ecole, Jeton.objects.get().pk))
    assert create(secretaire, ecole, nom="EDT").status_code == 200


def test_duration_is_one_of_those_offered(secretaire, ecole):
    reponse = create(secretaire, ecole, jours="9999")
    assert reponse.status_code == 422
    assert "Choisissez une des durées proposées" in text(reponse)
    assert not Jeton.objects.exists()


def test_revoked_token_stays_in_the_list_without_button(secretaire, ecole):
    jeton, _ = create_jeton("EDT", ecole, timezone.now())
    adresse = url("jeton_revoke", ecole, jeton.pk)
    page = secretaire.post(adresse, follow=True)
    assert "Le jeton « EDT » est révoqué" in text(page)
    assert "EDT Révoqué" in text(page)
    assert adresse not in page.content.decode()
    premiere = Jeton.objects.get().revoque_le
    assert "était déjà révoqué" in text(secretaire.post(adresse, follow=True))
    assert Jeton.objects.get().revoque_le == premiere


def test_token_of_another_school_is_not_found_under_ones_own_address(secretaire, ecole):
    etranger, _ = create_jeton("EDT", make_etablissement(2), timezone.now())
    assert secretaire.post(url("jeton_revoke", ecole, etranger.pk)).status_code == 404
    assert Jeton.objects.get().revoque_le is None


def test_expired_token_is_told_with_its_last_use(secretaire, ecole):
    jeton, _ = create_jeton("EDT", ecole, timezone.now() - timedelta(days=40), duree=timedelta(days=30))
    page = text(secretaire.get(url("jeton_list", ecole)))
    assert "EDT Expiré" in page
    assert "jamais" in page
    Jeton.objects.filter(pk=jeton.pk).update(dernier_usage_le=jeton.expire_le - timedelta(days=1))
    assert "jamais" not in text(secretaire.get(url("jeton_list", ecole)))


def test_suivi_leads_to_the_page(secretaire, ecole):
    assert url("jeton_list", ecole) in secretaire.get(url("depot_list", ecole)).content.decode()


def test_ten_tokens_cost_as_many_queries_as_one(secretaire, ecole, django_assert_max_num_queries):
    auteur = make_utilisateur("direction", Role.DIRECTION, etablissement=ecole)
    for rang in range(10):
        create_jeton(f"EDT {rang}", ecole, timezone.now(), auteur)
    with django_assert_max_num_queries(12):
        secretaire.get(url("jeton_list", ecole))
