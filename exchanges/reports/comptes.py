"""The accounts of an ENT on any day: those that were, then what its next loads make of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from exchanges.enums import CategorieAAF, EtatCompteENT, Relais
from exchanges.models import (
    CompteENT,
    Eleve,
    Etablissement,
    EtatCompte,
    FicheEleve,
    FicheIndividu,
    FicheResponsable,
    Individu,
    LienResponsable,
    ProjetENT,
    Responsable,
)
from exchanges.reports.aaf.portee import Portee, make_portee, sources_of
from exchanges.reports.aaf.titulaires import Titulaire, read_population
from exchanges.reports.annuaire import Annuaire, end_of
from exchanges.rules.logins import FormeLogin, login_ent


LOT = 5000
_CATEGORIES = {
    CategorieAAF.ELEVE: (FicheEleve, "eleve", ("eleve__eleve_id",), "nom_de_famille"),
    CategorieAAF.RESPONSABLE: (FicheResponsable, "responsable", ("responsable__personne_id",), "nom_de_famille"),
    CategorieAAF.PERSONNEL: (
        *(FicheIndividu, "individu", ("individu__type", "individu__sts_id"), "nom_patronymique"),
    ),
}


@dataclass(frozen=True, slots=True)
class Vague:
    """A load of the ENT: when, the instant of the facts that it carries, whether an absence means a departure."""

    quand: datetime
    source: datetime
    is_complet: bool


@dataclass(frozen=True, slots=True)
class CompteVu:
    """An account as a day shows it.

    Attributes:
        cle: what its person is known by in the school: ELEVE_ID, PERSONNE_ID, « epp 1234 ».
        jusqua: when the state ends, or will (a sleeping account is removed then); ``None`` when nothing says so.
        is_prevu: whether a load to come makes it so.
    """

    login: str
    nom: str
    cle: str
    categorie: CategorieAAF
    etat: EtatCompteENT
    depuis: datetime
    jusqua: datetime | None = None
    is_prevu: bool = False


@dataclass(frozen=True, slots=True)
class Nomme:
    """A login given to somebody who has no account yet: ``base``, and its number unless it is the first."""

    titulaire: Titulaire
    login: str
    base: str
    rang: int


@dataclass(frozen=True, slots=True)
class _Etat:
    """The state of an account on its way through the loads to come."""

    projet: int
    jointure: int
    categorie: str
    login: str
    etat: str
    depuis: datetime
    jusqua: datetime | None
    is_prevu: bool = False


def name_logins(projet: ProjetENT, titulaires: Sequence[Titulaire]) -> Iterator[Nomme]:
    """Logins for people who have none, in their order: two of one name are told apart by a number."""
    forme = FormeLogin(projet.forme_login)
    bases = [login_ent(titulaire.prenom, titulaire.nom, forme) for titulaire in titulaires]
    rangs = _last_rangs(projet, sorted(set(bases)))
    for titulaire, base in zip(titulaires, bases, strict=True):
        rangs[base] += 1
        yield Nomme(titulaire, base if rangs[base] == 1 else f"{base}{rangs[base]}", base, rangs[base])


def _last_rangs(projet: ProjetENT, bases: list[str]) -> defaultdict[str, int]:
    rangs: defaultdict[str, int] = defaultdict(int)
    for debut in range(0, len(bases), LOT):
        pris = CompteENT.objects.filter(projet=projet, base__in=bases[debut : debut + LOT]).values("base")
        rangs.update(pris.annotate(dernier=Max("rang")).values_list("base", "dernier"))
    return rangs


def comptes_declared_by(ecole: Etablissement) -> Q:
    """Filter of ``EtatCompte`` on the accounts of everybody whom a school has ever declared."""
    siens = Q(pk__in=[])
    for modele in (Eleve, Responsable, Individu):
        lignes = modele._default_manager.filter(etablissement=ecole, jointure__isnull=False)
        siens |= Q(compte__jointure__in=lignes.values("jointure"))
    return siens


def find_elsewhere(ecole: Etablissement, projet: int, jointures: set[int]) -> set[int]:
    """Of these persons, those whom another school of a projet still has in its ENT."""
    autres = Etablissement.objects.filter(projet_ent=projet).exclude(pk=ecole.pk)
    siens = {
        modele: dict(
            modele._default_manager.filter(jointure__in=jointures, etablissement__in=autres).values_list(
                "pk", "etablissement"
            )
        )
        for modele in (Eleve, Responsable, Individu)
    }
    ecoles = {pk for lignes in siens.values() for pk in lignes.values()}
    instants = sources_of(Etablissement.objects.filter(pk__in=ecoles), Relais.ENT, datetime.max.replace(tzinfo=UTC))
    if not instants:
        return set()
    enfants = LienResponsable.objects.filter(responsable__in=siens[Responsable]).values_list("eleve_id", flat=True)
    portee = make_portee(ecole.academie_id, ZoneInfo(ecole.academie.fuseau), instants)
    restreinte = Portee(
        *(portee.academie, portee.fuseau, portee.instants, portee.services),
        *(frozenset({*siens[Eleve], *enfants}), frozenset(siens[Responsable]), frozenset(siens[Individu])),
    )
    en_charge = ProjetENT.objects.get(pk=projet).has_compte_personne_en_charge
    return {t.jointure for t in read_population(restreinte, en_charge).titulaires()} & jointures


def comptes_of(
    etablissement: Etablissement, annuaire: Annuaire, jour: date, maintenant: datetime, vagues: Sequence[Vague] = ()
) -> list[CompteVu]:
    """The accounts of a school at the end of a day, by name.

    Args:
        annuaire: the ENT of that day, already read.
        vagues: the loads of the ENT between now and that day, in order; none for a day past.
    """
    fin = end_of(etablissement, jour)
    etats = _etats(etablissement, min(fin, maintenant))
    if fin >= maintenant:
        etats = _foresee(etablissement, annuaire, etats, vagues, fin)
    personnes = _personnes(etablissement)
    comptes = []
    for etat in etats:
        cle, nom = personnes.get((etat.categorie, etat.jointure), ("", etat.login))
        categorie, valeur = CategorieAAF(etat.categorie), EtatCompteENT(etat.etat)
        comptes.append(CompteVu(etat.login, nom, cle, categorie, valeur, etat.depuis, etat.jusqua, etat.is_prevu))
    return sorted(comptes, key=lambda compte: (compte.nom, compte.login))


def _etats(etablissement: Etablissement, instant: datetime) -> list[_Etat]:
    lignes = EtatCompte.objects.filter(comptes_declared_by(etablissement), depuis__lte=instant)
    lignes = lignes.filter(Q(jusqua__isnull=True) | Q(jusqua__gt=instant))
    colonnes = ("compte__projet", "compte__jointure", "compte__jointure__categorie", "compte__login")
    return [_Etat(*ligne) for ligne in lignes.values_list(*colonnes, "etat", "depuis", "jusqua")]


def _foresee(
    etablissement: Etablissement, annuaire: Annuaire, etats: list[_Etat], vagues: Sequence[Vague], fin: datetime
) -> list[_Etat]:
    """Do to the present states what the loads to come will do."""
    lectures = _Lectures(etablissement, annuaire)
    projet = etablissement.projet_ent
    connus = {etat.jointure for etat in etats if etat.projet == projet.pk}
    apres = [_wake(etat, projet, vagues, lectures) for etat in etats]
    partis = _find_departures(etablissement, apres, vagues, lectures)
    apres = [_sleep(etat, partis.get((etat.projet, etat.jointure))) for etat in apres]
    delais = dict(ProjetENT.objects.filter(pk__in={e.projet for e in apres}).values_list("pk", "jours_conservation"))
    apres = [_expire(etat, timedelta(days=delais[etat.projet]), fin) for etat in apres]
    nouveaux = _find_newcomers(connus, vagues, lectures)
    noms = name_logins(projet, [titulaire for titulaire, _ in nouveaux])
    for nomme, (titulaire, quand) in zip(noms, nouveaux, strict=True):
        qui = (projet.pk, titulaire.jointure, str(titulaire.categorie), nomme.login)
        apres.append(_Etat(*qui, EtatCompteENT.ACTIF, quand, None, is_prevu=True))
    return apres


class _Lectures:
    """Who has an account, load by load; each instant is read once."""

    def __init__(self, etablissement: Etablissement, annuaire: Annuaire):
        self._etablissement = etablissement
        self._lues: dict[datetime, dict[int, Titulaire]] = {}
        if annuaire.source is not None and annuaire.population is not None:
            self._lues[annuaire.source] = {t.jointure: t for t in annuaire.population.titulaires()}

    def at(self, vague: Vague) -> dict[int, Titulaire]:
        """The persons whom a load holds, by jointure."""
        if vague.source not in self._lues:
            academie = self._etablissement.academie
            instants = {self._etablissement.pk: vague.source}
            portee = make_portee(academie.pk, ZoneInfo(academie.fuseau), instants)
            population = read_population(portee, self._etablissement.projet_ent.has_compte_personne_en_charge)
            self._lues[vague.source] = {t.jointure: t for t in population.titulaires()}
        return self._lues[vague.source]


def _wake(etat: _Etat, projet: ProjetENT, vagues: Sequence[Vague], lectures: _Lectures) -> _Etat:
    """An account that sleeps, or was removed, and whose person is back in the last load."""
    if etat.etat == EtatCompteENT.ACTIF or etat.projet != projet.pk or not vagues:
        return etat
    if etat.jointure not in lectures.at(vagues[-1]):
        return etat
    retour = next(vague for vague in vagues if etat.jointure in lectures.at(vague))
    return replace(etat, etat=EtatCompteENT.ACTIF, depuis=retour.quand, jusqua=None, is_prevu=True)


def _find_departures(
    ecole: Etablissement, etats: list[_Etat], vagues: Sequence[Vague], lectures: _Lectures
) -> dict[tuple[int, int], datetime]:
    """When a complet puts an active account to sleep, by projet and person; loads are read while dates are missing."""
    complets = [vague for vague in vagues if vague.is_complet]
    if not complets:
        return {}
    actifs = {(e.projet, e.jointure) for e in etats if e.etat == EtatCompteENT.ACTIF and not e.is_prevu}
    absents = {cle for cle in actifs if _is_absent(cle, ecole, lectures.at(complets[-1]))}
    for projet in {projet for projet, _ in absents}:
        jointures = {jointure for ancien, jointure in absents if ancien == projet}
        absents -= {(projet, jointure) for jointure in find_elsewhere(ecole, projet, jointures)}
    dates: dict[tuple[int, int], datetime] = {}
    for vague in complets:
        if len(dates) == len(absents):
            break
        dates |= {c: vague.quand for c in absents - dates.keys() if _is_absent(c, ecole, lectures.at(vague))}
    return dates


def _is_absent(cle: tuple[int, int], ecole: Etablissement, presents: dict[int, Titulaire]) -> bool:
    projet, jointure = cle
    return projet != ecole.projet_ent_id or jointure not in presents


def _sleep(etat: _Etat, quand: datetime | None) -> _Etat:
    if quand is None:
        return etat
    return replace(etat, etat=EtatCompteENT.DESACTIVE, depuis=quand, jusqua=None, is_prevu=True)


def _expire(etat: _Etat, delai: timedelta, fin: datetime) -> _Etat:
    """Say when a sleeping account is removed, and remove it if that is before the day."""
    if etat.etat != EtatCompteENT.DESACTIVE:
        return etat
    echeance = etat.depuis + delai
    if echeance > fin:
        return replace(etat, jusqua=echeance)
    return replace(etat, etat=EtatCompteENT.SUPPRIME, depuis=echeance, jusqua=None, is_prevu=True)


def _find_newcomers(
    connus: Iterable[int], vagues: Sequence[Vague], lectures: _Lectures
) -> list[tuple[Titulaire, datetime]]:
    """Who gets an account, in the order in which the loads make them, and when."""
    if not vagues:
        return []
    manquants = lectures.at(vagues[-1]).keys() - set(connus)
    nouveaux = []
    for vague in vagues:
        if not manquants:
            break
        for jointure, titulaire in lectures.at(vague).items():
            if jointure in manquants:
                nouveaux.append((titulaire, vague.quand))
                manquants = manquants - {jointure}
    return nouveaux


def _personnes(etablissement: Etablissement) -> dict[tuple[str, int], tuple[str, str]]:
    """(key in the school, name) of everybody who has a number, by category and jointure: the last name known."""
    personnes = {}
    for categorie, (modele, champ, cles, repli) in _CATEGORIES.items():
        lignes = modele._default_manager.filter(etablissement=etablissement, **{f"{champ}__jointure__isnull": False})
        for jointure, usage, naissance, prenom, *cle in lignes.order_by("depuis", "pk").values_list(
            f"{champ}__jointure", "nom_usage", repli, "prenom", *cles
        ):
            nom = f"{usage or naissance} {prenom}".strip()
            personnes[str(categorie), jointure] = (" ".join(cle), nom)
    return personnes
