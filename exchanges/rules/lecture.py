"""What is said about how a file is written, and about material that is missing to judge it."""

from collections.abc import Iterator

from exchanges.enums import Gravite
from exchanges.parsers.records import Lecture
from exchanges.rules.base import Anomalie, regle_de, rule
from exchanges.rules.referentiel import Referentiel


@rule("ecriture_du_fichier", "FICHIERS", Gravite.AVERTISSEMENT)
def ecriture_du_fichier(lecture: Lecture) -> Iterator[str]:
    """Le fichier est lisible mais mal écrit.

    Il est pris en compte. Ne l'ouvrez jamais dans un éditeur ou un tableur avant de le déposer ; si le message
    revient, signalez-le à l'éditeur du logiciel qui l'a produit.
    """
    for remarque in lecture.remarques:
        yield remarque.message


@rule("elements_inconnus", "FICHIERS", Gravite.INFORMATION)
def elements_inconnus(lecture: Lecture) -> Iterator[str]:
    """Le fichier contient des éléments qu'entsite ne connaît pas encore.

    Ils sont comptés et laissés de côté ; le reste est pris en compte. Rien à faire.
    """
    if lecture.inconnus:
        noms = ", ".join(sorted(lecture.inconnus)[:5])
        yield f"{sum(lecture.inconnus.values())} élément(s) inconnu(s) dans {lecture.entete.type.libelle} : {noms}."


@rule("verdict_partiel", "FICHIERS", Gravite.INFORMATION)
def verdict_partiel(referentiel: Referentiel) -> Iterator[str]:
    """Il manque un export de SIECLE pour tout vérifier.

    Chargez le fichier nommé : le verdict sera alors complet.
    """
    if referentiel.eleves is None:
        yield "Sans ElevesSansAdresses.xml, les élèves ne peuvent pas être identifiés : seule la forme est vérifiée."
    if referentiel.mefs_des_groupes is None:
        yield "Sans Structures.xml, les groupes ne peuvent pas être vérifiés (GROUPE_A_01, GROUPE_B_02)."
    if referentiel.periode is None:
        yield "Sans Communs.xml, les dates ne peuvent pas être comparées à l'année scolaire (ELEGRP_A_02 et A_03)."


REGLES = (ecriture_du_fichier, elements_inconnus, verdict_partiel)


def check_lecture(lecture: Lecture) -> list[Anomalie]:
    """What there is to say about one parsed file."""
    return [
        Anomalie(regle=regle_de(regle), message=message, action=regle_de(regle).conseil, objet=lecture.entete.type)
        for regle in (ecriture_du_fichier, elements_inconnus)
        for message in regle(lecture)
    ]


def check_materiel(referentiel: Referentiel) -> list[Anomalie]:
    """What the verdict cannot know for lack of an export."""
    regle = regle_de(verdict_partiel)
    return [Anomalie(regle=regle, message=message, action=regle.conseil) for message in verdict_partiel(referentiel)]
