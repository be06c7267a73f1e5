"""From parsed files to rows: each export fills its tables, and the same export again fills nothing."""

from datetime import date, timedelta

import pytest

from exchanges.enums import Couche, NatureActe, TypeFichier
from exchanges.importer import tables
from exchanges.importer.apply import apply_changes
from exchanges.importer.compare import compare, read_courants
from exchanges.importer.fichiers import compare_fichiers
from exchanges.importer.referentiel import read_referentiel
from exchanges.models import Acte, FicheEleve
from exchanges.parsers.records import (
    Division,
    Enseignement,
    FichierNomenclatures,
    FichierResponsables,
    FichierSTS,
    Groupe,
    Individu,
    LienResponsable,
    Matiere,
    Mef,
    Personne,
    Principal,
    Service,
)
from exchanges.rules.referentiel import referentiel_from_files
from tests.makers import (
    LUNDI,
    PERIODE,
    make_eleve,
    make_entete,
    make_etablissement,
    make_fichier_eleves,
    make_fichiers,
)


pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)


@pytest.fixture
def etablissement():
    return make_etablissement()


def load(etablissement, fichiers, instant=LUNDI, has_liens_a_jour=True):
    """Compare and apply; returns, by table, how many rows opened, changed, closed, stayed."""
    changements = compare_fichiers(etablissement, fichiers, has_liens_a_jour)
    acte = Acte.objects.create(etablissement=etablissement, nature=NatureActe.CHARGEMENT, instant=instant)
    apply_changes(changements, acte)
    return {c.table.libelle: (len(c.ouverts), len(c.modifies), len(c.clos), c.inchanges) for c in changements}


def make_sts(etablissement):
    service = Service("030201", heures="3.00", enseignements=(Enseignement("epp", "7", "3.00"),))
    return FichierSTS(
        entete=make_entete(etablissement, TypeFichier.STS_EDT, LUNDI, "2026"),
        individus=(
            Individu("epp", "7", nom_usage="ESSAI", prenom="Lou", principal_de=(Principal("6A", date(2026, 9, 1)),)),
            Individu("local", "7", nom_usage="AUTRE", prenom="Sam"),
        ),
        divisions=(Division("6A", mefs=("M2", "M1"), effectif_prevu=28, services=(service,)),),
        groupes=(Groupe("6AGL1", divisions=("6A",), services=(service,)),),
    )


def make_all(etablissement):
    return [
        *make_fichiers(etablissement, eleves=[make_eleve(groupes=("6AGL1",)), make_eleve("1002", division="")]),
        make_sts(etablissement),
        FichierResponsables(
            entete=make_entete(etablissement, TypeFichier.RESPONSABLES, LUNDI, "2026"),
            personnes=(Personne("500", "PARENT", prenom="Jo", mel="jo@example.invalid"),),
            liens=(LienResponsable("1001", "500", niveau="1", parente="20", heberge_eleve=True),),
        ),
        FichierNomenclatures(
            entete=make_entete(etablissement, TypeFichier.NOMENCLATURES, LUNDI, "2026"),
            mefs=(Mef("10010012110", "6EME", "SIXIEME", date_fermeture=date(2030, 8, 31)),),
            matieres=(Matiere("030201", "AGL1", "ANGLAIS LV1"),),
        ),
    ]


def test_every_export_fills_its_tables(etablissement):
    assert load(etablissement, make_all(etablissement)) == {
        "élèves": (2, 0, 0, 0),
        "liens élève-groupe": (1, 0, 0, 0),
        "divisions (BEE)": (1, 0, 0, 0),
        "groupes (BEE)": (2, 0, 0, 0),
        "divisions (STS)": (1, 0, 0, 0),
        "groupes (STS)": (1, 0, 0, 0),
        "enseignants et personnels (STS)": (2, 0, 0, 0),
        "services (STS)": (2, 0, 0, 0),
        "services des enseignants (STS)": (2, 0, 0, 0),
        "professeurs principaux": (1, 0, 0, 0),
        "responsables": (1, 0, 0, 0),
        "liens élève-responsable": (1, 0, 0, 0),
        "formations (MEF)": (1, 0, 0, 0),
        "matières": (1, 0, 0, 0),
    }


