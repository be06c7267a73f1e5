"""What the schema of the GAR lets through: each rule on a sound school with one fault."""

import re
from dataclasses import fields, replace
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchanges.enums import Gravite
from exchanges.parsers.records.gar import (
    EleveEnseignementGAR,
    EnsDivisionMatiereGAR,
    EnsGroupeMatiereGAR,
    EtabGAR,
    GroupeGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
)
from exchanges.rules.gar import check_gar, keep_conforme, matiere_gar, profil_gar
from exchanges.writers.gar import send_archive
from tests.writers.gar_makers import MEF, UAI, make_eleve, make_enseignant, make_export, make_resp_aff


AILLEURS = "0990009Z"
QUAND = datetime(2026, 11, 22, 21)  # noqa: DTZ001 - a file name gives no time zone


def found(export, code):
    """The findings of one rule; any other one is a failure of the test."""
    constats = list(check_gar(export))
    assert {constat.code for constat in constats} <= {code}
    return constats


def found_among(export, code):
    return [constat for constat in check_gar(export) if constat.code == code]


def add(champ, *enregistrements):
    """A sound export with more records of a kind."""
    export = make_export()
    return replace(export, **{champ: (*getattr(export, champ), *enregistrements)})


def kept(export, champ):
    conforme, _ = keep_conforme(export)
    return getattr(conforme, champ)


def test_a_sound_export_has_no_finding_and_is_kept_whole():
    export = make_export()
    assert list(check_gar(export)) == []
    assert keep_conforme(export) == (export, [])


@pytest.mark.parametrize(
    ("fonction", "profil"),
    [
        ("ENS", "National_ens"),
        ("DOC", "National_doc"),
        ("DIR", "National_dir"),
        ("EDU", "National_evs"),
        ("AED", "National_evs"),
        ("ADF", "National_eta"),
        ("PSY", "National_eta"),
        ("COL", "National_col"),
        (" ens ", "National_ens"),
        ("-", "National_eta"),
        ("", "National_eta"),
    ],
)
def test_profil_follows_the_function(fonction, profil):
    assert profil_gar(fonction) == profil
    assert profil_gar(fonction, is_eleve=True) == "National_elv"


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        ("030602", "030602"),
        ("170K00", "170K00"),
        ("BORDEAUX-030602", "030602"),
        ("A30602", ""),
        ("03060", ""),
        ("170k00", ""),
        ("", ""),
    ],
)
def test_matiere_loses_the_prefix_of_its_academie(code, attendu):
    assert matiere_gar(code) == attendu


def test_gar_cle_en_double_keeps_the_first():
    export = add("eleves", make_eleve(nom="SECONDE"))
    (constat,) = found(export, "gar_cle_en_double")
    assert (constat.uai, constat.objet, constat.gravite) == (UAI, "e-1", Gravite.ERREUR)
    assert kept(export, "eleves") == make_export().eleves


def test_gar_cle_en_double_sees_a_link_given_twice():
    export = add("personnes_groupes", PersonGroupeGAR(UAI, "e-1", "3B"))
    assert [c.objet for c in found(export, "gar_cle_en_double")] == ["3B"]
    assert kept(export, "personnes_groupes") == make_export().personnes_groupes


def test_gar_etablissement_inconnu_takes_out_what_is_elsewhere():
    ailleurs = make_eleve("e-9", uais=(AILLEURS,), profils=((AILLEURS, "National_elv"),), rattachement="")
    export = add("eleves", ailleurs)
    (constat,) = found(export, "gar_etablissement_inconnu")
    assert (constat.uai, constat.objet, constat.reste) == (AILLEURS, "e-9", None)
    assert kept(export, "eleves") == make_export().eleves


