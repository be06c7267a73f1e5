"""Completeness of the fiches and shape of their identifiers (``formats/siecle.md`` §5.1 to §5.3)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from exchanges.enums import Gravite, TypeFichier
from exchanges.generator import make_ecole
from exchanges.generator.identifiants import make_uai
from exchanges.parsers.records import (
    Eleve,
    Entete,
    FichierCommun,
    FichierEleves,
    FichierNomenclatures,
    FichierResponsables,
    LienResponsable,
    Mef,
    Personne,
)
from exchanges.rules.dossier import Base, check_regles, read_base
from exchanges.rules.fiches import REGLES
from tests.rules.makers import ANNEE, MEF, NAISSANCE, UAI


COMPLETE = Eleve(
    eleve_id="1001",
    nom_de_famille="MODELE",
    prenom="Maëlys",
    date_naissance=NAISSANCE,
    sexe="2",
    pays_naissance="100",
    commune_naissance="99001",
    nationalite="100",
    regime="2",
    statut="ST",
    mef=MEF,
    division="6A",
    date_entree=ANNEE.debut,
    provenance="1",
    rne_an_dernier=make_uai(2),
    mef_an_dernier="00010001110",
)
PARENT = Personne("501", "MODELE", "Aurore", profession="42", code_postal="99001", commune="VALBRUME")
SORTIE = {"mef": "", "division": "", "date_sortie": date(2026, 10, 2), "motif_sortie": "10"}


def entete(type_fichier, horodatage=None):
    return Entete(type_fichier, UAI, "2026", horodatage=horodatage)


def make_base(*eleves, personnes=(PARENT,), liens=None, mefs=None, has_commun=True):
    """A base in which every élève has the first personne as responsable légal, unless links are given."""
    if liens is None:
        liens = tuple(LienResponsable(e.eleve_id, p.personne_id, "1") for e in eleves for p in personnes)
    fichiers = [
        FichierEleves(entete(TypeFichier.ELEVES), eleves=eleves),
        FichierResponsables(entete(TypeFichier.RESPONSABLES), personnes=personnes, liens=liens),
    ]
    if has_commun:
        fichiers.append(FichierCommun(entete(TypeFichier.COMMUN), annee_eleves=ANNEE))
    if mefs is not None:
        export = datetime(2026, 9, 15)  # noqa: DTZ001 - an export gives no time zone
        fichiers.append(FichierNomenclatures(entete(TypeFichier.NOMENCLATURES, export), mefs=mefs))
    return read_base(fichiers)


def found(base):
    return [(anomalie.code, anomalie.eleve_id, anomalie.objet) for anomalie in check_regles(REGLES, base)]


def messages(base):
    return [anomalie.message for anomalie in check_regles(REGLES, base)]


def test_a_complete_fiche_and_an_empty_base_have_nothing_to_say():
    assert found(make_base(COMPLETE, mefs=(Mef(MEF),))) == []
    assert found(make_base(replace(COMPLETE, **SORTIE))) == []
    assert found(Base()) == []


def test_a_sound_school_has_only_the_fiches_of_its_unplaced_eleves():
    ecole = make_ecole(2, 7, echelle=0.3)
    base = read_base([ecole.eleves, ecole.responsables, ecole.commun, ecole.nomenclatures])
    non_places = {eleve.eleve_id for eleve in base.scolarises if not (eleve.mef and eleve.division)}
    assert {(code, eleve_id) for code, eleve_id, _ in found(base)} == {("fiche_bloquante", e) for e in non_places}


def test_uai_invalide_names_the_school_of_last_year():
    assert found(make_base(replace(COMPLETE, rne_an_dernier="0990001A"))) == [("uai_invalide", "1001", "0990001A")]


@pytest.mark.parametrize("mef", ["1001001211", "1001001211x", "100100121101"])
def test_mef_mal_forme_wants_eleven_digits_or_capitals(mef):
    assert found(make_base(replace(COMPLETE, mef=mef), mefs=())) == [("mef_mal_forme", "1001", mef)]


def test_mef_mal_forme_accepts_a_ulis_mef():
    assert found(make_base(replace(COMPLETE, mef="1001001211U"))) == []


def test_mef_inconnu_de_la_nomenclature_is_absent_or_not_selected():
    base = make_base(COMPLETE, mefs=(Mef("10110001110"),))
    assert found(base) == [("mef_inconnu_de_la_nomenclature", "1001", MEF)]
    base = make_base(COMPLETE, mefs=(Mef(MEF, is_selectionne=False),))
    assert found(base) == [("mef_inconnu_de_la_nomenclature", "1001", MEF)]
    assert "sans être sélectionné" in messages(base)[0]


@pytest.mark.parametrize(
    ("fermeture", "has_commun", "is_dit"),
    [
        (date(2026, 8, 31), True, True),
        (date(2026, 9, 1), True, False),
        (date(2026, 9, 14), False, True),
        (date(9999, 12, 31), True, False),
    ],
)
def test_mef_ferme_compares_with_the_first_day_of_the_year_or_of_the_export(fermeture, has_commun, is_dit):
    base = make_base(COMPLETE, mefs=(Mef(MEF, date_fermeture=fermeture),), has_commun=has_commun)
    assert found(base) == ([("mef_ferme", "1001", MEF)] if is_dit else [])


def test_fiche_bloquante_spares_who_entered_a_former_year():
    assert found(make_base(replace(COMPLETE, date_entree=date(2024, 9, 2)))) == []


@pytest.mark.parametrize(
    ("champs", "manque"),
    [
        ({"sexe": ""}, "le sexe"),
        ({"date_naissance": None}, "la date de naissance"),
        ({"pays_naissance": ""}, "le pays de naissance"),
        ({"commune_naissance": ""}, "la commune de naissance"),
        ({"pays_naissance": "350", "commune_naissance": ""}, "la ville de naissance à l'étranger"),
        ({"nationalite": ""}, "la nationalité"),
        ({"regime": ""}, "le régime"),
        ({"statut": ""}, "le statut"),
        ({"mef": "", "division": ""}, "le MEF, la division"),
        ({"division": ""}, "la division"),
        ({"date_entree": None}, "la date d'entrée"),
        (
            {"date_entree": date(2028, 8, 31)},
            "une date d'entrée dans l'année scolaire (31/08/2028 est hors de l'année)",
        ),
        ({"rne_an_dernier": "", "mef_an_dernier": ""}, "l'établissement de l'an dernier, le MEF de l'an dernier"),
        ({"provenance": ""}, "la provenance"),
    ],
)
def test_fiche_bloquante_lists_all_that_is_missing(champs, manque):
    base = make_base(replace(COMPLETE, **champs))
    assert found(base) == [("fiche_bloquante", "1001", "")]
    assert messages(base) == [f"Fiche bloquante, elle ne remontera pas à l'académie : il manque {manque}."]


def test_fiche_bloquante_accepts_a_birthplace_abroad_written_by_its_town():
    ailleurs = replace(COMPLETE, pays_naissance="350", commune_naissance="", ville_naissance="VILLE LOINTAINE")
    assert found(make_base(ailleurs)) == []


@pytest.mark.parametrize(
    ("champs", "manque"),
    [
        ({"motif_sortie": ""}, "le motif de sortie, absent"),
        ({"motif_sortie": "98"}, "le motif de sortie « 98 », inconnu"),
        (
            {"date_sortie": date(2027, 9, 1)},
            "une date de sortie dans l'année scolaire (01/09/2027 est hors de l'année)",
        ),
        ({"date_entree": date(2026, 10, 3)}, "la date de sortie, antérieure à la date d'entrée"),
    ],
)
def test_fiche_bloquante_wants_a_leaver_to_have_a_motif_and_a_date(champs, manque):
    base = make_base(replace(COMPLETE, **SORTIE | champs))
    assert found(base) == [("fiche_bloquante", "1001", "")]
    assert messages(base)[0].endswith(f"l'élève est sorti, à revoir {manque}.")


def test_fiche_a_completer_names_what_each_legal_guardian_lacks():
    sans_adresse = replace(PARENT, code_postal="", commune="", profession="")
    retraite = Personne("502", "AUTRE", "Tom", profession="73", code_postal="99001")
    base = make_base(COMPLETE, personnes=(sans_adresse, retraite))
    assert found(base) == [("fiche_a_completer", "1001", "")]
    assert messages(base) == [
        "Fiche à compléter : adresse de MODELE Aurore absente ; profession de MODELE Aurore absente ; "
        "profession de AUTRE Tom périmée (code 73)."
    ]


def test_fiche_a_completer_asks_no_address_of_an_export_without_addresses_nor_anything_of_contacts():
    sans_adresses = replace(PARENT, code_postal="", commune="")
    assert found(make_base(COMPLETE, personnes=(sans_adresses,))) == []
    contact = Personne("502", "AUTRE")
    liens = (LienResponsable("1001", "501", "1"), LienResponsable("1001", "502", "3"))
    assert found(make_base(COMPLETE, personnes=(PARENT, contact), liens=liens)) == []


def test_eleve_sans_responsable_legal_needs_the_responsables_export():
    contact = (LienResponsable("1001", "501", "3"),)
    assert found(make_base(COMPLETE, liens=contact)) == [("eleve_sans_responsable_legal", "1001", "")]
    assert found(make_base(replace(COMPLETE, **SORTIE), liens=contact)) == []
    assert found(replace(make_base(COMPLETE, liens=contact), responsables=None)) == []


def test_trop_de_responsables_legaux_counts_a_person_once():
    personnes = tuple(replace(PARENT, personne_id=str(n), prenom=p) for n, p in enumerate(("Aya", "Léo", "Zoé")))
    base = make_base(COMPLETE, personnes=personnes)
    assert found(base) == [("trop_de_responsables_legaux", "1001", "")]
    assert "MODELE Aya, MODELE Léo, MODELE Zoé" in messages(base)[0]
    assert found(make_base(COMPLETE, liens=(LienResponsable("1001", "501", "1"),) * 3)) == []


def test_responsable_sans_eleve_is_only_an_information():
    deux = (PARENT, replace(PARENT, personne_id="502"))
    base = make_base(COMPLETE, personnes=deux, liens=(LienResponsable("1001", "501", "1"),))
    assert found(base) == [("responsable_sans_eleve", "", "502")]
    assert check_regles(REGLES, base)[0].gravite == Gravite.INFORMATION
