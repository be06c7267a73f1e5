"""``IMPORT_ELEVES`` of a private editor: its pupils, their persons, their links (``formats/siecle.md`` §4).

::

    <PERSONNES><PERSONNE><ID_PRV_PER>1</ID_PRV_PER>…<ADRESSE>…</ADRESSE></PERSONNE></PERSONNES>
    <ELEVES><ELEVE><ID_PRV_ELE>1</ID_PRV_ELE>…<RESPONSABLES_ELEVE><LEGAL><ID_PRV_PER>1</ID_PRV_PER>
      <CODE_PARENTE>10</CODE_PARENTE></LEGAL></RESPONSABLES_ELEVE><SCOLARITE_ACTIVE>…</SCOLARITE_ACTIVE></ELEVE></ELEVES>

The root is that of ELEGROUPE: only the content tells them apart. Version 2.0 says LEGAL1 and LEGAL2 with a parenté
of one character, 3.0 LEGAL, PERSONNE_EN_CHARGE and CONTACT, 3.1 PAIE_FRAIS_SCOLAIRES in place of FINANCIER.
"""

import re
from collections.abc import Iterator

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import make_remarques
from exchanges.parsers.imports import PARAMETRES, make_entete, parse_nom
from exchanges.parsers.records import Eleve, FichierPrive, LienResponsable, Personne
from exchanges.parsers.responsables import PARENTES_AVANT_2018, lignes_adresse
from exchanges.parsers.shape import Frame, bloc, dates, fiche, first, ignores, liste, textes
from exchanges.parsers.values import parse_bool
from exchanges.parsers.xml import Content


CIVILITES = {"1": "M.", "2": "MME"}
_NIVEAUX = {"LEGAL1": "1", "LEGAL2": "1", "LEGAL": "1", "PERSONNE_EN_CHARGE": "2", "CONTACT": "3"}
_SIGNATURE = re.compile(r"<(?:PERSONNES|RESPONSABLES_ELEVE|SCOLARITE_ACTIVE|CODE_MOTIF_SORTIE)[\s/>]")


def is_prive(debut: str) -> bool:
    """Whether the beginning of an ``IMPORT_ELEVES`` holds what an élève-groupe file never does."""
    return _SIGNATURE.search(debut) is not None


def _personne(frame: Frame) -> Personne:
    get = frame.get
    adresse = first(frame, "ADRESSE")
    civilite: str = get("CODE_CIVILITE", "")
    return Personne(
        personne_id=get("ID_PRV_PER", ""),
        nom_de_famille=get("NOM_DE_FAMILLE") or get("NOM", ""),
        prenom=get("PRENOM", ""),
        civilite=CIVILITES.get(civilite, civilite),
        nom_usage=get("NOM_USAGE", ""),
        tel_personnel=get("TEL_PERSONNEL", ""),
        tel_portable=get("TEL_PORTABLE", ""),
        tel_professionnel=get("TEL_PROFESSIONNEL", ""),
        mel=get("EMAIL", ""),
        accepte_sms=parse_bool(get("ACCEPTE_SMS", "")),
        profession=get("CODE_PROFESSION", ""),
        code_postal=adresse.get("CODE_POSTAL", ""),
        commune=adresse.get("LL_POSTAL") or adresse.get("COMMUNE_ETRANGERE", ""),
        adresse=lignes_adresse(adresse),
    )


def _eleve(frame: Frame) -> tuple[Eleve, tuple[LienResponsable, ...]]:
    get = frame.get
    active, dernier = first(frame, "SCOLARITE_ACTIVE"), first(frame, "ETABLISSEMENT_AN_DERNIER").get
    eleve = Eleve(
        eleve_id="",
        nom_de_famille=get("NOM_DE_FAMILLE") or get("NOM", ""),
        prenom=get("PRENOM", ""),
        date_naissance=get("DATE_NAISS"),
        ine=get("ID_NATIONAL", ""),
        ine_bea=get("INE_BEA", ""),
        ine_rnie=get("INE_RNIE", ""),
        id_prv_ele=get("ID_PRV_ELE", ""),
        nom_usage=get("NOM_USAGE", ""),
        prenom2=get("PRENOM2", ""),
        prenom3=get("PRENOM3", ""),
        sexe=get("CODE_SEXE", ""),
        pays_naissance=get("CODE_PAYS", ""),
        commune_naissance=get("CODE_COMMUNE_INSEE_NAISS", ""),
        ville_naissance=get("VILLE_NAISS", ""),
        nationalite=get("CODE_PAYS_NAT", ""),
        regime=get("CODE_REGIME", ""),
        statut=active.get("CODE_STATUT", ""),
        mef=active.get("CODE_MEF", ""),
        date_entree=get("DATE_ENTREE"),
        date_sortie=get("DATE_SORTIE"),
        motif_sortie=get("CODE_MOTIF_SORTIE", ""),
        provenance=dernier("CODE_PROVENANCE", ""),
        doublement=_digit(get("DOUBLEMENT", "")),
        rne_an_dernier=dernier("CODE_RNE", ""),
        mef_an_dernier=dernier("CODE_MEF", ""),
        division=active.get("CODE_DIVISION", ""),
        options=tuple(filter(None, (o.get("CODE_MATIERE") for o in active.get("OPTION", ())))),
    )
    return eleve, tuple(_liens(eleve.id_prv_ele, first(frame, "RESPONSABLES_ELEVE")))


