"""The corrected file: nothing left to say about it, the same links, and a list of what went."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from exchanges.parsers import read_depot
from exchanges.parsers.records import Inscription
from exchanges.rules.correction import NatureRetrait, correct
from exchanges.rules.verdict import check_elegroupe
from exchanges.writers import write_depot
from tests.rules.makers import ANNEE, MEF, NAISSANCE, make_connu, make_depose, make_fichier, make_referentiel


QUAND = datetime(2026, 9, 8, 9, 30)  # noqa: DTZ001 - naive local time, as in a name of deposit
FIN_ANNEE = date(2027, 7, 3)


def correct_these(*deposes, **champs):
    eleves = champs.pop("eleves", (make_connu(),))
    return correct(make_fichier(*deposes), make_referentiel(*eleves, **champs))


def natures(correction):
    return [(retrait.nature, retrait.code, retrait.groupe) for retrait in correction.retraits]


def test_a_sound_file_is_left_as_it_is():
    depose = make_depose("6AGL1", "6ESP1")
    correction = correct_these(depose)
    assert correction.fichier.eleves == (depose,)
    assert correction.retraits == ()


def test_a_rejected_eleve_goes():
    inconnu = make_depose("6AGL1", eleve_id="9999", nom_de_famille="ABSENT")
    correction = correct_these(make_depose(), inconnu)
    assert [eleve.eleve_id for eleve in correction.fichier.eleves] == ["1001"]
    assert natures(correction) == [(NatureRetrait.ELEVE, "REJELEGROUPE_01", "")]
    assert correction.retraits[0].eleve_id == "9999"


def test_of_one_person_twice_the_first_stays():
    correction = correct_these(make_depose("6AGL1"), make_depose("6ESP1", id_prv_ele="7"))
    assert [eleve.identifiant for eleve in correction.fichier.eleves] == ["1001"]
    assert natures(correction) == [(NatureRetrait.ELEVE, "REJELEGROUPE_03", "")]


def test_a_refused_inscription_goes_and_the_others_stay():
    correction = correct_these(make_depose("6AGL1", "INCONNU"))
    assert correction.fichier.eleves[0].inscriptions == (Inscription("6AGL1"),)
    assert natures(correction) == [(NatureRetrait.INSCRIPTION, "GROUPE_A_01", "INCONNU")]
    assert "INCONNU" in correction.retraits[0].action


def test_an_eleve_left_without_groupe_goes_too():
    correction = correct_these(make_depose("INCONNU"))
    assert correction.is_vide
    assert natures(correction) == [
        (NatureRetrait.INSCRIPTION, "GROUPE_A_01", "INCONNU"),
        (NatureRetrait.ELEVE, "", ""),
    ]


def test_an_eleve_without_mef_goes_and_is_said_once():
    correction = correct_these(make_depose("6AGL1", "6ESP1"), eleves=(make_connu(mef=""),))
    assert correction.is_vide
    assert natures(correction) == [(NatureRetrait.ELEVE, "GROUPE_B_01", "")]


def test_a_date_out_of_the_year_is_the_one_that_siecle_keeps():
    correction = correct_these(make_depose(Inscription("6AGL1", date(2026, 1, 1), date(2026, 12, 18))))
    assert correction.fichier.eleves[0].inscriptions == (Inscription("6AGL1", ANNEE.debut, date(2026, 12, 18)),)
    (retrait,) = correction.retraits
    assert (retrait.nature, retrait.code) == (NatureRetrait.DATE, "ELEGRP_A_02")
    assert retrait.suite == "Début : 01/09/2026 ; fin : 18/12/2026."


def test_one_who_left_before_the_year_is_written_without_end():
    parti = make_connu(date_sortie=date(2026, 8, 20))
    correction = correct_these(make_depose(Inscription("6AGL1", None, date(2027, 7, 3))), eleves=(parti,))
    assert correction.fichier.eleves[0].inscriptions == (Inscription("6AGL1"),)
    assert correction.retraits[0].suite == "Début : vide ; fin : vide."


def test_one_groupe_written_twice_is_written_once():
    """Two codes that differ by a space are one code once read."""
    deux = make_depose(Inscription("6AGL1"), Inscription("6AGL1", None, date(2027, 1, 8)))
    correction = correct_these(deux)
    assert correction.fichier.eleves[0].inscriptions == (Inscription("6AGL1", None, date(2027, 1, 8)),)
    assert natures(correction) == [(NatureRetrait.INSCRIPTION, "", "6AGL1")]


def test_the_file_is_dated_now_under_a_name_that_is_not_the_original_s():
    correction = correct_these(make_depose())
    date_du_fichier = correction.dated(QUAND)
    assert (date_du_fichier.entete.horodatage, date_du_fichier.date_import) == (QUAND, QUAND.date())
    original = replace(correction.fichier, entete=replace(correction.fichier.entete, horodatage=QUAND))
    assert replace(correction, fichier=original).dated(QUAND).entete.horodatage == QUAND.replace(second=1)


jours = st.none() | st.dates(date(2026, 6, 1), date(2027, 9, 1))
connus = st.lists(
    st.builds(
        make_connu,
        eleve_id=st.sampled_from(["1001", "1002", "1003", "1004"]),
        prenom=st.sampled_from(["Maëlys", "Ada"]),
        id_prv_ele=st.sampled_from(["", "7", "8"]),
        mef=st.sampled_from(["", MEF, "AUTRE"]),
        date_entree=jours,
        date_sortie=jours,
    ),
    max_size=4,
    unique_by=lambda eleve: eleve.eleve_id,
)
inscriptions = st.lists(
    st.builds(Inscription, st.sampled_from(["6AGL1", "6ESP1", "INCONNU"]), jours, jours),
    min_size=1,
    max_size=3,
    unique_by=lambda inscription: inscription.groupe,
)
identifiants = st.sampled_from([{"eleve_id": i} for i in ("1001", "1002", "1003", "9")] + [{"id_prv_ele": "7"}])
deposes = st.lists(
    st.builds(
        lambda groupes, identifiant, prenom: make_depose(
            *groupes, **identifiant, prenom=prenom, date_naissance=NAISSANCE
        ),
        inscriptions,
        identifiants,
        st.sampled_from(["Maëlys", "Ada"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda depose: depose.identifiant,
)
referentiels = st.builds(
    lambda eleves, periode, has_groupes: replace(
        make_referentiel(periode=periode, **({} if has_groupes else {"mefs_des_groupes": None})), eleves=tuple(eleves)
    ),
    connus,
    st.sampled_from([None, ANNEE]),
    st.booleans(),
)


@given(deposes, referentiels)
def test_judged_again_it_has_no_anomaly_and_the_same_links(deposes, referentiel):
    fichier = make_fichier(*deposes)
    avant = check_elegroupe(fichier, referentiel)
    correction = correct(fichier, referentiel)
    apres = check_elegroupe(correction.fichier, referentiel)
    assert apres.anomalies == ()
    assert apres.liens.keys() == avant.liens.keys()
    for (eleve_id, groupe), dates in apres.liens.items():
        sortie = referentiel.par_eleve_id[eleve_id].date_sortie
        is_parti_avant = referentiel.periode and sortie and sortie < referentiel.periode.debut
        assert dates == avant.liens[eleve_id, groupe] or (is_parti_avant and dates[1] is None)


@given(deposes, referentiels)
def test_a_retrait_is_said_whenever_something_is_missing(deposes, referentiel):
    fichier = make_fichier(*deposes)
    correction = correct(fichier, referentiel)
    assert bool(correction.retraits) == (correction.fichier.eleves != fichier.eleves)


@given(deposes, referentiels)
def test_written_it_passes_the_checks_of_the_deposit(deposes, referentiel):
    correction = correct(make_fichier(*deposes), referentiel)
    if correction.is_vide:
        return
    fichier = correction.dated(QUAND)
    nom, octets = write_depot(fichier, QUAND)
    assert nom == f"{fichier.entete.uai}ELEGROUPE2026260908093000.zip"
    assert read_depot(BytesIO(octets), nom).fichier.eleves == fichier.eleves
