"""``EDT_vers_STS_<UAI>_<année>.xml``: what the timetable software gives to STS-Web (``formats/sts_edt.md`` §3)."""

from collections.abc import Iterable

from lxml import etree

from exchanges.parsers.records import Alternance, Division, FichierEDT, Groupe, Horaire, IndividuEDT, Salle
from exchanges.writers.sts import make_services
from exchanges.writers.xml import Document, Enfant, hhmm, iso, leaf, leaves, node, number


def write_edt(document: Document, fichier: FichierEDT) -> None:
    """``EDT_STS``: no VERSION, school and year as text, one ENSEIGNANT with its placed COURS under each SERVICE."""
    entete = fichier.entete
    with document.block("EDT_STS"):
        parametres = leaves(UAJ=entete.uai, ANNEE_SCOLAIRE=entete.annee, APPLICATION_SOURCE=entete.logiciel)
        document.write(node("PARAMETRES", parametres))
        with document.block("DONNEES"):
            document.list("HORAIRES", (_horaire(horaire) for horaire in fichier.horaires))
            document.list("ALTERNANCES", (_alternance(alternance) for alternance in fichier.alternances))
            document.list("SALLES_COURS", (_salle(salle) for salle in fichier.salles))
            document.list("INDIVIDUS", (_individu(individu) for individu in fichier.individus))
            with document.block("STRUCTURE"):
                document.list("DIVISIONS", (_structure("DIVISION", division) for division in fichier.divisions))
                document.list("GROUPES", (_structure("GROUPE", groupe) for groupe in fichier.groupes))


def _horaire(horaire: Horaire) -> etree._Element:
    heures = leaves(DEBUT_COURS=hhmm(horaire.debut), FIN_COURS=hhmm(horaire.fin))
    return node("HORAIRE", heures, JOUR=str(horaire.jour))


def _alternance(alternance: Alternance) -> etree._Element:
    semaines = (leaf("DATE_DEBUT_SEMAINE", iso(lundi)) for lundi in alternance.semaines)
    enfants = [*leaves(LIBELLE_LONG=alternance.libelle), node("SEMAINES", semaines)]
    return node("ALTERNANCE", enfants, CODE=alternance.code)


def _salle(salle: Salle) -> etree._Element:
    return node("SALLE_COURS", leaves(GROUPE_SALLE=salle.groupe, LOCALISATION=salle.localisation), CODE=salle.code)


def _individu(individu: IndividuEDT) -> etree._Element:
    indemnites = _pairs("INDEMNITE", "CODE_STRUCTURE", "MEFSTAT4", individu.indemnites)
    ares = _pairs("ARE", "CODE_ARE", "HEURES", individu.ares)
    return node("INDIVIDU", [node("INDEMNITES", indemnites), node("ARES", ares)], ID=individu.id)


def _pairs(tag: str, un: str, autre: str, paires: Iterable[tuple[str, str]]) -> Iterable[etree._Element]:
    return (node(tag, leaves(**{un: premier, autre: second})) for premier, second in paires)


def _structure(tag: str, structure: Division | Groupe) -> etree._Element:
    """Libellé, effectifs and appartenances when known: a DIVISION of the timetable software has only services."""
    enfants: list[Enfant] = [
        *leaves(LIBELLE_LONG=structure.libelle, EFFECTIF_PREVU=number(structure.effectif_prevu)),
    ]
    if isinstance(structure, Groupe):
        divisions = (node("DIVISION_APPARTENANCE", CODE=code) for code in structure.divisions)
        enfants += [
            leaf("EFFECTIF_MAX_EDT", number(structure.effectif_max)),
            node("DIVISIONS_APPARTENANCE", divisions),
        ]
    enfants.append(make_services(structure))
    return node(tag, enfants, CODE=structure.code)
