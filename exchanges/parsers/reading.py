"""Open what was deposited, recognise it, and give back records or one refusal."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from exchanges.parsers import elegroupe, limits, prive, schema
from exchanges.parsers.archive import Archive, looks_like_zip
from exchanges.parsers.encodings import Opening, read_opening
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.imports import SUFFIXE_NAVIGATEUR, NomDepot, parse_nom
from exchanges.parsers.records import Entete, Fichier, FichierElegroupe
from exchanges.parsers.roots import IMPORT_ELEVES, find_format
from exchanges.parsers.xml import Opener, read_xml


_TEL_QUEL = "Déposez le fichier .zip tel qu'EDT ou PRONOTE l'a produit, sans le renommer ni l'ouvrir."


@dataclass(frozen=True, slots=True)
class Source:
    """One XML that was read: its name (inside the ZIP if there was one), its records, the sha256 of its bytes."""

    nom: str
    fichier: Fichier
    empreinte: str


def read(flux: BinaryIO, nom: str) -> tuple[Source, ...]:
    """Read an XML, or a ZIP of one or several XML, recognised by their root elements.

    An élève-groupe ZIP goes through ``read_depot`` and its stricter checks; a bare élève-groupe XML is read too,
    for a check without deposit. A PRIVE file, of the same root, is recognised by its content.

    Args:
        flux: a seekable binary stream, left open.
        nom: the name given by the user: shown, and checked for an élève-groupe ZIP only.

    Returns: one Source per XML, in the order of the ZIP.

    Raises FichierRefuse: every code of ``errors.Code``.
    """
    nom = _base(nom)
    bloc = _peek(flux)
    if not looks_like_zip(bloc):
        return (_read_one(_opener(flux), nom),)
    archive = Archive(flux, nom)
    sources = []
    for info in archive.entrees:
        interne = _base(info.filename)
        if not interne.lower().endswith(".xml"):
            raise FichierRefuse(
                Code.ZIP_CONTENU_INATTENDU,
                f"Le ZIP « {nom} » contient « {interne} », qui n'est pas un fichier XML.",
                "Ne mettez dans le ZIP que les exports XML, ou déposez-les un par un.",
            )
        with archive.open(info) as entree:
            _, is_depot = _recognise(entree, interne)
        if is_depot:
            return (read_depot(flux, nom),)
        sources.append(_read_one(_entry_opener(archive, info), interne))
    return tuple(sources)


def read_depot(flux: BinaryIO, nom: str) -> Source:
    """Read an élève-groupe ZIP with the synchronous checks of SIECLE (``formats/siecle.md`` §3.1-3.3).

    In order: it is a ZIP; its name; its one entry and the name of that entry; the XML and its schema; the UAI and
    the year of the XML against those of the name. The connected school and year are for ``check_uai`` and
    ``check_annee``.

    Args:
        flux: a seekable binary stream, left open.
        nom: the name of the ZIP as deposited.

    Raises FichierRefuse.
    """
    nom = _base(nom)
    archive = _open_depot(flux, nom)
    racine, _, extension = nom.rpartition(".")
    attendu = _check_nom(nom, racine, extension)
    if len(archive.entrees) != 1:
        raise FichierRefuse(
            Code.ZIP_PLUSIEURS_FICHIERS,
            f"Le ZIP « {nom} » contient {len(archive.entrees)} fichiers ; il doit contenir un seul fichier XML.",
            _TEL_QUEL,
        )
    interne = archive.entrees[0].filename
    _check_interne(nom, racine, interne)
    source = _read_one(_entry_opener(archive, archive.entrees[0]), interne, attendu)
    if not isinstance(source.fichier, FichierElegroupe):
        raise FichierRefuse(
            Code.RACINE_AUTRE_APPLICATION,
            f"Fichier XML non valide. Le fichier « {interne} » est un fichier "
            f"« {source.fichier.entete.type.libelle} », pas un fichier de liens élève-groupe.",
            "Produisez dans EDT ou PRONOTE l'export des liens élève-groupe (ELEGROUPE) et déposez son ZIP ici ; "
            "un export de SIECLE ou de STS-Web se donne parmi les exports de l'établissement.",
        )
    _check_coherence(source.fichier.entete, attendu)
    return source


def check_uai(uai_connecte: str, entete: Entete) -> None:
    """Raise FichierRefuse uai_different when a file is not of the connected school."""
    if entete.uai != uai_connecte:
        raise FichierRefuse(
            Code.UAI_DIFFERENT,
            f"Établissement du fichier différent de l'établissement connecté ! Le fichier est celui de {entete.uai}, "
            f"alors que vous êtes dans l'établissement {uai_connecte}.",
            "Choisissez le fichier de votre établissement, ou changez d'établissement avant de le déposer.",
        )


def check_annee(annee_utilisee: str, entete: Entete) -> None:
    """Raise FichierRefuse annee_differente when a file is not of the year in use, with SIECLE's label (§3.2)."""
    if entete.annee != annee_utilisee:
        raise FichierRefuse(
            Code.ANNEE_DIFFERENTE,
            f"Année du fichier différente de l'année utilisée ! Le fichier porte sur l'année "
            f"{_school_year(entete.annee)}, alors que la base ouverte est celle de {_school_year(annee_utilisee)}.",
            "Vérifiez l'année choisie dans le logiciel d'origine (EDT et PRONOTE doivent être connectés à internet), "
            "puis refaites l'export.",
        )


