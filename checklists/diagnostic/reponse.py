"""The answer: what the layers say, the first broken link, the day on which the ENT will show the repair."""

from datetime import date, datetime

from checklists.diagnostic.assistance import write_ticket
from checklists.diagnostic.causes import CAUSES
from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.eleves import examine_eleve
from checklists.diagnostic.individus import examine_individu
from checklists.diagnostic.modele import (
    COUCHES,
    Cause,
    Cible,
    CoucheChaine,
    Diagnostic,
    EtatMaillon,
    Examen,
    Genre,
    Maillon,
    Probleme,
    Route,
)
from checklists.diagnostic.relais import ESSENTIELS, Etape, foresee, walk
from checklists.diagnostic.responsables import examine_responsable
from checklists.diagnostic.structures import examine_structure
from checklists.diagnostic.surveiller import find_remarques
from exchanges.enums import EtatCompteENT, Relais
from exchanges.models import Etablissement
from exchanges.templatetags.entsite import jour as en_jour


_EXAMENS = {
    Genre.ELEVE: examine_eleve,
    Genre.RESPONSABLE: examine_responsable,
    Genre.INDIVIDU: examine_individu,
    Genre.GROUPE: examine_structure,
    Genre.DIVISION: examine_structure,
}
_AMONT = (CoucheChaine.EDT, CoucheChaine.STS, CoucheChaine.SIECLE)
# What another cause already says of the same fact: the second is not told.
_REDITES = {
    "GROUPE_B_01": ("eleve_sans_mef", "fiche_bloquante"),
    "eleve_sans_mef": ("fiche_bloquante",),
    "eleve_sans_division": ("fiche_bloquante",),
    "eleve_en_double": ("ine_manquant",),
    "REJELEGROUPE_02": ("eleve_en_double",),
    "fratrie_educonnect": ("responsable_en_double",),
    "enseignant_inconnu": ("service_sans_enseignant",),
    "groupe_refuse_par_sts": ("groupe_nom_non_conforme", "groupe_nom_avec_point", "nom_de_structure_en_double"),
    "groupe_tronque_par_sts": ("groupe_nom_non_conforme",),
}


def diagnose(etablissement: Etablissement, cible: Cible, jour: date, maintenant: datetime) -> Diagnostic:
    """Why the ENT of a school does not show somebody or something as it should, on a day.

    Args:
        jour: a day to come counts as today.
        maintenant: the present instant of the school's académie.
    """
    contexte = Contexte(etablissement, jour, maintenant)
    examen = _EXAMENS[cible.genre](contexte, cible)
    problemes = sorted(examen.problemes, key=_rank)
    if problemes:
        return _answer_probleme(contexte, cible, examen, problemes)
    return _answer_relais(contexte, cible, examen)


def _rank(probleme: Probleme) -> tuple[str, int]:
    """The worst consequence first, then the first link of the chain."""
    return probleme.portee, COUCHES.index(probleme.couche)


# --- A link of the school is broken -------------------------------------------------------------


def _answer_probleme(contexte: Contexte, cible: Cible, examen: Examen, problemes: list[Probleme]) -> Diagnostic:
    premier = problemes[0]
    cause = CAUSES[premier.code]
    maillons = _links(examen, premier)
    echeances = foresee(contexte, Route.DEPOT if premier.code == "depot_en_attente" else cause.route)
    visible = _visible_on(contexte, echeances)
    if premier.attente:
        visible = contexte.local_day(
            contexte.calendrier.relais_from(contexte.calendrier.aaf_from(premier.attente))[Relais.ENT]
        )
    rupture = next((m for m in maillons if m.etat == EtatMaillon.RUPTURE), None)
    return Diagnostic(
        cible=cible,
        titre=examen.titre,
        jour=contexte.jour,
        phrase=premier.symptome,
        maillons=tuple(maillons),
        rupture=rupture,
        cause=cause,
        action=premier.faire or cause.faire,
        visible_le=visible,
        echeances={str(relais): quand for relais, quand in echeances.items()},
        ticket=write_ticket(contexte, cible, examen, maillons, cause) if cause.guichet else None,
        surveiller=_remarks(contexte, cible, [p.code for p in problemes]),
        autres=tuple((p.code, f"{p.symptome} {p.preuve}") for p in problemes[1:] if p.code != premier.code),
    )


def _links(examen: Examen, premier: Probleme) -> list[Maillon]:
    """The chain up to the broken link; nothing is said of what comes after it."""
    rang = COUCHES.index(premier.couche)
    etat = EtatMaillon.EN_ATTENTE if premier.is_en_attente else EtatMaillon.RUPTURE
    maillons = []
    for autre, couche in enumerate(COUCHES):
        if autre == rang:
            maillons.append(Maillon(couche, etat, premier.preuve, premier.depuis))
        elif autre < rang:
            maillons.append(_sound(examen, couche))
        else:
            maillons.append(Maillon(couche, EtatMaillon.SANS_OBJET))
    return maillons


