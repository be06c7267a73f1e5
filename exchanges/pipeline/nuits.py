"""Run in this process everything that is due until an instant: the command's way to let nights pass."""

from collections.abc import Iterator
from datetime import datetime

from exchanges.models import Academie, Tache
from exchanges.pipeline.taches import due_ids, run_tache
from exchanges.propagation.horloge import Horloge


def run_until(until: datetime | None) -> Iterator[tuple[Tache, bool]]:
    """Move simulated clocks to ``until`` (aware), then run whatever is due, in order, one job at a time.

    A real académie's clock is never moved: what is due there is what is due now.

    Yields:
        Each job run, and whether it succeeded.
    """
    if until is not None:
        for academie in Academie.objects.filter(is_simulee=True):
            Horloge(academie).advance(until)
    tentes: set[int] = set()
    while ids := [pk for pk in due_ids() if pk not in tentes]:
        for pk in ids:
            tentes.add(pk)
            yield Tache.objects.select_related("passage", "etablissement").get(pk=pk), _try(pk)


def _try(pk: int) -> bool:
    """Run one job; its failure is noted on the job itself and must not stop the others."""
    try:
        return run_tache(pk)
    except Exception:
        return False
