"""What proves each step, by the files alone: one pure function per step, from facts to what they say of it.

No declaration comes in here: what somebody says can never become a proof.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checklists.enums import Temoignage, Variante
from checklists.faits import ExportSTS, Faits, Fichier
from exchanges.enums import EtatDepot, PreuveActe, TypeFichier
from exchanges.templatetags.entsite import jour, jour_heure, nombre, pluriel


CODE_MAX = 8
NOM_DE_GROUPE = re.compile(r"[A-Za-z0-9 _-]{1,8}", re.ASCII)
TRAVAIL_D_ETE = timedelta(days=31)  # groupes seen in STS before that come from the bascule, not from a timetable
DERNIER_EXPORT = timedelta(days=21)
MONTRES = 5
# What each export of SIECLE is for; Géographique and Établissements hold nothing that is kept here.
EXPORTS_BEE = {
    TypeFichier.ELEVES: "les élèves",
    TypeFichier.RESPONSABLES: "leurs responsables",
    TypeFichier.STRUCTURES: "les classes et les groupes",
    TypeFichier.NOMENCLATURES: "les matières et les MEF",
    TypeFichier.COMMUN: "le calendrier",
}


@dataclass(frozen=True)
class Preuve:
    """What the files say of a step: the sentence, and the file and date behind it when there are."""

    temoignage: Temoignage
    texte: str
    source: str = ""
    date: datetime | None = None


def _prouve(texte: str, fichier: Fichier | None = None) -> Preuve:
    return Preuve(Temoignage.PROUVE, texte, *_origine(fichier))


def _contredit(texte: str, fichier: Fichier | None = None) -> Preuve:
    return Preuve(Temoignage.CONTREDIT, texte, *_origine(fichier))


def _muet(texte: str) -> Preuve:
    return Preuve(Temoignage.MUET, texte)


def _origine(fichier: Fichier | None) -> tuple[str, datetime | None]:
    return (fichier.nom, fichier.date) if fichier else ("", None)


def _count(total: int, mots: str) -> str:
    """« 3 groupes »."""
    return f"{nombre(total)} {pluriel(total, mots)}"


def _list(codes: Iterable[str]) -> str:
    """« 3AGL1, 3ESP1 et 4 autres »."""
    tries = sorted(codes)
    reste = len(tries) - MONTRES
    suite = f" et {reste} {pluriel(reste, 'autre')}" if reste > 0 else ""
    return ", ".join(tries[:MONTRES]) + suite


def _absent(faits: Faits, quoi: str) -> Preuve:
    return _muet(f"Aucun {quoi} de l'année {faits.annee}-{int(faits.annee) + 1} n'a été chargé.")


def _before(faits: Faits, fichier: Fichier, avance: timedelta) -> bool:
    """Whether an export was made more than ``avance`` before the rentrée."""
    return fichier.date.date() < faits.rentree - avance


def bascule(faits: Faits) -> Preuve:
    """Step 1: STS of the year exists; before the timetable is made it holds no groupe."""
    fichier = faits.fichiers.get(TypeFichier.STS_EDT)
    if fichier is None:
        return _absent(faits, "fichier sts_emp")
    if faits.groupes_sts and _before(faits, fichier, TRAVAIL_D_ETE):
        reconduits = _count(len(faits.groupes_sts), "groupe reconduit,groupes reconduits")
        return _contredit(f"{reconduits} de l'an dernier : supprimez-les dans STS-Web, puis rechargez.", fichier)
    return _prouve(f"STS-Web a une année {faits.annee}-{int(faits.annee) + 1}.", fichier)


def nomenclatures(faits: Faits) -> Preuve:
    """Step 2: everything in use is in the nomenclature of the year."""
    fichier = faits.fichiers.get(TypeFichier.NOMENCLATURES)
    if fichier is None:
        return _absent(faits, "export Nomenclature")
    absents = [
        f"{mots} {_list(codes)}"
        for mots, codes in (
            ("MEF", faits.mefs_utilises - faits.mefs),
            ("matières", faits.matieres_utilisees - faits.matieres),
        )
        if codes
    ]
    if absents:
        return _contredit(f"Utilisés sans être dans la nomenclature : {' ; '.join(absents)}.", fichier)
    if faits.reglage.variante == Variante.LP and not faits.has_etp:
        return _muet("Aucune matière ETP dans la nomenclature : définissez-les si votre lycée en enseigne.")
    return _prouve(f"{_count(len(faits.mefs), 'MEF,MEF')}, {_count(len(faits.matieres), 'matière')}.", fichier)


def divisions(faits: Faits) -> Preuve:
    """Step 3: STS holds divisions, with codes that every application takes."""
    fichier = faits.fichiers.get(TypeFichier.STS_EDT)
    if fichier is None:
        return _absent(faits, "fichier sts_emp")
    longs = [code for code in faits.divisions_sts if len(code) > CODE_MAX]
    if longs:
        return _contredit(f"Plus de 8 caractères : {_list(longs)}.", fichier)
    if not faits.divisions_sts:
        return _contredit("STS-Web n'a aucune division.", fichier)
    return _prouve(f"{_count(len(faits.divisions_sts), 'division')} dans STS-Web.", fichier)


def export_divisions(faits: Faits) -> Preuve:
    """Step 4: BEE holds the divisions of STS."""
    sts, structures = (faits.fichiers.get(type_) for type_ in (TypeFichier.STS_EDT, TypeFichier.STRUCTURES))
    if sts is None:
        return _absent(faits, "fichier sts_emp")
    if structures is None:
        return _absent(faits, "export Structures de SIECLE")
    if manquantes := faits.divisions_sts - faits.divisions_bee:
        return _contredit(f"Divisions de STS-Web que SIECLE ne connaît pas : {_list(manquantes)}.", structures)
    if mortes := faits.divisions_bee - faits.divisions_sts:
        return _contredit(f"Divisions de SIECLE qui ne sont plus dans STS-Web : {_list(mortes)}.", structures)
    return _prouve(f"Les mêmes {_count(len(faits.divisions_bee), 'division')} des deux côtés.", structures)


def affectation(faits: Faits) -> Preuve:
    """Step 5a: élèves come in."""
    fichier = faits.fichiers.get(TypeFichier.ELEVES)
    if fichier is None:
        return _absent(faits, "export Élèves")
    if not faits.effectifs.entrants:
        return _muet("Aucun élève n'entre dans l'établissement pour cette rentrée.")
    return _prouve(f"{_count(faits.effectifs.entrants, 'élève')} entrent à cette rentrée.", fichier)


def transferts(faits: Faits) -> Preuve:
    """Step 5b: élèves whom another school of the académie knew, and has let go."""
    fichier = faits.fichiers.get(TypeFichier.ELEVES)
    if fichier is None:
        return _absent(faits, "export Élèves")
    if not faits.effectifs.venus_de_l_academie:
        return _muet(
            "Aucun fichier ne le montre : déclarez l'étape quand la liste « Dossiers depuis autre EPLE » est vide."
        )
    venus = _count(faits.effectifs.venus_de_l_academie, "élève venu,élèves venus")
    return _prouve(f"{venus} d'un autre établissement de l'académie.", fichier)


def affectations(faits: Faits) -> Preuve:
    """Step 5c: every élève has a MEF and a division."""
    fichier = faits.fichiers.get(TypeFichier.ELEVES)
    if fichier is None:
        return _absent(faits, "export Élèves")
    effectifs = faits.effectifs
    manques = _sentences((effectifs.sans_division, "sans division"), (effectifs.sans_mef, "sans MEF"))
    if manques or not effectifs.total:
        return _contredit(f"{manques or 'Aucun élève dans cet export'}.", fichier)
    return _prouve(f"{_count(effectifs.total, 'élève')}, chacun a son MEF et sa division.", fichier)


def fiches(faits: Faits) -> Preuve:
    """Step 5d: nothing incomplete, nobody twice."""
    eleves, responsables = (faits.fichiers.get(t) for t in (TypeFichier.ELEVES, TypeFichier.RESPONSABLES))
    if eleves is None:
        return _absent(faits, "export Élèves")
    if responsables is None:
        return _absent(faits, "export Responsables")
    effectifs = faits.effectifs
    manques = _sentences(
        (effectifs.sans_ine, "sans INE"),
        (effectifs.sans_naissance, "sans date de naissance"),
        (effectifs.doublons, "en double"),
        (effectifs.inscrits_ailleurs, "aussi dans un autre établissement"),
    )
    if effectifs.doublons_responsables:
        doubles = _count(effectifs.doublons_responsables, "responsable en double,responsables en double")
        manques = f"{manques} ; {doubles}" if manques else doubles
    if manques:
        return _contredit(f"{manques}.", eleves)
    return _prouve("Aucune fiche incomplète, aucun doublon.", eleves)


def _sentences(*comptes: tuple[int, str]) -> str:
    return " ; ".join(f"{_count(total, 'élève')} {quoi}" for total, quoi in comptes if total)


def export_edt(faits: Faits) -> Preuve:
    """Step 6: a sts_emp of the last weeks before the rentrée, or later."""
    fichier = faits.fichiers.get(TypeFichier.STS_EDT)
    if fichier is None:
        return _absent(faits, "fichier sts_emp")
    if _before(faits, fichier, DERNIER_EXPORT):
        return _muet(f"Le dernier sts_emp est du {jour(fichier.date)} : refaites l'export juste avant la rentrée.")
    return _prouve("Export récent des données de STS-Web.", fichier)


def groupes(faits: Faits) -> Preuve:
    """Step 7: groupes come from the timetable, with names that STS takes."""
    edt = faits.fichiers.get(TypeFichier.EDT_STS)
    sts = faits.fichiers.get(TypeFichier.STS_EDT)
    if edt is None and (sts is None or _before(faits, sts, TRAVAIL_D_ETE)):
        return _absent(faits, "fichier EDT vers STS-Web, ni de sts_emp récent avec ses groupes")
    if refuses := [code for code in faits.groupes_sts if not NOM_DE_GROUPE.fullmatch(code)]:
        return _contredit(f"Noms de groupes que STS-Web refuse : {_list(refuses)}.", edt or sts)
    if edt is None and not faits.groupes_sts:
        return _muet("STS-Web n'a encore aucun groupe.")
    return _prouve(
        "Emploi du temps exporté vers STS-Web." if edt else f"{_count(len(faits.groupes_sts), 'groupe')}.", edt or sts
    )


def _dernier_sts(faits: Faits) -> Fichier | None:
    """The last file that said what STS holds: its own export, or EDT's file imported into it."""
    fichiers = [faits.fichiers.get(type_) for type_ in (TypeFichier.STS_EDT, TypeFichier.EDT_STS)]
    return max(filter(None, fichiers), key=lambda fichier: fichier.charge_le, default=None)


