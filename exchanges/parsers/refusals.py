"""The refusals that several modules raise, so that each is worded once."""

from exchanges.parsers import limits
from exchanges.parsers.errors import Code, FichierRefuse


REFAIRE = "Refaites l'export dans l'application d'origine, puis déposez le nouveau fichier."
REFAIRE_SANS_OUVRIR = (
    "Refaites l'export dans l'application d'origine et déposez le fichier sans l'ouvrir ni l'enregistrer."
)


def page_html(nom: str) -> FichierRefuse:
    """The refusal of a web page saved in place of an export."""
    return FichierRefuse(
        Code.PAGE_HTML,
        f"Le fichier « {nom} » est une page web, pas un export : votre session avait sans doute expiré "
        "au moment du téléchargement.",
        "Reconnectez-vous à l'application, refaites l'export, puis déposez le nouveau fichier.",
    )


def doctype(nom: str) -> FichierRefuse:
    """The refusal of a DOCTYPE: no real export has one, and entities are a known attack."""
    return FichierRefuse(
        Code.XML_DOCTYPE,
        f"Le fichier « {nom} » contient une déclaration DOCTYPE, qu'aucun export réel ne contient ; "
        "il est refusé par sécurité.",
        REFAIRE_SANS_OUVRIR,
    )


def too_large(nom: str, pourquoi: str) -> FichierRefuse:
    """The refusal of a file larger than any real export."""
    return FichierRefuse(
        Code.XML_TROP_GRAND,
        f"Le fichier « {nom} » est plus gros qu'aucun export réel : {pourquoi}.",
        "Vérifiez que c'est bien l'export attendu. S'il vient vraiment de l'application, prévenez l'assistance.",
    )


def too_deep(nom: str) -> FichierRefuse:
    """The refusal of elements nested deeper than any real export."""
    return FichierRefuse(
        Code.XML_TROP_PROFOND,
        f"Le fichier « {nom} » imbrique plus de {limits.MAX_PROFONDEUR} éléments les uns dans les autres, "
        "ce qu'aucun export réel ne fait.",
        "Vérifiez que c'est bien l'export attendu, puis refaites-le dans l'application d'origine.",
    )
