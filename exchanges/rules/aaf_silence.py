"""What an ENT swallows without a word: records it ignores, links it drops (``formats/aaf_ent.md`` §4 and §6.1).

Every line was seen on a consumer that said « accepted » all the same. What makes one abort (a BOM, ``&#38;``, no DTD,
an attribute of another list) has no rule: the writer cannot write it.
"""

from collections import Counter
from collections.abc import Iterator

from exchanges.enums import CategorieAAF, Gravite
from exchanges.rules.aaf_etat import Fiche
from exchanges.rules.base import rule


FAMILLE = "AAF_SILENCE"
RELATION = 6  # id, lien, financier, niveau, contact, paiement
FONCTION = 5  # structure, code and label of the fonction, code and label of the poste

# How many parts the values of an attribute may have.
_PARTIES = {
    CategorieAAF.ELEVE: {
        "ENTElevePersRelEleve": (RELATION, RELATION),
        "ENTPersonAdresse": (1, 4),
        "ENTEleveDateEntreeClasses": (3, 3),
        "ENTEleveDateSortieClasses": (3, 3),
        "ENTEleveClasses": (2, 2),
        "ENTEleveGroupes": (2, 2),
    },
    CategorieAAF.RESPONSABLE: {"ENTPersonAdresse": (1, 4)},
    CategorieAAF.PERSONNEL: {
        "ENTAuxEnsCategoDiscipline": (2, 2),
        "ENTAuxEnsDisciplinesPoste": (2, 2),
        "ENTAuxEnsMEF": (3, 3),
        "ENTAuxEnsMatiereEnseignEtab": (2, 2),
        "ENTAuxEnsClasses": (2, 2),
        "ENTAuxEnsGroupes": (2, 2),
        "ENTAuxEnsClassesMatieres": (2, 3),
        "ENTAuxEnsGroupesMatieres": (2, 3),
        "ENTAuxEnsClassesPrincipal": (2, 2),
        "ENTPersonFonctions": (FONCTION, FONCTION),
    },
    CategorieAAF.ETAB: {"ENTEtablissementBassin": (2, 2)},
}
# Those that may be empty at the end: an address has blank lines, a discipline may have no code. The relations and the
# fonctions have a rule of their own.
_VIDES_PERMIS = frozenset(
    {"ENTElevePersRelEleve", "ENTPersonAdresse", "ENTAuxEnsDisciplinesPoste", "ENTPersonFonctions"}
)
_AVEC_DOLLAR = frozenset(
    {"ENTStructureNomCourant", "ENTStructureClasses", "ENTStructureGroupes"}.union(*_PARTIES.values())
)


@rule("aaf_eleve_sans_naissance", FAMILLE, Gravite.ERREUR)
def aaf_eleve_sans_naissance(fiche: Fiche) -> Iterator[str]:
    """L'élève n'a pas de date de naissance.

    L'ENT ignore l'enregistrement sans rien dire : l'élève n'aurait pas de compte. Complétez sa fiche dans Base élèves.
    """
    if not fiche.valeurs["ENTPersonDateNaissance"]:
        yield "La date de naissance est vide : l'ENT ignorerait cet élève."


@rule("aaf_personne_sans_nom", FAMILLE, Gravite.ERREUR)
def aaf_personne_sans_nom(fiche: Fiche) -> Iterator[str]:
    """La personne n'a pas de nom ou pas de prénom.

    L'ENT ignore l'enregistrement sans rien dire : elle n'aurait pas de compte. Complétez sa fiche dans Base élèves ou
    dans STS-Web. Un service (aide sociale…) n'a pas de prénom : c'est normal, et il n'a pas de compte.
    """
    vides = [mot for mot, attribut in (("nom", "sn"), ("prénom", "givenName")) if not fiche.first(attribut).strip()]
    if vides:
        yield f"Champ vide : {' et '.join(vides)}. L'ENT ignorerait cette personne."


@rule("aaf_dollar_en_trop", FAMILLE, Gravite.ERREUR)
def aaf_dollar_en_trop(fiche: Fiche) -> Iterator[str]:
    """Une valeur composée a une partie de trop.

    Le signe « $ » sépare les parties : il y en a sans doute un dans un code ou dans un libellé. L'ENT abandonne la
    valeur sans rien dire, et l'élève reste sans division. Retirez ce signe du nom dans l'application d'origine.
    """
    for attribut, (_, maximum) in _PARTIES[fiche.categorie].items():
        for parties in fiche.split(attribut):
            if len(parties) > maximum:
                yield f"{attribut} a {len(parties)} parties au lieu de {maximum} : l'ENT abandonnerait cette valeur."


