"""Divisions and groupes, of ``BEE_STRUCTURES``, ``STS_EDT`` and ``EDT_STS`` (``formats/siecle.md`` §2.3).

SIECLE says ``@CODE_STRUCTURE`` and child ``CODE_MEF``; STS says ``@CODE`` everywhere and adds effectifs and
SERVICES (``formats/sts_edt.md`` §2.4), the timetable software adds placed COURS (§3). One shape reads all.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import Cours, Division, Enseignement, FichierStructures, Groupe, Service
from exchanges.parsers.shape import Frame, Node, all_of, bloc, fiche, ignores, textes, valeurs
from exchanges.parsers.values import parse_bool, parse_int, parse_jour, parse_minutes
from exchanges.parsers.xml import Content


def _division(frame: Frame) -> Division:
    return Division(
        code=code_of(frame, "CODE_STRUCTURE"),
        libelle=frame.get("LIBELLE_LONG", ""),
        mefs=_mefs(frame),
        effectif_prevu=parse_int(frame.get("EFFECTIF_PREVU", "")),
        services=merge_services(all_of(frame, "SERVICES", "SERVICE")),
        effectif_calcule=parse_int(frame.get("EFFECTIF_CALCULE", "")),
    )


def _groupe(frame: Frame) -> Groupe:
    appartenances = all_of(frame, "DIVISIONS_APPARTENANCE", "DIVISION_APPARTENANCE")
    return Groupe(
        code=code_of(frame, "CODE_STRUCTURE"),
        libelle=frame.get("LIBELLE_LONG", ""),
        mefs=_mefs(frame),
        divisions=tuple(filter(None, (code_of(a, "CODE_STRUCTURE") for a in appartenances))),
        effectif_prevu=parse_int(frame.get("EFFECTIF_PREVU", "")),
        services=merge_services(all_of(frame, "SERVICES", "SERVICE")),
        effectif_calcule=parse_int(frame.get("EFFECTIF_CALCULE", "")),
        effectif_max=parse_int(frame.get("EFFECTIF_MAX_EDT", "")),
    )


def code_of(frame: Frame, nom: str) -> str:
    """``@CODE``, ``@CODE_X`` or child ``CODE_X``, whichever is there (``formats/sts_edt.md`` §2.2)."""
    code: str = frame.get("@CODE") or frame.get(f"@{nom}") or frame.get(nom, "")
    return code


def _mefs(frame: Frame) -> tuple[str, ...]:
    appartenances = all_of(frame, "MEFS_APPARTENANCE", "MEF_APPARTENANCE", "MEF")
    return tuple(filter(None, (code_of(a, "CODE_MEF") for a in appartenances)))


def merge_services(frames: list[Frame]) -> tuple[Service, ...]:
    """One Service per (matière, modalité).

    A key that repeats with other enseignants is one service given by several: hours and enseignements are
    summed, never overwritten (``formats/sts_edt.md`` §2.4).
    """
    services: dict[tuple[str, str], Service] = {}
    for frame in frames:
        service = _service(frame)
        deja = services.get((service.matiere, service.modalite))
        services[service.matiere, service.modalite] = _sum_services(deja, service) if deja else service
    return tuple(services.values())


def _service(frame: Frame) -> Service:
    return Service(
        matiere=frame.get("@CODE_MATIERE", ""),
        modalite=frame.get("@CODE_MOD_COURS") or "CG",
        heures=frame.get("HEURES_STRUCTURE", ""),
        is_co_enseignement=bool(parse_bool(frame.get("CO_ENS", ""))),
        enseignements=tuple(_enseignements(frame)),
    )


def _enseignements(frame: Frame) -> Iterator[Enseignement]:
    for enseignant in all_of(frame, "ENSEIGNANTS", "ENSEIGNANT"):
        get = enseignant.get
        cours: list[Any] = all_of(enseignant, "COURS_RATTACHES", "COURS")
        yield Enseignement(
            individu_type=get("@TYPE") or "epp",
            individu_id=get("@ID", ""),
            heures=get("HEURES_AGENT", ""),
            ponderation=get("TAUX_PONDERATION", ""),
            cours=tuple(cours),
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
_ENSEIGNANT = {**textes("HEURES_AGENT TAUX_PONDERATION"), "COURS_RATTACHES": bloc({"COURS": _COURS})}
_SERVICE = {**textes("HEURES_STRUCTURE CO_ENS"), "ENSEIGNANTS": bloc({"ENSEIGNANT": bloc(_ENSEIGNANT)})}
_COMMUNS = {
    **textes("LIBELLE_LONG EFFECTIF_PREVU EFFECTIF_CALCULE EFFECTIF_MAX_EDT CODE_STRUCTURE"),
    **ignores("CODE_CONTRAT CODE_RNE"),
    "MEFS_APPARTENANCE": bloc({"MEF_APPARTENANCE": bloc(_APPARTENANCE), "MEF": bloc(_APPARTENANCE)}),
    "SERVICES": bloc({"SERVICE": bloc(_SERVICE)}),
}
_GROUPE = {**_COMMUNS, "DIVISIONS_APPARTENANCE": bloc({"DIVISION_APPARTENANCE": bloc(_APPARTENANCE)})}
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
