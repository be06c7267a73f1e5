"""The checklists application: the guided rentrée, built on what exchanges knows."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "checklists"
    verbose_name = "Rentrée guidée"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """The figures that the DANE reads are completed by the rentrée before they are written."""
        from checklists.pilotage.compteurs import complete_compteurs
        from exchanges.pipeline.compteurs import compteurs_a_jour

        compteurs_a_jour.connect(complete_compteurs, dispatch_uid="rentree")
