"""The present facts of a school, read back as the records of its files: the same rules judge them."""

from typing import Any

from django.db.models import Model, QuerySet

from exchanges.enums import Couche, NatureActe, TypeFichier
from exchanges.models import (
    AnomalieDepot,
    Etablissement,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheMef,
    FicheResponsable,
    LienResponsable,
)
from exchanges.parsers import records
from exchanges.rules.dossier import Base
from exchanges.rules.fiches import FRANCE


# What the database does not keep of a fiche, by the word that says it is missing (``FicheEleve.manques``).
NON_GARDES = {
    "le pays de naissance": "pays_naissance",
    "la commune de naissance": "commune_naissance",
    "la ville de naissance à l'étranger": "ville_naissance",
    "la nationalité": "nationalite",
    "l'établissement de l'an dernier": "rne_an_dernier",
    "le MEF de l'an dernier": "mef_an_dernier",
    "la provenance": "provenance",
}
NON_GARDE = "…"  # there was a value, it is not kept
GROUPE_REFUSE = "GROUPE_A_01"
NOMS_REFUSES = ("NOM_REFUSE", "NOM_TRONQUE")  # codes of the journal of STS-Web
_ELEVE = (
    *("eleve__eleve_id", "nom_de_famille", "prenom", "date_naissance", "ine", "nom_usage", "sexe", "regime", "statut"),
    *("mef", "date_entree", "date_sortie", "motif_sortie", "division__code", "manques"),
)
_LIEN = (
    *("eleve__eleve_id", "responsable__personne_id", "niveau", "parente", "paie_frais_scolaires"),
    *("percoit_aides", "heberge_eleve", "a_contacter_en_priorite"),
)
_PERSONNE = (
    *("responsable__personne_id", "nom_de_famille", "prenom", "civilite", "nom_usage", "tel_portable", "mel"),
)


def read_base(etablissement: Etablissement, responsables: records.FichierResponsables | None = None) -> Base:
    """What the school's files say now; a file never loaded is ``None``.

    Args:
        etablissement: the school.
        responsables: the Responsables export that was just loaded, if any: of it the database keeps neither
            address, profession nor telephone but the mobile.

    Of what is not kept of an élève, only whether it is missing is true: rules that read the value itself
    (``uai_invalide``) have no place here.
    """
    return Base(
        eleves=_eleves(etablissement),
        responsables=responsables or _responsables(etablissement),
        commun=_commun(etablissement),
        nomenclatures=_nomenclatures(etablissement),
        **_structures_by_file(etablissement),
    )


def read_structures(etablissement: Etablissement) -> Base:
    """Divisions and groupes only, in the three places that name them."""
    return Base(**_structures_by_file(etablissement))


def _structures_by_file(etablissement: Etablissement) -> dict[str, Any]:
    return {
        "structures": _structures(etablissement),
        "sts": _sts(etablissement),
        "edt": _edt(etablissement),
    }


def _entete(etablissement: Etablissement, type_fichier: TypeFichier) -> records.Entete:
    return records.Entete(type_fichier, etablissement.uai, etablissement.annee)


def _courants(modele: type[Model], etablissement: Etablissement, **filtres: object) -> QuerySet:
    return modele.objects.courants().filter(etablissement=etablissement, **filtres)


def _eleves(etablissement: Etablissement) -> records.FichierEleves | None:
    fiches = _courants(FicheEleve, etablissement).order_by("eleve__eleve_id")
    eleves = tuple(read_eleve(*ligne) for ligne in fiches.values_list(*_ELEVE))
    return records.FichierEleves(_entete(etablissement, TypeFichier.ELEVES), eleves=eleves) if eleves else None


def read_eleve(
    eleve_id: str, nom: str, prenom: str, naissance: object, ine: str, usage: str, sexe: str, *scolarite
) -> records.Eleve:
    """A fiche as the Élèves export has it, from the columns of ``FicheEleve`` in the order of ``_ELEVE``."""
    regime, statut, mef, entree, sortie, motif, division, manques = scolarite
    non_gardes = {champ: "" if mot in manques else NON_GARDE for mot, champ in NON_GARDES.items()}
    if "la commune de naissance" in manques:  # asked only of who was born in France
        non_gardes["pays_naissance"] = FRANCE
    return records.Eleve(
        eleve_id=eleve_id,
        nom_de_famille=nom,
        prenom=prenom,
        date_naissance=naissance,
        ine=ine,
        nom_usage=usage,
        sexe=sexe,
        regime=regime,
        statut=statut,
        mef=mef,
        date_entree=entree,
        date_sortie=sortie,
        motif_sortie=motif,
        division=division or "",
        **non_gardes,
    )


