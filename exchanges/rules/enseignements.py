"""Services and who gives them, in STS-Web and in what EDT sends it (``sts_edt.md`` §2.3, §2.4, §3)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from exchanges.enums import Gravite
from exchanges.parsers.records import Division, FichierEDT, FichierSTS, Groupe, Service
from exchanges.rules.base import rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.sts import find_rentree, is_en_preparation, join_codes, read_sources, structures_of


__all__ = ["REGLES", "describe_individu", "describe_matiere", "has_services"]


def has_services(fichier: FichierEDT | FichierSTS) -> bool:
    """Whether one structure at least has a service: false before the timetable is sent to STS-Web."""
    return any(structure.services for structure in structures_of(fichier))


def describe_matiere(base: Base, code: str) -> str:
    """« 020700 FRANCAIS », from the nomenclature of STS, else of SIECLE; the bare code when unknown."""
    for fichier in (base.sts, base.nomenclatures):
        for matiere in fichier.matieres if fichier else ():
            if matiere.code == code and (matiere.libelle or matiere.code_gestion):
                return f"{code} {matiere.libelle or matiere.code_gestion}"
    return code


def describe_individu(base: Base, individu_id: str) -> str:
    """« MODELE Anne (1001) », or « 1001 » when STS does not name this ID."""
    for individu in base.sts.individus if base.sts else ():
        if individu.id == individu_id:
            return f"{individu.nom_usage or individu.nom_patronymique} {individu.prenom} ({individu.id})".strip()
    return individu_id


def _services(base: Base) -> Iterator[tuple[Division | Groupe, Service]]:
    """Services of both files with the structure that receives them, EDT's first."""
    for fichier in read_sources(base):
        for structure in structures_of(fichier):
            for service in structure.services:
                yield structure, service


@rule("services_vides", "SERVICES", Gravite.AVERTISSEMENT)
def services_vides(base: Base) -> Iterator[Constat]:
    """L'emploi du temps n'est pas encore remonté dans STS-Web.

    Aucune structure n'a de service : dans l'ENT, les enseignants n'ont ni classe ni discipline. Importez le fichier
    d'EDT dans STS-Web (Imports > Emploi du temps), puis faites Exports > Structure et Exports > Services. Si l'année
    n'a pas commencé, les groupes présents sont ceux de l'année précédente.
    """
    if base.sts and structures_of(base.sts) and not has_services(base.sts) and not is_en_preparation(base):
        yield None, "", "Aucune division ni aucun groupe de STS n'a de service."


@rule("groupe_sans_service", "SERVICES", Gravite.AVERTISSEMENT)
def groupe_sans_service(base: Base) -> Iterator[Constat]:
    """Le groupe n'a aucun service.

    Un groupe noté dans PRONOTE doit avoir dans STS-Web un service de sa discipline ; sans service, aucun enseignant
    ne lui est lié dans l'ENT. Ajoutez le service dans EDT et refaites l'import (Imports > Emploi du temps), ou
    saisissez-le dans STS-Web (Services et ARE > Services), puis faites Exports > Structure et Exports > Services.
    """
    vus: set[str] = set()
    for fichier in read_sources(base):
        for groupe in fichier.groupes if has_services(fichier) else ():
            if groupe.code not in vus and not groupe.services:
                yield None, groupe.code, f"Le groupe « {groupe.code} » n'a aucun service."
            vus.add(groupe.code)


@rule("service_sans_enseignant", "SERVICES", Gravite.AVERTISSEMENT)
def service_sans_enseignant(base: Base) -> Iterator[Constat]:
    """Le service n'a aucun enseignant.

    Dans l'ENT, personne n'enseignera cette matière à cette classe ou à ce groupe. Affectez un enseignant dans EDT et
    refaites l'import (Imports > Emploi du temps), ou dans STS-Web (Services et ARE > Rattachement ; Services
    suppléants > Saisie rapide pour une suppléance), puis faites Exports > Structure et Exports > Services.
    """
    pourvus: Counter[tuple[str, str, str]] = Counter()
    for structure, service in _services(base):
        pourvus[structure.code, service.matiere, service.modalite] += len(service.enseignements)
    for (code, matiere, modalite), nombre in pourvus.items():
        if not nombre:
            yield (
                None,
                code,
                f"« {code} » : le service {describe_matiere(base, matiere)} ({modalite}) n'a aucun enseignant.",
            )


@rule("enseignant_inconnu", "SERVICES", Gravite.ERREUR)
def enseignant_inconnu(base: Base) -> Iterator[Constat]:
    """Un service est donné à un enseignant que STS-Web ne connaît pas.

    Ce service n'aura pas d'enseignant : STS-Web ne reprend pas une personne sans correspondance. Remplaçant :
    vérifiez Ressources dans STS-Web ; suppléant : Services suppléants > Saisie rapide. Puis refaites
    Exports > Emploi du temps et, dans EDT, Imports/Exports > Avec STS-Web > Établir les correspondances.
    """
    if base.sts is None:
        return
    porteurs: dict[tuple[str, str], list[str]] = {}
    for fichier in read_sources(base):
        connus = _known_individus(base.sts, fichier)
        for structure in structures_of(fichier):
            for enseignement in (e for service in structure.services for e in service.enseignements):
                cle = (enseignement.individu_type, enseignement.individu_id)
                if cle not in connus:
                    porteurs.setdefault(cle, []).append(structure.code)
    for (type_individu, individu_id), codes in porteurs.items():
        yield (
            None,
            individu_id,
            f"L'enseignant {individu_id} ({type_individu}), nommé dans les services de {join_codes(codes)}, "
            "n'est pas dans STS.",
        )


