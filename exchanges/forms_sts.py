"""What people say of STS-Web: an export done, a remplacement, a suppléance; the filter of its journal."""

from django import forms
from django.db.models import Q, QuerySet

from exchanges.forms import FiltreForm, TriForm


RIEN = "Rien n'a été modifié."
_CHOIX = {
    "required": f"Choisissez une personne. {RIEN}",
    "invalid_choice": f"Cette personne n'est pas proposée. {RIEN}",
}
_SERVICES = {
    "required": f"Cochez au moins un service. {RIEN}",
    "invalid_choice": f"Un service n'est plus à cette personne : STS a changé entre-temps. {RIEN}",
}


def _jour(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": f"Donnez cette date. {RIEN}",
            "invalid": f"Cette date n'existe pas ou n'est pas lisible. {RIEN}",
        },
    )


class DeclarationForm(forms.Form):
    """A word about an export done in STS-Web, and the page to go back to."""

    commentaire = forms.CharField(required=False, max_length=200)
    retour = forms.CharField(required=False, max_length=20)
    depot = forms.IntegerField(required=False, min_value=1)


class AbsentForm(FiltreForm):
    """Who is absent, among those who have services."""

    absent = forms.ChoiceField(label="Enseignant à remplacer", error_messages=_CHOIX)

    def __init__(self, *args, absents: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["absent"].choices = [("", "Choisissez…"), *absents]


class ServicesForm(FiltreForm):
    """The services that change hands: all of them, unless some are unticked."""

    services = forms.TypedMultipleChoiceField(
        label="Services concernés", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=_SERVICES
    )

    def __init__(self, *args, services: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = services
        self.fields["services"].initial = [pk for pk, _ in services]


class RemplacementForm(ServicesForm):
    """REP: who takes the services."""

    remplacant = forms.ChoiceField(label="Enseignant qui remplace", error_messages=_CHOIX)
    field_order = ("remplacant", "services")

    def __init__(self, *args, remplacants: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remplacant"].choices = [("", "Choisissez…"), *remplacants]


class SuppleanceForm(ServicesForm):
    """SUP: who arrives, from when until when."""

    nom = forms.CharField(
        label="Nom", max_length=100, error_messages={"required": f"Donnez le nom de la personne. {RIEN}"}
    )
    prenom = forms.CharField(
        label="Prénom", max_length=100, error_messages={"required": f"Donnez le prénom de la personne. {RIEN}"}
    )
    civilite = forms.ChoiceField(
        label="Civilité",
        choices=[("2", "Mme"), ("1", "M.")],
        error_messages={"required": f"Choisissez une civilité. {RIEN}"},
    )
    date_naissance = _jour("Date de naissance")
    debut = _jour("Premier jour de la suppléance")
    fin = _jour("Dernier jour de la suppléance")
    field_order = ("nom", "prenom", "civilite", "date_naissance", "debut", "fin", "services")


class JournalFiltre(TriForm):
    """Filter and sort of one import of the journal."""

    tris = {"objet": ("objet", "rang"), "code": ("code", "rang")}
    tri_par_defaut = "objet"
    code = forms.ChoiceField(label="Code", required=False)
    texte = forms.CharField(label="Nom ou texte", required=False, max_length=60)

    def __init__(self, *args, lignes: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        codes = lignes.order_by("code").values_list("code", flat=True).distinct()
        self.fields["code"].choices = [("", "Tous"), *((code, code) for code in codes)]

    @property
    def is_actif(self) -> bool:
        """Whether the list is narrowed."""
        return self.is_valid() and any(self.cleaned_data[champ] for champ in ("code", "texte"))

    def filter(self, lignes: QuerySet) -> QuerySet:
        """The lines asked for, in the order asked for."""
        if self.is_valid():
            if code := self.cleaned_data["code"]:
                lignes = lignes.filter(code=code)
            if texte := self.cleaned_data["texte"].strip():
                lignes = lignes.filter(Q(objet__icontains=texte) | Q(message__icontains=texte))
        return lignes.order_by(*self._sort(lignes))
