"""Faults planted on purpose in a school, each the only cause of the anomaly it names (``formats/siecle.md`` §3.4-3.6).

A fault never touches an élève or a groupe that another fault already touches, so that what was planted is exactly
what has to be found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TypeVar

from exchanges.generator.ecoles import Ecole, Faute
from exchanges.generator.eleves import normalize
from exchanges.generator.noms import draw_nom, draw_prenom
from exchanges.parsers.records import Eleve, EleveDepose, Groupe, Inscription


Plantation = Callable[[Ecole, Random], Ecole]
_FAUTES_MAX = 4
_T = TypeVar("_T")


def plant(ecole: Ecole, code: str, rng: Random) -> Ecole:
    """The same school with one more fault, added to ``ecole.fautes``.

    Args:
        ecole: left unchanged.
        code: a key of ``PLANTATIONS``: an anomaly code of SIECLE, ``GROUPE_A_01_INCONNU`` for a ``GROUPE_A_01``
            whose groupe is not in STS either, ``eleve_absent`` or ``groupe_vide``, of which SIECLE says nothing.
        rng: chooses the élève or the groupe.

    Raises:
        ValueError: the code is unknown, or nothing in the school can bear that fault any more.
    """
    if code not in PLANTATIONS:
        raise ValueError(f"La faute {code} est inconnue ; fautes possibles : {', '.join(PLANTATIONS)}.")
    return PLANTATIONS[code][0](ecole, rng)


def plant_some(ecole: Ecole, rng: Random) -> Ecole:
    """The same school with one to four faults of different kinds, the commonest first in likelihood."""
    voulues = rng.randint(1, _FAUTES_MAX)
    ordre = sorted(PLANTATIONS, key=lambda code: -(rng.random() ** (1 / PLANTATIONS[code][1])))
    for code in ordre:
        if len(ecole.fautes) == voulues:
            break
        try:
            ecole = plant(ecole, code, rng)
        except ValueError:  # a very small school has no room for it: the next kind will do
            continue
    return ecole


class _Terrain:
    """Who and what is still untouched in a school."""

    def __init__(self, ecole: Ecole):
        self._objets = {faute.objet for faute in ecole.fautes}
        self._eleves = {eleve.eleve_id: eleve for eleve in ecole.eleves.eleves}
        self._identites: dict[tuple[str, str, object], int] = {}
        self.membres: dict[str, list[EleveDepose]] = {}
        for depose in ecole.elegroupe.eleves:
            self._identites[_identify(depose)] = self._identites.get(_identify(depose), 0) + 1
            for inscription in depose.inscriptions:
                self.membres.setdefault(inscription.groupe, []).append(depose)
        self.groupes = [groupe for groupe in ecole.structures.groupes if self._is_free_groupe(groupe)]
        self.deposes = [depose for depose in ecole.elegroupe.eleves if self._is_free(depose)]

    def _is_sound(self, depose: EleveDepose) -> bool:
        return depose.identifiant not in self._objets and self._identites[_identify(depose)] == 1

    def _is_free(self, depose: EleveDepose) -> bool:
        touched = any(inscription.groupe in self._objets for inscription in depose.inscriptions)
        return self._is_sound(depose) and not touched

    def _is_free_groupe(self, groupe: Groupe) -> bool:
        membres = self.membres.get(groupe.code, [])
        return groupe.code not in self._objets and len(membres) >= 2 and all(map(self._is_sound, membres))

    def choose_groupe(self, rng: Random) -> Groupe:
        return rng.choice(_at_least_one(self.groupes))

    def choose_depose(self, rng: Random) -> EleveDepose:
        return rng.choice(_at_least_one(self.deposes))

    def fiche(self, depose: EleveDepose) -> Eleve:
        return self._eleves[depose.eleve_id]


def _identify(depose: EleveDepose) -> tuple[str, str, object]:
    return normalize(depose.nom_de_famille), normalize(depose.prenom), depose.date_naissance


def _at_least_one(candidats: list[_T]) -> list[_T]:
    if not candidats:
        raise ValueError("Plus rien dans cette école ne peut porter cette faute.")
    return candidats


def _forget_export(ecole: Ecole, rng: Random) -> Ecole:
    """The groupe was created in STS after the last Export Structure: BEE does not know it."""
    terrain = _Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    groupes = tuple(groupe for groupe in ecole.structures.groupes if groupe.code != code)
    nombre = len(terrain.membres[code])
    detail = f"Le groupe {code} ({nombre} élèves) est dans STS, pas dans SIECLE : l'export Structure reste à faire."
    return _add(replace(ecole, structures=replace(ecole.structures, groupes=groupes)), "GROUPE_A_01", code, detail)


def _misspell_groupe(ecole: Ecole, rng: Random) -> Ecole:
    """Part of a groupe was moved, in the timetable software, to a groupe that exists nowhere else."""
    terrain = _Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    membres = terrain.membres[code]
    faux = _misspell(code, set(terrain.membres) | {groupe.code for groupe in ecole.sts.groupes})
    partants = {depose.identifiant for depose in membres[: len(membres) // 2]}

    def rename(depose: EleveDepose) -> EleveDepose:
        if depose.identifiant not in partants:
            return depose
        return _edit_inscription(depose, code, lambda inscription: replace(inscription, groupe=faux))

    detail = f"Le groupe {faux} ({len(partants)} élèves), écrit pour {code}, n'est ni dans STS ni dans SIECLE."
    return _add(_edit_deposes(ecole, rename), "GROUPE_A_01", faux, detail)


def _misspell(code: str, connus: set[str]) -> str:
    """A code close to this one, of 8 characters at most, that nobody bears."""
    essais = (*(code[:-1] + lettre for lettre in "XZW"), *(f"X{numero}" for numero in range(1000)))
    return next(essai for essai in essais if essai not in connus)


def _lose_mef(ecole: Ecole, rng: Random) -> Ecole:
    """The élève is in BEE without MEF, hence without division."""
    terrain = _Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fautive = replace(terrain.fiche(depose), mef="", division="")
    detail = f"L'élève {_name(depose)} n'a pas de MEF dans SIECLE."
    return _add(_edit_fiche(ecole, fautive), "GROUPE_B_01", depose.identifiant, detail)


def _join_other_mef(ecole: Ecole, rng: Random) -> Ecole:
    """The élève was put into one groupe more, of another level."""
    terrain = _Terrain(ecole)
    depose = terrain.choose_depose(rng)
    mef = terrain.fiche(depose).mef
    groupe = rng.choice(_at_least_one([groupe for groupe in terrain.groupes if mef not in groupe.mefs]))
    modele = depose.inscriptions[0]
    ajoutee = replace(depose, inscriptions=(*depose.inscriptions, replace(modele, groupe=groupe.code)))
    detail = f"L'élève {_name(depose)} est dans le groupe {groupe.code}, qui n'est pas rattaché à son MEF {mef}."
    return _add(_replace_depose(ecole, depose, ajoutee), "GROUPE_B_02", depose.identifiant, detail)


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
    depose = _Terrain(ecole).choose_depose(rng)
    groupe = rng.choice(depose.inscriptions).groupe
    courbe = _edit_inscription(depose, groupe, bend)
    detail = f"L'inscription de l'élève {_name(depose)} dans le groupe {groupe} {phrase}."
    return _add(_replace_depose(ecole, depose, courbe), code, depose.identifiant, detail)


def _end_too_late(ecole: Ecole, rng: Random) -> Ecole:
    """The calendar of the timetable software ends some days after SIECLE's, for one groupe."""
    terrain = _Terrain(ecole)
    code = terrain.choose_groupe(rng).code
    fin = ecole.periode.fin + timedelta(days=rng.randint(1, 5))
    fautive = _edit_deposes(
        ecole,
        lambda depose: _edit_inscription(depose, code, lambda inscription: replace(inscription, date_fin=fin)),
    )
    nombre = len(terrain.membres[code])
    detail = f"Les {nombre} inscriptions du groupe {code} finissent le {fin:%d/%m/%Y}, après l'année scolaire."
    return _add(fautive, "ELEGRP_A_03", code, detail)


