"""The queue of record, and the runs of relays that it carries out.

The database is the truth, Celery only the doorbell: losing a message, a worker or Redis loses nothing.
"""

from django.db import models
from django.db.models import Q

from exchanges.enums import EtatPassage, EtatTache


class Passage(models.Model):
    """One run of one relay for one établissement.

    ``prevu_le`` is in the académie's own time. ``source`` is the instant of BEE that the relay carries:
    the ENT of a day is the rows as of the source of its last successful passage. ``amont`` is the passage
    whose source it takes over; when that one failed, the one before it serves. ``genre`` is that of the AAF
    export carried (complet or delta), empty for SIECLE. ``bilan`` keeps figures, never names. ``motif`` says in
    French why a passage failed, was held or did not take place; ``libere_le``, that somebody let it go.
    """

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="passages")
    relais = models.CharField(max_length=8)
    prevu_le = models.DateTimeField()
    execute_le = models.DateTimeField(null=True)
    source = models.DateTimeField(null=True)
    etat = models.CharField(max_length=8, default=EtatPassage.PREVU)
    depot = models.ForeignKey("exchanges.Depot", models.CASCADE, null=True, related_name="passages")
    amont = models.ForeignKey("self", models.CASCADE, null=True, related_name="aval")
    genre = models.CharField(max_length=8, blank=True)
    bilan = models.JSONField(default=dict)
    motif = models.CharField(max_length=200, blank=True)
    libere_par = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    libere_le = models.DateTimeField(null=True)

    class Meta:
        ordering = ("prevu_le", "pk")
        indexes = (models.Index(fields=["etablissement", "relais", "prevu_le"], name="passage_relais"),)
        constraints = (
            models.CheckConstraint(condition=Q(etat__in=list(EtatPassage)), name="passage_etat"),
            models.CheckConstraint(
                condition=~Q(etat=EtatPassage.FAIT) | Q(execute_le__isnull=False, source__isnull=False),
                name="passage_fait_a_une_source",
            ),
        )

    def __str__(self):
        return f"{self.relais} du {self.prevu_le:%d/%m/%Y %H:%M} ({self.etat})"

    def find_source(self):
        """What this passage carries, or will carry if nothing else happens, by what feeds it.

        The source of its ``amont``, done or to come; of the last one done before it when that one failed, was held
        or did not take place; ``None`` when nothing was ever done.
        """
        if self.amont is None:
            return self.source or self.prevu_le
        if self.amont.etat == EtatPassage.PREVU:
            return self.amont.find_source()
        dernier = (
            Passage.objects.filter(
                etablissement_id=self.etablissement_id,
                relais=self.amont.relais,
                etat=EtatPassage.FAIT,
                prevu_le__lte=self.amont.prevu_le,
            )
            .order_by("prevu_le", "pk")
            .last()
        )
        return dernier.source if dernier else None


class Tache(models.Model):
    """A job: due at ``prevu_le`` (the académie's time), claimed with a lease (real time) and a token.

    A worker that lost its lease finds its token gone and stops; the fifth failed attempt is the last.
    """

    cle = models.CharField(max_length=80, unique=True)
    passage = models.OneToOneField(Passage, models.CASCADE, related_name="tache")
    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="taches")
    prevu_le = models.DateTimeField()
    etat = models.CharField(max_length=8, default=EtatTache.ATTENTE)
    bail_jusqua = models.DateTimeField(null=True)
    jeton = models.UUIDField(null=True)
    tentatives = models.PositiveSmallIntegerField(default=0)
    erreur = models.CharField(max_length=200, blank=True)
    fini_le = models.DateTimeField(null=True)

    class Meta:
        ordering = ("prevu_le", "pk")
        indexes = (
            models.Index(
                fields=["prevu_le"],
                condition=Q(etat__in=[EtatTache.ATTENTE, EtatTache.EN_COURS]),
                name="tache_a_faire",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(etat__in=list(EtatTache)), name="tache_etat"),
            models.CheckConstraint(
                condition=~Q(etat=EtatTache.EN_COURS) | Q(bail_jusqua__isnull=False, jeton__isnull=False),
                name="tache_en_cours_a_un_bail",
            ),
        )

    def __str__(self):
        return self.cle


class Battement(models.Model):
    """The last sign of life of a worker, for the health page."""

    nom = models.CharField(max_length=80, unique=True)
    vu_le = models.DateTimeField()

    def __str__(self):
        return self.nom
