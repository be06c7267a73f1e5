"""Plain functions that make facts, a chef, addresses of the rentrée."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from checklists.annees import Rentree, find_rentree
from checklists.faits import Effectifs, ExportSTS, Faits, Fichier
from checklists.preuves import EXPORTS_BEE
from exchanges.enums import OrigineActe, Role, TypeFichier
from exchanges.models import Etablissement, Utilisateur
from exchanges.parsers.records import FichierNomenclatures, FichierResponsables, Matiere, Mef
from exchanges.propagation.horloge import Horloge
from tests.makers import (
    ANNEE,
    GROUPES,
    LUNDI,
    MEF,
    PARIS,
    load,
    make_entete,
    make_etablissement,
    make_fichiers,
    make_utilisateur,
    set_clock,
)
from tests.makers_sts import ANGLAIS, make_sts


RENTREE = date(2026, 9, 1)
MAINTENANT = datetime(2026, 9, 7, 10, 0, tzinfo=PARIS)
EXPORT_LE = datetime(2026, 9, 1, 12, 0, tzinfo=PARIS)
HEURE = timedelta(hours=1)


def make_fichier(quand: datetime = EXPORT_LE, nom: str = "export.xml") -> Fichier:
    """A file exported at ``quand`` and loaded an hour later."""
    return Fichier(nom, quand, quand + HEURE)


def make_export(quand: datetime, origine: OrigineActe = OrigineActe.FAIT, preuve: str = "") -> ExportSTS:
    """An Export Structure or Services."""
    return ExportSTS(quand, origine, preuve, "Camille Modèle")


def make_faits(**champs: Any) -> Faits:
    """A school that has loaded everything on the day of the rentrée, its groupes known of SIECLE."""
    types = (*EXPORTS_BEE, TypeFichier.STS_EDT)
    defauts: dict[str, Any] = {
        "fichiers": {type_: make_fichier(nom=f"{type_}.xml") for type_ in types},
        "divisions_sts": frozenset({"6A"}),
        "divisions_bee": frozenset({"6A"}),
        "groupes_sts": frozenset({"6AGL1"}),
        "groupes_bee": frozenset({"6AGL1"}),
        "services": 2,
        "mefs": frozenset({"10010012110"}),
        "mefs_utilises": frozenset({"10010012110"}),
        "matieres": frozenset({"030201"}),
        "matieres_utilisees": frozenset({"030201"}),
        "effectifs": Effectifs(total=4, entrants=4),
    }
    return Faits(annee="2026", rentree=RENTREE, maintenant=MAINTENANT, **(defauts | champs))


def make_chef(etablissement: Etablissement, username: str = "chef", **champs: Any) -> Utilisateur:
    """The direction of a school, with an address."""
    chef = make_utilisateur(username, Role.DIRECTION, etablissement=etablissement)
    for champ, valeur in ({"email": f"{username}@ecole.invalid"} | champs).items():
        setattr(chef, champ, valeur)
    chef.save()
    return chef


def find(etablissement: Etablissement) -> Rentree:
    """The rentrée of a school, at its clock."""
    rentree = find_rentree(etablissement, Horloge(etablissement.academie).maintenant.date())
    assert rentree is not None
    return rentree


def url(nom: str, etablissement: Etablissement, *args: object, query: str = "") -> str:
    """The address of a page of the rentrée of a school."""
    return reverse(f"checklists:{nom}", args=[etablissement.uai, *args]) + (f"?{query}" if query else "")


def make_dossier(etablissement: Etablissement, quand: datetime = LUNDI, groupes=GROUPES, eleves=None) -> list[Any]:
    """Every export that the proofs look at: STS, the five of BEE, agreeing with one another."""
    return [
        *make_fichiers(etablissement, eleves=eleves, groupes=groupes, quand=quand),
        FichierResponsables(entete=make_entete(etablissement, TypeFichier.RESPONSABLES, quand, ANNEE)),
        FichierNomenclatures(
            entete=make_entete(etablissement, TypeFichier.NOMENCLATURES, quand, ANNEE),
            mefs=(Mef(MEF, "6EME"),),
            matieres=(Matiere(ANGLAIS, "AGL1"),),
        ),
        make_sts(etablissement, groupes),
    ]


def make_ecole_prete(rang: int = 1, **champs: Any) -> Etablissement:
    """A school whose files of the rentrée are all here on Monday at nine; it is ten."""
    etablissement = make_etablissement(rang, **champs)
    set_clock(etablissement.academie, LUNDI)
    load(etablissement, make_dossier(etablissement), now=LUNDI - HEURE)
    return etablissement
