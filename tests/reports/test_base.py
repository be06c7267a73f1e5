"""The database read back as files: the same rules say the same of it."""

from dataclasses import replace
from random import Random

import pytest

from exchanges.enums import TypeFichier
from exchanges.generator import make_ecole, plant
from exchanges.parsers.records import FichierEDT, Groupe
from exchanges.pipeline.nuits import run_until
from exchanges.reports.base import NON_GARDES, find_inconnus, read_base, read_structures
from exchanges.rules import base_eleves, doublons, fiches, personnes
from exchanges.rules.dossier import check_regles
from exchanges.rules.dossier import read_base as read_files
from exchanges.rules.fiches import list_manques
from tests.makers import LUNDI, MARDI_2H, deposit, load, make_eleve, make_entete, make_etablissement, make_fichiers
from tests.makers import make_ecole as make_loaded


pytestmark = pytest.mark.django_db

# Rules that read nothing but what the database keeps.
REGLES = (
    *base_eleves.REGLES,
    fiches.fiche_bloquante,
    fiches.mef_mal_forme,
    fiches.mef_inconnu_de_la_nomenclature,
    fiches.mef_ferme,
    fiches.eleve_sans_responsable_legal,
    fiches.trop_de_responsables_legaux,
    *personnes.REGLES[:4],
    doublons.eleve_en_double,
)
FAUTES = (
    *("fiche_bloquante", "mef_mal_forme", "mef_inconnu_de_la_nomenclature", "mef_ferme", "ine_manquant"),
    *("eleve_sans_responsable_legal", "trop_de_responsables_legaux", "nom_avec_civilite", "nom_de_deux_personnes"),
    *("caractere_perdu", "nom_prenom_inverses", "eleve_en_double", "eleve_sans_division"),
)
CHAMPS_NON_GARDES = [
    {"pays_naissance": ""},
    {"commune_naissance": ""},
    {"pays_naissance": "212", "commune_naissance": "", "ville_naissance": ""},
    {"nationalite": "", "provenance": ""},
    {"rne_an_dernier": "", "mef_an_dernier": ""},
    {"nationalite": "", "regime": "", "sexe": ""},
    {},
]


def tell(base):
    """What the rules say, in no order."""
    return sorted((a.code, a.eleve_id, a.objet, a.message) for a in check_regles(REGLES, base))


def test_the_rules_say_of_the_database_what_they_said_of_the_files():
    ecole = make_ecole(1, 5, echelle=0.4)
    for code in FAUTES:
        ecole = plant(ecole, code, Random(1))
    fichiers = [ecole.eleves, ecole.responsables, ecole.structures, ecole.commun, ecole.nomenclatures]
    etablissement = make_etablissement()  # of the same UAI
    load(etablissement, fichiers)
    attendu = tell(read_files(fichiers))
    assert {code for code, *_ in attendu} >= set(FAUTES)
    assert tell(read_base(etablissement)) == attendu


@pytest.mark.parametrize("champs", CHAMPS_NON_GARDES)
def test_what_is_not_kept_is_read_back_as_missing_or_not(champs):
    etablissement = make_etablissement()
    eleve = make_eleve("1001", **champs)
    load(etablissement, make_fichiers(etablissement, eleves=[eleve]))
    (relu,) = read_base(etablissement).eleves.eleves
    assert list_manques(relu) == list_manques(eleve)


def test_every_missing_word_is_known_here():
    vide = replace(make_eleve("1001"), **dict.fromkeys(NON_GARDES.values(), ""))
    en_france, a_l_etranger = replace(vide, pays_naissance="100"), replace(vide, pays_naissance="212")
    assert {mot for eleve in (vide, en_france, a_l_etranger) for mot in list_manques(eleve)} == set(NON_GARDES)


def test_a_school_that_loaded_nothing_has_no_file():
    base = read_base(make_etablissement())
    assert [base.eleves, base.responsables, base.structures, base.commun, base.nomenclatures, base.sts, base.edt] == [
        None
    ] * 7


def test_groupes_that_the_last_night_refused_are_those_of_edt():
    ecole = make_loaded()
    deposit(ecole, {"1001": ["6AGL1", "LAT/GREC"]})
    list(run_until(MARDI_2H))
    assert find_inconnus(ecole) == {"LAT/GREC"}
    assert [groupe.code for groupe in read_structures(ecole).edt.groupes] == ["LAT/GREC"]


def test_names_that_sts_refused_or_cut_are_those_of_edt():
    ecole = make_loaded()
    groupes = tuple(Groupe(code, divisions=("6A",)) for code in ("6AGL1", "1ARA1STMG", "6AGÉ"))
    load(ecole, [FichierEDT(entete=make_entete(ecole, TypeFichier.EDT_STS, LUNDI, "2026"), groupes=groupes)])
    assert [groupe.code for groupe in read_structures(ecole).edt.groupes] == ["1ARA1STMG", "6AGÉ"]
    load(ecole, [FichierEDT(entete=make_entete(ecole, TypeFichier.EDT_STS, LUNDI, "2026"), groupes=groupes[:1])])
    assert read_structures(ecole).edt is None
