"""What SIECLE knows of a school, as plain values: the other half of every judgement.

Built from parsed files (``check_file``) or from the database (``pipeline``); the rules cannot tell which.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from unicodedata import normalize

from exchanges.parsers.records import (
    Eleve,
    EleveDepose,
    Fichier,
    FichierCommun,
    FichierEleves,
    FichierStructures,
    FichierSTS,
    Groupe,
    Periode,
)


DatesLien = tuple[date | None, date | None]
CleLien = tuple[str, str]  # (ELEVE_ID, code of the groupe)


@dataclass(frozen=True, slots=True)
class EleveConnu:
    """An élève of BEE, as far as the élève-groupe import looks at her."""

    eleve_id: str
    nom_de_famille: str
    prenom: str
    date_naissance: date | None
    nom_usage: str = ""
    prenom2: str = ""
    prenom3: str = ""
    ine: str = ""
    id_prv_ele: str = ""
    mef: str = ""
    division: str = ""
    date_entree: date | None = None
    date_sortie: date | None = None

    @property
    def is_sorti(self) -> bool:
        """A DATE_SORTIE makes a leaver, whatever the day (``formats/siecle.md`` §2.1)."""
        return self.date_sortie is not None

    @property
    def nom_complet(self) -> str:
        """« MODELE Maëlys »."""
        return f"{self.nom_usage or self.nom_de_famille} {self.prenom}"


def cle_nom(nom: str, prenom: str, naissance: date | None) -> tuple[str, str, date | None]:
    """Key of the fallback identification: BEE writes names in capitals, accents kept (§3.3)."""
    return _capitales(nom), _capitales(prenom), naissance


def _capitales(texte: str) -> str:
    return " ".join(normalize("NFC", texte).upper().split())


@dataclass(frozen=True)
class Referentiel:
    """What the rules may look at.

    Attributes:
        eleves: every élève of BEE, leavers included; ``None`` when no Élèves export is known.
        mefs_des_groupes: MEFs of each groupe known to BEE; ``None`` when no Structures export is known.
        groupes_sts: codes of the groupes of STS; ``None`` when no ``sts_emp`` is known.
        periode: the pupils' school year of the établissement; ``None`` when Communs is not known.
        liens: the élève-groupe links that BEE holds now, with their dates.
    """

    eleves: tuple[EleveConnu, ...] | None = None
    mefs_des_groupes: Mapping[str, frozenset[str]] | None = None
    groupes_sts: frozenset[str] | None = None
    periode: Periode | None = None
    liens: Mapping[CleLien, DatesLien] = field(default_factory=dict)

    @cached_property
    def par_eleve_id(self) -> dict[str, EleveConnu]:
        """Élèves by ELEVE_ID."""
        return {eleve.eleve_id: eleve for eleve in self.eleves or ()}

    @cached_property
    def par_ine(self) -> dict[str, EleveConnu]:
        """Élèves by INE, those without one left out."""
        return {eleve.ine: eleve for eleve in self.eleves or () if eleve.ine}

    @cached_property
    def par_id_prv(self) -> dict[str, EleveConnu]:
        """Élèves by ID_PRV_ELE, those without one left out."""
        return {eleve.id_prv_ele: eleve for eleve in self.eleves or () if eleve.id_prv_ele}

    @cached_property
    def _par_nom(self) -> dict[tuple[str, str, date | None], list[EleveConnu]]:
        index: dict[tuple[str, str, date | None], list[EleveConnu]] = {}
        for eleve in self.eleves or ():
            noms = {
                cle_nom(nom, eleve.prenom, eleve.date_naissance) for nom in (eleve.nom_de_famille, eleve.nom_usage)
            }
            for cle in noms:
                if cle[0]:
                    index.setdefault(cle, []).append(eleve)
        return index

    def find(self, depose: EleveDepose) -> EleveConnu | None:
        """Find by the identifier sent: ELEVE_ID, else INE, else ID_PRV_ELE (§3.4 step 2)."""
        if depose.eleve_id:
            return self.par_eleve_id.get(depose.eleve_id)
        if depose.ine:
            return self.par_ine.get(depose.ine)
        return self.par_id_prv.get(depose.id_prv_ele)

    def find_by_name(self, depose: EleveDepose) -> list[EleveConnu]:
        """Find by name, first name and birth date; first names 2 and 3 count when they are sent (§3.4 step 2)."""
        candidats = self._par_nom.get(cle_nom(depose.nom_de_famille, depose.prenom, depose.date_naissance), [])
        return [
            eleve
            for eleve in candidats
            if (not depose.prenom2 or _capitales(depose.prenom2) == _capitales(eleve.prenom2))
            and (not depose.prenom3 or _capitales(depose.prenom3) == _capitales(eleve.prenom3))
        ]


def mefs_par_groupe(
    groupes: Iterable[Groupe], mefs_des_divisions: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[str]]:
    """MEFs of each groupe; one that names none has those of the divisions it draws from.

    Args:
        groupes: the groupes of ``Structures.xml``.
        mefs_des_divisions: MEFs of each division of the same file.
    """
    return {
        groupe.code: frozenset(groupe.mefs)
        or frozenset(mef for code in groupe.divisions for mef in mefs_des_divisions.get(code, ()))
        for groupe in groupes
    }


def referentiel_from_files(fichiers: Iterable[Fichier]) -> Referentiel:
    """The same from parsed files alone (``check_file``): no database needed."""
    eleves = structures = sts = commun = None
    for fichier in fichiers:
        match fichier:
            case FichierEleves():
                eleves = fichier
            case FichierStructures():
                structures = fichier
            case FichierSTS():
                sts = fichier
            case FichierCommun():
                commun = fichier
    return Referentiel(
        eleves=tuple(map(_eleve_connu, eleves.eleves)) if eleves else None,
        mefs_des_groupes=mefs_par_groupe(structures.groupes, {d.code: d.mefs for d in structures.divisions})
        if structures
        else None,
        groupes_sts=frozenset(groupe.code for groupe in sts.groupes) if sts else None,
        periode=commun.annee_eleves if commun else None,
        liens={(e.eleve_id, code): (None, None) for e in eleves.eleves for code in e.groupes} if eleves else {},
    )


def _eleve_connu(eleve: Eleve) -> EleveConnu:
    return EleveConnu(**{champ: getattr(eleve, champ) for champ in EleveConnu.__dataclass_fields__})
