"""Who goes up to the AAF, and who gets an ENT account: persons as the streams show them, and the reasons against.

A rule here tells whether it strikes one person; ``motif_*`` names the first one that does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from exchanges.enums import Gravite
from exchanges.rules.base import Regle, regle_de, rule


LEGAL = "1"  # NIVEAU_RESPONSABILITE (``formats/siecle.md`` §2.2)
PERSONNE_EN_CHARGE = "2"
ENSEIGNANT = "ENS"
EPP = "epp"


@dataclass(frozen=True, slots=True)
class Relation:
    """What an adult is to an élève. ``responsable`` is the key of our own row, ``jointure`` the AAF's number."""

    responsable: int
    jointure: int | None
    niveau: str
    parente: str
    is_payeur: bool
    is_contact: bool


@dataclass(slots=True)
class EleveVu:
    """An élève as the AAF sees her on one day; ``motif`` says why it does not, ``None`` when it does."""

    pk: int
    etablissement: int
    jointure: int | None
    eleve_id: str
    ine: str
    nom_de_famille: str
    nom_usage: str
    prenom: str
    prenom2: str
    prenom3: str
    date_naissance: date | None
    sexe: str
    regime: str
    statut: str
    mef: str
    division: str
    date_entree: date | None
    date_sortie: date | None
    options: list[str]
    manques: list[str]
    groupes: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    motif: Regle | None = None

    @property
    def nom(self) -> str:
        """The usage name, else the birth name."""
        return self.nom_usage or self.nom_de_famille

    @property
    def nom_complet(self) -> str:
        """« MODELE Maëlys »."""
        return f"{self.nom} {self.prenom}"


@dataclass(slots=True)
class ResponsableVu:
    """A responsable of the académie as the AAF sees him: one record for all his children.

    ``enfants`` are jointures of eligible élèves, ``niveaux`` the levels of his links to them.
    """

    pk: int
    etablissement: int
    jointure: int
    personne_id: str
    civilite: str
    nom_de_famille: str
    nom_usage: str
    prenom: str
    tel_portable: str
    mel: str
    enfants: tuple[int, ...] = ()
    niveaux: frozenset[str] = frozenset()
    motif: Regle | None = None

    @property
    def nom(self) -> str:
        """The usage name, else the birth name."""
        return self.nom_usage or self.nom_de_famille

    @property
    def nom_complet(self) -> str:
        """« MODELE Marie »."""
        return f"{self.nom} {self.prenom}".strip()


@dataclass(frozen=True, slots=True)
class ServiceVu:
    """A matière that an individu teaches to a structure: ``type_structure`` D or G."""

    type_structure: str
    structure: str
    matiere: str


@dataclass(slots=True)
class PersonnelVu:
    """An individu of one school; ``services`` and ``principal_de`` are those that STS exported."""

    pk: int
    etablissement: int
    jointure: int | None
    type: str
    sts_id: str
    civilite: str
    nom_usage: str
    nom_patronymique: str
    prenom: str
    date_naissance: date | None
    fonction: str
    disciplines: list[str]
    services: tuple[ServiceVu, ...] = ()
    principal_de: tuple[str, ...] = ()
    motif: Regle | None = None

    @property
    def nom(self) -> str:
        """The usage name."""
        return self.nom_usage or self.nom_patronymique

    @property
    def nom_complet(self) -> str:
        """« EXEMPLE Anne »."""
        return f"{self.nom} {self.prenom}".strip()

    def structures(self, type_structure: str) -> tuple[str, ...]:
        """Codes of the divisions (D) or groupes (G) taught, each once, sorted."""
        return tuple(sorted({s.structure for s in self.services if s.type_structure == type_structure}))


@rule("eleve_sorti", "ELIGIBILITE", Gravite.INFORMATION)
def eleve_sorti(eleve: EleveVu, jour: date, _: bool) -> bool:
    """L'élève est sorti de l'établissement.

    Son compte est désactivé au prochain chargement complet de l'ENT, puis supprimé après le délai du projet. Si
    l'élève est toujours là, effacez la date de sortie dans Base élèves, Fiches élèves > Recherche et MAJ, onglet
    Scolarité.
    """
    return eleve.date_sortie is not None and eleve.date_sortie <= jour


