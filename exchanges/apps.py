"""The exchanges application: files in, verdicts, nights, directories out."""

from django.apps import AppConfig


class ExchangesConfig(AppConfig):
    name = "exchanges"
    verbose_name = "Échanges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """What a decision about a passage changes in the figures of its school is counted at once."""
        from exchanges.pipeline.compteurs import count_decision
        from exchanges.propagation.passages import decision_prise

        decision_prise.connect(count_decision, dispatch_uid="compteurs")
