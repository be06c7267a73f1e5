"""Line charts as geometry: the template only writes it down. Nothing is told by colour alone.

Each line has its own marks and its own dashes, and its name at its end. Coordinates are texts, which no locale
changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil


Point = tuple[float, float] | None  # None: a hole
ECART_NOMS = 17  # between the names at the end of the lines
RAYON = 4.5
GRADUATIONS = 4
_ROND = 10
_ECART_REPERE = 10  # from the mark of a line to its name


@dataclass(frozen=True)
class Cadre:
    """The room of a chart, in units that a screen shows about as large as its pixels.

    Attributes:
        gauche, droite, haut, bas: where the lines are drawn.
        abscisses: how many places have their name at most.
        colonnes: how many names of lines are side by side above the chart; 0: each is at the end of its line.
    """

    largeur: int
    hauteur: int
    gauche: int
    droite: int
    haut: int
    bas: int
    abscisses: int
    colonnes: int = 0


LARGE = Cadre(640, 260, gauche=46, droite=510, haut=14, bas=226, abscisses=8)
ETROIT = Cadre(280, 260, gauche=42, droite=258, haut=62, bas=226, abscisses=4, colonnes=2)


@dataclass(frozen=True)
class Courbe:
    """A name and its values, one per place on the axis; ``None`` leaves a hole."""

    nom: str
    valeurs: tuple[int | None, ...]


@dataclass(frozen=True)
class Trace:
    """A line to draw.

    Attributes:
        rang: from 1, which dashes and which colour the style sheet gives it.
        lignes: polylines (« x,y x,y »), one per stretch without a hole.
        marques: the path of its marks.
        nom, nom_x, nom_y, nom_repere: its name, where it is written, and the path of the mark beside it.
    """

    rang: int
    lignes: tuple[str, ...]
    marques: str
    nom: str
    nom_x: str
    nom_y: str
    nom_repere: str


@dataclass(frozen=True)
class Graduation:
    """A word on an axis, at its place."""

    texte: str
    place: str


@dataclass(frozen=True)
class Graphique:
    """A chart, ready to be written."""

    traces: tuple[Trace, ...]
    ordonnees: tuple[Graduation, ...]
    abscisses: tuple[Graduation, ...]
    cadre: Cadre

    @property
    def boite(self) -> str:
        """Its ``viewBox``."""
        return f"0 0 {self.cadre.largeur} {self.cadre.hauteur}"


def draw(courbes: Sequence[Courbe], noms: Sequence[str], is_part: bool = False, cadre: Cadre = LARGE) -> Graphique:
    """Lay out lines over the places of an axis.

    Args:
        courbes: at most four lines, each with as many values as there are ``noms``.
        noms: what each place is called.
        is_part: whether the values are percentages.
        cadre: its size, and where the names of the lines are.
    """
    connues = [valeur for courbe in courbes for valeur in courbe.valeurs if valeur is not None]
    sommet = 100 if is_part else round_up(max(connues, default=0))
    pas = (cadre.droite - cadre.gauche) / max(1, len(noms) - 1)

    def place(rang: int, valeur: int) -> tuple[float, float]:
        return cadre.gauche + rang * pas, cadre.bas - (cadre.bas - cadre.haut) * valeur / sommet

    points = [[None if v is None else place(i, v) for i, v in enumerate(courbe.valeurs)] for courbe in courbes]
    # A line of which nothing is known has no name on the chart; the others keep their marks.
    dessinees = [rang for rang, suite in enumerate(points) if any(suite)]
    noms_en = place_names([points[rang] for rang in dessinees], cadre)
    traces = [
        _trace(rang, courbes[rang].nom, points[rang], nom_en, _gap(pas))
        for rang, nom_en in zip(dessinees, noms_en, strict=True)
    ]
    unite = " %" if is_part else ""
    paliers = [sommet * rang // GRADUATIONS for rang in range(GRADUATIONS + 1)]
    saut = -(-len(noms) // cadre.abscisses)
    return Graphique(
        traces=tuple(traces),
        ordonnees=tuple(Graduation(f"{palier}{unite}", _text(place(0, palier)[1])) for palier in paliers),
        # Counted from the end: the present week always bears its name.
        abscisses=tuple(
            Graduation(nom, _text(cadre.gauche + rang * pas))
            for rang, nom in enumerate(noms)
            if (len(noms) - 1 - rang) % saut == 0
        ),
        cadre=cadre,
    )


def place_names(suites: Sequence[Sequence[Point]], cadre: Cadre) -> list[tuple[float, float]]:
    """Where the mark beside the name of each line is: at its end, or in columns above the chart."""
    if not cadre.colonnes:
        hauteurs = spread([next(point[1] for point in reversed(suite) if point) for suite in suites], cadre)
        return [(cadre.droite + 16, hauteur) for hauteur in hauteurs]
    largeur = cadre.largeur / cadre.colonnes
    places = (divmod(rang, cadre.colonnes) for rang in range(len(suites)))
    return [(2 * RAYON + colonne * largeur, 2 * RAYON + ligne * ECART_NOMS) for ligne, colonne in places]


def _gap(pas: float) -> int:
    """Every how many points a line is marked, for its marks not to touch."""
    return ceil(2 * RAYON / pas)


def _trace(rang: int, nom: str, points: Sequence[Point], nom_en: tuple[float, float], saut: int) -> Trace:
    mark = MARQUES[rang % len(MARQUES)]
    seuls = {suite[0] for suite in stretches(points) if len(suite) == 1}
    marques = [p for i, p in enumerate(points) if p and ((len(points) - 1 - i) % saut == 0 or p in seuls)]
    return Trace(
        rang=rang + 1,
        lignes=tuple(" ".join(f"{_text(x)},{_text(y)}" for x, y in suite) for suite in stretches(points)),
        marques=" ".join(mark(*point) for point in marques),
        nom=nom,
        nom_x=_text(nom_en[0] + _ECART_REPERE),
        nom_y=_text(nom_en[1]),
        nom_repere=mark(*nom_en),
    )


def stretches(points: Sequence[Point]) -> list[list[tuple[float, float]]]:
    """The runs of points between the holes."""
    suites: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is not None:
            suites[-1].append(point)
        elif suites[-1]:
            suites.append([])
    return [suite for suite in suites if suite]


def round_up(valeur: int) -> int:
    """The top of an axis: the least 1, 2, 4 or 8 times a power of ten that is not below and has whole quarters."""
    puissance = 1
    while True:
        for facteur in (1, 2, 4, 8):
            sommet = facteur * puissance
            if sommet >= valeur and sommet % GRADUATIONS == 0:
                return sommet
        puissance *= _ROND


def spread(hauteurs: Sequence[float], cadre: Cadre = LARGE) -> list[float]:
    """The same heights, moved just enough for words written there not to overlap, kept above the axis."""
    ordre = sorted(range(len(hauteurs)), key=lambda rang: hauteurs[rang])
    places = list(hauteurs)
    plancher = float(cadre.haut)
    for rang in ordre:
        places[rang] = max(places[rang], plancher)
        plancher = places[rang] + ECART_NOMS
    plafond = float(cadre.bas)
    for rang in reversed(ordre):
        places[rang] = min(places[rang], plafond)
        plafond = places[rang] - ECART_NOMS
    return places


def _text(nombre: float) -> str:
    return f"{nombre:.1f}".removesuffix(".0")


def _polygon(*sommets: tuple[float, float]) -> Callable[[float, float], str]:
    def mark(x: float, y: float) -> str:
        return "M" + "L".join(f"{_text(x + dx * RAYON)} {_text(y + dy * RAYON)}" for dx, dy in sommets) + "Z"

    return mark


def _disc(x: float, y: float) -> str:
    arc = f"a{RAYON} {RAYON} 0 1 0"
    return f"M{_text(x - RAYON)} {_text(y)}{arc} {2 * RAYON} 0{arc} {-2 * RAYON} 0Z"


MARQUES: tuple[Callable[[float, float], str], ...] = (
    _disc,
    _polygon((-1, -1), (1, -1), (1, 1), (-1, 1)),
    _polygon((0, -1.2), (1.2, 1), (-1.2, 1)),
    _polygon((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
)
