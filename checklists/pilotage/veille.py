"""The watch of an académie: what goes beyond its thresholds, and one letter a day to its DANE, only on change.

A finding is a key (rule, school and what makes it new) and its figures, never a name. The row of the day is the claim,
held for the time of a lease: when its worker dies another one goes on with the same letter, to those whom the mail
server has not taken it for. It is compared with the last one that was told, so that a letter that was lost for good
is told the next day.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from checklists.annees import find_rentree
from checklists.models import ResumeVeille, Veille
from checklists.pilotage.compteurs import measure
from checklists.pilotage.courrier import TENTATIVES_MAX, make_courrier, open_connexion
from exchanges.enums import EtatPassage, Role
from exchanges.models import Academie, Etablissement, Habilitation, Passage
from exchanges.pipeline.taches import BAIL
from exchanges.propagation.horloge import MATIN, Horloge
from exchanges.templatetags.entsite import nombre, pluriel


logger = logging.getLogger(__name__)

PREMIER_MOIS = timedelta(days=30)
SANS_DEPOT, ABSENTS, RELAIS = "sans_depot", "absents", "relais"
TITRES = {
    SANS_DEPOT: "Sans dépôt élèves-groupes",
    ABSENTS: "Part des absents en forte hausse",
    RELAIS: "Relais en échec ou retenu",
}
Constat = dict[str, str | int]


@dataclass(frozen=True)
class Bilan:
    """What changed since the last letter: findings that are new, those that go on, those that are over."""

    nouveaux: tuple[Constat, ...]
    restants: tuple[Constat, ...]
    finis: tuple[Constat, ...]

    @property
    def is_change(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.nouveaux or self.finis)


def veille_of(academie: Academie) -> Veille:
    """The thresholds of an académie: those of the site until it chooses its own."""
    return Veille.objects.filter(academie=academie).first() or Veille(academie=academie)


def find_constats(academie: Academie, veille: Veille, maintenant: datetime) -> list[Constat]:
    """What goes beyond the thresholds at ``maintenant``, by rule then by school."""
    ecoles = academie.etablissements.select_related("compteurs", "academie").prefetch_related("profils_rentree")
    mesures = [(ecole, _measure(ecole, maintenant)) for ecole in ecoles.order_by("denomination", "uai")]
    constats = [*_sans_depot(mesures, veille), *_absents(mesures, veille)]
    return [*constats, *_relais(academie)] if veille.has_relais_en_echec else constats


def _measure(ecole: Etablissement, maintenant: datetime) -> dict[str, int | None]:
    compteurs = getattr(ecole, "compteurs", None)
    rentree = find_rentree(ecole, maintenant.date())
    if compteurs is None:
        return {"jours": (maintenant.date() - rentree.jour).days if rentree else None}
    return measure(compteurs, rentree, maintenant)


def _sans_depot(mesures: list[tuple[Etablissement, dict[str, int | None]]], veille: Veille) -> Iterator[Constat]:
    """In the first month of each school's own year: days since its rentrée, or since a deposit made after it."""
    for ecole, mesure in mesures:
        jours = mesure["jours"]
        if jours is None or not 0 <= jours <= PREMIER_MOIS.days:
            continue
        depuis_depot = mesure.get("jours_depuis_depot")
        attente = jours if depuis_depot is None else min(jours, depuis_depot)
        if attente >= veille.jours_sans_depot:
            yield {"cle": f"{SANS_DEPOT}:{ecole.uai}", "regle": SANS_DEPOT, "uai": ecole.uai, "jours": attente}


def _absents(mesures: list[tuple[Etablissement, dict[str, int | None]]], veille: Veille) -> Iterator[Constat]:
    """From one compte-rendu to the next; another compte-rendu is another finding."""
    for ecole, mesure in mesures:
        hausse, part = mesure.get("hausse_absents"), mesure.get("part_absents")
        if hausse is not None and part is not None and hausse >= veille.hausse_absents:
            yield {
                "cle": f"{ABSENTS}:{ecole.uai}:{ecole.compteurs.cr_le.isoformat()}",
                "regle": ABSENTS,
                "uai": ecole.uai,
                "hausse": hausse,
                "part": part,
            }


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
    """A finding in words, without the name of the school."""
    if constat["regle"] == SANS_DEPOT:
        return f"aucun dépôt depuis {constat['jours']} {pluriel(constat['jours'], 'jour')}"
    if constat["regle"] == ABSENTS:
        points = pluriel(constat["hausse"], "point")
        return f"{constat['part']} % d'absents, {nombre(constat['hausse'])} {points} de plus qu'au dépôt d'avant"
    etat = "en échec" if constat["etat"] == EtatPassage.ECHEC else "retenu"
    return f"passage {constat['relais']} {etat}"


def compare(constats: Sequence[Constat], dits: Sequence[Constat]) -> Bilan:
    """What the DANE does not know yet."""
    connus, actuels = {c["cle"] for c in dits}, {c["cle"] for c in constats}
    return Bilan(
        tuple(c for c in constats if c["cle"] not in connus),
        tuple(c for c in constats if c["cle"] in connus),
        tuple(c for c in dits if c["cle"] not in actuels),
    )


def read_told(academie: Academie) -> list[Constat]:
    """What the last letter said."""
    dernier = academie.resumes.filter(envoye_le__isnull=False).first()
    return dernier.constats["liste"] if dernier else []


