"""What is typed about accounts, roles and directories, checked against the rights of the person who types it."""

from datetime import timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from exchanges.enums import Role
from exchanges.forms import FiltreForm
from exchanges.models import Academie, Habilitation, ProjetENT, Utilisateur
from exchanges.parsers.comptes import split_uais
from exchanges.pipeline.annuaire_national import Choix
from exchanges.pipeline.comptes_csv import find_etablissements
from exchanges.pipeline.comptes_utilisateurs import (
    LIBELLES,
    CompteRefuse,
    Don,
    Identite,
    academies_donnables,
    check_don,
    check_mel,
    etablissements_donnables,
    roles_donnables,
    today,
)


ROLES_ECOLE = (Role.SECRETARIAT, Role.DIRECTION)
BIENTOT = timedelta(days=30)
CHOISISSEZ = "Choisissez…"


def _choices(roles) -> list[tuple[str, str]]:
    return [(str(role), LIBELLES[role][:1].upper() + LIBELLES[role][1:]) for role in roles]


class IdentiteForm(forms.Form):
    """Who a person is."""

    mel = forms.CharField(
        label="Adresse électronique",
        max_length=150,
        help_text="Professionnelle : elle sert d'identifiant, et l'invitation y est envoyée.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    nom = forms.CharField(label="Nom", max_length=150, required=False)
    prenom = forms.CharField(label="Prénom", max_length=150, required=False)

    def clean_mel(self) -> str:
        """The address in lower case."""
        try:
            return check_mel(self.cleaned_data["mel"])
        except CompteRefuse as refus:
            raise forms.ValidationError(str(refus)) from refus

    @property
    def identite(self) -> Identite:
        """The values, once valid."""
        return Identite(self.cleaned_data["mel"], self.cleaned_data["nom"], self.cleaned_data["prenom"])


class RoleForm(forms.Form):
    """A role on one or several schools, or on an académie; only what ``par`` may give can be chosen."""

    role = forms.ChoiceField(
        label="Rôle",
        error_messages={"invalid_choice": "Ce rôle n'est pas à vous de le donner. Choisissez-en un autre."},
    )
    uais = forms.CharField(
        label="Établissements (UAI)", required=False, help_text="Un ou plusieurs UAI, séparés par un espace."
    )
    academie = forms.ModelChoiceField(
        Academie.objects.none(),
        label="Académie",
        required=False,
        empty_label="Aucune",
        to_field_name="code",
        help_text="Pour le rôle DANE seulement.",
    )
    fin = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Pour une délégation : elle s'arrête d'elle-même le soir de ce jour. Vide : sans fin prévue.",
    )

    def __init__(self, *args, par: Utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.par = par
        roles = roles_donnables(par)
        self.fields["role"].choices = _choices(roles)
        siens = list(etablissements_donnables(par)[:2])
        if len(siens) == 1:
            self.fields["uais"].initial = siens[0].uai
        if Role.DANE in roles:
            academies = academies_donnables(par)
            self.fields["academie"].queryset = academies
            self.fields["academie"].initial = academies.first() if len(academies[:2]) == 1 else None
        else:
            del self.fields["academie"]

    def clean(self):
        """Makes ``dons``: what is asked for, all of it hers to give."""
        valeurs = super().clean()
        self.dons: list[Don] = []
        if valeurs.get("role") and not self.errors:
            try:
                self.dons = self._dons(Role(valeurs["role"]), valeurs)
                for don in self.dons:
                    check_don(self.par, don)
            except CompteRefuse as refus:
                self.add_error(None, str(refus))
        return valeurs

    def _dons(self, role: Role, valeurs) -> list[Don]:
        fin = valeurs.get("fin")
        if role == Role.ADMIN:
            return [Don(role, fin=fin)]
        if role == Role.DANE:
            if not valeurs.get("academie"):
                raise CompteRefuse("Choisissez l'académie de cette DANE.")
            return [Don(role, academie=valeurs["academie"], fin=fin)]
        ecoles = find_etablissements(split_uais(valeurs.get("uais", "")), self.par)
        return [Don(role, etablissement=ecole, fin=fin) for ecole in ecoles]


class CompteForm(IdentiteForm, RoleForm):
    """A person and her first role."""

    field_order = ("mel", "nom", "prenom", "role", "uais", "academie", "fin")


class CompteFiltre(FiltreForm):
    """Search among the accounts in one's charge."""

    ETATS = (
        ("", "Tous"),
        ("actifs", "Actifs"),
        ("jamais", "Jamais connectés"),
        ("delegations", "Délégations en cours"),
        ("bientot", "Fin dans les trente jours"),
        ("sans", "Sans rôle aujourd'hui"),
        ("desactives", "Désactivés"),
    )
    texte = forms.CharField(label="Nom, adresse, UAI ou établissement", required=False, max_length=60)
    role = forms.ChoiceField(label="Rôle", required=False, choices=[("", "Tous"), *_choices(Role)])
    etat = forms.ChoiceField(label="État", required=False, choices=ETATS)

    def filter(self, comptes: QuerySet, habilitations: QuerySet[Habilitation]) -> QuerySet:
        """The accounts asked for.

        Args:
            habilitations: those that the user may see; a filter on roles looks at no other.
        """
        if not self.is_valid():
            return comptes
        en_cours = habilitations.en_cours()
        if role := self.cleaned_data["role"]:
            comptes = comptes.filter(pk__in=en_cours.filter(role=role).values("utilisateur"))
        comptes = self._filter_etat(comptes, en_cours)
        if texte := self.cleaned_data["texte"].strip():
            ecoles = Q(etablissement__uai__iexact=texte) | Q(etablissement__denomination__icontains=texte)
            comptes = comptes.filter(
                Q(last_name__icontains=texte)
                | Q(first_name__icontains=texte)
                | Q(username__icontains=texte)
                | Q(email__icontains=texte)
                | Q(pk__in=habilitations.filter(ecoles).values("utilisateur"))
            )
        return comptes

    def _filter_etat(self, comptes: QuerySet, en_cours: QuerySet) -> QuerySet:
        delegations = en_cours.filter(fin__isnull=False)
        filtres = {
            "actifs": Q(is_active=True),
            "jamais": Q(last_login__isnull=True, is_active=True),
            "delegations": Q(pk__in=delegations.values("utilisateur")),
            "bientot": Q(pk__in=delegations.filter(fin__lte=today() + BIENTOT).values("utilisateur")),
            "sans": ~Q(pk__in=en_cours.values("utilisateur")),
            "desactives": Q(is_active=False),
        }
        return comptes.filter(filtres.get(self.cleaned_data["etat"], Q()))


class ChoixAnnuaireForm(forms.Form):
    """Where the schools of a directory go."""

    academie = forms.ModelChoiceField(
        Academie.objects.order_by("nom"),
        label="Académie",
        to_field_name="code",
        empty_label=CHOISISSEZ,
        error_messages={"invalid_choice": "Le site n'a pas, ou n'a plus, cette académie."},
    )
    projet_college = forms.ModelChoiceField(
        ProjetENT.objects.order_by("nom"), label="Projet ENT des nouveaux collèges", empty_label=CHOISISSEZ
    )
    projet_lycee = forms.ModelChoiceField(
        ProjetENT.objects.order_by("nom"), label="Projet ENT des nouveaux lycées", empty_label=CHOISISSEZ
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["academie"].help_text = format_html(
            'Celle que vous cherchez n\'est pas dans la liste ? Créez-la sur la page <a href="{}">Académies</a>.',
            reverse("exchanges:academie_list"),
        )

    @property
    def choix(self) -> Choix:
        """The values, once valid."""
        return Choix(**self.cleaned_data)


class FichierForm(forms.Form):
    """One table handed in."""

    fichier = forms.FileField(
        allow_empty_file=True,  # an empty file is refused by the parser, in its own words
        error_messages={"required": "Choisissez un fichier. Rien n'a été modifié."},
    )
