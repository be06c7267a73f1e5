"""What SIECLE will do tonight with an élève-groupe file: one pure function, used before and during the night."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from exchanges.parsers.records import EleveDepose, FichierElegroupe, Inscription
from exchanges.rules import elegroupe as regles
from exchanges.rules.base import Anomalie, regle_de
from exchanges.rules.referentiel import CleLien, DatesLien, EleveConnu, Referentiel


@dataclass(frozen=True)
class Verdict:
    """The outcome of an *annule et remplace* import.

    Attributes:
        eleves_lus: number of ELEVE in the file.
        liens: what BEE will hold afterwards, with its dates.
        avant: what BEE holds now.
        anomalies: every occurrence, in the order of the file.
        absents: élèves of BEE, not leavers, that no ELEVE of the file designates.
        absents_sortis: the same among leavers.
        groupes_vides: groupes of BEE that will have no élève at all.
    """

    eleves_lus: int
    liens: Mapping[CleLien, DatesLien]
    avant: Mapping[CleLien, DatesLien]
    anomalies: tuple[Anomalie, ...]
    absents: tuple[EleveConnu, ...]
    absents_sortis: tuple[EleveConnu, ...]
    groupes_vides: tuple[str, ...]
    groupes_vides_avant: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def crees(self) -> frozenset[CleLien]:
        """Links that BEE does not hold yet."""
        return frozenset(self.liens.keys() - self.avant.keys())

    @cached_property
    def clos(self) -> frozenset[CleLien]:
        """Links that BEE holds and will lose."""
        return frozenset(self.avant.keys() - self.liens.keys())

    @cached_property
    def inchanges(self) -> frozenset[CleLien]:
        """Links on both sides, whatever their dates."""
        return frozenset(self.liens.keys() & self.avant.keys())

    @cached_property
    def dates_modifiees(self) -> frozenset[CleLien]:
        """Unchanged links whose dates change."""
        return frozenset(cle for cle in self.inchanges if self.liens[cle] != self.avant[cle])

    @cached_property
    def groupes_perdus(self) -> dict[str, tuple[str, ...]]:
        """Codes of the groupes that each élève loses, by ELEVE_ID."""
        perdus: dict[str, list[str]] = {}
        for eleve_id, groupe in sorted(self.clos):
            perdus.setdefault(eleve_id, []).append(groupe)
        return {eleve_id: tuple(groupes) for eleve_id, groupes in perdus.items()}

    @property
    def part_close(self) -> float:
        """Share (0 to 1) of the school's links that would be closed."""
        return len(self.clos) / len(self.avant) if self.avant else 0.0

    def chiffres(self) -> dict[str, int]:
        """The figures announced, comparable with those of the night."""
        return {
            "eleves_lus": self.eleves_lus,
            "absents": len(self.absents),
            "absents_sortis": len(self.absents_sortis),
            "liens_crees": len(self.crees),
            "liens_clos": len(self.clos),
            "liens_inchanges": len(self.inchanges),
            "anomalies": len(self.anomalies),
        }


def check_elegroupe(fichier: FichierElegroupe, referentiel: Referentiel) -> Verdict:
    """Judge an élève-groupe file as SIECLE does during the night (``formats/siecle.md`` §3.4).

    Args:
        fichier: the parsed file, already past the synchronous checks.
        referentiel: what SIECLE knows of the school; its ``eleves`` must not be ``None``.

    Returns:
        The whole outcome; nothing is raised for a fault of the data.
    """
    juge = _Juge(referentiel)
    for depose in fichier.eleves:
        juge.judge(depose)
    restants = [eleve for eleve in referentiel.eleves or () if eleve.eleve_id not in juge.designes]
    peuples = {groupe for _, groupe in juge.liens}
    connus = sorted(referentiel.mefs_des_groupes or ())
    return Verdict(
        eleves_lus=len(fichier.eleves),
        liens=juge.liens,
        avant=referentiel.liens,
        anomalies=tuple(juge.anomalies),
        absents=tuple(eleve for eleve in restants if not eleve.is_sorti),
        absents_sortis=tuple(eleve for eleve in restants if eleve.is_sorti),
        groupes_vides=tuple(code for code in connus if code not in peuples),
        groupes_vides_avant=frozenset(connus) - {groupe for _, groupe in referentiel.liens},
    )


