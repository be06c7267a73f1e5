"""Addresses: health, accounts, configuration, then the product at the root."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from entsite import comptes, health, oidc
from entsite.essais import ConnexionAdministrationForm


admin.site.login_form = ConnexionAdministrationForm


urlpatterns = [
    path("sante/", health.live, name="health_live"),
    path("sante/pret/", health.ready, name="health_ready"),
    path("connexion/", comptes.ConnexionView.as_view(), name="login"),
    path("connexion/oidc/", oidc.oidc_start, name="oidc_start"),
    path("connexion/oidc/retour/", oidc.oidc_return, name="oidc_authentication_callback"),
    path("deconnexion/", auth.LogoutView.as_view(), name="logout"),
    path("mot-de-passe/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("mot-de-passe/change/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "mot-de-passe/oubli/",
        auth.PasswordResetView.as_view(form_class=comptes.ReinitialisationForm),
        name="password_reset",
    ),
    path("mot-de-passe/oubli/envoye/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "mot-de-passe/nouveau/<uidb64>/<token>/",
        comptes.NouveauMotDePasseView.as_view(),
        name="password_reset_confirm",
    ),
    path("mot-de-passe/nouveau/fait/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("administration/", admin.site.urls),
    path("", include("checklists.urls")),
    path("", include("exchanges.urls")),
]

handler500 = "entsite.errors.unexpected_error"
