"""What the GAR receives from an ENT: identifiants of accounts only, and nothing of the responsables."""

from dataclasses import fields
from datetime import date

import pytest

from exchanges.enums import Relais, Role
from exchanges.models import CompteENT, Eleve, Etablissement, EtatCompte, Individu, Jointure
from exchanges.parsers.records.gar import ExportGAR, GroupeGAR
from exchanges.pipeline.exportations import keep_gar
from exchanges.reports.aaf.portee import portee_of
from exchanges.reports.annuaire import end_of
from exchanges.reports.exportations import perimetre_of, read_portee
from exchanges.reports.gar import find_partages, gather, make_gar
from tests.makers import make_ecole, make_utilisateur
from tests.makers_exports import VENDREDI, feed
from tests.makers_sts import ANGLAIS


pytestmark = pytest.mark.django_db
JOUR = date(2026, 9, 11)


@pytest.fixture
def ecole():
    return feed(make_ecole(siret="19990001100012"), VENDREDI)


def export_of(ecole) -> ExportGAR:
    portee = read_portee(perimetre_of(ecole), Relais.GAR, JOUR)
    return make_gar(portee, ecole, end_of(ecole, JOUR)).freeze()


def identifiants(modele=Eleve, **filtre):
    jointures = modele.objects.filter(**filtre).values("jointure")
    return set(CompteENT.objects.filter(jointure__in=jointures).values_list("identifiant", flat=True))


def test_eleves_are_known_by_the_identifiant_of_their_account(ecole):
    export = export_of(ecole)
    assert {eleve.identifiant for eleve in export.eleves} == identifiants()
    assert len(export.eleves) == 4
    (premier, *_) = export.eleves
    assert (premier.civilite, premier.profils, premier.rattachement) == (
        "Mme",
        ((ecole.uai, "National_elv"),),
        ecole.uai,
    )


def test_no_jointure_no_ine_and_no_responsable_ever_leave(ecole):
    export = export_of(ecole)
    textes = repr([getattr(export, champ.name) for champ in fields(export)])
    assert "Camille" not in textes
    for jointure in Jointure.objects.all():
        assert f"'{jointure.pk}'" not in textes
        assert jointure.cle not in textes


def test_divisions_groupes_and_their_members(ecole):
    export = export_of(ecole)
    assert export.groupes == (
        GroupeGAR(ecole.uai, "6A", "SIXIEME A", "DIVISION"),
        GroupeGAR(ecole.uai, "6AGL1", "6AGL1", "GROUPE", ("6A",)),
        GroupeGAR(ecole.uai, "6ESP1", "6ESP1", "GROUPE", ("6A",)),
    )
    eleves = identifiants(eleve_id__in=["1001", "1002"])
    enseignant = identifiants(Individu, sts_id="7")
    assert {lien.identifiant for lien in export.personnes_groupes if lien.groupe == "6AGL1"} == eleves | enseignant


def test_services_mefs_matieres_and_disciplines_of_an_enseignant(ecole):
    export = export_of(ecole)
    (lou,) = identifiants(Individu, sts_id="7")
    assert {(s.identifiant, s.groupe, s.matieres) for s in export.enseignants_groupes} == {
        (lou, "6AGL1", (ANGLAIS,)),
        (lou, "6ESP1", (ANGLAIS,)),
    }
    assert [(s.identifiant, s.groupe, s.matieres) for s in export.enseignants_divisions] == [(lou, "6A", (ANGLAIS,))]
    (fiche,) = [personne for personne in export.enseignants if personne.identifiant == lou]
    assert fiche.disciplines == ((ecole.uai, ("L0422",)),)
    assert fiche.profils == ((ecole.uai, "National_ens"),)
    assert [(lien.identifiant, lien.mef) for lien in export.enseignants_mefs] == [(lou, "10010012110")]
    assert [(m.code, m.libelle) for m in export.matieres] == [(ANGLAIS, "ANGLAIS LV1")]
    assert [m.code for m in export.mefs] == ["10010012110"]


def test_the_direction_gives_the_resources_and_who_has_no_address_is_said(ecole):
    for nom, mel in (("chef", "chef@college.example"), ("adjointe", "")):
        utilisateur = make_utilisateur(nom, Role.DIRECTION, etablissement=ecole)
        utilisateur.email, utilisateur.last_name, utilisateur.first_name = mel, nom.upper(), "Alex"
        utilisateur.save()
    make_utilisateur("secretaire", Role.SECRETARIAT, etablissement=ecole)
    export = export_of(ecole)
    assert [r.nom for r in export.responsables_affectation] == ["CHEF", "ADJOINTE"]
    gardes, rapport, ecartes = keep_gar(export)
    assert [r.mels for r in gardes.responsables_affectation] == [("chef@college.example",)]
    assert rapport.comptes["gar_responsable_incomplet"] == 1
    assert ecartes == 1


def test_who_has_no_active_account_is_left_out(ecole):
    jointure = Eleve.objects.get(eleve_id="1001").jointure
    EtatCompte.objects.filter(compte__jointure=jointure).update(etat="desactive")
    assert len(export_of(ecole).eleves) == 3


def test_a_person_of_two_schools_has_one_entry(ecole):
    autre = feed(make_ecole(2), VENDREDI)
    etablissements = Etablissement.objects.filter(pk__in=[ecole.pk, autre.pk])
    partages = find_partages(portee_of(etablissements, JOUR, Relais.GAR))
    (lou,) = identifiants(Individu, sts_id="7")
    assert lou in partages
    with gather(map(export_of, (ecole, autre)), partages) as ensemble:
        entier = ensemble.freeze()
    (commune,) = [personne for personne in entier.enseignants if personne.identifiant == lou]
    assert commune.uais == (ecole.uai, autre.uai)
    assert commune.rattachement == ""
    assert [uai for uai, _ in commune.profils] == [ecole.uai, autre.uai]
    assert [etab.uai for etab in entier.etabs] == [ecole.uai, autre.uai]