def test_gar_etablissement_inconnu_keeps_the_schools_that_are_known():
    partagee = make_enseignant(
        uais=(UAI, AILLEURS),
        profils=((UAI, "National_ens"), (AILLEURS, "National_ens")),
        disciplines=((UAI, ("L0426",)), (AILLEURS, ("L0426",))),
        rattachement=AILLEURS,
    )
    export = make_export(enseignants=(partagee,), responsables_affectation=(make_resp_aff(uais=(AILLEURS, UAI)),))
    assert len(found(export, "gar_etablissement_inconnu")) == 2
    assert kept(export, "enseignants") == (make_enseignant(),)
    assert kept(export, "responsables_affectation") == (make_resp_aff(),)


def test_gar_nom_vide_takes_the_person_and_her_links_out():
    export = make_export(eleves=(make_eleve(nom=" "), make_eleve("e-2")))
    export = replace(export, personnes_groupes=(*export.personnes_groupes, PersonGroupeGAR(UAI, "e-2", "3B")))
    assert [c.objet for c in found(export, "gar_nom_vide")] == ["e-1"]
    conforme, constats = keep_conforme(export)
    assert [eleve.identifiant for eleve in conforme.eleves] == ["e-2"]
    assert "e-1" not in {lien.identifiant for lien in (*conforme.personnes_groupes, *conforme.eleves_mefs)}
    assert {"gar_nom_vide", "gar_personne_inconnue"} <= {c.code for c in constats}, "the links lost are said too"


def test_gar_civilite_inconnue_is_left_out():
    export = make_export(eleves=(make_eleve(civilite="Monsieur"),))
    (constat,) = found(export, "gar_civilite_inconnue")
    assert "Monsieur" in constat.message
    assert kept(export, "eleves") == (make_eleve(civilite=""),)


@pytest.mark.parametrize("civilite", ["M.", "Mme", ""])
def test_gar_civilite_inconnue_says_nothing_of_the_right_ones(civilite):
    assert found(make_export(eleves=(make_eleve(civilite=civilite),)), "gar_civilite_inconnue") == []


def test_gar_prenom_usuel_absent_puts_it_first():
    export = make_export(eleves=(make_eleve(autres_prenoms=("Anaïs",)),))
    assert len(found(export, "gar_prenom_usuel_absent")) == 1
    assert kept(export, "eleves") == (make_eleve(autres_prenoms=("Chloé", "Anaïs")),)


@pytest.mark.parametrize(
    "profils",
    [
        ((UAI, "National_ens"),),
        ((UAI, "National_tut"),),
        (),
    ],
)
def test_gar_profil_faux_takes_out_an_eleve_with_no_right_profile(profils):
    export = make_export(eleves=(make_eleve(profils=profils), make_eleve("e-2")))
    (constat,) = found(export, "gar_profil_faux")
    assert constat.reste is None
    assert [eleve.identifiant for eleve in kept(export, "eleves")] == ["e-2"]


def test_gar_profil_faux_keeps_the_schools_where_it_is_right():
    deux = (EtabGAR(UAI, "COLLEGE FICTIF"), EtabGAR(AILLEURS, "LYCEE FICTIF"))
    partagee = make_enseignant(uais=(UAI, AILLEURS), profils=((UAI, "National_ens"), (AILLEURS, "National_elv")))
    export = make_export(etabs=deux, enseignants=(partagee,))
    assert len(found(export, "gar_profil_faux")) == 1
    assert kept(export, "enseignants") == (make_enseignant(),)


def test_gar_profil_faux_wants_one_profile_in_a_school():
    export = make_export(enseignants=(make_enseignant(profils=((UAI, "National_ens"), (UAI, "National_dir"))),))
    assert len(found(export, "gar_profil_faux")) == 1
    assert kept(export, "enseignants") == (make_enseignant(),)


@pytest.mark.parametrize("champs", [{"mels": ()}, {"uais": ()}])
def test_gar_responsable_incomplet_is_taken_out(champs):
    export = add("responsables_affectation", make_resp_aff("p-3", **champs))
    assert [c.objet for c in found(export, "gar_responsable_incomplet")] == ["p-3"]
    assert kept(export, "responsables_affectation") == make_export().responsables_affectation


