"""One planted cause per rule: the explanation names that cause and no other, over generated schools.

The faults are planted ten to a school, each on somebody or something that no other touches: one load for ten rules.
"""

from random import Random

import pytest

from checklists.diagnostic import Genre
from exchanges.generator import PLANTATIONS, enroll_twice, make_ecole, plant
from exchanges.propagation.horloge import Horloge
from exchanges.rules import catalogue
from exchanges.rules.base import regle_de
from tests.checklists.makers_diagnostic import JOUR, codes, explain, live, run_days


pytestmark = pytest.mark.django_db

ELEVE, RESPONSABLE, INDIVIDU, GROUPE, DIVISION = (
    Genre.ELEVE, Genre.RESPONSABLE, Genre.INDIVIDU, Genre.GROUPE, Genre.DIVISION
)  # fmt: skip
# What breaks a link: whom or what it is asked of, and the cause named when no rule bears the name of the fault.
RUPTURES = {
    "GROUPE_A_01": (GROUPE, ""),
    "GROUPE_A_01_INCONNU": (GROUPE, "GROUPE_A_01"),
    "GROUPE_B_01": (ELEVE, ""),
    "GROUPE_B_02": (ELEVE, ""),
    "REJELEGROUPE_01": (ELEVE, ""),
    "REJELEGROUPE_02": (ELEVE, ""),
    "groupe_vide": (GROUPE, "groupe_absent_du_depot"),
    "ine_manquant": (ELEVE, ""),
    "ine_en_double": (ELEVE, ""),
    "eleve_sans_mef": (ELEVE, ""),
    "eleve_sans_division": (ELEVE, ""),
    "division_inconnue": (DIVISION, ""),
    "fiche_bloquante": (ELEVE, ""),
    "responsable_sans_eleve": (RESPONSABLE, ""),
    "nom_avec_civilite": (RESPONSABLE, ""),
    "nom_de_deux_personnes": (RESPONSABLE, ""),
    "caractere_perdu": (RESPONSABLE, ""),
    "nom_prenom_inverses": (RESPONSABLE, ""),
    "eleve_en_double": (ELEVE, ""),
    "responsable_en_double": (RESPONSABLE, ""),
    "fratrie_educonnect": (RESPONSABLE, ""),
    "structure_absente_de_siecle": (GROUPE, ""),
    "structure_absente_de_sts": (GROUPE, ""),
    "groupe_sans_service": (GROUPE, ""),
    "service_sans_enseignant": (GROUPE, ""),
    "enseignant_inconnu": (INDIVIDU, ""),
}
# What the ENT shows all the same.
SURVEILLES = {
    **dict.fromkeys(("REJELEGROUPE_03", "ELEGRP_A_01", "ELEGRP_A_02", "ine_cle_fausse", "division_hors_mef"), ELEVE),
    **dict.fromkeys(("fiche_a_completer", "eleve_sans_responsable_legal", "trop_de_responsables_legaux"), ELEVE),
    **dict.fromkeys(("mef_mal_forme", "mef_inconnu_de_la_nomenclature", "mef_ferme"), ELEVE),
    **dict.fromkeys(("mobile_partage", "mel_partage", "mobile_non_conforme"), RESPONSABLE),
    **dict.fromkeys(("ELEGRP_A_03", "groupe_nom_non_conforme", "groupe_nom_avec_point"), GROUPE),
    **dict.fromkeys(("nom_de_structure_en_double", "groupe_sans_division", "groupe_division_inconnue"), GROUPE),
    **dict.fromkeys(("groupe_sans_mef", "structure_sans_eleve", "matiere_inconnue"), GROUPE),
    **dict.fromkeys(("division_nom_non_conforme", "division_sans_mef", "mef_inconnu", "pp_perime"), DIVISION),
    "enseignant_local": INDIVIDU,
}
# What is no matter of one person or structure, or what entsite keeps nothing of once the files are loaded.
HORS_SUJET = {
    **{regle_de(regle).code: "about a file" for regle in catalogue.FICHIERS},
    "uai_invalide": "the school of last year is not kept",
    "sms_sans_mobile": "the consent to SMS is not kept",
    "groupe_perdu_par_troncature": "EDT's export to the ENT is judged, never loaded",
    "eleve_sans_correspondance": "EDT's export to the ENT is judged, never loaded",
    "professeur_sans_correspondance": "EDT's export to the ENT is judged, never loaded",
    "alternance_inconnue": "the placed courses of EDT are not kept",
    "services_ecrases": "compares EDT's file with STS before the import: after it nothing differs",
    "services_modifies_depuis_export": "compares EDT's file with STS before the import: after it nothing differs",
}
A_PART = {"services_vides", "groupes_reconduits", "multi_inscription", "eleve_absent"}  # a school of their own, below
EN_LOTS = [*RUPTURES, *SURVEILLES]
LOTS = 6
GRAINES = {"fiche_bloquante": 3}  # an élève who is there, not a leaver


def test_every_rule_about_a_school_is_in_the_table():
    regles = (*catalogue.ELEGROUPE, *catalogue.FICHIERS, *catalogue.DOSSIER, *catalogue.ACADEMIE)
    connues = {*EN_LOTS, *HORS_SUJET, *A_PART}
    assert {regle_de(regle).code for regle in regles} | set(PLANTATIONS) == connues


def targets(ecole, faute, genre):
    """Keys of what a fault is asked about."""
    if faute.code == "mef_inconnu":
        return [d.code for d in ecole.sts.divisions if faute.objet in d.mefs]
    if faute.code == "matiere_inconnue":
        return [g.code for g in ecole.sts.groupes if any(s.matiere == faute.objet for s in g.services)]
    if genre == ELEVE:
        return [faute.eleve_id]
    return faute.objet.split(" / ")