def import_edt(faits: Faits) -> Preuve:
    """Step 8: STS holds groupes and services that came from the timetable."""
    sts = _dernier_sts(faits)
    if sts is None or _before(faits, sts, TRAVAIL_D_ETE):
        return _absent(faits, "fichier sts_emp d'après l'import")
    if not faits.groupes_sts and _before(faits, sts, timedelta(0)):
        return _muet(f"STS-Web n'avait encore aucun groupe le {jour(sts.date)}.")
    if not faits.groupes_sts:
        return _contredit(f"STS-Web n'avait aucun groupe le {jour(sts.date)}.", sts)
    if not faits.services:
        return _contredit("STS-Web a des groupes, mais aucun service : les enseignants n'auraient pas de classe.", sts)
    groupes_et_services = f"{_count(len(faits.groupes_sts), 'groupe')}, {_count(faits.services, 'service')}"
    return _prouve(f"{groupes_et_services} dans STS-Web.", sts)


def export_groupes(faits: Faits) -> Preuve:
    """Step 9: Structure then Services, and STS has not changed since."""
    sts, structures = _dernier_sts(faits), faits.fichiers.get(TypeFichier.STRUCTURES)
    if sts is None:
        return _absent(faits, "fichier sts_emp")
    if not faits.groupes_sts:
        return _muet("STS-Web n'a encore aucun groupe à envoyer.")
    if structures and (manquants := faits.groupes_sts - faits.groupes_bee):
        return _contredit(f"Groupes de STS-Web que SIECLE ne connaît pas : {_list(manquants)}.", structures)
    return _exports_since(faits, faits.sts_modifie_le or sts.charge_le, structures)


