"""Académies, for the administration of the site: the list, a new one, its name and its time zone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.validators import RegexValidator
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from exchanges.models import Academie
from exchanges.pipeline.annuaire_national import SIMULEE
from exchanges.propagation.horloge import DEMONSTRATION
from exchanges.views.perimetre import require_admin


FUSEAUX = {
    "Europe/Paris": "Paris",
    "America/Guadeloupe": "Guadeloupe",
    "America/Cayenne": "Guyane",
    "America/Martinique": "Martinique",
    "Indian/Mayotte": "Mayotte",
    "Indian/Reunion": "La Réunion",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Wallis": "Wallis-et-Futuna",
}


class AcademieForm(forms.ModelForm):
    """An académie in real time; those in simulated time are made by scenarios and by ``load_files`` only.

    Its code is in addresses, tokens and directories: it is asked once, then out of the form.
    """

    code = forms.CharField(
        label="Code",
        max_length=16,
        validators=[RegexValidator(r"\A[0-9A-Za-z-]+\Z", "Des chiffres, des lettres sans accent et des tirets.")],
        help_text="Le code national de l'académie, par exemple 10 pour Lyon. Il ne pourra plus changer.",
    )
    fuseau = forms.ChoiceField(
        label="Fuseau horaire", help_text="Celui des heures de ses relais, de ses échéances et de ses courriels."
    )

    class Meta:
        model = Academie
        fields = ("code", "nom", "fuseau")
        labels = {"nom": "Nom"}
        help_texts = {"nom": "Comme à l'écran, par exemple « Académie de Lyon »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        autre = {self.instance.fuseau: self.instance.fuseau}
        self.fields["fuseau"].choices = list((autre | FUSEAUX).items())
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self) -> str:
        """The code, free and of no simulated académie."""
        code: str = self.cleaned_data["code"]
        if code == DEMONSTRATION or code.endswith(SIMULEE):
            raise forms.ValidationError("Ce code est réservé aux académies simulées : donnez-en un autre.")
        if Academie.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError("Une académie a déjà ce code.")
        return code


def academie_list(request: HttpRequest) -> HttpResponse:
    """All the académies of the site, each with its schools counted."""
    require_admin(request)
    academies = Academie.objects.annotate(nombre=Count("etablissements")).order_by("nom", "code")
    lignes = [(academie, FUSEAUX.get(academie.fuseau, academie.fuseau)) for academie in academies]
    return render(request, "exchanges/academie_list.html", {"lignes": lignes})


def academie_create(request: HttpRequest) -> HttpResponse:
    """A new académie, in real time."""
    require_admin(request)
    return _edit(request, Academie(), "Nouvelle académie")


def academie_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Another name or another time zone; what is planned already keeps its hour."""
    require_admin(request)
    academie = get_object_or_404(Academie, code=code)
    return _edit(request, academie, f"Modifier {academie.nom}")


def _edit(request: HttpRequest, academie: Academie, titre: str) -> HttpResponse:
    is_nouvelle = academie.pk is None
    form = AcademieForm(request.POST or None, instance=academie)
    if form.is_valid():
        _save(form, request.user, is_nouvelle)
        messages.success(request, f"{academie.nom} ({academie.code}) : l'académie est enregistrée.")
        return redirect("exchanges:academie_list")
    context = {"form": form, "titre": titre, "academie": academie, "is_nouvelle": is_nouvelle}
    return render(request, "exchanges/academie_form.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _save(form: AcademieForm, par: Any, is_nouvelle: bool) -> None:
    """Write the académie, and who did it."""
    academie = form.save()
    LogEntry.objects.log_actions(
        par.pk,
        [academie],
        ADDITION if is_nouvelle else CHANGE,
        "académie créée" if is_nouvelle else f"académie modifiée : {', '.join(form.changed_data) or 'rien'}",
        single_object=True,
    )
