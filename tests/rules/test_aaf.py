"""The rules of an export of the AAF, each on a sound export with one fault."""

import pytest

from exchanges.enums import CategorieAAF, GenreAAF, Gravite
from exchanges.parsers.records.aaf import add, delete
from exchanges.rules.aaf import Controleur
from exchanges.rules.aaf_etat import Numeros
from tests.rules.aaf import (
    codes,
    judge,
    make_eleve,
    make_etab,
    make_export,
    make_matiere,
    make_mef,
    make_personnel,
    make_responsable,
)


DELTA = GenreAAF.DELTA


@pytest.mark.parametrize("genre", GenreAAF)
def test_a_sound_export_has_nothing_to_say(genre):
    assert judge(genre=genre) == []


def test_numbers_are_kept_as_bits_and_given_back_sorted():
    numeros = Numeros()
    donnes = [99_999_999, 0, 7, 8, 65_535, 65_536, 7]
    assert [numeros.add(numero) for numero in donnes] == [True] * 6 + [False]
    assert list(numeros) == sorted(set(donnes))
    assert 9 not in numeros
    assert 70_000 not in numeros
    assert 500_000 not in numeros


def test_operations_are_judged_as_they_go_by():
    controleur = Controleur(GenreAAF.COMPLET)
    operations = [add(fiche) for fiche in make_export(make_mef(ENTLibelleMef=()))]
    assert list(controleur.watch(iter(operations))) == operations
    (constat,) = controleur.constats
    assert (constat.categorie, constat.identifiant) == (CategorieAAF.MEF, "10310019110")
    assert constat.regle.gravite == Gravite.AVERTISSEMENT
    assert constat.message == "Champ vide : ENTLibelleMef. L'ENT ignorerait ce MEF."
    assert constat.action.startswith("L'ENT l'ignore")


def test_a_fault_of_thousands_is_counted_whole_and_kept_in_part():
    controleur = Controleur(DELTA, gardes=3)
    for numero in range(1, 2001):
        controleur.judge(add(make_mef(f"{numero:011}", ENTMEFSTAT11=())))
    assert len(controleur.constats) == 3
    assert controleur.comptes == {"aaf_mef_incomplet": 2000}


def test_no_message_holds_a_name():
    constats = judge(make_eleve(sn=("DUTŒST$",), givenName=("Ø",), ENTPersonDateNaissance=()))
    assert len(constats) >= 3
    assert not [constat for constat in constats if "DUT" in constat.message]


def test_a_delta_may_refer_to_what_it_does_not_hold():
    controleur = Controleur(DELTA)
    for fiche in (make_eleve(), make_responsable(ENTAuxPersRelEleveEleve=("700009",)), make_personnel()):
        controleur.judge(add(fiche))
    controleur.judge(delete(CategorieAAF.ELEVE, "600"))
    controleur.finish()
    assert controleur.constats == []


# Integrity


@pytest.mark.parametrize("identifiant", ["A12", "123456789", "-1", "²"])
def test_aaf_identifiant_invalide_is_no_number_of_eight_digits(identifiant):
    assert ("aaf_identifiant_invalide", identifiant) in codes(make_eleve(identifiant))
    assert codes(make_matiere("170K00")) == []


def test_aaf_identifiant_different_compares_with_the_jointure():
    assert codes(make_mef(ENTMefJointure=("10310019111",))) == [("aaf_identifiant_different", "10310019110")]


def test_aaf_identifiant_en_double_looks_among_all_persons():
    assert codes(make_mef(), make_mef()) == [("aaf_identifiant_en_double", "10310019110")]
    assert codes(make_personnel("700001")) == [("aaf_identifiant_en_double", "700001")]
    assert codes(make_personnel("9001")) == []
    controleur = Controleur(DELTA)
    for operation in (add(make_eleve()), delete(CategorieAAF.ELEVE, "700001")):
        controleur.judge(operation)
    assert controleur.comptes == {"aaf_identifiant_en_double": 1}


def test_aaf_desordre_compares_numbers_and_not_texts():
    assert codes(make_personnel("99"), make_personnel("100")) == []
    assert codes(make_personnel("100"), make_personnel("99")) == [("aaf_desordre", "99")]
    assert codes(make_personnel("100"), make_personnel("99"), genre=DELTA) == []


