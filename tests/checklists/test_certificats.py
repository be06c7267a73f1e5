"""The NetSynchro certificate: its moments one by one, its end, its renewal."""

from datetime import date

from checklists.models import Certificat
from tests.checklists.makers import url
from tests.views.pages import text


def note(client, ecole, jour, expire_le=""):
    """Date the next moment, then what the page says."""
    donnees = {"jour": jour, "expire_le": expire_le}
    return text(client.post(url("certificat_detail", ecole), donnees, follow=True))


def test_from_the_request_to_the_end(chef, ecole):
    assert "Étape 1 sur 4 : Demander le certificat" in text(chef.get(url("certificat_detail", ecole)))
    assert "Demandé mardi 1er septembre : prêt vers mardi 8 septembre." in note(chef, ecole, "2026-09-01")
    assert "Étape 3 sur 4 : Récupérer le fichier" in note(chef, ecole, "2026-09-07")
    assert "Étape 4 sur 4 : Installer le certificat" in note(chef, ecole, "2026-09-07")
    assert "Donnez la date de fin" in note(chef, ecole, "2026-09-08")
    assert "Donnez la date de fin" in note(chef, ecole, "2026-09-08", "2026-09-08")
    assert "Le certificat est installé." in note(chef, ecole, "2026-09-08", "2029-09-08")
    certificat = Certificat.objects.get()
    assert (certificat.installe_le, certificat.expire_le) == (date(2026, 9, 8), date(2029, 9, 8))


def test_dates_do_not_go_back(chef, ecole):
    note(chef, ecole, "2026-09-05")
    assert "avant l'étape précédente" in note(chef, ecole, "2026-09-01")
    assert "ne se lit pas" in note(chef, ecole, "demain")
    assert Certificat.objects.get().disponible_le is None


def test_a_certificate_about_to_end_is_said_until_another_is_requested(chef, ecole):
    champs = {"demande_le": date(2023, 9, 1), "installe_le": date(2023, 9, 9), "expire_le": date(2026, 9, 30)}
    Certificat.objects.create(
        etablissement=ecole, disponible_le=date(2023, 9, 7), recupere_le=date(2023, 9, 8), **champs
    )
    fin = "Le certificat NetSynchro finit mercredi 30 septembre 2026."
    assert fin in text(chef.get(url("rentree_detail", ecole)))
    assert fin in text(chef.get(url("certificat_detail", ecole)))
    assert "Étape 2 sur 4" in note(chef, ecole, "2026-09-07")
    assert Certificat.objects.count() == 2
    assert fin not in text(chef.get(url("rentree_detail", ecole)))


def test_a_dane_sees_but_does_not_write(dane, ecole):
    assert "La demande est faite depuis le" not in text(dane.get(url("certificat_detail", ecole)))
    assert dane.post(url("certificat_detail", ecole), {"jour": "2026-09-01"}).status_code == 403
    assert not Certificat.objects.exists()
