"""Work lists of a school: who or what is missing somewhere, and what mends it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from exchanges.enums import Couche
from exchanges.models import Etablissement, FicheEleve, FicheGroupe, LienGroupe


@dataclass(frozen=True)
class Liste:
    """One work list.

    Attributes:
        slug: its address.
        titre: as a count reads it (« élèves sans INE »); ``titre_un`` for one.
        explication: what it means for the ENT.
        action: what mends it, and where.
        colonnes: (title, key of the row) of each column.
        lignes: the rows of an établissement, as a queryset of dicts; ``eleve_id`` makes a row an élève's.
    """

    slug: str
    titre: str
    titre_un: str
    explication: str
    action: str
    colonnes: tuple[tuple[str, str], ...]
    lignes: Callable[[Etablissement], QuerySet]


def _scolarises(etablissement: Etablissement) -> QuerySet:
    return FicheEleve.objects.courants().filter(etablissement=etablissement, date_sortie__isnull=True)


def _eleves(fiches: QuerySet) -> QuerySet:
    return fiches.order_by("division__code", "nom_de_famille", "prenom", "pk").values(
        "nom_de_famille",
        "nom_usage",
        "prenom",
        "ine",
        "mef",
        "date_entree",
        identifiant=F("eleve__eleve_id"),
        code_division=F("division__code"),
    )


def _groupes(etablissement: Etablissement, couche: Couche) -> QuerySet:
    return FicheGroupe.objects.courants().filter(etablissement=etablissement, couche=couche)


def _groupe_rows(fiches: QuerySet) -> QuerySet:
    return fiches.order_by("groupe__code").values("libelle", "divisions", "depuis", code=F("groupe__code"))


def groupes_vides(etablissement: Etablissement) -> QuerySet:
    """Groupes of BEE without a single élève who has not left."""
    peuples = LienGroupe.objects.courants().filter(
        groupe=OuterRef("groupe"),
        eleve__in=_scolarises(etablissement).values("eleve"),
    )
    return _groupe_rows(_groupes(etablissement, Couche.BEE).filter(~Exists(peuples)))


def eleves_sans_groupe(etablissement: Etablissement) -> QuerySet:
    """Élèves present in a division who are in no groupe."""
    liens = LienGroupe.objects.courants().filter(eleve=OuterRef("eleve"))
    return _eleves(_scolarises(etablissement).filter(~Exists(liens), division__isnull=False))


def eleves_sans_ine(etablissement: Etablissement) -> QuerySet:
    """Élèves who have no ENT account for lack of an INE."""
    return _eleves(_scolarises(etablissement).filter(ine=""))


def eleves_sans_division(etablissement: Etablissement) -> QuerySet:
    """Élèves whom no class of the ENT shows."""
    return _eleves(_scolarises(etablissement).filter(division__isnull=True))


def groupes_absents_de_siecle(etablissement: Etablissement) -> QuerySet:
    """Groupes of STS that BEE does not know: the Export Structure was not made since."""
    connus = _groupes(etablissement, Couche.BEE).filter(groupe=OuterRef("groupe"))
    return _groupe_rows(_groupes(etablissement, Couche.STS).filter(~Exists(connus)))


_COLONNES_ELEVE = (("Élève", "nom"), ("Division", "code_division"), ("ELEVE_ID", "identifiant"), ("MEF", "mef"))
_COLONNES_GROUPE = (("Groupe", "code"), ("Divisions", "divisions"), ("Connu depuis", "depuis"))

LISTES = (
    Liste(
        "groupes-absents-de-siecle",
        "groupes de STS absents de SIECLE",
        "groupe de STS absent de SIECLE",
        "Ces groupes existent dans STS-Web mais SIECLE ne les connaît pas : il refusera d'y ranger des élèves.",
        "Dans STS-Web, faites Exports > Structure, puis Exports > Services. Exportez ensuite Structures depuis "
        "SIECLE, chargez-le ici, et déposez à nouveau le fichier élèves-groupes.",
        _COLONNES_GROUPE,
        groupes_absents_de_siecle,
    ),
    Liste(
        "groupes-vides",
        "groupes vides",
        "groupe vide",
        "Ces groupes sont dans SIECLE sans aucun élève : leurs listes de diffusion, leurs manuels numériques et leurs "
        "cours Moodle ne fonctionnent pas.",
        "Mettez les élèves dans ces groupes dans EDT, puis déposez le fichier élèves-groupes. Si le groupe ne sert "
        "plus, supprimez-le dans STS-Web, puis faites Exports > Structure.",
        _COLONNES_GROUPE,
        groupes_vides,
    ),
    Liste(
        "eleves-sans-groupe",
        "élèves sans groupe",
        "élève sans groupe",
        "Ces élèves sont dans une classe mais dans aucun groupe. C'est normal si leur classe n'en a pas.",
        "Mettez-les dans leurs groupes dans EDT, puis déposez le fichier élèves-groupes.",
        _COLONNES_ELEVE,
        eleves_sans_groupe,
    ),
    Liste(
        "eleves-sans-ine",
        "élèves sans INE",
        "élève sans INE",
        "Sans INE, un élève n'a pas de compte dans l'ENT. C'est normal quelques jours pour un élève qui vient d'être "
        "créé.",
        "Vérifiez l'identité dans Base élèves ; si cela dure, ouvrez un dossier d'assistance SIECLE-BEE.",
        _COLONNES_ELEVE,
        eleves_sans_ine,
    ),
    Liste(
        "eleves-sans-division",
        "élèves sans division",
        "élève sans division",
        "Ces élèves n'apparaîtront dans aucune classe de l'ENT.",
        "Affectez-les à une division dans Base élèves, puis refaites l'export des élèves et chargez-le ici.",
        _COLONNES_ELEVE,
        eleves_sans_division,
    ),
)
LISTES_PAR_SLUG = {liste.slug: liste for liste in LISTES}


def cell(ligne: dict[str, object], cle: str) -> object:
    """The value of a column of a row: codes joined, the name made of its parts, an empty text for nothing."""
    if cle == "nom":
        return f"{ligne['nom_usage'] or ligne['nom_de_famille']} {ligne['prenom']}"
    valeur = ligne[cle]
    if isinstance(valeur, list):
        return ", ".join(valeur)
    return "" if valeur is None else valeur
