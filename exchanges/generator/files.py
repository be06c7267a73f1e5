"""The files of a fictitious school, as its secretary would have them on disk."""

import json
from pathlib import Path

from exchanges.generator.ecoles import Ecole
from exchanges.parsers.records import Fichier
from exchanges.writers import write, write_depot


def write_ecole(ecole: Ecole, dossier: Path) -> list[Path]:
    """Write every file of a school in ``dossier/<UAI>/``, over those of a former generation.

    Args:
        ecole: the school.
        dossier: the académie's folder, created when missing.

    Returns:
        The files written: six XML exports of BEE and STS in ISO-8859-15 (``formats/siecle.md`` §1.1,
        ``sts_edt.md`` §0), the ZIP of the élève-groupe deposit (§3.1) and ``fautes.json`` (UTF-8).
    """
    dossier_ecole = dossier / ecole.uai
    dossier_ecole.mkdir(parents=True, exist_ok=True)
    exports: dict[str, Fichier] = {
        "ElevesSansAdresses.xml": ecole.eleves,
        "ResponsablesAvecAdresses.xml": ecole.responsables,
        "Structures.xml": ecole.structures,
        "Communs.xml": ecole.commun,
        "Nomenclature.xml": ecole.nomenclatures,
        f"sts_emp_{ecole.uai}_{ecole.annee}.xml": ecole.sts,
    }
    chemins = []
    for nom, fichier in exports.items():
        chemin = dossier_ecole / nom
        with chemin.open("wb") as sortie:
            write(fichier, sortie)
        chemins.append(chemin)
    nom_zip, octets = write_depot(ecole.elegroupe, ecole.horodatage)
    (dossier_ecole / nom_zip).write_bytes(octets)
    fautes = json.dumps(
        {"uai": ecole.uai, "annee": ecole.annee, "fautes": list_fautes(ecole)}, ensure_ascii=False, indent=2
    )
    (dossier_ecole / "fautes.json").write_text(fautes + "\n", encoding="utf-8")
    return [*chemins, dossier_ecole / nom_zip, dossier_ecole / "fautes.json"]


def list_fautes(ecole: Ecole) -> list[dict[str, str]]:
    """The planted faults, ready for JSON."""
    return [{"code": faute.code, "objet": faute.objet, "detail": faute.detail} for faute in ecole.fautes]
