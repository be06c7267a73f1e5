"""The nine rules of SIECLE's élève-groupe import (``formats/siecle.md`` §3.4 to §3.6).

Three kinds: who is it (``REJELEGROUPE``), may she enter this groupe (``GROUPE``), are the dates right
(``ELEGRP``). A rule answers ``None`` when there is nothing to say, else the sentence; a date rule also
gives the inscription as SIECLE writes it. ``verdict.py`` applies them in SIECLE's order.
"""

from dataclasses import dataclass, replace
from datetime import date

from exchanges.enums import Gravite
from exchanges.parsers.records import EleveDepose, Inscription, Periode
from exchanges.rules.base import rule
from exchanges.rules.referentiel import EleveConnu, Referentiel


REDEPOSER = "puis déposez à nouveau le fichier élèves-groupes"
EXPORT_STRUCTURE = "dans STS-Web, faites Exports > Structure, puis Exports > Services"


@dataclass(frozen=True, slots=True)
class Reinitialisation:
    """What a date rule found: the sentence, and the inscription with the date that SIECLE keeps."""

    message: str
    inscription: Inscription


def en_jour(jour: date | None) -> str:
    """« 14/12/2018 », or « vide »."""
    return jour.strftime("%d/%m/%Y") if jour else "vide"


# --- Who is it? ---------------------------------------------------------------------------------


@rule("REJELEGROUPE_01", "REJEL_ELEGROUPE", Gravite.ERREUR)
def rejelegroupe_01(depose: EleveDepose, trouves: list[EleveConnu]) -> str | None:
    """L'élève du fichier n'a pas été trouvé dans SIECLE.

    Aucune de ses inscriptions n'est prise en compte. Vérifiez sa fiche dans Base élèves (a-t-il été inscrit,
    son nom et sa date de naissance sont-ils les mêmes ?), refaites l'export des élèves de SIECLE vers EDT,
    puis déposez à nouveau le fichier élèves-groupes.
    """
    if trouves:
        return None
    return (
        f"L'élève {depose.nom_de_famille} {depose.prenom} né le {en_jour(depose.date_naissance)} "
        f"(identifiant envoyé = {depose.identifiant}) n'a pas été trouvé dans SIECLE. "
        "Ses inscriptions n'ont pas été prises en compte."
    )


@rule("REJELEGROUPE_02", "REJEL_ELEGROUPE", Gravite.ERREUR)
def rejelegroupe_02(depose: EleveDepose, trouves: list[EleveConnu]) -> str | None:
    """L'élève du fichier n'a pas pu être identifié avec certitude dans SIECLE.

    L'identifiant envoyé est inconnu et plusieurs fiches portent ce nom, ce prénom et cette date de naissance.
    Dans EDT, récupérez à nouveau les élèves de SIECLE pour que chacun porte son identifiant, et vérifiez dans
    Base élèves qu'il n'y a pas de fiche en double, puis déposez à nouveau le fichier élèves-groupes.
    """
    if len(trouves) < 2:
        return None
    numeros = ", ".join(eleve.eleve_id for eleve in trouves)
    return (
        f"L'élève {depose.nom_de_famille} {depose.prenom} né le {en_jour(depose.date_naissance)} "
        f"(identifiant envoyé = {depose.identifiant}) correspond à {len(trouves)} fiches de SIECLE ({numeros}). "
        "Ses inscriptions n'ont pas été prises en compte."
    )


@rule("REJELEGROUPE_03", "REJEL_ELEGROUPE", Gravite.ERREUR)
def rejelegroupe_03(depose: EleveDepose, eleve: EleveConnu, deja_traites: set[str]) -> str | None:
    """Les inscriptions de cet élève ont déjà été importées depuis ce fichier.

    Le fichier contient deux fois la même personne (élève déjà traité ou homonymes) : seule la première
    occurrence compte. Dans EDT, supprimez la fiche en double, puis déposez à nouveau le fichier élèves-groupes.
    """
    if eleve.eleve_id not in deja_traites:
        return None
    return (
        f"Les inscriptions de groupe de l'élève {depose.nom_de_famille} {depose.prenom} né le "
        f"{en_jour(depose.date_naissance)} (identifiant envoyé = {depose.identifiant}) ont déjà été importées "
        "depuis ce fichier (élève déjà traité ou homonymes). Celles-ci n'ont pas été prises en compte."
    )


