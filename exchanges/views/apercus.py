"""What a batch of files would change, made readable: bounded samples, anomalies by rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from exchanges.importer.compare import Changement, Cle
from exchanges.parsers.records import FichierEleves, FichierResponsables, FichierSTS
from exchanges.pipeline.chargements import Apercu
from exchanges.pipeline.lots import Lot
from exchanges.rules.base import Anomalie, Regle
from exchanges.views.libelles import COULEURS_GRAVITE


Noms = Mapping[object, str]  # natural key of a person or of a service → what to call it
EXEMPLES = 10
LIGNES_PAR_REGLE = 10
_ORDRE = ("bloquante", "erreur", "avertissement", "information")
CHAMPS = {
    "nom_de_famille": "nom",
    "nom_usage": "nom d'usage",
    "prenom": "prénom",
    "prenom2": "2e prénom",
    "prenom3": "3e prénom",
    "date_naissance": "date de naissance",
    "elenoet": "numéro interne",
    "ine": "INE",
    "id_prv_ele": "identifiant privé",
    "regime": "régime",
    "mef": "MEF",
    "mefs": "MEF",
    "date_entree": "entrée",
    "date_sortie": "sortie",
    "motif_sortie": "motif de sortie",
    "libelle": "libellé",
    "effectif_prevu": "effectif prévu",
    "civilite": "civilité",
    "tel_portable": "téléphone",
    "mel": "courriel",
    "parente": "lien",
    "heures": "heures",
    "is_selectionne": "sélection",
    "date_debut": "début",
    "date_fin": "fin",
}


@dataclass(frozen=True)
class Echantillon:
    """The first changes of one kind: sentences, and how many are not shown."""

    titre: str
    lignes: list[str]
    autres: int


@dataclass(frozen=True)
class LigneTable:
    """One table of the preview: its four figures and its samples."""

    libelle: str
    ajoutes: int
    modifies: int
    retires: int
    inchanges: int
    part_retiree: int
    is_massif: bool
    echantillons: list[Echantillon] = field(default_factory=list)


@dataclass
class GroupeAnomalies:
    """The occurrences of one rule."""

    regle: Regle
    couleur: str
    lignes: list[Anomalie] = field(default_factory=list)
    total: int = 0

    @property
    def autres(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lignes)


def describe_tables(apercu: Apercu, connus: Noms) -> list[LigneTable]:
    """Each table of a preview, those that change first; ``connus`` names what the batch does not."""
    noms = {**connus, **_names(apercu.lot)}
    massifs = apercu.retraits_massifs
    lignes = [_describe(changement, noms, changement in massifs) for changement in apercu.changements]
    return sorted(lignes, key=lambda ligne: not ligne.echantillons)


def describe_import(apercu: Apercu, connus: Noms) -> dict[str, object] | None:
    """What STS-Web would do of EDT's file: first what it overwrites, then what it refuses; ``None`` without one."""
    if apercu.import_edt is None:
        return None
    noms = {**connus, **_names(apercu.lot)}
    lignes = apercu.import_edt.lignes
    return {
        "ecrases": [_describe(changement, noms, False) for changement in apercu.ecrases],
        "lignes": lignes[:EXEMPLES],
        "autres": max(0, len(lignes) - EXEMPLES),
    }


def _names(lot: Lot) -> dict[object, str]:
    """Who the identifiers of the batch are."""
    noms: dict[object, str] = {}
    for fichier in lot.fichiers:
        if isinstance(fichier, FichierEleves):
            noms |= {e.eleve_id: f"{e.nom_usage or e.nom_de_famille} {e.prenom}" for e in fichier.eleves}
        elif isinstance(fichier, FichierResponsables):
            noms |= {p.personne_id: f"{p.nom_usage or p.nom_de_famille} {p.prenom}" for p in fichier.personnes}
        elif isinstance(fichier, FichierSTS):
            noms |= {(i.type, i.id): f"{i.nom_usage} {i.prenom}" for i in fichier.individus}
    return noms


def _describe(changement: Changement, noms: Noms, is_massif: bool) -> LigneTable:
    ouverts = (_name(changement, cle, valeurs, noms) for cle, valeurs in changement.ouverts.items())
    modifies = (_change(changement, cle, noms) for cle in changement.modifies)
    clos = (_name(changement, cle, ligne.valeurs, noms) for cle, ligne in changement.clos.items())
    return LigneTable(
        libelle=changement.table.libelle,
        ajoutes=len(changement.ouverts),
        modifies=len(changement.modifies),
        retires=len(changement.clos),
        inchanges=changement.inchanges,
        part_retiree=round(100 * changement.part_close),
        is_massif=is_massif,
        echantillons=[
            Echantillon(titre, list(islice(lignes, EXEMPLES)), max(0, total - EXEMPLES))
            for titre, lignes, total in (
                ("Ajoutés", ouverts, len(changement.ouverts)),
                ("Modifiés", modifies, len(changement.modifies)),
                ("Retirés", clos, len(changement.clos)),
            )
            if total
        ],
    )


def _name(changement: Changement, cle: Cle, valeurs, noms: Noms) -> str:
    """A row as a person would call it: its name or label when it has one, then its key."""
    colonnes = dict(zip((colonne.nom for colonne in changement.table.valeurs), valeurs, strict=True))
    nom = " ".join(str(colonnes[c]) for c in ("nom_de_famille", "prenom") if colonnes.get(c)) or colonnes.get(
        "libelle"
    )
    reperes = " – ".join(noms.get(partie, _text(partie)) for partie in cle)
    return f"{nom} ({reperes})" if nom and nom != reperes else reperes


def _change(changement: Changement, cle: Cle, noms: Noms) -> str:
    _, apres = changement.modifies[cle]
    champs = ", ".join(
        f"{CHAMPS.get(nom, nom)} : {_text(avant)} → {_text(nouveau)}"
        for nom, avant, nouveau in changement.champs_modifies(cle)
    )
    return f"{_name(changement, cle, apres, noms)} : {champs}"


def _text(valeur: object) -> str:
    if valeur is None or valeur == "" or valeur == []:
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, list | tuple):
        return ", ".join(map(str, valeur))
    return str(valeur)


def group_by_rule(anomalies) -> list[GroupeAnomalies]:
    """Anomalies grouped by rule, the gravest first; of each, the first ten and the count."""
    groupes: dict[str, GroupeAnomalies] = {}
    for anomalie in anomalies:
        couleur = COULEURS_GRAVITE[anomalie.gravite]
        groupe = groupes.setdefault(anomalie.code, GroupeAnomalies(anomalie.regle, couleur))
        groupe.total += 1
        if len(groupe.lignes) < LIGNES_PAR_REGLE:
            groupe.lignes.append(anomalie)
    return sorted(groupes.values(), key=lambda groupe: _ORDRE.index(groupe.regle.gravite))