@rule("aaf_dollar_dans_un_libelle", FAMILLE, Gravite.ERREUR)
def aaf_dollar_dans_un_libelle(fiche: Fiche) -> Iterator[str]:
    """Un nom, un code ou un libellé contient le signe « $ ».

    L'ENT y voit une séparation et perd ce qui suit, ou toute la valeur. Retirez ce signe dans l'application d'origine.
    """
    for attribut, valeurs in fiche.valeurs.items():
        if "$" in "".join(valeurs) and attribut not in _AVEC_DOLLAR:
            yield f"{attribut} contient le signe « $ »."


@rule("aaf_partie_vide", FAMILLE, Gravite.ERREUR)
def aaf_partie_vide(fiche: Fiche) -> Iterator[str]:
    """Une valeur composée n'a pas toutes ses parties.

    Les parties vides à la fin disparaissent à la lecture : l'ENT abandonne la valeur sans rien dire. Complétez la
    donnée dans l'application d'origine.
    """
    for attribut, (minimum, _) in _PARTIES[fiche.categorie].items():
        if attribut in _VIDES_PERMIS:
            continue
        for parties in fiche.split(attribut):
            if len(parties) < minimum or not all(parties):
                yield f"{attribut} a une partie vide : l'ENT abandonnerait cette valeur."


@rule("aaf_structure_mal_composee", FAMILLE, Gravite.ERREUR)
def aaf_structure_mal_composee(fiche: Fiche) -> Iterator[str]:
    """Une division ou un groupe de l'établissement n'a pas de code, ou se termine par une partie vide.

    L'ENT l'abandonne ou en perd la fin, sans rien dire. Complétez la division ou le groupe dans STS-Web, puis refaites
    Exports > Structure.
    """
    for attribut, quoi in (("ENTStructureClasses", "division"), ("ENTStructureGroupes", "groupe")):
        for parties in fiche.split(attribut):
            if not parties[0] or not parties[-1]:
                yield f"Une partie de la valeur « {'$'.join(parties)[:60]} » ({quoi}) est vide."


