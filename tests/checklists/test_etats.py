"""Proofs, then words, then what blocks, then the calendar; a word never makes a proof."""

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.enums import EtatEtape, Temoignage
from checklists.etapes import read_etapes
from checklists.etats import Parole, judge_etapes
from checklists.faits import Effectifs
from checklists.preuves import PREUVES
from exchanges.enums import TypeFichier
from tests.checklists.makers import EXPORT_LE, MAINTENANT, RENTREE, make_export, make_faits, make_fichier
from tests.checklists.test_preuves import ATTENTE, DEPOT


NUMEROS = [etape.numero for etape in read_etapes()]
PAROLE = Parole("Camille Modèle", MAINTENANT)
codes = st.frozensets(st.sampled_from(["6A", "6AGL1", "TROP LONG UN CODE"]))
jours = st.integers(-120, 20).map(lambda n: EXPORT_LE + timedelta(days=n))
effectifs = st.builds(Effectifs, **{champ.name: st.integers(0, 2) for champ in fields(Effectifs)})
exports = st.none() | st.builds(
    make_export, jours, st.sampled_from(["fait", "declare", "deduit"]), st.sampled_from(["", "confirme", "contredit"])
)
faits = st.builds(
    make_faits,
    fichiers=st.dictionaries(st.sampled_from(TypeFichier), st.builds(make_fichier, jours)),
    **dict.fromkeys(("divisions_sts", "divisions_bee", "groupes_sts", "groupes_bee"), codes),
    mefs_utilises=codes,
    services=st.integers(0, 2),
    effectifs=effectifs,
    sts_modifie_le=st.none() | jours,
    export_structure=exports,
    export_services=exports,
    dernier_depot=st.sampled_from([None, DEPOT, ATTENTE]),
    dernier_import=st.sampled_from([None, DEPOT, replace(DEPOT, refus=2)]),
)
paroles = st.dictionaries(st.sampled_from(NUMEROS), st.just(PAROLE))


def by_numero(des_faits, des_paroles):
    return {s.etape.numero: s for s in judge_etapes(des_faits, des_paroles)}


@settings(max_examples=200, deadline=None)
@given(faits, paroles)
def test_evidence_is_never_faked_by_a_declaration(des_faits, des_paroles):
    """Whatever is declared: proven means proven by the files, and what they contradict is never acquired."""
    for situation in judge_etapes(des_faits, des_paroles):
        temoignage = PREUVES[situation.etape.preuve](des_faits).temoignage
        assert (situation.etat == EtatEtape.PROUVEE) == (temoignage == Temoignage.PROUVE)
        if temoignage == Temoignage.CONTREDIT:
            assert not situation.etat.is_acquise
            assert (situation.etat == EtatEtape.CONTREDITE) == (situation.etape.numero in des_paroles)
        if situation.etat == EtatEtape.DECLAREE:
            assert situation.etape.numero in des_paroles


@settings(max_examples=100, deadline=None)
@given(faits, paroles)
def test_declarations_never_change_what_is_proven(des_faits, des_paroles):
    def prove(situations):
        return {s.etape.numero for s in situations if s.etat == EtatEtape.PROUVEE}

    assert prove(judge_etapes(des_faits, des_paroles)) == prove(judge_etapes(des_faits, {}))


def test_a_declared_step_is_declared_and_lets_the_next_one_begin():
    sans_fichier = make_faits(fichiers={})
    assert by_numero(sans_fichier, {})["2"].etat == EtatEtape.BLOQUEE
    situations = by_numero(sans_fichier, {"1": PAROLE})
    assert situations["1"].etat == EtatEtape.DECLAREE
    assert situations["2"].etat == EtatEtape.EN_RETARD


def test_a_contradicted_step_lets_nothing_begin():
    situations = by_numero(make_faits(groupes_bee=frozenset()), {"9": PAROLE})
    assert situations["9"].etat == EtatEtape.CONTREDITE
    assert situations["12"].etat == EtatEtape.BLOQUEE
    assert "9" in {etape.numero for etape in situations["12"].bloquee_par}


def test_a_change_in_sts_reopens_the_export_by_itself():
    avant = make_faits(export_structure=make_export(MAINTENANT), export_services=make_export(MAINTENANT))
    assert by_numero(avant, {})["9"].etat == EtatEtape.PROUVEE
    apres = replace(avant, sts_modifie_le=MAINTENANT + timedelta(minutes=1))
    assert by_numero(apres, {})["9"].etat == EtatEtape.EN_RETARD
    assert by_numero(apres, {"9": PAROLE})["9"].etat == EtatEtape.CONTREDITE


def test_lateness_follows_the_rentree_of_the_school():
    """The same day is late in a year that began in September, early in one that begins in February."""
    septembre = by_numero(make_faits(fichiers={}), {})["1"]
    fevrier = by_numero(replace(make_faits(fichiers={}), rentree=RENTREE.replace(year=2027, month=2)), {})["1"]
    assert (septembre.is_en_retard, septembre.etat) == (True, EtatEtape.EN_RETARD)
    assert (fevrier.is_en_retard, fevrier.etat) == (False, EtatEtape.A_FAIRE)
    assert fevrier.echeance.year == 2026


def test_blocked_and_late_says_both():
    situation = by_numero(make_faits(fichiers={}), {})["4"]
    assert situation.etat == EtatEtape.BLOQUEE
    assert situation.is_en_retard
    assert [etape.numero for etape in situation.bloquee_par] == ["2", "3"]