def _responsables(etablissement: Etablissement) -> records.FichierResponsables | None:
    fiches = _courants(FicheResponsable, etablissement).order_by("responsable__personne_id")
    personnes = tuple(
        records.Personne(personne_id, nom, prenom, civilite, usage, tel_portable=mobile, mel=mel)
        for personne_id, nom, prenom, civilite, usage, mobile, mel in fiches.values_list(*_PERSONNE)
    )
    if not personnes:
        return None
    liens = _courants(LienResponsable, etablissement).order_by("eleve__eleve_id", "responsable__personne_id")
    return records.FichierResponsables(
        _entete(etablissement, TypeFichier.RESPONSABLES),
        personnes=personnes,
        liens=tuple(records.LienResponsable(*ligne) for ligne in liens.values_list(*_LIEN)),
    )


def _structures(etablissement: Etablissement) -> records.FichierStructures | None:
    divisions, groupes = _codes(etablissement, Couche.BEE)
    if not divisions and not groupes:
        return None
    return records.FichierStructures(
        _entete(etablissement, TypeFichier.STRUCTURES), divisions=divisions, groupes=groupes
    )


def _sts(etablissement: Etablissement) -> records.FichierSTS | None:
    divisions, groupes = _codes(etablissement, Couche.STS)
    if not divisions and not groupes:
        return None
    return records.FichierSTS(_entete(etablissement, TypeFichier.STS_EDT), divisions=divisions, groupes=groupes)


def _codes(
    etablissement: Etablissement, couche: Couche
) -> tuple[tuple[records.Division, ...], tuple[records.Groupe, ...]]:
    """Divisions and groupes of a layer, by their codes alone."""
    divisions = _courants(FicheDivision, etablissement, couche=couche).values_list("division__code", flat=True)
    groupes = _courants(FicheGroupe, etablissement, couche=couche).values_list("groupe__code", flat=True)
    return tuple(map(records.Division, sorted(divisions))), tuple(map(records.Groupe, sorted(groupes)))


def _edt(etablissement: Etablissement) -> records.FichierEDT | None:
    """The groupes of EDT under names that went no further: of EDT's structure nothing else is kept."""
    codes = sorted(find_inconnus(etablissement) | _find_refuses(etablissement))
    if not codes:
        return None
    return records.FichierEDT(_entete(etablissement, TypeFichier.EDT_STS), groupes=tuple(map(records.Groupe, codes)))


def find_inconnus(etablissement: Etablissement) -> set[str]:
    """Codes of the groupes that the last imported deposit named and that SIECLE did not know."""
    nuit = etablissement.actes.filter(nature=NatureActe.NUIT, depot__isnull=False).order_by("instant", "pk").last()
    if nuit is None:
        return set()
    refus = AnomalieDepot.objects.filter(depot=nuit.depot_id, code=GROUPE_REFUSE)
    return set(refus.values_list("objet", flat=True))


def _find_refuses(etablissement: Etablissement) -> set[str]:
    """Names that STS-Web refused or cut at the last import of EDT's file."""
    actes = etablissement.actes.filter(chargement__fichiers__type=TypeFichier.EDT_STS)
    dernier = actes.order_by("instant", "pk").last()
    return set(dernier.journal.filter(code__in=NOMS_REFUSES).values_list("objet", flat=True)) if dernier else set()


def _commun(etablissement: Etablissement) -> records.FichierCommun | None:
    if etablissement.debut_eleves is None or etablissement.fin_eleves is None:
        return None
    periode = records.Periode(etablissement.debut_eleves, etablissement.fin_eleves)
    return records.FichierCommun(_entete(etablissement, TypeFichier.COMMUN), annee_eleves=periode)


def _nomenclatures(etablissement: Etablissement) -> records.FichierNomenclatures | None:
    mefs = tuple(
        records.Mef(code, is_selectionne=is_selectionne, date_fermeture=fermeture)
        for code, is_selectionne, fermeture in _courants(FicheMef, etablissement).values_list(
            "code", "is_selectionne", "date_fermeture"
        )
    )
    return records.FichierNomenclatures(_entete(etablissement, TypeFichier.NOMENCLATURES), mefs=mefs) if mefs else None
