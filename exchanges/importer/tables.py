"""The temporal tables described for the diff engine: what is the key, what is compared.

Keys are natural (the ministry's codes), so that a comparison needs no row to exist yet and its result can
be read aloud.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models

from exchanges.enums import Couche
from exchanges.models import (
    Division,
    Eleve,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheIndividu,
    FicheMatiere,
    FicheMef,
    FicheResponsable,
    FicheService,
    Groupe,
    Individu,
    LienGroupe,
    LienPrincipal,
    LienResponsable,
    LienService,
    Responsable,
    Service,
)


@dataclass(frozen=True)
class Identite:
    """A model that says *who*, and the fields that make its natural key inside an établissement."""

    modele: type[models.Model]
    champs: tuple[str, ...]


DIVISION = Identite(Division, ("code",))
GROUPE = Identite(Groupe, ("code",))
ELEVE = Identite(Eleve, ("eleve_id",))
RESPONSABLE = Identite(Responsable, ("personne_id",))
INDIVIDU = Identite(Individu, ("type", "sts_id"))
SERVICE = Identite(Service, ("type_structure", "structure", "matiere", "modalite"))


@dataclass(frozen=True)
class Colonne:
    """A column of a temporal table; with an ``identite``, its natural value is that identity's key.

    A natural value is a ``str`` when the identity has one field, a tuple when it has several.
    """

    nom: str
    identite: Identite | None = None

    @property
    def attname(self) -> str:
        """Name of the stored column."""
        return f"{self.nom}_id" if self.identite else self.nom

    @property
    def lookups(self) -> list[str]:
        """ORM paths that read the natural value."""
        return [f"{self.nom}__{champ}" for champ in self.identite.champs] if self.identite else [self.nom]

    def limites(self, modele: type[models.Model]) -> list[tuple[str, int | None]]:
        """Field and greatest length of each lookup; ``None`` for what is no text."""
        if self.identite:
            modele, champs = self.identite.modele, self.identite.champs
        else:
            champs = (self.nom,)
        return [(champ, getattr(modele._meta.get_field(champ), "max_length", None)) for champ in champs]


@dataclass(frozen=True)
class Table:
    """One temporal table seen by the diff: ``libelle`` is how a screen names its rows."""

    libelle: str
    modele: type[models.Model]
    cle: tuple[Colonne, ...]
    valeurs: tuple[Colonne, ...]
    couche: Couche | None = None

    @property
    def constantes(self) -> dict[str, Any]:
        """Columns that have one value for the whole table."""
        return {"couche": self.couche} if self.couche else {}

    @property
    def limites(self) -> list[tuple[str, int | None]]:
        """Field and greatest length of every lookup of a row, key first."""
        return [limite for colonne in (*self.cle, *self.valeurs) for limite in colonne.limites(self.modele)]


def _colonnes(*noms: str) -> tuple[Colonne, ...]:
    return tuple(Colonne(nom) for nom in noms)


def fiches_division(couche: Couche) -> Table:
    """Divisions as one layer knows them."""
    return Table(
        f"divisions ({couche})",
        FicheDivision,
        (Colonne("division", DIVISION),),
        _colonnes("libelle", "mefs", "effectif_prevu"),
        couche,
    )


def fiches_groupe(couche: Couche) -> Table:
    """Groupes as one layer knows them."""
    return Table(
        f"groupes ({couche})",
        FicheGroupe,
        (Colonne("groupe", GROUPE),),
        _colonnes("libelle", "mefs", "divisions", "effectif_prevu"),
        couche,
    )


FICHES_ELEVE = Table(
    "élèves",
    FicheEleve,
    (Colonne("eleve", ELEVE),),
    (
        *_colonnes("nom_de_famille", "nom_usage", "prenom", "prenom2", "prenom3", "date_naissance", "sexe", "elenoet"),
        *_colonnes("ine", "id_prv_ele", "regime", "statut", "mef"),
        Colonne("division", DIVISION),
        *_colonnes("date_entree", "date_sortie", "motif_sortie", "options", "manques"),
    ),
)
LIENS_GROUPE = Table(
    "liens élève-groupe",
    LienGroupe,
    (Colonne("eleve", ELEVE), Colonne("groupe", GROUPE)),
    _colonnes("date_debut", "date_fin"),
)
FICHES_RESPONSABLE = Table(
    "responsables",
    FicheResponsable,
    (Colonne("responsable", RESPONSABLE),),
    _colonnes("civilite", "nom_de_famille", "nom_usage", "prenom", "tel_portable", "mel"),
)
LIENS_RESPONSABLE = Table(
    "liens élève-responsable",
    LienResponsable,
    (Colonne("eleve", ELEVE), Colonne("responsable", RESPONSABLE)),
    _colonnes(
        "niveau", "parente", "paie_frais_scolaires", "percoit_aides", "heberge_eleve", "a_contacter_en_priorite"
    ),
)
FICHES_INDIVIDU = Table(
    "enseignants et personnels (STS)",
    FicheIndividu,
    (Colonne("individu", INDIVIDU),),
    _colonnes(
        "nom_usage",
        "nom_patronymique",
        "prenom",
        "sexe",
        "civilite",
        "date_naissance",
        "fonction",
        "grade",
        "disciplines",
    ),
)
LIENS_PRINCIPAL = Table(
    "professeurs principaux",
    LienPrincipal,
    (Colonne("individu", INDIVIDU), Colonne("division", DIVISION)),
    _colonnes("date_debut", "date_fin"),
)
FICHES_SERVICE = Table(
    "services (STS)",
    FicheService,
    (Colonne("service", SERVICE),),
    _colonnes("heures", "is_co_enseignement"),
    Couche.STS,
)
LIENS_SERVICE = Table(
    "services des enseignants (STS)",
    LienService,
    (Colonne("service", SERVICE), Colonne("individu", INDIVIDU)),
    _colonnes("heures", "date_debut", "date_fin"),
    Couche.STS,
)
FICHES_MEF = Table(
    "formations (MEF)",
    FicheMef,
    _colonnes("code"),
    _colonnes("formation", "libelle", "is_selectionne", "date_fermeture", "rattachement", "mefstat"),
)
FICHES_MATIERE = Table("matières", FicheMatiere, _colonnes("code"), _colonnes("code_gestion", "libelle", "is_etp"))


def is_sts(table: Table) -> bool:
    """Whether the rows of a table are facts of STS-Web, which its exports then carry to SIECLE."""
    return table.couche == Couche.STS or table in (FICHES_INDIVIDU, LIENS_PRINCIPAL)
