"""What the files say of each step: one case per line, its témoignage and a word of its sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checklists.enums import Logiciel, Temoignage, Variante
from checklists.etapes import Reglage, read_etapes
from checklists.faits import DepotVu, Effectifs, PassageVu
from checklists.preuves import EXPORTS_BEE, PREUVES
from exchanges.enums import EtatDepot, OrigineActe, PreuveActe, TypeFichier
from tests.checklists.makers import EXPORT_LE, HEURE, MAINTENANT, make_export, make_faits, make_fichier


JUIN = EXPORT_LE - timedelta(days=80)
JUILLET = EXPORT_LE - timedelta(days=50)
STS_A_JOUR = EXPORT_LE + HEURE
LP = Reglage(Variante.LP, Logiciel.EDT)
DEPOT = DepotVu("0990001NELEGROUPE2026260903094000", EtatDepot.IMPORTE, EXPORT_LE, EXPORT_LE + HEURE)
ATTENTE = replace(DEPOT, etat=EtatDepot.DEPOSE, importe_le=None, nuit=MAINTENANT)


def without(*types):
    """The default files but these."""
    return {type_: make_fichier() for type_ in (*EXPORTS_BEE, TypeFichier.STS_EDT) if type_ not in types}


def sts(quand):
    """The default files, the sts_emp exported at another time."""
    return without() | {TypeFichier.STS_EDT: make_fichier(quand)}


def exports(structure, services, **champs):
    """STS changed before the exports of these instants, which are known in this way."""
    return {
        "sts_modifie_le": STS_A_JOUR,
        "export_structure": make_export(structure, **champs),
        "export_services": make_export(services, **champs) if services else None,
    }


PROUVE, MUET, CONTREDIT = Temoignage.PROUVE, Temoignage.MUET, Temoignage.CONTREDIT
CAS = [
    ("bascule", {}, PROUVE, "2026-2027"),
    ("bascule", {"fichiers": {}}, MUET, "Aucun fichier sts_emp"),
    ("bascule", {"fichiers": sts(JUIN)}, CONTREDIT, "1 groupe reconduit"),
    ("bascule", {"fichiers": sts(JUIN), "groupes_sts": frozenset()}, PROUVE, "année"),
    ("nomenclatures", {}, PROUVE, "1 MEF, 1 matière"),
    ("nomenclatures", {"fichiers": without(TypeFichier.NOMENCLATURES)}, MUET, "Aucun export Nomenclature"),
    ("nomenclatures", {"mefs_utilises": frozenset({"10010012110", "20010019110"})}, CONTREDIT, "MEF 20010019110"),
    ("nomenclatures", {"matieres_utilisees": frozenset({"999999"})}, CONTREDIT, "matières 999999"),
    ("nomenclatures", {"reglage": LP}, MUET, "matière ETP"),
    ("nomenclatures", {"reglage": LP, "has_etp": True}, PROUVE, "1 MEF"),
    ("divisions", {}, PROUVE, "1 division"),
    ("divisions", {"divisions_sts": frozenset({"SIXIEME A"})}, CONTREDIT, "SIXIEME A"),
    ("divisions", {"divisions_sts": frozenset()}, CONTREDIT, "aucune division"),
    ("divisions", {"fichiers": {}}, MUET, "Aucun fichier sts_emp"),
    ("export_divisions", {}, PROUVE, "Les mêmes 1 division"),
    ("export_divisions", {"divisions_bee": frozenset()}, CONTREDIT, "ne connaît pas : 6A"),
    ("export_divisions", {"divisions_bee": frozenset({"6A", "6B"})}, CONTREDIT, "plus dans STS-Web : 6B"),
    ("export_divisions", {"fichiers": without(TypeFichier.STRUCTURES)}, MUET, "Aucun export Structures"),
    ("export_divisions", {"fichiers": without(TypeFichier.STS_EDT)}, MUET, "Aucun fichier sts_emp"),
    ("affectation", {}, PROUVE, "4 élèves entrent"),
    ("affectation", {"effectifs": Effectifs(total=4)}, MUET, "Aucun élève n'entre"),
    ("affectation", {"fichiers": {}}, MUET, "Aucun export Élèves"),
    ("transferts", {}, MUET, "Dossiers depuis autre EPLE"),
    ("transferts", {"effectifs": Effectifs(total=4, venus_de_l_academie=2)}, PROUVE, "2 élèves venus"),
    ("transferts", {"fichiers": {}}, MUET, "Aucun export Élèves"),
    ("affectations", {}, PROUVE, "4 élèves, chacun"),
    ("affectations", {"effectifs": Effectifs(total=4, sans_division=1)}, CONTREDIT, "1 élève sans division."),
    ("affectations", {"effectifs": Effectifs(total=4, sans_mef=2)}, CONTREDIT, "2 élèves sans MEF."),
    ("affectations", {"effectifs": Effectifs()}, CONTREDIT, "Aucun élève"),
    ("affectations", {"fichiers": {}}, MUET, "Aucun export Élèves"),
    ("fiches", {}, PROUVE, "aucun doublon"),
    ("fiches", {"effectifs": Effectifs(total=4, sans_ine=1)}, CONTREDIT, "1 élève sans INE"),
    ("fiches", {"effectifs": Effectifs(total=4, sans_naissance=1)}, CONTREDIT, "sans date de naissance"),
    ("fiches", {"effectifs": Effectifs(total=4, doublons=1)}, CONTREDIT, "1 élève en double"),
    ("fiches", {"effectifs": Effectifs(total=4, doublons_responsables=2)}, CONTREDIT, "2 responsables en double"),
    ("fiches", {"effectifs": Effectifs(total=4, inscrits_ailleurs=1)}, CONTREDIT, "autre établissement"),
    ("fiches", {"fichiers": without(TypeFichier.RESPONSABLES)}, MUET, "Aucun export Responsables"),
    ("fiches", {"fichiers": {}}, MUET, "Aucun export Élèves"),
    ("export_edt", {}, PROUVE, "récent"),
    ("export_edt", {"fichiers": sts(JUILLET)}, MUET, "juste avant la rentrée"),
    ("export_edt", {"fichiers": {}}, MUET, "Aucun fichier sts_emp"),
    ("groupes", {}, PROUVE, "1 groupe"),
    ("groupes", {"fichiers": {TypeFichier.EDT_STS: make_fichier(nom="EDT_vers_STS.xml")}}, PROUVE, "Emploi du temps"),
    ("groupes", {"fichiers": sts(JUIN)}, MUET, "EDT vers STS-Web"),
    ("groupes", {"groupes_sts": frozenset()}, MUET, "aucun groupe"),
    ("groupes", {"groupes_sts": frozenset({"1ARA1STMG"})}, CONTREDIT, "1ARA1STMG"),
    ("groupes", {"groupes_sts": frozenset({"3 ITA+"})}, CONTREDIT, "refuse : 3 ITA+"),
    ("import_edt", {}, PROUVE, "1 groupe, 2 services"),
    ("import_edt", {"services": 0}, CONTREDIT, "aucun service"),
    ("import_edt", {"groupes_sts": frozenset()}, CONTREDIT, "aucun groupe"),
    ("import_edt", {"groupes_sts": frozenset(), "fichiers": sts(EXPORT_LE - timedelta(days=9))}, MUET, "encore aucun"),
    ("import_edt", {"fichiers": sts(JUIN)}, MUET, "d'après l'import"),
    ("export_groupes", {}, PROUVE, "tous dans SIECLE"),
    ("export_groupes", {"groupes_bee": frozenset()}, CONTREDIT, "ne connaît pas : 6AGL1"),
    ("export_groupes", {"groupes_sts": frozenset()}, MUET, "aucun groupe à envoyer"),
    ("export_groupes", {"fichiers": {}}, MUET, "Aucun fichier sts_emp"),
    ("export_groupes", {"sts_modifie_le": MAINTENANT}, CONTREDIT, "à refaire"),
    ("export_groupes", exports(MAINTENANT, MAINTENANT), PROUVE, "puis Services"),
    ("export_groupes", exports(MAINTENANT, None), CONTREDIT, "Services n'a pas suivi"),
    ("export_groupes", exports(MAINTENANT, MAINTENANT - HEURE), CONTREDIT, "Services n'a pas suivi"),
    ("export_groupes", exports(EXPORT_LE, EXPORT_LE) | {"sts_modifie_le": MAINTENANT}, CONTREDIT, "à refaire"),
    (
        "export_groupes",
        exports(MAINTENANT, MAINTENANT, origine=OrigineActe.DECLARE, preuve=PreuveActe.CONTREDIT),
        CONTREDIT,
        "ne se retrouve pas",
    ),
    (
        "export_groupes",
        exports(MAINTENANT, MAINTENANT, origine=OrigineActe.DECLARE, preuve=PreuveActe.CONFIRME),
        PROUVE,
        "puis Services",
    ),
    (
        "export_groupes",
        exports(MAINTENANT, MAINTENANT, origine=OrigineActe.DECLARE) | {"fichiers": without(TypeFichier.STRUCTURES)},
        MUET,
        "aucun fichier ne le montre encore",
    ),
    ("exports_bee", {}, PROUVE, "5 exports du même jour"),
    ("exports_bee", {"fichiers": without(TypeFichier.COMMUN)}, MUET, "Exports communs (SIECLE), pour le calendrier."),
    ("exports_bee", {"groupes_bee": frozenset()}, MUET, "avant les groupes"),
    (
        "exports_bee",
        {"fichiers": without() | {TypeFichier.RESPONSABLES: make_fichier(JUILLET)}},
        CONTREDIT,
        "Responsables",
    ),
    ("eleves_en_groupes", {}, MUET, "Aucun fichier élèves-groupes"),
    ("eleves_en_groupes", {"dernier_depot": DEPOT}, PROUVE, "liens élèves-groupes"),
    ("compte_rendu", {}, MUET, "Aucun fichier élèves-groupes"),
    ("compte_rendu", {"dernier_depot": DEPOT, "dernier_import": DEPOT}, PROUVE, "sans ligne refusée"),
    ("compte_rendu", {"dernier_depot": ATTENTE, "dernier_import": DEPOT}, MUET, "attend la nuit"),
    ("compte_rendu", {"dernier_depot": replace(DEPOT, etat=EtatDepot.CONTROLE)}, MUET, "pas encore déposé"),
    ("compte_rendu", {"dernier_depot": replace(DEPOT, etat=EtatDepot.ECHEC)}, MUET, "déposez à nouveau"),
    (
        "compte_rendu",
        {"dernier_depot": DEPOT, "dernier_import": replace(DEPOT, refus=3)},
        CONTREDIT,
        "3 lignes refusées",
    ),
    ("ent", {}, MUET, "Aucun dépôt"),
    ("ent", {"dernier_import": DEPOT}, MUET, "pas encore reçu"),
    ("ent", {"dernier_import": DEPOT, "passage_ent": PassageVu(MAINTENANT, False)}, MUET, "recevra"),
    ("ent", {"dernier_import": DEPOT, "passage_ent": PassageVu(MAINTENANT, True)}, PROUVE, "aucun groupe"),
    (
        "ent",
        {"dernier_import": DEPOT, "passage_ent": PassageVu(MAINTENANT, True, ("6AGL1", "6ESP1"))},
        CONTREDIT,
        "2 groupes vides dans l'ENT : 6AGL1, 6ESP1",
    ),
]


@pytest.mark.parametrize(("nom", "champs", "temoignage", "mot"), CAS)
def test_what_the_files_say(nom, champs, temoignage, mot):
    preuve = PREUVES[nom](make_faits(**champs))
    assert preuve.temoignage == temoignage, preuve.texte
    assert mot in preuve.texte


def test_every_step_has_its_proof_and_every_proof_its_cases():
    assert {etape.preuve for etape in read_etapes()} == set(PREUVES)
    for nom in PREUVES:
        assert {PROUVE, MUET} <= {cas[2] for cas in CAS if cas[0] == nom}, nom


def test_a_long_list_of_codes_is_cut():
    codes = frozenset(f"6G{n}" for n in range(9))
    assert "et 4 autres" in PREUVES["export_groupes"](make_faits(groupes_sts=codes)).texte
