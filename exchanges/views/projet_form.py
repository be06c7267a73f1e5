"""The form of a projet ENT, for the site and for the administration: its rhythm, checked, in French."""

from datetime import date, timedelta

from django import forms

from exchanges.models import ProjetENT
from exchanges.templatetags.entsite import JOURS


CHOIX_JOURS = [(str(rang), jour) for rang, jour in enumerate(JOURS, start=1)]
GEL_MAX = 200  # days: what the AAF holds back must leave one day
ANNEE_BISSEXTILE = 2028
SECTIONS = (
    ("Le projet", ("nom",)),
    ("Délais, comptés depuis le dépôt", ("nuits_siecle", "heures_ent", "heures_moodle", "has_gar")),
    ("Heures", ("heure_siecle", "heure_aaf", "heure_ent", "heure_gar", "heure_moodle")),
    ("Jours d'ouverture", ("jours_siecle", "jours_aaf", "jour_complet", "jours_ent")),
    ("Gel d'été", ("gel_debut", "gel_fin")),
    (
        "Comptes et annuaire",
        (
            *("jours_conservation", "seuil_retraits", "forme_login", "has_compte_personne_en_charge"),
            *("prefixe_aaf", "identifiant_gar"),
        ),
    ),
)


class JoursField(forms.MultipleChoiceField):
    """Days of the week, ticked; kept as the text of their ISO numbers, « 12345 »."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value):
        return list(value) if isinstance(value, str) else value

    def clean(self, value) -> str:
        """The numbers in order; raises ValidationError when no day is ticked."""
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial, data) -> bool:
        return sorted(initial or "") != sorted(data or [])


class ProjetENTForm(forms.ModelForm):
    """Every value of a projet, by sections; what would contradict the order of the relays is refused."""

    jours_siecle = JoursField(
        label="Matins où la nuit de SIECLE a eu lieu",
        choices=CHOIX_JOURS,
        error_messages={"required": "Cochez au moins un jour : sans cela, aucun dépôt ne serait jamais lu."},
    )
    jours_aaf = JoursField(
        label="Jours de l'AAF",
        choices=CHOIX_JOURS,
        help_text="Le jour du complet s'y ajoute de lui-même.",
        error_messages={"required": "Cochez au moins un jour d'export de l'annuaire."},
    )
    jours_ent = JoursField(
        label="Jours où l'ENT se met à jour",
        choices=CHOIX_JOURS,
        error_messages={"required": "Cochez au moins un jour de mise à jour de l'ENT."},
    )
    jour_complet = forms.TypedChoiceField(label="Jour du complet", choices=CHOIX_JOURS, coerce=int)

    class Meta:
        model = ProjetENT
        fields = tuple(champ for _, champs in SECTIONS for champ in champs)
        help_texts = {
            "gel_debut": "Mois-jour du premier jour sans export de l'annuaire, par exemple 07-14. Vide : aucun gel.",
            "gel_fin": "Mois-jour du dernier jour du gel. Il peut passer le nouvel an : de 12-19 à 02-10.",
            "heures_ent": "Un multiple de 24 : 48 ou 72 le plus souvent.",
        }
        error_messages = {"nom": {"unique": "Un projet ENT porte déjà ce nom. Choisissez-en un autre."}}

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Titles with their fields, in the order of the screen."""
        return [(titre, [self[champ] for champ in champs]) for titre, champs in SECTIONS]

    def clean(self):
        """Check what depends on several fields; each message says which field to change."""
        valeurs = super().clean()
        self._check_delais(valeurs)
        self._check_heures(valeurs)
        if {"gel_debut", "gel_fin"} <= valeurs.keys():
            self._check_gel(valeurs["gel_debut"], valeurs["gel_fin"])
        if (part := valeurs.get("seuil_retraits")) is not None and not 1 <= part <= 100:
            self.add_error("seuil_retraits", "Donnez une part entre 1 et 100 %.")
        return valeurs

    def _check_delais(self, valeurs) -> None:
        nuits, ent, moodle = (valeurs.get(champ) for champ in ("nuits_siecle", "heures_ent", "heures_moodle"))
        for champ, heures in (("heures_ent", ent), ("heures_moodle", moodle)):
            if heures is not None and heures % 24:
                self.add_error(champ, f"{heures} h n'est pas un nombre entier de jours : donnez un multiple de 24.")
        if nuits is not None and nuits < 1:
            self.add_error("nuits_siecle", "SIECLE lit un dépôt la nuit suivante au plus tôt : donnez 1 ou plus.")
        elif None not in (nuits, ent) and ent < nuits * 24:
            self.add_error(
                "heures_ent", f"L'ENT ne peut pas être à jour avant SIECLE : donnez au moins {nuits * 24} h."
            )
        if None not in (ent, moodle) and moodle < ent:
            self.add_error("heures_moodle", f"Moodle est alimenté par l'ENT : donnez au moins {ent} h, ou rien.")

    def _check_heures(self, valeurs) -> None:
        siecle, aaf, ent, moodle = (valeurs.get(f"heure_{relais}") for relais in ("siecle", "aaf", "ent", "moodle"))
        if siecle and aaf and aaf <= siecle:
            self.add_error("heure_aaf", "L'annuaire lit SIECLE après sa nuit : donnez une heure plus tardive.")
        if aaf and ent and ent <= aaf:
            self.add_error("heure_ent", "L'ENT lit l'annuaire après son export : donnez une heure plus tardive.")
        if ent and moodle and moodle <= ent:
            self.add_error("heure_moodle", "Moodle lit l'ENT après sa mise à jour : donnez une heure plus tardive.")

    def _check_gel(self, debut: str, fin: str) -> None:
        if bool(debut) != bool(fin):
            manquant = "gel_fin" if debut else "gel_debut"
            self.add_error(manquant, "Un gel a un début et une fin : donnez les deux, ou aucun des deux.")
        elif debut and fin:
            premier, dernier = _read_jour(debut), _read_jour(fin)
            for champ, jour in (("gel_debut", premier), ("gel_fin", dernier)):
                if jour is None:
                    self.add_error(
                        champ, "Donnez un mois et un jour qui existent, par exemple 07-14 pour le 14 juillet."
                    )
            if premier and dernier and (dernier - premier) % timedelta(days=366) >= timedelta(days=GEL_MAX):
                self.add_error("gel_fin", f"Le gel dure plus de {GEL_MAX} jours : vérifiez l'ordre des deux dates.")


def _read_jour(texte: str) -> date | None:
    """« 07-14 » as a day of a leap year; ``None`` when there is no such day."""
    try:
        return date(ANNEE_BISSEXTILE, int(texte[:2]), int(texte[3:]))
    except ValueError:
        return None
