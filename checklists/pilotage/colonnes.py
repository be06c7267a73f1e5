"""What a column of the dashboard reads of a school: words for the screen, a value for a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from checklists.enums import EtatEcole, EtatEtape
from checklists.etapes import Etape, read_etapes
from exchanges.enums import EtatDepot, Relais
from exchanges.forms import LIBELLES_DEPOT
from exchanges.models import Compteurs, Etablissement
from exchanges.templatetags.entsite import nombre, pluriel


INCONNU = "–"
COULEURS = {
    EtatEcole.MUET: "neutre",
    EtatEcole.DIFFICULTE: "erreur",
    EtatEcole.SURVEILLER: "attention",
    EtatEcole.ORDRE: "succes",
}
TYPES = {
    "CLG": "Collège",
    "LYC": "Lycée",
    "LGT": "Lycée général et technologique",
    "LP": "Lycée professionnel",
    "EREA": "EREA",
}
RELAIS = {Relais.MOODLE: "Moodle"}
EFFETS = {"liens": "lien", "fiches": "fiche", "structures": "structure"}
_PEUT_ETRE_EN_RETARD = (EtatEtape.EN_RETARD, EtatEtape.BLOQUEE, EtatEtape.CONTREDITE)


@dataclass(frozen=True)
class Ligne:
    """One school: its figures (``None`` before they are first counted), the day and the zone of its académie."""

    etablissement: Etablissement
    compteurs: Compteurs | None
    aujourd_hui: date
    fuseau: tzinfo

    def localize(self, instant: datetime | None) -> datetime | None:
        """An instant in the hours of the académie."""
        return instant.astimezone(self.fuseau) if instant else None


class Cellule(NamedTuple):
    """What a cell shows: its value, and a shorter word beside it."""

    texte: str
    detail: str = ""


Lire = Callable[[Ligne, Compteurs], object]
Montrer = Callable[[Ligne, Compteurs], Cellule]


def badge_ecole(etat: str) -> dict[str, str]:
    """``couleur`` and ``libelle`` of a state of a school."""
    if etat not in COULEURS:
        return {"couleur": "neutre", "libelle": "Pas encore de chiffres"}
    return {"couleur": COULEURS[EtatEcole(etat)], "libelle": EtatEcole(etat).libelle}


def name_type(code: str) -> str:
    """A kind of school in words."""
    return TYPES.get(code, code)


def percent(part: int, total: int) -> int | None:
    """A whole percentage; ``None`` of nothing."""
    return round(100 * part / total) if total else None


def tell_ecart(valeur: int, avant: object) -> str:
    """« +3 », « −2 », « = »: what a figure has become since another one; an empty text when there was none."""
    if not isinstance(avant, int):
        return ""
    ecart = valeur - avant
    if not ecart:
        return "="
    return f"{'+' if ecart > 0 else '−'}{nombre(abs(ecart))}"


def show_text(read: Lire) -> Montrer:
    """A cell that shows what a spreadsheet receives."""
    return lambda ligne, compteurs: Cellule(str(read(ligne, compteurs) or INCONNU))


def read_number(champ: str) -> Lire:
    """A figure as it is kept."""
    return lambda _, compteurs: getattr(compteurs, champ)


def show_number(champ: str) -> Montrer:
    """A figure as it is kept."""
    return lambda _, compteurs: Cellule(nombre(getattr(compteurs, champ)))


def read_cr(champ: str) -> Lire:
    """A figure of the last compte-rendu; nothing when there is none."""
    return lambda _, compteurs: getattr(compteurs, f"cr_{champ}") if compteurs.cr_le else None


def show_cr(champ: str) -> Montrer:
    """The same with its trend against the compte-rendu before."""

    def show(_: Ligne, compteurs: Compteurs) -> Cellule:
        if not compteurs.cr_le:
            return Cellule(INCONNU)
        valeur = getattr(compteurs, f"cr_{champ}")
        return Cellule(nombre(valeur), tell_ecart(valeur, compteurs.cr_precedent.get(champ)))

    return show


def read_part_absents(_: Ligne, compteurs: Compteurs) -> int | None:
    """Absents among the élèves that the import looked for, in per cent."""
    return percent(compteurs.cr_absents, compteurs.cr_lus + compteurs.cr_absents)


def show_part_absents(ligne: Ligne, compteurs: Compteurs) -> Cellule:
    """The same with its trend, in points."""
    part, avant = read_part_absents(ligne, compteurs), compteurs.cr_precedent
    if part is None:
        return Cellule(INCONNU)
    precedente = percent(avant.get("absents", 0), avant.get("lus", 0) + avant.get("absents", 0))
    return Cellule(f"{part} %", tell_ecart(part, precedente))


def read_codes(_: Ligne, compteurs: Compteurs) -> str:
    """« GROUPE_A_01 : 3, ELEGRP_A_03 : 1 », the most frequent first."""
    codes = sorted(compteurs.cr_codes.items(), key=lambda paire: (-paire[1], paire[0]))
    return ", ".join(f"{code} : {combien}" for code, combien in codes)


def show_codes(_: Ligne, compteurs: Compteurs) -> Cellule:
    """The same, each with its trend against the compte-rendu before; those that are gone are said too."""
    avant = compteurs.cr_precedent.get("codes") if compteurs.cr_precedent else None
    codes = compteurs.cr_codes if avant is None else dict.fromkeys(avant, 0) | compteurs.cr_codes
    mots = []
    for code, combien in sorted(codes.items(), key=lambda paire: (-paire[1], paire[0])):
        ecart = "" if avant is None else f" ({tell_ecart(combien, avant.get(code, 0))})"
        mots.append(f"{code} : {combien}{ecart}")
    return Cellule(", ".join(mots) or INCONNU)


def read_depot(ligne: Ligne, compteurs: Compteurs) -> datetime | None:
    """The instant of the last deposit."""
    return ligne.localize(compteurs.depot_le)


def show_depot(ligne: Ligne, compteurs: Compteurs) -> Cellule:
    """Its day, and its state."""
    quand = read_depot(ligne, compteurs)
    if quand is None:
        return Cellule("Jamais")
    return Cellule(f"{quand:%d/%m/%Y}", LIBELLES_DEPOT[EtatDepot(compteurs.depot_etat)])


def read_age(ligne: Ligne, compteurs: Compteurs) -> int | None:
    """Calendar days since the last deposit."""
    quand = read_depot(ligne, compteurs)
    return (ligne.aujourd_hui - quand.date()).days if quand else None


def show_age(ligne: Ligne, compteurs: Compteurs) -> Cellule:
    """« 4 jours »."""
    jours = read_age(ligne, compteurs)
    return Cellule(INCONNU if jours is None else f"{jours} {pluriel(jours, 'jour')}")


def read_avancement(_: Ligne, compteurs: Compteurs) -> str:
    """« 8 sur 13 »."""
    return f"{compteurs.rentree_prouvees} sur {compteurs.rentree_total}" if compteurs.rentree_total else ""


def list_retards(compteurs: Compteurs) -> list[str]:
    """The late steps that ``rentree_retards`` counts, in the order of the rentrée: for « 5a » to « 5d » the first one.

    The day of the rentrée is not kept with the figures, and need not be: of the steps that are not done those with the
    earliest dates are the late ones, blocked or contradicted as they may be.
    """
    if not compteurs.rentree_retards:
        return []
    ouvertes: dict[str, Etape] = {}
    for etape in read_etapes():
        if compteurs.rentree_etats.get(etape.numero) in _PEUT_ETRE_EN_RETARD:
            ouvertes.setdefault(etape.principal, etape)
    retards = sorted(ouvertes.values(), key=lambda etape: etape.echeance)[: compteurs.rentree_retards]
    numeros = {etape.numero for etape in retards}
    return [etape.numero for etape in ouvertes.values() if etape.numero in numeros]


def show_retards(_: Ligne, compteurs: Compteurs) -> Cellule:
    """How many steps are late, and which ones."""
    numeros = ", ".join(list_retards(compteurs))
    return Cellule(nombre(compteurs.rentree_retards), f"n° {numeros}" if numeros else "")


def read_part_groupe(_: Ligne, compteurs: Compteurs) -> int | None:
    """Élèves in at least one groupe, in per cent."""
    return percent(compteurs.eleves_en_groupe, compteurs.eleves)


def show_part_groupe(ligne: Ligne, compteurs: Compteurs) -> Cellule:
    """The same, with the two figures."""
    part = read_part_groupe(ligne, compteurs)
    if part is None:
        return Cellule(INCONNU)
    return Cellule(f"{part} %", f"{nombre(compteurs.eleves_en_groupe)} sur {nombre(compteurs.eleves)}")


def show_vides(_: Ligne, compteurs: Compteurs) -> Cellule:
    """Groupes that the ENT shows empty, of how many."""
    if not compteurs.groupes_ent:
        return Cellule(INCONNU)
    return Cellule(nombre(compteurs.groupes_vides_ent), f"sur {nombre(compteurs.groupes_ent)}")


def read_sts(_: Ligne, compteurs: Compteurs) -> str:
    """Whether STS changed since its last export."""
    return "Oui" if compteurs.is_sts_a_exporter else "Non"


def name_relais(code: str) -> str:
    """« SIECLE », « ENT », « Moodle »."""
    return RELAIS.get(Relais(code), code) if code else ""


def read_relais(ligne: Ligne, compteurs: Compteurs) -> str:
    """« ENT, 10/09/2026 06:00 »."""
    quand = ligne.localize(compteurs.prochain_le)
    return f"{name_relais(compteurs.prochain_relais)}, {quand:%d/%m/%Y %H:%M}" if quand else ""


def show_relais(ligne: Ligne, compteurs: Compteurs) -> Cellule:
    """The same, shorter."""
    quand = ligne.localize(compteurs.prochain_le)
    if quand is None:
        return Cellule(INCONNU)
    return Cellule(name_relais(compteurs.prochain_relais), f"{quand:%d/%m} à {quand.hour} h")


def read_effet(_: Ligne, compteurs: Compteurs) -> str:
    """« 12 liens, 1 fiche »; « rien » when the relay will change nothing."""
    if not compteurs.prochain_relais:
        return ""
    effets = [(compteurs.prochain_effet.get(cle, 0), mot) for cle, mot in EFFETS.items()]
    return ", ".join(f"{nombre(combien)} {pluriel(combien, mot)}" for combien, mot in effets if combien) or "rien"


def read_maj(ligne: Ligne, compteurs: Compteurs) -> datetime | None:
    """When these figures were last counted or judged."""
    return ligne.localize(compteurs.maj_le)


def show_instant(read: Lire) -> Montrer:
    """« 07/09/2026 10:00 »."""

    def show(ligne: Ligne, compteurs: Compteurs) -> Cellule:
        quand = read(ligne, compteurs)
        return Cellule(f"{quand:%d/%m/%Y %H:%M}" if isinstance(quand, datetime) else INCONNU)

    return show


def read_cr_le(ligne: Ligne, compteurs: Compteurs) -> datetime | None:
    """When SIECLE last imported a deposit."""
    return ligne.localize(compteurs.cr_le)