def test_gar_responsables_trop_nombreux_keeps_fifty_in_a_school():
    deux = (EtabGAR(UAI, "COLLEGE FICTIF"), EtabGAR(AILLEURS, "LYCEE FICTIF"))
    cinquante = tuple(make_resp_aff(f"p-{rang}") for rang in range(50))
    assert found(make_export(responsables_affectation=cinquante), "gar_responsables_trop_nombreux") == []
    dernier = make_resp_aff("p-99", uais=(UAI, AILLEURS))
    export = make_export(etabs=deux, responsables_affectation=(*cinquante, make_resp_aff("p-50"), dernier))
    constats = found(export, "gar_responsables_trop_nombreux")
    assert [(c.uai, c.objet) for c in constats] == [(UAI, "p-50"), (UAI, "p-99")]
    assert kept(export, "responsables_affectation") == (*cinquante, replace(dernier, uais=(AILLEURS,)))


@pytest.mark.parametrize(
    ("champ", "lien"),
    [
        ("eleves_mefs", PersonMefGAR(UAI, "p-1", MEF)),
        ("eleves_enseignements", EleveEnseignementGAR(UAI, "e-9", "030602")),
        ("enseignants_mefs", PersonMefGAR(UAI, "e-1", MEF)),
        ("personnes_groupes", PersonGroupeGAR(UAI, "e-9", "3B")),
        ("enseignants_groupes", EnsGroupeMatiereGAR(UAI, "e-1", "3B ESP", ("030602",))),
        ("enseignants_divisions", EnsDivisionMatiereGAR(UAI, "p-9", "3B", ("030602",))),
    ],
)
def test_gar_personne_inconnue_takes_the_link_out(champ, lien):
    export = add(champ, lien)
    (constat,) = found(export, "gar_personne_inconnue")
    assert (constat.uai, constat.objet) == (UAI, lien.identifiant)
    assert keep_conforme(export)[0] == make_export()


def test_gar_personne_inconnue_looks_at_the_school_too():
    deux = (EtabGAR(UAI, "COLLEGE FICTIF"), EtabGAR(AILLEURS, "LYCEE FICTIF"))
    mefs = (MefGAR(UAI, MEF, "3EME"), MefGAR(AILLEURS, MEF, "3EME"))
    export = make_export(etabs=deux, mefs=mefs, eleves_mefs=(PersonMefGAR(AILLEURS, "e-1", MEF),))
    assert [(c.uai, c.objet) for c in found(export, "gar_personne_inconnue")] == [(AILLEURS, "e-1")]


def test_gar_statut_inconnu_takes_the_groupe_out():
    export = make_export()
    libre = GroupeGAR(UAI, "3C", "3EME C", "Classe")
    export = replace(
        export,
        groupes=(*export.groupes, libre),
        personnes_groupes=(*export.personnes_groupes, PersonGroupeGAR(UAI, "e-1", "3C")),
    )
    assert [c.objet for c in found_among(export, "gar_statut_inconnu")] == ["3C"]
    assert keep_conforme(export)[0] == make_export()


def test_gar_code_en_double_takes_both_out_and_what_cites_them():
    export = add("groupes", GroupeGAR(UAI, "3B", "3B", "GROUPE"))
    constats = found(export, "gar_code_en_double")
    assert [(c.uai, c.objet, c.reste) for c in constats] == [(UAI, "3B", None)] * 2
    conforme, tout = keep_conforme(export)
    assert conforme.groupes == (GroupeGAR(UAI, "3B ESP", "", "GROUPE"),), "without its division"
    assert {lien.groupe for lien in conforme.personnes_groupes} == {"3B ESP"}
    assert conforme.enseignants_divisions == ()
    assert {"gar_code_en_double", "gar_groupe_inconnu", "gar_division_inconnue"} == {c.code for c in tout}


