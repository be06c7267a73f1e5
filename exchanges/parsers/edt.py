"""``EDT_STS``: what the timetable software gives to STS-Web (``formats/sts_edt.md`` §3).

::

    <ALTERNANCE CODE="H"><SEMAINES><DATE_DEBUT_SEMAINE>2025-09-01</DATE_DEBUT_SEMAINE></SEMAINES></ALTERNANCE>
    <SERVICE CODE_MATIERE="020700" CODE_MOD_COURS="CG"><ENSEIGNANTS><ENSEIGNANT TYPE="epp" ID="1001">
      <COURS_RATTACHES><COURS><CODE_ALTERNANCE>H</CODE_ALTERNANCE><JOUR>1</JOUR><HEURE_DEBUT>0830</HEURE_DEBUT>
      <DUREE>0100</DUREE></COURS></COURS_RATTACHES></ENSEIGNANT></ENSEIGNANTS></SERVICE>

It names nobody and no matière: those are in ``STS_EDT``.
"""

from collections.abc import Iterator, Sequence

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import count_remarque, make_remarques
from exchanges.parsers.records import Alternance, FichierEDT, Horaire, IndividuEDT, Remarque, Salle
from exchanges.parsers.shape import Frame, Node, bloc, fiche, ignores, liste, textes, valeurs
from exchanges.parsers.structures import DIVISIONS_GROUPES
from exchanges.parsers.sts import PARAMETRES, make_entete
from exchanges.parsers.values import parse_jour, parse_minutes, parse_semaine
from exchanges.parsers.xml import Content


def _horaire(frame: Frame) -> Horaire | None:
    jour, debut, fin = parse_jour(frame.get("@JOUR", "")), frame.get("DEBUT_COURS"), frame.get("FIN_COURS")
    return None if jour is None or debut is None or fin is None else Horaire(jour, debut, fin)


def _alternance(frame: Frame) -> Alternance:
    get = frame.get
    libelle = get("LIBELLE_LONG") or get("LIBELLE_COURT") or get("LIBELLE_EDITION", "")
    return Alternance(get("@CODE", ""), libelle, tuple(dict.fromkeys(get("DATE_DEBUT_SEMAINE", ()))))


def _salle(frame: Frame) -> Salle:
    return Salle(frame.get("@CODE", ""), frame.get("GROUPE_SALLE", ""), frame.get("LOCALISATION", ""))


def _individu(frame: Frame) -> IndividuEDT:
    return IndividuEDT(
        id=frame.get("@ID", ""),
        indemnites=_pairs(frame.get("INDEMNITE", ()), "CODE_STRUCTURE", "MEFSTAT4"),
        ares=_pairs(frame.get("ARE", ()), "CODE_ARE", "HEURES"),
    )


def _pairs(frames: Sequence[Frame], un: str, autre: str) -> tuple[tuple[str, str], ...]:
    return tuple((frame.get(un, ""), frame.get(autre, "")) for frame in frames)


_SEMAINES = {"DATE_DEBUT_SEMAINE": Node(is_texte=True, is_liste=True, convertit=parse_semaine)}
_ALTERNANCES = bloc(
    {
        "ALTERNANCE": fiche(
            "alternances",
            _alternance,
            {**textes("LIBELLE_COURT LIBELLE_LONG LIBELLE_EDITION"), "SEMAINES": liste(_SEMAINES)},
        )
    }
)
_INDIVIDU = {
    "INDEMNITES": liste({"INDEMNITE": bloc(textes("CODE_STRUCTURE MEFSTAT4"))}),
    "ARES": liste({"ARE": bloc(textes("CODE_ARE HEURES"))}),
    **ignores("NOM_USAGE NOM_PATRONYMIQUE PRENOM"),
}

FORME = bloc(
    {
        "PARAMETRES": PARAMETRES,
        "ALTERNANCES": _ALTERNANCES,  # where another writer puts them
        "DONNEES": bloc(
            {
                "HORAIRES": bloc(
                    {"HORAIRE": fiche("horaires", _horaire, valeurs("DEBUT_COURS FIN_COURS", parse_minutes))}
                ),
                "ALTERNANCES": _ALTERNANCES,
                "SALLES_COURS": bloc({"SALLE_COURS": fiche("salles", _salle, textes("GROUPE_SALLE LOCALISATION"))}),
                "INDIVIDUS": bloc({"INDIVIDU": fiche("individus", _individu, _INDIVIDU)}),
                "STRUCTURE": bloc(DIVISIONS_GROUPES),
            }
        ),
    }
)


def make_fichier(content: Content) -> FichierEDT:
    """The records of an ``EDT_STS`` file. ``entete.logiciel`` is APPLICATION_SOURCE.

    A COURS whose place cannot be read is left out and counted; one whose alternance or salle is not listed is kept.

    Raises FichierRefuse entete_incomplete.
    """
    fiches = content.fiches
    return FichierEDT(
        entete=make_entete(content, TypeFichier.EDT_STS),
        inconnus=content.inconnus,
        remarques=(*make_remarques(content), *_about_places(content.comptes)),
        horaires=tuple(fiches.get("horaires", ())),
        alternances=tuple(fiches.get("alternances", ())),
        salles=tuple(fiches.get("salles", ())),
        individus=tuple(fiches.get("individus", ())),
        divisions=tuple(fiches.get("divisions", ())),
        groupes=tuple(fiches.get("groupes", ())),
    )


def _about_places(comptes: dict[str, int]) -> Iterator[Remarque]:
    yield from count_remarque(
        "cours_illisible",
        comptes.get("COURS", 0),
        "cours n'a pas d'alternance, de jour, d'heure ou de durée lisible ; il n'a pas été retenu.",
        "cours n'ont pas d'alternance, de jour, d'heure ou de durée lisible ; ils n'ont pas été retenus.",
    )
    yield from count_remarque(
        "horaire_illisible",
        comptes.get("HORAIRE", 0),
        "horaire d'ouverture n'est pas lisible ; il n'a pas été retenu.",
        "horaires d'ouverture ne sont pas lisibles ; ils n'ont pas été retenus.",
    )
