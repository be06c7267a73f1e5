"""Plan the runs of relays and carry out those after SIECLE: each is a ``Passage`` with its ``Tache``."""

from datetime import datetime

from exchanges.enums import EtatPassage, EtatTache, Relais
from exchanges.models import Depot, Etablissement, Passage, Tache
from exchanges.propagation.calendrier import calendrier_de


def plan_night(depot: Depot) -> Passage:
    """Plan SIECLE's reading of a confirmed deposit."""
    nuit = calendrier_de(depot.etablissement).night_after(depot.depose_le)
    return _plan(depot.etablissement, Relais.SIECLE, nuit, f"SIECLE:{depot.pk}", depot=depot)


def plan_relais(etablissement: Etablissement, instant: datetime, depot: Depot | None = None) -> list[Passage]:
    """Plan what carries to the ENT and beyond what BEE learnt at ``instant``; planning twice plans once."""
    amont = None
    passages = []
    for relais, prevu_le in calendrier_de(etablissement).relais_after(instant).items():
        cle = f"{relais}:{etablissement.uai}:{prevu_le:%Y%m%d}"
        passage = _plan(etablissement, relais, prevu_le, cle, depot=depot, amont=amont)
        if relais != Relais.MOODLE:
            amont = passage
        passages.append(passage)
    return passages


def _plan(etablissement, relais, prevu_le, cle, depot=None, amont=None) -> Passage:
    existante = Tache.objects.filter(cle=cle).select_related("passage").first()
    if existante:
        return existante.passage
    passage = Passage.objects.create(
        etablissement=etablissement, relais=relais, prevu_le=prevu_le, depot=depot, amont=amont
    )
    Tache.objects.create(cle=cle, passage=passage, etablissement=etablissement, prevu_le=prevu_le)
    return passage


def cancel_night(depot: Depot) -> None:
    """Withdraw the night of a deposit that is replaced or given up before it."""
    depot.passages.filter(relais=Relais.SIECLE, etat=EtatPassage.PREVU).update(etat=EtatPassage.ANNULE)
    Tache.objects.filter(passage__depot=depot, passage__relais=Relais.SIECLE, etat=EtatTache.ATTENTE).update(
        etat=EtatTache.FAIT
    )


def run_passage(passage: Passage, instant: datetime) -> None:
    """Carry out an AAF, ENT or Moodle passage at ``instant``, inside the caller's transaction.

    The AAF reads BEE as it is; ENT and Moodle take over the source of what feeds them, or of the last
    successful passage before it when that one failed: a missed relay is caught up by the next one.
    """
    source = instant if passage.relais == Relais.AAF else passage.find_source()
    etat = EtatPassage.FAIT if source else EtatPassage.ECHEC
    Passage.objects.filter(pk=passage.pk).update(etat=etat, execute_le=instant, source=source)
