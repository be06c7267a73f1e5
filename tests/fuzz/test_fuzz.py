"""Every parser, fuzzed for two seconds: records or one typed refusal, no hang, bounded memory."""

from importlib.util import find_spec

import pytest

from tests.fuzz.fuzz_all import fuzz
from tests.fuzz.graines import DEPOT, FORMATS, IMPORT_ELEVES, ZIP, list_targets, make_seeds


SECONDES = 2
GRAINE = 1  # of chance: a red run can be run again
LIMITE = 60  # seconds for the whole process, on a busy machine

needs_atheris = pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed: NOT FUZZED")


@needs_atheris
@pytest.mark.parametrize("cible", list_targets())
def test_nothing_but_records_or_a_refusal(cible, tmp_path):
    bilan = fuzz(cible, tmp_path, f"-max_total_time={SECONDES}", f"-seed={GRAINE}", limite=LIMITE)
    assert bilan.is_sain, f"{cible}: the input of the crash is in {tmp_path}\n{bilan.sortie[-3000:]}"
    assert bilan.entrees > len(make_seeds(cible))


@needs_atheris
def test_memory_above_the_bound_is_a_crash(tmp_path):
    """The bound is really looked at: no target can live in one megabyte."""
    assert not fuzz(ZIP, tmp_path, "-max_total_time=5", "-rss_limit_mb=1", limite=LIMITE).is_sain


def test_every_format_has_its_target_and_each_target_its_seeds():
    assert set(list_targets()) == {*FORMATS, IMPORT_ELEVES, DEPOT, ZIP}
    assert all(make_seeds(cible) for cible in list_targets())
