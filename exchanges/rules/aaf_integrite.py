"""The post-conditions of an export of the AAF: what every real one respects (``formats/aaf_ent.md`` §5.3).

A rule about one record yields the sentences; a rule about the whole yields the category and the number as well, and
judges a complet only: what is not in a delta may well exist.
"""

from array import array
from collections.abc import Iterator
from heapq import merge
from itertools import groupby, repeat
from operator import itemgetter

from exchanges.enums import CategorieAAF, Gravite
from exchanges.parsers.records.aaf import ATTRIBUTS, NUMEROTEES, PERSONNES, sort_key
from exchanges.rules.aaf_etat import EcoleAAF, Etat, Fiche, Numeros, is_numero, unpair
from exchanges.rules.base import rule


FAMILLE = "AAF_INTEGRITE"
Trouvaille = tuple[CategorieAAF, str, str]

_STRUCTURES = {
    CategorieAAF.ELEVE: ("ENTPersonStructRattach", "ENTEleveClasses", "ENTEleveGroupes"),
    CategorieAAF.PERSONNEL: (
        "ENTPersonStructRattach",
        "ENTAuxEnsMEF",
        "ENTAuxEnsMatiereEnseignEtab",
        "ENTAuxEnsClasses",
        "ENTAuxEnsGroupes",
        "ENTAuxEnsClassesMatieres",
        "ENTAuxEnsGroupesMatieres",
        "ENTAuxEnsClassesPrincipal",
        "ENTPersonFonctions",
    ),
}
_DIVISIONS = {
    CategorieAAF.ELEVE: ("ENTEleveClasses",),
    CategorieAAF.PERSONNEL: ("ENTAuxEnsClasses", "ENTAuxEnsClassesMatieres", "ENTAuxEnsClassesPrincipal"),
}
_GROUPES = {
    CategorieAAF.ELEVE: ("ENTEleveGroupes",),
    CategorieAAF.PERSONNEL: ("ENTAuxEnsGroupes", "ENTAuxEnsGroupesMatieres"),
}


@rule("aaf_identifiant_invalide", FAMILLE, Gravite.ERREUR)
def aaf_identifiant_invalide(fiche: Fiche) -> Iterator[str]:
    """L'identifiant de l'enregistrement n'est pas un nombre de huit chiffres au plus.

    Des ENT le lisent comme un nombre et rejettent l'enregistrement. Signalez-le : ces numéros sont donnés par entsite.
    """
    if fiche.categorie in NUMEROTEES and not is_numero(fiche.identifiant):
        yield f"« {fiche.identifiant[:40]} » n'est pas un identifiant de l'AAF."


@rule("aaf_identifiant_different", FAMILLE, Gravite.ERREUR)
def aaf_identifiant_different(fiche: Fiche) -> Iterator[str]:
    """L'identifiant de l'enregistrement diffère de son attribut jointure.

    Selon l'ENT, c'est l'un ou l'autre qui sert de clé : la même personne y aurait deux comptes. Signalez-le.
    """
    jointure = fiche.first(ATTRIBUTS[fiche.categorie][0])
    if jointure != fiche.identifiant:
        yield f"L'enregistrement {fiche.identifiant} porte la jointure « {jointure[:40]} »."


@rule("aaf_identifiant_en_double", FAMILLE, Gravite.ERREUR)
def aaf_identifiant_en_double(fiche: Fiche) -> Iterator[str]:
    """Deux enregistrements de l'export portent le même identifiant.

    Élèves, responsables et personnels se partagent les mêmes numéros : l'ENT mélangerait les deux fiches, sans le
    dire. Signalez-le.
    """
    etat = fiche.etat
    if fiche.categorie not in NUMEROTEES:
        if (fiche.categorie, fiche.identifiant) in etat.codes:
            yield f"Le code {fiche.identifiant} figure deux fois."
    elif is_numero(fiche.identifiant):
        parmi = PERSONNES if fiche.categorie in PERSONNES else (fiche.categorie,)
        for categorie in parmi:
            if int(fiche.identifiant) in etat.numeros[categorie]:
                yield f"L'identifiant {fiche.identifiant} est déjà celui d'un enregistrement {categorie.value}."


