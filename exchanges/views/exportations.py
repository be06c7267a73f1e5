"""What the relays received on a day, to download: first what an ENT would swallow without a word."""

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from exchanges.enums import GenreAAF, Relais
from exchanges.forms import JourForm
from exchanges.models import ProjetENT
from exchanges.pipeline.exportations import (
    explain_absence,
    judge_aaf,
    judge_gar,
    write_aaf,
    write_gar,
    write_moodle,
)
from exchanges.propagation.horloge import Horloge
from exchanges.reports.exportations import (
    Perimetre,
    Rapport,
    RienAExporter,
    perimetre_of,
    perimetres_of,
    read_noms,
    sum_constats,
)
from exchanges.views.fragments import render_page
from exchanges.views.perimetre import get_etablissement, get_projet, visible_etablissements


ECOLES_DITES = 20


def exportation_list(request: HttpRequest, uai: str) -> HttpResponseBase:
    """The exports of a school on a day, each with its report."""
    etablissement = get_etablissement(request, uai)
    perimetre = perimetre_of(etablissement)
    aujourd_hui = request.horloge.maintenant.date()
    jour = JourForm(request.GET).read(aujourd_hui)["jour"]
    exports = [
        _describe(perimetre, "Annuaire académique : complet", ("aaf-complet",), _judge(GenreAAF.COMPLET), jour),
        _describe(
            perimetre, "Annuaire académique : delta depuis la veille", ("aaf-delta",), _judge(GenreAAF.DELTA), jour
        ),
        _describe(perimetre, "GAR", ("gar", "gar-md5"), lambda p, j: judge_gar(p, j).rapport, jour),
        _describe(perimetre, "Moodle", ("moodle-cohortes", "moodle-membres"), _judge_moodle, jour),
    ]
    context = {"jour": jour, "aujourd_hui": aujourd_hui, "exports": exports}
    return render_page(request, "exchanges/exportation_list.html", "exchanges/_exportation_list.html", context)


def _judge(genre: GenreAAF) -> Callable[[Perimetre, date], Rapport]:
    return lambda perimetre, jour: judge_aaf(perimetre, genre, jour)


def _judge_moodle(perimetre: Perimetre, jour: date) -> Rapport:
    if motif := explain_absence(perimetre, Relais.MOODLE, jour):
        raise RienAExporter(motif)
    return Rapport()


def _describe(
    perimetre: Perimetre,
    titre: str,
    fichiers: tuple[str, ...],
    judge: Callable[[Perimetre, date], Rapport],
    jour: date,
) -> dict[str, object]:
    """A section of the page: its files and its report, or why there is nothing."""
    try:
        rapport = judge(perimetre, jour)
    except RienAExporter as exc:
        return {"titre": titre, "motif": str(exc), "fichiers": [], "trouvailles": [], "has_rupture": False}
    noms = read_noms(perimetre, rapport)
    trouvailles = [
        (trouvees, [(noms.get(identifiant) or identifiant, message) for _, identifiant, message in trouvees.lignes])
        for trouvees in rapport
    ]
    return {
        "titre": titre,
        "motif": "",
        "fichiers": [(quoi, LIBELLES[quoi]) for quoi in fichiers],
        "trouvailles": trouvailles,
        "has_rupture": rapport.has_rupture,
    }


def exportation_download(request: HttpRequest, uai: str, quoi: str) -> HttpResponseBase:
    """One file of a school."""
    perimetre = perimetre_of(get_etablissement(request, uai))
    return _send(request, perimetre, quoi, reverse("exchanges:exportation_list", args=[uai]))


