"""Fuzz one target, guided by coverage: ``python -m tests.fuzz.fuzz_one TARGET FOLDER [options]``.

Run in a process of its own: libFuzzer never returns. It stops with an error on anything that is neither records
nor ``FichierRefuse``, on an input that takes more than ``-timeout`` seconds, on memory above ``-rss_limit_mb``.
"""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris


with atheris.instrument_imports(include=["exchanges.parsers"]):
    from exchanges.parsers import Code, FichierRefuse, Source, read, read_depot
    from exchanges.parsers.records import Lecture

from tests.fuzz.graines import DEPOT, ZIP, make_dictionary, write_seeds
from tests.fuzz.mutations import mutate_tree
from tests.parsers.samples import RACINE


NOM = f"{RACINE}.zip"
MAX_OCTETS = 4096
DELAI = 5  # seconds that one input may take
MEMOIRE = 512  # MB that the process may hold


def check(lire: Callable[[], tuple[Source, ...]]) -> None:
    """Records, or one typed refusal with its two sentences; any other exception goes up and is a crash."""
    try:
        sources = lire()
    except FichierRefuse as refus:
        Code(refus.code)
        assert refus.message.strip()
        assert refus.action.strip()
    else:
        assert sources
        assert all(isinstance(source.fichier, Lecture) for source in sources)


def read_xml(octets: bytes) -> None:
    """Any export, as its bare XML."""
    check(lambda: read(io.BytesIO(octets), "export.xml"))


def read_deposited(octets: bytes) -> None:
    """The XML of a deposit, in a sound ZIP of the right name."""
    memoire = io.BytesIO()
    with zipfile.ZipFile(memoire, "w") as archive:
        archive.writestr(f"{RACINE}.xml", octets)
    check(lambda: (read_depot(memoire, NOM),))


def read_zip(octets: bytes) -> None:
    """The bytes of a ZIP, among exports and as a deposit."""
    check(lambda: read(io.BytesIO(octets), NOM))
    check(lambda: (read_depot(io.BytesIO(octets), NOM),))


def mutate(octets: bytes, taille: int, graine: int) -> bytes:
    """Three times out of four, a change in the tree; else libFuzzer's own, in the bytes."""
    change = mutate_tree(octets, taille, graine) if graine % 4 else None
    return change if change is not None else atheris.Mutate(octets, taille)


def main(cible: str, dossier: Path, options: list[str]) -> None:
    """Fuzz until an option of libFuzzer says to stop (``-runs``, ``-max_total_time``).

    Args:
        dossier: an empty folder for the inputs worth keeping; the caller removes it, since this never returns.
    """
    graines = dossier / "graines"
    graines.mkdir()
    dictionnaire = dossier / "mots.dict"
    dictionnaire.write_text(make_dictionary(write_seeds(cible, graines)), encoding="ascii")
    limites = [f"-max_len={MAX_OCTETS}", f"-timeout={DELAI}", f"-rss_limit_mb={MEMOIRE}", "-print_final_stats=1"]
    sorties = [f"-artifact_prefix={dossier}/", f"-dict={dictionnaire}"]
    lire = {DEPOT: read_deposited, ZIP: read_zip}.get(cible, read_xml)
    atheris.Setup(
        [sys.argv[0], *limites, *sorties, *options, str(graines)],
        lire,
        **({} if cible == ZIP else {"custom_mutator": mutate}),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
