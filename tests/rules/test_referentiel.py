"""What SIECLE knows, made from parsed files alone."""

from datetime import date

from exchanges.enums import TypeFichier
from exchanges.parsers.records import (
    Division,
    Eleve,
    Entete,
    FichierCommun,
    FichierEleves,
    FichierStructures,
    FichierSTS,
    Groupe,
)
from exchanges.rules.referentiel import mefs_par_groupe, referentiel_from_files
from exchanges.rules.verdict import group_by_division
from tests.rules.makers import ANNEE, MEF, NAISSANCE, UAI, make_connu


def test_a_groupe_that_names_no_mef_has_those_of_its_divisions():
    groupes = (Groupe("6AGL1", mefs=("M1",), divisions=("6A",)), Groupe("6LAT", divisions=("6A", "6B", "6Z")))
    mefs = mefs_par_groupe(groupes, {"6A": ("M2",), "6B": ("M3",)})
    assert mefs == {"6AGL1": {"M1"}, "6LAT": {"M2", "M3"}}


def test_nothing_is_known_of_files_that_were_not_given():
    referentiel = referentiel_from_files([])
    assert (referentiel.eleves, referentiel.mefs_des_groupes, referentiel.groupes_sts, referentiel.periode) == (
        None,
        None,
        None,
        None,
    )


def test_each_file_gives_its_part():
    eleve = Eleve("1001", "MODELE", "Maëlys", NAISSANCE, mef=MEF, division="6A", groupes=("6AGL1",))
    referentiel = referentiel_from_files(
        [
            FichierEleves(entete=Entete(TypeFichier.ELEVES, UAI, "2026"), eleves=(eleve,)),
            FichierStructures(
                entete=Entete(TypeFichier.STRUCTURES, UAI, "2026"),
                divisions=(Division("6A", mefs=(MEF,)),),
                groupes=(Groupe("6AGL1", divisions=("6A",)),),
            ),
            FichierCommun(entete=Entete(TypeFichier.COMMUN, UAI, "2026"), annee_eleves=ANNEE),
            FichierSTS(entete=Entete(TypeFichier.STS_EDT, UAI, "2026"), groupes=(Groupe("6NEUF"),)),
        ]
    )
    assert referentiel.eleves == (make_connu(),)
    assert referentiel.mefs_des_groupes == {"6AGL1": {MEF}}
    assert referentiel.groupes_sts == {"6NEUF"}
    assert referentiel.periode == ANNEE
    assert referentiel.liens == {("1001", "6AGL1"): (None, None)}


def test_a_date_of_leaving_makes_a_leaver_even_to_come():
    assert make_connu(date_sortie=date(2999, 1, 1)).is_sorti
    assert not make_connu().is_sorti


def test_eleves_are_shown_by_division_then_by_name_those_without_one_last():
    eleves = [
        make_connu("1", division="6B", nom_de_famille="B"),
        make_connu("2", division="", nom_de_famille="A"),
        make_connu("3", division="6A", nom_de_famille="Z"),
        make_connu("4", division="6A", nom_de_famille="A"),
    ]
    groupes = group_by_division(eleves)
    assert list(groupes) == ["6A", "6B", "Sans division"]
    assert [eleve.eleve_id for eleve in groupes["6A"]] == ["4", "3"]
