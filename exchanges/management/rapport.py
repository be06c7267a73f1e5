"""What a command shows to a person: aligned tables, colours on a terminal, anomalies grouped by repair."""

import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.core.management.color import Style

from exchanges.enums import Gravite
from exchanges.management.dossier import Dossier, count_rows
from exchanges.parsers.records import Fichier
from exchanges.rules.base import Anomalie
from exchanges.rules.verdict import Verdict
from exchanges.templatetags.entsite import nombre, pluriel
from exchanges.views.verdicts import CHIFFRES, Reparation, group_by_repair


MAX_PARAGRAPHES = 20
MAX_NOMS = 8
LARGEUR = 100
VERDICTS = {"conforme": "conforme", "anomalies": "anomalies", "refuse": "refusé"}
_COULEURS = {Gravite.ERREUR: "ERROR", Gravite.AVERTISSEMENT: "WARNING", Gravite.INFORMATION: "NOTICE"}
_COMPTES = (
    (Gravite.BLOQUANTE, "refus,refus"),
    (Gravite.ERREUR, "erreur"),
    (Gravite.AVERTISSEMENT, "avertissement"),
    (Gravite.INFORMATION, "information"),
)
_ESPACE_LIEE = re.compile(r"(?<=«) | (?=[:;!?»])")  # never the end of a line in French
_INSECABLE = "\u00a0"
CONTENUS = {
    "eleves": "élève",
    "personnes": "responsable",
    "liens": "lien",
    "divisions": "division",
    "groupes": "groupe",
    "mefs": "MEF,MEF",
    "matieres": "matière",
    "individus": "individu",
    "horaires": "horaire",
    "alternances": "alternance",
    "salles": "salle",
    "pays": "pays,pays",
    "departements": "département",
    "communes": "commune",
    "etablissements": "établissement",
    "professeurs": "professeur",
    "cours": "cours,cours",
}


def align(titres: Sequence[str], lignes: Iterable[Sequence[str]], style: Style) -> Iterator[str]:
    """A table whose columns are as wide as their widest cell."""
    tout = [tuple(titres), *map(tuple, lignes)]
    largeurs = [max(len(ligne[rang]) for ligne in tout) for rang in range(len(titres))]
    for rang, ligne in enumerate(tout):
        cellules = (cellule.ljust(largeur) for cellule, largeur in zip(ligne, largeurs, strict=True))
        texte = "  ".join(cellules).rstrip()
        yield f"  {style.MIGRATE_LABEL(texte) if rang == 0 else texte}"


def wrap(texte: str, retrait: str = "    ", puce: str = "") -> str:
    """A paragraph within the width of the terminal, ``puce`` in front of its first line."""
    largeur = max(60, shutil.get_terminal_size((LARGEUR, 24)).columns)
    coupe = textwrap.fill(
        _ESPACE_LIEE.sub(_INSECABLE, texte),
        largeur,
        initial_indent=retrait + puce,
        subsequent_indent=retrait + " " * len(puce),
        break_on_hyphens=False,
    )
    return coupe.replace(_INSECABLE, " ")  # plain again, to be searched and copied


def tell_files(dossier: Dossier, style: Style) -> Iterator[str]:
    """The files recognised, what there is to say of their choice, what is missing and for what."""
    if dossier.sources:
        yield style.MIGRATE_HEADING("Fichiers reconnus")
        yield from align(
            ("Fichier", "Type", "Établissement", "Année", "Export du", "Contenu"),
            (_file_row(source.nom, source.fichier) for source in dossier.sources),
            style,
        )
    for avis in dossier.avis:
        yield style.WARNING(wrap(avis, "  ", "! "))
    if dossier.manques and dossier.sources:
        yield style.MIGRATE_HEADING("Il manque, pour que le contrôle soit complet")
        yield from align(("Fichier", "Pour"), ((t.libelle, pour) for t, pour in dossier.manques.items()), style)


