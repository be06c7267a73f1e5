"""Élèves, responsables and individus: who they are, and what was known of them when.

Only what the chain needs is kept: no address, no telephone of a pupil (``ecosystem.md`` §3.5).
"""

from django.db import models
from django.db.models import Q

from exchanges.models.temps import Intervalle, un_seul_courant


class Eleve(models.Model):
    """Who: an ELEVE_ID in an établissement."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="eleves")
    eleve_id = models.CharField(max_length=12)
    jointure = models.ForeignKey("exchanges.Jointure", models.SET_NULL, null=True, related_name="eleves")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["etablissement", "eleve_id"], name="eleve_id_unique"),)

    def __str__(self):
        return self.eleve_id


class FicheEleve(Intervalle):
    """What BEE knew of an élève. ``date_sortie`` set: she has left or is about to.

    ``manques`` names what her fiche lacks to go up to the académie (« la nationalité »…), not what it holds.
    """

    eleve = models.ForeignKey(Eleve, models.CASCADE, related_name="fiches")
    nom_de_famille = models.CharField(max_length=100)
    nom_usage = models.CharField(max_length=100, blank=True)
    prenom = models.CharField(max_length=100)
    prenom2 = models.CharField(max_length=100, blank=True)
    prenom3 = models.CharField(max_length=100, blank=True)
    date_naissance = models.DateField(null=True)
    sexe = models.CharField(max_length=1, blank=True)
    elenoet = models.CharField(max_length=8, blank=True)
    ine = models.CharField(max_length=11, blank=True)
    id_prv_ele = models.CharField(max_length=11, blank=True)
    regime = models.CharField(max_length=2, blank=True)
    statut = models.CharField(max_length=2, blank=True)
    mef = models.CharField(max_length=11, blank=True)
    division = models.ForeignKey("exchanges.Division", models.CASCADE, null=True, related_name="+", db_index=False)
    date_entree = models.DateField(null=True)
    date_sortie = models.DateField(null=True)
    motif_sortie = models.CharField(max_length=2, blank=True)
    options = models.JSONField(default=list)
    manques = models.JSONField(default=list)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("ficheeleve_courante", "eleve"))
        indexes = (
            *Intervalle.Meta.indexes,
            models.Index(fields=["ine"], condition=~Q(ine=""), name="ficheeleve_ine"),
        )

    @property
    def nom_complet(self):
        """« MODELE Maëlys », usage name first when there is one."""
        return f"{self.nom_usage or self.nom_de_famille} {self.prenom}"


class LienGroupe(Intervalle):
    """An élève is inscribed in a groupe in BEE, with the dates that the inscription carries."""

    eleve = models.ForeignKey(Eleve, models.CASCADE, related_name="liens_groupe")
    groupe = models.ForeignKey("exchanges.Groupe", models.CASCADE, related_name="liens", db_index=False)
    date_debut = models.DateField(null=True)
    date_fin = models.DateField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("liengroupe_courant", "eleve", "groupe"))


class Responsable(models.Model):
    """Who: a PERSONNE_ID in an établissement."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="responsables")
    personne_id = models.CharField(max_length=12)
    jointure = models.ForeignKey("exchanges.Jointure", models.SET_NULL, null=True, related_name="responsables")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["etablissement", "personne_id"], name="personne_id_unique"),)

    def __str__(self):
        return self.personne_id


class FicheResponsable(Intervalle):
    """What BEE knew of a responsable."""

    responsable = models.ForeignKey(Responsable, models.CASCADE, related_name="fiches")
    civilite = models.CharField(max_length=5, blank=True)
    nom_de_famille = models.CharField(max_length=100)
    nom_usage = models.CharField(max_length=100, blank=True)
    prenom = models.CharField(max_length=100, blank=True)
    tel_portable = models.CharField(max_length=20, blank=True)
    mel = models.CharField(max_length=254, blank=True)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("ficheresponsable_courante", "responsable"))


class LienResponsable(Intervalle):
    """A responsable answers for an élève."""

    eleve = models.ForeignKey(Eleve, models.CASCADE, related_name="liens_responsable")
    responsable = models.ForeignKey(Responsable, models.CASCADE, related_name="liens")
    niveau = models.CharField(max_length=1, blank=True)
    parente = models.CharField(max_length=2, blank=True)
    paie_frais_scolaires = models.BooleanField(null=True)
    percoit_aides = models.BooleanField(null=True)
    heberge_eleve = models.BooleanField(null=True)
    a_contacter_en_priorite = models.BooleanField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (
            *Intervalle.Meta.constraints,
            un_seul_courant("lienresponsable_courant", "eleve", "responsable"),
        )


class Individu(models.Model):
    """Who: a person of STS, by (type, id) (``formats/sts_edt.md`` §2.3)."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="individus")
    type = models.CharField(max_length=12)
    sts_id = models.CharField(max_length=12)
    jointure = models.ForeignKey("exchanges.Jointure", models.SET_NULL, null=True, related_name="individus")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["etablissement", "type", "sts_id"], name="individu_unique"),)

    def __str__(self):
        return f"{self.type} {self.sts_id}"


class FicheIndividu(Intervalle):
    """What STS knew of an individu."""

    individu = models.ForeignKey(Individu, models.CASCADE, related_name="fiches")
    nom_usage = models.CharField(max_length=100)
    nom_patronymique = models.CharField(max_length=100, blank=True)
    prenom = models.CharField(max_length=100, blank=True)
    sexe = models.CharField(max_length=1, blank=True)
    civilite = models.CharField(max_length=5, blank=True)
    date_naissance = models.DateField(null=True)
    fonction = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    disciplines = models.JSONField(default=list)

    class Meta(Intervalle.Meta):
        constraints = (*Intervalle.Meta.constraints, un_seul_courant("ficheindividu_courante", "individu"))


class LienPrincipal(Intervalle):
    """An individu is professeur principal of a division, with the dates of the mandate."""

    individu = models.ForeignKey(Individu, models.CASCADE, related_name="liens_principal")
    division = models.ForeignKey("exchanges.Division", models.CASCADE, related_name="liens_principal")
    date_debut = models.DateField(null=True)
    date_fin = models.DateField(null=True)

    class Meta(Intervalle.Meta):
        constraints = (
            *Intervalle.Meta.constraints,
            un_seul_courant("lienprincipal_courant", "individu", "division"),
        )