@rule("aaf_deux_divisions", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_deux_divisions(fiche: Fiche) -> Iterator[str]:
    """L'élève est dans deux divisions du même établissement.

    Un ENT le met dans les deux, un autre rejette le fichier. Dans Base élèves, laissez-lui une seule division.
    """
    divisions = Counter(parties[0] for parties in fiche.split("ENTEleveClasses"))
    for structure, nombre in divisions.items():
        if nombre > 1:
            yield f"{nombre} divisions dans l'établissement {structure}."


@rule("aaf_relation_tronquee", FAMILLE, Gravite.ERREUR)
def aaf_relation_tronquee(fiche: Fiche) -> Iterator[str]:
    """Le lien entre l'élève et un responsable est incomplet.

    Le dernier champ est vide : l'ENT abandonne le lien sans rien dire, et ce parent n'a pas de compte. Dans Base
    élèves, complétez le responsable de l'élève (qui paie les frais scolaires ?).
    """
    for parties in fiche.split("ENTElevePersRelEleve"):
        if len(parties) < RELATION or not parties[0] or not parties[-1]:
            yield f"Le lien avec le responsable {parties[0]} n'a pas ses {RELATION} champs : il serait perdu."


@rule("aaf_personne_en_charge", FAMILLE, Gravite.INFORMATION)
def aaf_personne_en_charge(fiche: Fiche) -> Iterator[str]:
    """L'élève a une personne en charge qui n'est pas représentant légal.

    Beaucoup d'ENT ne créent de compte qu'aux représentants légaux. Si elle doit en avoir un, demandez à l'académie ce
    que fait le projet ENT.
    """
    for parties in fiche.split("ENTElevePersRelEleve"):
        if parties[3:4] == ["2"]:
            yield f"Le responsable {parties[0]} est personne en charge (niveau 2) : selon l'ENT, pas de compte."


@rule("aaf_fonction_tronquee", FAMILLE, Gravite.ERREUR)
def aaf_fonction_tronquee(fiche: Fiche) -> Iterator[str]:
    """La fonction d'un personnel est incomplète.

    Le dernier champ est vide : l'ENT rattache la personne à l'établissement, mais pas à sa discipline. Complétez sa
    discipline de poste dans STS-Web.
    """
    for parties in _fonctions(fiche):
        if len(parties) < FONCTION or not parties[-1]:
            yield f"La fonction dans l'établissement {parties[0]} n'a pas ses {FONCTION} champs : discipline perdue."


@rule("aaf_sans_fonction", FAMILLE, Gravite.ERREUR)
def aaf_sans_fonction(fiche: Fiche) -> Iterator[str]:
    """Un personnel n'a de fonction dans aucun établissement.

    C'est la fonction qui rattache à un établissement : dans l'ENT, il n'en aurait aucun. Vérifiez son affectation dans
    STS-Web.
    """
    if not _fonctions(fiche):
        yield "Aucune fonction : l'ENT ne rattacherait cette personne à aucun établissement."


def _fonctions(fiche: Fiche) -> list[list[str]]:
    """Those that name a school: « -$SANS OBJET… » names none."""
    return [parties for parties in fiche.split("ENTPersonFonctions") if parties[0] not in ("", "-")]


@rule("aaf_division_sans_matiere", FAMILLE, Gravite.ERREUR)
def aaf_division_sans_matiere(fiche: Fiche) -> Iterator[str]:
    """Un enseignant a une division sans y avoir de matière.

    L'ENT ne lit que les divisions données avec une matière, et celles de ses groupes : il ne verrait pas celle-ci.
    Dans STS-Web, donnez une matière à son service dans cette division, puis refaites Exports > Services.
    """
    lues = {tuple(parties[:2]) for parties in fiche.split("ENTAuxEnsClassesMatieres")}
    for structure, groupe, *_ in (parties for parties in fiche.split("ENTAuxEnsGroupesMatieres") if len(parties) > 1):
        ecole = fiche.etat.ecoles.get(structure)
        lues.update((structure, division) for division in (ecole.groupes.get(groupe, ()) if ecole else ()))
    for parties in fiche.split("ENTAuxEnsClasses"):
        if len(parties) == 2 and tuple(parties) not in lues:
            yield f"La division {parties[1]} est donnée sans matière : l'ENT ne la montrerait pas."


@rule("aaf_categorie_contradictoire", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_categorie_contradictoire(fiche: Fiche) -> Iterator[str]:
    """Un personnel est dit enseignant et absent devant les élèves.

    L'ENT en fait un enseignant. Si c'est un autre personnel, corrigez sa fonction dans STS-Web.
    """
    if fiche.first("ENTPersonCategorieEnseignant") == "O" and fiche.first("PersEducNatPresenceDevantEleves") == "N":
        yield "Catégorie enseignant sans présence devant élèves : l'ENT en ferait un enseignant."


@rule("aaf_structure_sans_nom", FAMILLE, Gravite.ERREUR)
def aaf_structure_sans_nom(fiche: Fiche) -> Iterator[str]:
    """L'établissement n'a pas de nom.

    L'ENT ignore l'établissement, et tous les liens de ses élèves et de ses personnels disparaissent, sans rien dire.
    Complétez le nom de l'établissement.
    """
    if not fiche.first("ENTStructureNomCourant").strip():
        yield "Le nom est vide : l'ENT ignorerait l'établissement et tous ses liens."


@rule("aaf_mef_incomplet", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_mef_incomplet(fiche: Fiche) -> Iterator[str]:
    """Un MEF n'a pas de libellé, de MEF de rattachement ou de code MEFSTAT11.

    L'ENT l'ignore sans rien dire. Le champ manque dans les nomenclatures de l'établissement : demandez à l'académie un
    nouvel envoi.
    """
    vides = [attribut for attribut in ("ENTLibelleMef", "ENTMEFRattach", "ENTMEFSTAT11") if not fiche.first(attribut)]
    if vides:
        yield f"Champ vide : {', '.join(vides)}. L'ENT ignorerait ce MEF."


@rule("aaf_matiere_sans_libelle", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_matiere_sans_libelle(fiche: Fiche) -> Iterator[str]:
    """Une matière n'a pas de libellé.

    L'ENT l'ignore sans rien dire. Le libellé manque dans les nomenclatures de l'établissement : demandez à l'académie
    un nouvel envoi.
    """
    if not fiche.first("ENTLibelleMatiere").strip():
        yield "Le libellé est vide : l'ENT ignorerait cette matière."


_COMPOSEES = (aaf_dollar_en_trop, aaf_dollar_dans_un_libelle, aaf_partie_vide)
PAR_CATEGORIE = {
    CategorieAAF.ETAB: (*_COMPOSEES, aaf_structure_mal_composee, aaf_structure_sans_nom),
    CategorieAAF.MATIERE: (aaf_dollar_dans_un_libelle, aaf_matiere_sans_libelle),
    CategorieAAF.MEF: (aaf_dollar_dans_un_libelle, aaf_mef_incomplet),
    CategorieAAF.ELEVE: (
        aaf_eleve_sans_naissance,
        aaf_personne_sans_nom,
        *_COMPOSEES,
        aaf_deux_divisions,
        aaf_relation_tronquee,
        aaf_personne_en_charge,
    ),
    CategorieAAF.RESPONSABLE: (aaf_personne_sans_nom, *_COMPOSEES),
    CategorieAAF.PERSONNEL: (
        aaf_personne_sans_nom,
        *_COMPOSEES,
        aaf_fonction_tronquee,
        aaf_sans_fonction,
        aaf_division_sans_matiere,
        aaf_categorie_contradictoire,
    ),
}
REGLES = tuple(dict.fromkeys(regle for regles in PAR_CATEGORIE.values() for regle in regles))
