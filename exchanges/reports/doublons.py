"""Two fiches side by side: what differs, which one to keep and why, what the merge costs on this date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from exchanges.enums import EtatCompteENT
from exchanges.models import (
    Constat,
    Etablissement,
    EtatCompte,
    FicheEleve,
    FicheResponsable,
    LienGroupe,
    LienResponsable,
)
from exchanges.templatetags.entsite import jour_annee, nombre, pluriel


@dataclass(frozen=True)
class Champ:
    """One line of the comparison, as text."""

    libelle: str
    premier: str
    second: str

    @property
    def is_different(self) -> bool:
        """Whether the two fiches do not say the same."""
        return self.premier != self.second


@dataclass(frozen=True)
class Critere:
    """A reason to keep a fiche: the words, and what each fiche is worth (the greater wins)."""

    raison: str
    premier: int
    second: int


@dataclass(frozen=True)
class Comparaison:
    """Two fiches, the identifiers first.

    Attributes:
        garder: identifier of the fiche to keep; ``retirer`` the other's.
        raisons: why, the decisive one first.
        reserves: what speaks for the other one.
    """

    premier: str
    second: str
    champs: tuple[Champ, ...]
    garder: str
    retirer: str
    raisons: tuple[str, ...]
    reserves: tuple[str, ...]


@dataclass(frozen=True)
class Cout:
    """What merging today costs.

    Attributes:
        niveau: ``succes``, ``info`` or ``attention``.
        avis: one word or two, « Conseillé ».
        phrase: why, on this date.
        suites: what will happen, in order, with dates.
    """

    niveau: str
    avis: str
    phrase: str
    suites: tuple[str, ...]


def compare_fiches(constat: Constat) -> Comparaison | None:
    """The two fiches of a finding; ``None`` when one of them is no longer in SIECLE."""
    return _compare_eleves(constat) if constat.eleve else _compare_responsables(constat)


def _compare_responsables(constat: Constat) -> Comparaison | None:
    ids = (constat.responsable, constat.autre)
    fiches = _fiches(FicheResponsable, constat.etablissement, "responsable__personne_id", ids)
    if fiches is None:
        return None
    enfants = [_enfants(constat.etablissement, fiche.responsable_id) for fiche in fiches]
    comptes = [_login(constat.etablissement, fiche.responsable.jointure_id) for fiche in fiches]
    champs = (
        *_same(fiches, (("Civilité", "civilite"), ("Nom de famille", "nom_de_famille"))),
        *_same(fiches, (("Nom d'usage", "nom_usage"), ("Prénom", "prenom"))),
        *_same(fiches, (("Mobile", "tel_portable"), ("Adresse électronique", "mel"))),
        Champ("Enfants", *(", ".join(noms) for noms in enfants)),
        Champ("Compte dans l'ENT", *comptes),
    )
    criteres = (
        Critere("plus d'enfants y sont rattachés", *map(len, enfants)),
        Critere("l'adresse électronique y est remplie", *(bool(fiche.mel) for fiche in fiches)),
        Critere("le mobile y est rempli", *(bool(fiche.tel_portable) for fiche in fiches)),
        Critere("son compte existe déjà dans l'ENT", *map(bool, comptes)),
        _older("c'est la plus ancienne (PERSONNE_ID le plus petit)", ids),
    )
    return _choose(ids, champs, criteres)


def _compare_eleves(constat: Constat) -> Comparaison | None:
    ids = (constat.eleve, constat.autre)
    fiches = _fiches(FicheEleve, constat.etablissement, "eleve__eleve_id", ids, "division")
    if fiches is None:
        return None
    groupes = [_groupes(fiche.eleve_id) for fiche in fiches]
    responsables = [LienResponsable.objects.courants().filter(eleve=fiche.eleve_id).count() for fiche in fiches]
    comptes = [_login(constat.etablissement, fiche.eleve.jointure_id) for fiche in fiches]
    champs = (
        *_same(fiches, (("Nom de famille", "nom_de_famille"), ("Nom d'usage", "nom_usage"), ("Prénom", "prenom"))),
        Champ("Né(e) le", *(_day(fiche.date_naissance) for fiche in fiches)),
        *_same(fiches, (("INE", "ine"), ("MEF", "mef"), ("Division", "division"))),
        Champ("Entrée", *(_day(fiche.date_entree) for fiche in fiches)),
        Champ("Sortie", *(_day(fiche.date_sortie) for fiche in fiches)),
        Champ("Groupes", *(", ".join(codes) for codes in groupes)),
        Champ("Responsables", *map(str, responsables)),
        Champ("Compte dans l'ENT", *comptes),
    )
    criteres = (
        Critere("elle porte l'INE", *(bool(fiche.ine) for fiche in fiches)),
        Critere("l'élève n'y est pas sorti", *(fiche.date_sortie is None for fiche in fiches)),
        Critere("elle est dans une division", *(fiche.division_id is not None for fiche in fiches)),
        Critere("elle est dans plus de groupes", *map(len, groupes)),
        Critere("plus de responsables y sont rattachés", *responsables),
        _older("c'est la plus ancienne (ELEVE_ID le plus petit)", ids),
    )
    return _choose(ids, champs, criteres)


def _fiches(modele, etablissement: Etablissement, cle: str, ids: tuple[str, str], *liees: str) -> list | None:
    """The open fiches of two people, in that order."""
    fiches = modele.objects.courants().filter(etablissement=etablissement, **{f"{cle}__in": ids})
    identite, _, champ = cle.partition("__")
    par_id = {getattr(getattr(fiche, identite), champ): fiche for fiche in fiches.select_related(identite, *liees)}
    return [par_id[id_] for id_ in ids] if par_id.keys() == set(ids) else None


def _same(fiches: list, champs: Iterable[tuple[str, str]]) -> Iterable[Champ]:
    for libelle, nom in champs:
        yield Champ(libelle, *(str(getattr(fiche, nom) or "") for fiche in fiches))


def _day(jour: date | None) -> str:
    return f"{jour:%d/%m/%Y}" if jour else ""


def _enfants(etablissement: Etablissement, responsable_id: int) -> list[str]:
    liens = LienResponsable.objects.courants().filter(responsable=responsable_id).values("eleve")
    fiches = FicheEleve.objects.courants().filter(etablissement=etablissement, eleve__in=liens)
    return [
        f"{fiche.nom_complet} ({fiche.division.code if fiche.division else 'sans division'})"
        for fiche in fiches.select_related("division").order_by("nom_de_famille", "prenom", "pk")
    ]


def _groupes(eleve_id: int) -> list[str]:
    liens = LienGroupe.objects.courants().filter(eleve=eleve_id)
    return list(liens.order_by("groupe__code").values_list("groupe__code", flat=True))


def _login(etablissement: Etablissement, jointure_id: int | None) -> str:
    """The account that the school's ENT has of a person: « zoe.galet2 (désactivé) »; ``""`` when it has none."""
    etat = (
        EtatCompte.objects.filter(compte__projet=etablissement.projet_ent_id, jusqua__isnull=True)
        .filter(compte__jointure=jointure_id, compte__jointure__isnull=False)
        .exclude(etat=EtatCompteENT.SUPPRIME)
        .select_related("compte")
        .first()
    )
    if etat is None:
        return ""
    return f"{etat.compte.login} (désactivé)" if etat.etat == EtatCompteENT.DESACTIVE else etat.compte.login


