"""The same school with one thing changed, in one file or in all those that name it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import TypeVar

from exchanges.generator.ecoles import Ecole
from exchanges.generator.faits import Faute
from exchanges.parsers.records import (
    Division,
    Eleve,
    EleveDepose,
    Groupe,
    Inscription,
    LienResponsable,
    Personne,
    Service,
)


Consequence = tuple[str, str, str]  # code, objet, eleve_id
_STS = ("sts", "edt")
_S = TypeVar("_S", Division, Groupe)


def add(
    ecole: Ecole,
    code: str,
    detail: str,
    objet: str = "",
    eleve_id: str = "",
    consequences: Iterable[Consequence] = (),
) -> Ecole:
    """The school with one fault more in its list, followed by what it entails in other rules."""
    suites = (Faute(suite, sur, detail, qui, cause=code) for suite, sur, qui in consequences)
    return replace(ecole, fautes=(*ecole.fautes, Faute(code, objet, detail, eleve_id), *suites))


def edit_deposes(ecole: Ecole, edit: Callable[[EleveDepose], EleveDepose]) -> Ecole:
    return replace(ecole, elegroupe=replace(ecole.elegroupe, eleves=tuple(map(edit, ecole.elegroupe.eleves))))


def replace_depose(ecole: Ecole, ancien: EleveDepose, nouveau: EleveDepose) -> Ecole:
    return edit_deposes(ecole, lambda depose: nouveau if depose is ancien else depose)


def edit_inscription(depose: EleveDepose, groupe: str, edit: Callable[[Inscription], Inscription]) -> EleveDepose:
    if all(inscription.groupe != groupe for inscription in depose.inscriptions):
        return depose
    editees = tuple(edit(i) if i.groupe == groupe else i for i in depose.inscriptions)
    return replace(depose, inscriptions=editees)


def replace_fiche(ecole: Ecole, fiche: Eleve) -> Ecole:
    eleves = tuple(fiche if eleve.eleve_id == fiche.eleve_id else eleve for eleve in ecole.eleves.eleves)
    return replace(ecole, eleves=replace(ecole.eleves, eleves=eleves))


def add_fiche(ecole: Ecole, fiche: Eleve, modele: Eleve) -> Ecole:
    """One fiche more, with the responsables of ``modele``."""
    liens = (lien for lien in ecole.responsables.liens if lien.eleve_id == modele.eleve_id)
    ajoutes = tuple(replace(lien, eleve_id=fiche.eleve_id) for lien in liens)
    return replace(
        ecole,
        eleves=replace(ecole.eleves, eleves=(*ecole.eleves.eleves, fiche)),
        responsables=replace(ecole.responsables, liens=(*ecole.responsables.liens, *ajoutes)),
    )


def replace_personne(ecole: Ecole, personne: Personne) -> Ecole:
    personnes = tuple(personne if p.personne_id == personne.personne_id else p for p in ecole.responsables.personnes)
    return replace(ecole, responsables=replace(ecole.responsables, personnes=personnes))


def add_personne(ecole: Ecole, personne: Personne, liens: Iterable[LienResponsable] = ()) -> Ecole:
    """One responsable more, with its links."""
    responsables = replace(
        ecole.responsables,
        personnes=(*ecole.responsables.personnes, personne),
        liens=(*ecole.responsables.liens, *liens),
    )
    return replace(ecole, responsables=responsables)


def edit_groupe(ecole: Ecole, code: str, fichiers: Iterable[str], edit: Callable[[Groupe], Groupe]) -> Ecole:
    """Change a groupe in some of ``structures``, ``sts``, ``edt``."""
    for nom in fichiers:
        fichier = getattr(ecole, nom)
        groupes = _edit_one(fichier.groupes, code, edit)
        ecole = replace(ecole, **{nom: replace(fichier, groupes=groupes)})
    return ecole


def edit_division(ecole: Ecole, code: str, fichiers: Iterable[str], edit: Callable[[Division], Division]) -> Ecole:
    """Change a division in some of ``structures``, ``sts``, ``edt``."""
    for nom in fichiers:
        fichier = getattr(ecole, nom)
        divisions = _edit_one(fichier.divisions, code, edit)
        ecole = replace(ecole, **{nom: replace(fichier, divisions=divisions)})
    return ecole


def _edit_one(structures: tuple[_S, ...], code: str, edit: Callable[[_S], _S]) -> tuple[_S, ...]:
    return tuple(edit(structure) if structure.code == code else structure for structure in structures)


def edit_services(
    ecole: Ecole, code: str, edit: Callable[[tuple[Service, ...]], tuple[Service, ...]], fichiers: Iterable[str] = _STS
) -> Ecole:
    """Change the services of a groupe, in ``sts`` and in ``edt`` unless told otherwise."""
    return edit_groupe(ecole, code, fichiers, lambda groupe: replace(groupe, services=edit(groupe.services)))


def remove_groupe(ecole: Ecole, code: str, fichiers: Iterable[str]) -> Ecole:
    """Take a groupe out of some of ``structures``, ``sts``, ``edt``."""
    for nom in fichiers:
        fichier = getattr(ecole, nom)
        groupes = tuple(groupe for groupe in fichier.groupes if groupe.code != code)
        ecole = replace(ecole, **{nom: replace(fichier, groupes=groupes)})
    return ecole


def rename_groupe(ecole: Ecole, code: str, nouveau: str) -> Ecole:
    """The groupe under another name wherever it is named, deposit included."""
    ecole = edit_groupe(ecole, code, ("structures", "sts", "edt"), lambda groupe: replace(groupe, code=nouveau))
    groupes = tuple(
        replace(groupe, nom=nouveau) if groupe.nom == code else groupe for groupe in ecole.emploi_du_temps.groupes
    )
    ecole = replace(ecole, emploi_du_temps=replace(ecole.emploi_du_temps, groupes=groupes))
    return edit_deposes(
        ecole, lambda depose: edit_inscription(depose, code, lambda inscription: replace(inscription, groupe=nouveau))
    )


def free_eleve_id(ecole: Ecole) -> str:
    """An ELEVE_ID of this school's range that neither BEE nor the deposit bears."""
    connus = [eleve.eleve_id for eleve in ecole.eleves.eleves]
    connus += [depose.eleve_id for depose in ecole.elegroupe.eleves if depose.eleve_id]
    return str(max(map(int, connus)) + 1)


