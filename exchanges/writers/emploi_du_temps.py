"""``ExportEmploiDuTemps``: the timetable software's export for an ENT, in clear (``formats/sts_edt.md`` §4.2)."""

from collections.abc import Iterable
from datetime import date, timedelta

from lxml import etree

from exchanges.parsers.records import EleveEDT, FichierEmploiDuTemps, StructureEDT
from exchanges.writers.xml import Document, iso, node


_ESPACE = "http://www.index-education.com/exportemploidutemps"


def write_emploi_du_temps(document: Document, fichier: FichierEmploiDuTemps) -> None:
    """Every section that the records hold; as many Cours as counted, without their place, which is not kept."""
    entete = fichier.entete
    with document.block("ExportEmploiDuTemps", xmlns=_ESPACE, Version=entete.version, UAI=entete.uai):
        document.write(_annee(int(entete.annee)))
        document.list(
            "Matieres",
            (node("Matiere", Ident=m.code, Code=m.code_gestion, Libelle=m.libelle) for m in fichier.matieres),
        )
        document.list(
            "Professeurs",
            (
                node("Professeur", Ident=p.ident, Nom=p.nom, Prenom=p.prenom, IDSTS=p.sts_id)
                for p in fichier.professeurs
            ),
        )
        document.list("Classes", (_structure("Classe", division) for division in fichier.divisions))
        document.list("Groupes", (_structure("Groupe", groupe) for groupe in fichier.groupes))
        document.list("Eleves", (_eleve(eleve) for eleve in fichier.eleves))
        document.list("Cours", (node("Cours") for _ in range(fichier.nombre_cours)))


def _annee(annee: int) -> etree._Element:
    debut = date(annee, 9, 1)
    return node(
        "AnneeScolaire",
        DateDebut=iso(debut),
        DateFin=iso(date(annee + 1, 8, 31)),
        DatePremierJourSemaine1=iso(debut - timedelta(debut.weekday())),
    )


def _structure(tag: str, structure: StructureEDT) -> etree._Element:
    return node(tag, _liens(structure.divisions, structure.parties), Ident=structure.ident, Nom=structure.nom)


def _eleve(eleve: EleveEDT) -> etree._Element:
    return node(
        "Eleve",
        _liens(eleve.divisions, eleve.parties),
        Ident=eleve.ident,
        Nom=eleve.nom,
        Prenom=eleve.prenom,
        DateNaissance=iso(eleve.date_naissance),
        NumeroNational=eleve.ine,
        IDSconet=eleve.eleve_id,
    )


def _liens(divisions: Iterable[str], parties: Iterable[str]) -> Iterable[etree._Element]:
    yield from (node("Classe", Ident=ident) for ident in divisions)
    yield from (node("PartieDeClasse", Ident=ident) for ident in parties)
