"""The deposited file without what SIECLE would reject, and the list of what was left out.

SIECLE does the same with the file as it is, so the corrected one leads to the same links: what it spares is the
anomalies of the compte-rendu, and a file that can be kept as a proof. It mends nothing at the source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from exchanges.parsers.records import EleveDepose, FichierElegroupe, Inscription
from exchanges.rules.base import Anomalie
from exchanges.rules.elegroupe import elegrp_a_03, en_jour
from exchanges.rules.referentiel import EleveConnu, Referentiel
from exchanges.rules.verdict import Verdict, check_elegroupe


_FAMILLE_DATES = "ELEGRP"
_SANS_GROUPE = "Aucun de ses groupes n'est accepté : SIECLE veut au moins un groupe pour chaque élève du fichier."
_DEUX_FOIS = "Le groupe est écrit deux fois pour cet élève, à une espace près : la dernière inscription compte."


class NatureRetrait(StrEnum):
    """What was left out of the file."""

    ELEVE = "eleve"  # the whole ELEVE
    INSCRIPTION = "inscription"  # one GROUPE
    DATE = "date"  # nothing but a date, replaced

    @property
    def libelle(self) -> str:
        """The word shown on screen."""
        return _NATURES[self]


_NATURES = {
    NatureRetrait.ELEVE: "Élève retiré",
    NatureRetrait.INSCRIPTION: "Inscription retirée",
    NatureRetrait.DATE: "Date remplacée",
}


@dataclass(frozen=True, slots=True)
class Retrait:
    """One thing left out of the corrected file, or replaced in it.

    Attributes:
        code: code of the rule; ``""`` for what follows from other retraits (an élève left without groupe).
        eleve_id: ELEVE_ID of the élève found, else the identifier sent.
        groupe: code of the groupe, ``""`` for a whole élève.
        pourquoi: a French sentence.
        action: what repairs it at the source.
        suite: the dates written instead, for a date.
    """

    nature: NatureRetrait
    code: str
    eleve_id: str
    nom: str
    division: str
    groupe: str
    pourquoi: str
    action: str = ""
    suite: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected file and what was left out of it."""

    fichier: FichierElegroupe
    retraits: tuple[Retrait, ...]

    @property
    def is_vide(self) -> bool:
        """Whether nothing is left: such a file cannot be deposited (the schema wants one ELEVE)."""
        return not self.fichier.eleves

    def dated(self, quand: datetime) -> FichierElegroupe:
        """The file as written at ``quand`` (naive, the school's local time), under a name of its own.

        The horodatage makes the name of a deposit: one second is added when the original was made in the same one.
        """
        entete = self.fichier.entete
        quand = quand.replace(microsecond=0, tzinfo=None)
        if quand == entete.horodatage:
            quand += timedelta(seconds=1)
        return replace(self.fichier, entete=replace(entete, horodatage=quand), date_import=quand.date())


def correct(fichier: FichierElegroupe, referentiel: Referentiel, verdict: Verdict | None = None) -> Correction:
    """Leave out of a deposit what SIECLE would reject (``formats/siecle.md`` §3.4 to §3.6).

    Rejected élèves and refused inscriptions go; a date that SIECLE would replace is replaced by the one it would
    keep; an élève left without groupe goes. Judged again, the result has no anomaly and leads to the same links.

    Args:
        fichier: the parsed deposit.
        referentiel: what SIECLE knows of the school; its ``eleves`` must not be ``None``.
        verdict: that of this file on this referentiel, when it has been judged already.

    Returns:
        The corrected file, without its remarks, to be given a date by ``Correction.dated``, and what was left out.
    """
    verdict = verdict or check_elegroupe(fichier, referentiel)
    tri = _Tri(referentiel, verdict)
    gardes = tuple(garde for depose in fichier.eleves if (garde := tri.keep(depose)))
    return Correction(
        replace(
            fichier,
            entete=replace(fichier.entete, version="1.4"),
            eleves=gardes,
            inconnus={},
            remarques=(),
        ),
        (*(_from_anomalie(anomalie, tri.inscriptions) for anomalie in verdict.anomalies), *tri.retraits),
    )


class _Tri:
    """One reading of one file: what is kept of each ELEVE, what follows from it."""

    def __init__(self, referentiel: Referentiel, verdict: Verdict):
        self.referentiel = referentiel
        self.verdict = verdict
        self.vus: set[str] = set()
        self.inscriptions: dict[tuple[str, str], Inscription] = {}
        self.retraits: list[Retrait] = []

    def keep(self, depose: EleveDepose) -> EleveDepose | None:
        """The ELEVE to write, or ``None``."""
        eleve = self._find(depose)
        if eleve is None or eleve.eleve_id in self.vus:
            return None
        self.vus.add(eleve.eleve_id)
        gardees = {inscription.groupe: inscription for inscription in self._retained(depose, eleve)}
        if gardees:
            return replace(depose, inscriptions=tuple(gardees.values()))
        if eleve.mef:  # without one, the anomaly GROUPE_B_01 says it already
            self._note(NatureRetrait.ELEVE, eleve, "", _SANS_GROUPE)
        return None

    def _find(self, depose: EleveDepose) -> EleveConnu | None:
        """The one élève that the night will find."""
        trouve = self.referentiel.find(depose)
        trouves = [trouve] if trouve else self.referentiel.find_by_name(depose)
        return trouves[0] if len(trouves) == 1 else None

    def _retained(self, depose: EleveDepose, eleve: EleveConnu) -> Iterator[Inscription]:
        for inscription in depose.inscriptions:
            cle = (eleve.eleve_id, inscription.groupe)
            if cle not in self.verdict.liens:
                continue
            if cle in self.inscriptions:
                self._note(NatureRetrait.INSCRIPTION, eleve, inscription.groupe, _DEUX_FOIS)
            debut, fin = self.verdict.liens[cle]
            retenue = Inscription(inscription.groupe, debut, fin)
            if elegrp_a_03(retenue, eleve, self.referentiel.periode):
                # She left before the year began: SIECLE writes that day, and would refuse to read it.
                retenue = replace(retenue, date_fin=None)
            self.inscriptions[cle] = retenue
            yield retenue

    def _note(self, nature: NatureRetrait, eleve: EleveConnu, groupe: str, pourquoi: str) -> None:
        self.retraits.append(
            Retrait(nature, "", eleve.eleve_id, eleve.nom_complet, eleve.division, groupe, pourquoi=pourquoi)
        )


def _from_anomalie(anomalie: Anomalie, inscriptions: dict[tuple[str, str], Inscription]) -> Retrait:
    nature, suite = NatureRetrait.INSCRIPTION, ""
    if not anomalie.objet:  # REJELEGROUPE and GROUPE_B_01 are about no groupe, but about all of them
        nature = NatureRetrait.ELEVE
    elif anomalie.regle.famille == _FAMILLE_DATES:
        nature = NatureRetrait.DATE
        ecrite = inscriptions[anomalie.eleve_id, anomalie.objet]
        suite = f"Début : {en_jour(ecrite.date_debut)} ; fin : {en_jour(ecrite.date_fin)}."
    return Retrait(
        nature=nature,
        code=anomalie.code,
        eleve_id=anomalie.eleve_id,
        nom=anomalie.nom,
        division=anomalie.division,
        groupe=anomalie.objet,
        pourquoi=anomalie.message,
        action=anomalie.action,
        suite=suite,
    )
