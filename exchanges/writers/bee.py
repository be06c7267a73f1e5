"""The SIECLE exports (``formats/siecle.md`` §2): élèves, responsables, structures, communs, nomenclatures."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from lxml import etree

from exchanges.parsers.records import (
    Division,
    Eleve,
    Entete,
    FichierCommun,
    FichierEleves,
    FichierNomenclatures,
    FichierResponsables,
    FichierStructures,
    Groupe,
    LienResponsable,
    Matiere,
    Mef,
    Personne,
)
from exchanges.writers.xml import Document, digit, french, leaf, leaves, node, word


# Versions seen (§1.2); nobody has shown those of the last two.
_VERSIONS = {
    "BEE_ELEVES": "3.0",
    "BEE_RESPONSABLES": "2.1",
    "BEE_STRUCTURES": "2.0",
    "BEE_COMMUN": "1.7",
    "BEE_NOMENCLATURES": "3.1",
    "BEE_GEOGRAPHIQUE": "1.0",
    "BEE_ETABLISSEMENTS": "1.0",
}
_CIVILITES = {"M.": "MONSIEUR", "MME": "MADAME"}
_OUVERT_POUR_TOUJOURS = "31/12/9999"


@contextmanager
def envelope(document: Document, entete: Entete) -> Iterator[None]:
    """The root, PARAMETRES and DONNEES of every export of SIECLE, around what the ``with`` writes (§1.2)."""
    racine = entete.type.value
    with document.block(racine, VERSION=entete.version or _VERSIONS[racine]):
        quand = entete.horodatage
        document.write(
            node(
                "PARAMETRES",
                leaves(
                    UAJ=entete.uai,
                    ANNEE_SCOLAIRE=entete.annee,
                    DATE_EXPORT=french(quand),
                    HORODATAGE=f"{french(quand)} {quand:%H:%M:%S}" if quand else "",
                ),
            )
        )
        with document.block("DONNEES"):
            yield


def write_eleves(document: Document, fichier: FichierEleves) -> None:
    """``BEE_ELEVES`` without addresses: ELEVES, OPTIONS, STRUCTURES, then the two blocks we know nothing of."""
    uai = fichier.entete.uai
    with envelope(document, fichier.entete):
        document.list("ELEVES", (_eleve(eleve, uai) for eleve in fichier.eleves))
        document.list("OPTIONS", (_options(eleve) for eleve in fichier.eleves if eleve.options))
        document.list("STRUCTURES", (_structures(e) for e in fichier.eleves if e.division or e.groupes))
        document.write(node("BOURSES"), node("ADRESSES"))


def _eleve(eleve: Eleve, uai: str) -> etree._Element:
    enfants = [
        *leaves(
            ID_NATIONAL=eleve.ine,
            INE_BEA=eleve.ine_bea,
            INE_RNIE=eleve.ine_rnie,
            ELENOET=eleve.elenoet,
            ID_ELEVE_ETAB=eleve.elenoet and eleve.elenoet.zfill(5) + uai[1:7],
            ID_PRV_ELE=eleve.id_prv_ele,
            NOM_DE_FAMILLE=eleve.nom_de_famille,
            NOM_USAGE=eleve.nom_usage,
            PRENOM=eleve.prenom,
            PRENOM2=eleve.prenom2,
            PRENOM3=eleve.prenom3,
            DATE_NAISS=french(eleve.date_naissance),
            DOUBLEMENT=eleve.doublement,
            CODE_PAYS=eleve.pays_naissance,
            DATE_SORTIE=french(eleve.date_sortie),
            CODE_REGIME=eleve.regime,
            DATE_ENTREE=french(eleve.date_entree),
            VILLE_NAISS=eleve.ville_naissance,
            CODE_MOTIF_SORTIE=eleve.motif_sortie,
            CODE_SEXE=eleve.sexe,
            CODE_PAYS_NAT=eleve.nationalite,
            CODE_STATUT=eleve.statut,
            CODE_MEF=eleve.mef,
            CODE_DEPARTEMENT_NAISS=_departement(eleve.commune_naissance),
            CODE_COMMUNE_INSEE_NAISS=eleve.commune_naissance,
            CODE_PROVENANCE=eleve.provenance,
        ),
        node("SCOLARITE_AN_DERNIER", leaves(CODE_MEF=eleve.mef_an_dernier, CODE_RNE=eleve.rne_an_dernier)),
    ]
    return node("ELEVE", enfants, ELEVE_ID=eleve.eleve_id, ELENOET=eleve.elenoet)


def _departement(commune: str) -> str:
    """The three characters of SIECLE: ``079`` for 79191, ``02A`` for 2A004, ``974`` for 97411."""
    return commune[:3] if commune.startswith("97") else commune and f"0{commune[:2]}"


def _options(eleve: Eleve) -> etree._Element:
    items = (
        node("OPTIONS_ELEVE", leaves(NUM_OPTION=str(rang), CODE_MODALITE_ELECT="O", CODE_MATIERE=matiere))
        for rang, matiere in zip(count(1), eleve.options, strict=False)
    )
    return node("OPTION", items, ELEVE_ID=eleve.eleve_id, ELENOET=eleve.elenoet)


def _structures(eleve: Eleve) -> etree._Element:
    paires = [(eleve.division, "D")] if eleve.division else []
    paires += [(groupe, "G") for groupe in eleve.groupes]
    items = (node("STRUCTURE", leaves(CODE_STRUCTURE=code, TYPE_STRUCTURE=type_)) for code, type_ in paires)
    return node("STRUCTURES_ELEVE", items, ELEVE_ID=eleve.eleve_id, ELENOET=eleve.elenoet)


def write_responsables(document: Document, fichier: FichierResponsables) -> None:
    """``BEE_RESPONSABLES`` in the vocabulary of March 2018, one address per person (§2.2)."""
    with envelope(document, fichier.entete):
        document.list("PERSONNES", (_personne(personne) for personne in fichier.personnes))
        document.list("RESPONSABLES", (_lien(lien) for lien in fichier.liens))
        document.list("ADRESSES", (_adresse(p) for p in fichier.personnes if _has_adresse(p)))


def _has_adresse(personne: Personne) -> bool:
    return bool(personne.code_postal or personne.commune or personne.adresse)


def _personne(personne: Personne) -> etree._Element:
    enfants = leaves(
        LC_CIVILITE=personne.civilite,
        LL_CIVILITE=_CIVILITES.get(personne.civilite, ""),
        NOM_DE_FAMILLE=personne.nom_de_famille,
        NOM_USAGE=personne.nom_usage,
        PRENOM=personne.prenom,
        TEL_PERSONNEL=personne.tel_personnel,
        TEL_PORTABLE=personne.tel_portable,
        ACCEPTE_SMS=digit(personne.accepte_sms),
        TEL_PROFESSIONNEL=personne.tel_professionnel,
        MEL=personne.mel,
        ADRESSE_ID=personne.personne_id if _has_adresse(personne) else "",
        CODE_PROFESSION=personne.profession,
    )
    return node("PERSONNE", enfants, PERSONNE_ID=personne.personne_id)


def _lien(lien: LienResponsable) -> etree._Element:
    return node(
        "RESPONSABLE_ELEVE",
        leaves(
            ELEVE_ID=lien.eleve_id,
            PERSONNE_ID=lien.personne_id,
            NIVEAU_RESPONSABILITE=lien.niveau,
            CODE_PARENTE=lien.parente,
            PAIE_FRAIS_SCOLAIRES=digit(lien.paie_frais_scolaires),
            PERCOIT_LES_AIDES=word(lien.percoit_aides),
            HEBERGE_ELEVE=word(lien.heberge_eleve),
            A_CONTACTER_EN_PRIORITE=word(lien.a_contacter_en_priorite),
        ),
    )


def _adresse(personne: Personne) -> etree._Element:
    lignes = {f"LIGNE{i}_ADRESSE": ligne for i, ligne in enumerate(personne.adresse[:4], 1)}
    enfants = leaves(**lignes, CODE_POSTAL=personne.code_postal, LIBELLE_POSTAL=personne.commune)
    return node("ADRESSE", enfants, ADRESSE_ID=personne.personne_id)


def write_structures(document: Document, fichier: FichierStructures) -> None:
    """``BEE_STRUCTURES``: codes as CODE_STRUCTURE attributes, MEF as children (§2.3)."""
    uai = fichier.entete.uai
    with envelope(document, fichier.entete):
        document.list("DIVISIONS", (_structure("DIVISION", division, uai) for division in fichier.divisions))
        document.list("GROUPES", (_structure("GROUPE", groupe, uai) for groupe in fichier.groupes))


def _structure(tag: str, structure: Division | Groupe, uai: str) -> etree._Element:
    enfants = [
        *leaves(LIBELLE_LONG=structure.libelle, CODE_RNE=uai),
        node("MEFS_APPARTENANCE", (node("MEF_APPARTENANCE", leaves(CODE_MEF=mef)) for mef in structure.mefs)),
    ]
    if isinstance(structure, Groupe):
        divisions = (node("DIVISION_APPARTENANCE", leaves(CODE_STRUCTURE=code)) for code in structure.divisions)
        enfants.append(node("DIVISIONS_APPARTENANCE", divisions))
    return node(tag, enfants, CODE_STRUCTURE=structure.code)


def write_commun(document: Document, fichier: FichierCommun) -> None:
    """``BEE_COMMUN``: the school and the bounds of its élève year (§2.5)."""
    annee = fichier.annee_eleves
    dates = leaves(DATE_DEBUT_ELEVE=french(annee.debut), DATE_FIN_ELEVE=french(annee.fin)) if annee else ()
    with envelope(document, fichier.entete):
        document.write(
            node("UAJ", leaves(DENOM_PRINC=fichier.denomination, CODE_TYPE_ETAB=fichier.type_etab)),
            node("ANNEE_SCOLAIRE", dates),
        )


def write_nomenclatures(document: Document, fichier: FichierNomenclatures) -> None:
    """``BEE_NOMENCLATURES``: MEFS and MATIERES (§2.4)."""
    with envelope(document, fichier.entete):
        document.list("MEFS", (_mef(mef) for mef in fichier.mefs))
        document.list("MATIERES", (_matiere(matiere) for matiere in fichier.matieres))


def _mef(mef: Mef) -> etree._Element:
    enfants = leaves(
        FORMATION=mef.formation,
        LIBELLE_LONG=mef.libelle,
        MEF_RATTACHEMENT=mef.rattachement,
        CODE_MEFSTAT=mef.mefstat,
        MEF_SELECTIONNE=digit(mef.is_selectionne),
        DATE_FERMETURE=french(mef.date_fermeture) or _OUVERT_POUR_TOUJOURS,
    )
    return node("MEF", enfants, CODE_MEF=mef.code)


def _matiere(matiere: Matiere) -> etree._Element:
    enfants = [
        leaf("CODE_GESTION", matiere.code_gestion),
        leaf("LIBELLE_LONG", matiere.libelle),
        leaf("MATIERE_ETP", digit(matiere.is_etp)),
    ]
    return node("MATIERE", enfants, CODE_MATIERE=matiere.code)
