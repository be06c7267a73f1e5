"""The heat map: schools × steps of the rentrée, a sign in each cell."""

from django.db.models import CharField, F, Func, QuerySet, Value

from checklists.enums import EtatEtape
from checklists.etapes import find_etape, read_etapes
from checklists.libelles import badge_etape
from checklists.pilotage.colonnes import Ligne
from checklists.pilotage.tableau import TRIS, rank_of, sort_etablissements


# From the gravest: the order of a sort too.
SIGNES = {
    EtatEtape.CONTREDITE: "✖",
    EtatEtape.EN_RETARD: "R",
    EtatEtape.BLOQUEE: "B",
    EtatEtape.A_FAIRE: "·",
    EtatEtape.DECLAREE: "D",
    EtatEtape.PROUVEE: "✔",
}
LEGENDE = tuple({"signe": signe, **badge_etape(etat)} for etat, signe in SIGNES.items())
_CASES = dict(zip(SIGNES, LEGENDE, strict=True))
INCONNUE = {"signe": "", "couleur": "neutre", "libelle": "inconnue"}


class EtatDansCarte(Func):
    """What ``rentree_etats`` says of a step. Its numbers are keys, which Django's own lookups take for ranks."""

    output_field = CharField()

    def as_postgresql(self, compiler, connection, **contexte):
        """As PostgreSQL reads a key."""
        return self.as_sql(compiler, connection, function="jsonb_extract_path_text", **contexte)

    def as_sqlite(self, compiler, connection, **contexte):
        """As SQLite reads a key, by its path."""
        champ, numero = self.get_source_expressions()
        chemin = Func(champ, Value(f'$."{numero.value}"'), function="JSON_EXTRACT")
        return chemin.as_sql(compiler, connection, **contexte)


def sort_carte(etablissements: QuerySet, tri: str) -> QuerySet:
    """Schools in the order asked for: by a step (the gravest first), or by a column of the dashboard."""
    numero = tri.removeprefix("-")
    if find_etape(numero) is None:
        return sort_etablissements(etablissements, tri)
    etat = EtatDansCarte(F("compteurs__rentree_etats"), Value(numero))
    tris = TRIS | {numero: rank_of("etat_etape", SIGNES)}
    return sort_etablissements(etablissements.alias(etat_etape=etat), tri, tris)


def read_cases(ligne: Ligne) -> list[dict[str, str]]:
    """The cells of a school: ``signe``, ``couleur``, ``libelle``, in the order of the steps."""
    etats = ligne.compteurs.rentree_etats if ligne.compteurs else {}
    return [_CASES.get(etats.get(etape.numero), INCONNUE) for etape in read_etapes()]
