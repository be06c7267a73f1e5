"""Work lists of what the rules found: the rows are kept in ``Constat``, judged when the facts change."""

from collections.abc import Callable

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from exchanges.enums import EtatCompteENT
from exchanges.models import CompteENT, Constat, Etablissement, EtatCompte
from exchanges.reports import constats
from exchanges.reports.listes.eleves import COLONNE_DIVISION, COLONNE_ELEVE
from exchanges.reports.listes.liste import Colonne, Liste
from exchanges.rules.doublons import Confiance


_CHAMPS = ("nom", "code_division", "message", "action", "depuis")
_DEPUIS = Colonne("Depuis", "depuis", ("depuis", "nom"))
_ACTION = Colonne("À faire", "action", ("action", "nom"))
_SURE = Case(
    When(confiance=Confiance.FORTE, then=Value(3)),
    When(confiance=Confiance.MOYENNE, then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)


def _constats(etablissement: Etablissement, liste: str) -> QuerySet:
    return Constat.objects.filter(etablissement=etablissement, liste=liste).annotate(code_division=F("division"))


def _fiches(liste: str) -> Callable[[Etablissement], QuerySet]:
    """Rows about élèves."""

    def lignes(etablissement: Etablissement) -> QuerySet:
        trouves = _constats(etablissement, liste).annotate(identifiant=F("eleve"))
        return trouves.order_by("code_division", "nom", "pk").values(*_CHAMPS, "identifiant")

    return lignes


def _paires(liste: str) -> Callable[[Etablissement], QuerySet]:
    """Rows about two fiches, the surest first."""

    def lignes(etablissement: Etablissement) -> QuerySet:
        trouves = _constats(etablissement, liste).annotate(doublon=F("pk"), sure=_SURE)
        champs = ("doublon", "eleve", "responsable", "autre", "autre_nom", "confiance", "sure")
        return trouves.order_by("-sure", "nom", "pk").values(*_CHAMPS, *champs)

    return lignes


def _comptes(etablissement: Etablissement, identite: str, cle: str, champ: str) -> QuerySet:
    """The ENT account of the person that a finding names by ``champ``, unless it is gone for good."""
    personne = {f"jointure__{identite}__{cle}": OuterRef(champ)}
    personne[f"jointure__{identite}__etablissement"] = etablissement
    supprime = EtatCompte.objects.filter(compte=OuterRef("pk"), jusqua__isnull=True, etat=EtatCompteENT.SUPPRIME)
    comptes = CompteENT.objects.filter(~Exists(supprime), projet=etablissement.projet_ent_id, **personne)
    return comptes.order_by("pk")


def _identifiants(has_compte: bool) -> Callable[[Etablissement], QuerySet]:
    """Names that make a wrong login: before the account exists, or when it is too late."""

    def lignes(etablissement: Etablissement) -> QuerySet:
        eleve = _comptes(etablissement, "eleves", "eleve_id", "eleve")
        responsable = _comptes(etablissement, "responsables", "personne_id", "responsable")
        trouves = _constats(etablissement, constats.IDENTIFIANTS).annotate(
            identifiant=F("eleve"),
            compte=Case(
                When(eleve="", then=Subquery(responsable.values("login")[:1])),
                default=Subquery(eleve.values("login")[:1]),
            ),
            cree_le=Case(
                When(eleve="", then=Subquery(responsable.values("cree_le")[:1])),
                default=Subquery(eleve.values("cree_le")[:1]),
            ),
        )
        trouves = trouves.filter(compte__isnull=not has_compte)
        champs = ("identifiant", "responsable", "login", "compte", "cree_le")
        return trouves.order_by("nom", "pk").values(*_CHAMPS, *champs)

    return lignes


def _groupes(etablissement: Etablissement) -> QuerySet:
    trouves = _constats(etablissement, constats.NOMS_DE_GROUPES)
    return trouves.order_by("objet", "pk").values("objet", "message", "action", "depuis")


_RECHERCHE_PAIRE = ("nom", "autre_nom", "eleve", "responsable", "autre", "message")
_RECHERCHE_NOM = ("nom", "identifiant", "responsable", "login")

LISTES_FICHES = (
    Liste(
        constats.FICHES_BLOQUANTES,
        "fiches bloquantes",
        "fiche bloquante",
        "Ces fiches ne remontent pas à l'académie : l'élève manque aux effectifs, et son compte dans l'ENT peut "
        "manquer aussi. La liste nationale exacte n'est pas publique : comparez avec la pastille de Base élèves.",
        "Le secrétariat complète chaque fiche dans Base élèves : Tableau de bord > Fiches bloquantes, ou Fiches "
        "élèves > Recherche et MAJ, état « À compléter ». Refaites ensuite l'export Élèves et chargez-le ici.",
        (COLONNE_ELEVE, COLONNE_DIVISION, Colonne("Ce qui bloque", "message", ("message", "nom")), _ACTION, _DEPUIS),
        _fiches(constats.FICHES_BLOQUANTES),
        ("nom", "identifiant", "message"),
    ),
    Liste(
        constats.FICHES_A_COMPLETER,
        "fiches à compléter",
        "fiche à compléter",
        "Il manque un responsable légal, son adresse ou sa profession : des parents n'auront pas de compte dans "
        "l'ENT, et les courriers n'arriveront pas.",
        "Le secrétariat complète dans Base élèves, Fiches élèves > Recherche et MAJ, état « À compléter », onglet "
        "Responsables, en cherchant d'abord si la personne existe. Refaites ensuite l'export Responsables avec "
        "adresses et chargez-le ici.",
        (COLONNE_ELEVE, COLONNE_DIVISION, Colonne("Ce qui manque", "message", ("message", "nom")), _ACTION, _DEPUIS),
        _fiches(constats.FICHES_A_COMPLETER),
        ("nom", "identifiant", "message"),
    ),
)
LISTES_DOUBLONS = (
    Liste(
        constats.RESPONSABLES_EN_DOUBLE,
        "responsables en double",
        "responsable en double",
        "Une même personne semble avoir deux fiches : elle aura deux comptes dans l'ENT, chacun avec une partie de "
        "ses enfants, et PRONOTE ne pourra pas rapprocher son identifiant.",
        "Ouvrez chaque ligne : les deux fiches côte à côte, laquelle garder, ce que la fusion coûte aujourd'hui. Le "
        "secrétariat fusionne dans Base élèves, Fiches élèves > Doublons responsables > Chercher, en septembre "
        "plutôt qu'en cours d'année. Refaites ensuite l'export Responsables et chargez-le ici.",
        (
            Colonne("Responsable", "nom", ("nom", "responsable")),
            Colonne("PERSONNE_ID", "responsable"),
            Colonne("Autre fiche", "autre_nom", ("autre_nom", "autre")),
            Colonne("Son PERSONNE_ID", "autre"),
            Colonne("Ce qui le fait penser", "message", ("message", "nom")),
            Colonne("Confiance", "confiance", ("sure", "nom")),
            _DEPUIS,
        ),
        _paires(constats.RESPONSABLES_EN_DOUBLE),
        _RECHERCHE_PAIRE,
        ("", ""),
    ),
    Liste(
        constats.ELEVES_EN_DOUBLE,
        "élèves en double",
        "élève en double",
        "Un même élève semble avoir deux fiches : il aura deux comptes dans l'ENT, et ses inscriptions dans des "
        "groupes peuvent être rejetées.",
        "Ouvrez chaque ligne pour comparer les deux fiches. Le secrétariat garde celle qui porte l'INE et déscolarise "
        "l'autre dans Base élèves, Fiches élèves > Recherche et MAJ. Refaites ensuite l'export Élèves et chargez-le "
        "ici.",
        (
            Colonne("Élève", "nom", ("nom", "eleve")),
            COLONNE_DIVISION,
            Colonne("ELEVE_ID", "eleve"),
            Colonne("Autre fiche", "autre_nom", ("autre_nom", "autre")),
            Colonne("Son ELEVE_ID", "autre"),
            Colonne("Ce qui le fait penser", "message", ("message", "nom")),
            Colonne("Confiance", "confiance", ("sure", "nom")),
            _DEPUIS,
        ),
        _paires(constats.ELEVES_EN_DOUBLE),
        _RECHERCHE_PAIRE,
    ),
)
LISTES_NOMS = (
    Liste(
        constats.IDENTIFIANTS,
        "noms qui feront un mauvais identifiant",
        "nom qui fera un mauvais identifiant",
        "L'ENT forme l'identifiant une fois pour toutes avec le nom saisi dans SIECLE. Ces comptes n'existent pas "
        "encore : c'est le moment de corriger, après il sera trop tard.",
        "Le secrétariat corrige le nom dans Base élèves, Fiches élèves > Recherche et MAJ (onglet Responsables pour "
        "un parent) : une personne par fiche, sans civilité, sans « et » ni « & ». Refaites ensuite l'export et "
        "chargez-le ici.",
        (
            Colonne("Personne", "nom"),
            COLONNE_DIVISION,
            Colonne("Ce qui ne va pas", "message", ("message", "nom")),
            Colonne("Identifiant que l'ENT en ferait", "login"),
            _ACTION,
            _DEPUIS,
        ),
        _identifiants(has_compte=False),
        _RECHERCHE_NOM,
        parmi=constats.IDENTIFIANTS,
    ),
    Liste(
        "identifiants-figes",
        "mauvais identifiants déjà créés",
        "mauvais identifiant déjà créé",
        "Il est trop tard pour l'identifiant de ces personnes : leur compte existe, et un ENT ne change jamais "
        "l'identifiant d'un compte, même quand le nom est corrigé dans SIECLE.",
        "Corrigez tout de même le nom dans Base élèves, pour les courriers et l'affichage. Dites à la personne quel "
        "est son identifiant : elle continuera à se connecter avec lui.",
        (
            Colonne("Personne", "nom"),
            COLONNE_DIVISION,
            Colonne("Ce qui ne va pas", "message", ("message", "nom")),
            Colonne("Identifiant du compte", "compte"),
            Colonne("Compte créé le", "cree_le", ("cree_le", "nom")),
        ),
        _identifiants(has_compte=True),
        (*_RECHERCHE_NOM, "compte"),
        parmi=constats.IDENTIFIANTS,
    ),
    Liste(
        constats.NOMS_DE_GROUPES,
        "noms de groupes que STS-Web refuse",
        "nom de groupe que STS-Web refuse",
        "Un groupe dont le nom a plus de huit caractères, ou un signe que STS-Web n'accepte pas, n'existe ni dans "
        "SIECLE ni dans l'ENT : ses élèves n'ont ni liste de diffusion, ni manuels, ni cours en ligne.",
        "Qui fait l'emploi du temps renomme le groupe dans EDT, puis refait l'import dans STS-Web (Imports > Emploi "
        "du temps), Exports > Structure et Exports > Services, et dépose à nouveau le fichier élèves-groupes.",
        (
            Colonne("Groupe", "objet"),
            Colonne("Ce qui ne va pas", "message"),
            Colonne("À faire", "action"),
            Colonne("Depuis", "depuis", ("depuis", "objet")),
        ),
        _groupes,
        ("objet", "message"),
        ("", ""),
    ),
)
