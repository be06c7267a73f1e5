"""Names and contact details (``domain.md`` "Duplicates and their cost", ``formats/siecle.md`` §5.4)."""

from datetime import date

import pytest

from exchanges.enums import Gravite, TypeFichier
from exchanges.generator import make_ecole
from exchanges.parsers.records import Eleve, Entete, FichierEleves, FichierResponsables, Personne
from exchanges.rules.dossier import Base, check_regles, read_base
from exchanges.rules.personnes import REGLES
from tests.rules.makers import NAISSANCE, UAI


MOBILE = "+33639980001"


def make_eleve(eleve_id="1001", nom="MODELE", prenom="Maëlys", **champs):
    return Eleve(eleve_id, nom, prenom, NAISSANCE, **champs)


def make_base(*personnes, eleves=()):
    return read_base(
        [
            FichierEleves(Entete(TypeFichier.ELEVES, UAI, "2026"), eleves=tuple(eleves)),
            FichierResponsables(Entete(TypeFichier.RESPONSABLES, UAI, "2026"), personnes=personnes),
        ]
    )


def found(base):
    return [(anomalie.code, anomalie.eleve_id, anomalie.objet) for anomalie in check_regles(REGLES, base)]


def codes(base):
    return [code for code, _, _ in found(base)]


@pytest.mark.parametrize("rang", [1, 2, 3])
def test_a_sound_school_and_an_empty_base_have_nothing_to_say(rang):
    ecole = make_ecole(rang, 7, echelle=0.3)
    assert found(read_base([ecole.eleves, ecole.responsables])) == []
    assert found(Base()) == []


@pytest.mark.parametrize(
    ("nom", "prenom"),
    [
        ("D'AUBÉPINE", "Jean-Noël"),
        ("DE LA MARMITE", "Marc-Aurèle"),
        ("SABLIER-MME", "Zoé"),
        ("M'TARTINE", "Aya"),
        ("MONSIEUR", "Zoé"),
        ("GALET", "M Zoé"),
        ("GALET", "M"),
        ("GALET", "Zoé M."),
        ("GALET D'ÉRABLE ET DE CANNELLE", "Éloi"),
        ("OU", "Ou Wen"),
        ("MARMITE", "Ety"),
        ("OURSIN", "Lou Ouria"),
        ("GALET", ""),
    ],
)
def test_legitimate_names_are_left_in_peace(nom, prenom):
    assert found(make_base(Personne("501", nom, prenom), eleves=[make_eleve(nom=nom, prenom=prenom)])) == []


@pytest.mark.parametrize(
    ("nom", "prenom"),
    [
        ("MME GALET", "Zoé"),
        ("M. GALET", "Éloi"),
        ("M.GALET", "Éloi"),
        ("M GALET", "Éloi"),
        ("GALET MLLE", "Zoé"),
        ("MR GALET", "Éloi"),
        ("MADAME GALET", "Zoé"),
        ("GALET", "Monsieur"),
        ("GALET", "Mme Zoé"),
    ],
)
def test_nom_avec_civilite_is_only_a_warning(nom, prenom):
    base = make_base(Personne("501", nom, prenom))
    assert found(base) == [("nom_avec_civilite", "", "501")]
    assert check_regles(REGLES, base)[0].gravite == Gravite.AVERTISSEMENT


def test_nom_avec_civilite_looks_at_the_usage_name_and_at_eleves_who_are_there():
    assert codes(make_base(Personne("501", "GALET", "Zoé", nom_usage="MME TARTINE"))) == ["nom_avec_civilite"]
    parti = make_eleve("1002", nom="MLLE GALET", date_sortie=date(2026, 10, 1))
    assert found(make_base(eleves=[make_eleve(nom="MLLE GALET"), parti])) == [("nom_avec_civilite", "1001", "")]


