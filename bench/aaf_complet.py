"""The complet of a whole projet, from PostgreSQL to its archive, against bare lxml writing the same records.

    python bench/aaf_complet.py [--eleves 20000]

``lxml.etree.xmlfile`` writes the same values, already in memory, into the same kind of archive.
One run; peak memory of the export alone is that of this process.
"""

import argparse
import io
import resource
import tarfile
import tempfile

from lxml import etree
from outils.academie import fill
from outils.site import clock

from exchanges.enums import GenreAAF
from exchanges.models import Etablissement
from exchanges.parsers.records.aaf import ATTRIBUTS
from exchanges.pipeline.exportations import write_aaf
from exchanges.reports.exportations import perimetres_of, stream_aaf
from tests.makers import LUNDI


def write_with_lxml(flux, sortie) -> None:
    """Bare lxml: one element for each value, one file for each category, in an archive."""
    with tarfile.open(fileobj=sortie, mode="w:gz") as archive:
        for categorie, operations in flux:
            with tempfile.TemporaryFile() as tampon:
                with etree.xmlfile(tampon, encoding="US-ASCII") as fichier, fichier.element("ficAlimMENESR"):
                    for operation in operations:
                        fichier.write(make_element(categorie, operation))
                membre = tarfile.TarInfo(f"{categorie.value}.xml")
                membre.size = tampon.tell()
                tampon.seek(0)
                archive.addfile(membre, tampon)


def make_element(categorie, operation):
    requete = etree.Element(operation.nature.value)
    etree.SubElement(etree.SubElement(requete, "identifier"), "id").text = operation.identifiant
    attributs = etree.SubElement(requete, "attributes")
    for nom, valeurs in zip(ATTRIBUTS[categorie], operation.enregistrement.valeurs, strict=True):
        attribut = etree.SubElement(attributs, "attr", name=nom)
        for valeur in valeurs or ("",):
            etree.SubElement(attribut, "value").text = valeur
    return requete


def peak() -> float:
    """The most memory that this process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=20_000)
    choix = options.parse_args()
    ecoles = fill(choix.eleves)
    (perimetre,) = perimetres_of(ecoles[0].projet_ent, Etablissement.objects.all())
    avant = peak()
    with tempfile.TemporaryFile() as sortie:
        temps = clock(lambda: write_aaf(perimetre, GenreAAF.COMPLET, LUNDI.date(), sortie))
        taille = sortie.tell()
    apres = peak()
    flux = [(c, list(operations)) for c, operations in stream_aaf(perimetre, GenreAAF.COMPLET, LUNDI.date())]
    base = clock(lambda: write_with_lxml(flux, io.BytesIO()))
    print(
        f"complet de {choix.eleves} élèves, {len(ecoles)} établissements ({taille / 1e6:.1f} Mo compressés) : "
        f"{temps:.1f} s contre {base:.1f} s pour lxml seul, rapport {temps / base:.2f} (objectif 2 au plus) ; "
        f"mémoire {avant:.0f} Mo avant l'export, {apres:.0f} Mo au plus haut"
    )


if __name__ == "__main__":
    main()