def _known_individus(sts: FichierSTS, fichier: FichierEDT | FichierSTS) -> set[tuple[str, str]]:
    """(type, id) that a service may name: EDT does not always write a TYPE, a SUPPLEANT may have none (§2.3, §3)."""
    libres = [i.id for i in sts.individus if i.type == "suppleant" or isinstance(fichier, FichierEDT)]
    tous = {(type_individu, individu_id) for individu_id in libres for type_individu in ("epp", "local", "suppleant")}
    return tous | {(individu.type, individu.id) for individu in sts.individus}


@rule("enseignant_local", "SERVICES", Gravite.AVERTISSEMENT)
def enseignant_local(base: Base) -> Iterator[Constat]:
    """L'enseignant a été ajouté par l'établissement et n'est pas connu du rectorat (EPP).

    Il risque de n'avoir ni compte académique ni compte dans l'ENT. S'il vient d'être nommé, attendez que le rectorat
    l'affecte, puis rendez-lui ses services dans STS-Web (Services et ARE > Changement de support) et faites
    Exports > Structure et Exports > Services.
    """
    donnes = {
        (enseignement.individu_type, enseignement.individu_id)
        for _, service in _services(base)
        for enseignement in service.enseignements
    }
    for individu in base.sts.individus if base.sts else ():
        if individu.type == "local" and (individu.type, individu.id) in donnes:
            yield None, individu.id, f"{describe_individu(base, individu.id)} a des services et n'est pas dans EPP."


@rule("matiere_inconnue", "SERVICES", Gravite.AVERTISSEMENT)
def matiere_inconnue(base: Base) -> Iterator[Constat]:
    """Un service porte sur une matière absente des nomenclatures.

    Sans matière connue, le service n'a pas de discipline dans l'ENT. Sélectionnez la matière dans SIECLE
    Nomenclatures, profilez, puis refaites dans STS-Web Exports > Emploi du temps et, dans EDT, Imports/Exports > Avec
    STS-Web > Établir les correspondances.
    """
    connues = [
        (fichier.entete.type.libelle, {matiere.code for matiere in fichier.matieres})
        for fichier in (base.sts, base.nomenclatures)
        if fichier and fichier.matieres
    ]
    porteurs: dict[str, list[str]] = {}
    for structure, service in _services(base):
        porteurs.setdefault(service.matiere, []).append(structure.code)
    for code, structures in porteurs.items():
        absente_de = [libelle for libelle, codes in connues if code not in codes]
        if absente_de:
            yield (
                None,
                code,
                f"La matière {code} (services de {join_codes(structures)}) n'est pas dans : {join_codes(absente_de)}.",
            )


@rule("alternance_inconnue", "SERVICES", Gravite.ERREUR)
def alternance_inconnue(base: Base) -> Iterator[Constat]:
    """Des cours suivent une alternance que le fichier ne décrit pas.

    On ne sait pas quelles semaines ils ont lieu : ces cours ne sont pas repris. Vérifiez les périodes et les
    semaines dans EDT, puis refaites l'export (Imports/Exports > Avec STS-Web > Exporter avec
    l'assistant) et l'import dans STS-Web (Imports > Emploi du temps).
    """
    if base.edt is None:
        return
    connues = {alternance.code for alternance in base.edt.alternances}
    perdus = Counter(
        cours.alternance
        for structure in structures_of(base.edt)
        for service in structure.services
        for enseignement in service.enseignements
        for cours in enseignement.cours
        if cours.alternance not in connues
    )
    for code, nombre in perdus.items():
        yield None, code, f"L'alternance « {code} » est inconnue : {nombre} cours ne seront pas repris."


@rule("pp_perime", "SERVICES", Gravite.AVERTISSEMENT)
def pp_perime(base: Base) -> Iterator[Constat]:
    """La division n'a plus de professeur principal.

    Tous ses mandats sont terminés : l'ENT n'en montre plus aucun. Saisissez le nouveau professeur principal dans
    STS-Web (Services et ARE > Équipe pédagogique), puis faites Exports > Structure et Exports > Services. Les comptes
    de l'ENT n'en dépendent pas.
    """
    if base.sts is None:
        return
    jour = _reference_day(base)
    derniers: dict[str, tuple[date, str]] = {}
    for individu in base.sts.individus:
        for mandat in individu.principal_de:
            fin = (mandat.date_fin or date.max, individu.id)
            derniers[mandat.division] = max(fin, derniers.get(mandat.division, fin))
    for division in base.sts.divisions:
        fin_connue, individu_id = derniers.get(division.code, (date.max, ""))
        if jour and fin_connue < jour:
            nom = describe_individu(base, individu_id)
            yield (
                None,
                division.code,
                f"« {division.code} » : le dernier mandat, celui de {nom}, a fini le {fin_connue:%d/%m/%Y}.",
            )


def _reference_day(base: Base) -> date | None:
    """The day the files speak of: that of SIECLE's latest export, else the first of the élève year.

    ``sts_emp`` is not dated; an old mandate is history and stays in the file (``sts_edt.md`` §2.3).
    """
    fichiers = (base.eleves, base.responsables, base.structures, base.commun, base.nomenclatures)
    jours = [f.entete.horodatage.date() for f in fichiers if f and f.entete.horodatage]
    return max(jours, default=find_rentree(base.sts) if base.sts else None)


REGLES: tuple[RegleDossier, ...] = (
    services_vides,
    groupe_sans_service,
    service_sans_enseignant,
    enseignant_inconnu,
    enseignant_local,
    matiere_inconnue,
    alternance_inconnue,
    pp_perime,
)
