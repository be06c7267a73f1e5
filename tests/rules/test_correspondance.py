"""Do EDT, STS-Web and SIECLE speak of the same things?"""

from dataclasses import fields, replace

import pytest

from exchanges.enums import Gravite, TypeFichier
from exchanges.generator import Ecole, make_ecole
from exchanges.parsers.records import (
    Division,
    Eleve,
    EleveEDT,
    FichierEleves,
    FichierEmploiDuTemps,
    Groupe,
    Individu,
    ProfesseurEDT,
    StructureEDT,
)
from exchanges.rules import correspondance, enseignements, sts
from exchanges.rules.base import regle_de
from exchanges.rules.correspondance import REGLES
from exchanges.rules.dossier import Base, check_regles, read_base
from tests.rules.dossiers import (
    found,
    make_division,
    make_edt,
    make_entete,
    make_groupe,
    make_service,
    make_structures,
    make_sts,
    messages,
)


def make_export(*groupes, divisions=("6A",), **champs):
    """The EDT → ENT export with groupes of these names."""
    return FichierEmploiDuTemps(
        entete=make_entete(TypeFichier.EMPLOI_DU_TEMPS),
        divisions=tuple(StructureEDT(str(rang), nom) for rang, nom in enumerate(divisions)),
        groupes=tuple(StructureEDT(str(rang), nom) for rang, nom in enumerate(groupes)),
        **champs,
    )


def test_files_that_agree_and_absent_ones_have_nothing_to_say():
    export = make_export("6AGL1")
    structures = make_structures((Division("6A"),), (Groupe("6AGL1"),))
    assert found(REGLES, sts=make_sts(), edt=make_edt(), structures=structures, emploi_du_temps=export) == []
    assert found(REGLES) == []


@pytest.mark.parametrize("rang", range(1, 9))
def test_a_sound_school_has_only_its_local_enseignants(rang):
    """A fact, no fault: the generator gives some services to people whom the rectorat does not know."""
    ecole = make_ecole(rang, 7, echelle=0.3)
    regles = (*sts.REGLES, *enseignements.REGLES, *REGLES)
    trouves = check_regles(regles, read_base(getattr(ecole, champ.name) for champ in fields(Ecole)))
    locaux = {individu.id for individu in ecole.sts.individus if individu.type == "local"}
    assert {(a.code, a.objet) for a in trouves} == {("enseignant_local", individu_id) for individu_id in locaux}


def test_structure_absente_de_siecle_finds_the_export_that_was_not_made_again():
    assert found(REGLES, structures=make_structures((Division("6A"),)), sts=make_sts()) == [
        ("structure_absente_de_siecle", "6AGL1")
    ]


def test_structure_absente_de_sts_is_only_an_information():
    structures = make_structures((Division("6A"),), (Groupe("6AGL1"), Groupe("6VIEUX")))
    assert found(REGLES, structures=structures, sts=make_sts()) == [("structure_absente_de_sts", "6VIEUX")]
    assert regle_de(correspondance.structure_absente_de_sts).gravite == Gravite.INFORMATION


def test_groupe_perdu_par_troncature_has_no_counterpart_in_sts():
    export = make_export("1ARA1STMG", "6AGL1", "ABSENT")
    assert found(REGLES, sts=make_sts(), emploi_du_temps=export) == [("groupe_perdu_par_troncature", "1ARA1STMG")]
    assert messages(correspondance.groupe_perdu_par_troncature, sts=make_sts(), emploi_du_temps=export) == [
        "Le groupe « 1ARA1STMG » devient « 1ARA1STM », qui n'est pas dans STS. Nom proposé : « 1AR1STMG »."
    ]


def test_groupe_perdu_par_troncature_spares_a_name_that_sts_knows_once_cut():
    groupes = (make_groupe("1ARA1STM"),)
    export = make_export("1ARA1STMG")
    assert found(REGLES, sts=make_sts(groupes=groupes), emploi_du_temps=export) == []
    assert found(REGLES, sts=make_sts(groupes=()), emploi_du_temps=export) == []
    assert found(REGLES, emploi_du_temps=export) == []


def test_groupe_perdu_par_troncature_tells_two_groupes_that_become_one():
    export = make_export("6ANGLAISG1", "6ANGLAISG2", "é")
    assert found(REGLES, emploi_du_temps=export) == [
        ("groupe_perdu_par_troncature", nom) for nom in ("6ANGLAISG1", "6ANGLAISG2", "é")
    ]
    propositions = [m.rpartition("« ")[2] for m in messages(REGLES[2], emploi_du_temps=export)]
    assert propositions == ["6ANGLSG1 ».", "6ANGLSG2 ».", "E »."]


def test_groupe_perdu_par_troncature_looks_at_divisions_and_at_the_file_for_sts():
    assert found(REGLES, emploi_du_temps=make_export("6.A")) == [("groupe_perdu_par_troncature", "6.A")]
    assert found(REGLES, edt=make_edt(groupes=(make_groupe("6.A"),))) == [("groupe_perdu_par_troncature", "6.A")]


