"""What goes beyond the thresholds of an académie, and what became of what its DANE was told.

A finding is a key (rule, school and what makes it new) and its figures, never a name.

A finding that is gone is « réglé » only when the facts mended it: a deposit came, the absents are fewer, the relay was
caught up. When the watch merely looks elsewhere (the first month is over, a threshold was raised, a rule is off) it is
« plus suivi », with the reason; what other thresholds bring in is « désormais suivi » and no news of the school.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from checklists.annees import find_rentree
from checklists.models import Veille
from checklists.pilotage.compteurs import measure
from exchanges.enums import EtatPassage
from exchanges.models import Academie, Etablissement, Passage
from exchanges.templatetags.entsite import nombre, pluriel


PREMIER_MOIS = timedelta(days=30)
SANS_DEPOT, ABSENTS, RELAIS = "sans_depot", "absents", "relais"
TITRES = {
    SANS_DEPOT: "Sans dépôt élèves-groupes",
    ABSENTS: "Part des absents en forte hausse",
    RELAIS: "Relais en échec ou retenu",
}
Constat = dict[str, str | int]
Mesures = dict[str, int | None]


@dataclass(frozen=True)
class Regard:
    """What the watch sees of an académie, whatever its thresholds: schools by UAI with their figures, relays."""

    jour: date
    ecoles: dict[str, tuple[Etablissement, Mesures]]
    manques: tuple[Constat, ...]


@dataclass(frozen=True)
class Bilan:
    """What changed since the last letter.

    Attributes:
        nouveaux: findings that are new.
        suivis: findings that only the new thresholds bring in.
        restants: those that go on.
        finis: those that the facts mended; ``motif`` says how.
        laisses: those at which the watch looks no more, mended or not; ``motif`` says why.
    """

    nouveaux: tuple[Constat, ...] = ()
    suivis: tuple[Constat, ...] = ()
    restants: tuple[Constat, ...] = ()
    finis: tuple[Constat, ...] = ()
    laisses: tuple[Constat, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.nouveaux or self.suivis or self.finis or self.laisses)


def find_constats(academie: Academie, veille: Veille, maintenant: datetime) -> list[Constat]:
    """What goes beyond the thresholds at ``maintenant``, by rule then by school."""
    return list_constats(look(academie, maintenant), veille)


def look(academie: Academie, maintenant: datetime) -> Regard:
    """Read what the rules judge: four questions, whatever the number of schools."""
    ecoles = academie.etablissements.select_related("compteurs", "academie").prefetch_related("profils_rentree")
    mesures = {ecole.uai: (ecole, _measure(ecole, maintenant)) for ecole in ecoles.order_by("denomination", "uai")}
    return Regard(maintenant.date(), mesures, tuple(_relais(academie)))


def list_constats(regard: Regard, veille: Veille) -> list[Constat]:
    """What goes beyond some thresholds."""
    relais = regard.manques if veille.has_relais_en_echec else ()
    return [*_sans_depot(regard, veille), *_absents(regard, veille), *relais]


def _measure(ecole: Etablissement, maintenant: datetime) -> Mesures:
    compteurs = getattr(ecole, "compteurs", None)
    rentree = find_rentree(ecole, maintenant.date())
    if compteurs is None:
        return {"jours": (maintenant.date() - rentree.jour).days if rentree else None}
    return measure(compteurs, rentree, maintenant)


def _sans_depot(regard: Regard, veille: Veille) -> Iterator[Constat]:
    """In the first month of each school's own year: days since its rentrée, or since a deposit made after it."""
    for uai, (_, mesure) in regard.ecoles.items():
        attente = _attente(mesure)
        if attente is not None and attente >= veille.jours_sans_depot:
            yield {"cle": f"{SANS_DEPOT}:{uai}", "regle": SANS_DEPOT, "uai": uai, "jours": attente}


def _attente(mesure: Mesures) -> int | None:
    """For how many days a school has been waited for; ``None`` out of its first month."""
    jours, depuis_depot = mesure["jours"], mesure.get("jours_depuis_depot")
    if jours is None or not 0 <= jours <= PREMIER_MOIS.days:
        return None
    return jours if depuis_depot is None else min(jours, depuis_depot)


def _absents(regard: Regard, veille: Veille) -> Iterator[Constat]:
    """From one compte-rendu to the next; another compte-rendu is another finding."""
    for ecole, mesure in regard.ecoles.values():
        hausse, part = mesure.get("hausse_absents"), mesure.get("part_absents")
        if hausse is not None and part is not None and hausse >= veille.hausse_absents:
            yield {
                "cle": _cle_absents(ecole),
                "regle": ABSENTS,
                "uai": ecole.uai,
                "hausse": hausse,
                "part": part,
            }


def _cle_absents(ecole: Etablissement) -> str:
    return f"{ABSENTS}:{ecole.uai}:{ecole.compteurs.cr_le.isoformat()}"


