"""Services and who gives them (``sts_edt.md`` §2.3, §2.4, §3)."""

from dataclasses import replace
from datetime import date

from exchanges.parsers.records import Alternance, Cours, Enseignement, Individu, Matiere, Principal
from exchanges.rules import enseignements
from exchanges.rules.enseignements import REGLES
from tests.rules.dossiers import (
    FRANCAIS,
    found,
    make_commun,
    make_division,
    make_edt,
    make_groupe,
    make_nomenclatures,
    make_service,
    make_sts,
    messages,
)
from tests.rules.makers import ANNEE


JUIN, NOVEMBRE = date(2026, 6, 20), date(2026, 11, 20)


def test_sound_files_and_absent_ones_have_nothing_to_say():
    assert found(REGLES, sts=make_sts(), edt=make_edt()) == []
    assert found(REGLES) == []


def test_services_vides_is_one_fault_and_not_one_per_structure():
    muet = make_sts(groupes=(make_groupe(services=()),), divisions=(make_division(services=()),))
    assert found(REGLES, sts=muet) == [("services_vides", "")]
    assert found(REGLES, sts=muet, commun=make_commun(NOVEMBRE)) == [("services_vides", "")]
    assert found(REGLES, sts=muet, commun=make_commun(JUIN)) == []
    assert found(REGLES, sts=make_sts(divisions=(), groupes=())) == []


def test_groupe_sans_service_is_repaired_by_what_edt_sends():
    fichier = make_sts(groupes=(make_groupe(services=()),))
    assert found(REGLES, sts=fichier) == [("groupe_sans_service", "6AGL1")]
    assert found(REGLES, sts=fichier, edt=make_edt()) == []


def test_service_sans_enseignant_adds_up_a_service_written_twice():
    orphelin, pourvu = make_service(), make_service("11")
    fichier = make_sts(divisions=(make_division(services=(orphelin,)),), matieres=(Matiere(FRANCAIS, "FRANC"),))
    assert messages(enseignements.service_sans_enseignant, sts=fichier) == [
        "« 6A » : le service 020700 FRANC (CG) n'a aucun enseignant."
    ]
    assert found(REGLES, sts=make_sts(divisions=(make_division(services=(orphelin, pourvu)),))) == []


def test_enseignant_inconnu_is_told_by_type_and_id():
    divisions = (make_division(services=(make_service("12"),)),)
    assert found(REGLES, sts=make_sts(divisions=divisions)) == [("enseignant_inconnu", "12")]
    homonyme = make_sts(divisions=divisions, individus=(Individu("epp", "11"), Individu("local", "12")))
    assert found(REGLES, sts=homonyme) == [("enseignant_inconnu", "12")]


def test_enseignant_inconnu_leaves_suppleants_alone_and_looks_at_edt():
    divisions = (make_division(services=(make_service("12"),)),)
    suppleants = (Individu("epp", "11"), Individu("suppleant", "12"))
    assert found(REGLES, sts=make_sts(individus=suppleants), edt=make_edt(divisions=divisions)) == []
    assert found(REGLES, sts=make_sts(), edt=make_edt(divisions=divisions)) == [("enseignant_inconnu", "12")]
    assert found(REGLES, edt=make_edt(divisions=divisions)) == []


def test_enseignant_inconnu_knows_that_edt_may_leave_the_type_out():
    individus = (Individu("epp", "11"), Individu("local", "12"))
    edt = make_edt(divisions=(make_division(mefs=(), services=(make_service("12"),)),))
    assert found(REGLES, sts=make_sts(individus=individus), edt=edt) == []


def test_enseignant_local_is_said_of_those_who_have_services():
    service = replace(make_service(), enseignements=(Enseignement("local", "7"),))
    individus = (Individu("epp", "11"), Individu("local", "7", "LOCALE", prenom="Zoé"), Individu("local", "8"))
    fichier = make_sts(divisions=(make_division(services=(service,)),), individus=individus)
    assert found(REGLES, sts=fichier) == [("enseignant_local", "7")]
    assert messages(enseignements.enseignant_local, sts=fichier) == [
        "LOCALE Zoé (7) a des services et n'est pas dans EPP."
    ]


def test_matiere_inconnue_names_the_nomenclature_that_lacks_it():
    autres = (Matiere("061300"),)
    assert messages(enseignements.matiere_inconnue, sts=make_sts(matieres=autres)) == [
        "La matière 020700 (services de 6A, 6AGL1) n'est pas dans : Emploi du temps (STS-Web)."
    ]
    connue = make_sts(matieres=(Matiere(FRANCAIS),))
    assert found(REGLES, sts=connue, nomenclatures=make_nomenclatures(matieres=autres)) == [
        ("matiere_inconnue", FRANCAIS)
    ]
    assert found(REGLES, sts=connue, nomenclatures=make_nomenclatures()) == []


def test_alternance_inconnue_counts_the_courses_that_are_lost():
    cours = (Cours("H", 1, 480, 60), Cours("S9", 2, 480, 60), Cours("S9", 3, 480, 60, "15"))
    service = replace(make_service(), enseignements=(Enseignement("epp", "11", cours=cours),))
    fichier = make_edt(divisions=(make_division(services=(service,)),), alternances=(Alternance("H"),))
    assert messages(enseignements.alternance_inconnue, edt=fichier) == [
        "L'alternance « S9 » est inconnue : 2 cours ne seront pas repris."
    ]


def test_pp_perime_forgives_an_old_mandate_that_has_a_successor():
    def mandats(*fins):
        principaux = tuple(Principal("6A", date(2025, 9, 1), fin) for fin in fins)
        return make_sts(individus=(Individu("epp", "11", "MODELE", prenom="Anne", principal_de=principaux),))

    vieux, courant = date(2026, 8, 31), date(2027, 8, 31)
    assert messages(enseignements.pp_perime, sts=mandats(vieux)) == [
        "« 6A » : le dernier mandat, celui de MODELE Anne (11), a fini le 31/08/2026."
    ]
    for fins in ((vieux, courant), (courant, vieux), (vieux, None), ()):
        assert found(REGLES, sts=mandats(*fins)) == []


def test_pp_perime_is_judged_on_the_day_of_the_latest_export():
    fin = Principal("6A", date(2026, 9, 1), date(2026, 10, 31))
    fichier = make_sts(individus=(Individu("epp", "11", principal_de=(fin,)),))
    assert found(REGLES, sts=fichier, commun=make_commun(NOVEMBRE)) == [("pp_perime", "6A")]
    assert found(REGLES, sts=fichier, commun=make_commun(ANNEE.debut)) == []
