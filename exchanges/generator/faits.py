"""What a school's files say that a rule mentions: faults planted on purpose, and facts of life that are no fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exchanges.enums import TypeFichier
from exchanges.parsers.records import Eleve, FichierSTS


@dataclass(frozen=True, slots=True)
class Faute:
    """One anomaly to be found.

    Args:
        code: the code of the rule (``GROUPE_A_01``), or a word of ours where no rule speaks.
        objet: the key of what is at fault: code of the groupe or of the division, identifier, type of file.
        detail: a French sentence.
        eleve_id: ELEVE_ID of the élève, else the identifier sent; ``""`` when it is about nobody.
        cause: code of the fault of which this one is the unavoidable consequence; ``""`` when planted for itself.
    """

    code: str
    objet: str
    detail: str
    eleve_id: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Retouche:
    """Bytes of a file replaced once it is written: what records cannot hold."""

    type: TypeFichier
    ancien: bytes
    nouveau: bytes


def list_faits(eleves: Iterable[Eleve], sts: FichierSTS) -> Iterator[Faute]:
    """The facts of a sound school: no INE, MEF or division yet, leavers, a teacher whom the rectorat does not know.

    Args:
        eleves: every fiche of the school, leavers included.
        sts: its ``sts_emp``.
    """
    for eleve in eleves:
        for code, detail in _list_manques(eleve):
            yield Faute(code, "", f"{eleve.nom_de_famille} {eleve.prenom} {detail}", eleve.eleve_id)
    for individu in sts.individus:
        if individu.type == "local":
            nom = f"{individu.nom_usage} {individu.prenom}"
            yield Faute("enseignant_local", individu.id, f"{nom} a été ajouté par l'établissement dans STS-Web.")


def _list_manques(eleve: Eleve) -> Iterator[tuple[str, str]]:
    if eleve.date_sortie:
        yield "eleve_sorti", f"a quitté l'établissement le {eleve.date_sortie:%d/%m/%Y}."
        return
    if not eleve.ine:
        yield "ine_manquant", "n'a pas encore d'INE."
    if not eleve.mef:
        yield "eleve_sans_mef", "n'a pas encore de MEF."
    elif not eleve.division:
        yield "eleve_sans_division", "n'a pas encore de division."
    if not (eleve.mef and eleve.division):
        yield "fiche_bloquante", "n'est pas encore scolarisé dans une division : sa fiche ne remonte pas."
