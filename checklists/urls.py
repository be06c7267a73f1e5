"""Addresses of the guided rentrée, under that of its school."""

from django.urls import include, path

from checklists.views import certificats, etapes, parcours, pieces, rentree


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

urlpatterns = [path("etablissements/<slug:uai>/rentree/", include(_rentree))]