# --- May she enter this groupe? -----------------------------------------------------------------


@rule("GROUPE_A_01", "GROUPE", Gravite.ERREUR)
def groupe_a_01(inscription: Inscription, referentiel: Referentiel) -> str | None:
    """Le groupe n'est pas connu de SIECLE.

    L'inscription de l'élève dans ce groupe est rejetée, les autres sont importées. Si le groupe existe dans
    STS-Web, refaites Exports > Structure puis Exports > Services ; sinon corrigez d'abord la structure dans
    STS-Web (par exemple le rattachement du groupe à un MEF). Puis déposez à nouveau le fichier élèves-groupes.
    """
    if referentiel.mefs_des_groupes is None or inscription.groupe in referentiel.mefs_des_groupes:
        return None
    return (
        f"Le groupe « {inscription.groupe} » n'est pas référencé. "
        "L'inscription de l'élève dans ce groupe a été rejetée."
    )


@rule("GROUPE_B_01", "GROUPE", Gravite.ERREUR)
def groupe_b_01(eleve: EleveConnu) -> str | None:
    """L'élève n'a pas de MEF dans SIECLE.

    Toutes ses inscriptions dans des groupes sont rejetées. Complétez sa scolarité dans Base élèves
    (Fiches élèves > Scolarité : MEF et division), puis déposez à nouveau le fichier élèves-groupes.
    """
    if eleve.mef:
        return None
    return (
        "L'élève n'est inscrit dans aucune formation (MEF). Toutes ses inscriptions dans des groupes ont été rejetées."
    )


@rule("GROUPE_B_02", "GROUPE", Gravite.ERREUR)
def groupe_b_02(inscription: Inscription, eleve: EleveConnu, referentiel: Referentiel) -> str | None:
    """Le groupe n'est pas rattaché au MEF de l'élève.

    L'inscription de l'élève dans ce groupe est rejetée. Dans STS-Web, rattachez le groupe à la division et au
    MEF de l'élève (Structure > Groupes), faites Exports > Structure puis Exports > Services ; ou corrigez le MEF
    dans la fiche de l'élève. Puis déposez à nouveau le fichier élèves-groupes.
    """
    if referentiel.mefs_des_groupes is None:
        return None
    if eleve.mef in referentiel.mefs_des_groupes.get(inscription.groupe, ()):
        return None
    return (
        f"Le groupe « {inscription.groupe} » n'est pas rattaché au MEF ({eleve.mef}) de l'élève. "
        "L'inscription de l'élève dans ce groupe a été rejetée."
    )


# --- Are the dates right? -----------------------------------------------------------------------


def debut_par_defaut(eleve: EleveConnu, periode: Periode | None) -> date | None:
    """The entry date when it falls inside the year, else the first day of the year (§3.5)."""
    if periode is None:
        return None
    entree = eleve.date_entree
    return entree if entree and periode.debut <= entree <= periode.fin else periode.debut


def fin_autorisee(eleve: EleveConnu, periode: Periode) -> date:
    """The last day allowed: the leaving date of a leaver, else the last day of the year (§3.5)."""
    return min(eleve.date_sortie, periode.fin) if eleve.date_sortie else periode.fin


@rule("ELEGRP_A_01", "ELEGRP", Gravite.AVERTISSEMENT)
def elegrp_a_01(inscription: Inscription, eleve: EleveConnu, periode: Periode | None) -> Reinitialisation | None:
    """La date de début dans le groupe n'est pas antérieure à la date de fin.

    L'inscription est importée, avec une date de début réinitialisée. Corrigez les dates du groupe dans EDT,
    puis déposez à nouveau le fichier élèves-groupes.
    """
    debut, fin = inscription.date_debut, inscription.date_fin
    if debut is None or fin is None or debut < fin:
        return None
    retenue = debut_par_defaut(eleve, periode)
    if retenue is not None and retenue >= fin:
        retenue = None
    return Reinitialisation(
        f"La date de début « {en_jour(debut)} » du groupe « {inscription.groupe} » n'est pas antérieure à la date "
        f"de fin « {en_jour(fin)} ». Celle-ci a été réinitialisée à « {en_jour(retenue)} ».",
        replace(inscription, date_debut=retenue),
    )


