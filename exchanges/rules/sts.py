"""The structure that STS-Web holds, and the one that EDT sends it: names, divisions, groupes, MEF.

Rules look at ``EDT_vers_STS`` first, then at ``sts_emp``, and say a fault once when both files have it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from exchanges.enums import Gravite
from exchanges.parsers.records import Division, FichierEDT, FichierNomenclatures, FichierStructures, FichierSTS, Groupe
from exchanges.rules.base import rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.noms import TAILLE_MAX, is_nom_conforme, propose_noms


__all__ = ["REGLES", "codes_of", "find_rentree", "is_en_preparation", "join_codes", "read_sources", "structures_of"]

_CODES_MAX = 5


def read_sources(base: Base) -> list[FichierEDT | FichierSTS]:
    """What EDT sends, then what STS holds; absent files left out."""
    return [fichier for fichier in (base.edt, base.sts) if fichier is not None]


def structures_of(fichier: FichierEDT | FichierSTS) -> tuple[Division | Groupe, ...]:
    """Divisions, then groupes, in the order of the file."""
    return (*fichier.divisions, *fichier.groupes)


def codes_of(fichier: FichierEDT | FichierSTS | FichierStructures) -> list[str]:
    """Codes of the divisions, then of the groupes, in the order of the file."""
    return [division.code for division in fichier.divisions] + [groupe.code for groupe in fichier.groupes]


def join_codes(codes: Iterable[str]) -> str:
    """« 6A, 6B, 6C, 6D, 6E et 3 autres »: a list bounded for a message, each code once."""
    uniques = list(dict.fromkeys(codes))
    reste = len(uniques) - _CODES_MAX
    if reste <= 0:
        return ", ".join(uniques)
    return f"{', '.join(uniques[:_CODES_MAX])} et {reste} autre{'s' if reste > 1 else ''}"


def is_en_preparation(base: Base) -> bool:
    """Whether the files show that the year of ``sts_emp`` has not begun; unknown counts as begun.

    ``sts_emp`` is not dated: the year of ``Communs.xml`` and the HORODATAGE of its export tell.
    """
    if base.sts is None or base.commun is None:
        return False
    if base.sts.entete.annee != base.commun.entete.annee:
        return base.sts.entete.annee > base.commun.entete.annee
    periode, horodatage = base.commun.annee_eleves, base.commun.entete.horodatage
    return periode is not None and horodatage is not None and horodatage.date() < periode.debut


def find_rentree(sts: FichierSTS) -> date | None:
    """The first administrative day of the file's year (``sts_edt.md`` §2.1); ``None`` when it is not a year."""
    annee = sts.entete.annee
    return date(int(annee), 9, 1) if re.fullmatch("[12][0-9]{3}", annee) else None


def _groupes(base: Base) -> dict[str, Groupe]:
    """Groupes of both files by code; EDT's own when both have one."""
    groupes: dict[str, Groupe] = {}
    for fichier in read_sources(base):
        for groupe in fichier.groupes:
            groupes.setdefault(groupe.code, groupe)
    return groupes


def _divisions(base: Base) -> dict[str, Division]:
    divisions: dict[str, Division] = {}
    for fichier in read_sources(base):
        for division in fichier.divisions:
            divisions.setdefault(division.code, division)
    return divisions


def _with_siecle(base: Base) -> list[FichierEDT | FichierSTS | FichierStructures]:
    return [*read_sources(base), *([base.structures] if base.structures else [])]


def _propose(base: Base, codes: Iterable[str]) -> dict[str, str]:
    """A proposal for each of these codes, free among every name of the school."""
    return propose_noms(codes, {code for fichier in _with_siecle(base) for code in codes_of(fichier)})


def _is_avec_point(code: str) -> bool:
    return "." in code and is_nom_conforme(code.replace(".", "_"))


def _explain(code: str) -> str:
    if len(code) > TAILLE_MAX:
        return f"{len(code)} caractères au lieu de {TAILLE_MAX} au plus"
    return "des caractères que STS-Web n'accepte pas" if code else "il est vide"


@rule("division_nom_non_conforme", "STRUCTURE", Gravite.AVERTISSEMENT)
def division_nom_non_conforme(base: Base) -> Iterator[Constat]:
    """Le nom de la division ne respecte pas les règles de nommage.

    Huit caractères au plus : lettres, chiffres, espace, tiret, souligné. Un autre nom peut ne pas avoir de
    correspondance entre EDT, STS-Web et l'ENT. Renommez la division dans STS-Web (Structure > Divisions), faites
    Exports > Structure, puis Exports > Emploi du temps pour EDT.
    """
    fautifs = [code for code in _divisions(base) if not is_nom_conforme(code)]
    for code, proposition in _propose(base, fautifs).items():
        yield None, code, f"Division « {code} » : {_explain(code)}. Nom proposé : « {proposition} »."


