"""« Pourquoi ? »: why the ENT does not show somebody or something, and what repairs it."""

from checklists.diagnostic.causes import CAUSES
from checklists.diagnostic.cibles import aim, find_cible
from checklists.diagnostic.modele import Cause, Cible, CoucheChaine, Diagnostic, EtatMaillon, Genre, Maillon, Ticket
from checklists.diagnostic.reponse import diagnose


__all__ = [
    "CAUSES",
    "Cause",
    "Cible",
    "CoucheChaine",
    "Diagnostic",
    "EtatMaillon",
    "Genre",
    "Maillon",
    "Ticket",
    "aim",
    "diagnose",
    "find_cible",
]
