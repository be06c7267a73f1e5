"""Who a person is for the annuaire académique fédérateur, and the account that an ENT makes of her."""

from django.db import models
from django.db.models import F, Q

from exchanges.enums import CategorieAAF, EtatCompteENT


class Jointure(models.Model):
    """ENTPersonJointure: one number per person and per académie, shared by the schools that know her.

    The number is the primary key: élèves, responsables and personnels share one number space
    (``formats/aaf_ent.md`` §2.1). ``cle`` is what she was recognised by the first time: the INE, the PERSONNE_ID,
    (type, id) of STS; it never changes afterwards.
    """

    academie = models.ForeignKey("exchanges.Academie", models.CASCADE, related_name="+")
    categorie = models.CharField(max_length=16)
    cle = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["academie", "categorie", "cle"], name="jointure_cle"),
            models.CheckConstraint(
                condition=Q(categorie__in=[CategorieAAF.ELEVE, CategorieAAF.RESPONSABLE, CategorieAAF.PERSONNEL]),
                name="jointure_categorie",
            ),
        )

    def __str__(self):
        return str(self.pk)


class CompteENT(models.Model):
    """An account of an ENT. Its login is fixed at creation and never corrected (``domain.md``, Duplicates).

    ``base`` is the login before its number, ``rang`` the number (1 is not written); a login is never given twice.
    ``identifiant`` is the ENT's own, the only one that the GAR sees.
    """

    projet = models.ForeignKey("exchanges.ProjetENT", models.PROTECT, related_name="comptes")
    jointure = models.ForeignKey(Jointure, models.CASCADE, related_name="comptes")
    identifiant = models.CharField(max_length=36, unique=True)
    login = models.CharField(max_length=220)
    base = models.CharField(max_length=210)
    rang = models.PositiveIntegerField()
    cree_le = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["projet", "jointure"], name="compte_par_personne"),
            models.UniqueConstraint(fields=["projet", "base", "rang"], name="compte_base_rang"),
            models.UniqueConstraint(fields=["projet", "login"], name="compte_login"),
        )

    def __str__(self):
        return self.login


class EtatCompte(models.Model):
    """What an account was, from ``depuis`` (included) until ``jusqua`` (excluded; null = still).

    ``passage`` is the ENT passage that made it so; null when the projet's delay did.
    """

    compte = models.ForeignKey(CompteENT, models.CASCADE, related_name="etats")
    etat = models.CharField(max_length=10)
    depuis = models.DateTimeField()
    jusqua = models.DateTimeField(null=True)
    passage = models.ForeignKey("exchanges.Passage", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("depuis", "pk")
        indexes = (
            models.Index(fields=["etat", "depuis"], condition=Q(jusqua__isnull=True), name="etatcompte_ouvert"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(etat__in=list(EtatCompteENT)), name="etatcompte_etat"),
            models.CheckConstraint(
                condition=Q(jusqua__isnull=True) | Q(jusqua__gt=F("depuis")), name="etatcompte_jusqua_apres_depuis"
            ),
            models.UniqueConstraint(fields=["compte"], condition=Q(jusqua__isnull=True), name="etatcompte_courant"),
        )

    def __str__(self):
        return f"{self.compte_id} {self.etat}"
