"""A school whose data has gone down the chain: what the tests of exports look at."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from exchanges.enums import TypeFichier
from exchanges.models import Etablissement
from exchanges.parsers.records import (
    FichierNomenclatures,
    FichierResponsables,
    LienResponsable,
    Matiere,
    Mef,
    Personne,
)
from exchanges.pipeline.exports import run_export_services
from exchanges.pipeline.nuits import run_until
from tests.makers import ANNEE, ELEVES, LUNDI, MEF, PARIS, deposit, load, make_entete
from tests.makers_sts import ANGLAIS, make_sts


MERCREDI = datetime(2026, 9, 9, 10, 0, tzinfo=PARIS)
JEUDI = datetime(2026, 9, 10, 23, 0, tzinfo=PARIS)
VENDREDI = datetime(2026, 9, 11, 23, 0, tzinfo=PARIS)


def make_nomenclatures(etablissement: Etablissement, quand: datetime = LUNDI) -> FichierNomenclatures:
    """The MEF of the default school and the anglais of its services."""
    return FichierNomenclatures(
        entete=make_entete(etablissement, TypeFichier.NOMENCLATURES, quand, ANNEE),
        mefs=(Mef(MEF, "6EME", "SIXIEME", rattachement=MEF, mefstat="21110010012"),),
        matieres=(Matiere(ANGLAIS, "AGL1", "ANGLAIS LV1"),),
    )


def make_responsables(
    etablissement: Etablissement, eleves: Iterable[str] = ELEVES, quand: datetime = LUNDI, prenom: str = "Camille"
) -> FichierResponsables:
    """One mother for all these élèves; her PERSONNE_ID is the same in every school."""
    return FichierResponsables(
        entete=make_entete(etablissement, TypeFichier.RESPONSABLES, quand, ANNEE),
        personnes=(Personne("5001", civilite="MME", nom_de_famille="MODELE", prenom=prenom),),
        liens=tuple(
            LienResponsable(eleve, "5001", niveau="1", parente="10", paie_frais_scolaires=True) for eleve in eleves
        ),
    )


def feed(etablissement: Etablissement, until: datetime = MERCREDI - timedelta(hours=1)) -> Etablissement:
    """Load STS, nomenclatures and responsables, export services, deposit links, and let the relays run."""
    load(etablissement, [make_sts(etablissement), make_nomenclatures(etablissement), make_responsables(etablissement)])
    run_export_services(etablissement, None, LUNDI)
    deposit(etablissement, {"1001": ["6AGL1"], "1002": ["6AGL1"]})
    list(run_until(until))
    return etablissement
