"""What people fill in about a rentrée, checked."""

from datetime import date

from django import forms

from checklists.actions import find_collegues
from checklists.enums import Logiciel, Variante
from checklists.etapes import Reglage
from checklists.models import PreferenceRappel


ECART_MAX = 150  # days between the date given and the one that SIECLE gives


class JourInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ProfilForm(forms.Form):
    """What makes the steps of one school differ from those of another."""

    variante = forms.ChoiceField(label="Établissement", choices=[(v.value, v.libelle) for v in Variante])
    logiciel = forms.ChoiceField(
        label="Logiciel d'emploi du temps", choices=[(logiciel.value, logiciel.libelle) for logiciel in Logiciel]
    )
    has_netsynchro = forms.BooleanField(
        label="Échanges par NetSynchro",
        required=False,
        help_text="Sans la case, les fichiers sont déposés à la main.",
    )
    date_rentree = forms.DateField(
        label="Rentrée des élèves",
        required=False,
        widget=JourInput(),
        help_text="Laissez vide pour garder celle du calendrier de SIECLE (export Communs).",
        error_messages={"invalid": "Cette date ne se lit pas. Rien n'a été modifié."},
    )

    def __init__(self, *args, jour_siecle: date | None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.jour_siecle = jour_siecle
        self.fields["date_rentree"].required = jour_siecle is None
        self.fields["date_rentree"].error_messages["required"] = (
            "Donnez la date de la rentrée des élèves : aucun fichier ne la donne encore. Rien n'a été modifié."
        )

    def clean_date_rentree(self) -> date | None:
        """A date near the one of SIECLE, when it gives one."""
        jour = self.cleaned_data["date_rentree"]
        if jour and self.jour_siecle and abs((jour - self.jour_siecle).days) > ECART_MAX:
            raise forms.ValidationError(
                "Cette date est à plus de cinq mois de celle du calendrier de SIECLE. Rien n'a été modifié."
            )
        return jour

    @property
    def reglage(self) -> Reglage:
        """The settings chosen."""
        donnees = self.cleaned_data
        return Reglage(Variante(donnees["variante"]), Logiciel(donnees["logiciel"]), donnees["has_netsynchro"])


class DeclarationForm(forms.Form):
    """« This is done », with a word."""

    commentaire = forms.CharField(
        label="Précision (facultative)",
        required=False,
        max_length=300,
        error_messages={"max_length": "300 caractères au plus. Rien n'a été modifié."},
    )


class AssignationForm(forms.Form):
    """To whom a step is given."""

    collegue = forms.ModelChoiceField(
        queryset=None,
        label="Confier à",
        required=False,
        empty_label="Personne en particulier",
        error_messages={"invalid_choice": "Cette personne n'est pas de l'établissement. Rien n'a été modifié."},
    )

    def __init__(self, *args, etablissement, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["collegue"]
        champ.queryset = find_collegues(etablissement)
        champ.label_from_instance = lambda personne: personne.get_full_name() or personne.get_username()


class CommentaireForm(forms.Form):
    """A word for the colleagues."""

    texte = forms.CharField(
        label="Votre message",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez un message. Rien n'a été ajouté.",
            "max_length": "1 000 caractères au plus. Rien n'a été ajouté.",
        },
    )


class PieceForm(forms.Form):
    """A file for the colleagues; what it may be is ``pieces.check_piece``'s business."""

    fichier = forms.FileField(
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": "Choisissez un fichier. Rien n'a été ajouté.",
            "max_length": "Le nom de ce fichier est trop long. Rien n'a été ajouté.",
        },
    )


class RappelForm(forms.ModelForm):
    """Which reminders a person wants."""

    class Meta:
        model = PreferenceRappel
        fields = ("semaine", "veille")
        labels = {
            "semaine": "Chaque semaine : où en est la rentrée",
            "veille": "La veille : les étapes à faire pour le lendemain",
        }


class MomentForm(forms.Form):
    """The day of one moment of the life of a certificate."""

    jour = forms.DateField(
        label="Le",
        widget=JourInput(),
        error_messages={
            "required": "Donnez la date. Rien n'a été modifié.",
            "invalid": "Cette date ne se lit pas. Rien n'a été modifié.",
        },
    )
    expire_le = forms.DateField(
        label="Fin du certificat",
        required=False,
        widget=JourInput(),
        error_messages={"invalid": "Cette date ne se lit pas. Rien n'a été modifié."},
    )


class EtapesFiltre(forms.Form):
    """Which steps are shown."""

    montrer = forms.ChoiceField(
        label="Montrer",
        required=False,
        choices=[("", "Toutes les étapes"), ("reste", "Ce qui reste à faire"), ("miennes", "Les miennes")],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def keeps(self, tableau, situation, utilisateur) -> bool:
        """Whether a step is shown to this person."""
        choix = self.cleaned_data["montrer"] if self.is_valid() else ""
        if choix == "reste":
            return not situation.etat.is_acquise
        if choix == "miennes":
            assignation = tableau.assignations.get(situation.etape.numero)
            return assignation is not None and assignation.utilisateur_id == utilisateur.pk
        return True
