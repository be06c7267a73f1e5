"""Signing in with the académie's identity provider (OpenID Connect), beside local accounts.

The provider says who somebody is, never what she may do: it opens an existing, active account of the same e-mail
address, and creates or changes nothing. Off unless ``OIDC_RP_CLIENT_ID`` is in the environment.
"""

import logging
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView


logger = logging.getLogger(__name__)

# What a provider that is down, misconfigured or lying makes the library raise.
ECHECS = (SuspiciousOperation, requests.RequestException, jwt.PyJWTError, KeyError, ValueError)


class ExistingAccountBackend(OIDCAuthenticationBackend):
    """The library's backend, closed on accounts that exist, with the checks of the token that it leaves out."""

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> AbstractUser | None:
        """Only on the way back from the provider, where a nonce is known: never on the login form."""
        return super().authenticate(request, **kwargs) if kwargs.get("nonce") else None

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Signature and nonce, then who made it and for whom (OpenID Connect Core, 3.1.3.7)."""
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        destinataires = payload.get("aud")
        if isinstance(destinataires, str):
            destinataires = [destinataires]
        if payload.get("iss") != settings.OIDC_OP_ISSUER or self.OIDC_RP_CLIENT_ID not in (destinataires or []):
            raise SuspiciousOperation("The token is not for this site, or not of this provider.")
        if "nonce" in kwargs and "exp" not in payload:
            raise SuspiciousOperation("The token never expires.")
        return payload

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The claims about the very person of the token (5.3.2)."""
        infos: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if infos.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("The claims are about somebody else.")
        return infos

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """An address, which the provider does not say to be unverified."""
        return bool(claims.get("email")) and claims.get("email_verified", True) in (True, "true")

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[Any]:
        """The active account of this address; several accounts of one address open none."""
        users: QuerySet[Any] = super().filter_users_by_claims(claims)
        return users.filter(is_active=True)

    def get_user(self, user_id: int) -> AbstractUser | None:
        """The account of a session, unless it has been deactivated since (the library does not look)."""
        user: AbstractUser | None = super().get_user(user_id)
        return user if user and user.is_active else None


class _CallbackView(OIDCAuthenticationCallbackView):
    @property
    def failure_url(self) -> str:
        return f"{reverse('login')}?echec=1"


@login_not_required
def oidc_start(request: HttpRequest) -> HttpResponse:
    """Leave for the provider's own login page."""
    if not settings.OIDC_RP_CLIENT_ID:
        raise Http404
    response: HttpResponse = OIDCAuthenticationRequestView.as_view()(request)
    return response


@login_not_required
def oidc_return(request: HttpRequest) -> HttpResponse:
    """Come back from it, signed in; whatever goes wrong leads to the login page, which says what to do."""
    if not settings.OIDC_RP_CLIENT_ID:
        raise Http404
    view = _CallbackView.as_view()
    try:
        response: HttpResponse = view(request)
    except ECHECS as exc:
        logger.warning("Sign-in by the identity provider failed: %s", type(exc).__name__)
        return redirect(f"{reverse('login')}?echec=1")
    return response
