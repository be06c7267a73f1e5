"""The ENT account of a person on a day, and the names that make a login nothing repairs."""

from datetime import timedelta

from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import CompteVu, CoucheChaine, Portee, Probleme
from exchanges.enums import EtatCompteENT
from exchanges.models import CompteENT, Constat
from exchanges.reports.constats import IDENTIFIANTS
from exchanges.templatetags.entsite import jour_annee


def read_compte(contexte: Contexte, jointure: int | None) -> CompteVu:
    """The account that the school's projet gives to a number of the AAF."""
    compte = CompteENT.objects.filter(
        projet=contexte.etablissement.projet_ent_id, jointure=jointure, cree_le__lte=contexte.fin
    ).first()
    if jointure is None or compte is None:
        return CompteVu()
    etat = compte.etats.filter(depuis__lte=contexte.fin).last()
    if etat is None:
        return CompteVu(compte.login)
    depuis = contexte.local_day(etat.depuis)
    suppression = None
    if etat.etat == EtatCompteENT.DESACTIVE and depuis:
        suppression = depuis + timedelta(days=contexte.etablissement.projet_ent.jours_conservation)
    return CompteVu(compte.login, etat.etat, depuis, suppression)


def describe_compte(compte: CompteVu) -> str:
    """« Son compte est désactivé depuis…, il sera supprimé le… », or an empty text."""
    if compte.etat == EtatCompteENT.DESACTIVE:
        return (
            f"Son compte est désactivé depuis {jour_annee(compte.depuis)} et sera supprimé "
            f"{jour_annee(compte.suppression_le)}."
        )
    if compte.etat == EtatCompteENT.SUPPRIME:
        return f"Son compte a été supprimé {jour_annee(compte.depuis)}."
    if compte.etat == EtatCompteENT.ACTIF:
        return "Son compte est encore actif."
    return ""


def find_login_faux(contexte: Contexte, nom: str, compte: CompteVu, **personne: str) -> list[Probleme]:
    """A name that made, or will make, a wrong login.

    Args:
        personne: ``eleve`` or ``responsable``, the identifier that the finding bears.
    """
    trouves = Constat.objects.filter(etablissement=contexte.etablissement, liste=IDENTIFIANTS, **personne)
    return [
        Probleme(
            CoucheChaine.SIECLE,
            constat.code,
            f"L'identifiant de {nom} dans l'ENT est mal formé.",
            f"Le nom saisi dans SIECLE donne l'identifiant « {compte.login or constat.login} ».",
            Portee.CONFORT,
            contexte.local_day(constat.depuis),
            faire=""
            if compte.login
            else "Corrigez le nom dans Base élèves avant que le compte soit créé : une "
            "personne par fiche, sans civilité, sans « et » ni « & ».",
        )
        for constat in trouves
        if contexte.is_aujourd_hui
    ]
