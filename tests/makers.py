"""Plain functions that make what most tests need: an académie, a school with its files, a deposit.

Everything is invented. The default school has four élèves in 6A and the groupes 6AGL1 and 6ESP1; its académie
lives in simulated time, so that ``set_clock`` puts it at any instant.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.utils import timezone

from exchanges.enums import Role, TypeFichier
from exchanges.models import Academie, Chargement, Depot, Etablissement, Habilitation, ProjetENT, Utilisateur
from exchanges.parsers.records import (
    Division,
    Eleve,
    EleveDepose,
    Entete,
    Fichier,
    FichierCommun,
    FichierElegroupe,
    FichierEleves,
    FichierStructures,
    Groupe,
    Inscription,
    Periode,
)
from exchanges.pipeline import chargements, depots
from exchanges.rules.identifiants import cle_mod23, cle_rnie
from exchanges.writers import write, write_depot


PARIS = ZoneInfo("Europe/Paris")
LUNDI = datetime(2026, 9, 7, 10, 0, tzinfo=PARIS)  # a Monday, ten o'clock
MARDI_2H = datetime(2026, 9, 8, 2, 0, tzinfo=PARIS)  # the night after it
MEF = "10010012110"
ANNEE = "2026"
PERIODE = Periode(date(2026, 9, 1), date(2027, 7, 3))
NAISSANCE = date(2014, 5, 17)
ELEVES = ("1001", "1002", "1003", "1004")
GROUPES = ("6AGL1", "6ESP1")


def make_academie(code: str = "AC1", **champs: Any) -> Academie:
    """An académie in simulated time, in Paris's zone unless told otherwise."""
    return Academie.objects.create(code=code, **({"nom": f"Académie {code}", "is_simulee": True} | champs))


def make_projet(nom: str = "ENT d'essai", **champs: Any) -> ProjetENT:
    """A projet ENT: SIECLE the next night, ENT +72 h, Moodle +96 h unless told otherwise."""
    return ProjetENT.objects.create(nom=nom, **champs)


def make_uai(rang: int) -> str:
    """A UAI of a département that does not exist."""
    return f"099{rang:04d}{cle_mod23(f'099{rang:04d}')}"


def make_etablissement(rang: int = 1, **champs: Any) -> Etablissement:
    """A school that has loaded nothing yet; its académie and projet are made when they are not given."""
    champs.setdefault("academie", None)
    champs.setdefault("projet_ent", None)
    champs["academie"] = champs["academie"] or Academie.objects.first() or make_academie()
    champs["projet_ent"] = champs["projet_ent"] or ProjetENT.objects.first() or make_projet()
    return Etablissement.objects.create(
        uai=make_uai(rang), **({"denomination": f"Collège d'essai {rang}", "type": "CLG"} | champs)
    )


def make_utilisateur(username: str, role: Role, *, etablissement=None, academie=None) -> Utilisateur:
    """A person with one role on one perimeter; her password is ``motdepasse-dessai``."""
    utilisateur = Utilisateur.objects.create_user(username=username, password="motdepasse-dessai")
    Habilitation.objects.create(utilisateur=utilisateur, role=role, etablissement=etablissement, academie=academie)
    return utilisateur


def set_clock(academie: Academie, instant: datetime) -> None:
    """Put a simulated académie at an instant, before or after its present one."""
    academie.decalage = instant - timezone.now()
    academie.save(update_fields=["decalage"])


def make_ine(numero: int) -> str:
    """An INE whose key is right."""
    return f"{numero:09d}{cle_rnie(f'{numero:09d}')}"


def make_eleve(eleve_id: str = "1001", **champs: Any) -> Eleve:
    """An élève as the Élèves export has her, in 6A."""
    defauts = {"nom_de_famille": f"MODELE{eleve_id}", "prenom": "Maëlys", "date_naissance": NAISSANCE}
    defauts |= {"ine": make_ine(int(eleve_id)), "mef": MEF, "division": "6A", "sexe": "2"}
    defauts |= {"pays_naissance": "100", "commune_naissance": "99001", "nationalite": "100", "regime": "2"}
    defauts |= {"statut": "ST", "date_entree": PERIODE.debut, "provenance": "1"}
    defauts |= {"rne_an_dernier": make_uai(2), "mef_an_dernier": "00110000550"}
    return Eleve(eleve_id=eleve_id, **(defauts | champs))


def make_entete(etablissement: Etablissement, type_fichier: TypeFichier, quand: datetime, annee: str) -> Entete:
    """The header of an export made at ``quand`` (its local time is written, as SIECLE does)."""
    return Entete(type_fichier, etablissement.uai, annee, version="3.0", horodatage=quand.replace(tzinfo=None))


