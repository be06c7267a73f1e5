"""Faults of the fiches of BEE (``formats/siecle.md`` §5.1 to §5.3): identifiers, schooling, completeness."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.eleves import normalize
from exchanges.generator.fautes.edition import (
    add,
    add_personne,
    free_personne_id,
    name,
    replace_fiche,
    replace_personne,
)
from exchanges.generator.fautes.terrain import Terrain, at_least_one
from exchanges.parsers.records import Eleve, Mef


DIVISION_INCONNUE = "9Z9"
MEF_INCONNU = "88810010110"
MEF_FERME = "10010019990"
# What may be missing, and the sentence that says it.
_MANQUES = {
    "sexe": "le sexe",
    "nationalite": "la nationalité",
    "pays_naissance": "le pays de naissance",
    "regime": "le régime",
    "statut": "le statut",
    "provenance": "la provenance",
    "rne_an_dernier": "l'établissement de l'an dernier",
    "mef_an_dernier": "le MEF de l'an dernier",
}


def _lose_ine(ecole: Ecole, rng: Random) -> Ecole:
    fiche = Terrain(ecole).choose_fiche(rng)
    detail = f"L'élève {name(fiche)} n'a pas d'INE."
    return add(replace_fiche(ecole, replace(fiche, ine="", ine_rnie="")), "ine_manquant", detail, "", fiche.eleve_id)


def _misspell_ine(ecole: Ecole, rng: Random) -> Ecole:
    """The last letter of the key was miscopied."""
    fiche = Terrain(ecole).choose_fiche(rng)
    faux = fiche.ine[:-1] + rng.choice("ABCDEFGHJK".replace(fiche.ine[-1], ""))
    detail = f"La clé de l'INE de l'élève {name(fiche)} est fausse ({faux})."
    return add(replace_fiche(ecole, replace(fiche, ine=faux)), "ine_cle_fausse", detail, faux, fiche.eleve_id)


def _share_ine(ecole: Ecole, rng: Random) -> Ecole:
    """Two élèves of different families under one INE."""
    terrain = Terrain(ecole)
    une = terrain.choose_fiche(rng)
    autre = terrain.choose_fiche(rng, lambda fiche: is_other(fiche, une))
    detail = f"Les élèves {name(une)} et {name(autre)} portent le même INE ({une.ine})."
    return add(
        replace_fiche(ecole, replace(autre, ine=une.ine)),
        "ine_en_double",
        detail,
        une.ine,
        autre.eleve_id,
        [("ine_en_double", une.ine, une.eleve_id)],
    )


def is_other(fiche: Eleve, autre: Eleve) -> bool:
    """Whether nothing suggests that two fiches are one person: names and birth dates all differ."""
    paires = zip(_identify(fiche), _identify(autre), strict=True)
    return all(une != deux for une, deux in paires)


def _identify(fiche: Eleve) -> tuple[object, ...]:
    return normalize(fiche.nom_de_famille), normalize(fiche.prenom), fiche.date_naissance


def _lose_mef(ecole: Ecole, rng: Random) -> Ecole:
    """Somebody who waits for a division has no MEF either; nobody deposits her."""
    fiche = Terrain(ecole).choose_en_attente(rng)
    faits = tuple(
        fait for fait in ecole.faits if (fait.code, fait.eleve_id) != ("eleve_sans_division", fiche.eleve_id)
    )
    fautive = replace(replace_fiche(ecole, replace(fiche, mef="")), faits=faits)
    return add(fautive, "eleve_sans_mef", f"L'élève {name(fiche)} n'a pas de MEF.", "", fiche.eleve_id)


def _lose_division(ecole: Ecole, rng: Random) -> Ecole:
    fiche = Terrain(ecole).choose_fiche(rng)
    return add(
        replace_fiche(ecole, replace(fiche, division="")),
        "eleve_sans_division",
        f"L'élève {name(fiche)} n'a pas de division.",
        eleve_id=fiche.eleve_id,
        consequences=[("fiche_bloquante", "", fiche.eleve_id)],
    )


def _misplace(ecole: Ecole, rng: Random) -> Ecole:
    """The division was deleted in STS since the fiche was written."""
    fiche = Terrain(ecole).choose_fiche(rng)
    detail = f"La division {DIVISION_INCONNUE} de l'élève {name(fiche)} n'est pas dans Structures."
    fautive = replace_fiche(ecole, replace(fiche, division=DIVISION_INCONNUE))
    return add(fautive, "division_inconnue", detail, DIVISION_INCONNUE, fiche.eleve_id)


def _change_division(ecole: Ecole, rng: Random) -> Ecole:
    """The élève was put into a division of another level."""
    fiche = Terrain(ecole).choose_fiche(rng)
    autres = [division.code for division in ecole.structures.divisions if fiche.mef not in division.mefs]
    code = rng.choice(at_least_one(autres))
    detail = f"La division {code} de l'élève {name(fiche)} n'est pas rattachée à son MEF {fiche.mef}."
    fautive = replace_fiche(ecole, replace(fiche, division=code))
    return add(fautive, "division_hors_mef", detail, code, fiche.eleve_id)


def _misspell_uai(ecole: Ecole, rng: Random) -> Ecole:
    fiche = Terrain(ecole).choose_fiche(rng)
    uai = fiche.rne_an_dernier
    faux = uai[:-1] + rng.choice("ABCDEFGH".replace(uai[-1], ""))
    detail = f"L'établissement de l'an dernier de l'élève {name(fiche)} est {faux}, de clé fausse."
    fautive = replace_fiche(ecole, replace(fiche, rne_an_dernier=faux))
    return add(fautive, "uai_invalide", detail, faux, fiche.eleve_id)


def _with_mef(ecole: Ecole, rng: Random, mef: str, code: str, phrase: str) -> Ecole:
    """Somebody who waits for a division bears a wrong MEF: no groupe nor division is concerned."""
    fiche = Terrain(ecole).choose_en_attente(rng)
    fautive = replace_fiche(ecole, replace(fiche, mef=mef))
    return add(fautive, code, f"Le MEF {mef} de l'élève {name(fiche)} {phrase}.", mef, fiche.eleve_id)


def _cut_mef(ecole: Ecole, rng: Random) -> Ecole:
    mef = ecole.sts.mefs[0].code[:-1]
    return _with_mef(ecole, rng, mef, "mef_mal_forme", "n'a que dix caractères")


def _follow_unknown_mef(ecole: Ecole, rng: Random) -> Ecole:
    return _with_mef(ecole, rng, MEF_INCONNU, "mef_inconnu_de_la_nomenclature", "n'est pas dans Nomenclature")


def _follow_closed_mef(ecole: Ecole, rng: Random) -> Ecole:
    ferme = Mef(MEF_FERME, "FERME", "FORMATION FERMEE", date_fermeture=ecole.periode.debut - timedelta(days=365))
    fautive = _with_mef(ecole, rng, MEF_FERME, "mef_ferme", "est fermé")
    return replace(fautive, nomenclatures=replace(ecole.nomenclatures, mefs=(*ecole.nomenclatures.mefs, ferme)))


def _block_fiche(ecole: Ecole, rng: Random) -> Ecole:
    """One element of identity or schooling is missing; of a leaver, the motif."""
    terrain = Terrain(ecole)
    if rng.random() < 0.2:
        sorti = terrain.choose_sorti(rng)
        detail = f"L'élève {name(sorti)} est sorti sans motif."
        return add(
            replace_fiche(ecole, replace(sorti, motif_sortie="")), "fiche_bloquante", detail, "", sorti.eleve_id
        )
    fiche = terrain.choose_fiche(rng)
    champ, libelle = rng.choice(list(_MANQUES.items()))
    detail = f"Il manque à la fiche de l'élève {name(fiche)} {libelle}."
    fautive = replace_fiche(ecole, replace(fiche, **{champ: ""}))  # type: ignore[arg-type]  # every one is a text
    return add(fautive, "fiche_bloquante", detail, "", fiche.eleve_id)


def _complete_fiche(ecole: Ecole, rng: Random) -> Ecole:
    """The profession of a responsable is missing, or obsolete."""
    personne, fiche = Terrain(ecole).choose_legal(rng)
    profession = rng.choice(("", "73", "76"))
    fautive = replace_personne(ecole, replace(personne, profession=profession))
    detail = f"La profession du responsable {personne.personne_id} est absente ou périmée (« {profession} »)."
    return add(fautive, "fiche_a_completer", detail, "", fiche.eleve_id)


def _edit_liens(ecole: Ecole, eleve: Eleve, niveau: Callable[[str], str]) -> Ecole:
    liens = tuple(
        replace(lien, niveau=niveau(lien.niveau)) if lien.eleve_id == eleve.eleve_id else lien
        for lien in ecole.responsables.liens
    )
    return replace(ecole, responsables=replace(ecole.responsables, liens=liens))


def _orphan(ecole: Ecole, rng: Random) -> Ecole:
    """Nobody is a legal responsable any more: all are contacts."""
    fiche = Terrain(ecole).choose_fiche(rng)
    detail = f"L'élève {name(fiche)} n'a que des contacts, aucun responsable légal."
    return add(_edit_liens(ecole, fiche, lambda _: "3"), "eleve_sans_responsable_legal", detail, "", fiche.eleve_id)


def _crowd(ecole: Ecole, rng: Random) -> Ecole:
    """An élève of two legal responsables is given the parent of another one too."""
    terrain = Terrain(ecole)
    legaux = Counter(lien.eleve_id for lien in ecole.responsables.liens if lien.niveau == "1")
    fiche = terrain.choose_fiche(rng, lambda eleve: legaux[eleve.eleve_id] == 2)
    personne, enfant = terrain.choose_legal(rng)
    modele = next(lien for lien in ecole.responsables.liens if lien.personne_id == personne.personne_id)
    if enfant.eleve_id == fiche.eleve_id:
        raise ValueError("Ce responsable est déjà celui de l'élève.")
    lien = replace(modele, eleve_id=fiche.eleve_id, parente="90", paie_frais_scolaires=False, percoit_aides=False)
    fautive = replace(ecole, responsables=replace(ecole.responsables, liens=(*ecole.responsables.liens, lien)))
    detail = f"L'élève {name(fiche)} a trois responsables légaux."
    return add(fautive, "trop_de_responsables_legaux", detail, "", fiche.eleve_id)


def _leave_alone(ecole: Ecole, rng: Random) -> Ecole:
    """A responsable of whom the only child is gone from the base."""
    modele, _ = Terrain(ecole).choose_legal(rng)
    identifiant = free_personne_id(ecole)
    seul = replace(
        modele,
        personne_id=identifiant,
        nom_de_famille=f"{modele.nom_de_famille}-SOLITAIRE",
        nom_usage="",
        tel_personnel="",
        tel_portable="",
        tel_professionnel="",
        accepte_sms=False,
        mel=f"personne{identifiant}@example.org",
        adresse=(f"{identifiant} Chemin Perdu",),
    )
    detail = f"Le responsable {seul.nom_de_famille} {seul.prenom} n'est rattaché à aucun élève."
    return add(add_personne(ecole, seul), "responsable_sans_eleve", detail, identifiant)


PLANTATIONS = {
    "ine_manquant": (_lose_ine, 2.0),
    "ine_cle_fausse": (_misspell_ine, 0.5),
    "ine_en_double": (_share_ine, 0.3),
    "eleve_sans_mef": (_lose_mef, 1.0),
    "eleve_sans_division": (_lose_division, 1.0),
    "division_inconnue": (_misplace, 0.5),
    "division_hors_mef": (_change_division, 1.0),
    "uai_invalide": (_misspell_uai, 0.3),
    "mef_mal_forme": (_cut_mef, 0.2),
    "mef_inconnu_de_la_nomenclature": (_follow_unknown_mef, 0.5),
    "mef_ferme": (_follow_closed_mef, 0.5),
    "fiche_bloquante": (_block_fiche, 3.0),
    "fiche_a_completer": (_complete_fiche, 3.0),
    "eleve_sans_responsable_legal": (_orphan, 1.0),
    "trop_de_responsables_legaux": (_crowd, 0.5),
    "responsable_sans_eleve": (_leave_alone, 1.0),
}
