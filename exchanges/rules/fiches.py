"""Is each fiche complete, with the identifiers that the chain relies on? (``formats/siecle.md`` §5.1 to §5.3)

The national list of what makes a fiche « bloquante » is not public (§5.3, open point 3). The elements looked for here
are the best-supported ones of §5.3: identity and schooling make a fiche bloquante, the adults an incomplete one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from exchanges.enums import Gravite
from exchanges.parsers.records import Eleve, LienResponsable, Periode, Personne
from exchanges.rules.base import rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.identifiants import is_uai_valide


LEGAL = "1"  # NIVEAU_RESPONSABILITE, §2.2
FRANCE = "100"
# CODE_MOTIF_SORTIE of the national nomenclature (§2.4).
MOTIFS_SORTIE = frozenset((
    "10", "11", "12", "13", "14", "19", "20", "21", "22", "23", "24", "25", "26", "27", "29", "30", "31", "32", "33",
    "34", "35", "39", "40", "41", "42", "43", "44", "45", "99",
))  # fmt: skip
PROFESSIONS_PERIMEES = frozenset({"73", "76"})  # §2.4: obsolete, rejected
_MEF = re.compile(r"[0-9A-Z]{11}")


def legaux_by_eleve(base: Base) -> dict[str, list[str]]:
    """PERSONNE_ID of the responsables légaux of each ELEVE_ID, each once, in the order of the file."""
    legaux: dict[str, list[str]] = defaultdict(list)
    for lien in base.responsables.liens if base.responsables else ():
        if lien.niveau == LEGAL and lien.personne_id not in legaux[lien.eleve_id]:
            legaux[lien.eleve_id].append(lien.personne_id)
    return legaux


def personnes_by_id(base: Base) -> dict[str, Personne]:
    """The responsables by PERSONNE_ID."""
    return {personne.personne_id: personne for personne in base.responsables.personnes} if base.responsables else {}


def name_personne(personne: Personne | Eleve) -> str:
    """Name as a screen shows it: the usage name first."""
    return f"{personne.nom_usage or personne.nom_de_famille} {personne.prenom}".strip()


@rule("uai_invalide", "IDNAT", Gravite.AVERTISSEMENT)
def uai_invalide(base: Base) -> Iterator[Constat]:
    """La clé d'un numéro d'établissement (UAI) est fausse.

    L'établissement de l'an dernier ne sera pas retrouvé et la fiche restera à vérifier. Dans Base élèves, Fiches
    élèves > Recherche et MAJ, onglet Scolarité, choisissez l'établissement de l'an dernier dans la liste proposée.
    """
    for eleve in base.scolarises:
        uai = eleve.rne_an_dernier
        if uai and not is_uai_valide(uai):
            yield eleve, uai, f"L'établissement de l'an dernier « {uai} » n'existe pas : sa clé est fausse."


@rule("mef_mal_forme", "ACMEF", Gravite.AVERTISSEMENT)
def mef_mal_forme(base: Base) -> Iterator[Constat]:
    """Le code MEF de l'élève n'a pas onze caractères.

    SIECLE ne le rapprochera d'aucun groupe : les inscriptions de l'élève seront rejetées. Dans Base élèves, Fiches
    élèves > Recherche et MAJ, onglet Scolarité, choisissez sa formation dans la liste.
    """
    for eleve in base.scolarises:
        if eleve.mef and not _MEF.fullmatch(eleve.mef):
            yield eleve, eleve.mef, f"Le MEF « {eleve.mef} » n'est pas un code de onze chiffres ou lettres."


@rule("mef_inconnu_de_la_nomenclature", "ACMEF", Gravite.AVERTISSEMENT)
def mef_inconnu_de_la_nomenclature(base: Base) -> Iterator[Constat]:
    """Le MEF de l'élève n'est pas dans les nomenclatures retenues par l'établissement.

    La fiche est bloquée et l'élève ne sera rapproché d'aucun groupe. Dans SIECLE, Nomenclatures, sélectionnez la
    formation puis refaites le profilage ; si elle n'y figure pas, demandez-la au service académique.
    """
    if base.nomenclatures is None:
        return
    mefs = {mef.code: mef for mef in base.nomenclatures.mefs}
    for eleve in base.scolarises:
        if not _MEF.fullmatch(eleve.mef):
            continue
        if eleve.mef not in mefs:
            yield eleve, eleve.mef, f"Le MEF {eleve.mef} n'est pas dans Nomenclatures : la fiche sera bloquée."
        elif not mefs[eleve.mef].is_selectionne:
            yield (
                eleve,
                eleve.mef,
                f"Le MEF {eleve.mef} est dans Nomenclatures sans être sélectionné : la fiche sera bloquée.",
            )


@rule("mef_ferme", "ACMEF", Gravite.AVERTISSEMENT)
def mef_ferme(base: Base) -> Iterator[Constat]:
    """Le MEF de l'élève est fermé avant le début de l'année scolaire.

    La fiche est bloquée. Dans Base élèves, Fiches élèves > Recherche et MAJ, onglet Scolarité, choisissez la formation
    qui l'a remplacé, puis vérifiez dans STS-Web le MEF de la division.
    """
    if base.nomenclatures is None or (debut := _first_day(base)) is None:
        return
    fermetures = {mef.code: mef.date_fermeture for mef in base.nomenclatures.mefs}
    for eleve in base.scolarises:
        fermeture = fermetures.get(eleve.mef)
        if fermeture and fermeture < debut:
            yield (
                eleve,
                eleve.mef,
                f"Le MEF {eleve.mef} est fermé depuis le {fermeture:%d/%m/%Y} : la fiche sera bloquée.",
            )


def _first_day(base: Base) -> date | None:
    """The first day of the élève year, else the day on which the nomenclatures were exported."""
    if base.commun and base.commun.annee_eleves:
        return base.commun.annee_eleves.debut
    horodatage = base.nomenclatures.entete.horodatage if base.nomenclatures else None
    return horodatage.date() if horodatage else None


_IDENTITE: tuple[tuple[str, Callable[[Eleve], object]], ...] = (
    ("le sexe", lambda eleve: eleve.sexe),
    ("la date de naissance", lambda eleve: eleve.date_naissance),
    ("le pays de naissance", lambda eleve: eleve.pays_naissance),
    ("la commune de naissance", lambda eleve: eleve.pays_naissance != FRANCE or eleve.commune_naissance),
    (
        "la ville de naissance à l'étranger",
        lambda eleve: eleve.pays_naissance in ("", FRANCE) or eleve.ville_naissance,
    ),
    ("la nationalité", lambda eleve: eleve.nationalite),
)
_SCOLARITE: tuple[tuple[str, Callable[[Eleve], object]], ...] = (
    ("le régime", lambda eleve: eleve.regime),
    ("le statut", lambda eleve: eleve.statut),
    ("le MEF", lambda eleve: eleve.mef),
    ("la division", lambda eleve: eleve.division),
    ("la date d'entrée", lambda eleve: eleve.date_entree),
    ("l'établissement de l'an dernier", lambda eleve: eleve.rne_an_dernier),
    ("le MEF de l'an dernier", lambda eleve: eleve.mef_an_dernier),
    ("la provenance", lambda eleve: eleve.provenance),
)


@rule("fiche_bloquante", "FICHE", Gravite.AVERTISSEMENT)
def fiche_bloquante(base: Base) -> Iterator[Constat]:
    """Il manque à la fiche de l'élève un élément d'identité ou de scolarité.

    Une fiche bloquante ne remonte pas à l'académie. La liste nationale exacte n'est pas publique : comparez avec Base
    élèves, Tableau de bord > Fiches bloquantes (ou Exploitation > Listes standards > Divers > Fiches bloquantes), puis
    complétez dans Fiches élèves > Recherche et MAJ, état « À compléter ».
    """
    periode = base.commun.annee_eleves if base.commun else None
    for eleve in base.eleves.eleves if base.eleves else ():
        if eleve.date_sortie is None:
            verbe, manques = "il manque", list_manques(eleve)
            if eleve.date_entree and periode and eleve.date_entree > periode.fin:  # before: she was there last year
                manques += _outside(eleve.date_entree, "d'entrée", periode)
        else:
            verbe, manques = "l'élève est sorti, à revoir", [*_sortie_fausse(eleve)]
            manques += _outside(eleve.date_sortie, "de sortie", periode)
        if manques:
            yield eleve, "", f"Fiche bloquante, elle ne remontera pas à l'académie : {verbe} {', '.join(manques)}."


def list_manques(eleve: Eleve) -> list[str]:
    """What the fiche of an élève who has not left lacks, in words; nothing for one who has."""
    if eleve.date_sortie:
        return []
    return [libelle for libelle, lire in _IDENTITE + _SCOLARITE if not lire(eleve)]


def _sortie_fausse(eleve: Eleve) -> Iterator[str]:
    """What is wrong with why and when an élève left."""
    if not eleve.motif_sortie:
        yield "le motif de sortie, absent"
    elif eleve.motif_sortie not in MOTIFS_SORTIE:
        yield f"le motif de sortie « {eleve.motif_sortie} », inconnu"
    if eleve.date_entree and eleve.date_sortie and eleve.date_sortie < eleve.date_entree:
        yield "la date de sortie, antérieure à la date d'entrée"


def _outside(jour: date | None, libelle: str, periode: Periode | None) -> Iterator[str]:
    """A date that lies outside the élève year."""
    if jour and periode and not periode.debut <= jour <= periode.fin:
        yield f"une date {libelle} dans l'année scolaire ({jour:%d/%m/%Y} est hors de l'année)"


@rule("fiche_a_completer", "FICHE", Gravite.AVERTISSEMENT)
def fiche_a_completer(base: Base) -> Iterator[Constat]:
    """Il manque à la fiche de l'élève l'adresse ou la profession d'un responsable légal.

    La fiche reste « À compléter » et les courriers n'arriveront pas ; la liste nationale exacte n'est pas publique.
    Dans Base élèves, Fiches élèves > Recherche et MAJ, état « À compléter », onglet Responsables.
    """
    personnes, legaux = personnes_by_id(base), legaux_by_eleve(base)
    has_adresses = any(_has_adresse(personne) for personne in personnes.values())
    for eleve in base.scolarises:
        connus = [personnes[code] for code in legaux.get(eleve.eleve_id, ()) if code in personnes]
        manques = [manque for personne in connus for manque in _list_manques(personne, has_adresses)]
        if manques:
            yield eleve, "", f"Fiche à compléter : {' ; '.join(manques)}."


def _has_adresse(personne: Personne) -> bool:
    return bool(personne.code_postal or personne.commune or personne.adresse)


def _list_manques(personne: Personne, has_adresses: bool) -> Iterator[str]:
    """What a responsable légal lacks; no address is asked of an export that holds none."""
    nom = name_personne(personne)
    if has_adresses and not _has_adresse(personne):
        yield f"adresse de {nom} absente"
    if not personne.profession:
        yield f"profession de {nom} absente"
    elif personne.profession in PROFESSIONS_PERIMEES:
        yield f"profession de {nom} périmée (code {personne.profession})"


@rule("eleve_sans_responsable_legal", "RESPONSABLES", Gravite.AVERTISSEMENT)
def eleve_sans_responsable_legal(base: Base) -> Iterator[Constat]:
    """L'élève n'a pas de responsable légal.

    Aucun parent n'aura de compte dans l'ENT pour lui et sa fiche reste « À compléter ». Dans Base élèves, Fiches
    élèves > Recherche et MAJ, onglet Responsables, cherchez d'abord le responsable avant d'en créer un.
    """
    if base.responsables is None:
        return
    legaux = legaux_by_eleve(base)
    for eleve in base.scolarises:
        if not legaux.get(eleve.eleve_id):
            yield eleve, "", "L'élève n'a pas de responsable légal : aucun parent n'aura de compte ENT pour lui."


@rule("trop_de_responsables_legaux", "RESPONSABLES", Gravite.AVERTISSEMENT)
def trop_de_responsables_legaux(base: Base) -> Iterator[Constat]:
    """L'élève a plus de deux responsables légaux.

    La chaîne n'en admet que deux : un compte de parent peut manquer. Dans Base élèves, Fiches élèves > Recherche et
    MAJ, onglet Responsables, changez en « personne en charge » ou en « contact » ceux qui ne sont pas légaux.
    """
    legaux, personnes = legaux_by_eleve(base), personnes_by_id(base)
    for eleve in base.scolarises:
        codes = legaux.get(eleve.eleve_id, [])
        if len(codes) > 2:
            noms = ", ".join(name_personne(personnes[code]) if code in personnes else code for code in codes)
            yield eleve, "", f"L'élève a {len(codes)} responsables légaux au lieu de deux au plus : {noms}."


@rule("responsable_sans_eleve", "RESPONSABLES", Gravite.INFORMATION)
def responsable_sans_eleve(base: Base) -> Iterator[Constat]:
    """Le responsable n'est rattaché à aucun élève.

    Il n'aura pas de compte dans l'ENT. C'est souvent le reste d'un doublon ou d'un départ : dans Base élèves, Fiches
    élèves > Doublons responsables > Chercher, vérifiez qu'il n'est pas en double.
    """
    liens: tuple[LienResponsable, ...] = base.responsables.liens if base.responsables else ()
    compte = Counter(lien.personne_id for lien in liens)
    for code, personne in personnes_by_id(base).items():
        if not compte[code]:
            yield None, code, f"{name_personne(personne)} n'est rattaché à aucun élève : pas de compte ENT."


REGLES: tuple[RegleDossier, ...] = (
    uai_invalide,
    mef_mal_forme,
    mef_inconnu_de_la_nomenclature,
    mef_ferme,
    fiche_bloquante,
    fiche_a_completer,
    eleve_sans_responsable_legal,
    trop_de_responsables_legaux,
    responsable_sans_eleve,
)
