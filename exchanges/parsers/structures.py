"""Divisions and groupes, of ``BEE_STRUCTURES`` and of ``STS_EDT`` (``formats/siecle.md`` §2.3).

SIECLE says ``@CODE_STRUCTURE`` and child ``CODE_MEF``; STS says ``@CODE`` everywhere and adds effectifs and
SERVICES (``formats/sts_edt.md`` §2.4). One shape reads both.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import Division, Enseignement, FichierStructures, Groupe, Service
from exchanges.parsers.shape import Cadre, all_of, bloc, fiche, ignores, textes
from exchanges.parsers.values import parse_bool, parse_int
from exchanges.parsers.xml import Contenu


def _division(cadre: Cadre) -> Division:
    return Division(
        code=code_of(cadre, "CODE_STRUCTURE"),
        libelle=cadre.get("LIBELLE_LONG", ""),
        mefs=_mefs(cadre),
        effectif_prevu=parse_int(cadre.get("EFFECTIF_PREVU", "")),
        services=merge_services(all_of(cadre, "SERVICES", "SERVICE")),
    )


def _groupe(cadre: Cadre) -> Groupe:
    appartenances = all_of(cadre, "DIVISIONS_APPARTENANCE", "DIVISION_APPARTENANCE")
    return Groupe(
        code=code_of(cadre, "CODE_STRUCTURE"),
        libelle=cadre.get("LIBELLE_LONG", ""),
        mefs=_mefs(cadre),
        divisions=tuple(filter(None, (code_of(a, "CODE_STRUCTURE") for a in appartenances))),
        effectif_prevu=parse_int(cadre.get("EFFECTIF_PREVU", "")),
        services=merge_services(all_of(cadre, "SERVICES", "SERVICE")),
    )


def code_of(cadre: Cadre, nom: str) -> str:
    """``@CODE``, ``@CODE_X`` or child ``CODE_X``, whichever is there (``formats/sts_edt.md`` §2.2)."""
    code: str = cadre.get("@CODE") or cadre.get(f"@{nom}") or cadre.get(nom, "")
    return code


def _mefs(cadre: Cadre) -> tuple[str, ...]:
    appartenances = all_of(cadre, "MEFS_APPARTENANCE", "MEF_APPARTENANCE", "MEF")
    return tuple(filter(None, (code_of(a, "CODE_MEF") for a in appartenances)))


def merge_services(cadres: list[Cadre]) -> tuple[Service, ...]:
    """One Service per (matière, modalité).

    A key that repeats with other enseignants is one service given by several: hours and enseignements are
    summed, never overwritten (``formats/sts_edt.md`` §2.4).
    """
    services: dict[tuple[str, str], Service] = {}
    for cadre in cadres:
        service = _service(cadre)
        deja = services.get((service.matiere, service.modalite))
        services[service.matiere, service.modalite] = _sum_services(deja, service) if deja else service
    return tuple(services.values())


def _service(cadre: Cadre) -> Service:
    return Service(
        matiere=cadre.get("@CODE_MATIERE", ""),
        modalite=cadre.get("@CODE_MOD_COURS") or "CG",
        heures=cadre.get("HEURES_STRUCTURE", ""),
        is_co_enseignement=bool(parse_bool(cadre.get("CO_ENS", ""))),
        enseignements=tuple(_enseignements(cadre)),
    )


def _enseignements(cadre: Cadre) -> Iterator[Enseignement]:
    for enseignant in all_of(cadre, "ENSEIGNANTS", "ENSEIGNANT"):
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


def make_fichier(contenu: Contenu) -> FichierStructures:
    """The records of a ``BEE_STRUCTURES`` file.

    Raises FichierRefuse entete_incomplete.
    """
    return FichierStructures(
        entete=make_entete(contenu, TypeFichier.STRUCTURES),
        inconnus=contenu.inconnus,
        remarques=make_remarques(contenu),
        divisions=tuple(contenu.fiches.get("divisions", ())),
        groupes=tuple(contenu.fiches.get("groupes", ())),
    )
