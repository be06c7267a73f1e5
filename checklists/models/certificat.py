"""The NetSynchro certificate of a school: its dates, never its file nor its password."""

from django.db import models
from django.db.models import F, Q


class Certificat(models.Model):
    """One certificate, from the request to its end: requested, ready (about a week), fetched, installed."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="certificats")
    demande_le = models.DateField()
    disponible_le = models.DateField(null=True)
    recupere_le = models.DateField(null=True)
    installe_le = models.DateField(null=True)
    expire_le = models.DateField(null=True)

    class Meta:
        ordering = ("-demande_le", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(expire_le__isnull=True) | Q(expire_le__gt=F("demande_le")),
                name="certificat_expire_apres_la_demande",
            ),
            models.UniqueConstraint(
                fields=["etablissement"],
                condition=Q(installe_le__isnull=True),
                name="certificat_une_seule_demande_en_cours",
            ),
        )

    def __str__(self):
        return f"certificat demandé le {self.demande_le:%d/%m/%Y}"
