"""Cost of each parser against other ways of reading the same bytes, in one run.

    python bench/parsers.py [--eleves 1000] [--tours 15]

A fictitious school is written by our own writers, then each file is read every way in turn; median of N. The bases:
a bare ``lxml.iterparse``, the promised three times; the trees of ``xml.etree.ElementTree`` and of ``defusedxml``; for
the élève-groupe file, ``iterparse`` and ``etree.parse`` with the same schema. None of them makes
records, and the trees hold the whole file. The ratio travels from one machine to another, the milliseconds do not.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from defusedxml import ElementTree as defused
from lxml import etree


sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from exchanges.enums import TypeFichier
from exchanges.parsers import read, records, schema
from exchanges.writers import write


NB_GROUPES = 10


def make_entete(type_fichier: TypeFichier) -> records.Entete:
    return records.Entete(type_fichier, "9990001A", "2025", "1.4", datetime(2025, 11, 3, 14, 56, 1))  # noqa: DTZ001


def make_eleves(nombre: int) -> records.FichierEleves:
    eleves = tuple(
        records.Eleve(
            eleve_id=str(1_000_000 + i),
            nom_de_famille=f"MODÈLE-{i}",
            prenom="Maëlys",
            date_naissance=date(2010, 1 + i % 12, 1 + i % 28),
            elenoet=str(i),
            ine=f"{i:09}HC",
            ine_rnie=f"{i:09}HC",
            sexe="2",
            pays_naissance="100",
            commune_naissance="99001",
            nationalite="100",
            regime="2",
            statut="ST",
            mef="10310019110",
            date_entree=date(2025, 9, 1),
            provenance="1",
            doublement="0",
            rne_an_dernier="9990001A",
            division="3 A",
            groupes=tuple(f"3G{j}" for j in range(NB_GROUPES)),
            options=("030201", "030602"),
        )
        for i in range(nombre)
    )
    return records.FichierEleves(make_entete(TypeFichier.ELEVES), eleves=eleves)


def make_responsables(nombre: int) -> records.FichierResponsables:
    personnes = tuple(
        records.Personne(
            personne_id=str(2_000_000 + i),
            nom_de_famille=f"MODÈLE-{i}",
            prenom="Ada",
            civilite="MME",
            tel_portable="+33600000000",
            mel="a@example.org",
            accepte_sms=True,
            profession="54",
            code_postal="99000",
            commune="EXEMPLE",
            adresse=("1 RUE DE L'EXEMPLE",),
        )
        for i in range(2 * nombre)
    )
    liens = tuple(
        records.LienResponsable(str(1_000_000 + i // 2), str(2_000_000 + i), "1", "10", True, False, True, True)
        for i in range(2 * nombre)
    )
    return records.FichierResponsables(make_entete(TypeFichier.RESPONSABLES), personnes=personnes, liens=liens)


def make_structures(nombre: int) -> records.FichierStructures:
    divisions = tuple(records.Division(f"D{i}", f"D{i}", ("10310019110",)) for i in range(nombre))
    groupes = tuple(records.Groupe(f"G{i}", f"G{i}", ("10310019110",), (f"D{i}", "D0")) for i in range(nombre))
    return records.FichierStructures(make_entete(TypeFichier.STRUCTURES), divisions=divisions, groupes=groupes)


def make_nomenclatures(nombre: int) -> records.FichierNomenclatures:
    mefs = tuple(records.Mef(f"{i:011}", "3EME", "TROISIEME", bool(i % 2)) for i in range(nombre))
    matieres = tuple(records.Matiere(f"{i:06}", f"M{i}", "MATIERE") for i in range(nombre))
    return records.FichierNomenclatures(make_entete(TypeFichier.NOMENCLATURES), mefs=mefs, matieres=matieres)


def make_sts(nombre: int) -> records.FichierSTS:
    service = records.Service("020700", "CG", "4.00", False, (records.Enseignement("epp", "1", "4.00"),))
    individus = tuple(
        records.Individu("epp", str(i), "EXEMPLE", "EXEMPLE", "Anne", "2", "2", date(1980, 1, 31), "ENS", "CERT. CL N")
        for i in range(nombre)
    )
    divisions = tuple(records.Division(f"D{i}", "", ("10310019110",), 28, (service,)) for i in range(nombre))
    groupes = tuple(records.Groupe(f"G{i}", "", (), (f"D{i}",), 14, (service,)) for i in range(nombre))
    return records.FichierSTS(
        records.Entete(TypeFichier.STS_EDT, "9990001A", "2025"),
        denomination="COLLEGE EXEMPLE",
        individus=individus,
        divisions=divisions,
        groupes=groupes,
    )


def make_elegroupe(nombre: int) -> records.FichierElegroupe:
    inscriptions = tuple(records.Inscription(f"3G{j}", date(2025, 9, 1), date(2026, 7, 3)) for j in range(NB_GROUPES))
    eleves = tuple(
        records.EleveDepose(f"MODÈLE-{i}", "Maëlys", date(2010, 1, 1 + i % 28), inscriptions, str(1_000_000 + i))
        for i in range(nombre)
    )
    return records.FichierElegroupe(
        make_entete(TypeFichier.ELEGROUPE), date_import=date(2025, 11, 3), num_envoi=1, eleves=eleves
    )


def make_edt(nombre: int) -> records.FichierEDT:
    semaines = tuple(date(2025, 9, 1) + timedelta(7 * i) for i in range(36))
    cours = tuple(records.Cours("H", 1 + j, 480 + 60 * j, 55, "15") for j in range(4))
    service = records.Service("020700", "CG", "4.00", False, (records.Enseignement("epp", "1", "4.00", "", cours),))
    return records.FichierEDT(
        records.Entete(TypeFichier.EDT_STS, "9990001A", "2025"),
        alternances=(records.Alternance("H", "Hebdomadaire", semaines),),
        individus=tuple(records.IndividuEDT(str(i), (("3A", "2116"),)) for i in range(nombre)),
        divisions=tuple(records.Division(f"D{i}", services=(service,)) for i in range(nombre)),
        groupes=tuple(records.Groupe(f"G{i}", divisions=(f"D{i}",), services=(service,)) for i in range(nombre)),
    )


def make_prive(nombre: int) -> records.FichierPrive:
    eleves = tuple(replace(e, eleve_id="", id_prv_ele=str(i)) for i, e in enumerate(make_eleves(nombre).eleves))
    responsables = make_responsables(nombre)
    liens = tuple(replace(lien, eleve_id=str(i // 2)) for i, lien in enumerate(responsables.liens))
    entete = make_entete(TypeFichier.PRIVE)
    return records.FichierPrive(entete, personnes=responsables.personnes, eleves=eleves, liens=liens)


def make_emploi_du_temps(nombre: int) -> records.FichierEmploiDuTemps:
    groupes = tuple(records.StructureEDT(str(i), f"5AGL1Gr.{i}", ("1",), ("2",)) for i in range(nombre))
    eleves = tuple(
        records.EleveEDT(str(i), f"MODÈLE-{i}", "Maëlys", date(2010, 1, 1), f"{i:09}HC", str(i), ("1",), ("2", "3"))
        for i in range(nombre)
    )
    entete = make_entete(TypeFichier.EMPLOI_DU_TEMPS)
    return records.FichierEmploiDuTemps(entete, groupes=groupes, eleves=eleves, nombre_cours=3 * nombre)


def make_geographique(nombre: int) -> records.FichierGeographique:
    communes = tuple(records.Lieu(f"{i:05}", f"BOURG-MODÈLE {i}", "79") for i in range(10 * nombre))
    return records.FichierGeographique(make_entete(TypeFichier.GEOGRAPHIQUE), communes=communes)


def make_etablissements(nombre: int) -> records.FichierEtablissements:
    connus = tuple(
        records.EtablissementConnu(f"{i:07}A", "COLLEGE MODÈLE", "CLG", "340", "15", "PU", "13", "99000")
        for i in range(5 * nombre)
    )
    return records.FichierEtablissements(make_entete(TypeFichier.ETABLISSEMENTS), etablissements=connus)


FABRIQUES = (
    make_eleves,
    make_responsables,
    make_structures,
    make_nomenclatures,
    make_sts,
    make_edt,
    make_prive,
    make_emploi_du_temps,
    make_geographique,
    make_etablissements,
    make_elegroupe,
)


def iterparse(octets: bytes) -> None:
    for _ in etree.iterparse(io.BytesIO(octets)):
        pass


def parse_with_schema(octets: bytes) -> None:
    etree.parse(io.BytesIO(octets), etree.XMLParser(schema=schema.elegroupe()))


def iterparse_with_schema(octets: bytes) -> None:
    for _ in etree.iterparse(io.BytesIO(octets), schema=schema.elegroupe()):
        pass


def element_tree(octets: bytes) -> None:
    ElementTree.parse(io.BytesIO(octets))  # noqa: S314 - our own bytes, measured and thrown away


def defused_tree(octets: bytes) -> None:
    defused.parse(io.BytesIO(octets))


def bases_of(type_fichier: TypeFichier) -> list[Callable[[bytes], None]]:
    bases: list[Callable[[bytes], None]] = [iterparse, element_tree, defused_tree]
    if type_fichier == TypeFichier.ELEGROUPE:
        bases += [iterparse_with_schema, parse_with_schema]
    return bases


def read_all(octets: bytes) -> records.Fichier:
    (source,) = read(io.BytesIO(octets), "bench.xml")
    return source.fichier


def measure(fonctions: list[Callable[[bytes], object]], octets: bytes, tours: int) -> list[float]:
    """Median processor time of each, run in turn so that a busy machine slows them alike."""
    durees: list[list[float]] = [[] for _ in fonctions]
    for _ in range(tours):
        for fonction, siennes in zip(fonctions, durees, strict=True):
            debut = time.process_time()
            fonction(octets)
            siennes.append(time.process_time() - debut)
    return [statistics.median(siennes) for siennes in durees]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=1000)
    options.add_argument("--tours", type=int, default=15)
    choix = options.parse_args()
    print(f"{'fichier':<24}{'Mo':>6}{'nous (ms)':>11}{'base (ms)':>11}{'rapport':>9}  base")
    for make in FABRIQUES:
        fichier = make(choix.eleves)
        tampon = io.BytesIO()
        write(fichier, tampon)
        octets = tampon.getvalue()
        type_fichier = fichier.entete.type
        assert read_all(octets).entete.type == type_fichier
        bases = bases_of(type_fichier)
        nous, *autres = measure([read_all, *bases], octets, choix.tours)
        for base, autre in zip(bases, autres, strict=True):
            print(
                f"{type_fichier:<24}{len(octets) / 1e6:>6.1f}{nous * 1e3:>11.1f}{autre * 1e3:>11.1f}"
                f"{nous / autre:>9.2f}  {base.__name__}"
            )


if __name__ == "__main__":
    main()
