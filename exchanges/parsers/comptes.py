"""Accounts to open, as a direction or a DANE lists them in a spreadsheet, one role a line::

    email;nom;prénom;rôle;UAI;fin
    a.modele@ac-essai.example;MODELE;Anne;secrétariat;0990001A 0990002B;31/08/2027

Several UAI on a line give the role on each school; ``fin`` is the last day of a delegation; ``académie`` (its code)
says which one for a DANE. Titles are known as in ``tableaux``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.tableaux import Ligne, normalise, read_tableau


MAXIMUM = 500  # lines of one file: their mails leave one by one
_MEL = ("email", "mail", "mel", "adresse_electronique", "courriel", "e_mail")
_ROLE = ("role", "profil")
_ENTRE_UAI = re.compile(r"[\s,;/]+")


@dataclass(frozen=True, slots=True)
class LigneCompte:
    """One line, as typed: nothing is judged yet; ``role`` has neither case nor accents."""

    numero: int
    mel: str
    nom: str = ""
    prenom: str = ""
    role: str = ""
    uais: tuple[str, ...] = ()
    academie: str = ""
    fin: str = ""


def read_comptes(flux: BinaryIO, nom: str) -> Sequence[LigneCompte]:
    """The lines of the file.

    Raises FichierRefuse: those of ``tableaux.read_tableau``, and format_inattendu for more than MAXIMUM lines.
    """
    lignes = [_ligne(ligne) for ligne in read_tableau(flux, nom, {"email": _MEL, "rôle": _ROLE})]
    if len(lignes) > MAXIMUM:
        raise FichierRefuse(
            Code.FORMAT_INATTENDU,
            f"Le fichier « {nom} » a {len(lignes)} lignes ; il en faut {MAXIMUM} au plus.",
            "Partagez-le en plusieurs fichiers, chacun avec la ligne de titres.",
        )
    return lignes


def split_uais(texte: str) -> tuple[str, ...]:
    """The UAI of a text, each once, in their order."""
    return tuple(dict.fromkeys(uai for uai in _ENTRE_UAI.split(texte.upper()) if uai))


def _ligne(ligne: Ligne) -> LigneCompte:
    return LigneCompte(
        numero=ligne.numero,
        mel=ligne.get(*_MEL).lower(),
        nom=ligne.get("nom", "nom_de_famille"),
        prenom=ligne.get("prenom"),
        role=normalise(ligne.get(*_ROLE)),
        uais=split_uais(ligne.get("uai", "rne", "etablissement", "etablissements")),
        academie=ligne.get("academie", "code_academie"),
        fin=ligne.get("fin", "date_de_fin", "dernier_jour"),
    )
