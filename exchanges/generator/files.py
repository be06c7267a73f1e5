"""The files of a fictitious school, as its secretary would have them on disk."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from exchanges.generator.ecoles import Ecole
from exchanges.generator.faits import Faute
from exchanges.parsers.records import Fichier
from exchanges.writers import write, write_depot


# Files that are judged with the others but never loaded: apart, so that one gesture takes all those that are.
AUTRES = "autres"


def list_exports(ecole: Ecole) -> dict[str, Fichier]:
    """Every XML of a school by its path in the school's folder: what is loaded, then what is only judged."""
    return {
        "ElevesSansAdresses.xml": ecole.eleves,
        "ResponsablesAvecAdresses.xml": ecole.responsables,
        "Structures.xml": ecole.structures,
        "Communs.xml": ecole.commun,
        "Nomenclature.xml": ecole.nomenclatures,
        f"sts_emp_{ecole.uai}_{ecole.annee}.xml": ecole.sts,
        f"{AUTRES}/Geographique.xml": ecole.geographique,
        f"{AUTRES}/Etablissements.xml": ecole.etablissements,
        f"{AUTRES}/EDT_vers_STS_{ecole.uai}_{ecole.annee}.xml": ecole.edt,
        f"{AUTRES}/EDT_vers_ENT_{ecole.uai}.xml": ecole.emploi_du_temps,
    }


def write_ecole(ecole: Ecole, dossier: Path) -> list[Path]:
    """Write every file of a school in ``dossier/<UAI>/`` and ``<UAI>/autres/``, over those of a former generation.

    Args:
        ecole: the school.
        dossier: the académie's folder, created when missing.

    Returns:
        The files written: XML exports in ISO-8859-15 (``formats/siecle.md`` §1.1, ``sts_edt.md`` §0), the ZIP of
        the élève-groupe deposit (§3.1) and ``fautes.json`` (UTF-8).
    """
    dossier_ecole = dossier / ecole.uai
    (dossier_ecole / AUTRES).mkdir(parents=True, exist_ok=True)
    chemins = []
    for nom, octets in render_ecole(ecole):
        chemin = dossier_ecole / nom
        chemin.write_bytes(octets)
        chemins.append(chemin)
    contenu = {
        "uai": ecole.uai,
        "annee": ecole.annee,
        "fautes": list_fautes(ecole),
        "faits": [describe_faute(fait) for fait in ecole.faits],
    }
    texte = json.dumps(contenu, ensure_ascii=False, indent=2)
    (dossier_ecole / "fautes.json").write_text(texte + "\n", encoding="utf-8")
    return [*chemins, dossier_ecole / "fautes.json"]


def render_ecole(ecole: Ecole) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every export of a school, then of the ZIP of its deposit."""
    for nom, fichier in list_exports(ecole).items():
        yield nom, _render(ecole, fichier)
    yield write_depot(ecole.elegroupe, ecole.horodatage)


def _render(ecole: Ecole, fichier: Fichier) -> bytes:
    tampon = BytesIO()
    write(fichier, tampon)
    octets = tampon.getvalue()
    for retouche in ecole.retouches:
        if retouche.type == fichier.entete.type:
            octets = octets.replace(retouche.ancien, retouche.nouveau, 1)
    return octets


def list_fautes(ecole: Ecole) -> list[dict[str, str]]:
    """The planted faults, each followed by its unavoidable consequences, ready for JSON."""
    return [describe_faute(faute) for faute in ecole.fautes]


def describe_faute(faute: Faute) -> dict[str, str]:
    """One fault or fact, ready for JSON; ``cause`` only when it is the consequence of another."""
    description = {"code": faute.code, "objet": faute.objet, "eleve_id": faute.eleve_id, "detail": faute.detail}
    return {**description, "cause": faute.cause} if faute.cause else description
