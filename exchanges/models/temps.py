"""Time as the model: a fact is a row with the interval during which it held."""

from django.db import models
from django.db.models import F, Q


class IntervalleQuerySet(models.QuerySet):
    """Reads a temporal table now or as of any instant."""

    def courants(self):
        """The rows that still hold."""
        return self.filter(jusqua__isnull=True)

    def as_of(self, instant):
        """The rows that held at ``instant`` (aware datetime); ``depuis`` is included, ``jusqua`` is not."""
        return self.filter(depuis__lte=instant).filter(Q(jusqua__isnull=True) | Q(jusqua__gt=instant))


class Intervalle(models.Model):
    """A fact of one établissement, from ``depuis`` (included) until ``jusqua`` (excluded; null = still).

    A row is written once and closed once: nothing else in it ever changes. An interval of no length is
    not history and is deleted instead of closed, so ``jusqua > depuis`` always holds.
    """

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="+", db_index=False)
    depuis = models.DateTimeField()
    jusqua = models.DateTimeField(null=True)
    ouvert_par = models.ForeignKey("exchanges.Acte", models.CASCADE, related_name="+", db_index=False)
    clos_par = models.ForeignKey("exchanges.Acte", models.CASCADE, related_name="+", db_index=False, null=True)

    objects = IntervalleQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(jusqua__isnull=True) | Q(jusqua__gt=F("depuis")), name="%(class)s_jusqua_apres_depuis"
            ),
            models.CheckConstraint(
                condition=Q(jusqua__isnull=True, clos_par__isnull=True)
                | Q(jusqua__isnull=False, clos_par__isnull=False),
                name="%(class)s_clos_par_un_acte",
            ),
        )
        indexes = (
            models.Index(fields=["etablissement", "depuis"], name="%(class)s_dep"),
            models.Index(fields=["etablissement"], condition=Q(jusqua__isnull=True), name="%(class)s_ouv"),
            models.Index(fields=["etablissement", "jusqua"], condition=Q(jusqua__isnull=False), name="%(class)s_fin"),
        )


def un_seul_courant(nom, *champs):
    """Constraint: at most one open row for these fields."""
    return models.UniqueConstraint(fields=champs, condition=Q(jusqua__isnull=True), name=nom)
