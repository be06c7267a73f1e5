"""Administration of what is configuration: académies, projets ENT, établissements, accounts."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from exchanges.models import Academie, Etablissement, Habilitation, ProjetENT, Utilisateur


class HabilitationInline(admin.TabularInline):
    model = Habilitation
    extra = 0
    autocomplete_fields = ("etablissement",)


@admin.register(Utilisateur)
class UtilisateurAdmin(UserAdmin):
    inlines = (HabilitationInline,)


@admin.register(Academie)
class AcademieAdmin(admin.ModelAdmin):
    """Real or simulated is decided at creation, for good; the clock is moved from the site only."""

    list_display = ("code", "nom", "fuseau", "is_simulee")
    fields = ("code", "nom", "fuseau", "is_simulee")

    def get_readonly_fields(self, request, obj=None):
        return ("is_simulee",) if obj else ()


@admin.register(ProjetENT)
class ProjetENTAdmin(admin.ModelAdmin):
    list_display = ("nom", "nuits_siecle", "heures_ent", "heures_moodle")


@admin.register(Etablissement)
class EtablissementAdmin(admin.ModelAdmin):
    list_display = ("uai", "denomination", "ville", "academie", "projet_ent", "annee")
    list_filter = ("academie", "projet_ent")
    search_fields = ("uai", "denomination", "ville")
    readonly_fields = ("annee", "debut_eleves", "fin_eleves", "version_referentiel", "version_liens")