def test_aaf_structure_inconnue_is_said_once_for_each_school():
    eleve = make_eleve(ENTPersonStructRattach=("9002",), **{"ENTEleveClasses": ("9002$3B",)}, ENTEleveGroupes=())
    (constat,) = judge(eleve)
    assert constat.regle.code == "aaf_structure_inconnue"
    assert "9002" in constat.message
    fonctions = ("9001$ENS$ENSEIGNEMENT$L0426$ESPAGNOL", "9003$DOC$DOCUMENTATION$L0080$DOCUMENTATION")
    assert codes(make_personnel(ENTPersonFonctions=fonctions)) == [("aaf_structure_inconnue", "600001")]
    assert codes(make_personnel(ENTPersonFonctions=fonctions), genre=DELTA) == []


def test_aaf_division_inconnue_is_looked_for_in_its_own_school():
    assert codes(make_eleve(**{"ENTEleveClasses": ("9001$3C",)})) == [("aaf_division_inconnue", "700001")]
    principal = make_personnel(**{"ENTAuxEnsClassesPrincipal": ("9001$3C",)})
    assert codes(principal, genre=DELTA) == [("aaf_division_inconnue", "600001")]


def test_aaf_groupe_inconnu_names_the_groupe():
    (constat,) = judge(make_eleve(ENTEleveGroupes=("9001$LATIN",)))
    assert constat.regle.code == "aaf_groupe_inconnu"
    assert constat.message == "Le groupe LATIN n'est pas déclaré par l'établissement 9001."
    personnel = make_personnel(ENTAuxEnsGroupesMatieres=("9001$LATIN$020700", "9001$3B ESP$030602"))
    assert codes(personnel) == [("aaf_groupe_inconnu", "600001")]


def test_aaf_matiere_hors_division_looks_among_the_divisions_of_the_professor():
    personnel = make_personnel(**{"ENTAuxEnsClassesMatieres": ("9001$3B$030602", "9001$6A$030602")})
    assert codes(personnel) == [("aaf_matiere_hors_division", "600001")]


def test_aaf_division_du_groupe_inconnue_names_both():
    (constat,) = judge(make_etab(ENTStructureGroupes=("3B ESP$$3B$3Z", "6A GR1$6A Gr1$6A")))
    assert constat.regle.code == "aaf_division_du_groupe_inconnue"
    assert "3B ESP" in constat.message
    assert "3Z" in constat.message


def test_aaf_enseignements_decales_counts_both_lists():
    eleve = make_eleve(ENTEleveEnseignements=("FRANCAIS",))
    assert codes(eleve) == [("aaf_enseignements_decales", "700001")]


def test_aaf_responsable_inconnu_names_the_eleve():
    eleve = make_eleve(ENTElevePersRelEleve=("800001$10$1$1$0$1", "800002$20$0$1$0$0"))
    assert codes(eleve) == [("aaf_responsable_inconnu", "700001")]


def test_aaf_responsable_sans_eleve_is_referred_to_by_nobody():
    seul = make_responsable("800002", ENTAuxPersRelEleveEleve=())
    assert codes(make_responsable(), seul) == [("aaf_responsable_sans_eleve", "800002")]


def test_aaf_eleve_inconnu_names_the_responsable():
    responsable = make_responsable(ENTAuxPersRelEleveEleve=("700001", "700002"))
    assert codes(responsable) == [("aaf_eleve_inconnu", "800001")]


def test_aaf_lien_sans_retour_is_found_both_ways():
    assert codes(make_responsable(ENTAuxPersRelEleveEleve=())) == [("aaf_lien_sans_retour", "700001")]
    eleves = make_eleve(), make_eleve("700002", ENTElevePersRelEleve=())
    responsable = make_responsable(ENTAuxPersRelEleveEleve=("700001", "700002"))
    assert codes(*eleves, responsable) == [("aaf_lien_sans_retour", "800001")]


def test_aaf_adresse_inconnue_is_that_of_nobody():
    assert codes(make_eleve(ENTEleveAdresseRel=("800009",))) == [("aaf_adresse_inconnue", "700001")]


# What an ENT swallows


