"""Work lists of groupes: missing from SIECLE, empty."""

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from exchanges.enums import Couche
from exchanges.models import Etablissement, FicheGroupe, LienGroupe
from exchanges.reports.listes.eleves import scolarises
from exchanges.reports.listes.liste import Colonne, Liste


def _groupes(etablissement: Etablissement, couche: Couche) -> QuerySet:
    return FicheGroupe.objects.courants().filter(etablissement=etablissement, couche=couche)


def _rows(fiches: QuerySet) -> QuerySet:
    fiches = fiches.annotate(code=F("groupe__code"), divisions_texte=Cast("divisions", TextField()))
    return fiches.order_by("code").values("code", "libelle", "divisions", "divisions_texte", "depuis")


def groupes_vides(etablissement: Etablissement) -> QuerySet:
    """Groupes of BEE without a single élève who has not left."""
    peuples = LienGroupe.objects.courants().filter(
        groupe=OuterRef("groupe"),
        eleve__in=scolarises(etablissement).values("eleve"),
    )
    return _rows(_groupes(etablissement, Couche.BEE).filter(~Exists(peuples)))


def groupes_absents_de_siecle(etablissement: Etablissement) -> QuerySet:
    """Groupes of STS that BEE does not know: the Export Structure was not made since."""
    connus = _groupes(etablissement, Couche.BEE).filter(groupe=OuterRef("groupe"))
    return _rows(_groupes(etablissement, Couche.STS).filter(~Exists(connus)))


_COLONNES = (
    Colonne("Groupe", "code"),
    Colonne("Divisions", "divisions", ("divisions_texte", "code")),
    Colonne("Connu depuis", "depuis", ("depuis", "code")),
)
_RECHERCHE = ("code", "libelle", "divisions_texte")
_DIVISION = ("divisions_texte__contains", '"{}"')

LISTES = (
    Liste(
        "groupes-absents-de-siecle",
        "groupes de STS absents de SIECLE",
        "groupe de STS absent de SIECLE",
        "Ces groupes existent dans STS-Web mais SIECLE ne les connaît pas : il refusera d'y ranger des élèves.",
        "Dans STS-Web, faites Exports > Structure, puis Exports > Services. Exportez ensuite Structures depuis "
        "SIECLE, chargez-le ici, et déposez à nouveau le fichier élèves-groupes.",
        _COLONNES,
        groupes_absents_de_siecle,
        _RECHERCHE,
        _DIVISION,
    ),
    Liste(
        "groupes-vides",
        "groupes vides",
        "groupe vide",
        "Ces groupes sont dans SIECLE sans aucun élève : leurs listes de diffusion, leurs manuels numériques et leurs "
        "cours Moodle ne fonctionnent pas.",
        "Mettez les élèves dans ces groupes dans EDT, puis déposez le fichier élèves-groupes. Si le groupe ne sert "
        "plus, supprimez-le dans STS-Web, puis faites Exports > Structure.",
        _COLONNES,
        groupes_vides,
        _RECHERCHE,
        _DIVISION,
    ),
)
