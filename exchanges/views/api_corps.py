"""The ZIP in the body of an automatic deposit: bare, with its name in a header, or as a form would send it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from exchanges.views.api import Refus


TYPES_ZIP = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
FORMULAIRE = "multipart/form-data"
CHUNK = 64 * 1024


@contextmanager
def open_zip(request: HttpRequest) -> Iterator[tuple[str, BinaryIO]]:
    """The name and the seekable stream of the file sent; it is on disk, never in memory, and gone afterwards.

    The site's limit on the size of a request is enforced before this (``entsite.middleware``).

    Raises:
        Refus: 400 no name, no file or half a file; 411 no length; 415 not a ZIP by its declared type.
    """
    if not request.headers.get("Content-Length") or "Transfer-Encoding" in request.headers:
        raise Refus(
            411,
            "longueur_absente",
            "La requête ne dit pas la longueur du fichier. Rien n'a été déposé.",
            "Envoyez l'en-tête « Content-Length », sans envoi par morceaux (chunked).",
        )
    if request.content_type == FORMULAIRE:
        yield _one_of_form(request)
    elif request.content_type in TYPES_ZIP:
        nom = _read_nom(request)
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as flux:
            _copy_body(request, flux)
            yield nom, flux
    else:
        raise Refus(
            415,
            "type_inattendu",
            f"Le type « {request.content_type or 'absent'} » n'est pas accepté. Rien n'a été déposé.",
            f"Envoyez le ZIP avec « Content-Type: application/zip », ou dans un formulaire « {FORMULAIRE} ».",
            {"Accept": f"application/zip, {FORMULAIRE}"},
        )


def _one_of_form(request: HttpRequest) -> tuple[str, BinaryIO]:
    fichiers = [fichier for _, liste in request.FILES.lists() for fichier in liste]
    if len(fichiers) != 1:
        raise Refus(
            400,
            "un_seul_fichier",
            f"Le formulaire contient {len(fichiers)} fichiers, il en faut un. Rien n'a été déposé.",
            "Envoyez un seul ZIP par requête.",
        )
    return fichiers[0].name, fichiers[0]


def _read_nom(request: HttpRequest) -> str:
    _, parametres = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    nom = request.headers.get("X-Nom-Fichier", "").strip() or parametres.get("filename", "")
    if not nom:
        raise Refus(
            400,
            "nom_absent",
            "La requête ne dit pas le nom du fichier, que SIECLE contrôle. Rien n'a été déposé.",
            "Envoyez l'en-tête « X-Nom-Fichier » avec le nom donné par EDT ou PRONOTE, sans le changer.",
        )
    return nom


def _copy_body(request: HttpRequest, flux: BinaryIO) -> None:
    recus = 0
    while bloc := request.read(CHUNK):
        flux.write(bloc)
        recus += len(bloc)
    if recus != int(request.headers["Content-Length"]):
        raise Refus(
            400,
            "envoi_interrompu",
            "Le fichier est arrivé incomplet. Rien n'a été déposé.",
            "Renvoyez la même requête.",
        )
