"""What is asked of the pages of time: a day of a layer, accounts, the reason of a relay that did not take place."""

from datetime import date

from django import forms

from exchanges.enums import CategorieAAF, EtatCompteENT
from exchanges.forms import FiltreForm, JourForm
from exchanges.reports.comptes import CompteVu


COUCHES = {"ENT": "ENT", "STS": "STS", "SIECLE": "SIECLE", "AAF": "AAF", "GAR": "GAR", "MOODLE": "Moodle"}
CATEGORIES = {
    CategorieAAF.ELEVE: "Élèves",
    CategorieAAF.RESPONSABLE: "Responsables",
    CategorieAAF.PERSONNEL: "Personnels",
}
ETATS_COMPTE = {
    EtatCompteENT.ACTIF: "Actif",
    EtatCompteENT.DESACTIVE: "Désactivé",
    EtatCompteENT.SUPPRIME: "Supprimé",
}


class EntForm(JourForm):
    """A day of a layer, the structure opened in it, and the file counted as if it were deposited."""

    couche = forms.ChoiceField(choices=COUCHES.items(), required=False)
    depot = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    comptes = forms.BooleanField(required=False)

    def read(self, aujourd_hui: date) -> dict[str, object]:
        """The values asked for; the layer is the ENT unless a known one was given."""
        lu = super().read(aujourd_hui)
        return lu | {"couche": lu["couche"] or "ENT"}


class CompteFiltre(FiltreForm):
    """Filter of the accounts of an ENT."""

    texte = forms.CharField(label="Nom ou identifiant", required=False, max_length=60)
    categorie = forms.ChoiceField(
        label="Personnes", required=False, choices=[("", "Toutes"), *((str(c), nom) for c, nom in CATEGORIES.items())]
    )
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *((str(e), nom) for e, nom in ETATS_COMPTE.items())]
    )

    def filter(self, comptes: list[CompteVu]) -> list[CompteVu]:
        """The accounts asked for."""
        self.is_valid()
        texte = self.cleaned_data.get("texte", "").strip().casefold()
        categorie, etat = (self.cleaned_data.get(champ) for champ in ("categorie", "etat"))
        return [
            compte
            for compte in comptes
            if (not categorie or compte.categorie == categorie)
            and (not etat or compte.etat == etat)
            and (texte in compte.nom.casefold() or texte in compte.login)
        ]


class MotifForm(forms.Form):
    """Why a relay did not take place."""

    motif = forms.CharField(
        label="Pourquoi n'a-t-il pas eu lieu ?",
        max_length=200,
        help_text="Par exemple « maintenance de l'annuaire académique ». Ne nommez personne.",
        error_messages={
            "required": "Dites pourquoi ce passage n'a pas eu lieu. Rien n'a été modifié.",
            "max_length": "Le motif est trop long (200 caractères au plus). Rien n'a été modifié.",
        },
    )
