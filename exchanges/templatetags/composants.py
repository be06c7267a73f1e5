"""Fictitious values for the gallery of components (templates/pages/composants.html) and its tests."""

from datetime import date
from types import SimpleNamespace

from django import template
from django.core.paginator import Paginator


register = template.Library()


@register.simple_tag
def samples():
    """Return one value for each component that takes more than words: relais, tuiles, page, jour, eleves."""
    return SimpleNamespace(
        relais=[
            {"nom": "EDT", "etat": "à jour", "couleur": "succes", "quand": "Déposé lundi 7 septembre", "detail": ""},
            {
                "nom": "STS",
                "etat": "à exporter",
                "couleur": "attention",
                "quand": "Modifié mercredi 2 septembre",
                "detail": "L'export Structure date du 28 août.",
            },
            {
                "nom": "SIECLE",
                "etat": "bloqué",
                "couleur": "erreur",
                "quand": "Nuit du 7 au 8 septembre",
                "detail": "3 liens refusés : groupe inconnu.",
            },
            {
                "nom": "ENT",
                "etat": "en attente",
                "couleur": "neutre",
                "quand": "Prochain passage : vendredi 11 septembre",
                "detail": "",
            },
        ],
        tuiles=[
            {"valeur": 6912, "libelle": "liens inchangés"},
            {"valeur": 143, "libelle": "liens créés", "couleur": "succes"},
            {"valeur": 38, "libelle": "liens supprimés", "couleur": "attention", "detail": "dont 12 élèves absents"},
            {"valeur": 4, "libelle": "liens refusés", "couleur": "erreur", "url": "#alerte"},
        ],
        page=Paginator(range(1240), 50).page(3),
        jour=date(2026, 9, 8),
        eleves=[
            {"nom": "ARNICA Lou", "classe": "4A", "groupe": "4AGL1", "lien": "créé", "couleur": "succes"},
            {"nom": "BRUYÈRE Sacha", "classe": "4A", "groupe": "4AGL1", "lien": "inchangé", "couleur": "neutre"},
            {"nom": "CAMPANULE Noa", "classe": "4B", "groupe": "MPERMANGR2", "lien": "refusé", "couleur": "erreur"},
        ],
    )
