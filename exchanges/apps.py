"""The exchanges application: files in, verdicts, nights, directories out."""

from django.apps import AppConfig


class ExchangesConfig(AppConfig):
    name = "exchanges"
    verbose_name = "Échanges"
    default_auto_field = "django.db.models.BigAutoField"