def _add_inconnu(ecole: Ecole, rng: Random) -> Ecole:
    """Somebody typed in the timetable software whom BEE knows neither by identifier nor by name."""
    modele = _Terrain(ecole).choose_depose(rng)
    noms = {normalize(nom) for eleve in ecole.eleves.eleves for nom in (eleve.nom_de_famille, eleve.nom_usage)}
    nom = draw_nom(rng)
    while normalize(nom) in noms:
        nom = f"{nom}-{draw_nom(rng)}"[:100]
    inconnu = replace(
        modele, eleve_id=_free_eleve_id(ecole), nom_de_famille=nom, prenom=draw_prenom(rng, rng.choice("12"))
    )
    elegroupe = replace(ecole.elegroupe, eleves=(*ecole.elegroupe.eleves, inconnu))
    detail = f"L'élève {_name(inconnu)} est inconnu de SIECLE, par son identifiant comme par son nom."
    return _add(replace(ecole, elegroupe=elegroupe), "REJELEGROUPE_01", inconnu.identifiant, detail)


def _make_homonymes(ecole: Ecole, rng: Random) -> Ecole:
    """BEE holds two fiches of the same identity and the deposit names the élève by an identifier it does not know."""
    terrain = _Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fiche = terrain.fiche(depose)
    jumelle = replace(
        fiche, eleve_id=_free_eleve_id(ecole), elenoet="", ine="", ine_rnie="", mef="", division="", options=()
    )
    liens = tuple(
        replace(lien, eleve_id=jumelle.eleve_id)
        for lien in ecole.responsables.liens
        if lien.eleve_id == fiche.eleve_id
    )
    ecole = replace(
        ecole,
        eleves=replace(ecole.eleves, eleves=(*ecole.eleves.eleves, jumelle)),
        responsables=replace(ecole.responsables, liens=(*ecole.responsables.liens, *liens)),
    )
    ambigu = replace(depose, eleve_id="", id_prv_ele=_free_id_prv(ecole, rng))
    detail = (
        f"L'élève {_name(depose)} a deux fiches dans SIECLE ({fiche.eleve_id} et {jumelle.eleve_id}) "
        "et le fichier l'envoie sous un identifiant inconnu ; ce nom compte donc parmi les absents."
    )
    return _add(_replace_depose(ecole, depose, ambigu), "REJELEGROUPE_02", ambigu.identifiant, detail)


