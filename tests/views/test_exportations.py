"""Exports to download: the report first, then the files, for those who may see the school or the projet."""

import csv
import hashlib
import io
import tarfile
from datetime import timedelta

import pytest
from django.urls import reverse
from lxml import etree

from exchanges.enums import Role
from exchanges.models import FicheGroupe, FicheResponsable, Passage, ProjetENT
from exchanges.parsers.aaf import DTD
from exchanges.pipeline.nuits import run_until
from exchanges.writers.gar import load_schema
from tests.makers import LUNDI, make_academie, make_ecole, make_utilisateur
from tests.makers_exports import VENDREDI, feed
from tests.views.conftest import connect
from tests.views.pages import assert_fragment_is_part_of_page, text, url


SAMEDI = VENDREDI + timedelta(days=1)
JOUR = "jour=2026-09-11"


@pytest.fixture
def alimente(ecole):
    """A school whose data has gone down to Moodle."""
    return feed(ecole, VENDREDI)


def download(client, ecole, quoi, query=JOUR):
    return client.get(url("exportation_download", ecole, quoi, query=query))


def content(reponse):
    return b"".join(reponse.streaming_content)


def test_before_any_passage_the_page_says_why_there_is_nothing(secretaire, ecole):
    page = text(secretaire.get(url("exportation_list", ecole)))
    assert page.count("Aucun passage de l'AAF n'a encore eu lieu") == 2
    assert "Aucun passage vers Moodle" in page
    assert "/exports/fichiers/" not in secretaire.get(url("exportation_list", ecole)).content.decode()


def test_page_shows_what_an_ent_would_swallow_with_names_then_the_files(secretaire, alimente):
    FicheResponsable.objects.update(mel="sans arobase")
    reponse = secretaire.get(url("exportation_list", alimente, query=JOUR))
    page = text(reponse)
    assert "1 × Une adresse électronique n'en est pas une." in page
    assert "MODELE Camille : mail : « sans arobase »" in page
    assert "Ce que l'ENT avalerait en silence" in page
    for quoi in ("aaf-complet", "aaf-delta", "gar", "gar-md5", "moodle-cohortes", "moodle-membres"):
        assert url("exportation_download", alimente, quoi, query=JOUR) in reponse.content.decode()


def test_broken_postcondition_is_said_loudly(secretaire, alimente):
    FicheGroupe.objects.filter(groupe__code="6AGL1").update(divisions=["6Z"])
    page = text(secretaire.get(url("exportation_list", alimente, query=JOUR)))
    assert "Cet export rompt ce que tout export réel respecte" in page
    assert "déclare pas. post-condition" in page


def test_fragment_is_part_of_the_page(secretaire, alimente):
    assert_fragment_is_part_of_page(secretaire, url("exportation_list", alimente, query=JOUR))


def test_aaf_archives_are_valid(secretaire, alimente):
    for quoi, mot in (("aaf-complet", "Complet"), ("aaf-delta", "Delta")):
        reponse = download(secretaire, alimente, quoi)
        assert f'filename="{mot}-{alimente.uai}-ENT2DVA.20260911.tgz"' in reponse["Content-Disposition"]
        assert reponse["Cache-Control"] == "no-store"
        with tarfile.open(fileobj=io.BytesIO(content(reponse))) as archive:
            noms = [nom for nom in archive.getnames() if nom.endswith(".xml")]
            assert f"ENT2DVA_{alimente.uai}_{mot}_20260911_Eleve_0000.xml" in noms
            for nom in noms:
                assert etree.DTD(str(DTD)).validate(etree.parse(archive.extractfile(nom)))


def test_gar_archive_is_valid_and_its_sum_is_beside_it(secretaire, alimente):
    reponse = download(secretaire, alimente, "gar")
    octets = content(reponse)
    assert 'filename="XX99_GAR-ENT_Complet_20260911_061500_2D.tar.gz"' in reponse["Content-Disposition"]
    assert content(download(secretaire, alimente, "gar-md5")).decode() == hashlib.md5(octets).hexdigest()  # noqa: S324
    with tarfile.open(fileobj=io.BytesIO(octets)) as archive:
        for membre in archive:
            load_schema().assertValid(etree.parse(archive.extractfile(membre)))


