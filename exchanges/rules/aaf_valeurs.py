"""Values of an export of the AAF that an ENT drops or spoils without a word (``formats/aaf_ent.md`` §4 and §6.1)."""

import re
from collections.abc import Iterator
from datetime import date

from exchanges.enums import CategorieAAF, Gravite
from exchanges.rules.aaf_etat import Fiche
from exchanges.rules.base import rule
from exchanges.rules.logins import FormeLogin, login_ent, strip_accents


FAMILLE = "AAF_SILENCE"
MAX_TEXTE = 1000

# The consumers' own expressions.
_MAIL = re.compile(r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}")
_CODE_POSTAL = re.compile(r"[A-Za-z0-9\-\s]{4,9}")
_TELEPHONE = re.compile(r"(00|\+)?(?:[0-9] ?-?\.?){6,15}")
_UAI = re.compile(r"[0-9]{7}[A-Z]")
_SIRET = re.compile(r"[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5}")
_JOUR = re.compile(r"([0-9]{2})/([0-9]{2})/((?:19|20)[0-9]{2})")
_MEF = re.compile(r"[0-9A-Z]{11}")
_MATIERE = re.compile(r"[0-9A-Z]{6}")
_INTERDIT = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TELEPHONES = ("homePhone", "telephoneNumber", "mobile", "ENTPersonMobileSMS", "facsimileTelephoneNumber")
_LONGUEURS = {CategorieAAF.MEF: _MEF, CategorieAAF.MATIERE: _MATIERE}