def _send_twice(ecole: Ecole, rng: Random) -> Ecole:
    """The same élève comes twice, by ELEVE_ID then by INE, or by a private identifier when she has no INE."""
    terrain = _Terrain(ecole)
    depose = terrain.choose_depose(rng)
    fiche = terrain.fiche(depose)
    seconde = replace(depose, eleve_id="", ine=fiche.ine, id_prv_ele="" if fiche.ine else _free_id_prv(ecole, rng))
    elegroupe = replace(ecole.elegroupe, eleves=(*ecole.elegroupe.eleves, seconde))
    detail = f"L'élève {_name(depose)} est deux fois dans le fichier ({depose.identifiant} et {seconde.identifiant})."
    return _add(replace(ecole, elegroupe=elegroupe), "REJELEGROUPE_03", seconde.identifiant, detail)


def _omit_eleves(ecole: Ecole, rng: Random) -> Ecole:
    """Part of a division is not in the file; no groupe is left empty."""
    terrain = _Terrain(ecole)
    divisions: dict[str, list[EleveDepose]] = {}
    for depose in terrain.deposes:
        divisions.setdefault(terrain.fiche(depose).division, []).append(depose)
    code = rng.choice(_at_least_one(sorted(divisions)))
    effectifs = {groupe: len(membres) for groupe, membres in terrain.membres.items()}
    voulus = rng.sample(divisions[code], min(len(divisions[code]), rng.randint(3, 10)))
    omis = set(_pick_removable(voulus, effectifs))
    _at_least_one(list(omis))
    restants = tuple(depose for depose in ecole.elegroupe.eleves if depose.identifiant not in omis)
    detail = f"Élèves de la division {code} absents du fichier : {', '.join(sorted(omis))}."
    fautive = replace(ecole, elegroupe=replace(ecole.elegroupe, eleves=restants))
    return _add(fautive, "eleve_absent", code, detail)


