"""What makes the steps of one school, one year, differ from those of another."""

from django.db import models
from django.db.models import Q

from checklists.enums import Logiciel, Variante
from checklists.etapes import Reglage


class ProfilRentree(models.Model):
    """The settings of a rentrée. ``annee`` is a millésime; a null ``date_rentree`` means that of SIECLE's calendar."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="profils_rentree")
    annee = models.CharField(max_length=4)
    variante = models.CharField(max_length=8, default=Variante.COLLEGE)
    logiciel = models.CharField(max_length=12, default=Logiciel.EDT)
    has_netsynchro = models.BooleanField(default=False)
    date_rentree = models.DateField(null=True)

    class Meta:
        verbose_name = "profil de rentrée"
        verbose_name_plural = "profils de rentrée"
        constraints = (
            models.UniqueConstraint(fields=["etablissement", "annee"], name="profil_par_annee"),
            models.CheckConstraint(condition=Q(variante__in=list(Variante)), name="profil_variante"),
            models.CheckConstraint(condition=Q(logiciel__in=list(Logiciel)), name="profil_logiciel"),
        )

    def __str__(self):
        return f"{self.etablissement_id} {self.annee}"

    @property
    def reglage(self) -> Reglage:
        """The settings, for the steps."""
        return Reglage(Variante(self.variante), Logiciel(self.logiciel), self.has_netsynchro)
