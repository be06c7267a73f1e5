"""Files left beside a step: add, read, remove; those of another school do not exist."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from checklists.actions import attach_piece, delete_piece
from checklists.forms import PieceForm
from checklists.pieces import PieceRefusee, open_piece, type_mime
from checklists.views.perimetre import find_pieces, get_action, get_etape, get_known_tableau


@require_POST
def piece_add(request: HttpRequest, uai: str, numero: str) -> HttpResponse:
    """Keep a file beside the step."""
    rentree, etape = get_action(request, uai, numero)
    form = PieceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, form.errors["fichier"][0])
    else:
        try:
            attach_piece(rentree, etape, request.user, request.horloge.maintenant, form.cleaned_data["fichier"])
        except PieceRefusee as exc:
            messages.warning(request, str(exc))
        except OSError:
            messages.error(request, "Le fichier n'a pas pu être gardé : le problème vient de nous. Réessayez.")
        else:
            messages.success(request, "Le fichier est ajouté.")
    return redirect("checklists:etape_detail", uai, numero)


def piece_download(request: HttpRequest, uai: str, numero: str, pk: int) -> HttpResponse:
    """The file, always to be saved, never shown in the page."""
    etape = get_etape(numero)
    tableau = get_known_tableau(request, uai)
    piece = get_object_or_404(find_pieces(tableau.rentree, etape), pk=pk)
    try:
        flux = open_piece(piece)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(flux, as_attachment=True, filename=piece.nom, content_type=type_mime(piece))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def piece_delete(request: HttpRequest, uai: str, numero: str, pk: int) -> HttpResponse:
    """Forget the file."""
    rentree, etape = get_action(request, uai, numero)
    delete_piece(get_object_or_404(find_pieces(rentree, etape), pk=pk))
    messages.success(request, "Le fichier est supprimé.")
    return redirect("checklists:etape_detail", uai, numero)
