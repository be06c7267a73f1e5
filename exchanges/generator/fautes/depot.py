"""Faults of the élève-groupe file (``formats/siecle.md`` §3.4-3.6), each the only cause of the anomaly it names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.eleves import normalize
from exchanges.generator.fautes.edition import (
    add,
    add_fiche,
    edit_deposes,
    edit_inscription,
    free_code,
    free_eleve_id,
    free_id_prv,
    list_codes,
    name,
    replace_depose,
    replace_fiche,
)
from exchanges.generator.fautes.terrain import Terrain, at_least_one
from exchanges.generator.noms import draw_nom, draw_prenom
from exchanges.parsers.records import EleveDepose, Inscription


def _forget_export(ecole: Ecole, rng: Random) -> Ecole:
    """The groupe was created in STS after the last Export Structure: BEE does not know it."""
    terrain = Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    groupes = tuple(groupe for groupe in ecole.structures.groupes if groupe.code != code)
    nombre = len(terrain.membres[code])
    detail = f"Le groupe {code} ({nombre} élèves) est dans STS, pas dans SIECLE : l'export Structure reste à faire."
    fautive = replace(ecole, structures=replace(ecole.structures, groupes=groupes))
    return add(fautive, "GROUPE_A_01", detail, code, consequences=[("structure_absente_de_siecle", code, "")])


def _misspell_groupe(ecole: Ecole, rng: Random) -> Ecole:
    """Part of a groupe was moved, in the timetable software, to a groupe that exists nowhere else."""
    terrain = Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    membres = terrain.membres[code]
    faux = free_code(code, list_codes(ecole))
    partants = {depose.identifiant for depose in membres[: len(membres) // 2]}

    def rename(depose: EleveDepose) -> EleveDepose:
        if depose.identifiant not in partants:
            return depose
        return edit_inscription(depose, code, lambda inscription: replace(inscription, groupe=faux))

    detail = f"Le groupe {faux} ({len(partants)} élèves), écrit pour {code}, n'est ni dans STS ni dans SIECLE."
    return add(edit_deposes(ecole, rename), "GROUPE_A_01", detail, faux)


def _lose_mef(ecole: Ecole, rng: Random) -> Ecole:
    """The élève is in BEE without MEF, hence without division."""
    terrain = Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fautive = replace(terrain.fiche(depose), mef="", division="")
    detail = f"L'élève {name(depose)} n'a pas de MEF dans SIECLE."
    return add(
        replace_fiche(ecole, fautive),
        "GROUPE_B_01",
        detail,
        eleve_id=depose.eleve_id,
        consequences=[("eleve_sans_mef", "", depose.eleve_id), ("fiche_bloquante", "", depose.eleve_id)],
    )


def _join_other_mef(ecole: Ecole, rng: Random) -> Ecole:
    """The élève was put into one groupe more, of another level."""
    terrain = Terrain(ecole)
    depose = terrain.choose_depose(rng)
    mef = terrain.fiche(depose).mef
    groupe = rng.choice(at_least_one([groupe for groupe in terrain.groupes if mef not in groupe.mefs]))
    modele = depose.inscriptions[0]
    ajoutee = replace(depose, inscriptions=(*depose.inscriptions, replace(modele, groupe=groupe.code)))
    detail = f"L'élève {name(depose)} est dans le groupe {groupe.code}, qui n'est pas rattaché à son MEF {mef}."
    return add(replace_depose(ecole, depose, ajoutee), "GROUPE_B_02", detail, groupe.code, depose.eleve_id)


def _swap_dates(ecole: Ecole, rng: Random) -> Ecole:
    """An inscription ends before it starts, both days inside the year."""
    jour = ecole.periode.debut

    def swap(inscription: Inscription) -> Inscription:
        return replace(inscription, date_debut=jour + timedelta(days=120), date_fin=jour + timedelta(days=60))

    return _bend_one(ecole, rng, swap, "ELEGRP_A_01", "commence après sa fin")


def _start_too_early(ecole: Ecole, rng: Random) -> Ecole:
    """An inscription starts before the élève year."""
    debut = ecole.periode.debut - timedelta(days=rng.randint(7, 14))
    phrase = f"commence le {debut:%d/%m/%Y}, avant l'année scolaire"
    return _bend_one(ecole, rng, lambda inscription: replace(inscription, date_debut=debut), "ELEGRP_A_02", phrase)


def _bend_one(ecole: Ecole, rng: Random, bend: Callable[[Inscription], Inscription], code: str, phrase: str) -> Ecole:
    depose = Terrain(ecole).choose_depose(rng)
    groupe = rng.choice(depose.inscriptions).groupe
    courbe = edit_inscription(depose, groupe, bend)
    detail = f"L'inscription de l'élève {name(depose)} dans le groupe {groupe} {phrase}."
    return add(replace_depose(ecole, depose, courbe), code, detail, groupe, depose.eleve_id)


def _end_too_late(ecole: Ecole, rng: Random) -> Ecole:
    """The calendar of the timetable software ends some days after SIECLE's, for one groupe."""
    terrain = Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    fin = ecole.periode.fin + timedelta(days=rng.randint(1, 5))
    fautive = edit_deposes(
        ecole,
        lambda depose: edit_inscription(depose, code, lambda inscription: replace(inscription, date_fin=fin)),
    )
    nombre = len(terrain.membres[code])
    detail = f"Les {nombre} inscriptions du groupe {code} finissent le {fin:%d/%m/%Y}, après l'année scolaire."
    return add(fautive, "ELEGRP_A_03", detail, code)


