"""Divisions and groupes, of ``BEE_STRUCTURES`` and of ``STS_EDT`` (``formats/siecle.md`` §2.3).

SIECLE says ``@CODE_STRUCTURE`` and child ``CODE_MEF``; STS says ``@CODE`` everywhere and adds effectifs and
SERVICES (``formats/sts_edt.md`` §2.4). One shape reads both.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import Division, Enseignement, FichierStructures, Groupe, Service
from exchanges.parsers.shape import Frame, all_of, bloc, fiche, ignores, textes
from exchanges.parsers.values import parse_bool, parse_int
from exchanges.parsers.xml import Content


def _division(frame: Frame) -> Division:
    return Division(
        code=code_of(frame, "CODE_STRUCTURE"),
        libelle=frame.get("LIBELLE_LONG", ""),
        mefs=_mefs(frame),
        effectif_prevu=parse_int(frame.get("EFFECTIF_PREVU", "")),
        services=merge_services(all_of(frame, "SERVICES", "SERVICE")),
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
        yield Enseignement(
            enseignant.get("@TYPE") or "epp", enseignant.get("@ID", ""), enseignant.get("HEURES_AGENT", "")
        )


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


_EFFECTIFS = ignores("EFFECTIF_CALCULE EFFECTIF_MAX_EDT")
_APPARTENANCE = {**textes("CODE_MEF CODE_STRUCTURE"), **_EFFECTIFS, **ignores("EFFECTIF_PREVU LIBELLE_LONG")}
_SERVICE = {
    **textes("HEURES_STRUCTURE CO_ENS"),
    "ENSEIGNANTS": bloc({"ENSEIGNANT": bloc({**textes("HEURES_AGENT"), **ignores("TAUX_PONDERATION")})}),
}
_COMMUNS = {
    **textes("LIBELLE_LONG EFFECTIF_PREVU CODE_STRUCTURE"),
    **ignores("CODE_CONTRAT CODE_RNE"),
    **_EFFECTIFS,
    "MEFS_APPARTENANCE": bloc({"MEF_APPARTENANCE": bloc(_APPARTENANCE), "MEF": bloc(_APPARTENANCE)}),
    "SERVICES": bloc({"SERVICE": bloc(_SERVICE)}),
}
DIVISIONS_GROUPES = {
    "DIVISIONS": bloc({"DIVISION": fiche("divisions", _division, _COMMUNS)}),
    "GROUPES": bloc(
        {
            "GROUPE": fiche(
                "groupes",
                _groupe,
                {**_COMMUNS, "DIVISIONS_APPARTENANCE": bloc({"DIVISION_APPARTENANCE": bloc(_APPARTENANCE)})},
            )
        }
    ),
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
