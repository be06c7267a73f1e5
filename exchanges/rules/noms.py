"""Names of groupes and divisions: what STS-Web accepts, what EDT makes of the others, and what to write instead."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from unicodedata import combining, normalize


TAILLE_MAX = 8
_CONFORME = re.compile(rf"[A-Za-z0-9 _-]{{1,{TAILLE_MAX}}}")
_INTERDITS = re.compile(r"[^A-Za-z0-9 _-]")
_LIAISONS = re.compile(r"[/+&,;:|]")
_MOTS = re.compile(r"[A-Z0-9]+")
_LETTRES = re.compile(r"[A-Z]+")
_VOYELLES = frozenset("AEIOUY")
_LONG = 48  # what is beyond never shows in 8 signs
_SANS_ACCENT = str.maketrans({"Œ": "OE", "œ": "OE", "Æ": "AE", "æ": "AE", "ß": "SS"})
# Written out by schools where STS has room for a sigle; the sigles are those of the national matières (CODE_GESTION).
_SIGLES = {
    "ALLEMAND": "ALL",
    "ANGLAIS": "AGL",
    "ARABE": "ARA",
    "CHINOIS": "CHI",
    "ESPAGNOL": "ESP",
    "FRANCAIS": "FRA",
    "GEOGRAPHIE": "GE",
    "GROUPE": "G",
    "GRP": "G",
    "GR": "G",
    "HISTOIRE": "HI",
    "ITALIEN": "ITA",
    "LATIN": "LAT",
    "MATHEMATIQUES": "MAT",
    "MATHS": "MAT",
    "MUSIQUE": "MUS",
    "OPTION": "OPT",
    "PHILOSOPHIE": "PHI",
    "PHYSIQUE": "PHY",
    "PORTUGAIS": "POR",
    "SCIENCES": "SC",
    "SPECIALITE": "SPE",
    "TECHNOLOGIE": "TEC",
}
_NIVEAUX = {
    "SIXIEME": "6",
    "CINQUIEME": "5",
    "QUATRIEME": "4",
    "TROISIEME": "3",
    "SECONDE": "2",
    "PREMIERE": "1",
    "TERMINALE": "T",
    "TERM": "T",
    "TLE": "T",
}
_VIDES = frozenset({"AU", "AUX", "DE", "DES", "DU", "EN", "ET", "LA", "LE", "LES"})
_ORDINAL = re.compile(r"([1-6])(?:EME|ERE|RE|NDE|E)")


def is_nom_conforme(nom: str) -> bool:
    """Whether STS-Web takes this name: 1 to 8 of letters, digits, space, ``-`` and ``_`` (``domain.md``, 000 §2.7)."""
    return _CONFORME.fullmatch(nom) is not None and nom == nom.strip()


def tronque(nom: str) -> str:
    """What EDT writes for STS-Web: forbidden signs removed, 8 signs kept (``sts_edt.md`` §3.1)."""
    return _INTERDITS.sub("", nom)[:TAILLE_MAX].strip()


def propose_nom(nom: str, pris: Iterable[str]) -> str:
    """A name that STS-Web takes and that still tells what the groupe is.

    Level, groupe number and the last sign are kept; words become sigles, then vowels go before consonants.

    Args:
        nom: the name to replace, of any length and any signs.
        pris: names already borne by divisions and groupes, which share one name space; letter case does not count.

    Returns:
        ``nom`` itself when it is compliant and free; otherwise 1 to 8 of capitals, digits, space, ``-``, ``_``.
    """
    return propose_noms((nom,), pris)[nom]


def propose_noms(noms: Iterable[str], pris: Iterable[str]) -> dict[str, str]:
    """A proposal for each name, all different from one another and from ``pris``; see ``propose_nom``."""
    occupes = {autre.casefold() for autre in pris}
    essais: dict[tuple[str, str], Iterator[str]] = {}  # names of one short form go on where the last one stopped
    propositions: dict[str, str] = {}
    for nom in dict.fromkeys(noms):
        if is_nom_conforme(nom) and nom.casefold() not in occupes:
            choix = nom
        else:
            formes = _shorten(nom, TAILLE_MAX), _shorten(nom, TAILLE_MAX - 1)
            suite = essais.setdefault(formes, _mark(nom, *formes))
            choix = next(essai for essai in suite if essai.casefold() not in occupes)
        propositions[nom] = choix
        occupes.add(choix.casefold())
    return propositions


def _mark(nom: str, entier: str, court: str) -> Iterator[str]:
    """The short form, then that form with a mark: a letter after a digit, a digit after a letter."""
    yield entier
    for marque in "BCDEFGHJKLMNPQRSTUVWXYZ" if entier[-1].isdigit() else "23456789":
        yield court + marque
    for numero in count(2):
        marque = f"-{numero}"
        yield _shorten(nom, max(1, TAILLE_MAX - len(marque))) + marque


def _shorten(nom: str, taille: int) -> str:
    """At most ``taille`` signs, never empty; the least destructive way that suffices."""
    propre = _clean(nom)
    mots = _MOTS.findall(propre)
    if not mots:
        return "G"
    abrege = _join(_abbreviate(mot) for mot in (*(mot for mot in mots[:-1] if mot not in _VIDES), mots[-1]))
    for forme in (propre, _join(mots), abrege):
        if len(forme) <= taille:
            return forme
    return _squeeze(abrege, taille)


def _clean(nom: str) -> str:
    """Capitals without accents; signs that link two words become ``-``, other forbidden signs disappear."""
    if len(nom) > _LONG:
        nom = nom[: _LONG // 2] + nom[-_LONG // 2 :]
    sans_accent = "".join(c for c in normalize("NFKD", nom.translate(_SANS_ACCENT)) if not combining(c))
    lie = _INTERDITS.sub("", _LIAISONS.sub("-", sans_accent.upper()))
    return re.sub(r"([ _-])[ _-]+", r"\1", lie).strip(" _-")


def _abbreviate(mot: str) -> str:
    """``4EME`` → ``4``, ``ANGLAIS`` → ``AGL``; other words unchanged."""
    if ordinal := _ORDINAL.fullmatch(mot):
        return ordinal[1]
    return _NIVEAUX.get(mot) or _SIGLES.get(mot, mot)


def _join(mots: Iterable[str]) -> str:
    """Words side by side; two digits that were apart stay apart."""
    texte = ""
    for mot in mots:
        texte += "-" + mot if texte[-1:].isdigit() and mot[0].isdigit() else mot
    return texte


def _squeeze(texte: str, taille: int) -> str:
    """Drop vowels, then consonants, then hyphens, then the middle; the first and the last sign stay."""
    etapes: tuple[Callable[[str], bool], ...] = (_VOYELLES.__contains__, str.isalpha, "-".__contains__)
    for is_superflu in etapes:
        while len(texte) > taille and (place := _find_last(texte, is_superflu)):
            texte = texte[:place] + texte[place + 1 :]
    debut = taille // 2
    return texte if len(texte) <= taille else texte[:debut] + texte[len(texte) - taille + debut :]


def _find_last(texte: str, is_superflu: Callable[[str], bool]) -> int:
    """Index of the last superfluous sign of the longest word that has one; 0 (never dropped) when there is none.

    The first letter of a word and the last sign of the text are never superfluous.
    """
    places = []
    for mot in _LETTRES.finditer(texte):
        dedans = [i for i in range(mot.start() + 1, min(mot.end(), len(texte) - 1)) if is_superflu(texte[i])]
        places += [(len(mot[0]), dedans[-1])] if dedans else []
    if places:
        return max(places)[1]
    return max((i for i in range(1, len(texte) - 1) if texte[i] == "-" and is_superflu("-")), default=0)