def _school_year(annee: str) -> str:
    return f"{annee}-{int(annee) + 1}" if annee.isascii() and annee.isdigit() else annee


def _base(nom: str) -> str:
    """The last part of a name, since some browsers send a whole path."""
    return nom.replace("\\", "/").rpartition("/")[2]


def _peek(flux: BinaryIO) -> bytes:
    flux.seek(0)
    bloc = flux.read(limits.BLOC)
    flux.seek(0)
    return bloc


def _opener(flux: BinaryIO) -> Opener:
    @contextmanager
    def opener() -> Iterator[BinaryIO]:
        flux.seek(0)
        yield flux

    return opener


def _entry_opener(archive: Archive, info: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(info)


def _recognise(flux: BinaryIO, nom: str) -> tuple[Opening, bool]:
    """What the first block says, and whether it is that of an élève-groupe file."""
    bloc = flux.read(limits.BLOC)
    opening = read_opening(bloc, nom)
    is_import = opening.racine == IMPORT_ELEVES
    return opening, is_import and not prive.is_prive(bloc.decode(opening.encodage, errors="replace"))


def _read_one(opener: Opener, nom: str, depot: NomDepot | None = None) -> Source:
    with opener() as flux:
        opening, is_depot = _recognise(flux, nom)
    racine = nom.rpartition(".")[0]
    if is_depot:
        content = read_xml(opener, nom, opening, elegroupe.FORME, schema.elegroupe())
        return Source(nom, elegroupe.make_fichier(content, depot or parse_nom(racine)), content.empreinte)
    if opening.racine == IMPORT_ELEVES:
        content = read_xml(opener, nom, opening, prive.FORME)
        return Source(nom, prive.make_fichier(content, racine), content.empreinte)
    trouve = find_format(opening.racine, nom)
    content = read_xml(opener, nom, opening, trouve.forme)
    return Source(nom, trouve.make_fichier(content), content.empreinte)


def _open_depot(flux: BinaryIO, nom: str) -> Archive:
    bloc = _peek(flux)
    if looks_like_zip(bloc):
        return Archive(flux, nom)
    read_opening(bloc, nom)  # says so when it is empty, a web page or no XML at all
    raise FichierRefuse(
        Code.ZIP_ATTENDU,
        f"Le fichier « {nom} » est un XML ; SIECLE n'accepte les liens élève-groupe que dans leur fichier .zip.",
        _TEL_QUEL,
    )


def _check_nom(nom: str, racine: str, extension: str) -> NomDepot:
    if extension.lower() == "zip" and (lu := parse_nom(racine)):
        return lu
    message = f"Nom du fichier mal formaté ! « {nom} » ne suit pas le modèle "
    message += "« UAI + ELEGROUPE + année + date et heure .zip », par exemple 0790029CELEGROUPE2025251103145601.zip."
    suffixe = SUFFIXE_NAVIGATEUR.search(racine)
    if suffixe and parse_nom(racine[: suffixe.start()]):
        message = (
            f"Nom du fichier mal formaté ! « {suffixe[0].strip()} » a été ajouté à la fin du nom de « {nom} », "
            "sans doute par le navigateur parce que le fichier avait déjà été téléchargé ou copié."
        )
        action = f"Redonnez-lui son nom d'origine, {racine[: suffixe.start()]}.zip, ou refaites l'export."
        raise FichierRefuse(Code.NOM_MAL_FORME, message, action)
    raise FichierRefuse(Code.NOM_MAL_FORME, message, _TEL_QUEL)


def _check_interne(nom: str, racine: str, interne: str) -> None:
    stem, _, extension = interne.rpartition(".")
    if extension.lower() != "xml" or stem != racine:
        raise FichierRefuse(
            Code.NOM_DIFFERENT,
            "Nom de fichier .zip incorrect ! Le nom du fichier .zip doit être identique à celui du fichier .xml : "
            f"« {nom} » contient « {interne} ».",
            _TEL_QUEL,
        )


def _check_coherence(entete: Entete, attendu: NomDepot) -> None:
    if entete.uai != attendu.uai:
        raise FichierRefuse(
            Code.UAI_DIFFERENT,
            f"Code RNE incohérent : le nom du fichier dit {attendu.uai}, son contenu (UAJ) dit {entete.uai}.",
            "Vérifiez l'UAI de l'établissement dans le logiciel d'emploi du temps, puis refaites l'export.",
        )
    if entete.annee != attendu.annee:
        raise FichierRefuse(
            Code.ANNEE_DIFFERENTE,
            f"Année incohérente : le nom du fichier dit {attendu.annee}, "
            f"son contenu (ANNEE_SCOLAIRE) dit {entete.annee}.",
            "Vérifiez l'année scolaire dans le logiciel d'emploi du temps, puis refaites l'export.",
        )
