"""Why a groupe or a division is missing, empty or without enseignants: pure rules, from its facts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from checklists.diagnostic.modele import CoucheChaine, Portee, Probleme
from exchanges.reports.exports import join_codes
from exchanges.templatetags.entsite import jour, pluriel


EDT, STS, SIECLE = CoucheChaine.EDT, CoucheChaine.STS, CoucheChaine.SIECLE
_JOURNAL = {"NOM_REFUSE": "groupe_refuse_par_sts", "NOM_EN_DOUBLE": "groupe_refuse_par_sts"}
_JOURNAL |= {"NOM_TRONQUE": "groupe_tronque_par_sts"}


@dataclass
class FaitsStructure:
    """What the layers know of a groupe or a division.

    Attributes:
        sts_le, bee_le: since when STS and SIECLE hold it.
        inscrits: élèves whom SIECLE puts in it; ``eligibles`` those of them who go up to the AAF.
        rejets: lines of the last deposit about it, by code; ``rejet`` the sentence and the repair of the first.
        prevus: élèves that the waiting deposit puts in it.
        journal: code, message and repair that STS-Web gave of its name at the last import of EDT's file.
        services: services of STS; ``enseignants`` who give them there, ``recus`` those of them SIECLE knows of.
        inconnus: individus to whom services are given without STS knowing them.
    """

    code: str
    is_groupe: bool
    jour: date
    has_sts: bool
    has_services: bool
    en_preparation: bool = False
    sts_le: date | None = None
    bee_le: date | None = None
    bee_depuis: datetime | None = None
    inscrits: int = 0
    eligibles: int = 0
    depot_le: date | None = None
    depot_instant: datetime | None = None
    is_depot_en_echec: bool = False
    rejets: Counter[str] = field(default_factory=Counter)
    rejet: tuple[str, str] = ("", "")
    prevus: int = 0
    journal: tuple[str, str, str] | None = None
    services: int = 0
    services_le: date | None = None
    enseignants: frozenset[str] = frozenset()
    recus: frozenset[str] = frozenset()
    inconnus: tuple[str, ...] = ()
    export_structure_le: date | None = None
    export_services_le: date | None = None
    is_export_declare: bool = False


def find_problemes(faits: FaitsStructure) -> Iterator[Probleme]:
    """Every broken link of a structure in the layers of the school."""
    absence = _find_absence(faits)
    if absence:
        yield absence
        return
    yield from _find_vide(faits) if faits.is_groupe else _find_division_vide(faits)
    if faits.has_sts:
        yield from _find_equipe(faits)


def _find_absence(faits: FaitsStructure) -> Probleme | None:
    """STS or SIECLE does not hold it."""
    symptome = f"{faits.code} n'existe pas dans l'ENT."
    if faits.journal and faits.journal[0] in _JOURNAL and not faits.sts_le:
        code, message, action = faits.journal
        preuve = f"Journal de STS-Web : {message}"
        faire = f"{action} Puis déposez à nouveau le fichier élèves-groupes."
        return Probleme(STS, _JOURNAL[code], symptome, preuve, Portee.EXISTENCE, faire=faire)
    if faits.bee_le is None:
        return _find_inconnue_de_siecle(faits, symptome)
    return None


def _find_inconnue_de_siecle(faits: FaitsStructure, symptome: str) -> Probleme:
    rejets = faits.rejets["GROUPE_A_01"]
    preuve_depot = f"{rejets} {pluriel(rejets, 'inscription')} du fichier importé {jour(faits.depot_le)} rejetée(s)"
    if faits.sts_le:
        quand = "n'a jamais été fait"
        if faits.export_structure_le:
            quand = f"date du {jour(faits.export_structure_le)}"
        preuve = f"Dans STS depuis {jour(faits.sts_le)} ; l'export Structure {quand}, SIECLE ne le connaît pas."
        if faits.is_export_declare:
            code = "export_structure_a_confirmer"
            return Probleme(SIECLE, code, symptome, preuve, Portee.EXISTENCE, faits.sts_le, is_en_attente=True)
        if rejets:
            return Probleme(
                SIECLE, "GROUPE_A_01", symptome, f"{preuve} {preuve_depot}.", Portee.EXISTENCE, faits.depot_le
            )
        return Probleme(SIECLE, "structure_absente_de_siecle", symptome, preuve, Portee.EXISTENCE, faits.sts_le)
    if rejets:
        message, action = faits.rejet
        couche = STS if faits.has_sts else SIECLE
        preuve = f"{preuve_depot} : {message}"
        return Probleme(couche, "GROUPE_A_01", symptome, preuve, Portee.EXISTENCE, faits.depot_le, faire=action)
    if faits.inscrits:
        preuve = f"{faits.inscrits} {pluriel(faits.inscrits, 'élève')} y sont affectés, Structures ne la contient pas."
        symptome = f"{faits.code} est dans l'ENT sans enseignant."
        return Probleme(SIECLE, "division_inconnue", symptome, preuve, Portee.EXISTENCE)
    code = "groupe_inconnu" if faits.is_groupe else "division_inconnue_de_sts"
    return Probleme(STS, code, symptome, "Ni STS-Web ni SIECLE ne connaissent ce nom.", Portee.EXISTENCE)


def _find_vide(faits: FaitsStructure) -> Iterator[Probleme]:
    """Nobody in the groupe, or not everybody."""
    symptome = f"{faits.code} est vide dans l'ENT."
    if faits.inscrits and faits.eligibles == 0:
        preuve = f"Aucun des {faits.inscrits} élèves n'est dans l'annuaire."
        yield Probleme(SIECLE, "eleves_sans_compte", symptome, preuve, Portee.PLACE)
        return
    if faits.inscrits:
        symptome = f"{faits.code} est incomplet dans l'ENT."
    if faits.prevus > faits.inscrits:
        preuve = f"Le fichier déposé, qui attend la nuit, y met {faits.prevus} {pluriel(faits.prevus, 'élève')}."
        yield Probleme(SIECLE, "depot_en_attente", symptome, preuve, Portee.PLACE, is_en_attente=True)
        return
    rejetes = faits.rejets["GROUPE_A_01"] + faits.rejets["GROUPE_B_02"]
    if rejetes:
        yield _find_rejete(faits, symptome, rejetes)
    elif not faits.inscrits:
        yield _find_absent_du_depot(faits, symptome)


def _find_rejete(faits: FaitsStructure, symptome: str, rejetes: int) -> Probleme:
    preuve = f"{rejetes} {pluriel(rejetes, 'inscription')} rejetée(s) du fichier importé {jour(faits.depot_le)} : "
    preuve += faits.rejet[0]
    code = "depot_non_refait" if faits.rejets["GROUPE_A_01"] else "GROUPE_B_02"
    return Probleme(SIECLE, code, symptome, preuve, Portee.PLACE, faits.depot_le)


def _find_absent_du_depot(faits: FaitsStructure, symptome: str) -> Probleme:
    if faits.is_depot_en_echec:
        preuve = "La nuit a échoué pour une raison technique : rien n'a été importé."
        return Probleme(SIECLE, "depot_en_echec", symptome, preuve, Portee.PLACE)
    if faits.depot_le is None:
        preuve = "Aucun fichier élèves-groupes n'a été importé."
        return Probleme(EDT, "depot_manquant", symptome, preuve, Portee.PLACE)
    preuve = f"Le fichier importé {jour(faits.depot_le)} n'y met aucun élève."
    return Probleme(EDT, "groupe_absent_du_depot", symptome, preuve, Portee.PLACE, faits.depot_le)


def _find_division_vide(faits: FaitsStructure) -> Iterator[Probleme]:
    symptome = f"{faits.code} est vide dans l'ENT."
    if not faits.inscrits:
        preuve = "Aucune fiche d'élève ne porte cette division."
        yield Probleme(SIECLE, "division_vide", symptome, preuve, Portee.PLACE)
    elif not faits.eligibles:
        preuve = f"Aucun des {faits.inscrits} élèves n'est dans l'annuaire."
        yield Probleme(SIECLE, "eleves_sans_compte", symptome, preuve, Portee.PLACE)


def _find_equipe(faits: FaitsStructure) -> Iterator[Probleme]:
    """No enseignant sees it, or not all of them."""
    symptome = f"Aucun enseignant ne voit {faits.code} dans l'ENT."
    if faits.sts_le is None:
        preuve = "SIECLE la connaît encore, STS-Web ne l'a plus : aucun service ne peut lui être donné."
        yield Probleme(STS, "structure_absente_de_sts", symptome, preuve, Portee.EQUIPE)
    elif not faits.has_services:
        code = "groupes_reconduits" if faits.en_preparation and faits.is_groupe else "services_vides"
        preuve = "Aucune division, aucun groupe de STS n'a de service."
        yield Probleme(STS, code, symptome, preuve, Portee.EQUIPE)
    elif not faits.services:
        code = "groupe_sans_service" if faits.is_groupe else "division_sans_service"
        yield Probleme(STS, code, symptome, "STS ne lui donne aucun service.", Portee.EQUIPE, faits.sts_le)
    elif not faits.enseignants:
        yield _find_sans_enseignant(faits, symptome)
    elif manquants := sorted(faits.enseignants - faits.recus):
        quand = "n'a jamais été fait"
        if faits.export_services_le:
            quand = f"date du {jour(faits.export_services_le)}"
        preuve = f"L'export Services {quand} ; SIECLE n'a pas reçu le service de {join_codes(manquants)}."
        if faits.recus:
            symptome = f"Une partie de l'équipe ne voit pas {faits.code} dans l'ENT."
        yield Probleme(SIECLE, "services_non_exportes", symptome, preuve, Portee.EQUIPE, faits.services_le)


def _find_sans_enseignant(faits: FaitsStructure, symptome: str) -> Probleme:
    if faits.inconnus:
        preuve = f"Ses services sont donnés à {join_codes(faits.inconnus)}, que STS Ressources ne connaît pas."
        return Probleme(STS, "enseignant_inconnu", symptome, preuve, Portee.EQUIPE, faits.services_le)
    preuve = f"Ses {faits.services} {pluriel(faits.services, 'service')} n'ont pas d'enseignant."
    return Probleme(STS, "service_sans_enseignant", symptome, preuve, Portee.EQUIPE, faits.sts_le)
