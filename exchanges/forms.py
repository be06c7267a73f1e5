"""What people hand in or ask for, checked; filtering happens here, never in a view."""

from collections.abc import Container, Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from exchanges.enums import EtatDepot


# Words of the screen for the states of a deposit, in the order of the filter.
LIBELLES_DEPOT = {
    EtatDepot.CONTROLE: "À confirmer",
    EtatDepot.DEPOSE: "En attente de la nuit",
    EtatDepot.IMPORTE: "Importé",
    EtatDepot.REMPLACE: "Remplacé",
    EtatDepot.ABANDONNE: "Abandonné",
    EtatDepot.ECHEC: "Échec",
}


JOURS_MAX = timedelta(days=20 * 366)  # past what any history holds, and what a calendar can still shift


class MultipleFileInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Cleans to the list of files handed in together, one at least."""

    widget = MultipleFileInput

    def clean(self, data, initial=None) -> list[UploadedFile]:
        """Return the files; raises ValidationError when there is none."""
        fichiers = data if isinstance(data, list | tuple) else [data]
        return [super(MultipleFileField, self).clean(fichier, initial) for fichier in fichiers or [None]]


class FichiersForm(forms.Form):
    """Files of the chain, several at once."""

    fichiers = MultipleFileField(
        allow_empty_file=True,  # an empty file is refused by the parser, in its own words
        error_messages={"required": "Choisissez au moins un fichier. Rien n'a été modifié."},
    )

    def named_fichiers(self) -> list[tuple[str, UploadedFile]]:
        """The files with a name each; of two of one name, the second says that it is."""
        noms: dict[str, int] = {}
        nommes = []
        for fichier in self.cleaned_data["fichiers"]:
            rang = noms[fichier.name] = noms.get(fichier.name, 0) + 1
            nommes.append((fichier.name if rang == 1 else f"{fichier.name} [{rang}]", fichier))
        return nommes


class ConfirmationDepotForm(forms.Form):
    """SIECLE's warning, ticked; then, when the guard asks for it, the figure of the links that go."""

    confirme = forms.BooleanField(
        error_messages={"required": "Cochez la case : SIECLE demande la même confirmation. Rien n'a été déposé."}
    )
    suppressions = forms.IntegerField(required=False, min_value=0)


class RetraitsForm(forms.Form):
    """Whether the removal of many rows was agreed to."""

    retraits = forms.BooleanField(required=False)


class JetonForm(forms.Form):
    """A token to make: what it is for, how long it is good for."""

    nom = forms.CharField(
        label="Nom du jeton",
        max_length=80,
        error_messages={"required": "Donnez un nom au jeton. Aucun jeton n'a été créé."},
    )
    jours = forms.TypedChoiceField(
        label="Durée de validité",
        coerce=int,
        choices=[(365, "Un an"), (90, "Trois mois"), (30, "Un mois")],
        error_messages={"invalid_choice": "Choisissez une des durées proposées. Aucun jeton n'a été créé."},
    )

    def __init__(self, *args, exemple: str, noms: Container[str] = (), **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["nom"].help_text = f"Le logiciel ou la machine qui s'en servira, par exemple « {exemple} »."
        self.noms = noms

    def clean_nom(self) -> str:
        """The name, which no other token in use bears."""
        nom = self.cleaned_data["nom"]
        if nom in self.noms:
            raise forms.ValidationError(
                f"Un jeton en service s'appelle déjà « {nom} ». Aucun jeton n'a été créé : choisissez un autre nom, "
                "ou révoquez d'abord l'ancien."
            )
        return nom


class PlainSelect(forms.Select):
    """A list to choose from written in one go: Django renders two templates for each of its options."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        choix = [option for _, options, _ in widget["optgroups"] for option in options]
        marques = {True: mark_safe(" selected"), False: ""}
        lignes = ((option["value"], marques[option["selected"]], option["label"]) for option in choix)
        options = format_html_join("", '<option value="{}"{}>{}</option>', lignes)
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), options)


class FiltreForm(forms.Form):
    """A filter: labels without the colon of a form to fill in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class TriForm(FiltreForm):
    """A sort asked for by a table's header: ``champ`` or ``-champ``; anything else is the default."""

    tri = forms.CharField(required=False, max_length=30)
    tris: dict[str, tuple[str, ...]] = {}
    tri_par_defaut = ""

    @property
    def tri_courant(self) -> str:
        """The sort in force."""
        tri = self.cleaned_data.get("tri", "") if self.is_valid() else ""
        return tri if tri.removeprefix("-") in self.tris else self.tri_par_defaut

    def _sort(self, lignes: QuerySet) -> list[str]:
        sens = "-" if self.tri_courant.startswith("-") else ""
        return [f"{sens}{champ}" for champ in self.tris[self.tri_courant.removeprefix("-")]]


class DepotFiltre(TriForm):
    """Filter and sort of the Suivi des échanges."""

    tris = {
        "date": ("controle_le", "pk"),
        "fichier": ("nom", "pk"),
        "eleves": ("eleves_lus", "pk"),
        "absents": ("absents", "pk"),
        "anomalies": ("nombre_anomalies", "pk"),
    }
    tri_par_defaut = "-date"
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((str(etat), libelle) for etat, libelle in LIBELLES_DEPOT.items())],
    )

    def filter(self, depots: QuerySet) -> QuerySet:
        """The deposits asked for, in the order asked for; ``nombre_anomalies`` must be annotated."""
        if self.is_valid() and (etat := self.cleaned_data["etat"]):
            depots = depots.filter(etat=etat)
        return depots.order_by(*self._sort(depots))


