"""What is handed in, what came of it, and the acts that changed facts."""

from django.db import models
from django.db.models import Q

from exchanges.enums import EtatChargement, EtatDepot, ModeDepot, NatureActe, OrigineActe, PreuveActe


class Acte(models.Model):
    """Something done at one instant; every interval names the act that opened and closed it.

    An act of STS-Web (Export Structure, Export Services) is done here in a simulated académie, declared by
    somebody or deduced from a file in a real one; ``preuve`` says what the next ``Structures.xml`` showed, and
    ``prouve_par`` which batch it was in. ``detail`` holds what the act was about (codes and identifiers, no name).
    """

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="actes")
    nature = models.CharField(max_length=16)
    instant = models.DateTimeField()
    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    depot = models.OneToOneField("exchanges.Depot", models.CASCADE, null=True, related_name="acte")
    chargement = models.OneToOneField("exchanges.Chargement", models.CASCADE, null=True, related_name="acte")
    origine = models.CharField(max_length=8, default=OrigineActe.FAIT)
    preuve = models.CharField(max_length=10, blank=True)
    prouve_par = models.ForeignKey(
        "exchanges.Chargement", models.SET_NULL, null=True, blank=True, related_name="actes_prouves"
    )
    commentaire = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["etablissement", "nature", "instant"], name="acte_nature"),)
        constraints = (
            models.CheckConstraint(condition=Q(nature__in=list(NatureActe)), name="acte_nature"),
            models.CheckConstraint(condition=Q(origine__in=list(OrigineActe)), name="acte_origine"),
            models.CheckConstraint(condition=Q(preuve__in=["", *PreuveActe]), name="acte_preuve"),
        )

    def __str__(self):
        return f"{self.nature} du {self.instant:%d/%m/%Y %H:%M}"


class Chargement(models.Model):
    """A batch of SIECLE and STS files of one établissement, shown before it is applied."""

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="chargements")
    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    etat = models.CharField(max_length=12, default=EtatChargement.CONTROLE)
    cree_le = models.DateTimeField()
    applique_le = models.DateTimeField(null=True)
    resume = models.JSONField(default=dict)

    class Meta:
        ordering = ("-cree_le", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(etat__in=list(EtatChargement)), name="chargement_etat"),
            models.CheckConstraint(
                condition=Q(etat=EtatChargement.APPLIQUE, applique_le__isnull=False)
                | (~Q(etat=EtatChargement.APPLIQUE) & Q(applique_le__isnull=True)),
                name="chargement_applique_a_une_date",
            ),
        )

    def __str__(self):
        return f"chargement {self.pk} ({self.etat})"


class FichierCharge(models.Model):
    """One file of a batch: what it is, and where its bytes lie until they are purged."""

    chargement = models.ForeignKey(Chargement, models.CASCADE, related_name="fichiers")
    nom = models.CharField(max_length=200)
    type = models.CharField(max_length=20)
    annee = models.CharField(max_length=4, blank=True)
    horodatage = models.DateTimeField(null=True)
    empreinte = models.CharField(max_length=64)
    chemin = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)

    def __str__(self):
        return self.nom


class Depot(models.Model):
    """An élève-groupe ZIP: judged, then deposited for a night, then imported.

    ``verdict`` keeps the figures announced before confirmation, to be compared with the night's own.
    ``version_referentiel`` and ``version_liens`` are those of the établissement once the night has run.
    """

    etablissement = models.ForeignKey("exchanges.Etablissement", models.CASCADE, related_name="depots")
    utilisateur = models.ForeignKey("exchanges.Utilisateur", models.SET_NULL, null=True, related_name="+")
    nom = models.CharField(max_length=60)
    empreinte = models.CharField(max_length=64)
    chemin = models.CharField(max_length=200)
    logiciel = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=12, default=ModeDepot.MANUEL)
    etat = models.CharField(max_length=12, default=EtatDepot.CONTROLE)
    controle_le = models.DateTimeField()
    depose_le = models.DateTimeField(null=True)
    importe_le = models.DateTimeField(null=True)
    verdict = models.JSONField(default=dict)
    eleves_lus = models.PositiveIntegerField(null=True)
    absents = models.PositiveIntegerField(null=True)
    absents_sortis = models.PositiveIntegerField(null=True)
    liens_crees = models.PositiveIntegerField(null=True)
    liens_clos = models.PositiveIntegerField(null=True)
    liens_inchanges = models.PositiveIntegerField(null=True)
    absents_ids = models.JSONField(default=list)
    version_referentiel = models.PositiveIntegerField(null=True)
    version_liens = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-controle_le", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(etat__in=list(EtatDepot)), name="depot_etat"),
            models.CheckConstraint(
                condition=Q(etat__in=[EtatDepot.CONTROLE, EtatDepot.ABANDONNE]) | Q(depose_le__isnull=False),
                name="depot_depose_a_une_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDepot.IMPORTE) | Q(importe_le__isnull=False, eleves_lus__isnull=False),
                name="depot_importe_a_un_resultat",
            ),
            models.UniqueConstraint(
                fields=["etablissement"], condition=Q(etat=EtatDepot.DEPOSE), name="depot_un_seul_en_attente"
            ),
        )

    def __str__(self):
        return self.nom


class AnomalieDepot(models.Model):
    """One line of a compte-rendu, in columns: counted, filtered, sorted and exported as such.

    ``reference`` is the identifier sent in the file when no élève was found.
    """

    depot = models.ForeignKey(Depot, models.CASCADE, related_name="anomalies")
    rang = models.PositiveIntegerField()
    section = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    regle = models.CharField(max_length=20)
    gravite = models.CharField(max_length=16)
    eleve = models.ForeignKey("exchanges.Eleve", models.CASCADE, null=True, related_name="+")
    reference = models.CharField(max_length=20)
    id_prv_ele = models.CharField(max_length=20, blank=True)
    nom = models.CharField(max_length=210)
    division = models.CharField(max_length=20, blank=True)
    objet = models.CharField(max_length=60, blank=True)
    message = models.TextField()
    action = models.TextField()

    class Meta:
        ordering = ("rang",)
        constraints = (models.UniqueConstraint(fields=["depot", "rang"], name="anomaliedepot_rang"),)

    def __str__(self):
        return f"{self.code} ({self.reference})"

    @property
    def identifiants(self):
        """SIECLE's column: « ELEVE_ID / ID_PRV », 0 for the one that is not known (§3.7)."""
        if self.eleve_id is None and self.reference == self.id_prv_ele:
            return f"0 / {self.id_prv_ele}"
        return f"{self.reference} / {self.id_prv_ele or 0}"


class LigneJournal(models.Model):
    """One line of « Suivi des échanges > STS-Web – Structures »: a name that an EDT import refused or cut."""

    acte = models.ForeignKey(Acte, models.CASCADE, related_name="journal")
    rang = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    objet = models.CharField(max_length=60)
    retenu = models.CharField(max_length=20, blank=True)
    message = models.TextField()
    action = models.TextField()

    class Meta:
        ordering = ("rang",)
        constraints = (models.UniqueConstraint(fields=["acte", "rang"], name="lignejournal_rang"),)

    def __str__(self):
        return f"{self.code} ({self.objet})"