def test_aaf_eleve_sans_naissance_loses_the_eleve():
    (constat,) = judge(make_eleve(ENTPersonDateNaissance=()))
    assert (constat.regle.code, constat.regle.gravite) == ("aaf_eleve_sans_naissance", Gravite.ERREUR)


def test_aaf_personne_sans_nom_says_what_is_empty():
    assert codes(make_eleve(givenName=())) == [("aaf_personne_sans_nom", "700001")]
    (constat,) = judge(make_responsable(givenName=(), sn=(" ",)))
    assert constat.message == "Champ vide : nom et prénom. L'ENT ignorerait cette personne."


def test_aaf_dollar_en_trop_is_a_division_lost():
    assert codes(make_eleve(**{"ENTEleveClasses": ("9001$3$B",)})) == [("aaf_dollar_en_trop", "700001")]
    assert codes(make_responsable(ENTPersonAdresse=("1$2$3$4$5",))) == [("aaf_dollar_en_trop", "800001")]
    assert codes(make_responsable(ENTPersonAdresse=("1 rue de Test",))) == []


def test_aaf_dollar_dans_un_libelle_is_found_in_plain_values_only():
    assert codes(make_eleve(ENTEleveLibelleMEF=("3$EME",))) == [("aaf_dollar_dans_un_libelle", "700001")]
    assert codes(make_matiere(ENTLibelleMatiere=("FRAN$AIS",))) == [("aaf_dollar_dans_un_libelle", "020700")]


def test_aaf_partie_vide_is_an_end_that_vanishes():
    assert codes(make_eleve(ENTEleveGroupes=("9001$",))) == [("aaf_partie_vide", "700001")]
    personnel = make_personnel(ENTAuxEnsMatiereEnseignEtab=("9001",))
    assert codes(personnel) == [("aaf_partie_vide", "600001")]


def test_aaf_structure_mal_composee_lets_a_label_be_empty():
    etab = make_etab(ENTStructureGroupes=("3B ESP$$3B", "6A GR1$6A Gr1$"))
    assert codes(etab) == [("aaf_structure_mal_composee", "9001")]


def test_aaf_deux_divisions_in_one_school():
    assert codes(make_eleve(**{"ENTEleveClasses": ("9001$3B", "9001$6A")})) == [("aaf_deux_divisions", "700001")]


@pytest.mark.parametrize("relation", ["800001$10$1$1$0$", "800001$10$1$1$0"])
def test_aaf_relation_tronquee_loses_the_parent(relation):
    assert codes(make_eleve(ENTElevePersRelEleve=(relation,))) == [("aaf_relation_tronquee", "700001")]


def test_aaf_personne_en_charge_is_told_apart_from_a_contact():
    assert codes(make_eleve(ENTElevePersRelEleve=("800001$39$0$2$0$0",))) == [("aaf_personne_en_charge", "700001")]
    assert codes(make_eleve(ENTElevePersRelEleve=("800001$39$0$0$1$0",))) == []


def test_aaf_fonction_tronquee_loses_the_discipline():
    personnel = make_personnel(ENTPersonFonctions=("9001$ENS$ENSEIGNEMENT$L0426$",))
    assert codes(personnel) == [("aaf_fonction_tronquee", "600001")]


@pytest.mark.parametrize("fonctions", [(), ("-$SANS OBJET$-$SANS OBJET",)])
def test_aaf_sans_fonction_has_no_school(fonctions):
    assert codes(make_personnel(ENTPersonFonctions=fonctions)) == [("aaf_sans_fonction", "600001")]


def test_aaf_division_sans_matiere_counts_the_divisions_of_groupes():
    sans = make_personnel(**{"ENTAuxEnsClassesMatieres": ()}, **{"ENTAuxEnsClasses": ("9001$3B", "9001$6A")})
    (constat,) = judge(sans)
    assert constat.regle.code == "aaf_division_sans_matiere"
    assert constat.message.startswith("La division 6A ")


def test_aaf_categorie_contradictoire_makes_a_professor():
    personnel = make_personnel(PersEducNatPresenceDevantEleves=("N",))
    assert codes(personnel) == [("aaf_categorie_contradictoire", "600001")]


