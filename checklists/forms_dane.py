"""What the DANE writes: letters, announcements, notes, the thresholds of its watch."""

from datetime import date

from django import forms

from checklists.etapes import read_etapes
from checklists.forms import JourInput
from checklists.models import Annonce, NoteDane, Veille
from checklists.pilotage.modeles import CHAMPS, unknown_champs
from exchanges.enums import Role


DESTINATAIRES = {
    "tous": ("Direction et secrétariat", (Role.DIRECTION, Role.SECRETARIAT)),
    "direction": ("Direction", (Role.DIRECTION,)),
    "secretariat": ("Secrétariat", (Role.SECRETARIAT,)),
}
RIEN = "Rien n'a été envoyé."
INCHANGE = "Rien n'a été modifié."


class MessageForm(forms.Form):
    """A letter to chosen schools."""

    uais = forms.CharField(widget=forms.HiddenInput)
    destinataires = forms.ChoiceField(
        label="Destinataires", choices=[(c, nom) for c, (nom, _) in DESTINATAIRES.items()]
    )
    etape = forms.ChoiceField(label="Étape de la rentrée dont il parle", required=False)
    sujet = forms.CharField(
        label="Sujet",
        max_length=150,
        error_messages={
            "required": f"Donnez un sujet. {RIEN}",
            "max_length": f"150 caractères au plus pour le sujet. {RIEN}",
        },
    )
    corps = forms.CharField(
        label="Message",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={
            "required": f"Écrivez un message. {RIEN}",
            "max_length": f"5 000 caractères au plus. {RIEN}",
        },
    )
    apercu = forms.ChoiceField(label="Aperçu pour", required=False)

    def __init__(self, *args, etablissements, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        etapes = [(etape.numero, f"{etape.numero}. {etape.titre}") for etape in read_etapes()]
        self.fields["etape"].choices = [("", "Aucune en particulier"), *etapes]
        self.fields["apercu"].choices = [(e.uai, str(e)) for e in etablissements]

    def clean_sujet(self) -> str:
        """A subject whose fields exist."""
        return _check_champs(self.cleaned_data["sujet"])

    def clean_corps(self) -> str:
        """A text whose fields exist."""
        return _check_champs(self.cleaned_data["corps"])

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who is written to."""
        return DESTINATAIRES[self.cleaned_data["destinataires"]][1]


def _check_champs(texte: str) -> str:
    if inconnus := unknown_champs(texte):
        cites = ", ".join(f"{{{nom}}}" for nom in inconnus)
        connus = ", ".join(f"{{{nom}}}" for nom in CHAMPS)
        raise forms.ValidationError(f"Champ inconnu : {cites}. Les champs possibles sont {connus}. {RIEN}")
    return texte


class AnnonceForm(forms.ModelForm):
    """A sentence for the pages of chosen schools."""

    uais = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Annonce
        fields = ("titre", "texte", "debut", "fin")
        labels = {"titre": "Titre", "texte": "Texte (facultatif)", "debut": "Du", "fin": "Au (compris)"}
        widgets = {"texte": forms.Textarea(attrs={"rows": 4}), "debut": JourInput(), "fin": JourInput()}
        error_messages = {
            "titre": {"required": "Donnez un titre. Rien n'a été publié."},
            "debut": {
                "required": "Donnez le premier jour. Rien n'a été publié.",
                "invalid": "Cette date ne se lit pas. Rien n'a été publié.",
            },
            "fin": {
                "required": "Donnez le dernier jour. Rien n'a été publié.",
                "invalid": "Cette date ne se lit pas. Rien n'a été publié.",
            },
        }

    def __init__(self, *args, aujourd_hui: date, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.aujourd_hui = aujourd_hui

    def clean(self) -> dict[str, object]:
        """Days in order, the last one not past."""
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "Le dernier jour est avant le premier. Rien n'a été publié.")
        elif fin and fin < self.aujourd_hui:
            self.add_error("fin", "Ce dernier jour est déjà passé. Rien n'a été publié.")
        return donnees


class AnnonceFinForm(forms.ModelForm):
    """Another last day for an announcement."""

    class Meta:
        model = Annonce
        fields = ("fin",)
        labels = {"fin": "Au (compris)"}
        widgets = {"fin": JourInput()}
        error_messages = {
            "fin": {
                "required": f"Donnez le dernier jour. {INCHANGE}",
                "invalid": f"Cette date ne se lit pas. {INCHANGE}",
            }
        }

    def __init__(self, *args, aujourd_hui: date, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.aujourd_hui = aujourd_hui

    def clean_fin(self) -> date:
        """A day that is neither past nor before the first one."""
        fin = self.cleaned_data["fin"]
        if fin < self.instance.debut:
            raise forms.ValidationError(f"Le dernier jour est avant le premier. {INCHANGE}")
        if fin < self.aujourd_hui:
            raise forms.ValidationError(f"Ce dernier jour est déjà passé : retirez plutôt l'annonce. {INCHANGE}")
        return fin


class NoteForm(forms.ModelForm):
    """A note about a school."""

    class Meta:
        model = NoteDane
        fields = ("texte",)
        labels = {"texte": "Nouvelle note"}
        widgets = {"texte": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "texte": {
                "required": "Écrivez une note. Rien n'a été ajouté.",
                "max_length": "2 000 caractères au plus. Rien n'a été ajouté.",
            }
        }


class VeilleForm(forms.ModelForm):
    """The thresholds of the watch of an académie."""

    jours_sans_depot = forms.IntegerField(
        label="Jours sans dépôt, le premier mois",
        min_value=1,
        max_value=60,
        help_text="Comptés pour chaque établissement depuis sa propre rentrée, ou depuis son dernier dépôt.",
    )
    hausse_absents = forms.IntegerField(
        label="Hausse de la part des absents (points)",
        min_value=1,
        max_value=100,
        help_text="D'un compte-rendu au suivant.",
    )

    class Meta:
        model = Veille
        fields = ("is_active", "jours_sans_depot", "hausse_absents", "has_relais_en_echec")
        labels = {
            "is_active": "Écrire le résumé du jour, quand quelque chose a changé",
            "has_relais_en_echec": "Prévenir d'un relais en échec ou retenu",
        }
