"""Where things happen: académies, projets ENT, établissements."""

from datetime import timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from exchanges.enums import Role
from exchanges.rules.logins import FormeLogin


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


JOURS = "1234567"
_jours = RegexValidator(r"^(?!.*(.).*\1)[1-7]{1,7}$", "Des chiffres de 1 (lundi) à 7 (dimanche), chacun une fois.")
_jour_mois = RegexValidator(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", "Un mois et un jour, par exemple 07-05.")


class ProjetENT(models.Model):
    """The rhythm and the rules of one ENT project (``domain.md``, Delays).

    Delays are counted from the deposit, « temps 0 » of the guides: ``heures_ent`` 48 or 72, ``heures_moodle`` 96,
    calendar days once divided by 24; a null ``heures_moodle`` means that no Moodle follows this ENT. ``jours_*`` are
    the ISO week days on which a relay runs, ``jour_complet`` the one of the *complet*. From ``gel_debut`` to
    ``gel_fin`` (MM-DD, both included; the interval may go over the new year) nothing leaves the AAF.
    """

    nom = models.CharField("nom", max_length=80, unique=True)
    nuits_siecle = models.PositiveSmallIntegerField("nuits avant l'import de SIECLE", default=1)
    heures_ent = models.PositiveSmallIntegerField("heures du dépôt à l'ENT", default=72)
    heures_moodle = models.PositiveSmallIntegerField(
        "heures du dépôt à Moodle", null=True, blank=True, default=96, help_text="Vide : pas de Moodle."
    )
    has_gar = models.BooleanField("alimente le GAR", default=True, help_text="Le lendemain de l'ENT.")
    heure_siecle = models.TimeField("heure de SIECLE", default="02:00")
    heure_aaf = models.TimeField("heure de l'AAF", default="04:00")
    heure_ent = models.TimeField("heure de l'ENT", default="06:00")
    heure_gar = models.TimeField("heure du GAR", default="06:15")
    heure_moodle = models.TimeField("heure de Moodle", default="06:30")
    jours_siecle = models.CharField("jours de SIECLE", max_length=7, default=JOURS, validators=[_jours])
    jours_aaf = models.CharField("jours de l'AAF", max_length=7, default=JOURS, validators=[_jours])
    jours_ent = models.CharField("jours de l'ENT", max_length=7, default=JOURS, validators=[_jours])
    jour_complet = models.PositiveSmallIntegerField(
        "jour du complet", default=6, help_text="De 1 (lundi) à 7 (dimanche)."
    )
    gel_debut = models.CharField("début du gel d'été", max_length=5, blank=True, validators=[_jour_mois])
    gel_fin = models.CharField("fin du gel d'été", max_length=5, blank=True, validators=[_jour_mois])
    jours_conservation = models.PositiveSmallIntegerField("jours avant suppression d'un compte désactivé", default=56)
    seuil_retraits = models.PositiveSmallIntegerField("part des retraits qui retient un passage (%)", default=10)
    forme_login = models.CharField("forme des identifiants", max_length=12, default=FormeLogin.SOULIGNEE)
    has_compte_personne_en_charge = models.BooleanField("compte pour la personne en charge", default=False)
    prefixe_aaf = models.CharField("préfixe des fichiers de l'AAF", max_length=40, default="ENT2DVA")
    identifiant_gar = models.CharField("identifiant de l'ENT dans le GAR", max_length=8, default="XX99")

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
            models.CheckConstraint(condition=Q(jour_complet__range=(1, 7)), name="projet_jour_complet"),
            models.CheckConstraint(condition=Q(forme_login__in=list(FormeLogin)), name="projet_forme_login"),
            models.CheckConstraint(
                condition=Q(gel_debut="", gel_fin="") | (~Q(gel_debut="") & ~Q(gel_fin="")), name="projet_gel_borne"
            ),
            models.CheckConstraint(condition=Q(seuil_retraits__range=(1, 100)), name="projet_seuil_retraits"),
        )

    def __str__(self):
        return self.nom


class EtablissementQuerySet(models.QuerySet):
    """The one place where the user's perimeter is decided."""

    def visibles_par(self, utilisateur, droits=None):
        """The établissements that ``utilisateur`` may see.

        Args:
            droits: her rights in force (``habilitations.en_cours()``), when they were read already.
        """
        droits = _read_droits(utilisateur, droits)
        if _is_admin(utilisateur, droits):
            return self
        ecoles = [droit.etablissement_id for droit in droits if droit.etablissement_id]
        academies = [droit.academie_id for droit in droits if droit.academie_id]
        return self.filter(Q(pk__in=ecoles) | Q(academie__in=academies))

    def modifiables_par(self, utilisateur, droits=None):
        """Those in whose name ``utilisateur`` may hand in files: the DANE sees, it does not deposit."""
        droits = _read_droits(utilisateur, droits)
        if _is_admin(utilisateur, droits):
            return self
        deposants = (Role.SECRETARIAT, Role.DIRECTION)
        return self.filter(pk__in=[droit.etablissement_id for droit in droits if droit.role in deposants])


def _read_droits(utilisateur, droits):
    return list(utilisateur.habilitations.en_cours()) if droits is None else droits


def _is_admin(utilisateur, droits):
    return utilisateur.is_superuser or any(droit.role == Role.ADMIN for droit in droits)


class Etablissement(models.Model):
    """A collège or lycée, known by its UAI.

    ``annee`` is the millésime of the SIECLE base (first calendar year), empty until files are loaded;
    the élève year comes from ``Communs.xml`` and belongs to the établissement, never to the code.
    The address is the school's own, as the AAF publishes it. ``sts_modifie_le`` is when STS facts last changed.
    ``version_referentiel`` grows when loaded files change a fact, ``version_liens`` when élève-groupe
    links change: together they tell whether a judgement made earlier still holds.
    """

    uai = models.CharField(max_length=8, unique=True)
    denomination = models.CharField(max_length=120)
    type = models.CharField(max_length=8, blank=True)
    ville = models.CharField(max_length=60, blank=True)
    academie = models.ForeignKey(Academie, models.PROTECT, related_name="etablissements")
    projet_ent = models.ForeignKey(ProjetENT, models.PROTECT, related_name="etablissements")
    secteur = models.CharField(max_length=2, default="PU")
    siret = models.CharField(max_length=14, blank=True)
    adresse = models.CharField(max_length=120, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    departement = models.CharField(max_length=3, blank=True)
    bassin = models.CharField(max_length=60, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    mel = models.EmailField(blank=True)
    annee = models.CharField(max_length=4, blank=True)
    debut_eleves = models.DateField(null=True, blank=True)
    fin_eleves = models.DateField(null=True, blank=True)
    version_referentiel = models.PositiveIntegerField(default=0)
    version_liens = models.PositiveIntegerField(default=0)
    sts_modifie_le = models.DateTimeField(null=True, editable=False)

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