def exportation_projet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The exports of all the schools of a projet that the user sees, académie by académie."""
    projet = get_projet(request, pk)
    perimetres = _perimetres(request, projet)
    jours = (Horloge(perimetre.academie).maintenant.date() for perimetre in perimetres)
    aujourd_hui = max(jours, default=timezone.localdate())
    jour = JourForm(request.GET).read(aujourd_hui)["jour"]
    sections = [_describe_projet(perimetre, jour) for perimetre in perimetres]
    context = {"jour": jour, "aujourd_hui": aujourd_hui, "projet": projet, "sections": sections}
    return render_page(request, "exchanges/exportation_projet.html", "exchanges/_exportation_projet.html", context)


def _describe_projet(perimetre: Perimetre, jour: date) -> dict[str, object]:
    fin = datetime.combine(jour, time.max, ZoneInfo(perimetre.academie.fuseau))
    fichiers, motifs = [], {}
    for relais, noms in FICHIERS.items():
        if motif := explain_absence(perimetre, relais, jour):
            motifs[motif] = None
        else:
            fichiers += [(quoi, LIBELLES[quoi]) for quoi in noms]
    return {
        "academie": perimetre.academie,
        "ecoles": perimetre.etablissements.count(),
        "fichiers": fichiers,
        "motifs": list(motifs),
        "constats": [
            {"regle": regle, "nombre": nombre, "ecoles": ecoles[:ECOLES_DITES], "autres": len(ecoles) - ECOLES_DITES}
            for regle, nombre, ecoles in sum_constats(perimetre, fin)
        ],
    }


def exportation_projet_download(request: HttpRequest, pk: int, code: str, quoi: str) -> HttpResponseBase:
    """One file of the schools of a projet in one académie."""
    perimetres = _perimetres(request, get_projet(request, pk))
    perimetre = next((perimetre for perimetre in perimetres if perimetre.academie.code == code), None)
    if perimetre is None:
        raise Http404
    return _send(request, perimetre, quoi, reverse("exchanges:exportation_projet", args=[pk]))


def _perimetres(request: HttpRequest, projet: ProjetENT) -> list[Perimetre]:
    """The schools of a projet that the user sees, académie by académie."""
    return perimetres_of(projet, visible_etablissements(request))


LIBELLES = {
    "aaf-complet": "Archive du complet (.tgz)",
    "aaf-delta": "Archive du delta (.tgz)",
    "gar": "Archive du GAR (.tar.gz)",
    "gar-md5": "Somme de contrôle (.md5)",
    "moodle-cohortes": "Cohortes (.csv)",
    "moodle-membres": "Membres des cohortes (.csv)",
}
FICHIERS = {
    Relais.AAF: ("aaf-complet", "aaf-delta"),
    Relais.GAR: ("gar", "gar-md5"),
    Relais.MOODLE: ("moodle-cohortes", "moodle-membres"),
}


def _send(request: HttpRequest, perimetre: Perimetre, quoi: str, retour: str) -> HttpResponseBase:
    """The file asked for, from a temporary one; back to the page with the reason when there is none."""
    if quoi not in _ECRIVAINS:
        raise Http404
    jour = JourForm(request.GET).read(Horloge(perimetre.academie).maintenant.date())["jour"]
    try:
        nom, flux = _ECRIVAINS[quoi](perimetre, jour)
    except (RienAExporter, ValueError) as exc:
        messages.error(request, str(exc))
        return redirect(f"{retour}?jour={jour.isoformat()}")
    response = FileResponse(flux, as_attachment=True, filename=nom)
    response["Cache-Control"] = "no-store"
    return response


def _write_aaf(genre: GenreAAF) -> Callable[[Perimetre, date], tuple[str, IO[bytes]]]:
    return lambda perimetre, jour: _spool(lambda sortie: write_aaf(perimetre, genre, jour, sortie).nom)


def _write_gar(perimetre: Perimetre, jour: date) -> tuple[str, IO[bytes]]:
    return _spool(lambda sortie: write_gar(perimetre, jour, sortie).nom)


def _spool(write: Callable[[IO[bytes]], str]) -> tuple[str, IO[bytes]]:
    """A name and a stream to send, closed with the response; closed at once when writing fails."""
    flux = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        nom = write(flux)
    except BaseException:
        flux.close()
        raise
    flux.seek(0)
    return nom, flux


def _write_md5(perimetre: Perimetre, jour: date) -> tuple[str, IO[bytes]]:
    with TemporaryFile() as sortie:
        export = write_gar(perimetre, jour, sortie)
    return export.nom.replace(".tar.gz", ".md5"), BytesIO(export.md5.encode())


def _write_cohortes(perimetre: Perimetre, jour: date) -> tuple[str, IO[bytes]]:
    export = write_moodle(perimetre, jour)
    return export.fichiers[0], BytesIO(export.cohortes)


def _write_membres(perimetre: Perimetre, jour: date) -> tuple[str, IO[bytes]]:
    export = write_moodle(perimetre, jour)
    return export.fichiers[1], BytesIO(export.membres)


_ECRIVAINS: dict[str, Callable[[Perimetre, date], tuple[str, IO[bytes]]]] = {
    "aaf-complet": _write_aaf(GenreAAF.COMPLET),
    "aaf-delta": _write_aaf(GenreAAF.DELTA),
    "gar": _write_gar,
    "gar-md5": _write_md5,
    "moodle-cohortes": _write_cohortes,
    "moodle-membres": _write_membres,
}