def _exports_since(faits: Faits, modifie_le: datetime, structures: Fichier | None) -> Preuve:
    """What is known of the two exports since STS changed for the last time."""
    structure, services = faits.export_structure, faits.export_services
    for export, nom in ((structure, "Structure"), (services, "Services")):
        if export and export.preuve == PreuveActe.CONTREDIT and export.instant >= modifie_le:
            return _contredit(f"L'export {nom} déclaré le {jour(export.instant)} ne se retrouve pas dans SIECLE.")
    if _is_since(structure, modifie_le):
        return _services_after(structure, services)
    if structures and structures.charge_le >= modifie_le:
        return _prouve(
            f"{_count(len(faits.groupes_sts), 'groupe')} de STS-Web, tous dans SIECLE. "
            "Aucun fichier ne montre l'export Services : il se fait juste après.",
            structures,
        )
    if structure and structure.instant >= modifie_le:
        return _muet(f"Export Structure déclaré {jour_heure(structure.instant)} : aucun fichier ne le montre encore.")
    return _reopened(modifie_le, structure, structures)


def _is_since(export: ExportSTS | None, instant: datetime) -> bool:
    return export is not None and export.is_prouve and export.instant >= instant


def _services_after(structure: ExportSTS | None, services: ExportSTS | None) -> Preuve:
    assert structure is not None  # noqa: S101 - the caller has looked
    if services and services.is_prouve and services.instant >= structure.instant:
        texte = f"Structure {jour_heure(structure.instant)}, puis Services {jour_heure(services.instant)}."
        return Preuve(Temoignage.PROUVE, texte, structure.par)
    return _contredit(f"Export Structure fait {jour_heure(structure.instant)} ; l'export Services n'a pas suivi.")


