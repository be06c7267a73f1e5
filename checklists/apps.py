"""The checklists application: the guided rentrée, built on what exchanges knows."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "checklists"
    verbose_name = "Rentrée guidée"
    default_auto_field = "django.db.models.BigAutoField"
