"""Do EDT, STS-Web and SIECLE speak of the same structures, services and people?"""

from collections import Counter
from collections.abc import Iterator

from exchanges.enums import Gravite
from exchanges.parsers.records import Division, Eleve, EleveEDT, FichierEDT, FichierSTS, Groupe, Service
from exchanges.rules.base import rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.enseignements import describe_individu, describe_matiere, has_services
from exchanges.rules.noms import propose_noms, tronque
from exchanges.rules.sts import codes_of, join_codes, structures_of


__all__ = ["REGLES"]

CleService = tuple[str, str]  # (matière, modalité)


@rule("structure_absente_de_siecle", "STRUCTURE", Gravite.AVERTISSEMENT)
def structure_absente_de_siecle(base: Base) -> Iterator[Constat]:
    """Une division ou un groupe de STS n'est pas dans SIECLE.

    L'export n'a pas été refait depuis sa création : SIECLE rejettera ses liens élève-groupe (GROUPE_A_01). Dans
    STS-Web, Exports > Structure, puis Exports > Services.
    """
    if base.structures is None or base.sts is None:
        return
    connues = set(codes_of(base.structures))
    for code in codes_of(base.sts):
        if code not in connues:
            yield None, code, f"« {code} » est dans STS mais pas dans SIECLE."


@rule("structure_absente_de_sts", "STRUCTURE", Gravite.INFORMATION)
def structure_absente_de_sts(base: Base) -> Iterator[Constat]:
    """Une division ou un groupe de SIECLE n'est plus dans STS.

    Si c'est voulu, faites Exports > Structure dans STS-Web ; sinon recréez-le dans STS-Web.
    """
    if base.structures is None or base.sts is None:
        return
    connues = set(codes_of(base.sts))
    for code in codes_of(base.structures):
        if code not in connues:
            yield None, code, f"« {code} » est dans SIECLE mais pas dans STS."


@rule("groupe_perdu_par_troncature", "CORRESPONDANCE", Gravite.ERREUR)
def groupe_perdu_par_troncature(base: Base) -> Iterator[Constat]:
    """Le nom du groupe d'EDT, une fois réduit pour STS-Web, ne désigne plus ce groupe.

    EDT retire les caractères interdits et coupe à huit : le nom obtenu est déjà celui d'un autre, ou n'existe pas
    dans STS. Le groupe n'aura ni existence ni membres dans l'ENT. Renommez-le dans EDT, puis refaites l'import dans
    STS-Web (Imports > Emploi du temps), Exports > Structure et Exports > Services.
    """
    noms = _noms_edt(base)
    obtenus = Counter(tronque(nom) for nom in noms)
    connus = {code for fichier in (base.sts, base.edt) if fichier for code in codes_of(fichier)}
    is_compare = base.sts is not None and bool(base.sts.groupes)
    perdus: dict[str, str] = {}
    for nom in (nom for nom, is_groupe in noms.items() if is_groupe and tronque(nom) != nom):
        court = tronque(nom)
        if not court:
            perdus[nom] = "ne garde aucun caractère"
        elif obtenus[court] > 1:
            perdus[nom] = f"devient « {court} », comme un autre"
        elif is_compare and not connus & {court, nom}:
            perdus[nom] = f"devient « {court} », qui n'est pas dans STS"
    for nom, proposition in propose_noms(perdus, {*noms, *connus}).items():
        yield None, nom, f"Le groupe « {nom} » {perdus[nom]}. Nom proposé : « {proposition} »."


def _noms_edt(base: Base) -> dict[str, bool]:
    """Names that EDT gives to its divisions (false) and groupes (true), at full length where they are known."""
    noms: dict[str, bool] = {}
    if base.emploi_du_temps is not None:
        noms |= {division.nom: False for division in base.emploi_du_temps.divisions}
        noms |= {groupe.nom: True for groupe in base.emploi_du_temps.groupes}
    elif base.edt is not None:
        noms |= {division.code: False for division in base.edt.divisions}
        noms |= {groupe.code: True for groupe in base.edt.groupes}
    return noms