def _older(raison: str, ids: tuple[str, str]) -> Critere:
    premier, second = ((len(id_), id_) for id_ in ids)
    return Critere(raison, premier < second, second < premier)


def _choose(ids: tuple[str, str], champs: tuple[Champ, ...], criteres: tuple[Critere, ...]) -> Comparaison:
    """The first criterion that tells the fiches apart decides; the others are reasons or reservations."""
    tranches = [critere for critere in criteres if critere.premier != critere.second]
    is_premier = tranches[0].premier > tranches[0].second
    garder, retirer = ids if is_premier else ids[::-1]
    return Comparaison(
        *ids,
        champs=champs,
        garder=garder,
        retirer=retirer,
        raisons=tuple(c.raison for c in tranches if (c.premier > c.second) == is_premier),
        reserves=tuple(c.raison for c in tranches if (c.premier > c.second) != is_premier),
    )


def weigh_cost(etablissement: Etablissement, constat: Constat, aujourd_hui: date, complet: date, ent: date) -> Cout:
    """What merging the two fiches of a finding costs on a day.

    Args:
        aujourd_hui: the day, on the académie's clock.
        complet: day of the next complet of the AAF; ``ent`` the day on which the ENT takes it in.
    """
    niveau, avis, phrase = _advise(etablissement, constat, aujourd_hui)
    return Cout(niveau, avis, phrase, tuple(_suites(etablissement, constat, complet, ent)))


