"""What people say, share and are reminded of about a rentrée; the proofs stay in ``exchanges``."""

from checklists.models.certificat import Certificat
from checklists.models.pilotage import (
    Annonce,
    Consultation,
    Envoi,
    MessageDane,
    NoteDane,
    ResumeVeille,
    Veille,
    VueEnregistree,
)
from checklists.models.profil import ProfilRentree
from checklists.models.rappels import PreferenceRappel, Rappel
from checklists.models.suivi import Assignation, Commentaire, Declaration, PieceJointe


__all__ = [
    "Annonce",
    "Assignation",
    "Certificat",
    "Commentaire",
    "Consultation",
    "Declaration",
    "Envoi",
    "MessageDane",
    "NoteDane",
    "PieceJointe",
    "PreferenceRappel",
    "ProfilRentree",
    "Rappel",
    "ResumeVeille",
    "Veille",
    "VueEnregistree",
]
