"""Faults of the structure that STS-Web holds, and of its likeness with SIECLE and EDT (``sts_edt.md`` §2.4, §3.1)."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.fautes.edition import (
    add,
    edit_deposes,
    edit_division,
    edit_groupe,
    edit_inscription,
    free_code,
    list_codes,
    remove_groupe,
)
from exchanges.generator.fautes.terrain import Terrain, at_least_one


_STS = ("sts", "edt")
_DIVISION_INCONNUE = "9Z8"
_MEF_INCONNU = "88810010120"


def _create_in_sts(ecole: Ecole, rng: Random) -> Ecole:
    """A groupe created in STS since the last Export Structure, in which nobody is yet."""
    modele, _ = Terrain(ecole).choose_service(rng)
    code = free_code(modele.code, list_codes(ecole))
    for nom in _STS:
        fichier = getattr(ecole, nom)
        ajoutes = (replace(groupe, code=code) for groupe in fichier.groupes if groupe.code == modele.code)
        ecole = replace(ecole, **{nom: replace(fichier, groupes=(*fichier.groupes, *ajoutes))})
    return add(ecole, "structure_absente_de_siecle", f"Le groupe {code} vient d'être créé dans STS.", code)


def _delete_from_sts(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    detail = f"Le groupe {groupe.code} a été supprimé de STS, SIECLE le connaît encore."
    return add(remove_groupe(ecole, groupe.code, _STS), "structure_absente_de_sts", detail, groupe.code)


def _rename(ecole: Ecole, code: str, nouveau: str) -> Ecole:
    """The groupe under another name wherever it is named, deposit included."""
    ecole = edit_groupe(ecole, code, ("structures", *_STS), lambda groupe: replace(groupe, code=nouveau))
    groupes = tuple(
        replace(groupe, nom=nouveau) if groupe.nom == code else groupe for groupe in ecole.emploi_du_temps.groupes
    )
    ecole = replace(ecole, emploi_du_temps=replace(ecole.emploi_du_temps, groupes=groupes))
    return edit_deposes(
        ecole, lambda depose: edit_inscription(depose, code, lambda inscription: replace(inscription, groupe=nouveau))
    )


def _insert(ecole: Ecole, rng: Random, signe: str, faute: str) -> Ecole:
    """A sign that STS does not take, in place of the last but one of the name."""
    groupe, _ = Terrain(ecole).choose_service(rng)
    nouveau = f"{groupe.code[:-2]}{signe}{groupe.code[-1]}"
    if nouveau in list_codes(ecole):
        raise ValueError(f"Le nom {nouveau} est déjà pris.")
    detail = f"Le groupe {groupe.code} s'appelle partout {nouveau}."
    return add(_rename(ecole, groupe.code, nouveau), faute, detail, nouveau)


def _write_slash(ecole: Ecole, rng: Random) -> Ecole:
    return _insert(ecole, rng, rng.choice("/'+"), "groupe_nom_non_conforme")


def _write_point(ecole: Ecole, rng: Random) -> Ecole:
    return _insert(ecole, rng, ".", "groupe_nom_avec_point")


def _rename_division(ecole: Ecole, rng: Random) -> Ecole:
    """A division whose name holds a sign that STS does not take, everywhere."""
    code = Terrain(ecole).choose_division(rng).code
    nouveau = f"{code[:6]}/{len(code)}"
    for nom in ("structures", *_STS):
        fichier = getattr(ecole, nom)
        divisions = tuple(replace(d, code=nouveau) if d.code == code else d for d in fichier.divisions)
        groupes = tuple(
            replace(g, divisions=tuple(nouveau if d == code else d for d in g.divisions)) for g in fichier.groupes
        )
        ecole = replace(ecole, **{nom: replace(fichier, divisions=divisions, groupes=groupes)})
    individus = tuple(
        replace(
            individu,
            principal_de=tuple(
                replace(mandat, division=nouveau) if mandat.division == code else mandat
                for mandat in individu.principal_de
            ),
        )
        for individu in ecole.sts.individus
    )
    eleves = tuple(replace(e, division=nouveau) if e.division == code else e for e in ecole.eleves.eleves)
    divisions_edt = tuple(replace(d, nom=nouveau) if d.nom == code else d for d in ecole.emploi_du_temps.divisions)
    fautive = replace(
        ecole,
        sts=replace(ecole.sts, individus=individus),
        eleves=replace(ecole.eleves, eleves=eleves),
        emploi_du_temps=replace(ecole.emploi_du_temps, divisions=divisions_edt),
    )
    return add(fautive, "division_nom_non_conforme", f"La division {code} s'appelle partout {nouveau}.", nouveau)


def _name_like_division(ecole: Ecole, rng: Random) -> Ecole:
    terrain = Terrain(ecole)
    groupe, _ = terrain.choose_service(rng)
    pris = {structure.code for structure in ecole.structures.groupes}
    code = terrain.choose_division(rng).code
    if code in pris:
        raise ValueError(f"Un groupe s'appelle déjà {code}.")
    detail = f"Le groupe {groupe.code} s'appelle partout {code}, comme une division."
    return add(_rename(ecole, groupe.code, code), "nom_de_structure_en_double", detail, code)


def _lose_divisions(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    fautive = edit_groupe(ecole, groupe.code, _STS, lambda g: replace(g, divisions=()))
    return add(fautive, "groupe_sans_division", f"Le groupe {groupe.code} n'a aucune division.", groupe.code)


def _draw_from_unknown_division(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    fautive = edit_groupe(ecole, groupe.code, _STS, lambda g: replace(g, divisions=(*g.divisions, _DIVISION_INCONNUE)))
    detail = f"Le groupe {groupe.code} est rattaché à la division {_DIVISION_INCONNUE}, qui n'existe pas."
    return add(fautive, "groupe_division_inconnue", detail, groupe.code)


def _lose_mefs_of_groupe(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    fautive = edit_groupe(ecole, groupe.code, ("sts",), lambda g: replace(g, mefs=()))
    return add(fautive, "groupe_sans_mef", f"Le groupe {groupe.code} n'a aucun MEF dans STS.", groupe.code)


def _lose_mefs_of_division(ecole: Ecole, rng: Random) -> Ecole:
    code = Terrain(ecole).choose_division(rng).code
    fautive = edit_division(ecole, code, ("sts",), lambda division: replace(division, mefs=()))
    return add(fautive, "division_sans_mef", f"La division {code} n'a aucun MEF dans STS.", code)


def _follow_unknown_mef(ecole: Ecole, rng: Random) -> Ecole:
    code = Terrain(ecole).choose_division(rng).code
    fautive = edit_division(
        ecole, code, ("sts",), lambda division: replace(division, mefs=(*division.mefs, _MEF_INCONNU))
    )
    detail = f"La division {code} est rattachée dans STS au MEF {_MEF_INCONNU}, qui n'existe pas."
    return add(fautive, "mef_inconnu", detail, _MEF_INCONNU)


def _expect_nobody(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    fautive = edit_groupe(ecole, groupe.code, _STS, lambda g: replace(g, effectif_prevu=0, effectif_calcule=None))
    fautive = edit_groupe(fautive, groupe.code, ("sts",), lambda g: replace(g, effectif_calcule=0))
    return add(fautive, "structure_sans_eleve", f"Le groupe {groupe.code} a un effectif nul.", groupe.code)


def _carry_over(ecole: Ecole, rng: Random) -> Ecole:
    """In July, year in preparation: the groupes of the former year are still in STS, without any service."""
    if ecole.fautes:
        raise ValueError("Les groupes reconduits ne se mêlent à aucune autre faute.")
    export = datetime.combine(ecole.periode.debut, time(18)) - timedelta(days=rng.randint(40, 60))
    bee = ("eleves", "responsables", "structures", "commun", "nomenclatures", "geographique", "etablissements")
    for nom in bee:
        fichier = getattr(ecole, nom)
        ecole = replace(ecole, **{nom: replace(fichier, entete=replace(fichier.entete, horodatage=export))})
    detail = f"Les {len(ecole.sts.groupes)} groupes de STS, sans service, sont ceux de l'année précédente."
    return add(remove_services(ecole), "groupes_reconduits", detail)


def remove_services(ecole: Ecole) -> Ecole:
    """The timetable has not been sent to STS: no structure has any service there."""
    sts = replace(
        ecole.sts,
        divisions=tuple(replace(division, services=()) for division in ecole.sts.divisions),
        groupes=tuple(replace(groupe, services=()) for groupe in ecole.sts.groupes),
    )
    return replace(ecole, sts=sts)


def _lengthen(ecole: Ecole, rng: Random) -> Ecole:
    """EDT gives the groupe a long name, of which the first eight characters name no groupe of STS."""
    groupe, _ = Terrain(ecole).choose_service(rng)
    long = f"GROUPE-{groupe.code}"
    at_least_one([g for g in ecole.emploi_du_temps.groupes if g.nom == groupe.code])
    groupes = tuple(replace(g, nom=long) if g.nom == groupe.code else g for g in ecole.emploi_du_temps.groupes)
    fautive = replace(ecole, emploi_du_temps=replace(ecole.emploi_du_temps, groupes=groupes))
    detail = f"Le groupe {groupe.code} s'appelle {long} dans EDT."
    return add(fautive, "groupe_perdu_par_troncature", detail, long)


PLANTATIONS = {
    "structure_absente_de_siecle": (_create_in_sts, 3.0),
    "structure_absente_de_sts": (_delete_from_sts, 1.0),
    "division_nom_non_conforme": (_rename_division, 0.5),
    "groupe_nom_non_conforme": (_write_slash, 2.0),
    "groupe_nom_avec_point": (_write_point, 1.0),
    "nom_de_structure_en_double": (_name_like_division, 0.5),
    "groupe_sans_division": (_lose_divisions, 1.0),
    "groupe_division_inconnue": (_draw_from_unknown_division, 0.5),
    "groupe_sans_mef": (_lose_mefs_of_groupe, 1.0),
    "division_sans_mef": (_lose_mefs_of_division, 0.5),
    "mef_inconnu": (_follow_unknown_mef, 0.5),
    "structure_sans_eleve": (_expect_nobody, 1.0),
    "groupes_reconduits": (_carry_over, 0.5),
    "groupe_perdu_par_troncature": (_lengthen, 2.0),
}
