"""Sound records of the AAF, each with the changes a test wants: one school, one élève, her mother, her professor."""

from exchanges.enums import CategorieAAF, GenreAAF
from exchanges.parsers.records.aaf import ATTRIBUTS, Enregistrement, add
from exchanges.rules.aaf import Controleur


ELEVE = {
    "ENTEleveINE": ("990000001AA",),
    "ENTEleveStructRattachId": ("50001",),
    "ENTPersonDateNaissance": ("06/02/2012",),
    "ENTPersonNomPatro": ("MODÈLE",),
    "sn": ("MODÈLE",),
    "givenName": ("Chloé",),
    "ENTPersonAutresPrenoms": ("Chloé",),
    "personalTitle": ("Mme",),
    "ENTElevePersRelEleve": ("800001$10$1$1$0$1",),
    "ENTPersonAdresse": ("1 rue de Test$$$",),
    "ENTPersonCodePostal": ("99001",),
    "ENTEleveAdresseRel": ("800001",),
    "ENTEleveMEF": ("10310019110",),
    "ENTEleveEnseignements": ("FRANCAIS", "ESPAGNOL LV2"),
    "ENTEleveCodeEnseignements": ("020700", "030602"),
    "ENTPersonStructRattach": ("9001",),
    "ENTEleveDateEntreeClasses": ("9001$02/09/2024$3B",),
    "ENTEleveClasses": ("9001$3B",),
    "ENTEleveGroupes": ("9001$3B ESP",),
}
RESPONSABLE = {
    "ENTPersonNomPatro": ("MODÈLE",),
    "sn": ("MODÈLE",),
    "givenName": ("Éloïse",),
    "personalTitle": ("Mme",),
    "ENTAuxPersRelEleveEleve": ("700001",),
    "ENTPersonAdresse": ("1 rue de Test$$$",),
    "ENTPersonCodePostal": ("99001",),
    "mobile": ("+33 6 00 00 00 01",),
    "mail": ("eloise@example.org",),
}
PERSONNEL = {
    "ENTPersonDateNaissance": ("01/01/1980",),
    "ENTPersonNomPatro": ("PROF",),
    "sn": ("PROF",),
    "givenName": ("AMELIE",),
    "personalTitle": ("Mme",),
    "mail": ("amelie.prof@ac-fictif.example",),
    "ENTPersonStructRattach": ("9001",),
    "ENTAuxEnsDisciplinesPoste": ("SANS OBJET$",),
    "ENTAuxEnsMEF": ("9001$10310019110$3EME",),
    "ENTAuxEnsMatiereEnseignEtab": ("9001$ESPAGNOL LV2",),
    "ENTAuxEnsClasses": ("9001$3B",),
    "ENTAuxEnsGroupes": ("9001$3B ESP",),
    "ENTAuxEnsClassesMatieres": ("9001$3B$030602",),
    "ENTAuxEnsGroupesMatieres": ("9001$3B ESP$030602",),
    "ENTAuxEnsClassesPrincipal": ("9001$3B",),
    "ENTPersonFonctions": ("9001$ENS$ENSEIGNEMENT$L0426$ESPAGNOL",),
    "ENTPersonCategorieEnseignant": ("O",),
    "PersEducNatPresenceDevantEleves": ("O",),
}
ETAB = {
    "ENTStructureUAI": ("0990001A",),
    "ENTEtablissementUAI": ("0990001A",),
    "ENTStructureSIREN": ("19990001900018",),
    "ENTStructureNomCourant": ("CLG$COLLEGE FICTIF$VILLE-ESSAI",),
    "postalCode": ("99001",),
    "telephoneNumber": ("+33 1 00 00 00 01",),
    "ENTStructureMailSI": ("ce.0990001A@ac-fictif.example",),
    "ENTStructureClasses": ("6A$6ème A$10010012110", "3B$3EME$10310019110$1031001911A"),
    "ENTStructureGroupes": ("3B ESP$$3B", "6A GR1$6A Gr1$6A"),
}
MEF = {"ENTLibelleMef": ("3EME",), "ENTMEFRattach": ("10310019110",), "ENTMEFSTAT11": ("21110010012",)}
MATIERE = {"ENTLibelleMatiere": ("FRANCAIS",)}


def _make(categorie, modele, identifiant, valeurs):
    premier, *noms = ATTRIBUTS[categorie]
    valeurs = {premier: (identifiant,), **modele, **valeurs}
    assert set(valeurs) <= {premier, *noms}
    return Enregistrement(categorie, identifiant, tuple(valeurs.get(nom, ()) for nom in (premier, *noms)))


def make_eleve(identifiant="700001", **valeurs):
    return _make(CategorieAAF.ELEVE, ELEVE, identifiant, valeurs)


def make_responsable(identifiant="800001", **valeurs):
    return _make(CategorieAAF.RESPONSABLE, RESPONSABLE, identifiant, valeurs)


def make_personnel(identifiant="600001", **valeurs):
    return _make(CategorieAAF.PERSONNEL, PERSONNEL, identifiant, valeurs)


def make_etab(identifiant="9001", **valeurs):
    return _make(CategorieAAF.ETAB, ETAB, identifiant, valeurs)


def make_mef(identifiant="10310019110", **valeurs):
    return _make(CategorieAAF.MEF, MEF, identifiant, valeurs)


def make_matiere(identifiant="020700", **valeurs):
    return _make(CategorieAAF.MATIERE, MATIERE, identifiant, valeurs)


def make_export(*changees):
    """A sound export in the order of its files, in which some records take the place of those of their category."""
    sains = (make_etab(), make_matiere(), make_mef(), make_eleve(), make_responsable(), make_personnel())
    remplacees = {fiche.categorie for fiche in changees}
    fiches = [*(fiche for fiche in sains if fiche.categorie not in remplacees), *changees]
    return sorted(fiches, key=lambda fiche: list(CategorieAAF).index(fiche.categorie))


def judge(*changees, genre=GenreAAF.COMPLET):
    """The constats on an export that is sound but for these records."""
    controleur = Controleur(genre)
    for fiche in make_export(*changees):
        controleur.judge(add(fiche))
    controleur.finish()
    return controleur.constats


def codes(*changees, genre=GenreAAF.COMPLET):
    """Codes of the constats and the records they name."""
    return [(constat.regle.code, constat.identifiant) for constat in judge(*changees, genre=genre)]
