"""Work lists of élèves: who lacks something, who is in two schools at once."""

from collections.abc import Iterable

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Greatest

from exchanges.models import Etablissement, FicheEleve, LienGroupe
from exchanges.reports.listes.liste import Colonne, Liste


MULTI_INSCRIPTIONS = "multi-inscriptions"
NOM = Concat(
    Case(When(nom_usage="", then=F("nom_de_famille")), default=F("nom_usage")),
    Value(" "),
    F("prenom"),
    output_field=CharField(),
)
COLONNE_ELEVE = Colonne("Élève", "nom")
COLONNE_DIVISION = Colonne("Division", "code_division", ("code_division", "nom"))
COLONNES = (COLONNE_ELEVE, COLONNE_DIVISION, Colonne("ELEVE_ID", "identifiant"), Colonne("MEF", "mef", ("mef", "nom")))


def scolarises(etablissement: Etablissement) -> QuerySet:
    """Present fiches of the élèves who have not left."""
    return FicheEleve.objects.courants().filter(etablissement=etablissement, date_sortie__isnull=True)


def _rows(fiches: QuerySet) -> QuerySet:
    fiches = fiches.annotate(nom=NOM, identifiant=F("eleve__eleve_id"), code_division=F("division__code"))
    return fiches.order_by("code_division", "nom", "pk").values("nom", "identifiant", "code_division", "mef")


def eleves_sans_groupe(etablissement: Etablissement) -> QuerySet:
    """Élèves present in a division who are in no groupe."""
    liens = LienGroupe.objects.courants().filter(eleve=OuterRef("eleve"))
    return _rows(scolarises(etablissement).filter(~Exists(liens), division__isnull=False))


def eleves_sans_ine(etablissement: Etablissement) -> QuerySet:
    """Élèves who have no ENT account for lack of an INE."""
    return _rows(scolarises(etablissement).filter(ine=""))


def eleves_sans_division(etablissement: Etablissement) -> QuerySet:
    """Élèves whom no class of the ENT shows."""
    return _rows(scolarises(etablissement).filter(division__isnull=True))


def find_ines_ailleurs(etablissement: Etablissement, fiches: QuerySet, ines: Iterable[str]) -> set[str]:
    """Those of these INE that one of the fiches bears in another school of the académie.

    Sets are met here and not in SQL: PostgreSQL would compare every row of the académie with every other, above all in
    the transaction that fills the tables, whose statistics say nothing yet.
    """
    autres = fiches.filter(etablissement__academie=etablissement.academie_id).exclude(etablissement=etablissement)
    connus = autres.filter(ine__in=sorted(set(ines) - {""})).exclude(ine="").order_by()
    return set(connus.values_list("ine", flat=True))


def multi_inscriptions(etablissement: Etablissement) -> QuerySet:
    """Élèves whose INE is active in another school of the académie too; of that school, the name only.

    Both schools see it at once, whichever loaded its files; ``depuis`` is since when both fiches have been open. Whose
    INE it is, is asked first: the rest would be worked out for the whole académie.
    """
    presents = FicheEleve.objects.courants().filter(date_sortie__isnull=True)
    ines = scolarises(etablissement).order_by().values_list("ine", flat=True)
    partages = find_ines_ailleurs(etablissement, presents, ines)
    ailleurs = (
        FicheEleve.objects.courants()
        .filter(ine=OuterRef("ine"), date_sortie__isnull=True, etablissement__academie=etablissement.academie_id)
        .exclude(etablissement=etablissement)
    )
    premier = ailleurs.order_by("etablissement__denomination", "etablissement__uai", "pk")
    ecoles = ailleurs.order_by().values("ine").annotate(nombre=Count("etablissement", distinct=True))
    fiches = scolarises(etablissement).filter(ine__in=sorted(partages))
    fiches = fiches.annotate(
        nom=NOM,
        identifiant=F("eleve__eleve_id"),
        code_division=F("division__code"),
        eleve_ailleurs=Subquery(premier.values("eleve")[:1]),
        ecole=Concat(
            Subquery(premier.values("etablissement__denomination")[:1]),
            Value(" ("),
            Subquery(premier.values("etablissement__uai")[:1]),
            Case(When(Exists(ecoles.filter(nombre__gt=1)), then=Value(") et un autre")), default=Value(")")),
            output_field=CharField(),
        ),
        depuis_tous_deux=Greatest(_first_open("eleve"), _first_open("eleve_ailleurs")),
    )
    return fiches.order_by("code_division", "nom", "pk").values(
        "nom", "identifiant", "code_division", "ine", "ecole", "depuis_tous_deux"
    )


def _first_open(eleve: str) -> Subquery:
    """Since when an élève has been known under this INE without having left."""
    fiches = FicheEleve.objects.filter(eleve=OuterRef(eleve), ine=OuterRef("ine"), date_sortie__isnull=True)
    return Subquery(fiches.order_by("depuis").values("depuis")[:1])


LISTES = (
    Liste(
        MULTI_INSCRIPTIONS,
        "élèves inscrits dans deux établissements",
        "élève inscrit dans deux établissements",
        "Ces élèves ont aussi une scolarité active dans un autre établissement de l'académie : ils sortent de "
        "l'annuaire académique (AAF) et disparaissent de l'ENT dans les deux établissements.",
        "Dans Base élèves, Tableau de bord > Signalements académiques > Multi-inscription. L'établissement où l'élève "
        "n'est pas, ou n'est plus, présent le déscolarise (Fiches élèves > Recherche et MAJ) : appelez l'autre "
        "établissement pour savoir lequel. La ligne disparaît ici dès que l'un des deux a chargé sa correction.",
        (
            COLONNE_ELEVE,
            COLONNE_DIVISION,
            Colonne("INE", "ine"),
            Colonne("Autre établissement", "ecole", ("ecole", "nom")),
            Colonne("Depuis", "depuis_tous_deux", ("depuis_tous_deux", "nom")),
        ),
        multi_inscriptions,
        ("nom", "identifiant", "ine", "ecole"),
    ),
    Liste(
        "eleves-sans-groupe",
        "élèves sans groupe",
        "élève sans groupe",
        "Ces élèves sont dans une classe mais dans aucun groupe : ils n'ont dans l'ENT ni les cours, ni les manuels "
        "des groupes. C'est normal si leur classe n'en a pas.",
        "Mettez-les dans leurs groupes dans EDT, puis déposez le fichier élèves-groupes.",
        COLONNES,
        eleves_sans_groupe,
    ),
    Liste(
        "eleves-sans-ine",
        "élèves sans INE",
        "élève sans INE",
        "Sans INE, un élève n'a pas de compte dans l'ENT. C'est normal quelques jours pour un élève qui vient d'être "
        "créé.",
        "Vérifiez l'identité dans Base élèves ; si cela dure, ouvrez un dossier d'assistance SIECLE-BEE.",
        COLONNES,
        eleves_sans_ine,
    ),
    Liste(
        "eleves-sans-division",
        "élèves sans division",
        "élève sans division",
        "Ces élèves n'apparaîtront dans aucune classe de l'ENT.",
        "Affectez-les à une division dans Base élèves, puis refaites l'export des élèves et chargez-le ici.",
        COLONNES,
        eleves_sans_division,
        division=("", ""),
    ),
)
