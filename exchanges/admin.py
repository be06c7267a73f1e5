"""Administration of what is configuration: académies, projets ENT, établissements, accounts."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.urls import reverse
from django.utils.html import format_html

from exchanges.models import Academie, Etablissement, Habilitation, ProjetENT, Utilisateur
from exchanges.templatetags.entsite import pluriel
from exchanges.views.projet_form import SECTIONS, ProjetENTForm


class HabilitationInline(admin.TabularInline):
    """``fin`` is the last day of a delegation; the right ends by itself the evening of it."""

    model = Habilitation
    extra = 0
    autocomplete_fields = ("etablissement",)


@admin.register(Utilisateur)
class UtilisateurAdmin(UserAdmin):
    """Everyday work on accounts is done on the site, where each act is bounded by rights.

    An account is deactivated, never deleted: what it did must keep its author.
    """

    inlines = (HabilitationInline,)
    list_display = ("username", "email", "last_name", "first_name", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "habilitations__role")

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Academie)
class AcademieAdmin(admin.ModelAdmin):
    """The code, real or simulated: decided at creation, for good; the clock is moved from the site only."""

    list_display = ("code", "nom", "fuseau", "is_simulee")
    fields = ("code", "nom", "fuseau", "is_simulee")

    def get_readonly_fields(self, request, obj=None):
        return ("code", "is_simulee") if obj else ()


@admin.register(ProjetENT)
class ProjetENTAdmin(admin.ModelAdmin):
    """The rhythm of a projet, checked by the form of the site; its schools are listed behind a link."""

    form = ProjetENTForm
    list_display = (
        *("nom", "nuits_siecle", "heures_ent", "heures_moodle", "has_gar", "jours_conservation"),
        *("gel_debut", "gel_fin", "etablissements_lies"),
    )
    search_fields = ("nom",)
    readonly_fields = ("etablissements_lies",)
    fieldsets = (
        *((titre, {"fields": champs}) for titre, champs in SECTIONS),
        ("Établissements", {"fields": ("etablissements_lies",)}),
    )

    @admin.display(description="établissements")
    def etablissements_lies(self, projet):
        """Their number, which opens their list."""
        if projet.pk is None:
            return "–"
        adresse = reverse("admin:exchanges_etablissement_changelist")
        nombre = projet.etablissements.count()
        return format_html(
            '<a href="{}?projet_ent__id__exact={}">{} {}</a>',
            *(adresse, projet.pk, nombre, pluriel(nombre, "établissement")),
        )


@admin.register(Etablissement)
class EtablissementAdmin(admin.ModelAdmin):
    list_display = ("uai", "denomination", "ville", "academie", "projet_ent", "annee")
    list_filter = ("academie", "projet_ent", "type", "secteur", "departement")
    search_fields = ("uai", "denomination", "ville")
    readonly_fields = ("annee", "debut_eleves", "fin_eleves", "version_referentiel", "version_liens")
