"""``BEE_GEOGRAPHIQUE`` and ``BEE_ETABLISSEMENTS`` (``formats/siecle.md`` §2.6).

Their real nesting is not documented: one that is like the other exports of SIECLE is written.
"""

from lxml import etree

from exchanges.parsers.records import EtablissementConnu, FichierEtablissements, FichierGeographique
from exchanges.writers.bee import envelope
from exchanges.writers.xml import Document, leaves, node


def write_geographique(document: Document, fichier: FichierGeographique) -> None:
    """``BEE_GEOGRAPHIQUE``: LISTE_PAYS, DEPARTEMENTS, COMMUNES, their codes as children."""
    with envelope(document, fichier.entete):
        document.list(
            "LISTE_PAYS", (node("PAYS", leaves(CODE_PAYS=p.code, LIBELLE_LONG=p.libelle)) for p in fichier.pays)
        )
        document.list(
            "DEPARTEMENTS",
            (
                node(
                    "DEPARTEMENT",
                    leaves(CODE_ACADEMIE=d.parent, CODE_DEPARTEMENT_INSEE=d.code, LIBELLE_LONG=d.libelle),
                )
                for d in fichier.departements
            ),
        )
        document.list(
            "COMMUNES",
            (
                node(
                    "COMMUNE",
                    leaves(CODE_COMMUNE_INSEE=c.code, CODE_DEPARTEMENT_INSEE=c.parent, LIBELLE_LONG=c.libelle),
                )
                for c in fichier.communes
            ),
        )


def write_etablissements(document: Document, fichier: FichierEtablissements) -> None:
    """``BEE_ETABLISSEMENTS``: one ETABLISSEMENT per school."""
    with envelope(document, fichier.entete):
        document.list("ETABLISSEMENTS", (_etablissement(etablissement) for etablissement in fichier.etablissements))


def _etablissement(etablissement: EtablissementConnu) -> etree._Element:
    enfants = leaves(
        CODE_ACADEMIE=etablissement.academie,
        CODE_RNE=etablissement.uai,
        CODE_NATURE=etablissement.nature,
        CODE_TYPE_ETAB=etablissement.type_etab,
        CODE_SECTEUR=etablissement.secteur,
        SIGLE=etablissement.sigle,
        DENOM_PRINC=etablissement.denomination,
        CODE_POSTAL=etablissement.code_postal,
    )
    return node("ETABLISSEMENT", enfants)
