"""What the DANE reads of a school at a glance: figures kept where they change, never counted by a page."""

from django.db import models


class Compteurs(models.Model):
    """The figures of one school, written in the transaction that changes them; ``rebuild_compteurs`` proves them.

    Ages and delays depend on the day: dates are kept, and what is judged on them (``etat``, ``raisons``,
    ``rentree_*``) is judged again each morning. ``raisons`` holds codes of rules and figures, never a name; ``listes``
    the lengths of the work lists, by slug.
    """

    etablissement = models.OneToOneField(
        "exchanges.Etablissement", models.CASCADE, primary_key=True, related_name="compteurs"
    )
    maj_le = models.DateTimeField()
    depot_le = models.DateTimeField(null=True)
    depot_etat = models.CharField(max_length=12, blank=True)
    cr_le = models.DateTimeField(null=True)
    cr_lus = models.PositiveIntegerField(default=0)
    cr_absents = models.PositiveIntegerField(default=0)
    cr_rejets = models.PositiveIntegerField(default=0)
    cr_anomalies = models.PositiveIntegerField(default=0)
    cr_codes = models.JSONField(default=dict)
    cr_precedent = models.JSONField(default=dict)
    eleves = models.PositiveIntegerField(default=0)
    eleves_en_groupe = models.PositiveIntegerField(default=0)
    groupes_ent = models.PositiveIntegerField(default=0)
    groupes_vides_ent = models.PositiveIntegerField(default=0)
    is_sts_a_exporter = models.BooleanField(default=False)
    fiches_bloquantes = models.PositiveIntegerField(default=0)
    doublons = models.PositiveIntegerField(default=0)
    multi_inscriptions = models.PositiveIntegerField(default=0)
    listes = models.JSONField(default=dict)
    prochain_relais = models.CharField(max_length=8, blank=True)
    prochain_le = models.DateTimeField(null=True)
    prochain_effet = models.JSONField(default=dict)
    relais_en_echec = models.PositiveIntegerField(default=0)
    rentree_prouvees = models.PositiveSmallIntegerField(default=0)
    rentree_total = models.PositiveSmallIntegerField(default=0)
    rentree_retards = models.PositiveSmallIntegerField(default=0)
    rentree_etape = models.CharField(max_length=4, blank=True)
    rentree_etats = models.JSONField(default=dict)
    etat = models.CharField(max_length=12, blank=True)
    raisons = models.JSONField(default=list)

    def __str__(self):
        return f"compteurs de {self.etablissement_id}"


class ReleveHebdo(models.Model):
    """The figures of a school in one week, for trends and for the same week of last year; ``lundi`` is its Monday."""

    etablissement = models.ForeignKey(
        "exchanges.Etablissement", models.CASCADE, related_name="releves", db_index=False
    )
    lundi = models.DateField()
    donnees = models.JSONField(default=dict)

    class Meta:
        ordering = ("lundi",)
        indexes = (models.Index(fields=["lundi"], name="relevehebdo_lundi"),)
        constraints = (models.UniqueConstraint(fields=["etablissement", "lundi"], name="relevehebdo_semaine"),)

    def __str__(self):
        return f"{self.etablissement_id} {self.lundi:%d/%m/%Y}"