def test_eleve_sans_correspondance_is_found_in_siecle_by_her_ine_when_edt_has_it():
    connue = Eleve("1001", "MODELE", "Maëlys", None, ine="080000001AB")
    eleves = FichierEleves(entete=make_entete(TypeFichier.ELEVES), eleves=(connue,))
    export = make_export(
        "6AGL1",
        eleves=(
            EleveEDT("1", "MODELE", "Maëlys", eleve_id="1001"),
            EleveEDT("2", "MODELE", "Maëlys", ine="080000001AB"),
            EleveEDT("3", "INVENTE", "Tom", eleve_id="9"),
        ),
    )
    constats = list(correspondance.eleve_sans_correspondance(Base(eleves=eleves, emploi_du_temps=export)))
    assert [eleve for eleve, _, _ in constats] == [connue, None]
    assert [message for _, _, message in constats] == [
        "L'élève d'EDT MODELE Maëlys n'a pas d'identifiant SIECLE.",
        "L'élève d'EDT INVENTE Tom a l'identifiant 9, inconnu de SIECLE.",
    ]


def test_eleve_sans_correspondance_is_said_once_when_edt_never_met_siecle():
    export = make_export(eleves=(EleveEDT("1", "MODELE"), EleveEDT("2", "INVENTE")))
    assert messages(correspondance.eleve_sans_correspondance, emploi_du_temps=export) == [
        "Aucun des 2 élèves d'EDT n'a d'identifiant SIECLE."
    ]


def test_professeur_sans_correspondance_wants_an_id_that_sts_knows():
    professeurs = (
        ProfesseurEDT("1", "MODELE", "Anne", "11"),
        ProfesseurEDT("2", "INVENTE", "Paul", "12"),
        ProfesseurEDT("3", "SANS"),
    )
    export = make_export("6AGL1", professeurs=professeurs)
    assert found(REGLES, sts=make_sts(), emploi_du_temps=export) == [
        ("professeur_sans_correspondance", "INVENTE Paul"),
        ("professeur_sans_correspondance", "SANS"),
    ]
    assert found(REGLES, emploi_du_temps=export) == [("professeur_sans_correspondance", "SANS")]
    muets = make_export(professeurs=tuple(replace(professeur, sts_id="") for professeur in professeurs))
    assert found(REGLES, emploi_du_temps=muets) == [("professeur_sans_correspondance", "")]


def test_services_ecrases_lists_what_only_sts_has():
    sts = make_sts(
        divisions=(make_division(services=(make_service("11", "12"), make_service("11", matiere="061300"))),),
        groupes=(make_groupe(), make_groupe("6CHORALE")),
        individus=(Individu("epp", "11"), Individu("epp", "12", "MODELE", prenom="Ève")),
    )
    assert messages(correspondance.services_ecrases, sts=sts, edt=make_edt()) == [
        "« 6A » : le service 020700 (CG) perdra son enseignant MODELE Ève (12).",
        "« 6A » : le service 061300 (CG) de STS n'est pas dans le fichier d'EDT.",
        "Le groupe « 6CHORALE » de STS n'est pas dans le fichier d'EDT.",
    ]
    assert messages(correspondance.services_modifies_depuis_export, sts=sts, edt=make_edt()) == []


def test_services_ecrases_is_said_once_of_a_structure_that_loses_everything():
    sts = make_sts(divisions=(make_division(services=(make_service("11"), make_service("11", matiere="061300"))),))
    attendu = ["« 6A » : le fichier d'EDT ne lui donne aucun service, STS en a 2."]
    for divisions in ((), (make_division(services=()),)):
        assert messages(correspondance.services_ecrases, sts=sts, edt=make_edt(divisions=divisions)) == attendu


def test_services_modifies_depuis_export_lists_what_sts_has_not_yet():
    edt = make_edt(
        divisions=(make_division(services=(make_service("11", "12"), make_service("11", matiere="061300"))),),
        groupes=(make_groupe(), make_groupe("6CHORALE")),
    )
    assert messages(correspondance.services_modifies_depuis_export, sts=make_sts(), edt=edt) == [
        "« 6A », à importer dans STS : 020700, 061300.",
        "« 6CHORALE » est dans le fichier d'EDT mais pas dans STS.",
    ]
    assert messages(correspondance.services_ecrases, sts=make_sts(), edt=edt) == []


def test_services_modifies_depuis_export_compares_hours_as_numbers():
    def heures(valeur):
        return {"divisions": (make_division(services=(make_service("11", heures=valeur),)),)}

    assert found(REGLES, sts=make_sts(**heures("4.00")), edt=make_edt(**heures("4"))) == []
    assert found(REGLES, sts=make_sts(**heures("4.00")), edt=make_edt(**heures("4.50"))) == [
        ("services_modifies_depuis_export", "6A")
    ]


def test_services_modifies_depuis_export_waits_for_a_first_import():
    muet = make_sts(groupes=(), divisions=(make_division(services=()),))
    assert found(REGLES, sts=muet, edt=make_edt()) == []
