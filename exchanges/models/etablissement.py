"""Where things happen: académies, projets ENT, établissements."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from exchanges.enums import Role


class Academie(models.Model):
    """An académie lives in real or in simulated time, for good.

    ``decalage`` is what its clock adds to the real one; it can only grow, and only when simulated.
    """

    code = models.CharField(max_length=16, unique=True)
    nom = models.CharField(max_length=80)
    fuseau = models.CharField(max_length=40, default="Europe/Paris")
    is_simulee = models.BooleanField(default=False)
    decalage = models.DurationField(default=timedelta(0))

    class Meta:
        verbose_name = "académie"
        constraints = (
            models.CheckConstraint(
                condition=Q(is_simulee=True) | Q(decalage=timedelta(0)), name="academie_reelle_sans_decalage"
            ),
        )

    def __str__(self):
        return self.nom


class ProjetENT(models.Model):
    """The delays of one ENT project, counted from the deposit (« temps 0 » of the guides, ``domain.md``).

    ``heures_ent`` 48 or 72, ``heures_moodle`` 96: calendar days once divided by 24. A null
    ``heures_moodle`` means that no Moodle follows this ENT.
    """

    nom = models.CharField(max_length=80, unique=True)
    nuits_siecle = models.PositiveSmallIntegerField(default=1)
    heures_ent = models.PositiveSmallIntegerField(default=72)
    heures_moodle = models.PositiveSmallIntegerField(null=True, blank=True, default=96)
    heure_siecle = models.TimeField(default="02:00")
    heure_aaf = models.TimeField(default="04:00")
    heure_ent = models.TimeField(default="06:00")
    heure_moodle = models.TimeField(default="06:30")

    class Meta:
        verbose_name = "projet ENT"
        verbose_name_plural = "projets ENT"
        constraints = (
            models.CheckConstraint(
                condition=Q(nuits_siecle__gte=1) & Q(heures_ent__gte=F("nuits_siecle") * 24),
                name="projet_ent_apres_siecle",
            ),
            models.CheckConstraint(
                condition=Q(heures_moodle__isnull=True) | Q(heures_moodle__gte=F("heures_ent")),
                name="projet_moodle_apres_ent",
            ),
        )

    def __str__(self):
        return self.nom


class EtablissementQuerySet(models.QuerySet):
    """The one place where the user's perimeter is decided."""

    def visibles_par(self, utilisateur):
        """The établissements that ``utilisateur`` may see."""
        if utilisateur.is_superuser or utilisateur.habilitations.filter(role=Role.ADMIN).exists():
            return self
        return self.filter(
            Q(pk__in=utilisateur.habilitations.filter(etablissement__isnull=False).values("etablissement"))
            | Q(academie__in=utilisateur.habilitations.filter(academie__isnull=False).values("academie"))
        )

    def modifiables_par(self, utilisateur):
        """Those in whose name ``utilisateur`` may hand in files: the DANE sees, it does not deposit."""
        if utilisateur.is_superuser or utilisateur.habilitations.filter(role=Role.ADMIN).exists():
            return self
        return self.filter(
            pk__in=utilisateur.habilitations.filter(role__in=[Role.SECRETARIAT, Role.DIRECTION]).values(
                "etablissement"
            )
        )


class Etablissement(models.Model):
    """A collège or lycée, known by its UAI.

    ``annee`` is the millésime of the SIECLE base (first calendar year), empty until files are loaded;
    the élève year comes from ``Communs.xml`` and belongs to the établissement, never to the code.
    ``version_referentiel`` grows when loaded files change a fact, ``version_liens`` when élève-groupe
    links change: together they tell whether a judgement made earlier still holds.
    """

    uai = models.CharField(max_length=8, unique=True)
    denomination = models.CharField(max_length=120)
    type = models.CharField(max_length=8, blank=True)
    ville = models.CharField(max_length=60, blank=True)
    academie = models.ForeignKey(Academie, models.PROTECT, related_name="etablissements")
    projet_ent = models.ForeignKey(ProjetENT, models.PROTECT, related_name="etablissements")
    annee = models.CharField(max_length=4, blank=True)
    debut_eleves = models.DateField(null=True, blank=True)
    fin_eleves = models.DateField(null=True, blank=True)
    version_referentiel = models.PositiveIntegerField(default=0)
    version_liens = models.PositiveIntegerField(default=0)

    objects = EtablissementQuerySet.as_manager()

    class Meta:
        verbose_name = "établissement"
        ordering = ("denomination", "uai")

    def __str__(self):
        return f"{self.denomination} ({self.uai})"

    @property
    def annee_scolaire_libelle(self):
        """« 2026-2027 », or an empty text before any file is loaded."""
        return f"{self.annee}-{int(self.annee) + 1}" if self.annee else ""