@rule("eleve_sans_ine", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def eleve_sans_ine(eleve: EleveVu, _: date, __: bool) -> bool:
    """L'élève n'a pas d'INE.

    Sans INE, la fiche ne part pas vers l'annuaire : ni compte dans l'ENT, ni groupe, ni manuel. Dans Base élèves,
    Fiches élèves > Recherche et MAJ, vérifiez l'état civil puis demandez l'INE ; s'il n'arrive pas, ouvrez un dossier
    d'assistance SIECLE-BEE.
    """
    return not eleve.ine


@rule("eleve_fiche_bloquante", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def eleve_fiche_bloquante(eleve: EleveVu, _: date, __: bool) -> bool:
    """La fiche de l'élève est bloquante.

    Une fiche bloquante ne remonte pas à l'académie : l'élève n'est pas dans l'annuaire. Dans Base élèves, Tableau de
    bord > Fiches bloquantes, complétez ce qui manque.
    """
    return bool(eleve.manques)


@rule("eleve_multi_inscrit", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def eleve_multi_inscrit(_: EleveVu, __: date, is_ailleurs: bool) -> bool:
    """L'élève est inscrit dans deux établissements à la fois.

    L'annuaire ne sait pas où il est : il disparaît de l'ENT des deux. L'établissement où il n'est plus doit fermer
    son inscription (Base élèves, Fiches élèves > Recherche et MAJ, onglet Scolarité, date de sortie) ; c'est un
    signalement académique du tableau de bord.
    """
    return is_ailleurs


@rule("responsable_non_legal", "ELIGIBILITE", Gravite.INFORMATION)
def responsable_non_legal(responsable: ResponsableVu, has_compte_en_charge: bool) -> bool:
    """Le responsable n'est représentant légal d'aucun élève.

    Un simple contact est dans l'annuaire, sans compte dans l'ENT. S'il devrait en avoir un, corrigez son niveau de
    responsabilité dans Base élèves, Fiches élèves > Recherche et MAJ, onglet Responsables.
    """
    admis = {LEGAL, PERSONNE_EN_CHARGE} if has_compte_en_charge else {LEGAL}
    return not responsable.niveaux & admis


@rule("responsable_sans_enfant_dans_l_annuaire", "ELIGIBILITE", Gravite.INFORMATION)
def responsable_sans_enfant_dans_l_annuaire(responsable: ResponsableVu, _: bool) -> bool:
    """Aucun enfant du responsable n'est dans l'annuaire.

    Le responsable n'existe dans l'ENT que par ses enfants : réparez d'abord la fiche de l'élève (INE, fiche bloquante,
    double inscription). Sinon c'est le reste d'un doublon ou d'un départ.
    """
    return not responsable.enfants


@rule("suppleant_sans_services_exportes", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def suppleant_sans_services_exportes(personnel: PersonnelVu) -> bool:
    """L'enseignant n'est connu que de l'établissement, et aucun de ses services n'a été exporté.

    Sans service exporté, il n'entre pas dans l'annuaire. Dans STS-Web, donnez-lui les services de la personne qu'il
    remplace, puis faites Exports > Structure et Exports > Services.
    """
    return personnel.type != EPP and not personnel.services


@rule("enseignant_sans_services_exportes", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def enseignant_sans_services_exportes(personnel: PersonnelVu) -> bool:
    """Aucun service de l'enseignant n'a été exporté de STS-Web.

    Il a un compte dans l'ENT, sans classe, sans groupe et sans discipline. Dans STS-Web, vérifiez ses services, puis
    faites Exports > Structure et Exports > Services, dans cet ordre.
    """
    return personnel.fonction == ENSEIGNANT and not personnel.services


@rule("groupe_inconnu_de_siecle", "ELIGIBILITE", Gravite.AVERTISSEMENT)
def groupe_inconnu_de_siecle(code: str, connus: frozenset[str]) -> bool:
    """Le groupe n'est pas connu de SIECLE.

    Il n'existe ni dans l'annuaire ni dans l'ENT. S'il est dans STS-Web, faites Exports > Structure puis Exports >
    Services et déposez à nouveau le fichier élèves-groupes ; sinon créez-le d'abord dans STS-Web.
    """
    return code not in connus


ELEVE: tuple[Callable[[EleveVu, date, bool], bool], ...] = (
    eleve_sorti,
    eleve_sans_ine,
    eleve_fiche_bloquante,
    eleve_multi_inscrit,
)
RESPONSABLE: tuple[Callable[[ResponsableVu, bool], bool], ...] = (
    responsable_sans_enfant_dans_l_annuaire,
    responsable_non_legal,
)
REGLES: tuple[Callable[..., object], ...] = (
    *ELEVE,
    *RESPONSABLE,
    suppleant_sans_services_exportes,
    enseignant_sans_services_exportes,
    groupe_inconnu_de_siecle,
)
_MOTIFS_ELEVE = tuple((regle, regle_de(regle)) for regle in ELEVE)
_MOTIFS_RESPONSABLE = tuple((regle, regle_de(regle)) for regle in RESPONSABLE)


def motif_eleve(eleve: EleveVu, jour: date, is_ailleurs: bool) -> Regle | None:
    """Why an élève is not in the AAF; ``None`` when she is.

    Args:
        jour: the day of the instant that the AAF read.
        is_ailleurs: whether her INE is borne by another open inscription of the académie.
    """
    return next((carte for regle, carte in _MOTIFS_ELEVE if regle(eleve, jour, is_ailleurs)), None)


def motif_responsable(responsable: ResponsableVu, has_compte_en_charge: bool) -> Regle | None:
    """Why a responsable has no ENT account; ``None`` when he has.

    Only ``responsable_sans_enfant_dans_l_annuaire`` keeps him out of the AAF too.
    """
    return next((carte for regle, carte in _MOTIFS_RESPONSABLE if regle(responsable, has_compte_en_charge)), None)


def motif_personnel(personnel: PersonnelVu) -> Regle | None:
    """Why an individu is not in the AAF; ``None`` when he is, with or without services."""
    return regle_de(suppleant_sans_services_exportes) if suppleant_sans_services_exportes(personnel) else None
