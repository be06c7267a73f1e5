"""Addresses of the guided rentrée, under that of its school."""

from django.urls import include, path

from checklists.diagnostic import Genre
from checklists.views import (
    academie,
    annonces,
    api,
    cartes,
    certificats,
    consultations,
    ecole,
    etapes,
    jetons,
    messages,
    parcours,
    pieces,
    pourquoi,
    rentree,
    veille,
)


app_name = "checklists"

_etape = [
    path("", etapes.etape_detail, name="etape_detail"),
    path("declarer/", etapes.etape_declare, name="etape_declare"),
    path("retirer/", etapes.etape_withdraw, name="etape_withdraw"),
    path("confier/", etapes.etape_assign, name="etape_assign"),
    path("commenter/", etapes.etape_comment, name="etape_comment"),
    path("pieces/", pieces.piece_add, name="piece_add"),
    path("pieces/<int:pk>/", pieces.piece_download, name="piece_download"),
    path("pieces/<int:pk>/supprimer/", pieces.piece_delete, name="piece_delete"),
]
_rentree = [
    path("", rentree.rentree_detail, name="rentree_detail"),
    path("reglages/", rentree.profil_edit, name="profil_edit"),
    path("rappels/", rentree.rappel_edit, name="rappel_edit"),
    path("rentree.pdf", rentree.rentree_pdf, name="rentree_pdf"),
    path("rentree.ics", rentree.rentree_ics, name="rentree_ics"),
    path("etapes/<slug:numero>/", include(_etape)),
    path("parcours/", parcours.parcours_list, name="parcours_list"),
    path("parcours/<slug:slug>/", parcours.parcours_detail, name="parcours_detail"),
    path("netsynchro/", certificats.certificat_detail, name="certificat_detail"),
]

_pourquoi = [
    path("", pourquoi.pourquoi, name="pourquoi"),
    path(
        "enseignants/<slug:type_individu>/<str:cle>/",
        pourquoi.pourquoi_detail,
        {"genre": Genre.INDIVIDU},
        name="pourquoi_enseignants",
    ),
    *(
        path(f"{genre}/<path:cle>/", pourquoi.pourquoi_detail, {"genre": genre}, name=f"pourquoi_{genre}")
        for genre in Genre
        if genre != Genre.INDIVIDU
    ),
]
_jetons = [
    path("", jetons.academie_jetons, name="academie_jetons"),
    path("<slug:code>/", jetons.academie_jeton_list, name="academie_jeton_list"),
    path("<slug:code>/<int:pk>/revoquer/", jetons.academie_jeton_revoke, name="academie_jeton_revoke"),
]
_suivi = [
    path("", ecole.school_detail, name="school_detail"),
    path("notes/", ecole.note_add, name="note_add"),
    path("notes/<int:pk>/supprimer/", ecole.note_delete, name="note_delete"),
    path("voir-comme/", consultations.consultation_start, name="consultation_start"),
]
_academie = [
    path("", academie.dashboard, name="dashboard"),
    path("etablissements.<slug:extension>", academie.dashboard_export, name="dashboard_export"),
    path("etablissements/<slug:uai>/apercu/", academie.school_panel, name="school_panel"),
    path("vues/", academie.vue_save, name="vue_save"),
    path("vues/<int:pk>/supprimer/", academie.vue_delete, name="vue_delete"),
    path("carte/", cartes.heatmap, name="heatmap"),
    path("tendance/", cartes.tendance, name="tendance"),
    path("etablissements/<slug:uai>/", include(_suivi)),
    path("voir-comme/quitter/", consultations.consultation_end, name="consultation_end"),
    path("selection/", messages.selection, name="selection"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/nouveau/", messages.message_new, name="message_new"),
    path("messages/<int:pk>/", messages.message_detail, name="message_detail"),
    path("messages/<int:pk>/renvoyer/", messages.message_retry, name="message_retry"),
    path("annonces/", annonces.annonce_list, name="annonce_list"),
    path("annonces/nouvelle/", annonces.annonce_new, name="annonce_new"),
    path("annonces/<int:pk>/", annonces.annonce_detail, name="annonce_detail"),
    path("annonces/<int:pk>/retirer/", annonces.annonce_withdraw, name="annonce_withdraw"),
    path("veille/", veille.veille_list, name="veille_list"),
    path("veille/<slug:code>/", veille.veille_detail, name="veille_detail"),
    path("jetons/", include(_jetons)),
]
_api = [
    path("etablissements/", api.api_etablissement_list, name="api_etablissement_list"),
    path("etablissements/<slug:uai>/", api.api_etablissement_detail, name="api_etablissement_detail"),
    path("etablissements/<slug:uai>/echanges/", api.api_echange_list, name="api_echange_list"),
    path("etablissements/<slug:uai>/passages/", api.api_passage_list, name="api_passage_list"),
    path("releves/", api.api_releve_list, name="api_releve_list"),
]

urlpatterns = [
    path("etablissements/<slug:uai>/rentree/", include(_rentree)),
    path("etablissements/<slug:uai>/pourquoi/", include(_pourquoi)),
    path("academie/", include(_academie)),
    path("etablissements/<slug:uai>/annonces/<int:pk>/fermer/", annonces.annonce_dismiss, name="annonce_dismiss"),
    path("etablissements/<slug:uai>/consultations/", consultations.consultation_list, name="consultation_list"),
    path("api/academies/<slug:code>/", include(_api)),
    path("api/schema.json", api.api_schema, name="api_schema"),
]