def _reopened(modifie_le: datetime, structure: ExportSTS | None, structures: Fichier | None) -> Preuve:
    precedent = structure.instant if structure else structures.charge_le if structures else None
    if precedent is None:
        return _muet("Aucun export Structures de SIECLE ne montre encore les groupes.")
    return _contredit(
        f"STS-Web a changé {jour_heure(modifie_le)}, après l'export ({jour_heure(precedent)}) : il est à refaire."
    )


def exports_bee(faits: Faits) -> Preuve:
    """Step 10: the exports of SIECLE, of one date, with the groupes."""
    presents = {type_: faits.fichiers[type_] for type_ in EXPORTS_BEE if type_ in faits.fichiers}
    manquants = [f"{type_.libelle}, pour {quoi}" for type_, quoi in EXPORTS_BEE.items() if type_ not in presents]
    if manquants:
        return _muet(f"Il manque : {' ; '.join(manquants)}.")
    if not faits.groupes_bee:
        return _muet("Les exports datent d'avant les groupes : refaites-les après l'étape 9.")
    dates: dict[date, list[str]] = {}
    for type_, fichier in presents.items():
        dates.setdefault(fichier.date.date(), []).append(type_.libelle)
    if len(dates) > 1:
        detail = " ; ".join(f"{jour(quand)} : {', '.join(noms)}" for quand, noms in sorted(dates.items()))
        return _contredit(f"Les exports ne sont pas du même jour ({detail}).")
    return _prouve(f"{len(presents)} exports du même jour.", presents[TypeFichier.ELEVES])


def eleves_en_groupes(faits: Faits) -> Preuve:
    """Step 11: the timetable has written a ZIP of links."""
    depot = faits.dernier_depot
    if depot is None:
        return _absent(faits, "fichier élèves-groupes")
    return Preuve(Temoignage.PROUVE, "Le logiciel a exporté les liens élèves-groupes.", depot.nom, depot.controle_le)


def compte_rendu(faits: Faits) -> Preuve:
    """Step 12: the night has imported the last deposit, and refused nothing that still misses."""
    dernier, importe = faits.dernier_depot, faits.dernier_import
    if dernier is None:
        return _absent(faits, "fichier élèves-groupes")
    if dernier.etat == EtatDepot.CONTROLE:
        return _muet(f"{dernier.nom} est contrôlé, il n'est pas encore déposé.")
    if dernier.etat == EtatDepot.DEPOSE:
        quand = f" : compte-rendu {jour(dernier.nuit)} au matin" if dernier.nuit else ""
        return _muet(f"{dernier.nom} attend la nuit{quand}.")
    if importe is None:
        return _muet("Le dernier dépôt n'a pas été importé : déposez à nouveau le fichier.")
    if importe.refus:
        refus = _count(importe.refus, "ligne refusée,lignes refusées")
        return Preuve(Temoignage.CONTREDIT, f"{refus} dans le dernier compte-rendu.", importe.nom, importe.importe_le)
    return Preuve(Temoignage.PROUVE, "Compte-rendu sans ligne refusée.", importe.nom, importe.importe_le)


def ent(faits: Faits) -> Preuve:
    """Step 13: the ENT has carried the last import, with people in every groupe."""
    passage = faits.passage_ent
    if faits.dernier_import is None:
        return _muet("Aucun dépôt n'est encore importé dans SIECLE.")
    if passage is None:
        return _muet("L'ENT n'a pas encore reçu le dernier import.")
    if not passage.is_fait:
        return _muet(f"L'ENT recevra le dernier import {jour_heure(passage.quand)}.")
    if passage.groupes_vides:
        vides = _count(len(passage.groupes_vides), "groupe vide,groupes vides")
        texte = f"{vides} dans l'ENT : {_list(passage.groupes_vides)}."
        return Preuve(Temoignage.CONTREDIT, texte, "", passage.quand)
    return Preuve(Temoignage.PROUVE, "L'ENT a reçu le dernier import, aucun groupe n'y est vide.", "", passage.quand)


PREUVES: Mapping[str, Callable[[Faits], Preuve]] = {
    preuve.__name__: preuve
    for preuve in (
        bascule,
        nomenclatures,
        divisions,
        export_divisions,
        affectation,
        transferts,
        affectations,
        fiches,
        export_edt,
        groupes,
        import_edt,
        export_groupes,
        exports_bee,
        eleves_en_groupes,
        compte_rendu,
        ent,
    )
}