def _relais(academie: Academie) -> Iterator[Constat]:
    """The passages that failed, or are held, and that no later one of their relay caught up."""
    rattrapages = Passage.objects.filter(
        etablissement=OuterRef("etablissement"),
        relais=OuterRef("relais"),
        etat=EtatPassage.FAIT,
        prevu_le__gt=OuterRef("prevu_le"),
    )
    manques = Passage.objects.filter(
        ~Exists(rattrapages),
        etablissement__academie=academie,
        etat__in=[EtatPassage.ECHEC, EtatPassage.RETENU],
        libere_le__isnull=True,
    ).order_by("etablissement__denomination", "prevu_le", "pk")
    for pk, uai, relais, etat in manques.values_list("pk", "etablissement__uai", "relais", "etat"):
        yield {"cle": f"{RELAIS}:{uai}:{pk}", "regle": RELAIS, "uai": uai, "relais": relais, "etat": etat}


def tell_constat(constat: Constat) -> str:
    """A finding in words, without the name of the school; when it is gone, what became of it."""
    if constat.get("motif"):
        return str(constat["motif"])
    if constat["regle"] == SANS_DEPOT:
        return f"aucun dépôt depuis {constat['jours']} {pluriel(constat['jours'], 'jour')}"
    if constat["regle"] == ABSENTS:
        points = pluriel(constat["hausse"], "point")
        return f"{constat['part']} % d'absents, {nombre(constat['hausse'])} {points} de plus qu'au dépôt d'avant"
    etat = "en échec" if constat["etat"] == EtatPassage.ECHEC else "retenu"
    return f"passage {constat['relais']} {etat}"


def compare(regard: Regard, veille: Veille, avant: Veille, dits: Sequence[Constat], dit_le: date) -> Bilan:
    """What the DANE does not know yet.

    Args:
        avant: the thresholds with which the watch looked the last time.
        dits, dit_le: the findings of the last letter, and its day.
    """
    constats = list_constats(regard, veille)
    connus, anciens = {c["cle"] for c in dits}, {c["cle"] for c in list_constats(regard, avant)}
    inconnus = [c for c in constats if c["cle"] not in connus]
    fins = [(c, *_tell_fin(regard, veille, c, dit_le)) for c in _gone(regard, constats, dits)]
    return Bilan(
        nouveaux=tuple(c for c in inconnus if c["cle"] in anciens),
        suivis=tuple(c for c in inconnus if c["cle"] not in anciens),
        restants=tuple(c for c in constats if c["cle"] in connus),
        finis=tuple(c | {"motif": motif} for c, is_fini, motif in fins if is_fini),
        laisses=tuple(c | {"motif": motif} for c, is_fini, motif in fins if not is_fini),
    )


def _gone(regard: Regard, constats: Sequence[Constat], dits: Sequence[Constat]) -> list[Constat]:
    """What was told and is no longer found, but for schools that have left and absents told again since."""
    actuels = {c["cle"] for c in constats}
    remplaces = {c["uai"] for c in constats if c["regle"] == ABSENTS}
    return [
        c
        for c in dits
        if c["cle"] not in actuels
        and c["uai"] in regard.ecoles
        and not (c["regle"] == ABSENTS and c["uai"] in remplaces)
    ]


def _tell_fin(regard: Regard, veille: Veille, constat: Constat, dit_le: date) -> tuple[bool, str]:
    """Whether the facts mended a finding that is gone, and how; otherwise why the watch looks at it no more."""
    if constat["regle"] == RELAIS:
        is_manque = any(constat["cle"] == manque["cle"] for manque in regard.manques)
        return not is_manque, f"{tell_constat(constat)}, la veille ne suit plus les relais" if is_manque else ""
    ecole, mesure = regard.ecoles[str(constat["uai"])]
    if constat["regle"] == ABSENTS:
        return _tell_fin_absents(ecole, mesure, constat, veille)
    return _tell_fin_depot(regard.jour, mesure, constat, dit_le)


def _tell_fin_depot(jour: date, mesure: Mesures, constat: Constat, dit_le: date) -> tuple[bool, str]:
    depuis_depot, attente = mesure.get("jours_depuis_depot"), _attente(mesure)
    debut = dit_le - timedelta(days=int(constat["jours"]))
    if depuis_depot is not None and jour - timedelta(days=depuis_depot) > debut:
        il_y_a = f"il y a {depuis_depot} {pluriel(depuis_depot, 'jour')}" if depuis_depot else "aujourd'hui"
        return True, f"un dépôt est arrivé, {il_y_a}"
    toujours = f"toujours aucun {'nouveau ' if depuis_depot is not None else ''}dépôt"
    if mesure["jours"] is not None and mesure["jours"] > PREMIER_MOIS.days:
        return False, f"{toujours}, le premier mois est passé"
    if attente is not None and attente >= int(constat["jours"]):
        return False, f"{toujours}, le seuil a été relevé"
    return False, f"{toujours}, le jour de la rentrée a changé"


def _tell_fin_absents(ecole: Etablissement, mesure: Mesures, constat: Constat, veille: Veille) -> tuple[bool, str]:
    part = mesure.get("part_absents")
    if part is None:
        return False, "plus aucun compte-rendu"
    if constat["cle"] == _cle_absents(ecole):
        return False, f"{tell_constat(constat)}, le seuil a été relevé"
    avant = int(constat["part"]) - int(constat["hausse"])
    if part - avant < veille.hausse_absents:
        return True, f"{part} % d'absents au compte-rendu suivant"
    return False, f"encore {part} % d'absents au compte-rendu suivant, sans nouvelle hausse"
