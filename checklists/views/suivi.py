"""A school, or some schools, that the user follows for an académie: the pages of the DANE start here."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from checklists.pilotage.filtre import AcademieFiltre, read_facettes
from checklists.views.perimetre import followed_academies, followed_etablissements, require_follower
from exchanges.models import Academie, Etablissement
from exchanges.views.context import show_horloge


@dataclass(frozen=True)
class Selection:
    """Schools chosen by the user.

    Attributes:
        etablissements: those of her perimeter, by name.
        inconnus: the UAI asked for that she does not follow.
        ignores: the filters asked for that do not exist (any more); then no school is chosen, rather than too many.
    """

    etablissements: tuple[Etablissement, ...]
    inconnus: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()

    @property
    def academie(self) -> Academie | None:
        """Their académie, when they have one in common."""
        academies = {etablissement.academie for etablissement in self.etablissements}
        return academies.pop() if len(academies) == 1 else None

    @property
    def uais(self) -> str:
        """Their UAI, as a form carries them."""
        return " ".join(etablissement.uai for etablissement in self.etablissements)


def get_followed(request: HttpRequest, uai: str) -> Etablissement:
    """A school that the user follows; its hours become those of the page.

    Raises:
        Http404: it does not exist, or she does not follow it for an académie.
    """
    etablissement = get_object_or_404(followed_etablissements(request).select_related("compteurs"), uai=uai)
    show_horloge(request, etablissement.academie)
    return etablissement


def show_only_horloge(request: HttpRequest) -> None:
    """The clock of the académie that the user follows, on a page about all of hers, when there is only one."""
    academies = list(followed_academies(request)[:2])
    if len(academies) == 1:
        show_horloge(request, academies[0])


def read_selection(request: HttpRequest, donnees: QueryDict) -> Selection:
    """The schools that an address or a form names: ``uai``, ``uais``, or all those of a filter (``tous``).

    Raises:
        Http404: the user follows no académie.
    """
    require_follower(request)
    suivis = followed_etablissements(request).select_related("compteurs").order_by("denomination", "uai")
    if donnees.get("tous"):
        filtre = AcademieFiltre(donnees, facettes=read_facettes(followed_etablissements(request)))
        if filtre.ignores:
            return Selection((), ignores=tuple(filtre.ignores))
        return _open(request, Selection(tuple(filtre.filter(suivis))))
    uais = {*donnees.getlist("uai"), *donnees.get("uais", "").split()}
    trouves = tuple(suivis.filter(uai__in=uais))
    inconnus = uais - {etablissement.uai for etablissement in trouves}
    return _open(request, Selection(trouves, tuple(sorted(inconnus))))


def _open(request: HttpRequest, selection: Selection) -> Selection:
    if selection.academie:
        show_horloge(request, selection.academie)
    return selection


def get_selection(request: HttpRequest, donnees: QueryDict) -> tuple[Selection, Academie]:
    """The same, for what is said to schools of one académie.

    Raises:
        Http404: no school, or schools of several académies.
    """
    selection = read_selection(request, donnees)
    return selection, require_academie(selection)


def require_academie(selection: Selection) -> Academie:
    """The académie of chosen schools.

    Raises:
        Http404: no school, or schools of several académies.
    """
    if selection.academie is None:
        raise Http404
    return selection.academie
