"""``sts_emp_<UAI>_<année>.xml``: what STS-Web gives to the timetable software (``formats/sts_edt.md`` §2)."""

from lxml import etree

from exchanges.parsers.records import Cours, Division, Enseignement, FichierSTS, Groupe, Individu, Principal, Service
from exchanges.writers.xml import Document, Enfant, hhmm, iso, leaf, leaves, node, number, word


def write_sts(document: Document, fichier: FichierSTS) -> None:
    """``STS_EDT``: no VERSION, codes as attributes, an individu of type ``suppleant`` under SUPPLEANTS."""
    with document.block("STS_EDT"):
        document.write(_parametres(fichier))
        with document.block("NOMENCLATURES"):
            document.list("MATIERES", (_matiere(m.code, m.code_gestion, m.libelle) for m in fichier.matieres))
            document.list("MEFS", (_mef(m.code, m.formation, m.libelle) for m in fichier.mefs))
        with document.block("DONNEES"):
            titulaires = (individu for individu in fichier.individus if individu.type != "suppleant")
            document.list("INDIVIDUS", (_individu("INDIVIDU", i, TYPE=i.type) for i in titulaires))
            with document.block("STRUCTURE"):
                document.list("DIVISIONS", (_structure("DIVISION", d) for d in fichier.divisions))
                document.list("GROUPES", (_structure("GROUPE", g) for g in fichier.groupes))
            suppleants = (individu for individu in fichier.individus if individu.type == "suppleant")
            document.list("SUPPLEANTS", (_individu("SUPPLEANT", i) for i in suppleants))


def _parametres(fichier: FichierSTS) -> etree._Element:
    entete = fichier.entete
    academie = node("ACADEMIE", leaves(CODE=fichier.academie_code, LIBELLE=fichier.academie_libelle))
    uaj = [academie, leaf("SIGLE", fichier.sigle), leaf("DENOM_PRINC", fichier.denomination)]
    annee = int(entete.annee)
    dates = leaves(DATE_DEBUT=f"{annee}-09-01", DATE_FIN=f"{annee + 1}-08-31")
    return node("PARAMETRES", [node("UAJ", uaj, CODE=entete.uai), node("ANNEE_SCOLAIRE", dates, ANNEE=entete.annee)])


def _matiere(code: str, gestion: str, libelle: str) -> etree._Element:
    return node("MATIERE", leaves(CODE_GESTION=gestion, LIBELLE_LONG=libelle), CODE=code)


def _mef(code: str, formation: str, libelle: str) -> etree._Element:
    return node("MEF", leaves(FORMATION=formation, LIBELLE_LONG=libelle), CODE=code)


def _individu(tag: str, individu: Individu, **attributs: str) -> etree._Element:
    enfants: list[Enfant] = [
        *leaves(
            SEXE=individu.sexe,
            CIVILITE=individu.civilite,
            NOM_USAGE=individu.nom_usage,
            NOM_PATRONYMIQUE=individu.nom_patronymique,
            PRENOM=individu.prenom,
            DATE_NAISSANCE=iso(individu.date_naissance),
            GRADE=individu.grade,
            FONCTION=individu.fonction,
        )
    ]
    if individu.principal_de:
        enfants.append(node("PROFS_PRINC", (_principal(mandat) for mandat in individu.principal_de)))
    if individu.disciplines:
        enfants.append(node("DISCIPLINES", (node("DISCIPLINE", CODE=code) for code in individu.disciplines)))
    return node(tag, enfants, ID=individu.id, **attributs)


def _principal(mandat: Principal) -> etree._Element:
    return node(
        "PROF_PRINC",
        leaves(CODE_STRUCTURE=mandat.division, DATE_DEBUT=iso(mandat.date_debut), DATE_FIN=iso(mandat.date_fin)),
    )


def _structure(tag: str, structure: Division | Groupe) -> etree._Element:
    enfants: list[Enfant] = [*leaves(LIBELLE_LONG=structure.libelle, **_effectifs(structure))]
    if isinstance(structure, Groupe):
        divisions = (node("DIVISION_APPARTENANCE", CODE=code) for code in structure.divisions)
        enfants.append(node("DIVISIONS_APPARTENANCE", divisions))
    enfants.append(node("MEFS_APPARTENANCE", (node("MEF_APPARTENANCE", CODE=mef) for mef in structure.mefs)))
    enfants.append(make_services(structure))
    return node(tag, enfants, CODE=structure.code)


def _effectifs(structure: Division | Groupe) -> dict[str, str]:
    effectifs = {
        "EFFECTIF_PREVU": number(structure.effectif_prevu),
        "EFFECTIF_CALCULE": number(structure.effectif_calcule),
    }
    if isinstance(structure, Groupe):
        effectifs["EFFECTIF_MAX_EDT"] = number(structure.effectif_max)
    return effectifs


def make_services(structure: Division | Groupe) -> etree._Element:
    """The SERVICES of a structure, their placed COURS included when there are some."""
    return node("SERVICES", (_service(service) for service in structure.services))


def _service(service: Service) -> etree._Element:
    enfants = [
        leaf("HEURES_STRUCTURE", service.heures),
        leaf("CO_ENS", word(service.is_co_enseignement)),
        node("ENSEIGNANTS", (_enseignant(enseignement) for enseignement in service.enseignements)),
    ]
    return node("SERVICE", enfants, CODE_MATIERE=service.matiere, CODE_MOD_COURS=service.modalite)


def _enseignant(enseignement: Enseignement) -> etree._Element:
    enfants: list[Enfant] = [*leaves(HEURES_AGENT=enseignement.heures, TAUX_PONDERATION=enseignement.ponderation)]
    if enseignement.cours:
        enfants.append(node("COURS_RATTACHES", (_cours(cours) for cours in enseignement.cours)))
    return node("ENSEIGNANT", enfants, ID=enseignement.individu_id, TYPE=enseignement.individu_type)


def _cours(cours: Cours) -> etree._Element:
    return node(
        "COURS",
        leaves(
            CODE_ALTERNANCE=cours.alternance,
            JOUR=str(cours.jour),
            HEURE_DEBUT=hhmm(cours.debut),
            DUREE=hhmm(cours.duree),
            CODE_SALLE=cours.salle,
        ),
    )
