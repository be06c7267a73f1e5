"""Paths are French (people read them), names are noun then English verb."""

from django.urls import include, path

from exchanges.views import (
    accueil,
    api_depot,
    chargements,
    comptes_rendus,
    corrections,
    depots,
    doublons,
    eleves,
    ent,
    exemples,
    fichiers,
    horloge,
    jetons,
    listes,
    pages,
    recherche,
)


app_name = "exchanges"

_depots = [
    path("", depots.depot_list, name="depot_list"),
    path("<int:pk>/", depots.depot_detail, name="depot_detail"),
    path("<int:pk>/deposer/", depots.depot_confirm, name="depot_confirm"),
    path("<int:pk>/abandonner/", depots.depot_abandon, name="depot_abandon"),
    path("<int:pk>/compte-rendu.<slug:extension>", comptes_rendus.depot_export, name="depot_export"),
    path("<int:pk>/corrige.zip", corrections.depot_corrected, name="depot_corrected"),
    path("<int:pk>/corrige.<slug:extension>", corrections.depot_corrected_list, name="depot_corrected_list"),
    path("<int:pk>/eleves/<path:eleve_id>/", comptes_rendus.depot_eleve, name="depot_eleve"),
]
_jetons = [
    path("", jetons.jeton_list, name="jeton_list"),
    path("<int:pk>/revoquer/", jetons.jeton_revoke, name="jeton_revoke"),
]
_api = [
    path("etablissements/<slug:uai>/depots/", api_depot.api_depot_receive, name="api_depot_receive"),
    path("etablissements/<slug:uai>/depots/<int:pk>/", api_depot.api_depot_detail, name="api_depot_detail"),
]
_chargements = [
    path("<int:pk>/", chargements.chargement_detail, name="chargement_detail"),
    path("<int:pk>/appliquer/", chargements.chargement_apply, name="chargement_apply"),
    path("<int:pk>/abandonner/", chargements.chargement_abandon, name="chargement_abandon"),
]
_etablissement = [
    path("", accueil.etablissement_detail, name="etablissement_detail"),
    path("fichiers/", fichiers.file_upload, name="file_upload"),
    path("chargements/", include(_chargements)),
    path("depots/", include(_depots)),
    path("jetons/", include(_jetons)),
    path("listes/<slug:slug>/", listes.liste_detail, name="liste_detail"),
    path("listes/<slug:slug>.<slug:extension>", listes.liste_export, name="liste_export"),
    path("doublons/<int:pk>/", doublons.doublon_detail, name="doublon_detail"),
    path("eleves/<path:eleve_id>/", eleves.eleve_detail, name="eleve_detail"),
    path("ent/", ent.ent_detail, name="ent_detail"),
    path("exemples/", exemples.exemple_list, name="exemple_list"),
    path("exemples/<str:nom>", exemples.exemple_download, name="exemple_download"),
]

urlpatterns = [
    path("", accueil.home, name="home"),
    path("etablissements/<slug:uai>/", include(_etablissement)),
    path("api/", include(_api)),
    path("recherche/", recherche.search, name="search"),
    path("academies/<slug:code>/horloge/avancer/", horloge.horloge_advance, name="horloge_advance"),
    path("academies/<slug:code>/horloge/", horloge.horloge_progress, name="horloge_progress"),
    path("aide/", pages.aide, name="aide"),
    path("aide/regles/", pages.regles, name="regles"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
]