@rule("aaf_desordre", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_desordre(fiche: Fiche) -> Iterator[str]:
    """Les enregistrements d'un export complet ne sont pas dans l'ordre de leurs identifiants.

    Rien n'est perdu, mais les vrais exports sont triés et deux exports ne peuvent se comparer que triés. Signalez-le.
    """
    dernier = fiche.etat.dernier
    if not fiche.etat.is_complet or not dernier or dernier[0] != fiche.categorie:
        return
    if fiche.categorie in NUMEROTEES and not (is_numero(dernier[1]) and is_numero(fiche.identifiant)):
        return
    if sort_key(fiche.categorie, fiche.identifiant) < sort_key(*dernier):
        yield f"L'enregistrement {fiche.identifiant} vient après {dernier[1]}."


@rule("aaf_structure_inconnue", FAMILLE, Gravite.ERREUR)
def aaf_structure_inconnue(fiche: Fiche) -> Iterator[str]:
    """Une personne est rattachée à un établissement qui n'est pas dans l'export.

    L'ENT abandonne sans rien dire les rattachements, les divisions et les groupes concernés. Vérifiez que
    l'établissement fait partie du périmètre du projet ENT et que ses fichiers sont chargés.
    """
    if not fiche.etat.is_complet:
        return
    parties = (parties for attribut in _STRUCTURES[fiche.categorie] for parties in fiche.split(attribut))
    inconnues = {structure for structure, *_ in parties if structure not in fiche.etat.ecoles}
    for structure in sorted(inconnues - {"", "-"}):
        yield f"L'établissement {structure[:40]} n'est pas dans l'export : ses liens seraient perdus."


@rule("aaf_division_inconnue", FAMILLE, Gravite.ERREUR)
def aaf_division_inconnue(fiche: Fiche) -> Iterator[str]:
    """Une personne est dans une division que son établissement ne déclare pas.

    L'ENT crée la division à partir de cette seule personne, sans libellé ni équipe. Vérifiez le code de la division
    dans STS-Web, refaites Exports > Structure, puis chargez à nouveau les fichiers de l'établissement.
    """
    for structure, division, ecole in _in_schools(fiche, _DIVISIONS):
        if division not in ecole.divisions:
            yield f"La division {division} n'est pas déclarée par l'établissement {structure}."


@rule("aaf_groupe_inconnu", FAMILLE, Gravite.ERREUR)
def aaf_groupe_inconnu(fiche: Fiche) -> Iterator[str]:
    """Une personne est dans un groupe que son établissement ne déclare pas.

    L'ENT crée le groupe à partir de cette seule personne, sans ses divisions. Vérifiez le code du groupe dans STS-Web,
    refaites Exports > Structure, puis chargez à nouveau les fichiers de l'établissement.
    """
    for structure, groupe, ecole in _in_schools(fiche, _GROUPES):
        if groupe not in ecole.groupes:
            yield f"Le groupe {groupe} n'est pas déclaré par l'établissement {structure}."


def _in_schools(fiche: Fiche, attributs: dict[CategorieAAF, tuple[str, ...]]) -> Iterator[tuple[str, str, EcoleAAF]]:
    """Each division or groupe of a person, once, with its school when the export holds it.

    A value with too many parts, or an empty one, is left to the rules that say so.
    """
    couples = (
        (parties[0], parties[1])
        for attribut in attributs[fiche.categorie]
        for parties in fiche.split(attribut)
        if len(parties) == 2 or (len(parties) == 3 and attribut.endswith("Matieres"))
    )
    for structure, code in dict.fromkeys(couples):
        ecole = fiche.etat.ecoles.get(structure)
        if code and ecole:
            yield structure, code, ecole


@rule("aaf_matiere_hors_division", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_matiere_hors_division(fiche: Fiche) -> Iterator[str]:
    """Un enseignant a une matière dans une division qui n'est pas la sienne.

    Les ENT ne lisent pas tous le même des deux attributs, et ne lui montreront pas tous cette division. Signalez-le.
    """
    siennes = set(fiche.valeurs["ENTAuxEnsClasses"])
    for parties in fiche.split("ENTAuxEnsClassesMatieres"):
        if "$".join(parties[:2]) not in siennes:
            yield f"La division {parties[1] if len(parties) > 1 else ''} a une matière sans être parmi les divisions."


@rule("aaf_division_du_groupe_inconnue", FAMILLE, Gravite.ERREUR)
def aaf_division_du_groupe_inconnue(fiche: Fiche) -> Iterator[str]:
    """Un groupe est composé d'une division que l'établissement ne déclare pas.

    Les enseignants du groupe verraient dans l'ENT une division vide. Dans STS-Web, revoyez la composition du groupe,
    refaites Exports > Structure, puis chargez à nouveau les fichiers.
    """
    divisions = {parties[0] for parties in fiche.split("ENTStructureClasses")}
    for groupe, *suite in fiche.split("ENTStructureGroupes"):
        for division in suite[1:]:
            if division and division not in divisions:
                yield f"Le groupe {groupe} est composé de la division {division}, que l'établissement ne déclare pas."


@rule("aaf_enseignements_decales", FAMILLE, Gravite.ERREUR)
def aaf_enseignements_decales(fiche: Fiche) -> Iterator[str]:
    """Les codes et les libellés des enseignements d'un élève ne sont pas en même nombre.

    Les deux listes se lisent ensemble : l'ENT donnerait à un enseignement le code d'un autre. Signalez-le.
    """
    libelles, codes = fiche.valeurs["ENTEleveEnseignements"], fiche.valeurs["ENTEleveCodeEnseignements"]
    if len(libelles) != len(codes):
        yield f"{len(codes)} code(s) d'enseignement pour {len(libelles)} libellé(s)."


@rule("aaf_responsable_inconnu", FAMILLE, Gravite.ERREUR)
def aaf_responsable_inconnu(etat: Etat) -> Iterator[Trouvaille]:
    """Un élève a un responsable qui n'est pas dans l'export.

    L'ENT garde un lien vers personne, sans le dire : ce parent n'a pas de compte. Vérifiez que le fichier Responsables
    de l'établissement est chargé et du même jour que le fichier Élèves.
    """
    connus = etat.numeros[CategorieAAF.RESPONSABLE]
    for eleve, responsable in map(unpair, etat.liens):
        if responsable not in connus:
            yield CategorieAAF.ELEVE, str(eleve), f"Le responsable {responsable} n'est pas dans l'export."


@rule("aaf_responsable_sans_eleve", FAMILLE, Gravite.ERREUR)
def aaf_responsable_sans_eleve(etat: Etat) -> Iterator[Trouvaille]:
    """Un responsable de l'export ne l'est d'aucun élève.

    L'ENT ne lui crée pas de compte. Vérifiez que les fichiers Élèves et Responsables sont du même jour.
    """
    references = Numeros()
    for lien in etat.liens:
        references.add(unpair(lien)[1])
    for numero in etat.numeros[CategorieAAF.RESPONSABLE]:
        if numero not in references:
            yield CategorieAAF.RESPONSABLE, str(numero), f"Aucun élève ne désigne le responsable {numero}."


@rule("aaf_eleve_inconnu", FAMILLE, Gravite.ERREUR)
def aaf_eleve_inconnu(etat: Etat) -> Iterator[Trouvaille]:
    """Un responsable a un enfant qui n'est pas dans l'export.

    Ce lien mène à un élève que l'ENT ne connaît pas. Vérifiez que les fichiers Élèves et Responsables sont du même
    jour.
    """
    connus = etat.numeros[CategorieAAF.ELEVE]
    for eleve, responsable in map(unpair, etat.retours):
        if eleve not in connus:
            yield CategorieAAF.RESPONSABLE, str(responsable), f"L'élève {eleve} n'est pas dans l'export."


@rule("aaf_lien_sans_retour", FAMILLE, Gravite.ERREUR)
def aaf_lien_sans_retour(etat: Etat) -> Iterator[Trouvaille]:
    """Un élève et son responsable ne se désignent pas l'un l'autre.

    Selon l'ENT, c'est l'un ou l'autre lien qui compte : le parent verra son enfant dans l'un et pas dans l'autre.
    Signalez-le.
    """
    eleves, responsables = etat.numeros[CategorieAAF.ELEVE], etat.numeros[CategorieAAF.RESPONSABLE]
    for lien, is_aller in _one_way(etat):
        eleve, responsable = unpair(lien)
        if is_aller and responsable in responsables:
            yield CategorieAAF.ELEVE, str(eleve), f"Le responsable {responsable} ne désigne pas cet élève en retour."
        elif not is_aller and eleve in eleves:
            yield (
                CategorieAAF.RESPONSABLE,
                str(responsable),
                f"L'élève {eleve} ne désigne pas ce responsable en retour.",
            )


def _one_way(etat: Etat) -> Iterator[tuple[int, bool]]:
    """The links that one side only says, and whether it is the élève's. Sorted in turn, so that memory stays small."""
    aller, retour = array("Q", sorted(etat.liens)), array("Q", sorted(etat.retours))
    for lien, dits in groupby(merge(zip(aller, repeat(True)), zip(retour, repeat(False))), key=itemgetter(0)):
        if len(cotes := {is_aller for _, is_aller in dits}) == 1:
            yield lien, cotes.pop()


@rule("aaf_adresse_inconnue", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_adresse_inconnue(etat: Etat) -> Iterator[Trouvaille]:
    """L'adresse d'un élève est celle d'un responsable qui n'est pas dans l'export.

    L'adresse écrite dans la fiche de l'élève reste lisible, mais ne suivra plus celle du responsable. Vérifiez dans
    Base élèves avec qui l'élève habite.
    """
    connus = etat.numeros[CategorieAAF.RESPONSABLE]
    for eleve, responsable in map(unpair, etat.adresses):
        if responsable not in connus:
            yield (
                CategorieAAF.ELEVE,
                str(eleve),
                f"L'adresse est celle du responsable {responsable}, absent de l'export.",
            )


IDENTITE = (aaf_identifiant_invalide, aaf_identifiant_en_double)  # all there is to say of a deleteRequest
_COMMUNES = (*IDENTITE, aaf_identifiant_different, aaf_desordre)
_LIENS = (aaf_structure_inconnue, aaf_division_inconnue, aaf_groupe_inconnu)
PAR_CATEGORIE = {
    CategorieAAF.ETAB: (*_COMMUNES, aaf_division_du_groupe_inconnue),
    CategorieAAF.MATIERE: _COMMUNES,
    CategorieAAF.MEF: _COMMUNES,
    CategorieAAF.ELEVE: (*_COMMUNES, *_LIENS, aaf_enseignements_decales),
    CategorieAAF.RESPONSABLE: _COMMUNES,
    CategorieAAF.PERSONNEL: (*_COMMUNES, *_LIENS, aaf_matiere_hors_division),
}
FINALES = (
    aaf_responsable_inconnu,
    aaf_responsable_sans_eleve,
    aaf_eleve_inconnu,
    aaf_lien_sans_retour,
    aaf_adresse_inconnue,
)
_LOCALES = (*_COMMUNES, *_LIENS, aaf_matiere_hors_division, aaf_division_du_groupe_inconnue, aaf_enseignements_decales)
REGLES = (*_LOCALES, *FINALES)
