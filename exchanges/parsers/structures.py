"""Divisions and groupes, of ``BEE_STRUCTURES``, ``STS_EDT`` and ``EDT_STS`` (``formats/siecle.md`` §2.3).

SIECLE says ``@CODE_STRUCTURE`` and child ``CODE_MEF``; STS says ``@CODE`` everywhere and adds effectifs and
SERVICES (``formats/sts_edt.md`` §2.4), the timetable software adds placed COURS (§3). One shape reads all.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import Cours, Division, Enseignement, FichierStructures, Groupe, Service
from exchanges.parsers.shape import Frame, Node, bloc, fiche, ignores, liste, textes, valeurs
from exchanges.parsers.values import parse_bool, parse_int, parse_jour, parse_minutes
from exchanges.parsers.xml import Content


def _division(frame: Frame) -> Division:
    get = frame.get
    return Division(
        code=code_of(frame, "CODE_STRUCTURE"),
        libelle=get("LIBELLE_LONG", ""),
        mefs=_mefs(frame),
        effectif_prevu=_effectif(get("EFFECTIF_PREVU")),
        services=merge_services(get("SERVICE", ())),
        effectif_calcule=_effectif(get("EFFECTIF_CALCULE")),
    )


def _groupe(frame: Frame) -> Groupe:
    get = frame.get
    return Groupe(
        code=code_of(frame, "CODE_STRUCTURE"),
        libelle=get("LIBELLE_LONG", ""),
        mefs=_mefs(frame),
        divisions=tuple(get("DIVISION_APPARTENANCE", ())),
        effectif_prevu=_effectif(get("EFFECTIF_PREVU")),
        services=merge_services(get("SERVICE", ())),
        effectif_calcule=_effectif(get("EFFECTIF_CALCULE")),
        effectif_max=_effectif(get("EFFECTIF_MAX_EDT")),
    )


def _mefs(frame: Frame) -> tuple[str, ...]:
    return (*frame.get("MEF_APPARTENANCE", ()), *frame.get("MEF", ()))


def _effectif(texte: str | None) -> int | None:
    return parse_int(texte) if texte else None


def code_of(frame: Frame, nom: str) -> str:
    """``@CODE``, ``@CODE_X`` or child ``CODE_X``, whichever is there (``formats/sts_edt.md`` §2.2)."""
    code: str = frame.get("@CODE") or frame.get(f"@{nom}") or frame.get(nom, "")
    return code


def _code_mef(frame: Frame) -> str | None:
    return code_of(frame, "CODE_MEF") or None


def _code_division(frame: Frame) -> str | None:
    return code_of(frame, "CODE_STRUCTURE") or None


def merge_services(lus: Sequence[Service]) -> tuple[Service, ...]:
    """One Service per (matière, modalité).

    A key that repeats with other enseignants is one service given by several: hours and enseignements are
    summed, never overwritten (``formats/sts_edt.md`` §2.4).
    """
    if len(lus) < 2:
        return tuple(lus)
    services: dict[tuple[str, str], Service] = {}
    for service in lus:
        deja = services.get((service.matiere, service.modalite))
        services[service.matiere, service.modalite] = _sum_services(deja, service) if deja else service
    return tuple(services.values())


def _service(frame: Frame) -> Service:
    get = frame.get
    return Service(
        matiere=get("@CODE_MATIERE", ""),
        modalite=get("@CODE_MOD_COURS") or "CG",
        heures=get("HEURES_STRUCTURE", ""),
        is_co_enseignement=bool(parse_bool(get("CO_ENS", ""))),
        enseignements=tuple(get("ENSEIGNANT", ())),
    )


def _enseignement(frame: Frame) -> Enseignement:
    get = frame.get
    return Enseignement(
        individu_type=get("@TYPE") or "epp",
        individu_id=get("@ID", ""),
        heures=get("HEURES_AGENT", ""),
        ponderation=get("TAUX_PONDERATION", ""),
        cours=tuple(get("COURS", ())),
    )


def _cours(frame: Frame) -> Cours | None:
    """A placed course; ``None`` when its place in the week cannot be read."""
    get = frame.get
    alternance, jour, debut, duree = get("CODE_ALTERNANCE"), get("JOUR"), get("HEURE_DEBUT"), get("DUREE")
    if alternance is None or jour is None or debut is None or duree is None:
        return None
    return Cours(alternance, jour, debut, duree, get("CODE_SALLE", ""))


def _sum_services(deja: Service, encore: Service) -> Service:
    return Service(
        matiere=deja.matiere,
        modalite=deja.modalite,
        heures=_sum_heures(deja.heures, encore.heures),
        is_co_enseignement=deja.is_co_enseignement or encore.is_co_enseignement,
        enseignements=deja.enseignements + encore.enseignements,
    )


def _sum_heures(une: str, autre: str) -> str:
    if not une or not autre:
        return une or autre
    try:
        return str(Decimal(une) + Decimal(autre))
    except InvalidOperation:
        return une


_APPARTENANCE = {
    **textes("CODE_MEF CODE_STRUCTURE"),
    **ignores("EFFECTIF_PREVU EFFECTIF_CALCULE EFFECTIF_MAX_EDT LIBELLE_LONG"),
}
_COURS = Node(
    {
        **textes("CODE_ALTERNANCE CODE_SALLE"),
        **valeurs("JOUR", parse_jour),
        **valeurs("HEURE_DEBUT DUREE", parse_minutes),
    },
    convertit=_cours,
)
_ENSEIGNANT = {**textes("HEURES_AGENT TAUX_PONDERATION"), "COURS_RATTACHES": liste({"COURS": _COURS})}
_SERVICE = {
    **textes("HEURES_STRUCTURE CO_ENS"),
    "ENSEIGNANTS": liste({"ENSEIGNANT": Node(_ENSEIGNANT, convertit=_enseignement)}),
}
_COMMUNS = {
    **textes("LIBELLE_LONG EFFECTIF_PREVU EFFECTIF_CALCULE EFFECTIF_MAX_EDT CODE_STRUCTURE"),
    **ignores("CODE_CONTRAT CODE_RNE"),
    "MEFS_APPARTENANCE": liste(dict.fromkeys(("MEF_APPARTENANCE", "MEF"), Node(_APPARTENANCE, convertit=_code_mef))),
    "SERVICES": liste({"SERVICE": Node(_SERVICE, convertit=_service)}),
}
_GROUPE = {
    **_COMMUNS,
    "DIVISIONS_APPARTENANCE": liste({"DIVISION_APPARTENANCE": Node(_APPARTENANCE, convertit=_code_division)}),
}
_GROUPES = bloc({"GROUPE": fiche("groupes", _groupe, _GROUPE)})
DIVISIONS_GROUPES = {
    "DIVISIONS": bloc(
        {
            "DIVISION": fiche("divisions", _division, _COMMUNS),
            "GROUPES": _GROUPES,  # met inside DIVISIONS in real uploads (formats/sts_edt.md §3)
        }
    ),
    "GROUPES": _GROUPES,
}

FORME = document(DIVISIONS_GROUPES)


def make_fichier(content: Content) -> FichierStructures:
    """The records of a ``BEE_STRUCTURES`` file.

    Raises FichierRefuse entete_incomplete.
    """
    return FichierStructures(
        entete=make_entete(content, TypeFichier.STRUCTURES),
        inconnus=content.inconnus,
        remarques=make_remarques(content),
        divisions=tuple(content.fiches.get("divisions", ())),
        groupes=tuple(content.fiches.get("groupes", ())),
    )
