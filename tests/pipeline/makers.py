"""What the tests of the pipeline look at again and again."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from exchanges.enums import EtatTache
from exchanges.models import Etablissement, LienGroupe, Tache
from exchanges.pipeline.nuits import run_until
from tests.makers import set_clock


def stored_files() -> set[Path]:
    """Every file in the store."""
    return {path for path in Path(settings.DEPOTS_DIR).rglob("*") if path.is_file()}


def held_links(etablissement: Etablissement, instant: datetime | None = None) -> set[tuple[str, str]]:
    """(ELEVE_ID, groupe) that BEE holds, now or as of an instant."""
    liens = LienGroupe.objects.as_of(instant) if instant else LienGroupe.objects.courants()
    return set(liens.filter(etablissement=etablissement).values_list("eleve__eleve_id", "groupe__code"))


def pass_time(etablissement: Etablissement, until: datetime) -> list[tuple[str, bool]]:
    """Put the clock at ``until`` and run what is due: the relays run, and whether each succeeded."""
    set_clock(etablissement.academie, until)
    return [(tache.passage.relais, is_fait) for tache, is_fait in run_until(None)]


def end_leases() -> None:
    """Let the lease of every job under way run out, as if the time had passed."""
    Tache.objects.filter(etat=EtatTache.EN_COURS).update(bail_jusqua=timezone.now() - timedelta(seconds=1))