@rule("ELEGRP_A_02", "ELEGRP", Gravite.AVERTISSEMENT)
def elegrp_a_02(inscription: Inscription, eleve: EleveConnu, periode: Periode | None) -> Reinitialisation | None:
    """La date de début dans le groupe est hors de l'année scolaire de l'établissement.

    L'inscription est importée, avec une date de début réinitialisée. Le calendrier de référence est celui de
    SIECLE (Commun > Calendrier > Année scolaire) : alignez celui d'EDT, puis déposez à nouveau le fichier.
    """
    debut = inscription.date_debut
    if debut is None or periode is None or periode.debut <= debut <= periode.fin:
        return None
    retenue = debut_par_defaut(eleve, periode)
    return Reinitialisation(
        f"La date de début « {en_jour(debut)} » du groupe « {inscription.groupe} » n'est pas incluse dans la période "
        f"scolaire autorisée (du {en_jour(periode.debut)} au {en_jour(periode.fin)}). "
        f"Celle-ci a été réinitialisée à « {en_jour(retenue)} ».",
        replace(inscription, date_debut=retenue),
    )


@rule("ELEGRP_A_03", "ELEGRP", Gravite.AVERTISSEMENT)
def elegrp_a_03(inscription: Inscription, eleve: EleveConnu, periode: Periode | None) -> Reinitialisation | None:
    """La date de fin dans le groupe est hors de l'année scolaire de l'établissement.

    L'inscription est importée, avec une date de fin réinitialisée. Le calendrier de référence est celui de
    SIECLE (Commun > Calendrier > Année scolaire) : alignez celui d'EDT, puis déposez à nouveau le fichier.
    """
    fin = inscription.date_fin
    if fin is None or periode is None:
        return None
    derniere = fin_autorisee(eleve, periode)
    if periode.debut <= fin <= derniere:
        return None
    retenue = derniere if fin > derniere or eleve.date_sortie else None
    return Reinitialisation(
        f"La date de fin « {en_jour(fin)} » du groupe « {inscription.groupe} » n'est pas incluse dans la période "
        f"scolaire autorisée (du {en_jour(periode.debut)} au {en_jour(derniere)}). "
        f"Celle-ci a été réinitialisée à « {en_jour(retenue)} ».",
        replace(inscription, date_fin=retenue),
    )


def action_groupe_inconnu(code: str, referentiel: Referentiel) -> str:
    """The repair that fits the data: is the groupe in STS or not (``domain.md``, GROUPE_A_01)?"""
    if code != code.strip():
        return f"Le code « {code} » porte une espace en trop : corrigez le nom du groupe dans EDT, {REDEPOSER}."
    if referentiel.groupes_sts is None:
        return (
            f"Vérifiez si le groupe « {code} » est dans STS-Web. S'il y est, {EXPORT_STRUCTURE}, {REDEPOSER}. Sinon, "
            f"corrigez d'abord la structure dans STS-Web. (Chargez sts_emp pour que entsite vous le dise.)"
        )
    if code in referentiel.groupes_sts:
        return (
            f"Le groupe « {code} » existe dans STS mais pas dans SIECLE, l'export Structure n'a pas été refait : "
            f"{EXPORT_STRUCTURE}, {REDEPOSER}."
        )
    return (
        f"Le groupe « {code} » n'existe ni dans SIECLE ni dans STS : corrigez son nom dans EDT, ou créez-le dans "
        f"STS-Web (8 caractères au plus, rattaché à un MEF), puis {EXPORT_STRUCTURE}, {REDEPOSER}."
    )
