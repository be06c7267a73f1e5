"""What an export to the GAR must not say of people (``formats/aaf_ent.md`` §7.1, §7.3). See ``gar.py``.

Messages give identifiants, never names.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from exchanges.enums import Gravite
from exchanges.parsers.records.gar import EleveGAR, EnregistrementGAR
from exchanges.rules.base import rule
from exchanges.rules.gar_export import Fait, Personne, RegleGAR, Vue, restrict, uai_of


ELEVE = "National_elv"
CIVILITES = ("M.", "Mme")
RESP_AFF_MAX = 50
_PROFILS = {
    "DIR": "National_dir",
    "DOC": "National_doc",
    "ENS": "National_ens",
    "COL": "National_col",
    **dict.fromkeys(("AED", "AES", "ASE", "ASH", "CPE", "EDU", "SUR"), "National_evs"),
}
_AUTRES = "National_eta"
PROFILS_PERSONNEL = frozenset({*_PROFILS.values(), _AUTRES})


def profil_gar(fonction: str, is_eleve: bool = False) -> str:
    """The national profile of a person, by function code of the AAF (``ENTPersonFonctions``); staff by default."""
    return ELEVE if is_eleve else _PROFILS.get(fonction.strip().upper(), _AUTRES)


@rule("gar_nom_vide", "GAR", Gravite.ERREUR)
def gar_nom_vide(vue: Vue) -> Iterator[Fait]:
    """La personne n'a pas de nom ou pas de prénom.

    Elle n'est pas envoyée, ni rien de ce qui la concerne. Complétez sa fiche dans SIECLE (élève) ou dans STS-Web
    (enseignant), et attendez la mise à jour de l'ENT.
    """
    for personne in chain(vue.personnes, vue.export.responsables_affectation):
        if not (personne.nom.strip() and personne.prenom.strip()):
            message = f"{uai_of(personne)} : {personne.identifiant} n'a pas de nom ou de prénom ; il n'est pas envoyé."
            yield personne, None, uai_of(personne), personne.identifiant, message


@rule("gar_civilite_inconnue", "GAR", Gravite.AVERTISSEMENT)
def gar_civilite_inconnue(vue: Vue) -> Iterator[Fait]:
    """La civilité de la personne n'est pas l'une des deux que le GAR connaît.

    Ce sont « M. » et « Mme » : la personne est envoyée sans civilité. Corrigez la civilité de sa fiche dans SIECLE
    ou dans STS-Web.
    """
    for personne in chain(vue.personnes, vue.export.responsables_affectation):
        if personne.civilite and personne.civilite not in CIVILITES:
            message = f"{uai_of(personne)} : la civilité « {personne.civilite} » n'est pas envoyée."
            yield personne, replace(personne, civilite=""), uai_of(personne), personne.identifiant, message


@rule("gar_prenom_usuel_absent", "GAR", Gravite.AVERTISSEMENT)
def gar_prenom_usuel_absent(vue: Vue) -> Iterator[Fait]:
    """Le prénom usuel de la personne n'est pas parmi ses prénoms.

    Le GAR l'exige : il est envoyé en tête des autres prénoms. Vérifiez l'ordre et l'orthographe des prénoms de la
    fiche dans SIECLE ou dans STS-Web.
    """
    for personne in vue.personnes:
        prenoms = personne.autres_prenoms
        if prenoms and personne.prenom not in prenoms:
            message = f"{uai_of(personne)} : le prénom usuel de {personne.identifiant} a été ajouté à ses prénoms."
            reste = replace(personne, autres_prenoms=(personne.prenom, *prenoms))
            yield personne, reste, uai_of(personne), personne.identifiant, message


@rule("gar_profil_faux", "GAR", Gravite.ERREUR)
def gar_profil_faux(vue: Vue) -> Iterator[Fait]:
    """La personne n'a pas, dans chacun de ses établissements, un profil et un seul qui soit le sien.

    Un élève est « National_elv », un membre du personnel ne l'est jamais. La personne n'est envoyée que pour les
    établissements où son profil est juste. Vérifiez sa fonction dans STS-Web, ou son compte dans l'ENT.
    """
    for personne in vue.personnes:
        permis = {ELEVE} if isinstance(personne, EleveGAR) else PROFILS_PERSONNEL
        justes: dict[str, str] = {}
        for uai, profil in personne.profils:
            if profil in permis and uai in personne.uais:
                justes.setdefault(uai, profil)
        if not justes or tuple(justes.items()) != personne.profils or len(justes) != len(personne.uais):
            message = f"{uai_of(personne)} : {personne.identifiant} n'a pas un profil juste dans chaque établissement."
            yield personne, _keep_profils(personne, justes), uai_of(personne), personne.identifiant, message


def _keep_profils(personne: Personne, justes: dict[str, str]) -> EnregistrementGAR | None:
    """The person in the schools where the profile is right, once in each; ``None`` when there is none."""
    uais = tuple(dict.fromkeys(personne.uais))
    reste = replace(personne, uais=uais, profils=tuple(justes.items()))
    return reste if justes and len(justes) == len(uais) else restrict(reste, set(justes))


@rule("gar_responsable_incomplet", "GAR", Gravite.ERREUR)
def gar_responsable_incomplet(vue: Vue) -> Iterator[Fait]:
    """Le responsable d'affectation n'a pas d'adresse électronique ou pas d'établissement.

    Il n'est pas envoyé : le GAR lui écrit pour ouvrir sa console. Complétez son adresse académique dans l'ENT.
    """
    for responsable in vue.export.responsables_affectation:
        if not (responsable.mels and responsable.uais):
            message = (
                f"{uai_of(responsable)} : le responsable d'affectation {responsable.identifiant} n'a pas d'adresse "
                "ou d'établissement ; il n'est pas envoyé."
            )
            yield responsable, None, uai_of(responsable), responsable.identifiant, message


@rule("gar_responsables_trop_nombreux", "GAR", Gravite.ERREUR)
def gar_responsables_trop_nombreux(vue: Vue) -> Iterator[Fait]:
    """L'établissement a plus de 50 responsables d'affectation.

    Le GAR n'en accepte que 50 : les premiers de la liste sont envoyés, les autres non. Retirez dans l'ENT ceux qui
    n'affectent pas de ressources.
    """
    comptes: Counter[str] = Counter()
    for responsable in vue.export.responsables_affectation:
        comptes.update(responsable.uais)
        trop = [uai for uai in responsable.uais if comptes[uai] > RESP_AFF_MAX]
        for uai in trop[:1]:
            message = f"{uai} : {responsable.identifiant} est au-delà des {RESP_AFF_MAX} responsables d'affectation."
            yield (
                responsable,
                restrict(responsable, {*responsable.uais} - {*trop}),
                uai,
                responsable.identifiant,
                message,
            )


REGLES: tuple[RegleGAR, ...] = (
    gar_nom_vide,
    gar_civilite_inconnue,
    gar_prenom_usuel_absent,
    gar_profil_faux,
    gar_responsable_incomplet,
    gar_responsables_trop_nombreux,
)