class AnomalieFiltre(TriForm):
    """Filter and sort of a compte-rendu: the section « rejetés » always comes first, as in SIECLE."""

    tris = {
        "eleve": ("nom", "rang"),
        "identifiant": ("reference", "rang"),
        "division": ("division", "nom", "rang"),
        "anomalie": ("message", "rang"),
        "regle": ("code", "nom", "rang"),
    }
    tri_par_defaut = "eleve"
    code = forms.ChoiceField(label="Règle", required=False)
    division = forms.ChoiceField(label="Division", required=False)
    texte = forms.CharField(label="Élève, groupe ou texte", required=False, max_length=60)

    def __init__(self, *args, anomalies: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        for champ, tous in (("code", "Toutes"), ("division", "Toutes")):
            valeurs = anomalies.order_by(champ).values_list(champ, flat=True).distinct()
            self.fields[champ].choices = [("", tous), *((valeur, valeur) for valeur in valeurs if valeur)]

    @property
    def is_actif(self) -> bool:
        """Whether the list is narrowed."""
        return self.is_valid() and any(self.cleaned_data[champ] for champ in ("code", "division", "texte"))

    def filter(self, anomalies: QuerySet) -> QuerySet:
        """The lines asked for, in the order asked for."""
        if self.is_valid():
            exacts = {champ: self.cleaned_data[champ] for champ in ("code", "division") if self.cleaned_data[champ]}
            anomalies = anomalies.filter(**exacts)
            if texte := self.cleaned_data["texte"].strip():
                anomalies = anomalies.filter(
                    Q(nom__icontains=texte)
                    | Q(reference__icontains=texte)
                    | Q(objet__icontains=texte)
                    | Q(message__icontains=texte)
                )
        return anomalies.order_by("-section", *self._sort(anomalies))


class ListeFiltre(TriForm):
    """Filter and sort of a work list; its own order unless another is asked for."""

    division = forms.ChoiceField(label="Division", required=False)
    texte = forms.CharField(label="Nom, identifiant ou texte", required=False, max_length=60)

    def __init__(self, *args, liste, divisions: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.liste = liste
        self.tris = liste.tris
        self.fields["division"].choices = [("", "Toutes"), *((code, code) for code in divisions)]
        if not liste.division[0]:
            del self.fields["division"]

    @property
    def is_actif(self) -> bool:
        """Whether the list is narrowed."""
        return self.is_valid() and any(self.cleaned_data.get(champ) for champ in ("division", "texte"))

    def filter(self, lignes: QuerySet) -> QuerySet:
        """The rows asked for, in the order asked for."""
        if self.is_valid():
            lignes = self.liste.narrow(lignes, self.cleaned_data.get("division", ""))
            if texte := self.cleaned_data["texte"].strip():
                cles = [Q(**{f"{cle}__icontains": texte}) for cle in self.liste.recherche]
                lignes = lignes.filter(reduce(or_, cles))
        return lignes.order_by(*self._sort(lignes), "pk") if self.tri_courant else lignes


class EtablissementFiltre(FiltreForm):
    """Search among the établissements of somebody who has several."""

    texte = forms.CharField(label="Établissement, UAI ou ville", required=False, max_length=60)

    def filter(self, etablissements: QuerySet) -> QuerySet:
        """The établissements whose name, UAI or town holds the text."""
        texte = self.cleaned_data["texte"].strip() if self.is_valid() else ""
        if not texte:
            return etablissements
        return etablissements.filter(
            Q(denomination__icontains=texte) | Q(uai__icontains=texte) | Q(ville__icontains=texte)
        )


class JourForm(forms.Form):
    """A day, and what is looked at on that day; anything unreadable is today and nothing."""

    jour = forms.DateField(required=False)
    division = forms.CharField(required=False, max_length=20)
    groupe = forms.CharField(required=False, max_length=20)
    vides = forms.BooleanField(required=False)
    differences = forms.BooleanField(required=False)

    def read(self, aujourd_hui: date) -> dict[str, object]:
        """The values asked for; the day is ``aujourd_hui`` unless a readable one was given."""
        self.is_valid()
        lu = {champ: self.cleaned_data.get(champ) for champ in self.fields}
        is_raisonnable = lu["jour"] and abs(lu["jour"] - aujourd_hui) < JOURS_MAX
        return lu | {"jour": lu["jour"] if is_raisonnable else aujourd_hui}
