"""Faults of the files themselves: another school, another year, another day, badly written (``siecle.md`` §1.2)."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from exchanges.enums import TypeFichier
from exchanges.generator.ecoles import Ecole
from exchanges.generator.faits import Retouche
from exchanges.generator.fautes.edition import add
from exchanges.generator.identifiants import ECOLES_MAX, make_uai
from exchanges.parsers.records import Entete


_LIBELLE = "L'export Nomenclature"


def _edit_nomenclature(ecole: Ecole, entete: Entete, code: str, phrase: str) -> Ecole:
    fautive = replace(ecole, nomenclatures=replace(ecole.nomenclatures, entete=entete))
    return add(fautive, code, f"{_LIBELLE} {phrase}.", TypeFichier.NOMENCLATURES)


def _mistake_school(ecole: Ecole, rng: Random) -> Ecole:
    """The export was made while connected to another school."""
    uai = make_uai(ECOLES_MAX)
    entete = replace(ecole.nomenclatures.entete, uai=uai)
    return _edit_nomenclature(ecole, entete, "fichier_autre_etablissement", f"est celui de {uai}")


def _mistake_year(ecole: Ecole, rng: Random) -> Ecole:
    """SIECLE holds two bases from May on: the export is of the other one."""
    annee = str(int(ecole.annee) - 1)
    entete = replace(ecole.nomenclatures.entete, annee=annee)
    return _edit_nomenclature(ecole, entete, "fichier_autre_annee", f"est de l'année {annee}")


def _export_earlier(ecole: Ecole, rng: Random) -> Ecole:
    entete = ecole.responsables.entete
    if entete.horodatage is None:
        raise ValueError("L'export n'est pas daté.")
    quand = entete.horodatage - timedelta(days=rng.randint(3, 20))
    responsables = replace(ecole.responsables, entete=replace(entete, horodatage=quand))
    detail = f"L'export des responsables est du {quand:%d/%m/%Y}, avant les autres."
    return add(
        replace(ecole, responsables=responsables), "exports_de_dates_differentes", detail, TypeFichier.RESPONSABLES
    )


def _retouch(ecole: Ecole, retouche: Retouche, code: str, detail: str) -> Ecole:
    return add(replace(ecole, retouches=(*ecole.retouches, retouche)), code, detail, retouche.type)


def _hide_encoding(ecole: Ecole, rng: Random) -> Ecole:
    """Saved by an editor that dropped the declaration of the encoding; the text is plain ASCII."""
    retouche = Retouche(TypeFichier.NOMENCLATURES, b' encoding="ISO-8859-15"', b"")
    return _retouch(ecole, retouche, "ecriture_du_fichier", f"{_LIBELLE} ne dit pas son encodage.")


def _add_unknown(ecole: Ecole, rng: Random) -> Ecole:
    """A section that SIECLE added since."""
    retouche = Retouche(TypeFichier.STRUCTURES, b"</DONNEES>", b"<NOUVEAUTES/></DONNEES>")
    return _retouch(ecole, retouche, "elements_inconnus", "L'export Structures a une section de plus.")


PLANTATIONS = {
    "fichier_autre_etablissement": (_mistake_school, 0.5),
    "fichier_autre_annee": (_mistake_year, 0.5),
    "exports_de_dates_differentes": (_export_earlier, 1.0),
    "ecriture_du_fichier": (_hide_encoding, 0.5),
    "elements_inconnus": (_add_unknown, 0.5),
}
