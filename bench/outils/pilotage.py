"""An académie as the DANE sees it: the schools of ``outils.academie`` with a past, their figures counted."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from django.db import connection
from outils.academie import GROUPES, PAR_ECOLE, fill
from outils.site import clock

from exchanges.enums import EtatDepot, EtatPassage, GenreAAF, Relais, Role
from exchanges.importer.bulk import insert_rows
from exchanges.models import AnomalieDepot, Depot, Etablissement, Passage, ProjetENT, ReleveHebdo, Utilisateur
from exchanges.pipeline.compteurs import monday_of, refresh_all
from tests.makers import ANNEE, LUNDI, PERIODE, make_academie, make_utilisateur


SEMAINES = 20
JOUR = timedelta(days=1)
_VILLES = ("Sainte-Modèle", "Port-d'Essai", "Exemple-les-Bains", "Fictif-sur-Mer")


def make_ecoles(nombre: int) -> list[Etablissement]:
    """That many schools of 500 élèves, with deposits, comptes-rendus, passages and weeks; counters up to date."""
    rng = Random(nombre)
    ecoles = fill(nombre * PAR_ECOLE)
    projets = [ecoles[0].projet_ent, ProjetENT.objects.create(nom="Autre ENT d'essai", heures_ent=48)]
    for rang, ecole in enumerate(ecoles):
        ecole.annee, ecole.debut_eleves, ecole.fin_eleves = ANNEE, PERIODE.debut, PERIODE.fin
        ecole.type, ecole.ville = rng.choice(("CLG", "CLG", "LYC", "LP")), rng.choice(_VILLES)
        ecole.departement, ecole.bassin = f"0{rng.randint(90, 95)}", f"Bassin {rng.randint(1, 12)}"
        ecole.projet_ent = projets[rang % 2]
    champs = ["annee", "debut_eleves", "fin_eleves", "type", "ville", "departement", "bassin", "projet_ent"]
    Etablissement.objects.bulk_update(ecoles, champs, batch_size=200)
    for ecole in ecoles:
        _give_past(ecole, rng)
    _analyze()
    temps = clock(lambda: refresh_all(ecoles))
    print(f"chiffres d'un établissement recomptés en {temps / nombre * 1e3:.0f} ms", flush=True)
    _give_weeks(ecoles)
    _analyze()
    return ecoles


def _analyze() -> None:
    """What the autovacuum of a site that lives does: a bulk load leaves PostgreSQL without statistics."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _give_past(ecole: Etablissement, rng: Random) -> None:
    """Three imports with their anomalies, a year of passages."""
    for il_y_a in (20, 9, 2)[: rng.randint(0, 3)]:
        quand = LUNDI - il_y_a * JOUR
        depot = Depot.objects.create(
            etablissement=ecole,
            nom=f"{ecole.uai}ELEGROUPE{ANNEE}{quand:%y%m%d%H%M%S}",
            etat=EtatDepot.IMPORTE,
            controle_le=quand,
            depose_le=quand,
            importe_le=quand + JOUR,
            eleves_lus=PAR_ECOLE - rng.randint(0, 200),
            absents=rng.randint(0, 200),
        )
        codes = rng.choices(("GROUPE_A_01", "ELEGRP_A_03"), k=rng.randint(0, 60))
        insert_rows(
            AnomalieDepot,
            (
                *("depot_id", "rang", "section", "code", "regle", "gravite", "reference", "id_prv_ele", "nom"),
                *("division", "objet", "message", "action"),
            ),
            [
                (depot.pk, r, "anomalie", code, "GROUPE", "erreur", "1000000", "", "M", "6D0", "6G0", "x", "y")
                for r, code in enumerate(codes)
            ],
        )
    jours = [LUNDI - il_y_a * JOUR for il_y_a in range(SEMAINES * 7)]
    insert_rows(
        Passage,
        ("etablissement_id", "relais", "prevu_le", "execute_le", "source", "etat", "genre", "motif", "bilan"),
        [
            (ecole.pk, str(relais), jour, jour, jour, str(EtatPassage.FAIT), str(GenreAAF.DELTA), "", {})
            for jour in jours
            for relais in (Relais.AAF, Relais.ENT, Relais.GAR, Relais.MOODLE)
        ],
    )
    if rng.random() < 0.1:
        Passage.objects.create(etablissement=ecole, relais=Relais.ENT, prevu_le=LUNDI + JOUR, etat=EtatPassage.ECHEC)


def _give_weeks(ecoles: Sequence[Etablissement]) -> None:
    """The figures of today, said again of every week since a year and a half."""
    lundi = monday_of(LUNDI.date())
    connus = ReleveHebdo.objects.filter(lundi=lundi, etablissement__in=ecoles)
    lignes = [
        (pk, lundi - timedelta(weeks=semaine), donnees)
        for pk, donnees in connus.values_list("etablissement_id", "donnees")
        for semaine in range(1, 78)
    ]
    insert_rows(ReleveHebdo, ("etablissement_id", "lundi", "donnees"), lignes)


def make_dane(ecoles: Sequence[Etablissement], code: str) -> Utilisateur:
    """The DANE of an académie that has these schools and no other."""
    academie = make_academie(code, decalage=ecoles[0].academie.decalage)
    Etablissement.objects.filter(pk__in=[ecole.pk for ecole in ecoles]).update(academie=academie)
    return make_utilisateur(f"dane-{code.lower()}", Role.DANE, academie=academie)


def liens_of(omis: int) -> dict[str, list[str]]:
    """What EDT would hand in for a school: everybody in all groupes but one."""
    codes = [f"6G{rang}" for rang in range(GROUPES) if rang != omis]
    return {str(1_000_000 + rang): codes for rang in range(PAR_ECOLE)}