def _add_inconnu(ecole: Ecole, rng: Random) -> Ecole:
    """Somebody typed in the timetable software whom BEE knows neither by identifier nor by name."""
    modele = Terrain(ecole).choose_depose(rng)
    noms = {normalize(nom) for eleve in ecole.eleves.eleves for nom in (eleve.nom_de_famille, eleve.nom_usage)}
    nom = draw_nom(rng)
    while normalize(nom) in noms:
        nom = f"{nom}-{draw_nom(rng)}"[:100]
    inconnu = replace(
        modele, eleve_id=free_eleve_id(ecole), nom_de_famille=nom, prenom=draw_prenom(rng, rng.choice("12"))
    )
    elegroupe = replace(ecole.elegroupe, eleves=(*ecole.elegroupe.eleves, inconnu))
    detail = f"L'élève {name(inconnu)} est inconnu de SIECLE, par son identifiant comme par son nom."
    return add(replace(ecole, elegroupe=elegroupe), "REJELEGROUPE_01", detail, eleve_id=inconnu.identifiant)


def _make_homonymes(ecole: Ecole, rng: Random) -> Ecole:
    """BEE holds two fiches of the same identity and the deposit names the élève by an identifier it does not know."""
    terrain = Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fiche = terrain.fiche(depose)
    jumelle = replace(
        fiche, eleve_id=free_eleve_id(ecole), elenoet="", ine="", ine_rnie="", mef="", division="", options=()
    )
    ecole = add_fiche(ecole, jumelle, fiche)
    ambigu = replace(depose, eleve_id="", id_prv_ele=free_id_prv(ecole, rng))
    detail = (
        f"L'élève {name(depose)} a deux fiches dans SIECLE ({fiche.eleve_id} et {jumelle.eleve_id}) "
        "et le fichier l'envoie sous un identifiant inconnu ; ce nom compte donc parmi les absents."
    )
    return add(
        replace_depose(ecole, depose, ambigu),
        "REJELEGROUPE_02",
        detail,
        eleve_id=ambigu.identifiant,
        consequences=[
            ("ine_manquant", "", jumelle.eleve_id),
            ("eleve_sans_mef", "", jumelle.eleve_id),
            ("fiche_bloquante", "", jumelle.eleve_id),
            ("eleve_en_double", f"{fiche.eleve_id} / {jumelle.eleve_id}", jumelle.eleve_id),
        ],
    )


