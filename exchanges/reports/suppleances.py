"""Who teaches what in STS, and which remplacements and suppléances are running."""

from dataclasses import dataclass
from datetime import date, datetime

from exchanges.enums import NatureActe
from exchanges.models import Acte, Etablissement, FicheIndividu, FicheMatiere, LienService


FONCTIONS = ("ENS", "DOC", "")  # those of an enseignant; STS leaves it empty for a local one (sts_edt.md §2.3)


@dataclass(frozen=True)
class Mouvement:
    """A remplacement or a suppléance whose services still hold.

    Attributes:
        debut, fin: of a suppléance; a remplacement has none.
        exporte_le: when Export Services carried it, ``None`` while it waits.
        is_fini: its last day is past.
    """

    acte: Acte
    absent: str
    nouveau: str
    services: tuple[str, ...]
    debut: date | None
    fin: date | None
    exporte_le: datetime | None
    is_fini: bool

    @property
    def is_suppleance(self) -> bool:
        """Whether it has dates and somebody typed in."""
        return self.acte.nature == NatureActe.SUPPLEANCE


def name_individus(etablissement: Etablissement) -> dict[tuple[str, str], str]:
    """« ESSAI Lou » by (type, id), the last name known."""
    fiches = FicheIndividu.objects.filter(etablissement=etablissement).order_by("depuis", "pk")
    champs = fiches.values_list("individu__type", "individu__sts_id", "nom_usage", "prenom")
    return {(genre, numero): f"{nom} {prenom}".strip() for genre, numero, nom, prenom in champs}


def name_services(etablissement: Etablissement) -> dict[tuple[str, ...], str]:
    """« 6AGL1 – ANGLAIS LV1 (CG) » by natural key, for every service ever known."""
    matieres = _matieres(etablissement)
    cles = etablissement.services.values_list("type_structure", "structure", "matiere", "modalite")
    return {cle: f"{cle[1]} – {matieres.get(cle[2], cle[2])} ({cle[3]})" for cle in cles}


def list_absents(etablissement: Etablissement) -> list[tuple[str, str]]:
    """(key, name) of everyone who has services, for a choice; the key is « type:id »."""
    liens = LienService.objects.courants().filter(etablissement=etablissement)
    cles = set(liens.values_list("individu__type", "individu__sts_id"))
    noms = name_individus(etablissement)
    return _sort((cle, noms.get(cle, f"n° {cle[1]} ({cle[0]})")) for cle in cles)


def list_remplacants(etablissement: Etablissement, absent: str) -> list[tuple[str, str]]:
    """(key, name) of the enseignants of STS Ressources, but the absent."""
    fiches = FicheIndividu.objects.courants().filter(etablissement=etablissement, fonction__in=FONCTIONS)
    champs = fiches.exclude(individu__type="suppleant").values_list(
        "individu__type", "individu__sts_id", "nom_usage", "prenom"
    )
    noms = (((genre, numero), f"{nom} {prenom}".strip()) for genre, numero, nom, prenom in champs)
    return [choix for choix in _sort(noms) if choix[0] != absent]


def _sort(noms) -> list[tuple[str, str]]:
    return [(":".join(cle), nom) for cle, nom in sorted(noms, key=lambda paire: (paire[1], paire[0]))]


def split_key(cle: str) -> tuple[str, str]:
    """« epp:7 » → (epp, 7)."""
    genre, _, numero = cle.partition(":")
    return genre, numero


def list_services(etablissement: Etablissement, absent: str) -> list[tuple[int, str]]:
    """(primary key, « 6AGL1 – ANGLAIS LV1 (CG), 3.00 h ») of the services of somebody."""
    genre, numero = split_key(absent)
    liens = LienService.objects.courants().filter(
        etablissement=etablissement, individu__type=genre, individu__sts_id=numero
    )
    matieres = _matieres(etablissement)
    lignes = liens.order_by("service__structure", "service__matiere").values_list(
        "service", "service__structure", "service__matiere", "service__modalite", "heures"
    )
    return [
        (pk, f"{structure} – {matieres.get(matiere, matiere)} ({modalite})" + (f", {heures} h" if heures else ""))
        for pk, structure, matiere, modalite, heures in lignes
    ]


def _matieres(etablissement: Etablissement) -> dict[str, str]:
    fiches = FicheMatiere.objects.courants().filter(etablissement=etablissement)
    return {code: libelle or code for code, libelle in fiches.values_list("code", "libelle")}


def list_mouvements(etablissement: Etablissement, aujourd_hui: date) -> list[Mouvement]:
    """Remplacements and suppléances whose services STS still holds as they left them, the latest first."""
    vivants = LienService.objects.courants().filter(etablissement=etablissement)
    qui = {
        acte: (genre, numero)
        for acte, genre, numero in vivants.values_list("ouvert_par", "individu__type", "individu__sts_id")
    }
    actes = etablissement.actes.filter(
        nature__in=[NatureActe.REMPLACEMENT, NatureActe.SUPPLEANCE],
        detail__has_key="nouveau",
        pk__in=qui,
    ).select_related("utilisateur")
    exports = list(
        etablissement.actes.filter(nature=NatureActe.EXPORT_SERVICES)
        .order_by("instant")
        .values_list("instant", flat=True)
    )
    noms, matieres = name_individus(etablissement), _matieres(etablissement)
    return [
        _describe(acte, noms[qui[acte.pk]], noms, matieres, exports, aujourd_hui)
        for acte in actes.order_by("-instant", "-pk")
    ]


def _describe(acte: Acte, nouveau: str, noms, matieres, exports: list[datetime], aujourd_hui: date) -> Mouvement:
    debut, fin = (date.fromisoformat(jour) if (jour := acte.detail.get(nom)) else None for nom in ("debut", "fin"))
    absent = tuple(acte.detail["absent"])
    return Mouvement(
        acte=acte,
        absent=noms.get(absent, f"n° {absent[1]}"),
        nouveau=nouveau,
        services=tuple(f"{s[1]} – {matieres.get(s[2], s[2])}" for s in acte.detail["services"]),
        debut=debut,
        fin=fin,
        exporte_le=next((instant for instant in exports if instant >= acte.instant), None),
        is_fini=fin is not None and fin < aujourd_hui,
    )
