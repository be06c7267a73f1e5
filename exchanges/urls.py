"""Paths are French (people read them), names are noun then English verb."""

from django.urls import include, path

from exchanges.views import (
    academies,
    accueil,
    annuaires,
    api_depot,
    chargements,
    comptes,
    comptes_actions,
    comptes_import,
    comptes_rendus,
    corrections,
    depots,
    doublons,
    eleves,
    ent,
    exemples,
    exportations,
    exports,
    fichiers,
    frise,
    horloge,
    jetons,
    journaux,
    listes,
    pages,
    parcours,
    projets,
    recherche,
    suppleances,
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
_sts = [
    path("exports/<slug:quoi>/", exports.export_do, name="export_do"),
    path("journal-sts/", journaux.journal_list, name="journal_list"),
    path("journal-sts/<int:pk>/", journaux.journal_detail, name="journal_detail"),
    path("journal-sts/<int:pk>.<slug:extension>", journaux.journal_export, name="journal_export"),
    path("remplacements/", suppleances.suppleance_list, name="suppleance_list"),
    path("remplacements/rep/", suppleances.remplacement_new, name="remplacement_new"),
    path("remplacements/sup/", suppleances.suppleance_new, name="suppleance_new"),
    path("remplacements/<int:pk>/annuler/", suppleances.suppleance_cancel, name="suppleance_cancel"),
]
_frise = [
    path("", frise.frise_detail, name="frise_detail"),
    path("<int:pk>/", frise.passage_detail, name="passage_detail"),
    path("<int:pk>/laisser-passer/", frise.passage_release, name="passage_release"),
    path("<int:pk>/pas-eu-lieu/", frise.passage_skip, name="passage_skip"),
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
    path("enseignants/<slug:genre>/<str:sts_id>/", parcours.individu_detail, name="individu_detail"),
    path("responsables/<str:personne_id>/", parcours.responsable_detail, name="responsable_detail"),
    path("classes/<path:code>/", parcours.division_detail, name="division_detail"),
    path("groupes/<path:code>/", parcours.groupe_detail, name="groupe_detail"),
    path("ent/", ent.ent_detail, name="ent_detail"),
    path("frise/", include(_frise)),
    path("", include(_sts)),
    path("exports/", exportations.exportation_list, name="exportation_list"),
    path("exports/fichiers/<slug:quoi>", exportations.exportation_download, name="exportation_download"),
    path("exemples/", exemples.exemple_list, name="exemple_list"),
    path("exemples/<str:nom>", exemples.exemple_download, name="exemple_download"),
]

_comptes = [
    path("", comptes.compte_list, name="compte_list"),
    path("nouveau/", comptes.compte_create, name="compte_create"),
    path("importer/", comptes_import.compte_import, name="compte_import"),
    path("importer/appliquer/", comptes_import.compte_import_apply, name="compte_import_apply"),
    path("importer/modele.csv", comptes_import.compte_import_model, name="compte_import_model"),
    path("<int:pk>/", comptes.compte_detail, name="compte_detail"),
    path("<int:pk>/modifier/", comptes.compte_update, name="compte_update"),
    path("<int:pk>/roles/", comptes_actions.compte_role_give, name="compte_role_give"),
    path("<int:pk>/roles/<int:role_pk>/retirer/", comptes_actions.compte_role_take, name="compte_role_take"),
    path("<int:pk>/activer/", comptes_actions.compte_activate, name="compte_activate"),
    path("<int:pk>/desactiver/", comptes_actions.compte_deactivate, name="compte_deactivate"),
    path("<int:pk>/inviter/", comptes_actions.compte_invite, name="compte_invite"),
]

_academies = [
    path("", academies.academie_list, name="academie_list"),
    path("nouvelle/", academies.academie_create, name="academie_create"),
    path("<slug:code>/modifier/", academies.academie_edit, name="academie_edit"),
]

_projets = [
    path("", projets.projet_list, name="projet_list"),
    path("nouveau/", projets.projet_create, name="projet_create"),
    path("<int:pk>/", projets.projet_detail, name="projet_detail"),
    path("<int:pk>/modifier/", projets.projet_edit, name="projet_edit"),
    path("<int:pk>/exports/", exportations.exportation_projet, name="exportation_projet"),
    path(
        "<int:pk>/exports/<str:code>/<slug:quoi>",
        exportations.exportation_projet_download,
        name="exportation_projet_download",
    ),
]

urlpatterns = [
    path("", accueil.home, name="home"),
    path("etablissements/<slug:uai>/", include(_etablissement)),
    path("api/", include(_api)),
    path("comptes/", include(_comptes)),
    path("annuaires/etablissements/", annuaires.annuaire_import, name="annuaire_import"),
    path("annuaires/etablissements/appliquer/", annuaires.annuaire_apply, name="annuaire_apply"),
    path("academies/", include(_academies)),
    path("projets/", include(_projets)),
    path("recherche/", recherche.search, name="search"),
    path("academies/<slug:code>/horloge/avancer/", horloge.horloge_advance, name="horloge_advance"),
    path("academies/<slug:code>/horloge/", horloge.horloge_progress, name="horloge_progress"),
    path("academies/<slug:code>/horloge/debut/", horloge.horloge_reset, name="horloge_reset"),
    path(
        "academies/<slug:code>/horloge/debut/en-cours/", horloge.horloge_reset_progress, name="horloge_reset_progress"
    ),
    path("aide/", pages.aide, name="aide"),
    path("aide/regles/", pages.regles, name="regles"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
]
