"""The relays of a school, day by day: done, due, late, failed, held, skipped, and what that does further down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from exchanges.enums import EtatPassage, GenreAAF, Relais
from exchanges.models import Etablissement, Passage
from exchanges.reports.aaf.bilan import Compte
from exchanges.templatetags.entsite import jour, jour_heure, nombre, pluriel


NOMS = {
    Relais.SIECLE: "SIECLE",
    Relais.AAF: "Annuaire (AAF)",
    Relais.ENT: "ENT",
    Relais.GAR: "GAR",
    Relais.MOODLE: "Moodle",
}
ARRETES = (EtatPassage.ECHEC, EtatPassage.RETENU, EtatPassage.SAUTE)
AVANT = timedelta(days=14)  # passages that explain those of the window
APRES = timedelta(days=28)  # and those that catch them up
_LE = {
    Relais.SIECLE: "la nuit de SIECLE",
    Relais.AAF: "le passage de l'annuaire",
    Relais.ENT: "le passage vers l'ENT",
    Relais.GAR: "le passage vers le GAR",
    Relais.MOODLE: "le passage vers Moodle",
}
_VERS = {Relais.ENT: "L'ENT", Relais.GAR: "Le GAR", Relais.MOODLE: "Moodle"}
_SORTS = {
    EtatPassage.ECHEC: "a échoué",
    EtatPassage.RETENU: "est retenu",
    EtatPassage.SAUTE: "n'a pas eu lieu",
}
_SORTES = {
    "Eleve": ("élève", ""),
    "PersRelEleve": ("responsable", ""),
    "PersEducNat": ("personnel", ""),
    "divisions": ("classe", "e"),
    "groupes": ("groupe", ""),
}
_GESTES = (("ajouts", "ajouté"), ("modifications", "modifié"), ("suppressions", "retiré"))
_COMPTES = (("crees", "créé"), ("reactives", "réactivé"), ("desactives", "désactivé"), ("supprimes", "supprimé"))


@dataclass(frozen=True)
class PassageVu:
    """A passage, and what it did.

    Attributes:
        quand: when it took place, or is due.
        genre: « complet », « delta », or nothing for SIECLE.
        chiffres: what it carried, in words.
        effets: what a stop, here or before, does to what the school sees; and what catches it up.
        is_en_retard: it was due and has not run.
    """

    passage: Passage
    nom: str
    quand: datetime
    genre: str
    chiffres: tuple[str, ...]
    effets: tuple[str, ...]
    is_en_retard: bool


@dataclass(frozen=True)
class Frise:
    """Rows are relays, columns are days; ``passages`` says the same in order of time."""

    jours: list[date]
    lignes: list[tuple[str, list[list[PassageVu]]]]
    passages: list[PassageVu]


def frise_of(etablissement: Etablissement, debut: date, fin: date, maintenant: datetime) -> Frise:
    """The passages from a day to another, both included."""
    fuseau = ZoneInfo(etablissement.academie.fuseau)
    jours = [debut + timedelta(days=n) for n in range((fin - debut).days + 1)]
    tous = _read(etablissement, debut, fin, fuseau)
    vus = [
        describe_passage(passage, tous, maintenant)
        for passage in tous
        if debut <= passage.prevu_le.astimezone(fuseau).date() <= fin
    ]
    lignes = [
        (nom, [[v for v in vus if v.passage.relais == relais and _day(v, fuseau) == jour] for jour in jours])
        for relais, nom in NOMS.items()
        if relais != Relais.GAR or etablissement.projet_ent.has_gar
        if relais != Relais.MOODLE or etablissement.projet_ent.heures_moodle is not None
    ]
    return Frise(jours, lignes, vus)


def passage_vu(etablissement: Etablissement, passage: Passage, maintenant: datetime) -> PassageVu:
    """One passage as the timeline shows it."""
    fuseau = ZoneInfo(etablissement.academie.fuseau)
    jour_prevu = passage.prevu_le.astimezone(fuseau).date()
    return describe_passage(passage, _read(etablissement, jour_prevu, jour_prevu, fuseau), maintenant)


def _read(etablissement: Etablissement, debut: date, fin: date, fuseau: ZoneInfo) -> list[Passage]:
    minuit = datetime.min.time()
    passages = etablissement.passages.filter(
        prevu_le__gte=datetime.combine(debut - AVANT, minuit, fuseau),
        prevu_le__lt=datetime.combine(fin + APRES, minuit, fuseau),
    )
    return list(passages.select_related("amont__amont", "depot", "libere_par").order_by("prevu_le", "pk"))


def _day(vu: PassageVu, fuseau: ZoneInfo) -> date:
    return vu.passage.prevu_le.astimezone(fuseau).date()


def describe_passage(passage: Passage, tous: Sequence[Passage], maintenant: datetime) -> PassageVu:
    """Say what a passage did, and what catches it up among the passages around it."""
    genre = GenreAAF(passage.genre).value if passage.genre else ""
    return PassageVu(
        passage=passage,
        nom=NOMS[Relais(passage.relais)],
        quand=passage.execute_le or passage.prevu_le,
        genre=genre,
        chiffres=tuple(_figures(passage)),
        effets=tuple(_effects(passage, tous)),
        is_en_retard=passage.etat == EtatPassage.PREVU and passage.prevu_le < maintenant,
    )


def _figures(passage: Passage) -> Iterable[str]:
    depot = passage.depot
    if passage.relais == Relais.SIECLE and depot and depot.liens_crees is not None:
        crees, clos = depot.liens_crees, depot.liens_clos or 0
        yield f"{nombre(crees)} {pluriel(crees, 'lien créé')}, {nombre(clos)} {pluriel(clos, 'supprimé')}"
    bilan = passage.bilan.get("aaf", {})
    yield from (texte for sorte, compte in bilan.items() if (texte := _count(sorte, compte)))
    if bilan and not any(_count(sorte, compte) for sorte, compte in bilan.items()):
        yield "rien n'a changé"
    comptes = passage.bilan.get("comptes", {})
    gestes = [f"{nombre(n)} {pluriel(n, mot)}" for cle, mot in _COMPTES if (n := comptes.get(cle, 0))]
    if gestes:
        yield "comptes : " + ", ".join(gestes)


def _count(sorte: str, compte: Compte) -> str:
    """« 12 élèves ajoutés, 3 modifiés »; empty when nothing changed."""
    nom, feminin = _SORTES[sorte]
    gestes = []
    for cle, mot in _GESTES:
        if n := compte[cle]:
            sujet = "" if gestes else f"{pluriel(n, nom)} "
            gestes.append(f"{nombre(n)} {sujet}{pluriel(n, mot + feminin)}")
    return ", ".join(gestes)


def _effects(passage: Passage, tous: Sequence[Passage]) -> Iterable[str]:
    arret = _find_stop(passage)
    if arret is None:
        return
    if arret is not passage:
        verbe = "ne recevra rien" if passage.etat == EtatPassage.PREVU else "n'a rien reçu"
        yield f"{_VERS[Relais(passage.relais)]} {verbe} de neuf : {_tell(arret)}."
    elif passage.relais in (Relais.AAF, Relais.ENT):
        yield "L'ENT garde l'état d'avant."
    if suite := _find_catch_up(passage, arret, tous):
        verbe = "Rattrapé" if suite.etat == EtatPassage.FAIT else "Sera rattrapé"
        yield f"{verbe} {jour_heure(suite.execute_le or suite.prevu_le)}."


def _find_stop(passage: Passage) -> Passage | None:
    """The passage, itself or the furthest that feeds it, that stopped what this one should have carried."""
    arret, etape = None, passage
    while etape is not None:
        arret = etape if etape.etat in ARRETES else arret
        etape = etape.amont
    return arret


def _tell(arret: Passage) -> str:
    return f"{_LE[Relais(arret.relais)]} du {jour(arret.prevu_le)} {_SORTS[EtatPassage(arret.etat)]}"


def _find_catch_up(passage: Passage, arret: Passage, tous: Sequence[Passage]) -> Passage | None:
    """The first later passage of the same relay that carries facts at least as late."""
    if passage.relais == Relais.SIECLE:
        suivants = (p for p in tous if p.depot_id == passage.depot_id and p.relais == Relais.SIECLE)
        return next((p for p in suivants if p.prevu_le > passage.prevu_le and p.etat not in ARRETES), None)
    voulue = _wanted(arret)
    for suivant in tous:
        if suivant.relais != passage.relais or suivant.prevu_le <= passage.prevu_le:
            continue
        source = suivant.source if suivant.etat == EtatPassage.FAIT else None
        if suivant.etat == EtatPassage.PREVU:
            source = suivant.find_source()
        if source is not None and source >= voulue:
            return suivant
    return None


def _wanted(arret: Passage) -> datetime:
    """The instant of the facts that a stopped passage should have carried."""
    while arret.amont is not None:
        arret = arret.amont
    return arret.source or arret.prevu_le
