"""The watch of an académie: one letter a day to its DANE about what goes beyond its thresholds, only on change.

The row of the day is the claim, held for the time of a lease: when its worker dies another one goes on with the same
letter, to those whom the mail server has not taken it for. What is found is compared with the last letter that was
told, so that one that was lost for good is told the next day.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from smtplib import SMTPException
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from checklists.models import ResumeVeille, Veille
from checklists.pilotage.constats import TITRES, Bilan, Constat, compare, list_constats, look, tell_constat
from checklists.pilotage.courrier import TENTATIVES_MAX, make_courrier
from exchanges.enums import Role
from exchanges.models import Academie, Habilitation
from exchanges.pipeline.courriers import open_connexion
from exchanges.pipeline.taches import BAIL
from exchanges.propagation.horloge import MATIN, Horloge
from exchanges.templatetags.entsite import nombre, pluriel


logger = logging.getLogger(__name__)

PARTIES = {
    "nouveaux": "NOUVEAU",
    "suivis": "DÉSORMAIS SUIVI, AVEC LES NOUVEAUX SEUILS",
    "restants": "TOUJOURS",
    "finis": "RÉGLÉ",
    "laisses": "PLUS SUIVI, SANS ÊTRE RÉGLÉ",
}


def veille_of(academie: Academie) -> Veille:
    """The thresholds of an académie: those of the site until it chooses its own."""
    return Veille.objects.filter(academie=academie).first() or Veille(academie=academie)


def last_told(academie: Academie) -> ResumeVeille | None:
    """The last day on which a letter was taken by the mail server."""
    return academie.resumes.filter(envoye_le__isnull=False).first()


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
    bilan = Bilan(**{partie: tuple(liste) for partie, liste in resume.constats.get("bilan", {}).items()})
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
    constats = _look_once(academie, veille, maintenant)
    try:
        with transaction.atomic():
            return ResumeVeille.objects.create(
                academie=academie, jour=maintenant.date(), constats=constats, tentatives=1, **bail
            )
    except IntegrityError:
        return None


def _look_once(academie: Academie, veille: Veille, maintenant: datetime) -> dict[str, object]:
    """What is kept of a day: its findings, its thresholds, and the letter, the same for whoever goes on with it."""
    regard, dernier, hier = look(academie, maintenant), last_told(academie), academie.resumes.first()
    seuils = hier.constats.get("seuils", {}) if hier else {}
    avant = Veille(academie=academie, **(_seuils(veille) | seuils))
    dits = dernier.constats["liste"] if dernier else []
    bilan = compare(regard, veille, avant, dits, dernier.jour if dernier else regard.jour)
    return {"liste": list_constats(regard, veille), "seuils": _seuils(veille), "bilan": asdict(bilan)}


def _seuils(veille: Veille) -> dict[str, int | bool]:
    return {champ: getattr(veille, champ) for champ in ("jours_sans_depot", "hausse_absents", "has_relais_en_echec")}


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
    parties = [(titre, getattr(bilan, partie)) for partie, titre in PARTIES.items() if getattr(bilan, partie)]
    noms = name_ecoles(academie, [constat for _, constats in parties for constat in constats])
    contexte = {
        "academie": academie,
        "maintenant": maintenant,
        "parties": [(titre, describe(noms, constats)) for titre, constats in parties],
    }
    return f"Veille de l'académie : {_tell_sujet(bilan)}", render_to_string("checklists/veille_resume.txt", contexte)


def _tell_sujet(bilan: Bilan) -> str:
    if combien := len(bilan.nouveaux):
        return f"{nombre(combien)} {pluriel(combien, 'nouveau constat,nouveaux constats')}"
    if bilan.finis:
        return "des constats sont réglés"
    return "des constats sont désormais suivis" if bilan.suivis else "des constats ne sont plus suivis"