def _sound(examen: Examen, couche: CoucheChaine) -> Maillon:
    """A link of the school where nothing is wrong: proven, or of no matter."""
    if couche not in examen.preuves:
        return Maillon(couche, EtatMaillon.SANS_OBJET)
    preuve, depuis = examen.preuves[couche]
    return Maillon(couche, EtatMaillon.OK, preuve, depuis)


def _visible_on(contexte: Contexte, echeances) -> date | None:
    return contexte.local_day(echeances.get(Relais.ENT))


def _remarks(contexte: Contexte, cible: Cible, codes: list[str]) -> tuple[tuple[str, str], ...]:
    tus = {*codes, *(redite for code in codes for redite in _REDITES.get(code, ()))}
    return tuple((code, phrase) for code, phrase in find_remarques(contexte, cible).items() if code not in tus)


# --- The data are right in the school: the relays decide ---------------------------------------


def _answer_relais(contexte: Contexte, cible: Cible, examen: Examen) -> Diagnostic:
    etapes = [_check_compte(etape, examen) for etape in walk(contexte, examen)]
    maillons = [*(_sound(examen, couche) for couche in _AMONT), *(etape.maillon for etape in etapes)]
    decisive = _find_decisive(etapes)
    cause = CAUSES[decisive.code] if decisive else None
    rupture = decisive.maillon if decisive and decisive.maillon.etat == EtatMaillon.RUPTURE else None
    is_ticket = cause is None or bool(cause.guichet)
    visible, echeances = _foresee_relais(contexte, decisive, etapes, cause)
    return Diagnostic(
        cible=cible,
        titre=examen.titre,
        jour=contexte.jour,
        phrase=_tell(examen, decisive, visible),
        maillons=tuple(maillons),
        rupture=rupture,
        cause=cause,
        action=cause.faire if cause else "",
        visible_le=visible,
        echeances=echeances,
        ticket=write_ticket(contexte, cible, examen, maillons, cause) if is_ticket else None,
        surveiller=_remarks(contexte, cible, []),
    )


def _check_compte(etape: Etape, examen: Examen) -> Etape:
    """The ENT carries the person; her account must be there and active."""
    maillon = etape.maillon
    if maillon.couche != CoucheChaine.ENT or maillon.etat != EtatMaillon.OK or examen.compte is None:
        return etape
    if examen.compte.etat == EtatCompteENT.ACTIF:
        preuve = f"{maillon.preuve} Compte « {examen.compte.login} » actif."
        return Etape(Maillon(maillon.couche, EtatMaillon.OK, preuve, maillon.depuis))
    code = "compte_desactive" if examen.compte.etat else "compte_absent"
    preuve = CAUSES[code].titre
    return Etape(Maillon(maillon.couche, EtatMaillon.RUPTURE, preuve, examen.compte.depuis), code)


def _find_decisive(etapes: list[Etape]) -> Etape | None:
    """The first relay that does not show the facts; a late GAR or Moodle comes after what the ENT lacks."""
    return next((etape for etape in etapes if etape.code), None)


def _foresee_relais(
    contexte: Contexte, decisive: Etape | None, etapes: list[Etape], cause: Cause | None
) -> tuple[date | None, dict[str, datetime]]:
    if decisive is None or cause is None:
        return None, {}
    if decisive.maillon.etat == EtatMaillon.RUPTURE:
        prevues = foresee(contexte, cause.route)
        return _visible_on(contexte, prevues), {str(relais): quand for relais, quand in prevues.items()}
    attendues = {str(e.maillon.couche): e.visible_le for e in etapes if e.visible_le}
    ent = next((e for e in etapes if e.maillon.couche == CoucheChaine.ENT), decisive)
    quand = ent.visible_le if decisive.maillon.couche in ESSENTIELS else decisive.visible_le
    return contexte.local_day(quand), attendues


def _tell(examen: Examen, decisive: Etape | None, visible: date | None) -> str:
    if decisive is None:
        return f"{examen.titre} : les données sont correctes partout. Si l'ENT montre autre chose, ouvrez un dossier."
    couche = decisive.maillon.couche
    if decisive.maillon.etat == EtatMaillon.EN_ATTENTE:
        quand = f" : visible {en_jour(visible)}" if visible else ""
        ou = "dans l'ENT" if couche in ESSENTIELS else f"dans {couche}"
        return f"{examen.titre} : le changement est en chemin {ou}{quand}."
    if decisive.code.startswith("compte_"):
        return f"{examen.titre} n'a pas de compte actif dans l'ENT."
    return f"{examen.titre} : {decisive.maillon.preuve.rstrip('.')}. L'ENT montre encore les données d'avant."
