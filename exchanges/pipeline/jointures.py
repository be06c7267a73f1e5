"""Give each person her number in the annuaire of the académie, when files first make her known.

A person whom another school of the académie already declares keeps her number there: an élève by her INE, a
responsable by his PERSONNE_ID, an agent by his EPP identifier. The last two identifiers are not documented as being
the académie's: they are believed only when the names agree, so that two persons never share an account.
"""

from collections.abc import Iterable

from django.db.models import F, Model, QuerySet

from exchanges.enums import CategorieAAF
from exchanges.importer import tables
from exchanges.importer.bulk import batches, insert_rows
from exchanges.importer.compare import Changement
from exchanges.models import (
    Eleve,
    Etablissement,
    FicheEleve,
    FicheIndividu,
    FicheResponsable,
    Individu,
    Jointure,
    Responsable,
)
from exchanges.rules.eligibilite import EPP
from exchanges.rules.logins import fold_nom


Cles = dict[int, str]  # primary key of an élève, responsable or individu → natural key of her jointure


def assign_jointures(etablissement: Etablissement) -> int:
    """Give a number to everyone of a school who has none, inside the caller's transaction.

    Returns:
        How many persons received one. An élève without INE waits for it: the AAF has no use of her before.
    """
    return (
        _assign(etablissement, Eleve, CategorieAAF.ELEVE, _cles_eleves(etablissement))
        + _assign(etablissement, Responsable, CategorieAAF.RESPONSABLE, _cles_responsables(etablissement))
        + _assign(etablissement, Individu, CategorieAAF.PERSONNEL, _cles_individus(etablissement))
    )


def find_voisins(etablissement: Etablissement, changements: Iterable[Changement]) -> QuerySet[Etablissement]:
    """Schools of the académie that share an élève whose fiche changes here: she may appear or vanish there.

    An élève inscribed in two schools is in neither ENT; closing one inscription brings her back in the other.
    """
    ine = [colonne.nom for colonne in tables.FICHES_ELEVE.valeurs].index("ine")
    ines = {
        valeurs[ine]
        for changement in changements
        if changement.table is tables.FICHES_ELEVE
        for valeurs in (
            *changement.ouverts.values(),
            *(ligne.valeurs for ligne in changement.clos.values()),
            *(ligne.valeurs for ligne, _ in changement.modifies.values()),
            *(apres for _, apres in changement.modifies.values()),
        )
    }
    partagees = FicheEleve.objects.courants().filter(
        etablissement__academie=etablissement.academie_id, ine__in=ines - {""}
    )
    return Etablissement.objects.filter(pk__in=partagees.values("etablissement")).exclude(pk=etablissement.pk)


def _cles_eleves(etablissement: Etablissement) -> Cles:
    fiches = FicheEleve.objects.courants().filter(etablissement=etablissement).exclude(ine="")
    sans = fiches.filter(eleve__jointure__isnull=True)
    return dict([*sans.values_list("eleve_id", "ine"), *_usurpees(fiches)])


def _usurpees(fiches: QuerySet[FicheEleve]) -> Iterable[tuple[int, str]]:
    """Élèves numbered under an INE that was not theirs, and that its true bearer shares with them."""
    autres = fiches.filter(eleve__jointure__isnull=False).exclude(ine=F("eleve__jointure__cle"))
    corriges = list(autres.values_list("eleve_id", "ine", "eleve__jointure_id", "eleve__jointure__cle"))
    if not corriges:
        return ()
    numeros = {numero for _, _, numero, _ in corriges}
    porteurs = FicheEleve.objects.courants().filter(eleve__jointure__in=numeros)
    vrais = set(porteurs.values_list("eleve__jointure_id", "ine"))
    return [(pk, ine) for pk, ine, numero, cle in corriges if (numero, cle) in vrais]


def _cles_responsables(etablissement: Etablissement) -> Cles:
    fiches = FicheResponsable.objects.courants().filter(
        etablissement=etablissement, responsable__jointure__isnull=True
    )
    noms = {
        (pk, personne_id): fold_nom(f"{nom} {prenom}")
        for pk, personne_id, nom, prenom in fiches.values_list(
            "responsable_id", "responsable__personne_id", "nom_de_famille", "prenom"
        )
    }
    connus = FicheResponsable.objects.courants().filter(
        responsable__jointure__academie=etablissement.academie_id,
        responsable__jointure__cle__in=[personne_id for _, personne_id in noms],
    )
    portes = {
        cle: fold_nom(f"{nom} {prenom}")
        for cle, nom, prenom in connus.values_list("responsable__jointure__cle", "nom_de_famille", "prenom")
    }
    return {pk: _own(etablissement, cle, nom, portes) for (pk, cle), nom in noms.items()}


def _cles_individus(etablissement: Etablissement) -> Cles:
    fiches = FicheIndividu.objects.courants().filter(etablissement=etablissement, individu__jointure__isnull=True)
    noms = {
        (pk, f"{type_individu}:{sts_id}"): fold_nom(f"{nom} {prenom}")
        for pk, type_individu, sts_id, nom, prenom in fiches.values_list(
            "individu_id", "individu__type", "individu__sts_id", "nom_usage", "prenom"
        )
    }
    connus = FicheIndividu.objects.courants().filter(
        individu__jointure__academie=etablissement.academie_id,
        individu__jointure__cle__in=[cle for _, cle in noms],
    )
    portes = {
        cle: fold_nom(f"{nom} {prenom}")
        for cle, nom, prenom in connus.values_list("individu__jointure__cle", "nom_usage", "prenom")
    }
    return {
        pk: _own(etablissement, cle, nom, portes) if cle.startswith(f"{EPP}:") else f"{etablissement.uai}:{cle}"
        for (pk, cle), nom in noms.items()
    }


def _own(etablissement: Etablissement, cle: str, nom: str, portes: dict[str, str]) -> str:
    """The académie's key unless somebody of another name bears it: then a key of this school's own."""
    return cle if portes.get(cle, nom) == nom else f"{etablissement.uai}:{cle}"


def _assign(etablissement: Etablissement, modele: type[Model], categorie: CategorieAAF, cles: Cles) -> int:
    if not cles:
        return 0
    numeros = _numeros(etablissement, categorie, set(cles.values()))
    for lot in batches(list(cles.items())):
        lignes = [modele(pk=pk, jointure_id=numeros[cle]) for pk, cle in lot]
        modele._default_manager.bulk_update(lignes, ["jointure"], batch_size=1000)
    return len(cles)


def _numeros(etablissement: Etablissement, categorie: CategorieAAF, cles: set[str]) -> dict[str, int]:
    """The numbers of these keys in the académie; those that are missing are made, in the order of the keys."""
    siennes = Jointure.objects.filter(academie=etablissement.academie_id, categorie=categorie)

    def read() -> dict[str, int]:
        connues: dict[str, int] = {}
        for lot in batches(sorted(cles)):
            connues |= dict(siennes.filter(cle__in=lot).values_list("cle", "pk"))
        return connues

    connues = read()
    manquantes = sorted(cles - connues.keys())
    if manquantes:
        lignes = ((etablissement.academie_id, str(categorie), cle) for cle in manquantes)
        insert_rows(Jointure, ["academie_id", "categorie", "cle"], lignes)
        connues = read()
    return connues
