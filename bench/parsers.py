"""Cost of each parser against a bare ``lxml.iterparse`` of the same bytes, in one run.

    python bench/parsers.py [--eleves 1000] [--tours 5]

A fictitious school is written by our own writers, then each file is read both ways in turn; best of N. For the
élève-groupe file the base is ``etree.parse`` with the same schema. The ratio travels from one machine to
another, the milliseconds do not.
"""

import argparse
import io
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

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


def iterparse(octets: bytes) -> None:
    for _ in etree.iterparse(io.BytesIO(octets)):
        pass


def parse_with_schema(octets: bytes) -> None:
    etree.parse(io.BytesIO(octets), etree.XMLParser(schema=schema.elegroupe()))


def measure(nous: Callable[[], object], base: Callable[[], object], tours: int) -> tuple[float, float]:
    """Best processor times of both, run in turn so that a busy machine slows them alike."""
    temps: tuple[list[float], list[float]] = ([], [])
    for _ in range(tours):
        for fonction, liste in ((nous, temps[0]), (base, temps[1])):
            debut = time.process_time()
            fonction()
            liste.append(time.process_time() - debut)
    return min(temps[0]), min(temps[1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=1000)
    options.add_argument("--tours", type=int, default=5)
    choix = options.parse_args()
    print(f"{'fichier':<22}{'Mo':>6}{'nous (ms)':>11}{'base (ms)':>11}{'rapport':>9}  base")
    for make in (make_eleves, make_responsables, make_structures, make_nomenclatures, make_sts, make_elegroupe):
        fichier = make(choix.eleves)
        tampon = io.BytesIO()
        write(fichier, tampon)
        octets = tampon.getvalue()
        bases: list[Callable[[bytes], None]] = [iterparse]
        if fichier.entete.type == TypeFichier.ELEGROUPE:
            bases.append(parse_with_schema)
        (source,) = read(io.BytesIO(octets), "bench.xml")
        assert source.fichier.entete.type == fichier.entete.type
        for base in bases:
            nous, autre = measure(
                lambda octets=octets: read(io.BytesIO(octets), "bench.xml"),
                lambda octets=octets, base=base: base(octets),
                choix.tours,
            )
            print(
                f"{fichier.entete.type:<22}{len(octets) / 1e6:>6.1f}{nous * 1e3:>11.1f}{autre * 1e3:>11.1f}"
                f"{nous / autre:>9.2f}  {base.__name__}"
            )


if __name__ == "__main__":
    main()