def _send_twice(ecole: Ecole, rng: Random) -> Ecole:
    """The same élève comes twice, by ELEVE_ID then by INE, or by a private identifier when she has no INE."""
    terrain = Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fiche = terrain.fiche(depose)
    seconde = replace(depose, eleve_id="", ine=fiche.ine, id_prv_ele="" if fiche.ine else free_id_prv(ecole, rng))
    elegroupe = replace(ecole.elegroupe, eleves=(*ecole.elegroupe.eleves, seconde))
    detail = f"L'élève {name(depose)} est deux fois dans le fichier ({depose.identifiant} et {seconde.identifiant})."
    return add(replace(ecole, elegroupe=elegroupe), "REJELEGROUPE_03", detail, eleve_id=fiche.eleve_id)


def _omit_eleves(ecole: Ecole, rng: Random) -> Ecole:
    """Part of a division is not in the file; no groupe is left empty."""
    terrain = Terrain(ecole)
    divisions: dict[str, list[EleveDepose]] = {}
    for depose in terrain.deposes:
        divisions.setdefault(terrain.fiche(depose).division, []).append(depose)
    code = rng.choice(at_least_one(sorted(divisions)))
    effectifs = {groupe: len(membres) for groupe, membres in terrain.membres.items()}
    voulus = rng.sample(divisions[code], min(len(divisions[code]), rng.randint(3, 10)))
    omis = set(_pick_removable(voulus, effectifs))
    at_least_one(list(omis))
    restants = tuple(depose for depose in ecole.elegroupe.eleves if depose.identifiant not in omis)
    detail = f"Élèves de la division {code} absents du fichier : {', '.join(sorted(omis))}."
    fautive = replace(ecole, elegroupe=replace(ecole.elegroupe, eleves=restants))
    return add(fautive, "eleve_absent", detail, code)


def _pick_removable(deposes: Iterable[EleveDepose], effectifs: dict[str, int]) -> Iterator[str]:
    for depose in deposes:
        groupes = [inscription.groupe for inscription in depose.inscriptions]
        if all(effectifs[groupe] > 1 for groupe in groupes):
            for groupe in groupes:
                effectifs[groupe] -= 1
            yield depose.identifiant


def _empty_groupe(ecole: Ecole, rng: Random) -> Ecole:
    """Nobody was put into the groupe in the timetable software."""
    terrain = Terrain(ecole)
    candidats = [
        groupe.code
        for groupe in terrain.groupes
        if all(len(depose.inscriptions) > 1 for depose in terrain.membres[groupe.code])
    ]
    code = rng.choice(at_least_one(candidats))

    def leave(depose: EleveDepose) -> EleveDepose:
        gardees = tuple(inscription for inscription in depose.inscriptions if inscription.groupe != code)
        return depose if len(gardees) == len(depose.inscriptions) else replace(depose, inscriptions=gardees)

    detail = f"Le groupe {code} n'a aucun élève dans le fichier."
    return add(edit_deposes(ecole, leave), "groupe_vide", detail, code)


PLANTATIONS = {
    "GROUPE_A_01": (_forget_export, 6.0),
    "GROUPE_A_01_INCONNU": (_misspell_groupe, 3.0),
    "GROUPE_B_01": (_lose_mef, 2.0),
    "GROUPE_B_02": (_join_other_mef, 2.0),
    "ELEGRP_A_01": (_swap_dates, 1.0),
    "ELEGRP_A_02": (_start_too_early, 1.0),
    "ELEGRP_A_03": (_end_too_late, 3.0),
    "REJELEGROUPE_01": (_add_inconnu, 3.0),
    "REJELEGROUPE_02": (_make_homonymes, 0.5),
    "REJELEGROUPE_03": (_send_twice, 1.0),
    "eleve_absent": (_omit_eleves, 2.0),
    "groupe_vide": (_empty_groupe, 2.0),
}