def make_fichier_eleves(
    etablissement: Etablissement, eleves: Iterable[Eleve], quand: datetime = LUNDI, annee: str = ANNEE
) -> FichierEleves:
    """The Élèves export."""
    return FichierEleves(entete=make_entete(etablissement, TypeFichier.ELEVES, quand, annee), eleves=tuple(eleves))


def make_fichiers(
    etablissement: Etablissement,
    eleves: Iterable[Eleve] | None = None,
    groupes: Iterable[str] = GROUPES,
    quand: datetime = LUNDI,
    annee: str = ANNEE,
) -> list[Fichier]:
    """The three exports that make a verdict complete: Élèves, Structures, Communs."""
    return [
        make_fichier_eleves(etablissement, map(make_eleve, ELEVES) if eleves is None else eleves, quand, annee),
        FichierStructures(
            entete=make_entete(etablissement, TypeFichier.STRUCTURES, quand, annee),
            divisions=(Division("6A", "SIXIEME A", mefs=(MEF,)),),
            groupes=tuple(Groupe(code, code, mefs=(MEF,), divisions=("6A",)) for code in groupes),
        ),
        FichierCommun(
            entete=make_entete(etablissement, TypeFichier.COMMUN, quand, annee),
            denomination=etablissement.denomination,
            type_etab="CLG",
            annee_eleves=PERIODE,
        ),
    ]


def make_flux(fichier: Fichier) -> BinaryIO:
    """The bytes of an export."""
    flux = BytesIO()
    write(fichier, flux)
    flux.seek(0)
    return flux


def name_flux(fichiers: Iterable[Fichier]) -> list[tuple[str, BinaryIO]]:
    """Exports as a person hands them in: a name and a stream each."""
    return [(f"{fichier.entete.type}.xml", make_flux(fichier)) for fichier in fichiers]


def load(etablissement: Etablissement, fichiers: Iterable[Fichier] | None = None, now: datetime = LUNDI) -> Chargement:
    """Load exports for good (those of the default school when none is given); the school is refreshed."""
    flux = name_flux(make_fichiers(etablissement, quand=now) if fichiers is None else fichiers)
    chargement, lot = chargements.control_files(etablissement, flux, None, now)
    assert chargement is not None, lot.refus
    chargements.apply_chargement(chargement, None, now, has_retraits_confirmes=True)
    etablissement.refresh_from_db()
    return chargement


def make_ecole(rang: int = 1, now: datetime = LUNDI, **champs: Any) -> Etablissement:
    """The default school, loaded an hour before ``now``, its simulated académie's clock at ``now``."""
    etablissement = make_etablissement(rang, **champs)
    if etablissement.academie.is_simulee:
        set_clock(etablissement.academie, now)
    load(etablissement, now=now - timedelta(hours=1))
    return etablissement


def make_zip(
    etablissement: Etablissement,
    liens: Mapping[str, Iterable[str | Inscription]],
    quand: datetime = LUNDI,
    annee: str = ANNEE,
) -> tuple[str, BinaryIO]:
    """The name and the stream of an élève-groupe ZIP: groupes by ELEVE_ID."""
    deposes = tuple(
        EleveDepose(
            eleve_id=eleve_id,
            nom_de_famille=f"MODELE{eleve_id}",
            prenom="Maëlys",
            date_naissance=NAISSANCE,
            inscriptions=tuple(g if isinstance(g, Inscription) else Inscription(g) for g in groupes),
        )
        for eleve_id, groupes in liens.items()
    )
    entete = Entete(TypeFichier.ELEGROUPE, etablissement.uai, annee, version="1.4", logiciel="ESSAI")
    fichier = FichierElegroupe(entete=entete, date_import=quand.date(), num_envoi=1, eleves=deposes)
    nom, octets = write_depot(fichier, quand.replace(tzinfo=None))
    return nom, BytesIO(octets)


def make_depot(
    etablissement: Etablissement, liens: Mapping[str, Iterable[str | Inscription]], now: datetime = LUNDI
) -> Depot:
    """A deposit that has been judged, not confirmed."""
    nom, flux = make_zip(etablissement, liens, now)
    return depots.control_depot(etablissement, flux, nom, None, now)


def deposit(
    etablissement: Etablissement, liens: Mapping[str, Iterable[str | Inscription]], now: datetime = LUNDI
) -> Depot:
    """A deposit confirmed for the coming night, whatever it removes."""
    depot = make_depot(etablissement, liens, now)
    clos = len(depots.judge_depot(depot).verdict.clos)
    return depots.confirm_depot(depot, None, now, suppressions_confirmees=clos)
