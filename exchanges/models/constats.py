"""What there is to correct in the data of a school, as the rules found it: work lists that SQL cannot tell."""

from django.db import models
from django.db.models import Q

from exchanges.enums import Gravite


class Constat(models.Model):
    """A finding that holds now, for as long as the school's files show it: mended, it is deleted.

    ``depuis`` is when it was first found and has held since. People are named by the ministry's identifiers:
    ``eleve`` (ELEVE_ID) or ``responsable`` (PERSONNE_ID), ``autre`` for the second fiche of a pair. ``objet`` is the
    code that the finding is about (a groupe, a MEF), ``login`` what the ENT would make of a name.
    """

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="constats")
    liste = models.CharField(max_length=30)
    code = models.CharField(max_length=40)
    gravite = models.CharField(max_length=16)
    eleve = models.CharField(max_length=12, blank=True)
    responsable = models.CharField(max_length=12, blank=True)
    autre = models.CharField(max_length=12, blank=True)
    objet = models.CharField(max_length=60, blank=True)
    nom = models.CharField(max_length=210, blank=True)
    autre_nom = models.CharField(max_length=210, blank=True)
    division = models.CharField(max_length=20, blank=True)
    login = models.CharField(max_length=220, blank=True)
    confiance = models.CharField(max_length=10, blank=True)
    message = models.TextField()
    action = models.TextField()
    depuis = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["etablissement", "liste"], name="constat_liste"),)
        constraints = (
            models.UniqueConstraint(
                fields=["etablissement", "code", "eleve", "responsable", "autre", "objet"], name="constat_unique"
            ),
            models.CheckConstraint(condition=Q(gravite__in=list(Gravite)), name="constat_gravite"),
        )

    def __str__(self):
        return f"{self.code} ({self.eleve or self.responsable or self.objet})"


class SuiviConstats(models.Model):
    """Of which version of its facts the findings of a school speak."""

    etablissement = models.OneToOneField("exchanges.Etablissement", models.CASCADE, related_name="suivi_constats")
    version_referentiel = models.PositiveIntegerField()

    def __str__(self):
        return f"version {self.version_referentiel}"
