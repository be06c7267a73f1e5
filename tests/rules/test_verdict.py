"""What always holds of a verdict, whatever the file and whatever BEE knows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exchanges.parsers.records import Inscription
from exchanges.rules.referentiel import Referentiel
from exchanges.rules.verdict import check_elegroupe
from tests.rules.makers import ANNEE, judge, make_connu, make_depose, make_fichier, make_referentiel


JOURS = st.none() | st.dates(date(2026, 8, 1), date(2027, 8, 31))
GROUPES = ("6AGL1", "6ESP1", "5LAT", "6ZZZ")
NOMS = ("MODELE", "ESSAI")
IDS = [str(numero) for numero in range(1001, 1007)]


@st.composite
def referentiels(draw):
    """A school of six élèves at most, some without MEF, some gone, some homonyms, with links of before."""
    eleves = [
        make_connu(
            eleve_id,
            nom_de_famille=draw(st.sampled_from(NOMS)),
            nom_usage=draw(st.sampled_from(("", *NOMS))),
            id_prv_ele=draw(st.sampled_from(("", eleve_id[-1]))),
            mef=draw(st.sampled_from(("", "M1", "M1", "M2"))),
            date_entree=draw(JOURS),
            date_sortie=draw(st.none() | JOURS),
        )
        for eleve_id in draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    ]
    return Referentiel(
        eleves=tuple(eleves),
        mefs_des_groupes=draw(st.none() | st.just({"6AGL1": {"M1"}, "6ESP1": {"M1", "M2"}, "5LAT": frozenset()})),
        periode=draw(st.sampled_from((None, ANNEE))),
        liens=draw(
            st.dictionaries(
                st.tuples(st.sampled_from([eleve.eleve_id for eleve in eleves]), st.sampled_from(GROUPES)),
                st.tuples(JOURS, JOURS),
            )
        ),
    )


@st.composite
def deposes(draw):
    """An ELEVE as the schema lets it through: each groupe once, any dates."""
    groupes = draw(st.lists(st.sampled_from(GROUPES), unique=True, min_size=1))
    identifiant = draw(st.sampled_from([{"eleve_id": n} for n in (*IDS, "9999")] + [{"id_prv_ele": n} for n in "123"]))
    return make_depose(
        *(Inscription(groupe, draw(JOURS), draw(JOURS)) for groupe in groupes),
        nom_de_famille=draw(st.sampled_from(NOMS)),
        **identifiant,
    )


FICHIERS = st.lists(deposes(), min_size=1, max_size=8).map(lambda liste: make_fichier(*liste))


@given(FICHIERS, referentiels())
def test_links_made_closed_and_unchanged_share_out_those_of_before_and_after(fichier, referentiel):
    verdict = check_elegroupe(fichier, referentiel)
    parts = (verdict.crees, verdict.clos, verdict.inchanges)
    assert verdict.crees | verdict.inchanges == verdict.liens.keys()
    assert verdict.clos | verdict.inchanges == referentiel.liens.keys()
    assert sum(map(len, parts)) == len(frozenset().union(*parts))
    assert verdict.dates_modifiees <= verdict.inchanges
    assert 0 <= verdict.part_close <= 1


@given(FICHIERS, referentiels())
def test_once_applied_the_same_file_changes_nothing_more(fichier, referentiel):
    premier = check_elegroupe(fichier, referentiel)
    second = check_elegroupe(fichier, replace(referentiel, liens=premier.liens))
    assert second.crees == second.clos == second.dates_modifiees == frozenset()
    assert second.anomalies == premier.anomalies
    assert second.liens == premier.liens


@given(FICHIERS, referentiels())
def test_every_eleve_of_bee_is_either_named_by_the_file_or_absent(fichier, referentiel):
    verdict = check_elegroupe(fichier, referentiel)
    absents = {eleve.eleve_id for eleve in (*verdict.absents, *verdict.absents_sortis)}
    tous = {eleve.eleve_id for eleve in referentiel.eleves}
    inscrits = {eleve_id for eleve_id, _ in verdict.liens}
    partiels = {a.eleve_id for a in verdict.anomalies if a.is_identifie}
    assert absents | inscrits | partiels == tous
    assert not absents & (inscrits | partiels)
    assert not any(eleve.is_sorti for eleve in verdict.absents)
    assert all(eleve.is_sorti for eleve in verdict.absents_sortis)


@given(FICHIERS, referentiels())
def test_every_inscription_is_kept_or_said_to_be_lost(fichier, referentiel):
    """Nothing is skipped in silence."""
    verdict = check_elegroupe(fichier, referentiel)
    perdues = sum(len(depose.inscriptions) for depose in fichier.eleves) - len(verdict.liens)
    par_code = [anomalie.code for anomalie in verdict.anomalies]
    rejets = sum(code.startswith(("REJ", "GROUPE")) for code in par_code)
    assert bool(perdues) == bool(rejets)
    assert rejets <= perdues


@given(FICHIERS, referentiels())
def test_dates_kept_are_in_order_and_inside_the_year(fichier, referentiel):
    for (eleve_id, _), (debut, fin) in check_elegroupe(fichier, referentiel).liens.items():
        assert debut is None or fin is None or debut < fin
        if referentiel.periode:
            sortie = referentiel.par_eleve_id[eleve_id].date_sortie
            assert debut is None or ANNEE.debut <= debut <= ANNEE.fin
            assert fin is None or fin <= min(sortie or ANNEE.fin, ANNEE.fin)


def test_the_figures_announced_count_what_the_verdict_holds():
    liens = {("1001", "6ESP1"): (None, None), ("1001", "6AGL1"): (None, None)}
    verdict = judge(make_depose("6AGL1", "6ZZZ"), eleves=(make_connu(), make_connu("1002")), liens=liens)
    assert verdict.chiffres() == {
        "eleves_lus": 1,
        "absents": 1,
        "absents_sortis": 0,
        "liens_crees": 0,
        "liens_clos": 1,
        "liens_inchanges": 1,
        "anomalies": 1,
    }
    assert verdict.groupes_perdus == {"1001": ("6ESP1",)}
    assert verdict.part_close == 0.5


def test_a_school_without_links_loses_no_share_of_them():
    assert judge(make_depose()).part_close == 0.0


def test_a_change_of_dates_alone_is_an_unchanged_link_whose_dates_change():
    debut = ANNEE.debut + timedelta(days=1)
    verdict = judge(make_depose(Inscription("6AGL1", debut)), liens={("1001", "6AGL1"): (None, None)})
    assert verdict.crees == verdict.clos == frozenset()
    assert verdict.dates_modifiees == {("1001", "6AGL1")}


def test_a_thousand_eleves_are_judged_in_the_order_of_the_file():
    eleves = [make_connu(str(numero)) for numero in range(1000)]
    fichier = make_fichier(*(make_depose("6ZZZ", eleve_id=eleve.eleve_id) for eleve in reversed(eleves)))
    verdict = check_elegroupe(fichier, make_referentiel(*eleves))
    assert [anomalie.eleve_id for anomalie in verdict.anomalies] == [str(n) for n in range(999, -1, -1)]