def watch_academie(academie: Academie) -> int:
    """Look, once a day from seven o'clock, and write to the DANE when something has changed.

    Returns:
        The number of letters taken by the mail server.
    """
    horloge = Horloge(academie)
    maintenant, veille = horloge.maintenant, veille_of(academie)
    if maintenant.time() < MATIN or not veille.is_active:
        return 0
    resume = _claim(academie, maintenant, veille)
    if resume is None:
        return 0
    bilan = compare(resume.constats["liste"], read_told(academie))
    destinataires = find_destinataires(academie) if bilan.is_change else []
    with timezone.override(horloge.fuseau):
        partis = _write(resume, bilan, destinataires, maintenant)
    le_mien = ResumeVeille.objects.filter(pk=resume.pk, jeton=resume.jeton)
    if destinataires and not resume.recu_par:
        le_mien.delete()  # the next tick tries again
    else:
        le_mien.update(bail_jusqua=None, envoye_le=maintenant if resume.recu_par else None)
    return partis


def find_destinataires(academie: Academie) -> list[str]:
    """The addresses of the DANE of an académie."""
    habilitations = Habilitation.objects.en_cours().filter(
        academie=academie, role=Role.DANE, utilisateur__is_active=True
    )
    adresses = habilitations.exclude(utilisateur__email="").values_list("utilisateur__email", flat=True)
    return sorted(set(adresses))


def _claim(academie: Academie, maintenant: datetime, veille: Veille) -> ResumeVeille | None:
    """The row of the day, or ``None`` when another run has it or is done with it."""
    bail = {"jeton": uuid4(), "bail_jusqua": timezone.now() + BAIL}
    resume = academie.resumes.filter(jour=maintenant.date()).first()
    if resume:
        return _take_over(resume, bail)
    constats = {"liste": find_constats(academie, veille, maintenant)}
    try:
        with transaction.atomic():
            return ResumeVeille.objects.create(
                academie=academie, jour=maintenant.date(), constats=constats, tentatives=1, **bail
            )
    except IntegrityError:
        return None


def _take_over(resume: ResumeVeille, bail: dict[str, object]) -> ResumeVeille | None:
    """A row whose worker died, unless too many did: what it says is then told the next day."""
    laisses = ResumeVeille.objects.filter(pk=resume.pk, bail_jusqua__lt=timezone.now())
    if resume.tentatives >= TENTATIVES_MAX:
        laisses.update(bail_jusqua=None)
        return None
    repris = laisses.filter(jeton=resume.jeton).update(tentatives=resume.tentatives + 1, **bail)
    return ResumeVeille.objects.select_related("academie").get(pk=resume.pk) if repris else None


def name_ecoles(academie: Academie, constats: Iterable[Constat]) -> dict[str, str]:
    """The names of the schools of findings, by UAI."""
    uais = {constat["uai"] for constat in constats}
    return dict(academie.etablissements.filter(uai__in=uais).values_list("uai", "denomination"))


def describe(noms: Mapping[str, str], constats: Sequence[Constat]) -> list[tuple[str, list[dict[str, object]]]]:
    """Findings by rule: its title, and for each the UAI, the name of the school (from ``noms``), the words."""
    return [
        (
            titre,
            [
                {"uai": c["uai"], "nom": noms[c["uai"]], "texte": tell_constat(c)}
                for c in constats
                if c["regle"] == regle and c["uai"] in noms
            ],
        )
        for regle, titre in TITRES.items()
        if any(c["regle"] == regle for c in constats)
    ]


def _write(resume: ResumeVeille, bilan: Bilan, adresses: Sequence[str], maintenant: datetime) -> int:
    """Send the letter to those who do not have it; each is written down before the next one."""
    academie, partis = resume.academie, 0
    if not adresses:
        return 0
    sujet, texte = _word(academie, bilan, maintenant)
    connexion = open_connexion(academie)
    for adresse in sorted({*adresses} - {*resume.recu_par}):
        reference = f"veille {academie.code} {resume.jour} {adresse}"
        try:
            make_courrier(academie, sujet, texte, adresse, maintenant, connexion, reference).send()
        except (OSError, SMTPException, ValueError) as exc:
            logger.warning("digest of académie %s not sent: %s", academie.pk, type(exc).__name__)
            continue
        partis += 1
        if not _note_sent(resume, adresse):
            break
    return partis


def _note_sent(resume: ResumeVeille, adresse: str) -> bool:
    """Write that an address was taken, and hold the row for as long again; ``False`` when another worker has it."""
    resume.recu_par = [*resume.recu_par, adresse]
    le_mien = ResumeVeille.objects.filter(pk=resume.pk, jeton=resume.jeton)
    return bool(le_mien.update(recu_par=resume.recu_par, bail_jusqua=timezone.now() + BAIL))


def _word(academie: Academie, bilan: Bilan, maintenant: datetime) -> tuple[str, str]:
    """The subject and the text of the letter."""
    combien = len(bilan.nouveaux)
    noms = name_ecoles(academie, [*bilan.nouveaux, *bilan.restants, *bilan.finis])
    sujet = f"Veille de l'académie : {nombre(combien)} {pluriel(combien, 'nouveau constat,nouveaux constats')}"
    if not combien:
        sujet = "Veille de l'académie : des constats sont réglés"
    parties = (("NOUVEAU", bilan.nouveaux), ("TOUJOURS", bilan.restants), ("RÉGLÉ", bilan.finis))
    contexte = {
        "academie": academie,
        "maintenant": maintenant,
        "parties": [(titre, describe(noms, constats)) for titre, constats in parties if constats],
    }
    return sujet, render_to_string("checklists/veille_resume.txt", contexte)
