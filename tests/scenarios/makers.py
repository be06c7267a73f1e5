"""What the scenarios say in one word: a school whose ENT is fed, its accounts, its groupes as the ENT shows them."""

from datetime import date, datetime, timedelta

from exchanges.enums import EtatCompteENT, TypeFichier
from exchanges.models import CompteENT, Etablissement, EtatCompte
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from exchanges.pipeline.nuits import run_until
from exchanges.reports.annuaire import annuaire_of
from tests.makers import ANNEE, LUNDI, load, make_entete, make_fichiers, set_clock
from tests.makers_sts import make_sts


SEMAINE = timedelta(days=7)
JOUR = timedelta(days=1)


def make_responsables(
    etablissement: Etablissement, *personnes: tuple[str, str, str, str], quand: datetime = LUNDI
) -> FichierResponsables:
    """The Responsables export: (PERSONNE_ID, nom, prénom, ELEVE_ID), each a legal one."""
    return FichierResponsables(
        entete=make_entete(etablissement, TypeFichier.RESPONSABLES, quand, ANNEE),
        personnes=tuple({pk: Personne(pk, nom, prenom, civilite="MME") for pk, nom, prenom, _ in personnes}.values()),
        liens=tuple(LienResponsable(eleve, pk, niveau="1", parente="10") for pk, _, _, eleve in personnes),
    )


def make_fed(etablissement: Etablissement, *fichiers, quand: datetime = LUNDI - SEMAINE) -> Etablissement:
    """A school whose SIECLE and STS files, and those given, are loaded, and whose ENT has received them."""
    set_clock(etablissement.academie, quand)
    load(etablissement, [*make_fichiers(etablissement, quand=quand), make_sts(etablissement), *fichiers], quand)
    run_days(etablissement, quand + SEMAINE)
    return etablissement


def run_days(etablissement: Etablissement, until: datetime) -> None:
    """Let every relay run until an instant."""
    set_clock(etablissement.academie, until)
    for tache, is_fait in run_until(None):
        assert is_fait, f"{tache.cle}: {tache.erreur}"
    etablissement.refresh_from_db()


def ent_groupes(etablissement: Etablissement, jour: date) -> dict[str, list[str]]:
    """ELEVE_ID of each groupe, as the ENT shows it on a day."""
    groupes = annuaire_of(etablissement, jour).groupes
    return {code: [membre.eleve_id for membre in membres] for code, membres in groupes.items()}


def logins(etat: EtatCompteENT, instant: datetime, **champs) -> set[str]:
    """Logins of the accounts in a state at an instant."""
    etats = EtatCompte.objects.filter(etat=etat, depuis__lte=instant).exclude(jusqua__lte=instant)
    return set(CompteENT.objects.filter(etats__in=etats, **champs).values_list("login", flat=True))