@rule("eleve_sans_correspondance", "CORRESPONDANCE", Gravite.AVERTISSEMENT)
def eleve_sans_correspondance(base: Base) -> Iterator[Constat]:
    """L'élève d'EDT n'est pas relié à un élève de SIECLE.

    Ses liens avec les groupes ne partiront pas, ou seront rejetés par SIECLE. Dans EDT, Imports/Exports > Avec
    SIECLE, importez à nouveau les exports de SIECLE puis reliez l'élève ; s'il n'est pas dans Base élèves, créez
    d'abord sa fiche.
    """
    if base.emploi_du_temps is None:
        return
    connus = {eleve.eleve_id for eleve in base.eleves.eleves} if base.eleves else None
    par_ine = {eleve.ine: eleve for eleve in base.scolarises if eleve.ine}
    muets = [eleve for eleve in base.emploi_du_temps.eleves if not eleve.eleve_id]
    if len(muets) > 1 and len(muets) == len(base.emploi_du_temps.eleves):
        yield None, "", f"Aucun des {len(muets)} élèves d'EDT n'a d'identifiant SIECLE."
        return
    for eleve in base.emploi_du_temps.eleves:
        if not eleve.eleve_id:
            yield _constat(eleve, par_ine.get(eleve.ine), "n'a pas d'identifiant SIECLE")
        elif connus is not None and eleve.eleve_id not in connus:
            yield _constat(eleve, par_ine.get(eleve.ine), f"a l'identifiant {eleve.eleve_id}, inconnu de SIECLE")


def _constat(eleve: EleveEDT, connu: Eleve | None, defaut: str) -> Constat:
    return connu, "", f"L'élève d'EDT {eleve.nom} {eleve.prenom} {defaut}."


@rule("professeur_sans_correspondance", "CORRESPONDANCE", Gravite.AVERTISSEMENT)
def professeur_sans_correspondance(base: Base) -> Iterator[Constat]:
    """Le professeur d'EDT n'est pas relié à un enseignant de STS-Web.

    Ses services ne remonteront pas : dans l'ENT il n'aura ni classe ni discipline. Faites Exports > Emploi du temps
    dans STS-Web, puis dans EDT Imports/Exports > Avec STS-Web > Établir les correspondances ; un suppléant se saisit
    d'abord dans STS-Web (Services suppléants > Saisie rapide).
    """
    if base.emploi_du_temps is None:
        return
    connus = {individu.id for individu in base.sts.individus} if base.sts else None
    professeurs = base.emploi_du_temps.professeurs
    muets = [professeur for professeur in professeurs if not professeur.sts_id]
    if len(muets) > 1 and len(muets) == len(professeurs):
        yield None, "", f"Aucun des {len(muets)} professeurs d'EDT n'a d'identifiant STS."
        return
    for professeur in professeurs:
        nom = f"{professeur.nom} {professeur.prenom}".strip()
        if not professeur.sts_id:
            yield None, nom, f"Le professeur d'EDT {nom} n'a pas d'identifiant STS."
        elif connus is not None and professeur.sts_id not in connus:
            yield None, nom, f"Le professeur d'EDT {nom} a l'identifiant {professeur.sts_id}, inconnu de STS."


@rule("services_ecrases", "CORRESPONDANCE", Gravite.AVERTISSEMENT)
def services_ecrases(base: Base) -> Iterator[Constat]:
    """L'import du fichier d'EDT effacera dans STS-Web ce qui n'est pas dans ce fichier.

    L'import annule et remplace : les groupes, les services et les enseignants saisis à la main dans STS-Web sont
    perdus. Reportez-les dans EDT avant d'importer (Imports > Emploi du temps), ou saisissez-les à nouveau après, puis
    faites Exports > Structure et Exports > Services.
    """
    if base.sts is None or base.edt is None:
        return
    futurs = _by_code(base.edt)
    for structure in structures_of(base.sts):
        future = futurs.get(_cle(structure))
        if future is None and isinstance(structure, Groupe):
            yield None, structure.code, f"Le groupe « {structure.code} » de STS n'est pas dans le fichier d'EDT."
        else:
            for perte in _list_pertes(base, structure, future):
                yield None, structure.code, f"« {structure.code} » : {perte}."


