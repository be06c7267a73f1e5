"""Closed vocabularies of the guided rentrée. Pure Python: no Django import here."""

from enum import StrEnum


class Temoignage(StrEnum):
    """What the files of a school say of a step."""

    PROUVE = "prouve"  # they show it
    MUET = "muet"  # they say nothing
    CONTREDIT = "contredit"  # they say otherwise


class EtatEtape(StrEnum):
    """What a step is today, in the words of the screen. The first two let the following steps begin."""

    PROUVEE = "prouvee"  # the files show it: nobody has to say anything
    DECLAREE = "declaree"  # somebody said so and no file says otherwise
    CONTREDITE = "contredite"  # somebody said so, the files say otherwise
    BLOQUEE = "bloquee"  # an earlier step is missing
    EN_RETARD = "en_retard"  # its day is past
    A_FAIRE = "a_faire"

    @property
    def is_acquise(self) -> bool:
        """Whether the following steps may begin."""
        return self in (EtatEtape.PROUVEE, EtatEtape.DECLAREE)


class Variante(StrEnum):
    """The kind of school, as far as the steps differ."""

    COLLEGE = "college"
    LYCEE = "lycee"
    LP = "lp"
    CITE = "cite"

    @property
    def libelle(self) -> str:
        """The word shown on screen."""
        return _VARIANTES[self]


_VARIANTES = {
    Variante.COLLEGE: "Collège",
    Variante.LYCEE: "Lycée général et technologique",
    Variante.LP: "Lycée professionnel (matières ETP)",
    Variante.CITE: "Cité scolaire",
}


class Logiciel(StrEnum):
    """The timetable software."""

    EDT = "edt"
    PRONOTE = "pronote"
    UNDEUXTEMPS = "undeuxtemps"

    @property
    def libelle(self) -> str:
        """Its own name."""
        return _LOGICIELS[self]


_LOGICIELS = {Logiciel.EDT: "EDT", Logiciel.PRONOTE: "PRONOTE", Logiciel.UNDEUXTEMPS: "UnDeuxTemps"}


class Acteur(StrEnum):
    """Who does a step."""

    DIRECTION = "direction"
    SECRETARIAT = "secretariat"
    EDT = "edt"
    ADMIN_ENT = "admin_ent"

    @property
    def libelle(self) -> str:
        """The words shown on screen."""
        return _ACTEURS[self]


_ACTEURS = {
    Acteur.DIRECTION: "Direction",
    Acteur.SECRETARIAT: "Secrétariat",
    Acteur.EDT: "Administrateur de l'emploi du temps",
    Acteur.ADMIN_ENT: "Administrateur de l'ENT",
}


class Periode(StrEnum):
    """The periods of the rentrée, in order."""

    PRINTEMPS = "printemps"
    ETE = "ete"
    AOUT = "aout"
    RENTREE = "rentree"
    SUITE = "suite"

    @property
    def libelle(self) -> str:
        """The words shown on screen; months are added from the school's own calendar."""
        return _PERIODES[self]


_PERIODES = {
    Periode.PRINTEMPS: "Préparer l'année",
    Periode.ETE: "Inscrire les élèves",
    Periode.AOUT: "Faire l'emploi du temps",
    Periode.RENTREE: "La rentrée",
    Periode.SUITE: "Jusqu'à quatre jours après",
}


class Chemin(StrEnum):
    """By which road what a step produces reaches the ENT: it decides on which day."""

    NUIT = "nuit"  # through SIECLE's night, then AAF and ENT
    BASE = "base"  # straight from the bases to the AAF, then ENT


class GenreRappel(StrEnum):
    """Why a reminder is sent."""

    SEMAINE = "semaine"  # once in each week of the season
    VEILLE = "veille"  # the day before the date of a step
    CERTIFICAT = "certificat"  # a month before the end of the NetSynchro certificate


class EtatEcole(StrEnum):
    """What a school is for the DANE, from the gravest; the codes are those of ``Compteurs.etat``."""

    MUET = "muet"  # nothing is heard of it
    DIFFICULTE = "difficulte"
    SURVEILLER = "a_surveiller"
    ORDRE = "en_ordre"

    @property
    def libelle(self) -> str:
        """The words shown on screen."""
        return _ETATS_ECOLE[self]


_ETATS_ECOLE = {
    EtatEcole.MUET: "Muet",
    EtatEcole.DIFFICULTE: "En difficulté",
    EtatEcole.SURVEILLER: "À surveiller",
    EtatEcole.ORDRE: "En ordre",
}