@rule("aaf_date_impossible", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_date_impossible(fiche: Fiche) -> Iterator[str]:
    """Une date n'existe pas dans le calendrier ou n'est pas écrite jj/mm/aaaa.

    L'ENT la garde telle quelle, et aucun rapprochement par la date de naissance ne réussit plus. Corrigez-la dans
    l'application d'origine.
    """
    for attribut, rang in (
        ("ENTPersonDateNaissance", 0),
        ("ENTEleveDateEntreeClasses", 1),
        ("ENTEleveDateSortieClasses", 1),
    ):
        for valeur in fiche.valeurs.get(attribut, ()):
            jour = "".join(valeur.split("$")[rang : rang + 1])
            if not _is_jour(jour):
                yield f"{attribut} : « {jour[:20]} » n'est pas une date possible."


def _is_jour(texte: str) -> bool:
    trouve = _JOUR.fullmatch(texte)
    if not trouve:
        return False
    try:
        return bool(date(int(trouve[3]), int(trouve[2]), int(trouve[1])))
    except ValueError:
        return False


@rule("aaf_mail_invalide", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_mail_invalide(fiche: Fiche) -> Iterator[str]:
    """Une adresse électronique n'en est pas une.

    L'ENT garde la personne et abandonne l'adresse, sans rien dire. Corrigez-la dans l'application d'origine.
    """
    yield from _say_faulty(fiche, ("mail", "ENTStructureMailSI"), _MAIL, "n'est pas une adresse électronique")


@rule("aaf_code_postal_invalide", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_code_postal_invalide(fiche: Fiche) -> Iterator[str]:
    """Un code postal n'en est pas un.

    L'ENT l'abandonne sans rien dire. Corrigez l'adresse dans l'application d'origine.
    """
    yield from _say_faulty(fiche, ("ENTPersonCodePostal", "postalCode"), _CODE_POSTAL, "n'est pas un code postal")


@rule("aaf_telephone_invalide", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_telephone_invalide(fiche: Fiche) -> Iterator[str]:
    """Un numéro de téléphone n'en est pas un.

    L'ENT l'abandonne sans rien dire. Corrigez-le dans l'application d'origine.
    """
    yield from _say_faulty(fiche, _TELEPHONES, _TELEPHONE, "n'est pas un numéro de téléphone")


@rule("aaf_uai_invalide", FAMILLE, Gravite.ERREUR)
def aaf_uai_invalide(fiche: Fiche) -> Iterator[str]:
    """Le code UAI de l'établissement n'a pas sept chiffres et une lettre.

    L'ENT abandonne le code sans rien dire, et ne sait plus de quel établissement il s'agit. Corrigez-le.
    """
    yield from _say_faulty(fiche, ("ENTStructureUAI", "ENTEtablissementUAI"), _UAI, "n'est pas un code UAI")


@rule("aaf_siret_invalide", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_siret_invalide(fiche: Fiche) -> Iterator[str]:
    """Le numéro SIRET de l'établissement n'a pas quatorze chiffres.

    L'ENT l'abandonne sans rien dire. Corrigez-le ou laissez-le vide.
    """
    yield from _say_faulty(fiche, ("ENTStructureSIREN",), _SIRET, "n'est pas un numéro SIRET")


def _say_faulty(fiche: Fiche, attributs: tuple[str, ...], forme: re.Pattern[str], defaut: str) -> Iterator[str]:
    for attribut in attributs:
        for valeur in fiche.valeurs.get(attribut, ()):
            if not forme.fullmatch(valeur):
                yield f"{attribut} : « {valeur[:60]} » {defaut} ; l'ENT l'abandonnerait."


@rule("aaf_code_invalide", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_code_invalide(fiche: Fiche) -> Iterator[str]:
    """Un code de MEF n'a pas onze caractères, ou un code de matière n'en a pas six.

    L'ENT n'y reconnaît ni MEF ni matière. Vérifiez les nomenclatures de l'établissement.
    """
    forme = _LONGUEURS.get(fiche.categorie)
    codes = [(fiche.identifiant, forme)] if forme else _codes(fiche)
    for code, forme in codes:
        if code and not forme.fullmatch(code):
            quoi = "un code de MEF (11 caractères)" if forme is _MEF else "un code de matière (6 caractères)"
            yield f"« {code[:40]} » n'est pas {quoi}."


def _codes(fiche: Fiche) -> list[tuple[str, re.Pattern[str]]]:
    """The codes of MEFs and of matières that a record names."""
    if fiche.categorie == CategorieAAF.ELEVE:
        mefs, matieres = fiche.valeurs["ENTEleveMEF"], fiche.valeurs["ENTEleveCodeEnseignements"]
        return [*((code, _MEF) for code in mefs), *((code, _MATIERE) for code in matieres)]
    if fiche.categorie == CategorieAAF.ETAB:
        return [(code, _MEF) for parties in fiche.split("ENTStructureClasses") for code in parties[2:]]
    services = (*fiche.split("ENTAuxEnsClassesMatieres"), *fiche.split("ENTAuxEnsGroupesMatieres"))
    mefs_enseignes = (code for parties in fiche.split("ENTAuxEnsMEF") for code in parties[1:2])
    return [*((code, _MEF) for code in mefs_enseignes), *((c, _MATIERE) for parties in services for c in parties[2:3])]


@rule("aaf_login_incomplet", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_login_incomplet(fiche: Fiche) -> Iterator[str]:
    """L'identifiant de connexion perdrait des lettres du nom ou du prénom.

    L'ENT ne garde que les lettres sans accent et les chiffres : Œ, ß ou Ø disparaissent, et un nom qui n'en a pas
    d'autre donne un identifiant vide. L'identifiant est fait une fois pour toutes : si le nom peut s'écrire autrement,
    corrigez-le avant le premier envoi.
    """
    prenom, nom = fiche.first("givenName"), fiche.first("sn")
    if prenom.isascii() and nom.isascii() and prenom[:1].isalnum() and nom[:1].isalnum():
        return
    moities = login_ent(prenom, nom, FormeLogin.COMPACTE).split(".")
    for mot, texte, moitie in zip(("prénom", "nom"), (prenom, nom), moities, strict=True):
        reste = strip_accents(texte)
        if perdues := sorted({signe for signe in reste if not signe.isascii() and signe.isalpha()}):
            yield f"Lettres du {mot} perdues par l'identifiant de connexion : {' '.join(perdues[:10])}."
        elif texte.strip() and not moitie:
            yield f"Le {mot} ne donne aucune lettre à l'identifiant de connexion."


@rule("aaf_texte_trop_long", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_texte_trop_long(fiche: Fiche) -> Iterator[str]:
    """Un texte dépasse mille caractères.

    L'ENT abandonne la valeur sans rien dire. Raccourcissez-la dans l'application d'origine.
    """
    for attribut, valeurs in fiche.valeurs.items():
        for valeur in valeurs:
            if len(valeur) > MAX_TEXTE:
                yield f"{attribut} a {len(valeur)} caractères, {MAX_TEXTE} au plus : l'ENT l'abandonnerait."


@rule("aaf_caractere_interdit", FAMILLE, Gravite.AVERTISSEMENT)
def aaf_caractere_interdit(fiche: Fiche) -> Iterator[str]:
    """Une valeur contient une fin de ligne ou un caractère de contrôle.

    Le caractère de contrôle est retiré du fichier, la fin de ligne est gardée. Corrigez la valeur dans l'application
    d'origine, où elle a sans doute été collée depuis un autre document.
    """
    for attribut, valeurs in fiche.valeurs.items():
        for valeur in valeurs:
            if not valeur.isprintable() and (trouve := _INTERDIT.search(valeur)):
                yield f"{attribut} contient le caractère U+{ord(trouve[0]):04X}, qui n'a pas sa place dans un texte."


_TOUTES = (aaf_texte_trop_long, aaf_caractere_interdit)
PAR_CATEGORIE = {
    CategorieAAF.ETAB: (
        aaf_mail_invalide,
        aaf_code_postal_invalide,
        aaf_telephone_invalide,
        aaf_uai_invalide,
        aaf_siret_invalide,
        aaf_code_invalide,
        *_TOUTES,
    ),
    CategorieAAF.MATIERE: (aaf_code_invalide, *_TOUTES),
    CategorieAAF.MEF: (aaf_code_invalide, *_TOUTES),
    CategorieAAF.ELEVE: (
        aaf_date_impossible,
        aaf_code_postal_invalide,
        aaf_code_invalide,
        aaf_login_incomplet,
        *_TOUTES,
    ),
    CategorieAAF.RESPONSABLE: (
        aaf_date_impossible,
        aaf_mail_invalide,
        aaf_code_postal_invalide,
        aaf_telephone_invalide,
        aaf_login_incomplet,
        *_TOUTES,
    ),
    CategorieAAF.PERSONNEL: (
        aaf_date_impossible,
        aaf_mail_invalide,
        aaf_code_invalide,
        aaf_login_incomplet,
        *_TOUTES,
    ),
}
REGLES = tuple(dict.fromkeys(regle for regles in PAR_CATEGORIE.values() for regle in regles))
