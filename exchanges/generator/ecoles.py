"""A fictitious académie, school by school, reproducible from its seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from exchanges.enums import TypeFichier
from exchanges.generator.calendriers import METROPOLE, Calendrier
from exchanges.generator.eleves import Contexte, Fabrique
from exchanges.generator.emplois_du_temps import make_edt, make_emploi_du_temps
from exchanges.generator.faits import Faute, Retouche, list_faits
from exchanges.generator.familles import Familles
from exchanges.generator.hasard import make_rng
from exchanges.generator.identifiants import ECOLES_MAX, Numeros, make_uai, make_uai_primaire
from exchanges.generator.lieux import make_commune, make_etablissements, make_geographique
from exchanges.generator.noms import draw_enseigne
from exchanges.generator.offre import Niveau, Offre, find_offre, make_matiere
from exchanges.generator.partagees import Partagee, list_partagees
from exchanges.generator.personnels import Personnels, make_personnels
from exchanges.generator.structures import Plan, make_plan
from exchanges.parsers.records import (
    Division,
    Eleve,
    EleveDepose,
    Entete,
    EtablissementConnu,
    FichierCommun,
    FichierEDT,
    FichierElegroupe,
    FichierEleves,
    FichierEmploiDuTemps,
    FichierEtablissements,
    FichierGeographique,
    FichierNomenclatures,
    FichierResponsables,
    FichierStructures,
    FichierSTS,
    Groupe,
    Inscription,
    Mef,
    Periode,
)


LOGICIEL = "EDT"
ACADEMIE = ("099", "ACADEMIE FICTIVE")
# Versions seen in the wild (``formats/siecle.md`` §1.2, §3.3); STS writes none.
_VERSIONS = {
    TypeFichier.ELEVES: "3.0",
    TypeFichier.RESPONSABLES: "2.1",
    TypeFichier.STRUCTURES: "2.0",
    TypeFichier.COMMUN: "1.7",
    TypeFichier.NOMENCLATURES: "3.1",
    TypeFichier.GEOGRAPHIQUE: "1.0",
    TypeFichier.ETABLISSEMENTS: "1.0",
}


@dataclass(frozen=True, slots=True)
class Ecole:
    """One school: the files it would export or deposit, as records.

    Attributes:
        horodatage: when its élève-groupe file was written; it names the ZIP.
        faits: what is no fault but a fact of life: what a rule mentions (an élève without INE), and the adults who
            answer for an élève of another school too.
        fautes: what was planted.
        retouches: what was planted in the writing of a file rather than in its records.
    """

    uai: str
    denomination: str
    type: str
    ville: str
    annee: str
    horodatage: datetime
    eleves: FichierEleves
    responsables: FichierResponsables
    structures: FichierStructures
    commun: FichierCommun
    nomenclatures: FichierNomenclatures
    geographique: FichierGeographique
    etablissements: FichierEtablissements
    sts: FichierSTS
    edt: FichierEDT
    emploi_du_temps: FichierEmploiDuTemps
    elegroupe: FichierElegroupe
    faits: tuple[Faute, ...] = ()
    fautes: tuple[Faute, ...] = ()
    retouches: tuple[Retouche, ...] = ()

    @property
    def periode(self) -> Periode:
        """The élève year, which bounds the dates of the deposit."""
        if self.commun.annee_eleves is None:
            raise ValueError("L'école n'a pas d'année scolaire des élèves.")
        return self.commun.annee_eleves


def make_ecole(
    rang: int, seed: int, annee: str = "2026", *, calendrier: Calendrier = METROPOLE, echelle: float = 1.0
) -> Ecole:
    """A school without any fault; the same arguments always give the same school.

    Args:
        rang: its rank in the académie, from 1.
        seed: the académie's seed.
        annee: millésime, the year of the rentrée.
        calendrier: when the school year begins and ends.
        echelle: share of the normal size, for small examples.

    Raises:
        ValueError: the rank is out of range.
    """
    chantier = _Chantier(rang, annee, calendrier, make_rng(seed, rang), make_commune(seed, rang))
    return chantier.build(find_offre(rang), echelle, list_partagees(rang, seed, annee, echelle))


class _Chantier:
    """Builds one school from its rank, its year, its source of chance, its town and its postcode."""

    def __init__(self, rang: int, annee: str, calendrier: Calendrier, rng: Random, commune: tuple[str, str]):
        self._annee = annee
        self._rng = rng
        self._uai = make_uai(rang)
        self._uai_origine = _find_origine(rang)
        self._ville, self._code = commune
        self._enseigne = draw_enseigne(rng)
        self._numeros = Numeros(rang)
        self._periode = calendrier.periode(annee)
        self._cours = calendrier.cours(annee)
        self._export = calendrier.draw_export(annee, rng)
        self._depot = calendrier.draw_depot(self._export, rng)

    def build(self, offre: Offre, echelle: float, partagees: list[Partagee]) -> Ecole:
        plan = make_plan(offre, self._rng, echelle)
        familles = Familles(self._ville, self._code, self._numeros, self._rng)
        places, autres = self._make_eleves(plan, offre, familles, partagees)
        personnels = make_personnels(plan, self._annee, self._numeros, self._rng)
        denomination = f"{offre.nature} {self._enseigne.upper()}"
        mefs = tuple(_make_mefs(offre.niveaux))
        matieres = tuple(make_matiere(code) for code in _list_matieres(places, personnels))
        eleves = (*places, *autres)
        elegroupe = self._make_elegroupe(places, plan)
        sts = FichierSTS(
            entete=self._entete_edt(TypeFichier.STS_EDT),
            denomination=denomination,
            sigle=offre.sigle,
            academie_code=ACADEMIE[0],
            academie_libelle=ACADEMIE[1],
            mefs=tuple(replace(mef, rattachement="", mefstat="") for mef in mefs if mef.is_selectionne),
            matieres=tuple(replace(matiere, is_etp=False) for matiere in matieres),  # STS does not say it
            individus=personnels.individus,
            divisions=personnels.divisions,
            groupes=personnels.groupes,
        )
        edt = make_edt(sts, self._entete_edt(TypeFichier.EDT_STS, LOGICIEL), self._cours, self._rng)
        ici = EtablissementConnu(
            uai=self._uai,
            denomination=denomination,
            sigle=offre.sigle,
            type_etab=offre.type_etab,
            secteur="PU",
            academie=ACADEMIE[0],
            code_postal=self._code,
        )
        return Ecole(
            uai=self._uai,
            denomination=denomination,
            type=offre.sigle,
            ville=self._ville,
            annee=self._annee,
            horodatage=self._depot,
            eleves=FichierEleves(entete=self._entete(TypeFichier.ELEVES), eleves=eleves),
            responsables=FichierResponsables(
                entete=self._entete(TypeFichier.RESPONSABLES),
                personnes=tuple(familles.personnes),
                liens=tuple(familles.liens),
            ),
            structures=_make_structures(self._entete(TypeFichier.STRUCTURES), personnels),
            commun=FichierCommun(
                entete=self._entete(TypeFichier.COMMUN),
                denomination=denomination,
                type_etab=offre.type_etab,
                annee_eleves=self._periode,
            ),
            nomenclatures=FichierNomenclatures(
                entete=self._entete(TypeFichier.NOMENCLATURES), mefs=mefs, matieres=matieres
            ),
            geographique=make_geographique(self._entete(TypeFichier.GEOGRAPHIQUE), self._ville, self._code),
            etablissements=make_etablissements(self._entete(TypeFichier.ETABLISSEMENTS), ici, eleves),
            sts=sts,
            edt=edt,
            emploi_du_temps=make_emploi_du_temps(
                sts, edt, self._entete_edt(TypeFichier.EMPLOI_DU_TEMPS), eleves, elegroupe.eleves
            ),
            elegroupe=elegroupe,
            faits=(*list_faits(eleves, sts), *familles.faits),
        )

    def _make_eleves(
        self, plan: Plan, offre: Offre, familles: Familles, partagees: list[Partagee]
    ) -> tuple[list[Eleve], list[Eleve]]:
        contexte = Contexte(
            uai=self._uai,
            uai_origine=self._uai_origine,
            mefs=frozenset(mef for niveau in offre.niveaux for mef in niveau.mefs),
            code_commune=self._code,
            annee=self._annee,
            periode=self._periode,
            export=self._export,
        )
        fabrique = Fabrique(contexte, familles, self._numeros, self._rng)
        places = fabrique.make_places(plan, partagees)
        non_places = fabrique.make_non_places(offre.niveaux, len(places))
        return places, [*non_places, *fabrique.make_sortis(offre.niveaux, len(places))]

    def _make_elegroupe(self, eleves: list[Eleve], plan: Plan) -> FichierElegroupe:
        """What the timetable software writes: every placed élève in all her groupes, for the whole year."""
        deposes = tuple(
            EleveDepose(
                eleve_id=eleve.eleve_id,
                nom_de_famille=eleve.nom_de_famille,
                prenom=eleve.prenom,
                date_naissance=eleve.date_naissance or date.min,
                inscriptions=tuple(
                    Inscription(groupe=code, date_debut=self._cours.debut, date_fin=self._cours.fin)
                    for code in place.groupes
                ),
            )
            for eleve, place in zip(eleves, plan.places, strict=True)
        )
        entete = Entete(
            type=TypeFichier.ELEGROUPE,
            uai=self._uai,
            annee=self._annee,
            version="1.4",
            horodatage=self._depot,
            logiciel=LOGICIEL,
        )
        return FichierElegroupe(entete=entete, date_import=self._depot.date(), num_envoi=1, eleves=deposes)

    def _entete(self, type_fichier: TypeFichier) -> Entete:
        return Entete(
            type=type_fichier,
            uai=self._uai,
            annee=self._annee,
            version=_VERSIONS[type_fichier],
            horodatage=self._export,
        )

    def _entete_edt(self, type_fichier: TypeFichier, logiciel: str = "") -> Entete:
        return Entete(type=type_fichier, uai=self._uai, annee=self._annee, logiciel=logiciel)


def _find_origine(rang: int) -> str:
    """Where a school's first-year élèves were the year before: a primary school, or the next collège."""
    if find_offre(rang).sigle == "CLG":
        return make_uai_primaire(rang)
    return make_uai(next(r for r in (*range(rang, ECOLES_MAX + 1), 1) if find_offre(r).sigle == "CLG"))