@rule("groupe_nom_non_conforme", "STRUCTURE", Gravite.ERREUR)
def groupe_nom_non_conforme(base: Base) -> Iterator[Constat]:
    """Le nom du groupe ne respecte pas les règles de STS-Web.

    Huit caractères au plus : lettres, chiffres, espace, tiret, souligné. STS-Web rejette le groupe : il n'existera
    ni dans SIECLE ni dans l'ENT. Renommez-le dans EDT, puis refaites l'import dans STS-Web (Imports > Emploi du
    temps), Exports > Structure et Exports > Services.
    """
    fautifs = [code for code in _groupes(base) if not is_nom_conforme(code) and not _is_avec_point(code)]
    for code, proposition in _propose(base, fautifs).items():
        yield None, code, f"Groupe « {code} » : {_explain(code)}. Nom proposé : « {proposition} »."


@rule("groupe_nom_avec_point", "STRUCTURE", Gravite.AVERTISSEMENT)
def groupe_nom_avec_point(base: Base) -> Iterator[Constat]:
    """Le nom du groupe contient un point.

    Le point n'est pas dans la liste des caractères que STS-Web accepte : le groupe risque d'être rejeté, ou renommé
    sans le point. Renommez-le dans EDT, puis refaites l'import dans STS-Web (Imports > Emploi du temps),
    Exports > Structure et Exports > Services.
    """
    fautifs = [code for code in _groupes(base) if _is_avec_point(code)]
    for code, proposition in _propose(base, fautifs).items():
        yield None, code, f"Groupe « {code} » : le nom contient un point. Nom proposé : « {proposition} »."


@rule("nom_de_structure_en_double", "STRUCTURE", Gravite.ERREUR)
def nom_de_structure_en_double(base: Base) -> Iterator[Constat]:
    """Une division et un groupe portent le même nom.

    Les deux partagent un seul espace de noms : STS-Web ne garde que la division. Renommez le groupe dans EDT, puis
    refaites l'import dans STS-Web (Imports > Emploi du temps), Exports > Structure et Exports > Services.
    """
    doubles: dict[str, None] = {}
    for fichier in _with_siecle(base):
        divisions = {division.code for division in fichier.divisions}
        doubles |= {groupe.code: None for groupe in fichier.groupes if groupe.code in divisions}
    for code, proposition in _propose(base, doubles).items():
        yield (
            None,
            code,
            f"« {code} » est à la fois une division et un groupe. Nom proposé au groupe : « {proposition} ».",
        )


@rule("groupe_sans_division", "STRUCTURE", Gravite.ERREUR)
def groupe_sans_division(base: Base) -> Iterator[Constat]:
    """Le groupe n'est rattaché à aucune division.

    Aucun élève ne pourrait y être inscrit : SIECLE rejettera ses liens élève-groupe. Rattachez-le à ses divisions
    dans STS-Web (Structure > Groupes) ou dans EDT, puis faites Exports > Structure.
    """
    for groupe in _groupes(base).values():
        if not groupe.divisions:
            yield None, groupe.code, f"Le groupe « {groupe.code} » n'a aucune division."


@rule("groupe_division_inconnue", "STRUCTURE", Gravite.ERREUR)
def groupe_division_inconnue(base: Base) -> Iterator[Constat]:
    """Le groupe est rattaché à une division qui n'existe pas.

    Ce rattachement est perdu à l'import : les élèves de cette division n'entreront pas dans le groupe. Créez la
    division dans STS-Web (Structure > Divisions) ou corrigez le groupe dans EDT, puis refaites l'import dans STS-Web
    (Imports > Emploi du temps).
    """
    connues = _divisions(base)
    if not connues:
        return
    for groupe in _groupes(base).values():
        inconnues = [code for code in groupe.divisions if code not in connues]
        if inconnues:
            yield (
                None,
                groupe.code,
                f"Le groupe « {groupe.code} » est rattaché à une division inconnue de STS : {join_codes(inconnues)}.",
            )


@rule("groupe_sans_mef", "STRUCTURE", Gravite.AVERTISSEMENT)
def groupe_sans_mef(base: Base) -> Iterator[Constat]:
    """Le groupe n'est rattaché à aucune formation (MEF).

    SIECLE ne saura pas quels élèves peuvent y entrer et rejettera leurs inscriptions (GROUPE_A_01, GROUPE_B_02).
    Rattachez-le à ses MEF dans STS-Web (Structure > Groupes), puis faites Exports > Structure et déposez à nouveau
    les liens élève-groupe.
    """
    if base.sts is None or not any(groupe.mefs for groupe in base.sts.groupes):
        return  # a file that gives no MEF to any groupe leaves them to the divisions
    for groupe in base.sts.groupes:
        if groupe.divisions and not groupe.mefs:
            yield None, groupe.code, f"Le groupe « {groupe.code} » n'a aucun MEF, alors que d'autres groupes en ont."