def test_gar_code_en_double_is_about_one_school():
    deux = (EtabGAR(UAI, "COLLEGE FICTIF"), EtabGAR(AILLEURS, "LYCEE FICTIF"))
    export = replace(add("groupes", GroupeGAR(AILLEURS, "3B", "3B", "GROUPE")), etabs=deux)
    assert found_among(export, "gar_code_en_double") == []


@pytest.mark.parametrize(
    ("champ", "lien"),
    [
        ("personnes_groupes", PersonGroupeGAR(UAI, "e-1", "4A")),
        ("enseignants_groupes", EnsGroupeMatiereGAR(UAI, "p-1", "3B", ("030602",))),
        ("enseignants_divisions", EnsDivisionMatiereGAR(UAI, "p-1", "3B ESP", ("030602",))),
    ],
    ids=["unknown", "a division taken for a groupe", "a groupe taken for a division"],
)
def test_gar_groupe_inconnu_takes_the_link_out(champ, lien):
    export = add(champ, lien)
    assert [c.objet for c in found(export, "gar_groupe_inconnu")] == [lien.groupe]
    assert keep_conforme(export)[0] == make_export()


def test_gar_division_inconnue_is_taken_off_the_groupe():
    division, groupe = make_export().groupes
    export = make_export(groupes=(division, replace(groupe, divisions=("3B", "3Z"))))
    (constat,) = found(export, "gar_division_inconnue")
    assert "3Z" in constat.message
    assert kept(export, "groupes") == (division, groupe)


def test_gar_groupe_vide_is_taken_out_when_nothing_cites_it():
    export = add("groupes", GroupeGAR(UAI, "VIDE", "VIDE", "GROUPE"))
    (constat,) = found(export, "gar_groupe_vide")
    assert "il n'est pas envoyé" in constat.message
    assert keep_conforme(export)[0] == make_export()


def test_gar_groupe_vide_stays_when_somebody_teaches_it():
    export = make_export()
    export = replace(export, personnes_groupes=tuple(x for x in export.personnes_groupes if x.groupe != "3B ESP"))
    (constat,) = found(export, "gar_groupe_vide")
    assert "envoyé quand même" in constat.message
    assert keep_conforme(export) == (export, [constat])


def test_gar_mef_inconnu_takes_the_link_out():
    export = add("enseignants_mefs", PersonMefGAR(UAI, "p-1", "10010012110"))
    assert [c.objet for c in found(export, "gar_mef_inconnu")] == ["10010012110"]
    assert keep_conforme(export)[0] == make_export()


def test_gar_matiere_mal_codee_is_taken_out():
    export = add("matieres", MatiereGAR(UAI, "BORDEAUX-0306", "LOCALE"), MatiereGAR(UAI, "LOCALE", "LOCALE"))
    assert [c.objet for c in found(export, "gar_matiere_mal_codee")] == ["BORDEAUX-0306", "LOCALE"]
    assert keep_conforme(export)[0] == make_export()


def test_gar_matiere_inconnue_is_taken_off_the_service_and_the_eleve():
    export = make_export(enseignants_divisions=(EnsDivisionMatiereGAR(UAI, "p-1", "3B", ("030602", "999999")),))
    export = replace(export, eleves_enseignements=(EleveEnseignementGAR(UAI, "e-1", "999999"),))
    assert [c.objet for c in found(export, "gar_matiere_inconnue")] == ["999999"] * 2
    conforme, _ = keep_conforme(export)
    assert conforme.enseignants_divisions == make_export().enseignants_divisions
    assert conforme.eleves_enseignements == ()


@pytest.mark.parametrize("matieres", [("999999",), ()])
def test_gar_matiere_inconnue_leaves_no_service_without_matiere(matieres):
    export = make_export(enseignants_groupes=(EnsGroupeMatiereGAR(UAI, "p-1", "3B ESP", matieres),))
    assert len(found(export, "gar_matiere_inconnue")) == 1
    assert kept(export, "enseignants_groupes") == ()