def _list_pertes(base: Base, structure: Division | Groupe, future: Division | Groupe | None) -> Iterator[str]:
    gardes = _equipes(future.services if future else ())
    if structure.services and not gardes:
        yield f"le fichier d'EDT ne lui donne aucun service, STS en a {len(_equipes(structure.services))}"
        return
    for cle, equipe in _equipes(structure.services).items():
        service = f"{describe_matiere(base, cle[0])} ({cle[1]})"
        if cle not in gardes:
            yield f"le service {service} de STS n'est pas dans le fichier d'EDT"
        elif partis := [individu_id for individu_id in equipe if individu_id not in gardes[cle]]:
            noms = join_codes(describe_individu(base, individu_id) for individu_id in partis)
            yield f"le service {service} perdra son enseignant {noms}"


@rule("services_modifies_depuis_export", "CORRESPONDANCE", Gravite.INFORMATION)
def services_modifies_depuis_export(base: Base) -> Iterator[Constat]:
    """Le fichier d'EDT contient des groupes ou des services que STS-Web n'a pas encore.

    L'ENT ne les montrera qu'après l'import dans STS-Web (Imports > Emploi du temps, répondre « Non » à la
    conservation des services), puis Exports > Structure et Exports > Services.
    """
    if base.sts is None or base.edt is None or not has_services(base.sts):
        return  # nothing was ever imported: services_vides says so
    actuelles = _by_code(base.sts)
    for structure in structures_of(base.edt):
        actuelle = actuelles.get(_cle(structure))
        if actuelle is None:
            yield None, structure.code, f"« {structure.code} » est dans le fichier d'EDT mais pas dans STS."
        elif nouveautes := _list_nouveautes(base, structure, actuelle):
            yield None, structure.code, f"« {structure.code} », à importer dans STS : {join_codes(nouveautes)}."


def _list_nouveautes(base: Base, structure: Division | Groupe, actuelle: Division | Groupe) -> list[str]:
    """Services that are new, or given by somebody new, or for other hours."""
    avant, heures_avant = _equipes(actuelle.services), _heures(actuelle.services)
    heures = _heures(structure.services)
    return [
        describe_matiere(base, cle[0])
        for cle, equipe in _equipes(structure.services).items()
        if cle not in avant or equipe.keys() - avant[cle].keys() or heures[cle] != heures_avant[cle]
    ]


def _cle(structure: Division | Groupe) -> tuple[bool, str]:
    return isinstance(structure, Groupe), structure.code


def _by_code(fichier: FichierEDT | FichierSTS) -> dict[tuple[bool, str], Division | Groupe]:
    return {_cle(structure): structure for structure in structures_of(fichier)}


def _equipes(services: tuple[Service, ...]) -> dict[CleService, dict[str, None]]:
    """IDs of the enseignants of each (matière, modalité), in order; a repeated service adds its own (§2.4)."""
    equipes: dict[CleService, dict[str, None]] = {}
    for service in services:
        equipe = equipes.setdefault((service.matiere, service.modalite), {})
        equipe |= {enseignement.individu_id: None for enseignement in service.enseignements}
    return equipes


def _heures(services: tuple[Service, ...]) -> dict[CleService, list[str]]:
    """Hours of each (matière, modalité), sorted, ``4`` and ``4.00`` alike."""
    heures: dict[CleService, list[str]] = {}
    for service in services:
        entier, _, decimales = service.heures.partition(".")
        heures.setdefault((service.matiere, service.modalite), []).append(f"{entier}.{decimales.rstrip('0')}")
    return {cle: sorted(valeurs) for cle, valeurs in heures.items()}


REGLES: tuple[RegleDossier, ...] = (
    structure_absente_de_siecle,
    structure_absente_de_sts,
    groupe_perdu_par_troncature,
    eleve_sans_correspondance,
    professeur_sans_correspondance,
    services_ecrases,
    services_modifies_depuis_export,
)
