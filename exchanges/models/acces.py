"""Who may see and do what."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from exchanges.enums import Role, UsageJeton


class Utilisateur(AbstractUser):
    """A person who signs in. Her rights are her ``habilitations``, nothing else."""

    class Meta:
        verbose_name = "utilisateur"


class HabilitationQuerySet(models.QuerySet):
    """Which rights count today, and who may give or take them away."""

    def en_cours(self, jour: date | None = None):
        """Those that count on ``jour`` (today): ``fin`` is the last day, in real time, in the site's time zone."""
        jour = jour or timezone.localdate(timezone=timezone.get_default_timezone())
        return self.filter(Q(fin__isnull=True) | Q(fin__gte=jour))

    def gerables_par(self, utilisateur):
        """Those that ``utilisateur`` may give, prolong and take away; never her own, unless she may everything.

        The DANE: of the schools of its académie, and other DANE of it. A direction: the secrétariats of its school,
        and its delegations (a direction with a last day); whoever holds a delegation touches none of her peers.
        """
        siennes = utilisateur.habilitations.en_cours()
        if utilisateur.is_superuser or siennes.filter(role=Role.ADMIN).exists():
            return self
        academies = siennes.filter(role=Role.DANE).values("academie")
        directions = siennes.filter(role=Role.DIRECTION)
        return self.filter(
            Q(academie__in=academies.filter(fin__isnull=True))
            | Q(etablissement__academie__in=academies)
            | Q(role=Role.SECRETARIAT, etablissement__in=directions.values("etablissement"))
            | Q(
                role=Role.DIRECTION,
                fin__isnull=False,
                etablissement__in=directions.filter(fin__isnull=True).values("etablissement"),
            )
        ).exclude(utilisateur=utilisateur)


class Habilitation(models.Model):
    """A role on a perimeter: an établissement, an académie, or everything (admin); ``fin`` is its last day."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="habilitations")
    role = models.CharField(max_length=16)
    etablissement = models.ForeignKey(
        "exchanges.Etablissement", models.CASCADE, null=True, blank=True, related_name="habilitations"
    )
    academie = models.ForeignKey(
        "exchanges.Academie", models.CASCADE, null=True, blank=True, related_name="habilitations"
    )
    fin = models.DateField("dernier jour", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

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


class Jeton(models.Model):
    """What a machine shows to act for a school or an académie; only the SHA-256 of it is kept.

    ``expire_le`` and ``revoque_le`` are in real time: a token is about machines, not about a scenario.
    """

    nom = models.CharField(max_length=80)
    usage = models.CharField(max_length=8)
    empreinte = models.CharField(max_length=64, unique=True)
    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, null=True, related_name="jetons")
    academie = models.ForeignKey("exchanges.Academie", models.CASCADE, null=True, related_name="jetons")
    cree_par = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    cree_le = models.DateTimeField()
    expire_le = models.DateTimeField(null=True)
    revoque_le = models.DateTimeField(null=True)
    dernier_usage_le = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-cree_le", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(usage=UsageJeton.DEPOT, etablissement__isnull=False, academie__isnull=True)
                    | Q(usage=UsageJeton.LECTURE, etablissement__isnull=True, academie__isnull=False)
                ),
                name="jeton_perimetre_de_l_usage",
            ),
        )

    def __str__(self):
        return self.nom


class Decompte(models.Model):
    """How many times a key was met in the window that ends at ``fin`` (seconds since 1970, real time).

    A key names a token, an address or an account; the last two as a keyed hash. Rows of past windows are deleted.
    """

    cle = models.CharField(max_length=80, primary_key=True)
    fin = models.BigIntegerField()
    nombre = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.cle} : {self.nombre}"
