"""« Voir comme »: somebody who follows a school looks at its pages as its people see them, for half an hour at most.

Each look is a row, in real time as it is about people and not about a scenario; its end is written from the start, so
that a browser that is closed leaves nothing open.
"""

from datetime import datetime, timedelta

from checklists.models import Consultation
from exchanges.models import Etablissement, Utilisateur


DUREE = timedelta(minutes=30)


def open_consultation(etablissement: Etablissement, utilisateur: Utilisateur, now: datetime) -> Consultation:
    """Begin to look; what the same person was looking at ends."""
    Consultation.objects.filter(utilisateur=utilisateur, fin__gt=now).update(fin=now)
    return Consultation.objects.create(
        etablissement=etablissement, utilisateur=utilisateur, debut=now, fin=now + DUREE
    )


def find_consultation(pk: int, utilisateur: Utilisateur, now: datetime) -> Consultation | None:
    """What this person is looking at, unless its time is over."""
    en_cours = Consultation.objects.filter(pk=pk, utilisateur=utilisateur, fin__gt=now)
    return en_cours.select_related("etablissement").first()


def close_consultation(consultation: Consultation, now: datetime) -> None:
    """Stop looking; twice ends once."""
    Consultation.objects.filter(pk=consultation.pk, fin__gt=now).update(fin=now)
