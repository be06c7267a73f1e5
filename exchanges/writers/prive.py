"""``<UAI>PRIVE<AAAA><AAMMJJhhmmss>``: a private editor's full import of pupils, 3.1 (``formats/siecle.md`` §4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from lxml import etree

from exchanges.parsers.prive import CIVILITES
from exchanges.parsers.records import Eleve, FichierPrive, LienResponsable, Personne
from exchanges.writers.xml import Document, Enfant, french, iso, leaf, leaves, node, word


VERSION = "3.1"
LOGICIEL = "ENTSITE"
_CODES_CIVILITE = {civilite: code for code, civilite in CIVILITES.items()}
_TAGS = {"1": "LEGAL", "2": "PERSONNE_EN_CHARGE", "3": "CONTACT"}
_FRANCE = "100"


def write_prive(document: Document, fichier: FichierPrive) -> None:
    """``IMPORT_ELEVES`` with PERSONNES, in the strict order of the schema.

    What the schema wants and the records do not hold is written plainly: date and number of the sending, country of
    an address, no transport, start of schooling on 1 September for want of a DATE_ENTREE.
    """
    entete = fichier.entete
    rentree = date(int(entete.annee), 9, 1)
    liens: dict[str, list[LienResponsable]] = defaultdict(list)
    for lien in fichier.liens:
        liens[lien.eleve_id].append(lien)
    with document.block("IMPORT_ELEVES", VERSION=VERSION):
        document.write(
            node(
                "PARAMETRES",
                leaves(
                    UAJ=entete.uai,
                    ANNEE_SCOLAIRE=entete.annee,
                    DATE_IMPORT=french(entete.horodatage or rentree),
                    NUM_ENVOI="1",
                    LOGICIEL=entete.logiciel or LOGICIEL,
                ),
            )
        )
        with document.block("DONNEES"):
            document.list("PERSONNES", (_personne(personne) for personne in fichier.personnes))
            document.list("ELEVES", (_eleve(e, liens[e.id_prv_ele], rentree) for e in fichier.eleves))


def _personne(personne: Personne) -> etree._Element:
    enfants: list[Enfant] = [
        *leaves(
            ID_PRV_PER=personne.personne_id,
            CODE_CIVILITE=_CODES_CIVILITE.get(personne.civilite, personne.civilite),
            NOM_DE_FAMILLE=personne.nom_de_famille,
            NOM_USAGE=personne.nom_usage,
            PRENOM=personne.prenom,
        ),
        _adresse(personne),
        *leaves(
            CODE_PROFESSION=personne.profession,
            TEL_PERSONNEL=personne.tel_personnel,
            TEL_PROFESSIONNEL=personne.tel_professionnel,
            TEL_PORTABLE=personne.tel_portable,
            ACCEPTE_SMS=word(personne.accepte_sms),
            EMAIL=personne.mel,
        ),
    ]
    return node("PERSONNE", enfants)


def _adresse(personne: Personne) -> Enfant:
    if not (personne.adresse or personne.code_postal or personne.commune):
        return None
    lignes = {f"LIGNE{i}_ADRESSE": ligne for i, ligne in enumerate(personne.adresse[:4], 1)}
    commune = "LL_POSTAL" if personne.code_postal else "COMMUNE_ETRANGERE"
    lieu = {"CODE_POSTAL": personne.code_postal, commune: personne.commune}
    pays = _FRANCE if personne.code_postal else ""
    return node("ADRESSE", leaves(**lignes, **lieu, CODE_PAYS=pays))


def _eleve(eleve: Eleve, liens: Sequence[LienResponsable], rentree: date) -> etree._Element:
    enfants: list[Enfant] = [
        *leaves(
            CODE_MOTIF_SORTIE=eleve.motif_sortie,
            DATE_SORTIE=iso(eleve.date_sortie),
            ID_PRV_ELE=eleve.id_prv_ele,
            ID_NATIONAL=eleve.ine,
            INE_BEA=eleve.ine_bea,
            INE_RNIE=eleve.ine_rnie,
            NOM_DE_FAMILLE=eleve.nom_de_famille,
            NOM_USAGE=eleve.nom_usage,
            PRENOM=eleve.prenom,
            PRENOM2=eleve.prenom2,
            PRENOM3=eleve.prenom3,
            CODE_PAYS_NAT=eleve.nationalite,
            DATE_NAISS=iso(eleve.date_naissance),
            CODE_SEXE=eleve.sexe,
            CODE_PAYS=eleve.pays_naissance,
            CODE_COMMUNE_INSEE_NAISS=eleve.commune_naissance,
            VILLE_NAISS=eleve.ville_naissance,
            DATE_ENTREE=iso(eleve.date_entree),
            ADHESION_TRANSPORT="false",
            CODE_REGIME=eleve.regime,
            DOUBLEMENT=eleve.doublement,
        ),
        _responsables(liens),
        _scolarite_active(eleve, rentree),
        _an_dernier(eleve),
    ]
    return node("ELEVE", enfants)


def _responsables(liens: Sequence[LienResponsable]) -> Enfant:
    if not liens:
        return None
    ranges = sorted(liens, key=lambda lien: lien.niveau or "3")
    return node("RESPONSABLES_ELEVE", (_lien(lien) for lien in ranges))


def _lien(lien: LienResponsable) -> etree._Element:
    return node(
        _TAGS.get(lien.niveau, "CONTACT"),
        leaves(
            ID_PRV_PER=lien.personne_id,
            CODE_PARENTE=lien.parente,
            PAIE_FRAIS_SCOLAIRES=word(lien.paie_frais_scolaires),
            HEBERGE_ELEVE=word(lien.heberge_eleve),
            PERCOIT_LES_AIDES=word(lien.percoit_aides),
            A_CONTACTER_EN_PRIORITE=word(lien.a_contacter_en_priorite),
        ),
    )


def _scolarite_active(eleve: Eleve, rentree: date) -> Enfant:
    """SCOLARITE_ACTIVE; ``None`` for a leaver of whom nothing is known."""
    if not (eleve.mef or eleve.division or eleve.statut or eleve.options):
        return None
    enfants: list[Enfant] = [
        *leaves(
            CODE_MEF=eleve.mef,
            CODE_DIVISION=eleve.division,
            CODE_STATUT=eleve.statut,
            DATE_DEB_SCO=iso(eleve.date_entree or rentree),
        ),
        node("OPTIONS", _options(eleve.options)),
    ]
    return node("SCOLARITE_ACTIVE", enfants)


def _options(matieres: Iterable[str]) -> Iterable[etree._Element]:
    return (node("OPTION", leaves(CODE_MATIERE=matiere, CODE_MODALITE_ELECT="O")) for matiere in matieres)


def _an_dernier(eleve: Eleve) -> Enfant:
    if not (eleve.rne_an_dernier or eleve.provenance or eleve.mef_an_dernier):
        return None
    enfants = [
        leaf("CODE_RNE", eleve.rne_an_dernier),
        leaf("CODE_PROVENANCE", eleve.provenance),
        leaf("CODE_MEF", eleve.mef_an_dernier),
        node("OPTIONS_AN_DERNIER"),
    ]
    return node("ETABLISSEMENT_AN_DERNIER", enfants)
