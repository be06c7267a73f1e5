"""An ``EDT_vers_STS`` file as STS-Web takes it: *annule et remplace* (``formats/sts_edt.md`` §3, §3.1).

It replaces the groupes, their divisions, every service and who teaches it. It creates no division (they are made in
STS-Web, with their MEF), names nobody and carries no MEF: those that STS holds are kept. Professeurs principaux and
AREs are left alone: they give nobody an account (001). What is refused or cut is told in the journal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exchanges.enums import Couche, TypeStructure
from exchanges.importer import tables
from exchanges.importer.compare import Cle, Valeurs
from exchanges.importer.tables import Table
from exchanges.parsers.records import Division, Enseignement, FichierEDT, Groupe, Service
from exchanges.rules.noms import TAILLE_MAX, is_nom_conforme, propose_noms, tronque


Individu = tuple[str, str]  # (type, id)
Tenus = Callable[[Table], Mapping[Cle, Valeurs]]

_REFAIRE = "puis refaites l'import dans STS-Web (Imports > Emploi du temps)."


@dataclass(frozen=True)
class LigneSTS:
    """One line of the journal: ``objet`` as the file has it, ``retenu`` what STS holds instead, or ``""``."""

    code: str
    objet: str
    retenu: str
    message: str
    action: str


@dataclass
class ImportEDT:
    """What STS-Web keeps of a file, under the names that it keeps."""

    divisions: list[Division] = field(default_factory=list)
    groupes: list[Groupe] = field(default_factory=list)
    lignes: list[LigneSTS] = field(default_factory=list)


def accept_edt(fichier: FichierEDT, tenus: Tenus) -> ImportEDT:
    """Keep what STS-Web keeps of a file, and say the rest.

    Args:
        tenus: what STS holds, by table. Without any division of STS those of BEE count, which came from it; a
            school of which neither divisions nor individus are known refuses none.
    """
    divisions = {code for couche in (Couche.BEE, Couche.STS) for (code,) in tenus(tables.fiches_division(couche))}
    sts = {code for (code,) in tenus(tables.fiches_division(Couche.STS))}
    divisions = sts or divisions or {division.code for division in fichier.divisions}
    recu = ImportEDT()
    recu.divisions = list(_accept_divisions(fichier.divisions, divisions, recu.lignes))
    recu.groupes = list(_accept_groupes(fichier, divisions, recu.lignes))
    _accept_enseignants(recu, [individu for (individu,) in tenus(tables.FICHES_INDIVIDU)])
    return recu


def _accept_divisions(lues: Sequence[Division], connues: set[str], lignes: list[LigneSTS]) -> Iterator[Division]:
    for division in lues:
        if division.code in connues:
            yield division
        else:
            lignes.append(
                LigneSTS(
                    "DIVISION_INCONNUE",
                    division.code,
                    "",
                    f"La division « {division.code} » n'est pas dans STS : ses services n'ont pas été importés.",
                    "Créez-la dans STS-Web (Structure > Divisions) ou reliez-la dans EDT à une division de STS, "
                    + _REFAIRE,
                )
            )


def _accept_groupes(fichier: FichierEDT, divisions: set[str], lignes: list[LigneSTS]) -> Iterator[Groupe]:
    """Groupes under the names that STS holds: compliant names first, they are never taken by a shortened one."""
    pris = divisions | {division.code for division in fichier.divisions}
    conformes = {groupe.code for groupe in fichier.groupes if is_nom_conforme(groupe.code)} - pris
    noms = {groupe.code for groupe in fichier.groupes} - conformes
    proposes = propose_noms(sorted(noms), pris | conformes)
    pris |= conformes
    vus: set[str] = set()
    for groupe in fichier.groupes:
        nom = groupe.code
        if nom not in conformes:
            nom, ligne = _shorten(nom, pris, proposes[nom])
            lignes.append(ligne)
            pris.add(nom)
        if nom in vus:
            message = f"Le groupe « {nom} » est deux fois dans le fichier : seul le premier est importé."
            lignes.append(LigneSTS("NOM_EN_DOUBLE", nom, "", message, "Renommez l'un des deux dans EDT, " + _REFAIRE))
        elif nom:
            vus.add(nom)
            yield _attach(replace(groupe, code=nom), divisions, lignes)


def _shorten(nom: str, pris: set[str], propose: str) -> tuple[str, LigneSTS]:
    """The name that STS holds instead (``""``: the groupe is refused), and what the journal says of it."""
    renommer = f"Renommez-le dans EDT, par exemple « {propose} », " + _REFAIRE
    court = tronque(nom)
    if nom in pris:
        message = f"Le groupe « {nom} » porte le nom d'une division ou d'un autre groupe : il est refusé."
        return "", LigneSTS("NOM_EN_DOUBLE", nom, "", message, renommer)
    if not is_nom_conforme(nom[:TAILLE_MAX].strip()):
        message = (
            f"Le groupe « {nom} » est refusé : STS-Web n'accepte que des lettres sans accent, des chiffres, "
            "l'espace, « - » et « _ »."
        )
        return "", LigneSTS("NOM_REFUSE", nom, "", message, renommer)
    if court in pris:
        message = (
            f"Le groupe « {nom} », réduit à {TAILLE_MAX} caractères, devient « {court} » qui existe déjà : refusé."
        )
        return "", LigneSTS("NOM_EN_DOUBLE", nom, "", message, renommer)
    message = (
        f"Le nom « {nom} » dépasse {TAILLE_MAX} caractères : dans STS le groupe s'appelle « {court} » ; "
        "les liens élève-groupe qui disent l'autre nom seront refusés."
    )
    return court, LigneSTS("NOM_TRONQUE", nom, court, message, renommer)


def _attach(groupe: Groupe, connues: set[str], lignes: list[LigneSTS]) -> Groupe:
    """The groupe with the divisions that STS knows; the others are lost, and said."""
    gardees = tuple(code for code in groupe.divisions if code in connues)
    perdues = [code for code in dict.fromkeys(groupe.divisions) if code not in connues]
    if perdues:
        lignes.append(
            LigneSTS(
                "RATTACHEMENT_PERDU",
                groupe.code,
                groupe.code,
                f"Le groupe « {groupe.code} » est rattaché à une division inconnue de STS ({', '.join(perdues)}) : "
                "ce rattachement est perdu.",
                "Créez la division dans STS-Web (Structure > Divisions) ou corrigez le groupe dans EDT, " + _REFAIRE,
            )
        )
    return replace(groupe, divisions=gardees)


def _accept_enseignants(recu: ImportEDT, individus: Sequence[Individu]) -> None:
    """Keep the enseignements of people whom STS knows; one line for each of the others."""
    inconnus: dict[Individu, int] = {}
    qui = _Repertoire(individus)

    def keep(service: Service) -> Service:
        gardes = []
        for enseignement in service.enseignements:
            if trouve := qui.find(enseignement):
                gardes.append(replace(enseignement, individu_type=trouve[0], individu_id=trouve[1]))
            else:
                cle = enseignement.individu_type, enseignement.individu_id
                inconnus[cle] = inconnus.get(cle, 0) + 1
        return replace(service, enseignements=tuple(gardes))

    recu.divisions = [replace(d, services=tuple(map(keep, d.services))) for d in recu.divisions]
    recu.groupes = [replace(g, services=tuple(map(keep, g.services))) for g in recu.groupes]
    recu.lignes += (
        LigneSTS(
            "ENSEIGNANT_INCONNU",
            f"{genre} {numero}",
            "",
            f"L'enseignant n° {numero} ({genre}) n'est pas dans les Ressources de STS : "
            f"{total} de ses services n'ont pas été repris.",
            "Dans EDT, refaites la correspondance des professeurs avec STS-Web, " + _REFAIRE,
        )
        for (genre, numero), total in inconnus.items()
    )


class _Repertoire:
    """Finds an individu of STS. The file may leave TYPE out: an id that one person alone bears is hers."""

    def __init__(self, individus: Sequence[Individu]):
        self.connus = set(individus)
        self.par_id: dict[str, list[Individu]] = {}
        for individu in individus:
            self.par_id.setdefault(individu[1], []).append(individu)

    def find(self, enseignement: Enseignement) -> Individu | None:
        cle = enseignement.individu_type, enseignement.individu_id
        if cle in self.connus or not self.connus:
            return cle
        homonymes = self.par_id.get(cle[1], [])
        return homonymes[0] if len(homonymes) == 1 else None


def want_edt(fichier: FichierEDT, tenus: Tenus) -> Iterator[tuple[Table, dict[Cle, Valeurs]]]:
    """The rows of STS once the file is imported; see ``accept_edt``."""
    recu = accept_edt(fichier, tenus)
    table = tables.fiches_groupe(Couche.STS)
    yield table, {(g.code,): _groupe(g, tenus(table).get((g.code,))) for g in recu.groupes}
    services = dict(_services(recu))
    yield tables.FICHES_SERVICE, {(cle,): (s.heures, s.is_co_enseignement) for cle, s in services.items()}
    yield (
        tables.LIENS_SERVICE,
        {
            (cle, (e.individu_type, e.individu_id)): (e.heures, None, None)
            for cle, service in services.items()
            for e in service.enseignements
        },
    )


def _groupe(groupe: Groupe, avant: Valeurs | None) -> Valeurs:
    """What the file does not carry (MEF), or leaves empty, stays as STS holds it."""
    libelle, mefs, _, effectif = avant or ("", [], [], None)
    prevu = effectif if groupe.effectif_prevu is None else groupe.effectif_prevu
    return groupe.libelle or libelle, mefs, sorted(groupe.divisions), prevu


def _services(recu: ImportEDT) -> Iterator[tuple[Cle, Service]]:
    for division in recu.divisions:
        for service in division.services:
            yield (str(TypeStructure.DIVISION), division.code, service.matiere, service.modalite), service
    for groupe in recu.groupes:
        for service in groupe.services:
            yield (str(TypeStructure.GROUPE), groupe.code, service.matiere, service.modalite), service
