"""Writing a file of the AAF with our writer, against ``lxml.etree.xmlfile`` writing the same élèves.

    python bench/aaf_ecriture.py [--eleves 20000] [--tours 5]

Both write to memory, one record at a time. lxml leaves apostrophes as they are and says its own encoding: the two
documents are compared by reading them back. Both sides take turns; processor time, medians.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from lxml import etree


sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from exchanges.enums import CategorieAAF, GenreAAF
from exchanges.parsers.aaf import read_aaf
from exchanges.parsers.records.aaf import ATTRIBUTS, Enregistrement, EnteteAAF, Operation, add
from exchanges.writers.aaf import write_aaf


ENTETE = EnteteAAF("ENT2DVA", "0990001A", GenreAAF.COMPLET, date(2026, 11, 22), "99")
ELEVE = CategorieAAF.ELEVE
ENSEIGNEMENTS = tuple(f"ENSEIGNEMENT D'ESSAI N° {i}" for i in range(13))


def make_eleve(i: int) -> Enregistrement:
    valeurs = {
        "ENTPersonJointure": (str(700_000 + i),),
        "ENTEleveINE": (f"{i:09}AA",),
        "ENTEleveStructRattachId": (str(50_000 + i),),
        "ENTPersonDateNaissance": ("06/02/2012",),
        "ENTPersonNomPatro": (f"MODÈLE-{i}",),
        "sn": (f"MODÈLE-{i}",),
        "givenName": ("Maëlys",),
        "ENTPersonAutresPrenoms": ("Maëlys", "Anaïs"),
        "personalTitle": ("Mme",),
        "ENTElevePersRelEleve": (f"{800_000 + 2 * i}$10$1$1$0$1", f"{800_001 + 2 * i}$20$0$1$0$0"),
        "ENTEleveBoursier": ("N",),
        "ENTEleveRegime": ("DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",),
        "ENTEleveTransport": ("N",),
        "ENTPersonAdresse": (f"{i} rue de l'Essai$$$",),
        "ENTPersonCodePostal": ("99001",),
        "ENTPersonVille": ("VILLE-ESSAI",),
        "ENTPersonPays": ("FRANCE",),
        "ENTEleveAdresseRel": (str(800_000 + 2 * i),),
        "ENTEleveStatutEleve": ("SCOLAIRE",),
        "ENTEleveMEF": ("10310019110",),
        "ENTEleveLibelleMEF": ("3EME",),
        "ENTEleveNivFormation": ("3EME",),
        "ENTEleveFiliere": ("3EME",),
        "ENTEleveEnseignements": ENSEIGNEMENTS,
        "ENTEleveCodeEnseignements": tuple(f"0307{j:02}" for j in range(13)),
        "ENTPersonStructRattach": ("9001",),
        "ENTEleveDateEntreeClasses": ("9001$02/09/2026$3B",),
        "ENTEleveClasses": ("9001$3B",),
        "ENTEleveGroupes": ("9001$3B ESP", "9001$3LATGR"),
    }
    return Enregistrement(ELEVE, str(700_000 + i), tuple(valeurs.get(nom, ()) for nom in ATTRIBUTS[ELEVE]))


def write_ours(operations: list[Operation]) -> bytes:
    sortie = io.BytesIO()
    write_aaf(ENTETE, ELEVE, operations, sortie)
    return sortie.getvalue()


def write_with_lxml(operations: list[Operation]) -> bytes:
    """Bare lxml: one small tree for each record, written and forgotten."""
    sortie = io.BytesIO()
    noms = ATTRIBUTS[ELEVE]
    with etree.xmlfile(sortie, encoding="US-ASCII") as fichier, fichier.element("ficAlimMENESR"):
        for operation in operations:
            requete = etree.Element("addRequest")
            operationnel = etree.SubElement(requete, "operationalAttributes")
            attribut = etree.SubElement(operationnel, "attr", name="categoriePersonne")
            etree.SubElement(attribut, "value").text = ELEVE.value
            etree.SubElement(etree.SubElement(requete, "identifier"), "id").text = operation.identifiant
            attributs = etree.SubElement(requete, "attributes")
            assert operation.enregistrement
            for nom, textes in zip(noms, operation.enregistrement.valeurs, strict=True):
                attribut = etree.SubElement(attributs, "attr", name=nom)
                attribut.tail = "\n"
                for texte in textes or (None,):
                    etree.SubElement(attribut, "value").text = texte
            fichier.write(requete)
    return sortie.getvalue()


def spend(action: Callable[[], object]) -> float:
    debut = time.process_time()
    action()
    return time.process_time() - debut


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=20_000)
    options.add_argument("--tours", type=int, default=5)
    choix = options.parse_args()
    operations = [add(make_eleve(i)) for i in range(choix.eleves)]
    octets = write_ours(operations)
    for ecrit in (octets, write_with_lxml(operations)):
        assert list(read_aaf(io.BytesIO(ecrit), "bench")) == operations
    nous, base = [], []
    for _ in range(choix.tours):
        nous.append(spend(lambda: write_ours(operations)))
        base.append(spend(lambda: write_with_lxml(operations)))
    a, b = statistics.median(nous), statistics.median(base)
    print(
        f"écriture AAF de {choix.eleves} élèves ({len(octets) / 1e6:.1f} Mo) : {a:.2f} s contre {b:.2f} s pour "
        f"lxml.etree.xmlfile, rapport {a / b:.2f} (objectif : moins de 1)"
    )


if __name__ == "__main__":
    main()
