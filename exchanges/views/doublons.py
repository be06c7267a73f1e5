"""Two fiches that may be one person, side by side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from exchanges.enums import Relais
from exchanges.models import Constat, Etablissement
from exchanges.propagation.calendrier import calendrier_de
from exchanges.reports.constats import ELEVES_EN_DOUBLE, RESPONSABLES_EN_DOUBLE
from exchanges.reports.doublons import Cout, compare_fiches, weigh_cost
from exchanges.reports.listes import LISTES_PAR_SLUG
from exchanges.views.perimetre import get_etablissement


COULEURS = {"forte": "attention", "moyenne": "info", "faible": "neutre"}


def doublon_detail(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """The two fiches, what differs, which one to keep, what the merge costs today."""
    etablissement = get_etablissement(request, uai)
    doublons = etablissement.constats.filter(liste__in=[RESPONSABLES_EN_DOUBLE, ELEVES_EN_DOUBLE])
    constat = get_object_or_404(doublons, pk=pk)
    constat.etablissement = etablissement
    comparaison = compare_fiches(constat)
    if comparaison is None:
        raise Http404
    context = {
        "constat": constat,
        "couleur": COULEURS[constat.confiance],
        "liste": LISTES_PAR_SLUG[constat.liste],
        "comparaison": comparaison,
        "cout": _cost(request, etablissement, constat),
    }
    return render(request, "exchanges/doublon_detail.html", context)


def _cost(request: HttpRequest, etablissement: Etablissement, constat: Constat) -> Cout:
    """What the merge costs if it is made now, on the académie's clock."""
    maintenant = request.horloge.maintenant
    calendrier = calendrier_de(etablissement)
    complet = calendrier.next_complet(maintenant)
    ent = calendrier.relais_from(complet)[Relais.ENT]
    return weigh_cost(etablissement, constat, maintenant.date(), complet.date(), ent.date())