def test_gar_libelle_vide_is_replaced_by_the_code():
    export = make_export(
        etabs=(EtabGAR(UAI, ""),), mefs=(MefGAR(UAI, MEF, " "),), matieres=(MatiereGAR(UAI, "030602", ""),)
    )
    assert [c.objet for c in found(export, "gar_libelle_vide")] == [UAI, MEF, "030602"]
    conforme, _ = keep_conforme(export)
    assert (conforme.etabs[0].nom, conforme.mefs[0].libelle, conforme.matieres[0].libelle) == (UAI, MEF, "030602")


def test_messages_never_name_a_person():
    export = make_export(
        eleves=(make_eleve(prenom="", civilite="X"), make_eleve("e-2", profils=(), autres_prenoms=("Anaïs",))),
        enseignants=(make_enseignant(civilite="Monsieur"),) * 2,
        responsables_affectation=(make_resp_aff(mels=()),),
    )
    constats = list(check_gar(export))
    assert len({constat.code for constat in constats}) >= 5
    assert not [c for c in constats if re.search("DUTEST|Chloé|Anaïs|PROF|Amélie|CHEF|Paul", c.message)]
    assert all(constat.action for constat in constats)


identifiants = st.sampled_from(["e-1", "e-2", "p-1", "p-2"])
uais = st.sampled_from([UAI, AILLEURS])
codes = st.sampled_from(["3A", "3B", "3B ESP"])
matieres = st.sampled_from(["030602", "020700", "LOCALE"])
profils = st.lists(st.tuples(uais, st.sampled_from(["National_elv", "National_ens", "X"])), max_size=2).map(tuple)
personnes = {
    "identifiant": identifiants,
    "nom": st.sampled_from(["", "DUTEST"]),
    "profils": profils,
    "uais": st.lists(uais, max_size=2).map(tuple),
    "civilite": st.sampled_from(["", "M.", "X"]),
    "autres_prenoms": st.sampled_from([(), ("Anaïs",)]),
}
services = (uais, identifiants, codes, st.lists(matieres, max_size=2).map(tuple))


def lists(strategie):
    return st.lists(strategie, max_size=3).map(tuple)


exports = st.builds(
    make_export,
    etabs=lists(st.builds(EtabGAR, uais, st.sampled_from(["", "COLLEGE FICTIF"]))),
    matieres=lists(st.builds(MatiereGAR, uais, matieres, st.just("MATIERE"))),
    eleves=lists(st.builds(make_eleve, **personnes)),
    enseignants=lists(st.builds(make_enseignant, **personnes)),
    groupes=lists(
        st.builds(GroupeGAR, uais, codes, st.just(""), st.sampled_from(["DIVISION", "GROUPE", "X"]), lists(codes))
    ),
    personnes_groupes=lists(st.builds(PersonGroupeGAR, uais, identifiants, codes)),
    enseignants_groupes=lists(st.builds(EnsGroupeMatiereGAR, *services)),
    enseignants_divisions=lists(st.builds(EnsDivisionMatiereGAR, *services)),
    responsables_affectation=lists(
        st.builds(make_resp_aff, identifiants, mels=st.sampled_from([(), ("a@ac-fictif.example",)]))
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
@given(exports)
def test_whatever_is_wrong_what_is_kept_can_be_sent_and_kept_again(export):
    conforme, constats = keep_conforme(export)
    assert all(constat.reste == constat.enregistrement for constat in check_gar(conforme))
    assert keep_conforme(conforme)[0] == conforme
    send_archive("XX99", QUAND, conforme, BytesIO())
    if conforme != export:
        assert constats


def test_every_kind_of_record_is_hashable_and_named_in_the_container():
    export = make_export()
    genres = [getattr(export, champ.name) for champ in fields(export)]
    assert all(genres)
    assert len({enregistrement for genre in genres for enregistrement in genre}) == sum(map(len, genres))
