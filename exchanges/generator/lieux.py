"""Places and schools that the fiches of a school name (``formats/siecle.md`` §2.6)."""

from collections.abc import Iterable

from exchanges.generator.hasard import make_rng
from exchanges.generator.noms import draw_ville
from exchanges.parsers.records import (
    Eleve,
    Entete,
    EtablissementConnu,
    FichierEtablissements,
    FichierGeographique,
    Lieu,
)


DEPARTEMENT = "099"
_PAYS = {
    "100": "FRANCE",
    "109": "ALLEMAGNE",
    "127": "ITALIE",
    "134": "ESPAGNE",
    "139": "PORTUGAL",
    "350": "MAROC",
    "351": "TUNISIE",
    "352": "ALGERIE",
}
NATIONALITES = tuple(code for code in _PAYS if code != "100")


def make_commune(seed: int, rang: int) -> tuple[str, str]:
    """The invented town of a school, in mixed case, and its fictitious postcode."""
    return draw_ville(make_rng(seed, rang, "commune")), f"99{rang % 1000:03d}"


def make_geographique(entete: Entete, ville: str, code_commune: str) -> FichierGeographique:
    """Every country of birth or nationality, and the one commune where élèves are born."""
    return FichierGeographique(
        entete=entete,
        pays=tuple(Lieu(code, libelle) for code, libelle in _PAYS.items()),
        departements=(Lieu(DEPARTEMENT, "DEPARTEMENT FICTIF", DEPARTEMENT),),
        communes=(Lieu(code_commune, ville.upper(), DEPARTEMENT),),
    )


def make_etablissements(entete: Entete, ici: EtablissementConnu, eleves: Iterable[Eleve]) -> FichierEtablissements:
    """The school itself and those where its élèves were last year, in the order of the élèves."""
    autres = dict.fromkeys(eleve.rne_an_dernier for eleve in eleves if eleve.rne_an_dernier != ici.uai)
    connus = (
        EtablissementConnu(uai=uai, denomination="ETABLISSEMENT VOISIN", secteur="PU", academie=ici.academie)
        for uai in autres
    )
    return FichierEtablissements(entete=entete, etablissements=(ici, *connus))
