"""Reminders: what was sent to whom, and who does not want any."""

from django.db import models
from django.db.models import Q

from checklists.enums import GenreRappel


class Rappel(models.Model):
    """A mail claimed for one person, one school and one day: the row is the claim, so that twice is once.

    ``jour`` is the Monday of its week, the eve of the date of its steps, or a month before the certificate ends;
    ``envoye_le`` is null as long as the mail server has not taken it. ``etapes`` are the numbers of the steps it
    speaks of.
    """

    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.CASCADE, related_name="rappels")
    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="+")
    genre = models.CharField(max_length=10)
    jour = models.DateField()
    etapes = models.JSONField(default=list)
    reserve_le = models.DateTimeField()
    envoye_le = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-jour", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["utilisateur", "etablissement", "genre", "jour"], name="rappel_unique"),
            models.CheckConstraint(condition=Q(genre__in=list(GenreRappel)), name="rappel_genre"),
        )

    def __str__(self):
        return f"{self.genre} du {self.jour:%d/%m/%Y}"


class PreferenceRappel(models.Model):
    """What a person wants to receive; without a row, everything. The end of a certificate goes with ``veille``."""

    utilisateur = models.OneToOneField("exchanges.Utilisateur", models.CASCADE, related_name="preference_rappel")
    semaine = models.BooleanField(default=True)
    veille = models.BooleanField(default=True)

    class Meta:
        verbose_name = "préférence de rappel"
        verbose_name_plural = "préférences de rappel"

    def __str__(self):
        return f"{self.utilisateur}"
