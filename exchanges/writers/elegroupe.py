"""The XML of an élève-groupe deposit, schema 1.4, strict order (``formats/siecle.md`` §3.3)."""

from lxml import etree

from exchanges.parsers.records import EleveDepose, FichierElegroupe, Inscription
from exchanges.writers.xml import Document, french, iso, leaf, leaves, node


LOGICIEL = "ENTSITE"


def write_elegroupe(document: Document, fichier: FichierElegroupe) -> None:
    """``IMPORT_ELEVES``. An élève without inscription does not appear, as the schema wants.

    Raises ValueError when ``date_import`` is missing or when no élève is left: both are mandatory.
    """
    inscrits = [eleve for eleve in fichier.eleves if eleve.inscriptions]
    if not inscrits or not fichier.date_import:
        raise ValueError("an élève-groupe file needs a date and at least one élève with a groupe")
    entete = fichier.entete
    with document.block("IMPORT_ELEVES", VERSION="1.4"):
        document.write(
            node(
                "PARAMETRES",
                leaves(
                    UAJ=entete.uai,
                    ANNEE_SCOLAIRE=entete.annee,
                    DATE_IMPORT=french(fichier.date_import),
                    NUM_ENVOI=str(fichier.num_envoi or 0),
                    LOGICIEL=entete.logiciel or LOGICIEL,
                ),
            )
        )
        with document.block("DONNEES"):
            document.list("ELEVES", (_eleve(eleve) for eleve in inscrits))


def _eleve(eleve: EleveDepose) -> etree._Element:
    enfants = [
        _identifiant(eleve),
        *leaves(
            NOM_DE_FAMILLE=eleve.nom_de_famille,
            NOM_USAGE=eleve.nom_usage,
            PRENOM=eleve.prenom,
            PRENOM2=eleve.prenom2,
            PRENOM3=eleve.prenom3,
            DATE_NAISS=iso(eleve.date_naissance),
        ),
        node("GROUPES", (_groupe(inscription) for inscription in eleve.inscriptions)),
    ]
    return node("ELEVE", enfants)


def _identifiant(eleve: EleveDepose) -> etree._Element | None:
    """Exactly one of the three."""
    if eleve.eleve_id:
        return leaf("ELEVE_ID", eleve.eleve_id)
    return leaf("ID_NATIONAL", eleve.ine) if eleve.ine else leaf("ID_PRV_ELE", eleve.id_prv_ele)


def _groupe(inscription: Inscription) -> etree._Element:
    return node(
        "GROUPE",
        leaves(
            CODE_GROUPE=inscription.groupe,
            DATE_DEBUT_GROUPE=iso(inscription.date_debut),
            DATE_FIN_GROUPE=iso(inscription.date_fin),
        ),
    )