@pytest.mark.parametrize(
    ("nom", "prenom", "login"),
    [
        ("BATTISTUTA", "Tino & Suzanne", "tino_-_suzanne.battistuta"),
        ("DESINIERES", "René Et Suzanne", "rene_et_suzanne.desinieres"),
        ("GALET", "Zoé ou Éloi", "zoe_ou_eloi.galet"),
        ("GALET/TARTINE", "Zoé", "zoe.galettartine"),
        ("GALET ET TARTINE", "Zoé", "zoe.galet_et_tartine"),
    ],
)
def test_nom_de_deux_personnes_tells_the_login_that_it_would_give(nom, prenom, login):
    base = make_base(Personne("501", nom, prenom))
    assert found(base) == [("nom_de_deux_personnes", "", "501")]
    assert f"« {login} »" in check_regles(REGLES, base)[0].message


def test_nom_de_deux_personnes_and_a_civilite_are_both_said_of_the_worst_name():
    base = make_base(Personne("501", "M. MME MANENTE", "Guy Et Yvette"))
    assert codes(base) == ["nom_avec_civilite", "nom_de_deux_personnes"]
    assert all("guy_et_yvette.m._mme_manente" in a.message for a in check_regles(REGLES, base))


@pytest.mark.parametrize(("nom", "prenom"), [("GALET", "Zo?"), ("GAL\ufffdT", "Zoé")])
def test_caractere_perdu_is_a_question_mark_or_a_replacement(nom, prenom):
    assert found(make_base(Personne("501", nom, prenom))) == [("caractere_perdu", "", "501")]


def test_nom_prenom_inverses_needs_both_names_to_be_elsewhere_the_other_way_round():
    autres = (Personne("502", "GALET", "Éloi"), Personne("503", "TARTINE", "Zoé"))
    inverse = Personne("501", "ZOE", "Galet")
    assert found(make_base(inverse, *autres)) == [("nom_prenom_inverses", "", "501")]
    assert found(make_base(inverse, autres[0])) == []
    assert found(make_base(inverse, *autres, Personne("504", "ZOE", "Ambre"))) == []


def test_mobile_partage_is_about_different_people_only():
    zoe = Personne("501", "GALET", "Zoé", tel_portable=MOBILE)
    eloi = Personne("502", "GALET", "Éloi", tel_portable="+33 6 39 98 00 01")
    base = make_base(zoe, eloi, Personne("503", "TARTINE", "Aya", tel_portable="+33639980002"))
    assert found(base) == [("mobile_partage", "", "501 / 502")]
    assert "GALET Zoé et GALET Éloi" in check_regles(REGLES, base)[0].message
    doublon = Personne("504", "TARTINE", "ZOE", nom_usage="GALET", tel_portable=MOBILE)
    assert found(make_base(zoe, doublon)) == []


def test_mel_partage_does_not_look_at_case_and_bounds_what_it_quotes():
    personnes = [Personne(f"50{n}", "GALET", prenom, mel="A@example.org") for n, prenom in enumerate("ABCDEF")]
    base = make_base(*personnes, Personne("509", "GALET", "G", mel="a@example.org"))
    assert found(base) == [("mel_partage", "", "500 / 501 / 502 / 503")]
    assert "(et 3 autres)" in check_regles(REGLES, base)[0].message


@pytest.mark.parametrize(
    ("mobile", "is_dit"),
    [
        (MOBILE, False),
        ("+33 6.39.98.00.01", False),
        ("+33739980001", False),
        ("+687739980", False),
        ("0639980001", True),
        ("+33199000001", True),
        ("+3363998000", True),
        ("", False),
    ],
)
def test_mobile_non_conforme_wants_a_french_mobile(mobile, is_dit):
    base = make_base(Personne("501", "GALET", "Zoé", tel_portable=mobile))
    assert found(base) == ([("mobile_non_conforme", "", "501")] if is_dit else [])


@pytest.mark.parametrize(("accepte", "mobile", "is_dit"), [(True, "", True), (True, MOBILE, False), (None, "", False)])
def test_sms_sans_mobile_is_said_of_who_expects_messages(accepte, mobile, is_dit):
    base = make_base(Personne("501", "GALET", "Zoé", tel_portable=mobile, accepte_sms=accepte))
    assert found(base) == ([("sms_sans_mobile", "", "501")] if is_dit else [])
