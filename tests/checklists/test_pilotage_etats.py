"""The rules that make the state of a school: data, read and applied without evaluating anything."""

import pytest

from checklists.enums import EtatEcole
from checklists.pilotage import etats
from checklists.pilotage.etats import MESURES, Condition, Regle, judge, read_bareme, tell_raisons


EN_ORDRE = {
    **dict.fromkeys(MESURES, 0),
    **{"jours": 20, "total": 13, "prouvees": 12, "eleves": 500, "part_en_groupe": 96, "part_absents": 4},
    **{"depot_de_la_rentree": 1, "jours_depuis_depot": 3, "groupes": 40, "hausse_absents": None},
}


def codes(mesures):
    return [raison["code"] for raison in judge(EN_ORDRE | mesures)[1]]


def test_a_school_of_which_nothing_is_said_is_in_order():
    assert judge(EN_ORDRE) == (EtatEcole.ORDRE, [])


@pytest.mark.parametrize(
    ("mesures", "etat", "code"),
    [
        ({"eleves": 0}, EtatEcole.MUET, "rien_charge"),
        ({"prouvees": 0}, EtatEcole.MUET, "rien_prouve"),
        ({"sans_calendrier": 1, "jours": None}, EtatEcole.SURVEILLER, "sans_calendrier"),
        ({"depot_en_echec": 1}, EtatEcole.DIFFICULTE, "depot_en_echec"),
        ({"depot_de_la_rentree": 0}, EtatEcole.DIFFICULTE, "sans_depot_rentree"),
        ({"depot_de_la_rentree": 0, "jours": 8}, EtatEcole.SURVEILLER, "depot_attendu"),
        ({"jours": 100, "jours_depuis_depot": 45}, EtatEcole.SURVEILLER, "depot_ancien"),
        ({"retards": 4}, EtatEcole.DIFFICULTE, "retards_nombreux"),
        ({"retards": 3}, EtatEcole.SURVEILLER, "retards"),
        ({"part_absents": 40}, EtatEcole.SURVEILLER, "absents_nombreux"),
        ({"hausse_absents": 15}, EtatEcole.SURVEILLER, "absents_en_hausse"),
        ({"refus": 50}, EtatEcole.SURVEILLER, "refus_nombreux"),
        ({"refus": 1}, EtatEcole.ORDRE, "refus"),
        ({"part_en_groupe": 49}, EtatEcole.SURVEILLER, "peu_d_eleves_en_groupe"),
        ({"groupes_vides": 10, "part_groupes_vides": 25}, EtatEcole.SURVEILLER, "groupes_vides"),
        ({"sts_a_exporter": 1}, EtatEcole.SURVEILLER, "sts_a_exporter"),
        ({"relais_en_echec": 1}, EtatEcole.SURVEILLER, "relais_en_echec"),
        ({"fiches_bloquantes": 1}, EtatEcole.ORDRE, "fiches_bloquantes"),
        ({"doublons": 1}, EtatEcole.ORDRE, "doublons"),
        ({"multi_inscriptions": 1}, EtatEcole.ORDRE, "multi_inscriptions"),
    ],
)
def test_each_rule_alone_gives_its_state(mesures, etat, code):
    obtenu, raisons = judge(EN_ORDRE | mesures)
    assert (obtenu, [raison["code"] for raison in raisons]) == (etat, [code])
    (dite,) = tell_raisons(raisons)
    assert dite.gravite == etat
    assert dite.texte.endswith(".") and "{" not in dite.texte and dite.action


def test_every_rule_is_tried_above():
    essais = next(m for m in test_each_rule_alone_gives_its_state.pytestmark if m.name == "parametrize")
    assert {regle.code for regle in read_bareme().regles} == {essai[2] for essai in essais.args[1]}


def test_small_reasons_add_up():
    assert judge(EN_ORDRE | {"fiches_bloquantes": 2, "doublons": 1})[0] == EtatEcole.SURVEILLER
    assert judge(EN_ORDRE | {"relais_en_echec": 1, "sts_a_exporter": 1})[0] == EtatEcole.DIFFICULTE


def test_mute_wins_and_the_gravest_reason_comes_first():
    assert codes({"doublons": 1, "depot_en_echec": 1, "eleves": 0}) == ["rien_charge", "depot_en_echec", "doublons"]


def test_a_season_holds_to_its_last_day():
    assert codes({"depot_de_la_rentree": 0, "jours": 120}) == ["sans_depot_rentree"]
    assert codes({"depot_de_la_rentree": 0, "jours": 121}) == []


def test_nothing_is_said_of_what_is_not_known():
    assert codes({"jours": None, "depot_de_la_rentree": None, "part_absents": None, "prouvees": None}) == []


def test_a_school_that_loaded_nothing_is_told_one_thing_at_a_time():
    assert codes({"sans_calendrier": 1, "jours": None, "eleves": 0}) == ["rien_charge"]


def test_the_sentence_quotes_the_figures():
    (raison,) = tell_raisons(judge(EN_ORDRE | {"retards": 2})[1])
    assert raison.texte == "Étapes de la rentrée en retard : 2."


def test_a_reason_whose_rule_has_gone_or_changed_is_left_out():
    assert tell_raisons([{"code": "disparue", "chiffres": {}}, {"code": "retards", "chiffres": {}}]) == []


@pytest.mark.parametrize(
    ("quand", "phrase"),
    [('["inconnue", "==", 0]', "Rien."), ('["eleves", "~", 0]', "Rien."), ('["eleves", "==", 0]', "{eleve}")],
)
def test_a_figure_or_a_comparison_that_does_not_exist_is_refused(tmp_path, monkeypatch, quand, phrase):
    fichier = tmp_path / "etats.toml"
    fichier.write_text(
        f'seuils = {{a_surveiller = 1, difficulte = 2}}\n[[regle]]\ncode = "x"\nquand = [{quand}]\n'
        f'phrase = "{phrase}"\naction = "Rien."\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(etats, "SOURCE", fichier)
    with pytest.raises(ValueError, match=r"etats.toml, x"):
        read_bareme.__wrapped__()


def test_all_the_conditions_of_a_rule_must_hold():
    regle = Regle("x", (Condition("eleves", ">", 1), Condition("retards", "<=", 2)), "", "")
    assert regle.speaks({"eleves": 2, "retards": 2})
    assert not regle.speaks({"eleves": 2, "retards": 3})