def _file_row(nom: str, fichier: Fichier) -> tuple[str, ...]:
    entete = fichier.entete
    quand = f"{entete.horodatage:%d/%m/%Y %H:%M}" if entete.horodatage else "–"
    return nom, entete.type.libelle, entete.uai or "–", entete.annee or "–", quand, describe_content(fichier)


def describe_content(fichier: Fichier) -> str:
    """« 713 élèves », « 44 divisions, 120 groupes », « vide »."""
    contenus = [
        f"{nombre(combien)} {pluriel(combien, CONTENUS[quoi])}"
        for quoi, combien in count_rows(fichier).items()
        if combien
    ]
    return ", ".join(contenus) or ("lu" if not count_rows(fichier) else "vide")


def tell_figures(verdict: Verdict, style: Style) -> Iterator[str]:
    """What SIECLE would do, in figures."""
    chiffres = verdict.chiffres()
    yield style.MIGRATE_HEADING("Ce que SIECLE fera de ce fichier")
    largeur = max(len(nombre(valeur)) for valeur in chiffres.values())
    for cle, libelle in CHIFFRES:
        yield f"  {nombre(chiffres[cle]).rjust(largeur)}  {libelle}"


def tell_anomalies(anomalies: Iterable[Anomalie], style: Style) -> Iterator[str]:
    """Grouped by what mends them, the refusals first; never more than a screen or two."""
    reparations = group_by_repair(anomalies)
    if reparations:
        yield style.MIGRATE_HEADING("Anomalies, par réparation")
    for reparation in reparations[:MAX_PARAGRAPHES]:
        yield from _tell_repair(reparation, style)
    reste = len(reparations) - MAX_PARAGRAPHES
    if reste > 0:
        yield f"  … et {reste} {pluriel(reste, 'autre cas,autres cas')} (tous avec --json)"


def _tell_repair(reparation: Reparation, style: Style) -> Iterator[str]:
    regle, lignes = reparation.regle, reparation.lignes
    colorer = getattr(style, _COULEURS[regle.gravite])
    has_un_message = len({ligne.message for ligne in lignes}) == 1
    yield "  " + colorer(f"{regle.code} × {nombre(reparation.total)}") + f"  {regle.gravite.libelle}"
    yield wrap(lignes[0].message if has_un_message else regle.titre)
    if not has_un_message:
        yield wrap(lignes[0].message, puce="par exemple : ")
    if len(reparation.objets) > 1:
        yield wrap(_shorten(reparation.objets), puce="concerne : ")
    ids = list(dict.fromkeys(ligne.eleve_id for ligne in lignes if ligne.eleve_id))
    if len(ids) > 1:
        yield wrap(_shorten(ids, reparation.autres), puce="élèves : ")
    yield wrap(reparation.action, puce="→ ")


def _shorten(noms: Sequence[str], autres: int = 0) -> str:
    reste = len(noms) - MAX_NOMS + autres
    return ", ".join(noms[:MAX_NOMS]) + (f" et {nombre(reste)} {pluriel(reste, 'autre')}" if reste > 0 else "")


def tell_verdict(verdict: str, nombre_refus: int, anomalies: Iterable[Anomalie], style: Style) -> str:
    """The verdict in one line, with the counts that explain it.

    Args:
        verdict: ``conforme``, ``anomalies`` or ``refuse``.
        nombre_refus: how many files were refused.
    """
    comptes = Counter(anomalie.gravite for anomalie in anomalies)
    comptes[Gravite.BLOQUANTE] = nombre_refus
    details = [f"{nombre(comptes[g])} {pluriel(comptes[g], mot)}" for g, mot in _COMPTES if comptes[g]]
    texte = f"Verdict : {VERDICTS[verdict]} – {', '.join(details) or 'rien à corriger'}."
    colorer = {"conforme": style.SUCCESS, "anomalies": style.WARNING, "refuse": style.ERROR}[verdict]
    return colorer(texte)