def _digit(texte: str) -> str:
    """``0`` or ``1`` of an ``xs:boolean``, as BEE writes DOUBLEMENT."""
    return {"true": "1", "false": "0"}.get(texte, texte)


def _liens(eleve_id: str, responsables: Frame) -> Iterator[LienResponsable]:
    """The links of an élève, LEGAL first: their element says their niveau."""
    for tag, niveau in _NIVEAUX.items():
        for frame in responsables.get(tag, ()):
            get = frame.get
            parente: str = get("CODE_PARENTE", "")
            yield LienResponsable(
                eleve_id=eleve_id,
                personne_id=get("ID_PRV_PER", ""),
                niveau=niveau,
                parente=PARENTES_AVANT_2018.get(parente, parente),
                paie_frais_scolaires=parse_bool(get("PAIE_FRAIS_SCOLAIRES") or get("FINANCIER", "")),
                percoit_aides=parse_bool(get("PERCOIT_LES_AIDES", "")),
                heberge_eleve=parse_bool(get("HEBERGE_ELEVE", "")),
                a_contacter_en_priorite=parse_bool(get("A_CONTACTER_EN_PRIORITE", "")),
            )


_ADRESSE = bloc(
    {
        **textes("LIGNE1_ADRESSE LIGNE2_ADRESSE LIGNE3_ADRESSE LIGNE4_ADRESSE CODE_POSTAL LL_POSTAL"),
        **textes("COMMUNE_ETRANGERE"),
        **ignores("CODE_PAYS"),
    }
)
_PERSONNE = {
    **textes("ID_PRV_PER CODE_CIVILITE NOM_DE_FAMILLE NOM NOM_USAGE PRENOM CODE_PROFESSION TEL_PERSONNEL"),
    **textes("TEL_PROFESSIONNEL TEL_PORTABLE ACCEPTE_SMS EMAIL"),
    **ignores("COMMUNICATION_ADRESSE ENFANT_A_CHARGE CODE_SITUATION"),
    "ADRESSE": _ADRESSE,
}
_LIEN = bloc(
    {
        **textes("ID_PRV_PER CODE_PARENTE PAIE_FRAIS_SCOLAIRES FINANCIER PERCOIT_LES_AIDES HEBERGE_ELEVE"),
        **textes("A_CONTACTER_EN_PRIORITE"),
    }
)
_ACTIVE = {
    **textes("CODE_MEF CODE_DIVISION CODE_STATUT"),
    **ignores("DATE_DEB_SCO DATE_FIN_SCO ARRET_FORMATION"),
    "OPTIONS": liste({"OPTION": bloc({**textes("CODE_MATIERE"), **ignores("CODE_MODALITE_ELECT")})}),
}
_DERNIER = {
    **textes("CODE_RNE CODE_PROVENANCE CODE_MEF"),
    **ignores("CODE_DEPARTEMENT TYPE_MEF CODE_DIVISION CODE_STATUT DATE_DEB_SCO DATE_FIN_SCO OPTIONS_AN_DERNIER"),
}
_ELEVE = {
    **textes("ID_PRV_ELE ID_NATIONAL INE_BEA INE_RNIE NOM_DE_FAMILLE NOM NOM_USAGE PRENOM PRENOM2 PRENOM3"),
    **textes("CODE_PAYS_NAT CODE_SEXE CODE_PAYS CODE_COMMUNE_INSEE_NAISS VILLE_NAISS CODE_REGIME DOUBLEMENT"),
    **textes("CODE_MOTIF_SORTIE"),
    **dates("DATE_NAISS DATE_ENTREE DATE_SORTIE"),
    **ignores("ADRESSE TEL_PERSONNEL TEL_PROFESSIONNEL TEL_PORTABLE ACCEPTE_SMS EMAIL ADHESION_TRANSPORT BOURSES"),
    "RESPONSABLES_ELEVE": bloc(dict.fromkeys(_NIVEAUX, _LIEN)),
    "SCOLARITE_ACTIVE": bloc(_ACTIVE),
    "ETABLISSEMENT_AN_DERNIER": bloc(_DERNIER),
}

FORME = bloc(
    {
        "PARAMETRES": PARAMETRES,
        "DONNEES": bloc(
            {
                "PERSONNES": bloc({"PERSONNE": fiche("personnes", _personne, _PERSONNE)}),
                "ELEVES": bloc({"ELEVE": fiche("eleves", _eleve, _ELEVE)}),
            }
        ),
    }
)


def make_fichier(content: Content, nom: str) -> FichierPrive:
    """The records of a PRIVE file, whatever its version.

    Args:
        nom: the name of the XML without extension, ``<UAI>PRIVE<AAAA><AAMMJJhhmmss>`` when nobody renamed it, for
            the horodatage.

    Raises FichierRefuse entete_incomplete.
    """
    lus = content.fiches.get("eleves", [])
    eleves = tuple(eleve for eleve, _ in lus)
    personnes = tuple(content.fiches.get("personnes", ()))
    noms = (nom for p in (*eleves, *personnes) for nom in (p.nom_de_famille, p.nom_usage, p.prenom))
    return FichierPrive(
        entete=make_entete(content, TypeFichier.PRIVE, parse_nom(nom, "PRIVE")),
        inconnus=content.inconnus,
        remarques=make_remarques(content, noms),
        personnes=personnes,
        eleves=eleves,
        liens=tuple(lien for _, liens in lus for lien in liens),
    )
