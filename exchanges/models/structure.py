"""Divisions, groupes, services and nomenclatures: what STS masters and BEE receives."""

from django.db import models

from exchanges.models.temps import Intervalle, un_seul_courant


class Division(models.Model):
    """Who: a division of an établissement, by its code (8 characters at most, inner spaces count)."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="divisions")
    code = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["etablissement", "code"], name="division_code_unique"),)

    def __str__(self):
        return self.code


class Groupe(models.Model):
    """Who: a groupe of an établissement, by its code. Known to STS, to BEE, to both or to neither."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="groupes")
    code = models.CharField(max_length=20)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["etablissement", "code"], name="groupe_code_unique"),)

    def __str__(self):
        return self.code


class FicheDivision(Intervalle):
    """What one layer knew of a division."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="fiches")
    couche = models.CharField(max_length=3)
    libelle = models.CharField(max_length=60, blank=True)
    mefs = models.JSONField(default=list)
    effectif_prevu = models.PositiveIntegerField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("fichedivision_courante", "division", "couche"))


class FicheGroupe(Intervalle):
    """What one layer knew of a groupe: its MEFs and the divisions it draws from (codes)."""

    groupe = models.ForeignKey(Groupe, models.CASCADE, related_name="fiches")
    couche = models.CharField(max_length=3)
    libelle = models.CharField(max_length=60, blank=True)
    mefs = models.JSONField(default=list)
    divisions = models.JSONField(default=list)
    effectif_prevu = models.PositiveIntegerField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("fichegroupe_courante", "groupe", "couche"))


class FicheMef(Intervalle):
    """A MEF of the établissement's nomenclature."""

    code = models.CharField(max_length=11)
    formation = models.CharField(max_length=20, blank=True)
    libelle = models.CharField(max_length=80, blank=True)
    is_selectionne = models.BooleanField(default=True)
    date_fermeture = models.DateField(null=True)
    rattachement = models.CharField(max_length=11, blank=True)
    mefstat = models.CharField(max_length=11, blank=True)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("fichemef_courante", "etablissement", "code"))


class FicheMatiere(Intervalle):
    """A matière of the établissement's nomenclature."""

    code = models.CharField(max_length=6)
    code_gestion = models.CharField(max_length=10, blank=True)
    libelle = models.CharField(max_length=80, blank=True)
    is_etp = models.BooleanField(default=False)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("fichematiere_courante", "etablissement", "code"))


class Service(models.Model):
    """Who: a matière given to a structure in one modalité (``formats/sts_edt.md`` §2.4)."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="services")
    type_structure = models.CharField(max_length=1)
    structure = models.CharField(max_length=20)
    matiere = models.CharField(max_length=6)
    modalite = models.CharField(max_length=4)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["etablissement", "type_structure", "structure", "matiere", "modalite"], name="service_unique"
            ),
        )

    def __str__(self):
        return f"{self.structure} {self.matiere} {self.modalite}"


class FicheService(Intervalle):
    """What one layer knew of a service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="fiches")
    couche = models.CharField(max_length=3)
    heures = models.CharField(max_length=8, blank=True)
    is_co_enseignement = models.BooleanField(default=False)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("ficheservice_courante", "service", "couche"))


class LienService(Intervalle):
    """An individu teaches a service; the dates are those of a suppléance, which ends by itself."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="liens")
    individu = models.ForeignKey("exchanges.Individu", models.CASCADE, related_name="liens_service")
    couche = models.CharField(max_length=3)
    heures = models.CharField(max_length=8, blank=True)
    date_debut = models.DateField(null=True)
    date_fin = models.DateField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (
            *Intervalle.Meta.constraints,
            un_seul_courant("lienservice_courant", "service", "individu", "couche"),
        )