def free_personne_id(ecole: Ecole) -> str:
    """A PERSONNE_ID that nobody bears."""
    return str(max(int(personne.personne_id) for personne in ecole.responsables.personnes) + 1)


def free_id_prv(ecole: Ecole, rng: Random) -> str:
    """A private identifier (0 to 99999) that nobody bears."""
    connus = {eleve.id_prv_ele for eleve in ecole.eleves.eleves}
    connus |= {depose.id_prv_ele for depose in ecole.elegroupe.eleves}
    while (numero := str(rng.randint(10_000, 99_999))) in connus:
        pass
    return numero


def free_code(code: str, connus: Iterable[str]) -> str:
    """A code close to this one, of 8 characters at most, that no structure bears."""
    pris = set(connus)
    essais = (*(code[:-1] + lettre for lettre in "XZW"), *(f"X{numero}" for numero in range(1000)))
    return next(essai for essai in essais if essai not in pris)


def list_codes(ecole: Ecole) -> set[str]:
    """Every code of division or groupe in use, in any file."""
    structures: tuple[Division | Groupe, ...] = (
        *ecole.structures.divisions,
        *ecole.structures.groupes,
        *ecole.sts.divisions,
        *ecole.sts.groupes,
    )
    deposes = (inscription.groupe for depose in ecole.elegroupe.eleves for inscription in depose.inscriptions)
    return {*(structure.code for structure in structures), *deposes}


def name(qui: Eleve | EleveDepose) -> str:
    """« MODELE Maëlys (1002003) »."""
    identifiant = qui.eleve_id if isinstance(qui, Eleve) else qui.identifiant
    return f"{qui.nom_de_famille} {qui.prenom} ({identifiant})"


def free_individu_id(ecole: Ecole) -> str:
    """An ID of INDIVIDU that nobody bears, of any type."""
    portes = (int(individu.id) for individu in ecole.sts.individus)
    structures: tuple[Division | Groupe, ...] = (*ecole.sts.divisions, *ecole.sts.groupes)
    nommes = (
        int(enseignement.individu_id)
        for structure in structures
        for service in structure.services
        for enseignement in service.enseignements
    )
    return str(max((*portes, *nommes)) + 1)
