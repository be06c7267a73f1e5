"""Judge the present facts of a school: the rules' findings as rows of work lists, nothing written."""

from collections.abc import Callable, Iterator

from exchanges.models import Constat, Etablissement
from exchanges.parsers.records import Eleve, Personne
from exchanges.rules import doublons, fiches, personnes, sts
from exchanges.rules.base import Anomalie, Regle, regle_de
from exchanges.rules.dossier import Base, RegleDossier, check_regles
from exchanges.rules.fiches import name_personne, personnes_by_id
from exchanges.rules.logins import FormeLogin, login_ent


FICHES_BLOQUANTES = "fiches-bloquantes"
FICHES_A_COMPLETER = "fiches-a-completer"
RESPONSABLES_EN_DOUBLE = "responsables-en-double"
ELEVES_EN_DOUBLE = "eleves-en-double"
IDENTIFIANTS = "identifiants"
NOMS_DE_GROUPES = "noms-de-groupes"
LISTES_DE_CONSTATS = (
    *(FICHES_BLOQUANTES, FICHES_A_COMPLETER, RESPONSABLES_EN_DOUBLE, ELEVES_EN_DOUBLE),
    *(IDENTIFIANTS, NOMS_DE_GROUPES),
)

# Rules that read what the database does not keep of the Responsables export: judged when it is loaded.
AVEC_RESPONSABLES = frozenset({fiches.fiche_a_completer, doublons.responsable_en_double})
CODES_AVEC_RESPONSABLES = frozenset(regle_de(regle).code for regle in AVEC_RESPONSABLES)
_BLOQUANTES = (fiches.fiche_bloquante, fiches.mef_mal_forme, fiches.mef_inconnu_de_la_nomenclature, fiches.mef_ferme)
_A_COMPLETER = (
    fiches.fiche_a_completer,
    fiches.eleve_sans_responsable_legal,
    fiches.trop_de_responsables_legaux,
)
_NOMS = (
    personnes.nom_avec_civilite,
    personnes.nom_de_deux_personnes,
    personnes.caractere_perdu,
    personnes.nom_prenom_inverses,
)
_GROUPES = (sts.groupe_nom_non_conforme, sts.groupe_nom_avec_point, sts.nom_de_structure_en_double)


def judge(etablissement: Etablissement, base: Base, has_responsables: bool) -> list[Constat]:
    """Every finding of the work lists, unsaved and without ``depuis``.

    Args:
        etablissement: the school, its projet ENT gives the form of logins.
        base: its facts, ``reports.base.read_base``.
        has_responsables: whether ``base`` holds the Responsables export itself; without it the rules
            ``AVEC_RESPONSABLES`` are left alone.
    """
    constats = [
        *_judge_eleves(FICHES_BLOQUANTES, _BLOQUANTES, base),
        *_judge_eleves(FICHES_A_COMPLETER, [r for r in _A_COMPLETER if has_responsables or _is_judged(r)], base),
        *_judge_noms(base, FormeLogin(etablissement.projet_ent.forme_login)),
        *_judge_paires_eleves(base),
        *judge_groupes(base),
    ]
    if has_responsables:
        constats += _judge_paires(base)
    for constat in constats:
        constat.etablissement = etablissement
    return constats


def _is_judged(regle: Callable[..., object]) -> bool:
    return regle not in AVEC_RESPONSABLES


def judge_groupes(base: Base) -> list[Constat]:
    """Names of groupes that STS-Web refuses: the only findings that a night may change."""
    return [
        Constat(objet=anomalie.objet, message=anomalie.message, **_card(NOMS_DE_GROUPES, anomalie.regle))
        for anomalie in check_regles(_GROUPES, base)
    ]


def _card(liste: str, regle: Regle) -> dict[str, str]:
    return {"liste": liste, "code": regle.code, "gravite": str(regle.gravite), "action": regle.conseil}


def _judge_eleves(liste: str, regles: tuple[RegleDossier, ...] | list[RegleDossier], base: Base) -> list[Constat]:
    """One row per élève and list: what the other rules say of her is added to the first."""
    constats: dict[str, Constat] = {}
    for anomalie in check_regles(regles, base):
        constat = Constat(eleve=anomalie.eleve_id, nom=anomalie.nom, division=anomalie.division)
        _add(constats, anomalie.eleve_id, constat, _card(liste, anomalie.regle), anomalie.message)
    return list(constats.values())


def _add(constats: dict[str, Constat], cle: str, constat: Constat, carte: dict[str, str], message: str) -> None:
    """Keep a row under its key, or add what it says to the one that is there."""
    premier = constats.get(cle)
    if premier is None:
        for champ, valeur in (carte | {"message": message}).items():
            setattr(constat, champ, valeur)
        constats[cle] = constat
    else:
        premier.message += f" {message}"
        premier.action += f" {carte['action']}"


def _judge_noms(base: Base, forme: FormeLogin) -> list[Constat]:
    """One row per person whose name will make a wrong login."""
    eleves = {eleve.eleve_id: eleve for eleve in base.scolarises}
    adultes = personnes_by_id(base)
    constats: dict[str, Constat] = {}
    for anomalie in check_regles(_NOMS, base):
        personne = eleves[anomalie.eleve_id] if anomalie.eleve_id else adultes[anomalie.objet]
        cle = f"{anomalie.eleve_id}/{anomalie.objet}"
        _add(
            constats, cle, _name(anomalie, personne, forme), _card(IDENTIFIANTS, anomalie.regle), anomalie.regle.titre
        )
    return list(constats.values())


def _name(anomalie: Anomalie, personne: Eleve | Personne, forme: FormeLogin) -> Constat:
    return Constat(
        eleve=anomalie.eleve_id,
        responsable=anomalie.objet,
        nom=name_personne(personne),
        division=anomalie.division,
        login=login_ent(personne.prenom, personne.nom_usage or personne.nom_de_famille, forme),
    )


def _judge_paires(base: Base) -> Iterator[Constat]:
    for paire in doublons.find_paires(base):
        yield Constat(
            responsable=paire.premier.personne_id,
            autre=paire.second.personne_id,
            nom=name_personne(paire.premier),
            autre_nom=name_personne(paire.second),
            confiance=str(paire.confiance),
            message=paire.tell(),
            **_card(RESPONSABLES_EN_DOUBLE, regle_de(doublons.responsable_en_double)),
        )


def _judge_paires_eleves(base: Base) -> Iterator[Constat]:
    for paire in doublons.find_paires_eleves(base):
        yield Constat(
            eleve=paire.premier.eleve_id,
            autre=paire.second.eleve_id,
            nom=name_personne(paire.premier),
            autre_nom=name_personne(paire.second),
            division=paire.premier.division or paire.second.division,
            confiance=str(paire.confiance),
            message=paire.preuves,
            **_card(ELEVES_EN_DOUBLE, regle_de(doublons.eleve_en_double)),
        )
