"""The rentrée on paper: an A4 PDF for the direction meeting, with the same words as the page."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from checklists.etats import Situation
from checklists.libelles import LIBELLES_ETAT
from checklists.tableau import Tableau, tell_retard
from exchanges.templatetags.entsite import jour, jour_annee, jour_heure


ENCODAGE = "cp1252"  # of the fonts that every PDF reader has
MARGE = 15 * mm
NORMAL = ParagraphStyle("normal", fontName="Helvetica", fontSize=8.5, leading=11)
PETIT = ParagraphStyle("petit", NORMAL, fontSize=7.5, leading=9.5, textColor=colors.HexColor("#444444"))
GRAS = ParagraphStyle("gras", NORMAL, fontName="Helvetica-Bold")
TITRE = ParagraphStyle("titre", NORMAL, fontName="Helvetica-Bold", fontSize=16, leading=20)
SOUS_TITRE = ParagraphStyle("sous-titre", GRAS, fontSize=10.5, leading=14, spaceBefore=8, spaceAfter=3)
COLONNES = (8 * mm, 63 * mm, 33 * mm, 24 * mm, 52 * mm)
TRAIT = colors.HexColor("#999999")
FOND = colors.HexColor("#eeeeee")


def write_papier(tableau: Tableau) -> bytes:
    """The PDF of a rentrée: the sentence, the next step, what lateness costs, then every step with a box to tick."""
    sortie = BytesIO()
    rentree = tableau.rentree
    document = SimpleDocTemplate(
        sortie,
        pagesize=A4,
        leftMargin=MARGE,
        rightMargin=MARGE,
        topMargin=MARGE,
        bottomMargin=MARGE,
        title=_plain(f"Rentrée {rentree.libelle} – {rentree.etablissement.denomination}"),
        author="entsite",
        lang="fr",
    )
    pied = f"{rentree.etablissement.uai} – entsite, {jour_heure(tableau.maintenant)}"
    document.build(
        _story(tableau),
        onFirstPage=lambda toile, _: _draw_pied(toile, pied),
        onLaterPages=lambda toile, _: _draw_pied(toile, pied),
    )
    return sortie.getvalue()


def _story(tableau: Tableau) -> list[Flowable]:
    rentree = tableau.rentree
    histoire: list[Flowable] = [
        _p(f"Rentrée {rentree.libelle}", TITRE),
        _p(f"{rentree.etablissement.denomination} – rentrée des élèves le {jour_annee(rentree.jour)}", NORMAL),
        Spacer(1, 4 * mm),
        _p(tableau.phrase, SOUS_TITRE),
    ]
    if prochaine := tableau.prochaine:
        etape = prochaine.etape
        histoire += [
            _p(f"Prochaine étape : {etape.numero}. {etape.titre}", GRAS),
            _p(f"{tableau.name_responsable(etape)} – {etape.chemin_for(rentree.reglage)} – {etape.duree}", NORMAL),
        ]
    if tableau.retards_ouverts:
        histoire.append(_p("Ce que coûte le retard", SOUS_TITRE))
        histoire += [
            _p(f"{retard.situation.etape.numero}. {retard.situation.etape.titre} : {tell_retard(retard)}", NORMAL)
            for retard in tableau.retards_ouverts
        ]
    for nom, mois, situations in tableau.periodes:
        histoire += [_p(f"{nom} ({mois})", SOUS_TITRE), _table(tableau, situations)]
    return histoire


def _table(tableau: Tableau, situations: list[Situation]) -> Table:
    lignes = [[_p(mot, GRAS) for mot in ("", "Étape", "Qui", "Au plus tard", "État et preuve")]]
    for situation in situations:
        etape = situation.etape
        lignes.append(
            [
                _p(etape.numero, GRAS),
                [_p(etape.titre, NORMAL), _p(etape.chemin_for(tableau.rentree.reglage), PETIT)],
                _p(tableau.name_responsable(etape), NORMAL),
                _p(jour(situation.echeance), NORMAL),
                [_p(_etat(situation), GRAS), _p(_preuve(situation), PETIT)],
            ]
        )
    style = [
        ("GRID", (0, 0), (-1, -1), 0.4, TRAIT),
        ("BACKGROUND", (0, 0), (-1, 0), FOND),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(lignes, colWidths=COLONNES, repeatRows=1, style=TableStyle(style))


def _etat(situation: Situation) -> str:
    libelle = LIBELLES_ETAT[situation.etat]
    if situation.parole:
        return f"{libelle} ({situation.parole.par}, {jour(situation.parole.instant)})"
    return f"{libelle}, en retard" if situation.is_en_retard and libelle != "En retard" else libelle


def _preuve(situation: Situation) -> str:
    preuve = situation.preuve
    origine = ", ".join(filter(None, (preuve.source, jour(preuve.date))))
    return f"{preuve.texte} ({origine})" if origine else preuve.texte


def _p(texte: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_plain(texte)), style)


def _plain(texte: str) -> str:
    """The text in the letters that the fonts have; the others become question marks, narrow spaces plain ones."""
    return texte.replace("\u202f", "\u00a0").encode(ENCODAGE, "replace").decode(ENCODAGE)


def _draw_pied(toile, pied: str) -> None:
    toile.saveState()
    toile.setFont("Helvetica", 7.5)
    toile.drawString(MARGE, MARGE / 2, _plain(pied))
    toile.drawRightString(A4[0] - MARGE, MARGE / 2, f"page {toile.getPageNumber()}")
    toile.restoreState()
