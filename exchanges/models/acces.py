"""Who may see and do what."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from exchanges.enums import Role


class Utilisateur(AbstractUser):
    """A person who signs in. Her rights are her ``habilitations``, nothing else."""

    class Meta:
        verbose_name = "utilisateur"


class Habilitation(models.Model):
    """A role on a perimeter: an établissement, an académie, or everything (admin)."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="habilitations")
    role = models.CharField(max_length=16)
    etablissement = models.ForeignKey(
        "exchanges.Etablissement", models.CASCADE, null=True, blank=True, related_name="habilitations"
    )
    academie = models.ForeignKey(
        "exchanges.Academie", models.CASCADE, null=True, blank=True, related_name="habilitations"
    )

    class Meta:
        verbose_name = "habilitation"
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(role__in=[Role.SECRETARIAT, Role.DIRECTION], etablissement__isnull=False, academie__isnull=True)
                    | Q(role=Role.DANE, etablissement__isnull=True, academie__isnull=False)
                    | Q(role=Role.ADMIN, etablissement__isnull=True, academie__isnull=True)
                ),
                name="habilitation_perimetre_du_role",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "role", "etablissement"],
                condition=Q(etablissement__isnull=False),
                name="habilitation_par_etablissement",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "role", "academie"],
                condition=Q(academie__isnull=False),
                name="habilitation_par_academie",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "role"],
                condition=Q(etablissement__isnull=True, academie__isnull=True),
                name="habilitation_generale",
            ),
        )

    def __str__(self):
        return f"{self.utilisateur} : {self.role}"