def test_the_same_exports_again_write_nothing_in_any_table(etablissement):
    load(etablissement, make_all(etablissement))
    figures = load(etablissement, make_all(etablissement), LUNDI + JOUR)
    assert {(ouverts, modifies, clos) for ouverts, modifies, clos, _ in figures.values()} == {(0, 0, 0)}


def test_the_order_of_mefs_in_a_file_is_no_change(etablissement):
    load(etablissement, [make_sts(etablissement)])
    fiches = read_courants(tables.fiches_division(Couche.STS), etablissement)
    assert fiches[("6A",)].valeurs == ("", ["M1", "M2"], 28)


def test_an_eleve_missing_from_the_next_export_is_closed_and_another_changes_division(etablissement):
    load(etablissement, make_fichiers(etablissement))
    figures = load(
        etablissement,
        [make_fichier_eleves(etablissement, [make_eleve("1001"), make_eleve("1002", division="6B")])],
        LUNDI + JOUR,
    )
    assert figures["élèves"] == (0, 1, 2, 1)
    courantes = FicheEleve.objects.courants().order_by("eleve__eleve_id")
    assert list(courantes.values_list("eleve__eleve_id", "division__code")) == [("1001", "6A"), ("1002", "6B")]


def test_links_of_a_stale_export_are_left_out_and_those_of_a_fresh_one_keep_known_dates(etablissement):
    fichier = make_fichier_eleves(etablissement, [make_eleve(groupes=("6AGL1",))])
    load(etablissement, [fichier])
    vide = make_fichier_eleves(etablissement, [make_eleve()])
    assert "liens élève-groupe" not in load(etablissement, [vide], LUNDI + JOUR, has_liens_a_jour=False)
    assert len(read_courants(tables.LIENS_GROUPE, etablissement)) == 1
    assert load(etablissement, [vide], LUNDI + 2 * JOUR)["liens élève-groupe"] == (0, 0, 1, 0)


def test_an_export_knows_no_date_so_it_does_not_erase_those_of_the_night(etablissement):
    acte = Acte.objects.create(etablissement=etablissement, nature=NatureActe.NUIT, instant=LUNDI)
    from_night = {("1001", "6AGL1"): (date(2026, 9, 1), PERIODE.fin)}
    apply_changes([compare(tables.LIENS_GROUPE, {}, from_night)], acte)
    fichier = make_fichier_eleves(etablissement, [make_eleve(groupes=("6AGL1",))])
    assert load(etablissement, [fichier], LUNDI + JOUR)["liens élève-groupe"] == (0, 0, 0, 1)


def test_the_rules_see_the_same_school_from_the_database_as_from_its_files(etablissement):
    fichiers = make_all(etablissement)
    load(etablissement, fichiers)
    etablissement.debut_eleves, etablissement.fin_eleves = PERIODE.debut, PERIODE.fin
    stocke = read_referentiel(etablissement, read_courants(tables.LIENS_GROUPE, etablissement))
    lu = referentiel_from_files(fichiers)
    assert sorted(stocke.eleves, key=lambda e: e.eleve_id) == sorted(lu.eleves, key=lambda e: e.eleve_id)
    assert stocke.mefs_des_groupes == lu.mefs_des_groupes
    assert (stocke.groupes_sts, stocke.periode, stocke.liens) == (lu.groupes_sts, lu.periode, lu.liens)


def test_nothing_is_known_of_a_school_that_has_loaded_nothing(etablissement):
    referentiel = read_referentiel(etablissement, {})
    assert (referentiel.eleves, referentiel.mefs_des_groupes, referentiel.groupes_sts, referentiel.periode) == (
        None,
        None,
        None,
        None,
    )
