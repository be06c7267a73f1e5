"""Signing in, first login and forgotten password: Django's own views, with what this site adds to them."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from entsite.essais import RALENTI, EssaisForm, forget_essais
from exchanges.pipeline.invitations import expire_le


DISTINCTS_MIN = 6


class ConnexionForm(EssaisForm):
    """An e-mail address is what most people sign in with: its capitals do not count."""

    error_messages = EssaisForm.error_messages | {
        "invalid_login": "L'identifiant ou le mot de passe n'est pas le bon. Attention aux majuscules."
    }

    def clean_username(self) -> str:
        """The name as it is kept."""
        username: str = self.cleaned_data["username"]
        return username.lower() if "@" in username else username


class ConnexionView(LoginView):
    """The login page; it offers the identity provider when there is one, and says so when that failed."""

    authentication_form = ConnexionForm
    redirect_authenticated_user = True

    def form_invalid(self, form: ConnexionForm) -> HttpResponse:
        """The page again, with what is wrong; 429 and the seconds to wait after too many wrong passwords."""
        page = self.render_to_response(self.get_context_data(form=form))
        for erreur in form.non_field_errors().as_data():
            if erreur.code == RALENTI:
                page.status_code, page["Retry-After"] = 429, str(erreur.params["attente"])
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``oidc_nom`` is empty when no provider is configured."""
        oidc = {"oidc_nom": settings.OIDC_NAME if settings.OIDC_RP_CLIENT_ID else "", "is_echec_oidc": False}
        return super().get_context_data(**kwargs) | oidc | {"is_echec_oidc": "echec" in self.request.GET}


class NouveauMotDePasseView(PasswordResetConfirmView):
    """A password chosen from a link; whoever has to wait for too many wrong ones waits no more."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it and forget the wrong ones."""
        forget_essais(form.user.get_username())
        return super().form_valid(form)


class ReinitialisationForm(PasswordResetForm):
    """A forgotten password, or one never chosen: whoever let her invitation expire gets a link as well."""

    def get_users(self, email: str) -> Any:
        """The active accounts of an address, those without a password included."""
        return get_user_model().objects.filter(email__iexact=email, is_active=True)

    def save(self, **kwargs: Any) -> None:
        """Send the links; the mail says until when they work."""
        kwargs["extra_email_context"] = {"expire_le": expire_le()} | (kwargs.get("extra_email_context") or {})
        super().save(**kwargs)


class DevinableValidator:
    """A password that is long but can be guessed: few distinct characters, or the names of the person's schools."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError, in French."""
        if len(set(password)) < DISTINCTS_MIN:
            raise ValidationError(
                f"Ce mot de passe répète toujours les mêmes caractères : il en faut {DISTINCTS_MIN} différents.",
                code="password_repeated",
            )
        for mot in _words_of(user):
            if mot in password.lower() and len(password) - len(mot) < DISTINCTS_MIN:
                raise ValidationError(
                    "Ce mot de passe est presque le nom ou le code de votre établissement : il se devine.",
                    code="password_of_school",
                )

    def get_help_text(self) -> str:
        """The rule as the page shows it."""
        return "Ni le nom ou l'UAI de votre établissement, ni une suite de caractères répétés."


def _words_of(user: Any) -> list[str]:
    if user is None or user.pk is None:
        return []
    ecoles = [h.etablissement for h in user.habilitations.select_related("etablissement") if h.etablissement]
    return [
        "entsite",
        *(mot.lower() for ecole in ecoles for mot in (ecole.uai, ecole.denomination, ecole.ville) if mot),
    ]