def _pick_removable(deposes: Iterable[EleveDepose], effectifs: dict[str, int]) -> Iterator[str]:
    for depose in deposes:
        groupes = [inscription.groupe for inscription in depose.inscriptions]
        if all(effectifs[groupe] > 1 for groupe in groupes):
            for groupe in groupes:
                effectifs[groupe] -= 1
            yield depose.identifiant


def _empty_groupe(ecole: Ecole, rng: Random) -> Ecole:
    """Nobody was put into the groupe in the timetable software."""
    terrain = _Terrain(ecole)
    candidats = [
        groupe.code
        for groupe in terrain.groupes
        if all(len(depose.inscriptions) > 1 for depose in terrain.membres[groupe.code])
    ]
    code = rng.choice(_at_least_one(candidats))

    def leave(depose: EleveDepose) -> EleveDepose:
        gardees = tuple(inscription for inscription in depose.inscriptions if inscription.groupe != code)
        return depose if len(gardees) == len(depose.inscriptions) else replace(depose, inscriptions=gardees)

    detail = f"Le groupe {code} n'a aucun élève dans le fichier."
    return _add(_edit_deposes(ecole, leave), "groupe_vide", code, detail)


# kind: (what plants it, how likely it is beside the others)
PLANTATIONS: dict[str, tuple[Plantation, float]] = {
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


def _add(ecole: Ecole, code: str, objet: str, detail: str) -> Ecole:
    return replace(ecole, fautes=(*ecole.fautes, Faute(code=code, objet=objet, detail=detail)))


def _edit_deposes(ecole: Ecole, edit: Callable[[EleveDepose], EleveDepose]) -> Ecole:
    return replace(ecole, elegroupe=replace(ecole.elegroupe, eleves=tuple(map(edit, ecole.elegroupe.eleves))))


def _replace_depose(ecole: Ecole, ancien: EleveDepose, nouveau: EleveDepose) -> Ecole:
    return _edit_deposes(ecole, lambda depose: nouveau if depose is ancien else depose)


def _edit_inscription(depose: EleveDepose, groupe: str, edit: Callable[[Inscription], Inscription]) -> EleveDepose:
    if all(inscription.groupe != groupe for inscription in depose.inscriptions):
        return depose
    editees = tuple(edit(i) if i.groupe == groupe else i for i in depose.inscriptions)
    return replace(depose, inscriptions=editees)


def _edit_fiche(ecole: Ecole, fiche: Eleve) -> Ecole:
    eleves = tuple(fiche if eleve.eleve_id == fiche.eleve_id else eleve for eleve in ecole.eleves.eleves)
    return replace(ecole, eleves=replace(ecole.eleves, eleves=eleves))


def _free_eleve_id(ecole: Ecole) -> str:
    """An ELEVE_ID of this school's range that neither BEE nor the deposit bears."""
    connus = [eleve.eleve_id for eleve in ecole.eleves.eleves]
    connus += [depose.eleve_id for depose in ecole.elegroupe.eleves if depose.eleve_id]
    return str(max(map(int, connus)) + 1)


def _free_id_prv(ecole: Ecole, rng: Random) -> str:
    """A private identifier (0 to 99999) that nobody bears."""
    connus = {eleve.id_prv_ele for eleve in ecole.eleves.eleves}
    connus |= {depose.id_prv_ele for depose in ecole.elegroupe.eleves}
    while (numero := str(rng.randint(10_000, 99_999))) in connus:
        pass
    return numero


def _name(depose: EleveDepose) -> str:
    return f"{depose.nom_de_famille} {depose.prenom} ({depose.identifiant})"
