"""``import_comptes``: in somebody's name and inside her rights; shows by default, writes and invites when asked."""

import json

import pytest
from django.core.management import CommandError, call_command

from exchanges.enums import Role
from exchanges.models import Utilisateur
from tests.makers import make_etablissement, make_utilisateur


pytestmark = pytest.mark.django_db
SITE = "--adresse=https://suivi.example"


@pytest.fixture
def fichier(tmp_path):
    etablissement = make_etablissement()
    make_utilisateur("direction", Role.DIRECTION, etablissement=etablissement)
    chemin = tmp_path / "comptes.csv"
    chemin.write_text(f"email;rôle;UAI\nanne@ac-essai.example;secrétariat;{etablissement.uai}\n")
    return chemin


def test_nothing_is_written_without_being_asked(fichier, capsys, mailoutbox):
    call_command("import_comptes", str(fichier), "--par=direction")
    sortie = capsys.readouterr().out
    assert "ligne 2 : anne@ac-essai.example – Compte ouvert : secrétariat" in sortie
    assert "1 lignes, 1 comptes nouveaux, 0 lignes refusées. Rien n'est écrit" in sortie
    assert Utilisateur.objects.count() == 1
    assert mailoutbox == []


def test_accounts_are_opened_and_invited_when_asked(fichier, mailoutbox):
    call_command("import_comptes", str(fichier), "--par=direction", "--appliquer", SITE)
    assert Utilisateur.objects.get(username="anne@ac-essai.example").habilitations.get().role == Role.SECRETARIAT
    assert "https://suivi.example/mot-de-passe/nouveau/" in mailoutbox[0].body


def test_refused_line_gives_the_code_2(fichier, capsys):
    fichier.write_text("email;rôle\nanne@ac-essai.example;dane\n")
    with pytest.raises(CommandError) as erreur:
        call_command("import_comptes", str(fichier), "--par=direction", "--json")
    assert erreur.value.returncode == 2
    (ligne,) = json.loads(capsys.readouterr().out)["lignes"]
    assert (ligne["numero"], ligne["is_refusee"]) == (2, True)


@pytest.mark.parametrize("par", ["inconnue", "secretaire"])
def test_author_must_be_somebody_who_gives_roles(fichier, par):
    make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=make_etablissement(2))
    with pytest.raises(CommandError, match="n'est pas un compte actif qui peut donner des rôles"):
        call_command("import_comptes", str(fichier), f"--par={par}")


def test_links_need_the_address_of_the_site(fichier):
    with pytest.raises(CommandError, match="Donnez l'adresse du site"):
        call_command("import_comptes", str(fichier), "--par=direction", "--appliquer")
    assert Utilisateur.objects.count() == 1
