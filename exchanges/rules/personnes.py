"""Names and contact details of élèves and responsables (``domain.md`` "Duplicates", ``formats/siecle.md`` §5.4).

No official rule of name entry could be found (§5.4): every finding is a warning, and legitimate names (particles,
apostrophes, hyphens, a lone initial in a first name) are left in peace.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from exchanges.enums import Gravite
from exchanges.parsers.records import Eleve, Personne
from exchanges.rules.base import rule
from exchanges.rules.dossier import Base, Constat, RegleDossier
from exchanges.rules.fiches import name_personne
from exchanges.rules.logins import fold_nom, login_ent, strip_accents


_CIVILITE = re.compile(r"(?:^|[\s/&+,])(?:MME|MLLE|MR)\.?(?=$|[\s/&+,])|^M\.(?=\s*[^\W\d])")
_CIVILITE_EN_TOUTES_LETTRES = re.compile(r"\b(?:MONSIEUR|MADAME|MADEMOISELLE)\b")
_INITIALE = re.compile(r"^M\s+\w\w")
# « ET » before a particle is part of some noble names, not a second person.
_DEUX_PERSONNES = re.compile(r"\S\s*[&+/]\s*\S|\S\s+(?:ET|OU)\s+(?!D'|DE\s|DU\s|DES\s)\S|^M\.?\s+(?:ET\s+)?MME\b")
_CARACTERE_PERDU = re.compile("[?\N{REPLACEMENT CHARACTER}]")
_MOBILE = re.compile(r"\+33[67]\d{8}")
# Outre-mer has its own prefixes; §5.4 says nothing of them: not judged.
_OUTRE_MER = re.compile(r"\+(?:262|508|590|594|596|681|687|689)\d{6,9}")
_PEU = 4  # names or identifiers quoted at most


def join_ids(personnes: Iterable[Personne | Eleve]) -> str:
    """The identifiers of a few people as one ``objet``."""
    ids = [p.personne_id if isinstance(p, Personne) else p.eleve_id for p in personnes]
    return " / ".join(ids[:_PEU])


def identites(personne: Personne | Eleve) -> frozenset[tuple[str, ...]]:
    """Under which folded names somebody is known: name or usage name with the first name, in any order.

    Nobody is known by a name alone: without a first name the set is empty.
    """
    prenom = fold_nom(personne.prenom)
    noms = {fold_nom(nom) for nom in (personne.nom_de_famille, personne.nom_usage) if nom}
    return frozenset(tuple(sorted((nom, prenom))) for nom in noms) if prenom else frozenset()


def _people(base: Base) -> Iterator[tuple[Eleve | None, str, Personne | Eleve]]:
    """Élèves who are there, then responsables, each with the place that a finding gives them."""
    for eleve in base.scolarises:
        yield eleve, "", eleve
    for personne in base.responsables.personnes if base.responsables else ():
        yield None, personne.personne_id, personne


def _noms(personne: Personne | Eleve) -> Iterator[str]:
    """Names of a fiche, in plain capitals with their signs."""
    for nom in (personne.nom_de_famille, personne.nom_usage):
        if nom:
            yield strip_accents(nom).upper()


def _login(personne: Personne | Eleve) -> str:
    """What the ENT makes of the names, in a sentence that ends a message."""
    login = login_ent(personne.prenom, personne.nom_usage or personne.nom_de_famille)
    return f"l'ENT en ferait le login « {login} », qu'aucune correction ultérieure ne répare."


def _is_avec_civilite(personne: Personne | Eleve) -> bool:
    prenom = strip_accents(personne.prenom).upper()
    if any(_CIVILITE.search(texte) for texte in (*_noms(personne), prenom)):
        return True
    if any(_INITIALE.search(nom) or _has_titre(nom) for nom in _noms(personne)):
        return True
    return bool(_CIVILITE_EN_TOUTES_LETTRES.search(prenom))


def _has_titre(nom: str) -> bool:
    """Whether a title stands beside a name; « MONSIEUR » alone is a family name."""
    return " " in nom and bool(_CIVILITE_EN_TOUTES_LETTRES.search(nom))


@rule("nom_avec_civilite", "NOMS", Gravite.AVERTISSEMENT)
def nom_avec_civilite(base: Base) -> Iterator[Constat]:
    """Le nom ou le prénom contient une civilité.

    Le login de l'ENT est formé une fois pour toutes avec le nom saisi. Dans Base élèves, Fiches élèves > Recherche et
    MAJ, ôtez la civilité du nom et choisissez-la dans sa liste, avant que le compte ne soit créé.
    """
    for eleve, objet, personne in _people(base):
        if _is_avec_civilite(personne):
            yield eleve, objet, f"« {name_personne(personne)} » semble contenir une civilité : {_login(personne)}"


@rule("nom_de_deux_personnes", "NOMS", Gravite.AVERTISSEMENT)
def nom_de_deux_personnes(base: Base) -> Iterator[Constat]:
    """Une seule fiche semble porter deux personnes.

    Les deux parents n'auraient qu'un compte dans l'ENT. Dans Base élèves, Fiches élèves > Recherche et MAJ, onglet
    Responsables, détachez cette fiche et rattachez une fiche par personne, en cherchant d'abord si elle existe.
    """
    for eleve, objet, personne in _people(base):
        textes = (*_noms(personne), strip_accents(personne.prenom).upper())
        if any(_DEUX_PERSONNES.search(texte) for texte in textes):
            yield eleve, objet, f"« {name_personne(personne)} » semble être deux personnes : {_login(personne)}"


@rule("caractere_perdu", "NOMS", Gravite.AVERTISSEMENT)
def caractere_perdu(base: Base) -> Iterator[Constat]:
    """Un caractère du nom ou du prénom a été perdu.

    Un « ? » tient la place d'une lettre accentuée perdue par un logiciel ; le login de l'ENT serait formé sans elle.
    Dans Base élèves, Fiches élèves > Recherche et MAJ, saisissez à nouveau le nom.
    """
    for eleve, objet, personne in _people(base):
        if any(map(_CARACTERE_PERDU.search, (personne.nom_de_famille, personne.nom_usage, personne.prenom))):
            yield eleve, objet, f"Un caractère de « {name_personne(personne)} » est perdu : {_login(personne)}"


@rule("nom_prenom_inverses", "NOMS", Gravite.AVERTISSEMENT)
def nom_prenom_inverses(base: Base) -> Iterator[Constat]:
    """Le nom et le prénom semblent inversés.

    Le prénom est le nom de famille d'autres personnes de la base, et le nom un prénom. Le login de l'ENT serait
    inversé. Vérifiez la pièce d'identité, puis corrigez dans Base élèves, Fiches élèves > Recherche et MAJ.
    """
    noms: Counter[str] = Counter()
    prenoms: Counter[str] = Counter()
    plies = []
    for eleve, objet, personne in _people(base):
        nom, prenom = fold_nom(personne.nom_de_famille), fold_nom(personne.prenom)
        noms[nom] += 1
        prenoms[prenom] += 1
        plies.append((eleve, objet, personne, nom, prenom))
    for eleve, objet, personne, nom, prenom in plies:
        if noms[prenom] and prenoms[nom] and noms[nom] == 1 and prenoms[prenom] == 1 and nom != prenom:
            yield (
                eleve,
                objet,
                f"« {name_personne(personne)} » : le nom et le prénom semblent inversés ; {_login(personne)}",
            )


def _shared(base: Base, lire: Callable[[Personne], str]) -> Iterator[tuple[str, list[Personne]]]:
    """Values borne by people whose names differ: two fiches of one person are a duplicate, not a sharing."""
    porteurs: dict[str, list[Personne]] = defaultdict(list)
    for personne in base.responsables.personnes if base.responsables else ():
        if valeur := lire(personne):
            porteurs[valeur].append(personne)
    for valeur, personnes in porteurs.items():
        premieres = identites(personnes[0])
        if any(premieres.isdisjoint(identites(autre)) for autre in personnes[1:]):
            yield valeur, personnes


def _name_all(personnes: list[Personne]) -> str:
    noms = " et ".join(name_personne(personne) for personne in personnes[:_PEU])
    return f"{noms} (et {len(personnes) - _PEU} autres)" if len(personnes) > _PEU else noms


def read_mobile(personne: Personne) -> str:
    """The mobile number without spaces nor dots, ``""`` if none."""
    return re.sub(r"[\s.]", "", personne.tel_portable)


@rule("mobile_partage", "CONTACTS", Gravite.AVERTISSEMENT)
def mobile_partage(base: Base) -> Iterator[Constat]:
    """Le même mobile est donné à plusieurs personnes.

    Les SMS et le code d'activation EduConnect de l'un arrivent chez l'autre. Dans Base élèves, Fiches élèves >
    Recherche et MAJ, onglet Responsables, donnez à chacun son propre mobile.
    """
    for mobile, personnes in _shared(base, read_mobile):
        yield None, join_ids(personnes), f"{_name_all(personnes)} ont le même mobile ({mobile})."


@rule("mel_partage", "CONTACTS", Gravite.AVERTISSEMENT)
def mel_partage(base: Base) -> Iterator[Constat]:
    """La même adresse électronique est donnée à plusieurs personnes.

    Les messages et les liens de connexion de l'un arrivent chez l'autre. Dans Base élèves, Fiches élèves > Recherche
    et MAJ, onglet Responsables, donnez à chacun sa propre adresse.
    """
    for mel, personnes in _shared(base, lambda personne: personne.mel.lower()):
        yield None, join_ids(personnes), f"{_name_all(personnes)} ont la même adresse électronique ({mel})."


@rule("mobile_non_conforme", "CONTACTS", Gravite.AVERTISSEMENT)
def mobile_non_conforme(base: Base) -> Iterator[Constat]:
    """Le mobile du responsable n'est pas un numéro de mobile français.

    Il ne recevra ni SMS ni code d'activation EduConnect : il faut +336 ou +337 suivi de huit chiffres (les numéros
    d'outre-mer ne sont pas jugés). Dans Base élèves, Fiches élèves > Recherche et MAJ, onglet Responsables, corrigez
    le mobile ; un numéro fixe se saisit dans « téléphone personnel ».
    """
    for personne in base.responsables.personnes if base.responsables else ():
        mobile = read_mobile(personne)
        if mobile and not _MOBILE.fullmatch(mobile) and not _OUTRE_MER.fullmatch(mobile):
            yield (
                None,
                personne.personne_id,
                f"Le mobile de {name_personne(personne)} ({mobile}) ne recevra pas de SMS : il doit commencer par "
                "+336 ou +337 et compter huit chiffres ensuite.",
            )


@rule("sms_sans_mobile", "CONTACTS", Gravite.AVERTISSEMENT)
def sms_sans_mobile(base: Base) -> Iterator[Constat]:
    """Le responsable accepte les SMS mais n'a pas de mobile.

    Il ne recevra aucun SMS de l'établissement. Dans Base élèves, Fiches élèves > Recherche et MAJ, onglet
    Responsables, saisissez son mobile ou décochez « accepte les SMS ».
    """
    for personne in base.responsables.personnes if base.responsables else ():
        if personne.accepte_sms and not read_mobile(personne):
            nom = name_personne(personne)
            yield (
                None,
                personne.personne_id,
                f"{nom} accepte les SMS mais n'a pas de mobile : il n'en recevra aucun.",
            )


REGLES: tuple[RegleDossier, ...] = (
    nom_avec_civilite,
    nom_de_deux_personnes,
    caractere_perdu,
    nom_prenom_inverses,
    mobile_partage,
    mel_partage,
    mobile_non_conforme,
    sms_sans_mobile,
)
