"""``IMPORT_ELEVES``: the élève-groupe links that EDT and PRONOTE give to SIECLE (``formats/siecle.md`` §3).

::

    <ELEVE><ELEVE_ID>1000000</ELEVE_ID><NOM_DE_FAMILLE>MODELE</NOM_DE_FAMILLE><PRENOM>Ada</PRENOM>
      <DATE_NAISS>2011-08-04</DATE_NAISS>
      <GROUPES><GROUPE><CODE_GROUPE>6ALL2GR2</CODE_GROUPE><DATE_DEBUT_GROUPE>2025-09-01</DATE_DEBUT_GROUPE>
        </GROUPE></GROUPES></ELEVE>

The schema has validated the file by the time the records are made.
"""

from collections.abc import Iterator
from functools import lru_cache

from exchanges.enums import TypeFichier
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.headers import make_remarques
from exchanges.parsers.imports import PARAMETRES, NomDepot, make_entete
from exchanges.parsers.records import EleveDepose, FichierElegroupe, Inscription, Remarque
from exchanges.parsers.shape import Frame, Node, bloc, dates, fiche, first, liste, textes
from exchanges.parsers.values import parse_date, parse_int
from exchanges.parsers.xml import Content


_make_inscription = lru_cache(maxsize=1024)(Inscription)  # a group gives the same one to most of its élèves


def _inscription(frame: Frame) -> Inscription:
    get = frame.get
    return _make_inscription(get("CODE_GROUPE", ""), get("DATE_DEBUT_GROUPE"), get("DATE_FIN_GROUPE"))


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
        inscriptions=tuple(get("GROUPE", ())),
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


_GROUPE = {
    "CODE_GROUPE": Node(is_texte=True, is_brut=True),
    **dates("DATE_DEBUT_GROUPE DATE_FIN_GROUPE"),
}
_ELEVE = {
    **textes("ELEVE_ID ID_NATIONAL ID_PRV_ELE NOM_DE_FAMILLE NOM_USAGE PRENOM PRENOM2 PRENOM3"),
    **dates("DATE_NAISS"),
    "NOM": Node(is_texte=True, cle="noms_1_3", compte=_is_always),
    "GROUPES": liste({"GROUPE": Node(_GROUPE, convertit=_inscription)}),
}

FORME = bloc(
    {
        "PARAMETRES": PARAMETRES,
        "DONNEES": bloc({"ELEVES": bloc({"ELEVE": fiche("eleves", _eleve, _ELEVE)})}),
    }
)


def make_fichier(content: Content, nom: NomDepot | None = None) -> FichierElegroupe:
    """The records of an ELEGROUPE file.

    Args:
        nom: what the name of the file says, for the horodatage; ``None`` when it is not a deposit's name.

    Raises FichierRefuse: entete_incomplete, xml_schema for a date of birth that no calendar has.
    """
    parametres = first(content.racine, "PARAMETRES")
    entete = make_entete(content, TypeFichier.ELEGROUPE, nom)
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
