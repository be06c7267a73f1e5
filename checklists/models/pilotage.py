"""How the DANE follows its schools and speaks to them."""

from django.db import models


class VueEnregistree(models.Model):
    """A dashboard as somebody likes it: filters, sort and columns, as the query of its address."""

    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.CASCADE, related_name="vues")
    nom = models.CharField(max_length=60)
    requete = models.CharField(max_length=1000)

    class Meta:
        ordering = ("nom",)
        constraints = (models.UniqueConstraint(fields=["utilisateur", "nom"], name="vueenregistree_nom"),)

    def __str__(self):
        return self.nom


class NoteDane(models.Model):
    """A note of the DANE about a school; the school does not see it."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="notes_dane")
    auteur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    texte = models.TextField(max_length=2000)
    ecrite_le = models.DateTimeField()

    class Meta:
        ordering = ("-ecrite_le", "-pk")

    def __str__(self):
        return f"note du {self.ecrite_le:%d/%m/%Y}"


class Annonce(models.Model):
    """A sentence shown on the pages of chosen schools, between two days (both included)."""

    academie = models.ForeignKey("exchanges.Academie", models.CASCADE, related_name="annonces")
    etablissements = models.ManyToManyField("exchanges.Etablissement", related_name="annonces")
    auteur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    titre = models.CharField(max_length=120)
    texte = models.TextField(max_length=1000, blank=True)
    debut = models.DateField()
    fin = models.DateField()
    is_retiree = models.BooleanField(default=False)

    class Meta:
        ordering = ("-debut", "-pk")
        constraints = (
            models.CheckConstraint(condition=models.Q(fin__gte=models.F("debut")), name="annonce_fin_apres_debut"),
        )

    def __str__(self):
        return self.titre


class MessageDane(models.Model):
    """A letter of the DANE to chosen schools; ``etape`` is the step of the rentrée that it reminds of."""

    academie = models.ForeignKey("exchanges.Academie", models.CASCADE, related_name="messages_dane")
    auteur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    sujet = models.CharField(max_length=150)
    corps = models.TextField(max_length=5000)
    etape = models.CharField(max_length=4, blank=True)
    cree_le = models.DateTimeField()

    class Meta:
        ordering = ("-cree_le", "-pk")

    def __str__(self):
        return self.sujet


class Envoi(models.Model):
    """One person's copy of a letter: sent, or why it was not.

    A worker takes it with a lease (real time) and a token, as it does a ``Tache``; ``tentatives`` counts how often.
    ``sujet`` and ``texte`` are what left, the fields of the letter replaced; empty before.
    """

    message = models.ForeignKey(MessageDane, models.CASCADE, related_name="envois")
    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="+")
    destinataire = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    adresse = models.EmailField(blank=True)
    sujet = models.TextField(blank=True)
    texte = models.TextField(blank=True)
    envoye_le = models.DateTimeField(null=True)
    erreur = models.CharField(max_length=120, blank=True)
    bail_jusqua = models.DateTimeField(null=True)
    jeton = models.UUIDField(null=True)
    tentatives = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("etablissement", "pk")
        constraints = (
            models.UniqueConstraint(fields=["message", "etablissement", "adresse"], name="envoi_par_adresse"),
            models.CheckConstraint(
                condition=models.Q(bail_jusqua__isnull=True)
                | models.Q(jeton__isnull=False, envoye_le__isnull=True, erreur=""),
                name="envoi_en_cours_a_un_jeton",
            ),
        )

    def __str__(self):
        return f"envoi {self.pk}"


class Veille(models.Model):
    """The thresholds beyond which the DANE of an académie wants to be told."""

    academie = models.OneToOneField("exchanges.Academie", models.CASCADE, primary_key=True, related_name="veille")
    is_active = models.BooleanField("écrire le résumé du jour", default=True)
    jours_sans_depot = models.PositiveSmallIntegerField("jours sans dépôt en septembre", default=10)
    hausse_absents = models.PositiveSmallIntegerField("hausse de la part des absents (points)", default=15)
    has_relais_en_echec = models.BooleanField("prévenir d'un relais en échec ou retenu", default=True)

    def __str__(self):
        return f"veille de {self.academie}"


class ResumeVeille(models.Model):
    """What the watch found on one day; a letter is written only when it differs from the last one.

    Whoever writes it holds a lease (real time) and a token until its end; ``recu_par`` are the addresses that the mail
    server took, so that another worker goes on where a first one stopped.
    """

    academie = models.ForeignKey("exchanges.Academie", models.CASCADE, related_name="resumes")
    jour = models.DateField()
    constats = models.JSONField(default=dict)
    envoye_le = models.DateTimeField(null=True)
    recu_par = models.JSONField(default=list)
    bail_jusqua = models.DateTimeField(null=True)
    jeton = models.UUIDField(null=True)
    tentatives = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-jour",)
        constraints = (
            models.UniqueConstraint(fields=["academie", "jour"], name="resumeveille_jour"),
            models.CheckConstraint(
                condition=models.Q(bail_jusqua__isnull=True) | models.Q(jeton__isnull=False, envoye_le__isnull=True),
                name="resumeveille_en_cours_a_un_jeton",
            ),
        )

    def __str__(self):
        return f"veille du {self.jour:%d/%m/%Y}"


class Consultation(models.Model):
    """Somebody of the DANE looked at a school's pages as the school sees them."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="consultations")
    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    debut = models.DateTimeField()
    fin = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-debut", "-pk")

    def __str__(self):
        return f"consultation du {self.debut:%d/%m/%Y %H:%M}"