def _make_mefs(niveaux: tuple[Niveau, ...]) -> Iterator[Mef]:
    """The MEF that the school opens, those that its first-year élèves come from, and one that nobody follows."""
    ouverts = {code for niveau in niveaux for code in niveau.mefs}
    for niveau in niveaux:
        for code in niveau.mefs:
            suite = " ULIS" if code == niveau.mef_ulis else ""
            yield _make_mef(code, niveau.formation, niveau.libelle + suite)
    for code in dict.fromkeys(niveau.mef_precedent for niveau in niveaux):
        if code not in ouverts:
            yield _make_mef(code, "ORIG", "FORMATION D'ORIGINE", is_selectionne=False)
    yield _make_mef("99999999990", "INDET", "FORMATION INDETERMINEE", is_selectionne=False)


def _make_mef(code: str, formation: str, libelle: str, is_selectionne: bool = True) -> Mef:
    """A MEF attached to itself; its MEFSTAT11 is invented from its code."""
    mefstat = f"2{code[:3]}{code[-7:]}"
    return Mef(code, formation, libelle, is_selectionne, rattachement=code, mefstat=mefstat)


def _make_structures(entete: Entete, personnels: Personnels) -> FichierStructures:
    """What STS pushed to BEE: the same structures without services nor expected headcounts."""
    divisions = tuple(Division(code=d.code, libelle=d.libelle, mefs=d.mefs) for d in personnels.divisions)
    groupes = tuple(
        Groupe(code=g.code, libelle=g.libelle, mefs=g.mefs, divisions=g.divisions) for g in personnels.groupes
    )
    return FichierStructures(entete=entete, divisions=divisions, groupes=groupes)


def _list_matieres(eleves: list[Eleve], personnels: Personnels) -> list[str]:
    """The codes in use, sorted."""
    services = [service for division in personnels.divisions for service in division.services]
    services += [service for groupe in personnels.groupes for service in groupe.services]
    enseignees = {service.matiere for service in services}
    return sorted(enseignees | {matiere for eleve in eleves for matiere in eleve.options})
