"""What people say and share about a step: never a proof.

Instants are in the académie's own time, as everything that a page shows.
"""

from django.db import models
from django.db.models import Q


class Suivi(models.Model):
    """Something that somebody of a school said or did about one step of one rentrée."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="+")
    annee = models.CharField(max_length=4)
    etape = models.CharField(max_length=3)
    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    cree_le = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ("cree_le", "pk")
        indexes = (models.Index(fields=["etablissement", "annee"], name="%(class)s_annee"),)

    def __str__(self):
        return f"{self.etape} ({self.annee})"


class Declaration(Suivi):
    """Somebody said that a step was done. Withdrawn, it stays in the history."""

    commentaire = models.CharField(max_length=300, blank=True)
    retiree_le = models.DateTimeField(null=True)
    retiree_par = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")

    class Meta(Suivi.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["etablissement", "annee", "etape"],
                condition=Q(retiree_le__isnull=True),
                name="declaration_une_seule_en_cours",
            ),
        )


class Assignation(Suivi):
    """A step is in the hands of ``utilisateur``, a colleague of the same school."""

    confiee_par = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")

    class Meta(Suivi.Meta):
        constraints = (
            models.UniqueConstraint(fields=["etablissement", "annee", "etape"], name="assignation_une_par_etape"),
        )


class Commentaire(Suivi):
    """A word left for the colleagues."""

    texte = models.CharField(max_length=1000)

    class Meta(Suivi.Meta):
        pass


class PieceJointe(Suivi):
    """A file left for the colleagues; its bytes lie outside the web root until they are purged."""

    nom = models.CharField(max_length=120)
    taille = models.PositiveIntegerField()
    chemin = models.CharField(max_length=60)

    class Meta(Suivi.Meta):
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
