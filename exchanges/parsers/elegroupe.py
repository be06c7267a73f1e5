"""``IMPORT_ELEVES``: the élève-groupe links that EDT and PRONOTE give to SIECLE (``formats/siecle.md`` §3).

::

    <ELEVE><ELEVE_ID>1000000</ELEVE_ID><NOM_DE_FAMILLE>MODELE</NOM_DE_FAMILLE><PRENOM>Ada</PRENOM>
      <DATE_NAISS>2011-08-04</DATE_NAISS>
      <GROUPES><GROUPE><CODE_GROUPE>6ALL2GR2</CODE_GROUPE><DATE_DEBUT_GROUPE>2025-09-01</DATE_DEBUT_GROUPE>
        </GROUPE></GROUPES></ELEVE>

The schema has validated the file by the time the records are made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from exchanges.enums import TypeFichier
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.headers import check_complete, count_remarque, make_remarques
from exchanges.parsers.records import EleveDepose, Entete, FichierElegroupe, Inscription, Remarque
from exchanges.parsers.shape import Frame, Node, bloc, dates, fiche, first, textes
from exchanges.parsers.values import parse_date, parse_int
from exchanges.parsers.xml import Content


NOM = re.compile(r"(?P<uai>\d{7}[A-Z])ELEGROUPE(?P<annee>\d{4})(?P<horodatage>\d{12})", re.ASCII)
SUFFIXE_NAVIGATEUR = re.compile(r"[ _]?(\(\d+\)|- ?copie.*|copy.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NomDepot:
    """What the name of a deposit says. ``horodatage`` is ``None`` when its 12 digits are no date."""

    uai: str
    annee: str
    horodatage: datetime | None


def parse_nom(racine: str) -> NomDepot | None:
    """Read ``<UAI>ELEGROUPE<AAAA><AAMMJJhhmmss>``, the name without extension; ``None`` if malformed (§3.1)."""
    trouve = NOM.fullmatch(racine)
    if not trouve:
        return None
    try:
        horodatage = datetime.strptime(trouve["horodatage"], "%y%m%d%H%M%S")  # noqa: DTZ007 - local time
    except ValueError:
        horodatage = None
    return NomDepot(trouve["uai"], trouve["annee"], horodatage)


def _prive() -> FichierRefuse:
    return FichierRefuse(
        Code.RACINE_AUTRE_APPLICATION,
        "C'est un fichier « PRIVE » (import complet des élèves d'un établissement privé), "
        "pas un fichier de liens élève-groupe.",
        "Dans le logiciel d'emploi du temps, produisez l'export des liens élève-groupe (ELEGROUPE), puis déposez-le.",
    )


_REFUS = Node(refus=_prive)


def _inscription(frame: Frame) -> Inscription:
    get = frame.get
    return Inscription(get("CODE_GROUPE", ""), get("DATE_DEBUT_GROUPE"), get("DATE_FIN_GROUPE"))


def _eleve(frame: Frame) -> EleveDepose | FichierRefuse:
    """The record, or the refusal to raise once the schema has had its say."""
    get = frame.get
    naissance = get("DATE_NAISS")
    if not naissance:
        return _impossible_date(f"{get('NOM_DE_FAMILLE') or get('NOM', '')} {get('PRENOM', '')}")
    return EleveDepose(
        nom_de_famille=get("NOM_DE_FAMILLE") or get("NOM", ""),
        prenom=get("PRENOM", ""),
        date_naissance=naissance,
        inscriptions=tuple(first(frame, "GROUPES").get("GROUPE", ())),
        eleve_id=get("ELEVE_ID", ""),
        ine=get("ID_NATIONAL", ""),
        id_prv_ele=get("ID_PRV_ELE", ""),
        nom_usage=get("NOM_USAGE", ""),
        prenom2=get("PRENOM2", ""),
        prenom3=get("PRENOM3", ""),
    )


def _impossible_date(qui: str) -> FichierRefuse:
    """``xs:date`` allows years that no calendar has."""
    return FichierRefuse(
        Code.XML_SCHEMA,
        f"Fichier XML non valide. La date de naissance de {qui} n'est pas une date possible.",
        "Corrigez cette date dans le logiciel d'emploi du temps, puis refaites l'export élève-groupe.",
    )


def _is_always(brut: str) -> bool:
    return True


def _has_blanks(brut: str) -> bool:
    return brut != brut.strip()


_GROUPE = {
    "CODE_GROUPE": Node(is_texte=True, cle="codes_avec_blancs", compte=_has_blanks),
    **dates("DATE_DEBUT_GROUPE DATE_FIN_GROUPE"),
}
_ELEVE = {
    **textes("ELEVE_ID ID_NATIONAL ID_PRV_ELE NOM_DE_FAMILLE NOM_USAGE PRENOM PRENOM2 PRENOM3"),
    **dates("DATE_NAISS"),
    "NOM": Node(is_texte=True, cle="noms_1_3", compte=_is_always),
    "GROUPES": bloc({"GROUPE": Node(_GROUPE, convertit=_inscription)}),
    **dict.fromkeys(("RESPONSABLES_ELEVE", "SCOLARITE_ACTIVE", "CODE_MOTIF_SORTIE"), _REFUS),
}

FORME = bloc(
    {
        "PARAMETRES": bloc(textes("UAJ ANNEE_SCOLAIRE DATE_IMPORT NUM_ENVOI LOGICIEL")),
        "DONNEES": bloc({"ELEVES": bloc({"ELEVE": fiche("eleves", _eleve, _ELEVE)}), "PERSONNES": _REFUS}),
    }
)


def make_fichier(content: Content, nom: NomDepot | None = None) -> FichierElegroupe:
    """The records of an ELEGROUPE file.

    Args:
        nom: what the name of the file says, for the horodatage; ``None`` when it is not a deposit's name.

    Raises FichierRefuse: entete_incomplete, xml_schema for a date of birth that no calendar has.
    """
    parametres = first(content.racine, "PARAMETRES")
    entete = Entete(
        type=TypeFichier.ELEGROUPE,
        uai=parametres.get("UAJ", ""),
        annee=parametres.get("ANNEE_SCOLAIRE", ""),
        version=content.racine.get("@VERSION", ""),
        horodatage=nom.horodatage if nom else None,
        logiciel=parametres.get("LOGICIEL", ""),
    )
    check_complete(entete.type, entete.uai, entete.annee)
    eleves = _without_refusal(content.fiches.get("eleves", []))
    noms = (nom for e in eleves for nom in (e.nom_de_famille, e.nom_usage, e.prenom))
    return FichierElegroupe(
        entete=entete,
        inconnus=content.inconnus,
        remarques=(*make_remarques(content, noms), *_about_schema(content.comptes)),
        date_import=parse_date(parametres.get("DATE_IMPORT", "")),
        num_envoi=parse_int(parametres.get("NUM_ENVOI", "")),
        eleves=eleves,
    )


def _without_refusal(fiches: list[EleveDepose | FichierRefuse]) -> tuple[EleveDepose, ...]:
    eleves = []
    for lue in fiches:
        if isinstance(lue, FichierRefuse):
            raise lue
        eleves.append(lue)
    return tuple(eleves)


def _about_schema(comptes: dict[str, int]) -> Iterator[Remarque]:
    if comptes.get("noms_1_3"):
        yield Remarque(
            "schema_1_3",
            "Le fichier suit l'ancien schéma 1.3 (NOM au lieu de NOM_DE_FAMILLE). SIECLE décrit le schéma 1.4 "
            "depuis 2016 : mettez à jour le logiciel d'emploi du temps si le dépôt est refusé.",
        )
    yield from count_remarque(
        "code_groupe_blancs",
        comptes.get("codes_avec_blancs", 0),
        "code de groupe commence ou finit par une espace : SIECLE pourrait ne pas le reconnaître.",
        "codes de groupe commencent ou finissent par une espace : SIECLE pourrait ne pas les reconnaître.",
    )