def allowed(ecole, faute, cle):
    """The fault, what it entails, and the facts of the same élève."""
    suites = {autre.code for autre in ecole.fautes if autre.cause == faute.code}
    return {faute.code, *suites} | {fait.code for fait in ecole.faits if fait.eleve_id == cle}


@pytest.mark.parametrize("rang", range(LOTS))
def test_planted_cause_is_named_and_no_other(rang):
    ecole = make_ecole(1, 5, echelle=0.3)
    prevus = EN_LOTS[rang::LOTS]
    for code in prevus:
        ecole = plant(ecole, code, Random(GRAINES.get(code, 1)))
    etablissement = live(ecole)
    plantees = [faute for faute in ecole.fautes if not faute.cause]
    assert len(plantees) == len(prevus)
    ecarts = [
        ecart
        for code, faute in zip(prevus, plantees, strict=True)
        for cle in targets(ecole, faute, RUPTURES[code][0] if code in RUPTURES else SURVEILLES[code])
        if (ecart := find_ecart(etablissement, ecole, code, faute, cle))
    ]
    assert ecarts == []
    assert [codes(reponse) for reponse in explain_untouched(etablissement, ecole)] == [set()] * 4


def find_ecart(etablissement, ecole, code, faute, cle):
    """What is wrong with an answer; ``None`` when it is right."""
    if code in RUPTURES:
        genre, attendu = RUPTURES[code]
        attendu = attendu or faute.code
        reponse = explain(etablissement, genre, cle)
        is_juste = reponse.rupture is not None and reponse.cause.code == attendu and bool(reponse.action)
    else:
        attendu = faute.code
        reponse = explain(etablissement, SURVEILLES[code], cle)
        is_seul = reponse.rupture is None or reponse.cause.code in allowed(ecole, faute, cle) - {attendu}
        is_juste = attendu in codes(reponse) and is_seul
    en_trop = codes(reponse) - allowed(ecole, faute, cle) - {attendu}
    return None if is_juste and not en_trop else (code, cle, sorted(codes(reponse)), reponse.phrase)


def explain_untouched(etablissement, ecole):
    """Answers about an élève, her responsable, a groupe of hers and its enseignant that no fault touches."""
    touches = {cle for faute in ecole.fautes for cle in (*faute.objet.split(" / "), faute.eleve_id)}
    touches |= {fait.eleve_id for fait in ecole.faits} | {fait.objet for fait in ecole.faits}
    groupe = next(
        g for g in ecole.sts.groupes
        if g.code not in touches and g.services and g.services[0].enseignements
        and not touches & {g.services[0].matiere, *g.mefs, *g.divisions}
    )  # fmt: skip
    deposes = [d for d in ecole.elegroupe.eleves if any(i.groupe == groupe.code for i in d.inscriptions)]
    eleve = next(d.eleve_id for d in deposes if d.eleve_id and d.eleve_id not in touches)
    legaux = (lien for lien in ecole.responsables.liens if lien.eleve_id == eleve and lien.niveau == "1")
    responsable = next(lien.personne_id for lien in legaux if lien.personne_id not in touches)
    enseignant = groupe.services[0].enseignements[0]
    yield explain(etablissement, ELEVE, eleve)
    yield explain(etablissement, RESPONSABLE, responsable)
    yield explain(etablissement, GROUPE, groupe.code)
    yield explain(etablissement, INDIVIDU, enseignant.individu_id, enseignant.individu_type)


def test_timetable_not_sent_leaves_enseignants_and_groupes_without_services():
    ecole = plant(make_ecole(1, 5, echelle=0.1), "services_vides", Random(1))
    etablissement = live(ecole)
    enseignant = next(i for i in ecole.sts.individus if i.fonction == "ENS")
    for genre, cle in ((INDIVIDU, enseignant.id), (GROUPE, ecole.sts.groupes[0].code), (DIVISION, "6 A")):
        reponse = explain(etablissement, genre, cle)
        assert reponse.rupture is not None
        assert codes(reponse) == {"services_vides"}


def test_groupes_carried_over_are_told_before_the_year_begins():
    ecole = plant(make_ecole(1, 5, echelle=0.1), "groupes_reconduits", Random(1))
    etablissement = live(ecole)
    reponse = explain(etablissement, GROUPE, ecole.sts.groupes[0].code)
    assert reponse.rupture is not None
    assert codes(reponse) == {"groupes_reconduits"}


def test_eleve_left_out_of_the_deposit():
    ecole = plant(make_ecole(1, 5, echelle=0.3), "eleve_absent", Random(1))
    omis = {d.eleve_id for d in make_ecole(1, 5, echelle=0.3).elegroupe.eleves}
    omis -= {d.eleve_id for d in ecole.elegroupe.eleves} | {fait.eleve_id for fait in ecole.faits}
    assert omis
    etablissement = live(ecole)
    for eleve_id in omis:
        assert codes(explain(etablissement, ELEVE, eleve_id)) == {"eleve_absent_du_depot"}


def test_eleve_of_two_schools_is_told_the_other_one():
    une, autre = make_ecole(1, 5, echelle=0.1), make_ecole(6, 5, echelle=0.1)
    modeles = {e.mef for e in autre.eleves.eleves}
    fiche = next(e for e in une.eleves.eleves if e.ine and e.division and not e.date_sortie and e.mef in modeles)
    autre = enroll_twice(autre, fiche, une.uai, Random(1))
    ici, ailleurs = live(une), live(autre)
    run_days(ici, Horloge(ici.academie).maintenant + 8 * JOUR)
    reponse = explain(ici, ELEVE, fiche.eleve_id)
    assert reponse.rupture is not None
    assert codes(reponse) == {"multi_inscription"}
    assert ailleurs.denomination in reponse.rupture.preuve