@rule("division_sans_mef", "STRUCTURE", Gravite.AVERTISSEMENT)
def division_sans_mef(base: Base) -> Iterator[Constat]:
    """La division n'est rattachée à aucune formation (MEF).

    SIECLE ne pourra y affecter aucun élève sans anomalie. Rattachez-la à ses MEF dans STS-Web (Structure >
    Divisions), puis faites Exports > Structure.
    """
    for division in base.sts.divisions if base.sts else ():
        if not division.mefs:
            yield None, division.code, f"La division « {division.code} » n'a aucun MEF."


@rule("mef_inconnu", "STRUCTURE", Gravite.AVERTISSEMENT)
def mef_inconnu(base: Base) -> Iterator[Constat]:
    """Une division ou un groupe de STS est rattaché à une formation (MEF) qui n'est pas ouverte.

    SIECLE ne pourra pas y inscrire d'élève dans cette formation. Dans SIECLE Nomenclatures, recevez, sélectionnez
    puis profilez la formation, ou demandez-en l'envoi à l'académie ; sinon corrigez le MEF dans STS-Web (Structure >
    Divisions). Faites ensuite Exports > Structure.
    """
    if base.sts is None:
        return
    porteurs: dict[str, list[str]] = {}
    for structure in structures_of(base.sts):
        for mef in structure.mefs:
            porteurs.setdefault(mef, []).append(structure.code)
    for mef, codes in porteurs.items():
        if defaut := _find_defaut(mef, base.sts, base.nomenclatures):
            yield None, mef, f"Le MEF {mef} ({join_codes(codes)}) {defaut}."


def _find_defaut(mef: str, sts: FichierSTS, nomenclatures: FichierNomenclatures | None) -> str:
    """What is wrong with a MEF, as the end of a sentence; ``""`` when it is open (``siecle.md`` §2.4)."""
    if sts.mefs and mef not in {connu.code for connu in sts.mefs}:
        return "n'est pas dans la nomenclature du fichier de STS-Web"
    if nomenclatures is None or not nomenclatures.mefs:
        return ""
    connu = next((connu for connu in nomenclatures.mefs if connu.code == mef), None)
    if connu is None:
        return "n'est pas dans la nomenclature de SIECLE"
    if not connu.is_selectionne:
        return "n'est pas sélectionné dans SIECLE Nomenclatures"
    fermeture, rentree = connu.date_fermeture, find_rentree(sts)
    return f"est fermé depuis le {fermeture:%d/%m/%Y}" if fermeture and rentree and fermeture < rentree else ""


@rule("structure_sans_eleve", "STRUCTURE", Gravite.AVERTISSEMENT)
def structure_sans_eleve(base: Base) -> Iterator[Constat]:
    """La division ou le groupe n'a aucun élève, ni prévu ni calculé.

    STS-Web peut refuser un groupe d'effectif nul, et l'ENT affichera un groupe vide. Si la structure ne sert plus,
    supprimez-la dans STS-Web (Structure > Divisions ou Structure > Groupes) ; sinon saisissez son effectif prévu dans
    EDT, puis refaites l'import (Imports > Emploi du temps).
    """
    structures: list[Division | Groupe] = [*_divisions(base).values(), *_groupes(base).values()]
    for structure in structures:
        effectifs = (structure.effectif_prevu, structure.effectif_calcule)
        if 0 in effectifs and not any(effectifs):
            yield None, structure.code, f"« {structure.code} » a un effectif nul."


@rule("groupes_reconduits", "STRUCTURE", Gravite.AVERTISSEMENT)
def groupes_reconduits(base: Base) -> Iterator[Constat]:
    """Des groupes de l'année précédente ont été reconduits à la bascule.

    L'année n'a pas commencé et STS-Web a déjà des groupes sans aucun service : ils se mêleront à ceux qu'EDT
    enverra. Supprimez-les dans STS-Web, année en préparation (Structure > Groupes), et ne basculez que les divisions.
    """
    if base.sts is None or not base.sts.groupes or not is_en_preparation(base):
        return
    if not any(structure.services for structure in structures_of(base.sts)):
        codes = [groupe.code for groupe in base.sts.groupes]
        yield None, "", f"{len(codes)} groupe(s) déjà présent(s) sans aucun service : {join_codes(codes)}."


REGLES: tuple[RegleDossier, ...] = (
    division_nom_non_conforme,
    groupe_nom_non_conforme,
    groupe_nom_avec_point,
    nom_de_structure_en_double,
    groupe_sans_division,
    groupe_division_inconnue,
    groupe_sans_mef,
    division_sans_mef,
    mef_inconnu,
    structure_sans_eleve,
    groupes_reconduits,
)
