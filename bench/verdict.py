"""The verdict on an élève-groupe file (parse, schema, rules, diff) against lxml reading and validating the same bytes.

    python bench/verdict.py [--eleves 1000] [--groupes 10] [--tours 9]

No database: this is what the page that answers in a second spends on the file itself. Both sides take turns;
processor time, medians.
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

from exchanges.enums import TypeFichier
from exchanges.parsers import read, schema
from exchanges.parsers.records import EleveDepose, Entete, FichierElegroupe, Inscription, Periode
from exchanges.rules.referentiel import EleveConnu, Referentiel
from exchanges.rules.verdict import Verdict, check_elegroupe
from exchanges.writers import write


MEF = "10310019110"
ANNEE = Periode(date(2026, 9, 1), date(2027, 7, 3))
NAISSANCE = date(2012, 2, 29)


def make_octets(eleves: int, groupes: int) -> bytes:
    """An élève-groupe XML: one link in fifty is to a groupe that nobody knows, one in fifty has a date too late."""
    fins = (ANNEE.fin, date(2027, 8, 31))
    deposes = tuple(
        EleveDepose(
            nom_de_famille=f"MODÈLE-{i}",
            prenom="Maëlys",
            date_naissance=NAISSANCE,
            inscriptions=tuple(
                Inscription(f"3G{j}" if (i + j) % 50 else f"INC{j}", ANNEE.debut, fins[(i * j) % 50 == 49])
                for j in range(groupes)
            ),
            eleve_id=str(1_000_000 + i),
        )
        for i in range(eleves)
    )
    entete = Entete(TypeFichier.ELEGROUPE, "9990001A", "2026")
    tampon = io.BytesIO()
    write(FichierElegroupe(entete, date_import=ANNEE.debut, num_envoi=1, eleves=deposes), tampon)
    return tampon.getvalue()


def make_referentiel(eleves: int, groupes: int) -> Referentiel:
    """What BEE knows, with the links of the last import: nine tenths of those of the file."""
    connus = tuple(
        EleveConnu(str(1_000_000 + i), f"MODÈLE-{i}", "Maëlys", NAISSANCE, mef=MEF, division="3A")
        for i in range(eleves)
    )
    liens = {
        (eleve.eleve_id, f"3G{j}"): (ANNEE.debut, ANNEE.fin)
        for i, eleve in enumerate(connus)
        for j in range(groupes)
        if (i + j) % 10
    }
    mefs = {f"3G{j}": frozenset({MEF}) for j in range(groupes)}
    return Referentiel(eleves=connus, mefs_des_groupes=mefs, periode=ANNEE, liens=liens)


def say_verdict(octets: bytes, referentiel: Referentiel) -> Verdict:
    """All that the verdict page shows; the indexes of the referentiel are made anew, as for a real deposit."""
    (source,) = read(io.BytesIO(octets), "9990001AELEGROUPE2026260907100000.xml")
    assert isinstance(source.fichier, FichierElegroupe)
    verdict = check_elegroupe(source.fichier, Referentiel(**vars_of(referentiel)))
    assert verdict.crees and verdict.inchanges and verdict.groupes_perdus is not None
    return verdict


def vars_of(referentiel: Referentiel) -> dict[str, object]:
    return {champ: getattr(referentiel, champ) for champ in Referentiel.__dataclass_fields__}


def parse_and_validate(octets: bytes) -> None:
    document = etree.parse(io.BytesIO(octets))
    assert schema.elegroupe().validate(document)


def spend(action: Callable[[], object]) -> float:
    debut = time.process_time()
    action()
    return time.process_time() - debut


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=1000)
    options.add_argument("--groupes", type=int, default=10)
    options.add_argument("--tours", type=int, default=9)
    choix = options.parse_args()
    octets = make_octets(choix.eleves, choix.groupes)
    referentiel = make_referentiel(choix.eleves, choix.groupes)
    verdict = say_verdict(octets, referentiel)
    parse_and_validate(octets)
    nous, base = [], []
    for _ in range(choix.tours):
        nous.append(spend(lambda: say_verdict(octets, referentiel)))
        base.append(spend(lambda: parse_and_validate(octets)))
    a, b = statistics.median(nous), statistics.median(base)
    print(
        f"verdict de {choix.eleves} élèves x {choix.groupes} groupes ({len(octets) / 1e6:.1f} Mo, "
        f"{len(verdict.anomalies)} anomalies) : {a * 1e3:.0f} ms contre {b * 1e3:.0f} ms pour lxml seul, "
        f"rapport {a / b:.2f} (objectif 6 au plus)"
    )


if __name__ == "__main__":
    main()