def test_moodle_gets_its_two_files(secretaire, alimente):
    cohortes = content(download(secretaire, alimente, "moodle-cohortes")).decode()
    membres = list(
        csv.reader(io.StringIO(content(download(secretaire, alimente, "moodle-membres")).decode()), delimiter=";")
    )
    assert "Élèves de la classe 6A" in cohortes
    assert len(membres) == 1 + 4 + 2


def test_what_cannot_be_downloaded_leads_back_with_the_reason(secretaire, ecole):
    reponse = secretaire.get(url("exportation_download", ecole, "gar", query="jour=2026-09-07"), follow=True)
    assert reponse.redirect_chain == [(url("exportation_list", ecole, query="jour=2026-09-07"), 302)]
    assert "Aucun passage vers le GAR" in text(reponse)
    assert secretaire.get(url("exportation_download", ecole, "autre-chose")).status_code == 404


def test_a_stranger_school_is_not_found(secretaire, alimente):
    autre = make_ecole(2, academie=make_academie("AC2"))
    assert download(secretaire, autre, "aaf-complet").status_code == 404
    dane = connect(make_utilisateur("dane", Role.DANE, academie=alimente.academie))
    assert content(download(dane, alimente, "aaf-complet"))


def projet_url(nom="exportation_projet", *args):
    return reverse(f"exchanges:{nom}", args=[ProjetENT.objects.get().pk, *args]) + f"?{JOUR}"


def test_projet_is_for_the_dane_and_restricted_to_her_schools(secretaire, alimente):
    feed(make_ecole(2, academie=make_academie("AC2")), VENDREDI)
    dane = connect(make_utilisateur("dane", Role.DANE, academie=alimente.academie))
    etrangere = connect(make_utilisateur("autre", Role.DANE, academie=make_academie("AC3")))
    assert secretaire.get(projet_url()).status_code == 404
    assert etrangere.get(projet_url()).status_code == 404
    page = text(dane.get(projet_url()))
    assert "Académie AC1 1 établissement" in page
    assert "AC2" not in page
    assert dane.get(projet_url("exportation_projet_download", "AC2", "aaf-complet")).status_code == 404
    with tarfile.open(
        fileobj=io.BytesIO(content(dane.get(projet_url("exportation_projet_download", "AC1", "aaf-complet"))))
    ) as archive:
        (etab,) = [nom for nom in archive.getnames() if "EtabEducNat" in nom]
        assert alimente.uai.encode() in archive.extractfile(etab).read()
    admin = connect(make_utilisateur("admin", Role.ADMIN))
    assert "Académie AC2 1 établissement" in text(admin.get(projet_url()))


def test_projet_sums_what_the_passages_found(alimente):
    Passage.objects.filter(relais="AAF", etat="fait").update(bilan={"constats": {"aaf_mail_invalide": 3}})
    dane = connect(make_utilisateur("dane", Role.DANE, academie=alimente.academie))
    page = text(dane.get(projet_url()))
    assert "3 × Une adresse électronique n'en est pas une." in page
    assert alimente.uai in page
    assert_fragment_is_part_of_page(dane, projet_url())


def test_passages_keep_what_the_rules_found_and_what_was_sent(ecole):
    feed(ecole, LUNDI + timedelta(hours=1))
    FicheResponsable.objects.update(mel="sans arobase")
    list(run_until(SAMEDI))
    bilans = {p.relais: p.bilan for p in Passage.objects.filter(etat="fait").order_by("prevu_le")}
    assert bilans["AAF"]["constats"]["aaf_mail_invalide"] == 1
    assert bilans["GAR"]["gar"]["eleves"] == 4
    assert bilans["MOODLE"]["moodle"] == {"cohortes": 4, "membres": 6}  # nobody is in 6ESP1