# The bounds first, then the order: one wrong date gives one anomaly.
_REGLES_DES_DATES = (regles.elegrp_a_02, regles.elegrp_a_03, regles.elegrp_a_01)


class _Juge:
    """One reading of one file: who has been seen, what was decided."""

    def __init__(self, referentiel: Referentiel):
        self.referentiel = referentiel
        self.liens: dict[CleLien, DatesLien] = {}
        self.anomalies: list[Anomalie] = []
        self.designes: set[str] = set()

    def judge(self, depose: EleveDepose) -> None:
        eleve = self._identify(depose)
        if eleve is None:
            return
        message = regles.groupe_b_01(eleve)
        if message:
            self._note(regles.groupe_b_01, message, eleve)
            return
        for inscription in depose.inscriptions:
            if self._is_admissible(inscription, eleve):
                retenue = self._correct_dates(inscription, eleve)
                self.liens[eleve.eleve_id, inscription.groupe] = (retenue.date_debut, retenue.date_fin)

    def _identify(self, depose: EleveDepose) -> EleveConnu | None:
        trouve = self.referentiel.find(depose)
        trouves = [trouve] if trouve else self.referentiel.find_by_name(depose)
        for regle in (regles.rejelegroupe_01, regles.rejelegroupe_02):
            message = regle(depose, trouves)
            if message:
                self._reject(regle, message, depose)
                return None
        eleve = trouves[0]
        message = regles.rejelegroupe_03(depose, eleve, self.designes)
        if message:
            self._reject(regles.rejelegroupe_03, message, depose, eleve)
            return None
        self.designes.add(eleve.eleve_id)
        return eleve

    def _is_admissible(self, inscription: Inscription, eleve: EleveConnu) -> bool:
        message = regles.groupe_a_01(inscription, self.referentiel)
        if message:
            action = regles.action_groupe_inconnu(inscription.groupe, self.referentiel)
            self._note(regles.groupe_a_01, message, eleve, inscription.groupe, action)
            return False
        message = regles.groupe_b_02(inscription, eleve, self.referentiel)
        if message:
            self._note(regles.groupe_b_02, message, eleve, inscription.groupe)
            return False
        return True

    def _correct_dates(self, inscription: Inscription, eleve: EleveConnu) -> Inscription:
        for regle in _REGLES_DES_DATES:
            if constat := regle(inscription, eleve, self.referentiel.periode):
                self._note(regle, constat.message, eleve, inscription.groupe)
                inscription = constat.inscription
        return inscription

    def _note(
        self, function: Callable[..., object], message: str, eleve: EleveConnu, objet: str = "", action: str = ""
    ) -> None:
        regle = regle_de(function)
        self.anomalies.append(
            Anomalie(
                regle=regle,
                message=message,
                action=action or regle.conseil,
                eleve_id=eleve.eleve_id,
                objet=objet,
                is_identifie=True,
                nom=eleve.nom_complet,
                division=eleve.division,
                id_prv_ele=eleve.id_prv_ele,
            )
        )

    def _reject(
        self, function: Callable[..., object], message: str, depose: EleveDepose, eleve: EleveConnu | None = None
    ) -> None:
        regle = regle_de(function)
        self.anomalies.append(
            Anomalie(
                regle=regle,
                message=message,
                action=regle.conseil,
                eleve_id=eleve.eleve_id if eleve else depose.identifiant,
                is_identifie=eleve is not None,
                nom=f"{depose.nom_de_famille} {depose.prenom}",
                division=eleve.division if eleve else "",
                id_prv_ele=eleve.id_prv_ele if eleve else depose.id_prv_ele,
            )
        )


def group_by_division(eleves: Iterable[EleveConnu]) -> dict[str, list[EleveConnu]]:
    """Élèves sorted by name under their division; those without one come last under « Sans division »."""
    par_division: dict[str, list[EleveConnu]] = {}
    for eleve in sorted(eleves, key=lambda e: (not e.division, e.division, e.nom_complet)):
        par_division.setdefault(eleve.division or "Sans division", []).append(eleve)
    return par_division
