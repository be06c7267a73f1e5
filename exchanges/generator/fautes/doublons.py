"""One person, two fiches; one élève, two schools (``formats/siecle.md`` §5.4 and §5.5)."""

from dataclasses import replace
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.fautes.edition import (
    add,
    add_fiche,
    add_personne,
    edit_deposes,
    free_eleve_id,
    free_personne_id,
    name,
    replace_fiche,
)
from exchanges.generator.fautes.terrain import Terrain
from exchanges.parsers.records import Eleve, EleveDepose


def _double_eleve(ecole: Ecole, rng: Random) -> Ecole:
    """A second fiche was created for an élève already there; it has no INE."""
    fiche = Terrain(ecole).choose_fiche(rng)
    jumelle = replace(fiche, eleve_id=free_eleve_id(ecole), elenoet="", ine="", ine_rnie="")
    return add(
        add_fiche(ecole, jumelle, fiche),
        "eleve_en_double",
        f"L'élève {name(fiche)} a une seconde fiche, {jumelle.eleve_id}.",
        f"{fiche.eleve_id} / {jumelle.eleve_id}",
        jumelle.eleve_id,
        [("ine_manquant", "", jumelle.eleve_id)],
    )


def _double_responsable(ecole: Ecole, rng: Random) -> Ecole:
    """A parent was created again, to the letter, instead of being found."""
    personne, fiche = Terrain(ecole).choose_legal(rng)
    double = replace(personne, personne_id=free_personne_id(ecole))
    lien = next(lien for lien in ecole.responsables.liens if lien.personne_id == personne.personne_id)
    seconde = replace(lien, personne_id=double.personne_id, niveau="3", paie_frais_scolaires=False)
    detail = f"Le responsable {personne.personne_id} de l'élève {name(fiche)} est aussi {double.personne_id}."
    return add(
        add_personne(ecole, double, [seconde]),
        "responsable_en_double",
        detail,
        f"{personne.personne_id} / {double.personne_id}",
    )


def _split_fratrie(ecole: Ecole, rng: Random) -> Ecole:
    """Brothers and sisters under two fiches of one parent, whose mobiles differ."""
    personne, enfants = Terrain(ecole).choose_fratrie(rng)
    double = replace(personne, personne_id=free_personne_id(ecole), tel_portable="+33639989999")
    liens = tuple(
        replace(lien, personne_id=double.personne_id)
        if (lien.personne_id, lien.eleve_id) == (personne.personne_id, enfants[-1].eleve_id)
        else lien
        for lien in ecole.responsables.liens
    )
    fautive = replace(ecole, responsables=replace(ecole.responsables, liens=liens))
    objet = f"{personne.personne_id} / {double.personne_id}"
    return add(
        add_personne(fautive, double),
        "fratrie_educonnect",
        f"La fratrie de l'élève {name(enfants[0])} est répartie sur deux fiches d'un parent ({objet}).",
        objet,
        consequences=[("responsable_en_double", objet, "")],
    )


def enroll_twice(ecole: Ecole, ailleurs: Eleve, uai: str, rng: Random) -> Ecole:
    """The same school, one of its élèves being also enrolled in another one (code ``multi_inscription``).

    Args:
        ecole: left unchanged.
        ailleurs: the fiche that the other school has of her; she takes the place of an élève of the same MEF.
        uai: the other school.
        rng: chooses whose place.

    Raises:
        ValueError: nobody here has that MEF.
    """
    fiche = Terrain(ecole).choose_fiche(rng, lambda eleve: eleve.mef == ailleurs.mef)
    identite = {
        champ: getattr(ailleurs, champ)
        for champ in (
            "nom_de_famille", "prenom", "prenom2", "date_naissance", "sexe", "ine", "ine_rnie", "pays_naissance",
            "commune_naissance", "ville_naissance", "nationalite",
        )
    }  # fmt: skip

    def rename(depose: EleveDepose) -> EleveDepose:
        if depose.eleve_id != fiche.eleve_id:
            return depose
        naissance = ailleurs.date_naissance or depose.date_naissance
        return replace(
            depose, nom_de_famille=ailleurs.nom_de_famille, prenom=ailleurs.prenom, date_naissance=naissance
        )

    eleves = tuple(
        replace(
            eleve,
            nom=ailleurs.nom_de_famille,
            prenom=ailleurs.prenom,
            date_naissance=ailleurs.date_naissance,
            ine=ailleurs.ine,
        )
        if eleve.eleve_id == fiche.eleve_id
        else eleve
        for eleve in ecole.emploi_du_temps.eleves
    )
    fautive = edit_deposes(replace_fiche(ecole, replace(fiche, **identite)), rename)
    fautive = replace(fautive, emploi_du_temps=replace(ecole.emploi_du_temps, eleves=eleves))
    detail = f"L'élève {name(ailleurs)} de l'établissement {uai} est aussi inscrit ici, sous {fiche.eleve_id}."
    return add(fautive, "multi_inscription", detail, uai, fiche.eleve_id)


PLANTATIONS = {
    "eleve_en_double": (_double_eleve, 1.0),
    "responsable_en_double": (_double_responsable, 2.0),
    "fratrie_educonnect": (_split_fratrie, 1.0),
}
