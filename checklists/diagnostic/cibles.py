"""From what a person types, or an address, to whom or what a diagnosis is about."""

from checklists.diagnostic.modele import Cible, Genre
from exchanges.models import AnomalieDepot, Division, Eleve, Etablissement, Groupe, Individu, LigneJournal, Responsable


def find_cible(etablissement: Etablissement, genre: Genre, cle: str, type_individu: str = "") -> Cible | None:
    """The target of a key; ``None`` when no layer of this school has ever named it."""
    cible = aim(etablissement, genre, cle, type_individu)
    return cible if cible.pk or _is_named(etablissement, cible) else None


def aim(etablissement: Etablissement, genre: Genre, cle: str, type_individu: str = "") -> Cible:
    """The target of a key, whether anything is known of it or not: that it is not is an answer too."""
    ecole = {"etablissement": etablissement}
    if genre == Genre.INDIVIDU:
        individus = Individu.objects.filter(**ecole, sts_id=cle)
        trouves = list(individus.filter(type=type_individu) if type_individu else individus)
        unique = trouves[0] if len(trouves) == 1 else None
        return Cible(genre, cle, unique.pk if unique else None, unique.type if unique else type_individu)
    modele, champ = _MODELES[genre]
    pk = modele._default_manager.filter(**ecole, **{champ: cle}).values_list("pk", flat=True).first()
    return Cible(genre, cle, pk)


_MODELES = {
    Genre.ELEVE: (Eleve, "eleve_id"),
    Genre.RESPONSABLE: (Responsable, "personne_id"),
    Genre.GROUPE: (Groupe, "code"),
    Genre.DIVISION: (Division, "code"),
}


def _is_named(etablissement: Etablissement, cible: Cible) -> bool:
    """Whether a compte-rendu or the journal of STS-Web names what no table holds."""
    lignes = AnomalieDepot.objects.filter(depot__etablissement=etablissement)
    if cible.genre == Genre.ELEVE:
        return lignes.filter(reference=cible.cle).exists()
    if cible.genre != Genre.GROUPE:
        return False
    journal = LigneJournal.objects.filter(acte__etablissement=etablissement, objet=cible.cle)
    return lignes.filter(objet=cible.cle).exists() or journal.exists()
