"""Which rentrée is being prepared: its millésime, its first day, its settings."""

from dataclasses import dataclass
from datetime import date

from checklists.enums import Variante
from checklists.etapes import Reglage, ouverture_de_la_saison
from checklists.models import ProfilRentree
from exchanges.enums import EtatChargement, TypeFichier
from exchanges.models import Etablissement, FichierCharge


_VARIANTES = {"CLG": Variante.COLLEGE, "LP": Variante.LP, "SEP": Variante.LP}


@dataclass(frozen=True)
class Rentree:
    """One rentrée of one school.

    Attributes:
        annee: millésime (« 2026 » for 2026-2027).
        jour: first day of the élèves.
        is_profil: whether somebody has set it up, or everything is as the files suggest.
    """

    etablissement: Etablissement
    annee: str
    jour: date
    reglage: Reglage
    is_profil: bool

    @property
    def libelle(self) -> str:
        """« 2026-2027 »."""
        return f"{self.annee}-{int(self.annee) + 1}"


def find_rentree(etablissement: Etablissement, aujourd_hui: date) -> Rentree | None:
    """The rentrée that a school prepares or has just made.

    The school's own calendar decides: that of its SIECLE base, unless a date was given. The next rentrée takes over on
    the day when its first step opens, a year after this one as long as nobody said otherwise.

    Returns:
        ``None`` when no file gives a calendar and nobody gave a date.
    """
    profils = {profil.annee: profil for profil in etablissement.profils_rentree.all()}
    annee = etablissement.annee or max(profils, default="")
    jour = _jour(etablissement, profils.get(annee))
    if not annee or jour is None:
        return None
    suivante = str(int(annee) + 1)
    jour_suivant = _jour_donne(profils.get(suivante)) or _add_year(jour)
    if aujourd_hui >= ouverture_de_la_saison(jour_suivant):
        annee, jour = suivante, jour_suivant
    profil = profils.get(annee) or profils.get(str(int(annee) - 1))
    reglage = profil.reglage if profil else Reglage(default_variante(etablissement))
    return Rentree(etablissement, annee, jour, reglage, annee in profils)


def default_variante(etablissement: Etablissement) -> Variante:
    """The kind of school that its type suggests; a collège when nothing is known."""
    if not etablissement.type:
        return Variante.COLLEGE
    return _VARIANTES.get(etablissement.type, Variante.LYCEE)


def _jour(etablissement: Etablissement, profil: ProfilRentree | None) -> date | None:
    if jour := _jour_donne(profil):
        return jour
    jour = etablissement.debut_eleves
    for _ in range(_annees_de_retard(etablissement) if jour else 0):
        jour = _add_year(jour)
    return jour


def _annees_de_retard(etablissement: Etablissement) -> int:
    """By how many years the calendar is older than the base: STS opens the next year before SIECLE dates it."""
    communs = FichierCharge.objects.filter(
        chargement__etablissement=etablissement,
        chargement__etat=EtatChargement.APPLIQUE,
        type=TypeFichier.COMMUN,
    )
    annee = communs.order_by("chargement__applique_le", "pk").values_list("annee", flat=True).last()
    return max(0, int(etablissement.annee) - int(annee)) if annee and etablissement.annee else 0


def _jour_donne(profil: ProfilRentree | None) -> date | None:
    return profil.date_rentree if profil else None


def _add_year(jour: date) -> date:
    """The same day a year later; 29 February becomes the 28th."""
    if (jour.month, jour.day) == (2, 29):
        return date(jour.year + 1, 2, 28)
    return jour.replace(year=jour.year + 1)
