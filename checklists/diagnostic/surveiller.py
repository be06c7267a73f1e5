"""What the rules say of a target without any link being broken by it: to be told beside the answer, never instead.

The present facts are read back as the records of the files, and judged by the rules of the files.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Q

from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import Cible, Genre
from exchanges.enums import Couche, TypeFichier, TypeStructure
from exchanges.models import (
    FicheDivision,
    FicheGroupe,
    FicheIndividu,
    FicheMatiere,
    FicheService,
    LienPrincipal,
    LienService,
)
from exchanges.parsers import records
from exchanges.reports.base import read_base
from exchanges.rules import base_eleves, enseignements, fiches, personnes, sts
from exchanges.rules.base import Anomalie
from exchanges.rules.dossier import Base, RegleDossier, check_regles


_STRUCTURE: tuple[RegleDossier, ...] = (*sts.REGLES, *enseignements.REGLES)
_MEF = (fiches.mef_mal_forme, fiches.mef_inconnu_de_la_nomenclature, fiches.mef_ferme)
REGLES: dict[Genre, tuple[RegleDossier, ...]] = {
    Genre.ELEVE: (*base_eleves.REGLES, *_MEF),
    Genre.RESPONSABLE: (personnes.mobile_partage, personnes.mel_partage, personnes.mobile_non_conforme),
    Genre.INDIVIDU: (enseignements.enseignant_local,),
    Genre.GROUPE: _STRUCTURE,
    Genre.DIVISION: _STRUCTURE,
}
_DEPOT = ("ELEGRP_A_01", "ELEGRP_A_02", "ELEGRP_A_03", "REJELEGROUPE_03")


def find_remarques(contexte: Contexte, cible: Cible) -> dict[str, str]:
    """A sentence by code, for the present day only: rules know nothing of the past."""
    if not contexte.is_aujourd_hui or (cible.pk is None and cible.genre != Genre.GROUPE):
        return {}
    remarques = dict(_constats(contexte, cible))
    remarques |= {code: message for code, message in _depot(contexte, cible) if code not in remarques}
    for anomalie in _judge(contexte, cible):
        remarques.setdefault(anomalie.code, anomalie.message)
    return remarques


def _constats(contexte: Contexte, cible: Cible) -> Iterator[tuple[str, str]]:
    """The work lists that name the target."""
    cle = cible.cle
    champs = {
        Genre.ELEVE: Q(eleve=cle) | Q(autre=cle, responsable=""),
        Genre.RESPONSABLE: Q(responsable=cle) | Q(autre=cle, eleve=""),
        Genre.GROUPE: Q(objet=cle, eleve="", responsable=""),
    }
    if cible.genre in champs:
        trouves = contexte.etablissement.constats.filter(champs[cible.genre])
        yield from trouves.order_by("code", "pk").values_list("code", "message")


def _depot(contexte: Contexte, cible: Cible) -> Iterator[tuple[str, str]]:
    """What the last deposit was corrected or doubled for."""
    if contexte.depot is None or cible.genre not in (Genre.ELEVE, Genre.GROUPE):
        return
    lignes = contexte.depot.anomalies.filter(code__in=_DEPOT)
    lignes = lignes.filter(eleve=cible.pk) if cible.genre == Genre.ELEVE else lignes.filter(objet=cible.cle)
    yield from lignes.values_list("code", "message")


def _judge(contexte: Contexte, cible: Cible) -> Iterator[Anomalie]:
    base = replace(read_base(contexte.etablissement), edt=None, **_read_structures(contexte))
    base = _with_matieres(contexte, base)
    sujets = _subjects(base, cible)
    for anomalie in check_regles(REGLES[cible.genre], base):
        if cible.genre == Genre.ELEVE:
            is_sien = anomalie.eleve_id == cible.cle
        else:
            is_sien = not sujets.isdisjoint(anomalie.objet.split(" / "))
        if is_sien:
            yield anomalie


def _subjects(base: Base, cible: Cible) -> set[str]:
    """What an anomaly about the target may bear: its key; for a structure of STS, its matières and MEF too."""
    sujets = {cible.cle}
    if cible.genre not in (Genre.GROUPE, Genre.DIVISION) or base.sts is None:
        return sujets
    structures = base.sts.groupes if cible.genre == Genre.GROUPE else base.sts.divisions
    for structure in structures:
        if structure.code == cible.cle:
            sujets |= {*structure.mefs, *(service.matiere for service in structure.services)}
    return sujets


def _read_structures(contexte: Contexte) -> dict[str, records.FichierStructures | records.FichierSTS]:
    """Structures of SIECLE and of STS with their MEF, the services and the individus of STS."""
    ecole = contexte.etablissement
    courants = {"etablissement": ecole}
    divisions = (
        FicheDivision.objects.courants()
        .filter(**courants)
        .values_list("couche", "division__code", "mefs", "effectif_prevu")
    )
    groupes = (
        FicheGroupe.objects.courants()
        .filter(**courants)
        .values_list("couche", "groupe__code", "mefs", "divisions", "effectif_prevu")
    )
    donnes = _read_services(contexte)
    fichiers: dict[str, records.FichierStructures | records.FichierSTS] = {}
    for couche, nom in ((Couche.BEE, "structures"), (Couche.STS, "sts")):
        siens = donnes if couche == Couche.STS else {}
        des_divisions = tuple(
            records.Division(
                code, mefs=tuple(mefs), effectif_prevu=prevu, services=siens.get((TypeStructure.DIVISION, code), ())
            )
            for c, code, mefs, prevu in divisions
            if c == couche
        )
        des_groupes = tuple(
            records.Groupe(
                code,
                mefs=tuple(mefs),
                divisions=tuple(noms),
                effectif_prevu=prevu,
                services=siens.get((TypeStructure.GROUPE, code), ()),
            )
            for c, code, mefs, noms, prevu in groupes
            if c == couche
        )
        if des_divisions or des_groupes:
            fichiers[nom] = _file(contexte, couche, des_divisions, des_groupes)
    return fichiers


def _file(contexte: Contexte, couche: Couche, divisions, groupes) -> records.FichierStructures | records.FichierSTS:
    ecole = contexte.etablissement
    if couche == Couche.BEE:
        entete = records.Entete(TypeFichier.STRUCTURES, ecole.uai, ecole.annee)
        return records.FichierStructures(entete, divisions=divisions, groupes=groupes)
    entete = records.Entete(TypeFichier.STS_EDT, ecole.uai, ecole.annee)
    return records.FichierSTS(entete, individus=_read_individus(contexte), divisions=divisions, groupes=groupes)


def _read_services(contexte: Contexte) -> dict[tuple[str, str], tuple[records.Service, ...]]:
    """Services of STS by structure, with who gives them."""
    ecole = {"etablissement": contexte.etablissement, "couche": Couche.STS}
    enseignements: dict[int, list[records.Enseignement]] = {}
    liens = LienService.objects.courants().filter(**ecole)
    for service, genre, numero in liens.values_list("service", "individu__type", "individu__sts_id"):
        enseignements.setdefault(service, []).append(records.Enseignement(genre, numero))
    services: dict[tuple[str, str], list[records.Service]] = {}
    fiches = FicheService.objects.courants().filter(**ecole)
    champs = ("service", "service__type_structure", "service__structure", "service__matiere", "service__modalite")
    for pk, genre, code, matiere, modalite in fiches.values_list(*champs):
        service = records.Service(matiere, modalite, enseignements=tuple(enseignements.get(pk, ())))
        services.setdefault((genre, code), []).append(service)
    return {cle: tuple(siens) for cle, siens in services.items()}


def _read_individus(contexte: Contexte) -> tuple[records.Individu, ...]:
    ecole = {"etablissement": contexte.etablissement}
    mandats: dict[int, list[records.Principal]] = {}
    liens = LienPrincipal.objects.courants().filter(**ecole)
    for individu, code, debut, fin in liens.values_list("individu", "division__code", "date_debut", "date_fin"):
        mandats.setdefault(individu, []).append(records.Principal(code, debut, fin))
    fiches = FicheIndividu.objects.courants().filter(**ecole)
    champs = ("individu", "individu__type", "individu__sts_id", "nom_usage", "prenom", "fonction")
    return tuple(
        records.Individu(
            genre, numero, nom_usage=nom, prenom=prenom, fonction=fonction, principal_de=tuple(mandats.get(pk, ()))
        )
        for pk, genre, numero, nom, prenom, fonction in fiches.values_list(*champs)
    )


def _with_matieres(contexte: Contexte, base: Base) -> Base:
    """The nomenclature with its matières, when it was loaded."""
    if base.nomenclatures is None:
        return base
    fiches = FicheMatiere.objects.courants().filter(etablissement=contexte.etablissement)
    matieres = tuple(records.Matiere(code, libelle=libelle) for code, libelle in fiches.values_list("code", "libelle"))
    return replace(base, nomenclatures=replace(base.nomenclatures, matieres=matieres))
