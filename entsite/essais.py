"""Wrong passwords are slowed: a few for an account, some more for an address, then a wait (``docs/decisions/0011``).

By account against who knows a name, by address against who tries one password on many. Only failures count for an
address: a whole school signs in from the same one on the morning of the rentrée. The quota of an account that does
not exist is the same, so that nothing is learned of who has one.
"""

from datetime import datetime
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from exchanges.pipeline.decomptes import Quota, count, forget, make_cle, read_solde
from exchanges.templatetags.entsite import pluriel
from exchanges.views.provenance import address_of


PAR_COMPTE = Quota(5, 300)
PAR_ADRESSE = Quota(30, 300)
RALENTI = "ralenti"  # code of the ValidationError; its ``params`` hold the seconds to wait


class EssaisForm(AuthenticationForm):
    """A form that tries no password while its account, or the address that it comes from, has to wait."""

    def clean(self) -> dict[str, Any]:
        """Count the try before the password is looked at, so that tries made at once are all counted."""
        identifiant, now = self.cleaned_data.get("username"), timezone.now()
        if not identifiant or not self.cleaned_data.get("password"):
            return super().clean()
        adresse = address_of(self.request)
        self._check(identifiant, adresse, now)
        try:
            valeurs = super().clean()
        except ValidationError:
            if adresse:
                count(make_cle("connexion-adresse", adresse), PAR_ADRESSE, now)
            raise
        forget_essais(identifiant)
        return valeurs

    def _check(self, identifiant: str, adresse: str, now: datetime) -> None:
        par_adresse = read_solde(make_cle("connexion-adresse", adresse), PAR_ADRESSE, now)
        if adresse and not par_adresse.reste:
            raise _wait("Trop de mots de passe faux depuis votre réseau. Attendez {}.", par_adresse.attente)
        par_compte = count(_cle_compte(identifiant), PAR_COMPTE, now)
        if par_compte.is_depasse:
            raise _wait(
                "Trop de mots de passe faux pour ce compte. Attendez {}, ou choisissez un nouveau mot de passe par "
                "« Mot de passe oublié ? ».",
                par_compte.attente,
            )


class ConnexionAdministrationForm(EssaisForm, AdminAuthenticationForm):
    """The login form of the configuration pages."""


def forget_essais(identifiant: str) -> None:
    """Let an account be tried again at once."""
    forget(_cle_compte(identifiant))


def _cle_compte(identifiant: str) -> str:
    return make_cle("connexion-compte", identifiant.strip().lower())


def _wait(phrase: str, secondes: int) -> ValidationError:
    minutes = -(-secondes // 60)
    return ValidationError(
        phrase.format(f"{minutes} {pluriel(minutes, 'minute')}"), code=RALENTI, params={"attente": secondes}
    )