def _advise(etablissement: Etablissement, constat: Constat, aujourd_hui: date) -> tuple[str, str, str]:
    """The seeds' advice, told by the school's own year: its first month is everybody else's September."""
    debut, fin = etablissement.debut_eleves, etablissement.fin_eleves
    if debut is None or fin is None:
        return "info", "À la rentrée", "Faites-le le mois de la rentrée, jamais en cours d'année."
    fin_rentree = _month_after(debut)
    if aujourd_hui < debut:
        return "succes", "Conseillé", f"L'année ne commence que le {jour_annee(debut)} : personne n'y perdra l'accès."
    if aujourd_hui < fin_rentree:
        return (
            "succes",
            "Conseillé",
            f"C'est le mois de la rentrée : faites-le avant le {jour_annee(fin_rentree)}, les familles se servent "
            "encore peu de leurs comptes.",
        )
    if aujourd_hui <= fin:
        return (
            "attention",
            "Déconseillé",
            f"En cours d'année, {_perte(constat)} : attendez la prochaine rentrée.",
        )
    return "info", "À la rentrée", f"L'année est finie depuis le {jour_annee(fin)} : faites-le à la rentrée."


def _perte(constat: Constat) -> str:
    if constat.responsable:
        return "le parent perd le compte télé-services dont il se sert et doit en activer un autre"
    return "l'élève peut perdre le compte dont il se sert dans l'ENT"


def _month_after(jour: date) -> date:
    """The same day of the next month, or the first of the one after when there is none."""
    annee, mois = (jour.year + 1, 1) if jour.month == 12 else (jour.year, jour.month + 1)
    try:
        return jour.replace(year=annee, month=mois)
    except ValueError:
        return (date(annee, mois, 28) + timedelta(days=4)).replace(day=1)


def _suites(etablissement: Etablissement, constat: Constat, complet: date, ent: date) -> Iterable[str]:
    jours = etablissement.projet_ent.jours_conservation
    if constat.responsable:
        yield (
            "Dès la fusion : le compte télé-services de la fiche retirée est supprimé et un nouveau est créé (le "
            "chiffre derrière l'identifiant augmente)."
        )
    else:
        yield "Dès la sortie : l'élève n'a plus qu'une fiche ; remettez-y ses groupes dans EDT s'ils y manquent."
    yield (
        f"{_capitalize(jour_annee(complet))} : le complet de l'AAF ne porte plus la fiche retirée ; l'ENT désactive "
        f"son compte {jour_annee(ent)}."
    )
    yield (
        f"{_capitalize(jour_annee(ent + timedelta(days=jours)))} : l'ENT supprime ce compte, "
        f"{nombre(jours)} {pluriel(jours, 'jour')} après l'avoir désactivé."
    )
    yield "Jusque-là, PRONOTE ne peut pas rapprocher l'identifiant de la personne : son double gêne, même désactivé."


def _capitalize(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
