"""What an export to the GAR must not hold, and that its schema lets through (``formats/aaf_ent.md`` §7.1, §7.3).

A rule receives a ``Vue`` of the export and yields, for each record at fault, what will be sent in its place:
``None`` when it is taken out, the record itself when it goes as it is. Rules about people are in ``gar_personnes.py``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import chain
from typing import Any

from exchanges.enums import Gravite
from exchanges.parsers.records.gar import (
    DIVISION,
    GROUPE,
    STATUTS,
    EleveEnseignementGAR,
    EnregistrementGAR,
    EnsDivisionMatiereGAR,
    EnsGroupeMatiereGAR,
    ExportGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
)
from exchanges.rules.base import regle_de, rule
from exchanges.rules.gar_export import ConstatGAR, Fait, RegleGAR, Vue, key_of, restrict, uai_of, uais_of
from exchanges.rules.gar_personnes import REGLES as PERSONNES
from exchanges.rules.gar_personnes import profil_gar
from exchanges.rules.sts import join_codes


__all__ = ["REGLES", "ConstatGAR", "check_gar", "keep_conforme", "matiere_gar", "profil_gar"]

LienGroupe = PersonGroupeGAR | EnsGroupeMatiereGAR | EnsDivisionMatiereGAR
Lien = PersonMefGAR | EleveEnseignementGAR | LienGroupe
_MATIERE = re.compile(r"(?:.*-)?([0-9]{2}[A-Z0-9]{4})")


def matiere_gar(code: str) -> str:
    """The code of a matière as the GAR takes it, without the prefix of an académie; ``""`` when it cannot take it."""
    trouve = _MATIERE.fullmatch(code)
    return trouve[1] if trouve else ""


def check_gar(export: ExportGAR) -> Iterator[ConstatGAR]:
    """What every rule finds in an export, rule after rule."""
    vue = Vue(export)
    for regle in REGLES:
        for enregistrement, reste, uai, objet, message in regle(vue):
            yield ConstatGAR(regle_de(regle), uai, objet, message, enregistrement, reste)


def keep_conforme(export: ExportGAR) -> tuple[ExportGAR, list[ConstatGAR]]:
    """The export as it can be sent, and everything that was found on the way.

    What is taken out may leave links to nothing, or empty a groupe: the rules are applied until they ask for no
    change. Each pass takes something out or repairs it, so there are few.
    """
    export = export.freeze()
    constats = {(c.code, c.uai, c.objet, c.message): c for c in check_gar(export)}
    export = _drop_doubles(export)
    while True:
        restes: dict[int, EnregistrementGAR | None] = {}
        for constat in check_gar(export):
            constats.setdefault((constat.code, constat.uai, constat.objet, constat.message), constat)
            if constat.reste is None:
                restes[id(constat.enregistrement)] = None
            elif constat.reste != constat.enregistrement:
                restes.setdefault(id(constat.enregistrement), constat.reste)
        if not restes:
            return export, list(constats.values())
        export = _swap(export, restes)


def _drop_doubles(export: ExportGAR) -> ExportGAR:
    """The first record of each key."""
    genres: list[dict[tuple[str, ...], Any]] = []
    for champ in fields(export):
        genres.append({})
        for enregistrement in getattr(export, champ.name):
            genres[-1].setdefault(key_of(enregistrement), enregistrement)
    return ExportGAR(*(tuple(genre.values()) for genre in genres))


def _swap(export: ExportGAR, restes: dict[int, EnregistrementGAR | None]) -> ExportGAR:
    """Each record replaced by what is sent in its place; ``restes`` is by ``id``, one record being in one place."""
    genres = ((restes.get(id(e), e) for e in getattr(export, champ.name)) for champ in fields(export))
    return ExportGAR(*(tuple(reste for reste in genre if reste is not None) for genre in genres))


@rule("gar_cle_en_double", "GAR", Gravite.ERREUR)
def gar_cle_en_double(vue: Vue) -> Iterator[Fait]:
    """La même entrée figure deux fois dans l'export.

    Seule la première est envoyée : le GAR refuse deux entrées de même clé. Cherchez la fiche en double dans l'ENT,
    ou dans SIECLE et STS-Web dont elle vient.
    """
    for champ in fields(vue.export):
        vus: set[tuple[str, ...]] = set()
        for enregistrement in getattr(vue.export, champ.name):
            cle = key_of(enregistrement)
            if cle in vus:
                message = f"L'entrée « {' '.join(cle)} » figure plusieurs fois ; seule la première est envoyée."
                yield enregistrement, enregistrement, uai_of(enregistrement), cle[-1], message
            vus.add(cle)


@rule("gar_etablissement_inconnu", "GAR", Gravite.ERREUR)
def gar_etablissement_inconnu(vue: Vue) -> Iterator[Fait]:
    """L'entrée concerne un établissement qui n'est pas dans l'export.

    Le GAR ne saurait pas à qui la rattacher : ce qui concerne cet établissement n'est pas envoyé. Ajoutez
    l'établissement au projet ENT, ou vérifiez l'affectation de la personne.
    """
    for champ in fields(vue.export):
        for enregistrement in getattr(vue.export, champ.name):
            inconnus = [uai for uai in uais_of(enregistrement) if uai not in vue.uais]
            if inconnus:
                objet = key_of(enregistrement)[-1]
                reste = restrict(enregistrement, vue.uais)
                suite = "envoyée sans lui" if reste else "retirée"
                message = f"L'entrée « {objet} » cite {join_codes(inconnus)}, absent de l'export : elle est {suite}."
                yield enregistrement, reste, inconnus[0], objet, message


@rule("gar_personne_inconnue", "GAR", Gravite.ERREUR)
def gar_personne_inconnue(vue: Vue) -> Iterator[Fait]:
    """Un lien désigne une personne que l'export ne contient pas dans cet établissement.

    Le lien n'est pas envoyé. Vérifiez que la personne a un compte dans l'ENT et qu'elle est affectée dans
    l'établissement ; un service n'est donné qu'à un membre du personnel.
    """
    export = vue.export
    paires: tuple[tuple[set[tuple[str, str]], Iterable[Lien]], ...] = (
        (vue.eleves, export.eleves_mefs),
        (vue.eleves, export.eleves_enseignements),
        (vue.enseignants, export.enseignants_mefs),
        (vue.enseignants, export.enseignants_groupes),
        (vue.enseignants, export.enseignants_divisions),
        (vue.eleves | vue.enseignants, export.personnes_groupes),
    )
    for connues, liens in paires:
        for lien in liens:
            if (lien.uai, lien.identifiant) not in connues:
                message = f"{lien.uai} : la personne {lien.identifiant} est inconnue ; le lien n'est pas envoyé."
                yield lien, None, lien.uai, lien.identifiant, message


@rule("gar_groupe_inconnu", "GAR", Gravite.ERREUR)
def gar_groupe_inconnu(vue: Vue) -> Iterator[Fait]:
    """Un lien désigne une division ou un groupe que l'export ne contient pas.

    Le lien n'est pas envoyé. Vérifiez dans STS-Web que la division ou le groupe existe, faites Exports > Structure,
    puis Exports > Services, et attendez la mise à jour de l'ENT.
    """
    export = vue.export
    paires: tuple[tuple[set[str], Iterable[LienGroupe]], ...] = (
        (set(STATUTS), export.personnes_groupes),
        ({GROUPE}, export.enseignants_groupes),
        ({DIVISION}, export.enseignants_divisions),
    )
    for statuts, liens in paires:
        for lien in liens:
            if not vue.statuts.get((lien.uai, lien.groupe), set()) & statuts:
                quoi = " ni ".join(sorted(statut.lower() for statut in statuts))
                message = f"{lien.uai} : « {lien.groupe} » n'est pas connu comme {quoi} ; le lien n'est pas envoyé."
                yield lien, None, lien.uai, lien.groupe, message


@rule("gar_division_inconnue", "GAR", Gravite.AVERTISSEMENT)
def gar_division_inconnue(vue: Vue) -> Iterator[Fait]:
    """Un groupe dit venir d'une division que l'export ne contient pas.

    Le groupe est envoyé sans cette division. Corrigez ses divisions d'appartenance dans STS-Web
    (Structure > Groupes), puis faites Exports > Structure et Exports > Services.
    """
    for groupe in vue.export.groupes:
        connues = tuple(code for code in groupe.divisions if DIVISION in vue.statuts.get((groupe.uai, code), set()))
        if connues != groupe.divisions:
            absentes = [code for code in groupe.divisions if code not in connues]
            message = f"{groupe.uai} : « {groupe.code} » est envoyé sans {join_codes(absentes)}, division inconnue."
            yield groupe, replace(groupe, divisions=connues), groupe.uai, groupe.code, message


@rule("gar_mef_inconnu", "GAR", Gravite.ERREUR)
def gar_mef_inconnu(vue: Vue) -> Iterator[Fait]:
    """Une personne est dans un MEF que l'export ne contient pas.

    Le lien n'est pas envoyé : la personne ne verra pas les ressources de ce niveau. Vérifiez la sélection des
    formations dans SIECLE Nomenclatures, puis le MEF de la fiche.
    """
    for lien in chain(vue.export.eleves_mefs, vue.export.enseignants_mefs):
        if (lien.uai, lien.mef) not in vue.mefs:
            message = f"{lien.uai} : le MEF {lien.mef} de {lien.identifiant} est inconnu ; le lien n'est pas envoyé."
            yield lien, None, lien.uai, lien.mef, message


@rule("gar_matiere_inconnue", "GAR", Gravite.ERREUR)
def gar_matiere_inconnue(vue: Vue) -> Iterator[Fait]:
    """Un enseignement porte sur une matière que l'export ne contient pas.

    La matière n'est pas envoyée pour cette personne, les autres le sont. Vérifiez la sélection des matières dans
    SIECLE Nomenclatures, profilez, puis corrigez l'option ou le service.
    """
    for lien in vue.export.eleves_enseignements:
        if (lien.uai, lien.matiere) not in vue.matieres:
            message = f"{lien.uai} : la matière {lien.matiere} suivie par {lien.identifiant} est inconnue."
            yield lien, None, lien.uai, lien.matiere, message
    for service in vue.services:
        connues = tuple(code for code in service.matieres if (service.uai, code) in vue.matieres)
        if not connues or connues != service.matieres:
            absentes = [code for code in service.matieres if code not in connues]
            message = f"{service.uai} : {service.identifiant} enseigne à « {service.groupe} » " + (
                f"une matière inconnue : {join_codes(absentes)}." if absentes else "sans aucune matière."
            )
            reste = replace(service, matieres=connues) if connues else None
            yield service, reste, service.uai, next(iter(absentes), service.groupe), message


@rule("gar_matiere_mal_codee", "GAR", Gravite.ERREUR)
def gar_matiere_mal_codee(vue: Vue) -> Iterator[Fait]:
    """Le code de la matière n'est pas un code national.

    La matière n'est pas envoyée : le GAR attend deux chiffres, puis quatre lettres majuscules ou chiffres. Préférez
    dans STS-Web une matière nationale à une matière locale.
    """
    for matiere in vue.export.matieres:
        if matiere_gar(matiere.code) != matiere.code:
            message = f"{matiere.uai} : le code « {matiere.code} » n'est pas national ; la matière n'est pas envoyée."
            yield matiere, None, matiere.uai, matiere.code, message


@rule("gar_statut_inconnu", "GAR", Gravite.ERREUR)
def gar_statut_inconnu(vue: Vue) -> Iterator[Fait]:
    """Une structure n'est ni une division ni un groupe.

    Elle n'est pas envoyée : le GAR ne connaît que les statuts DIVISION et GROUPE. Signalez-le à l'assistance de l'ENT.
    """
    for groupe in vue.export.groupes:
        if groupe.statut not in STATUTS:
            message = f"{groupe.uai} : « {groupe.code} » a le statut « {groupe.statut} » ; il n'est pas envoyé."
            yield groupe, None, groupe.uai, groupe.code, message


@rule("gar_code_en_double", "GAR", Gravite.ERREUR)
def gar_code_en_double(vue: Vue) -> Iterator[Fait]:
    """Une division et un groupe portent le même code dans l'établissement.

    Ni l'une ni l'autre ne sont envoyés, comme le font les ENT : leurs élèves perdraient leurs ressources. Renommez
    le groupe dans EDT et dans STS-Web, puis faites Exports > Structure et Exports > Services.
    """
    for groupe in vue.export.groupes:
        if vue.statuts[groupe.uai, groupe.code] >= set(STATUTS):
            message = f"{groupe.uai} : « {groupe.code} » est à la fois une division et un groupe ; rien n'est envoyé."
            yield groupe, None, groupe.uai, groupe.code, message


@rule("gar_groupe_vide", "GAR", Gravite.AVERTISSEMENT)
def gar_groupe_vide(vue: Vue) -> Iterator[Fait]:
    """La division ou le groupe n'a aucun élève.

    Aucune ressource ne peut être donnée à ses élèves ; il n'est pas envoyé si rien d'autre ne le cite. Vérifiez que
    les liens élève-groupe ont été déposés dans SIECLE, et attendez la mise à jour de l'ENT.
    """
    peuples = {
        (lien.uai, lien.groupe) for lien in vue.export.personnes_groupes if (lien.uai, lien.identifiant) in vue.eleves
    }
    cites = {(lien.uai, lien.groupe) for lien in chain(vue.export.personnes_groupes, vue.services)}
    cites |= {(groupe.uai, code) for groupe in vue.export.groupes for code in groupe.divisions}
    for groupe in vue.export.groupes:
        cle = (groupe.uai, groupe.code)
        if cle not in peuples:
            suite = "il est envoyé quand même, d'autres entrées le citent" if cle in cites else "il n'est pas envoyé"
            message = f"{groupe.uai} : « {groupe.code} » n'a aucun élève ; {suite}."
            yield groupe, groupe if cle in cites else None, groupe.uai, groupe.code, message


@rule("gar_libelle_vide", "GAR", Gravite.AVERTISSEMENT)
def gar_libelle_vide(vue: Vue) -> Iterator[Fait]:
    """L'établissement, le MEF ou la matière n'a pas de libellé.

    Son code est envoyé à la place : c'est lui que les enseignants liront. Complétez le libellé dans SIECLE
    Nomenclatures, ou le nom de l'établissement dans le projet ENT.
    """
    for etab in vue.export.etabs:
        if not etab.nom.strip():
            message = f"{etab.uai} : l'établissement n'a pas de nom ; son UAI est envoyé à la place."
            yield etab, replace(etab, nom=etab.uai), etab.uai, etab.uai, message
    nomenclatures: Iterator[MefGAR | MatiereGAR] = chain(vue.export.mefs, vue.export.matieres)
    for nomenclature in nomenclatures:
        if not nomenclature.libelle.strip():
            message = f"{nomenclature.uai} : {nomenclature.code} n'a pas de libellé ; son code est envoyé à la place."
            reste = replace(nomenclature, libelle=nomenclature.code)
            yield nomenclature, reste, nomenclature.uai, nomenclature.code, message


REGLES: tuple[RegleGAR, ...] = (
    gar_cle_en_double,
    gar_etablissement_inconnu,
    *PERSONNES,
    gar_personne_inconnue,
    gar_statut_inconnu,
    gar_code_en_double,
    gar_groupe_inconnu,
    gar_division_inconnue,
    gar_groupe_vide,
    gar_mef_inconnu,
    gar_matiere_mal_codee,
    gar_matiere_inconnue,
    gar_libelle_vide,
)