def test_aaf_structure_sans_nom_loses_everything():
    assert codes(make_etab(ENTStructureNomCourant=())) == [("aaf_structure_sans_nom", "9001")]


@pytest.mark.parametrize("attribut", ["ENTMEFRattach", "ENTMEFSTAT11"])
def test_aaf_mef_incomplet_is_ignored(attribut):
    assert codes(make_mef(**{attribut: ()})) == [("aaf_mef_incomplet", "10310019110")]


def test_aaf_matiere_sans_libelle_is_ignored():
    assert codes(make_matiere(ENTLibelleMatiere=())) == [("aaf_matiere_sans_libelle", "020700")]


# Values


@pytest.mark.parametrize("jour", ["31/02/2012", "2012-02-06", "06/02/12", "06/02/1812"])
def test_aaf_date_impossible_is_kept_as_it_is_by_the_ent(jour):
    assert codes(make_eleve(ENTPersonDateNaissance=(jour,))) == [("aaf_date_impossible", "700001")]
    assert codes(make_eleve(**{"ENTEleveDateEntreeClasses": (f"9001${jour}$3B",)})) == [
        ("aaf_date_impossible", "700001")
    ]


def test_aaf_mail_invalide_is_dropped():
    assert codes(make_responsable(mail=("éloïse@example.org",))) == [("aaf_mail_invalide", "800001")]


def test_aaf_code_postal_invalide_is_dropped():
    assert codes(make_eleve(ENTPersonCodePostal=("990",))) == [("aaf_code_postal_invalide", "700001")]


def test_aaf_telephone_invalide_is_dropped():
    assert codes(make_responsable(mobile=("06 00 (perso)",))) == [("aaf_telephone_invalide", "800001")]
    assert codes(make_responsable(mobile=("06.00.00.00.01",), homePhone=("0033 6-00-00-00-01",))) == []


def test_aaf_uai_invalide_is_dropped():
    assert codes(make_etab(ENTStructureUAI=("990001A",))) == [("aaf_uai_invalide", "9001")]


def test_aaf_siret_invalide_is_dropped():
    assert codes(make_etab(ENTStructureSIREN=("199900019",))) == [("aaf_siret_invalide", "9001")]
    assert codes(make_etab(ENTStructureSIREN=())) == []


@pytest.mark.parametrize(
    "fiche",
    [
        make_eleve(ENTEleveMEF=("1031001911",)),
        make_eleve(ENTEleveCodeEnseignements=("0207", "030602")),
        make_personnel(**{"ENTAuxEnsClassesMatieres": ("9001$3B$ESP2",)}),
        make_personnel(ENTAuxEnsMEF=("9001$3EME$3EME",)),
        make_etab(**{"ENTStructureClasses": ("6A$6A$3EME", "3B$3EME$10310019110")}),
        make_matiere("FRANC"),
    ],
    ids=lambda fiche: fiche.identifiant,
)
def test_aaf_code_invalide_is_looked_for_wherever_codes_stand(fiche):
    assert codes(fiche) == [("aaf_code_invalide", fiche.identifiant)]


def test_aaf_login_incomplet_names_the_letters_and_not_the_name():
    messages = [constat.message for constat in judge(make_eleve(sn=("LŒUF STRAßE",), givenName=("-",)))]
    assert messages == [
        "Le prénom ne donne aucune lettre à l'identifiant de connexion.",
        "Lettres du nom perdues par l'identifiant de connexion : ß Œ.",
    ]
    assert codes(make_eleve(sn=("L'ESSAI",), givenName=("Jean-Noël",))) == []


def test_aaf_texte_trop_long_is_dropped():
    assert codes(make_eleve(ENTPersonVille=("A" * 1000,))) == []
    assert codes(make_eleve(ENTPersonVille=("A" * 1001,))) == [("aaf_texte_trop_long", "700001")]


@pytest.mark.parametrize("signe", ["\x00", "\x1b", "\n", "\ud800", "\ufffe"])
def test_aaf_caractere_interdit_is_named(signe):
    (constat,) = judge(make_eleve(ENTPersonVille=(f"VILLE{signe}",)))
    assert constat.regle.code == "aaf_caractere_interdit"
    assert f"U+{ord(signe):04X}" in constat.message
