"""``BEE_RESPONSABLES``: persons, their addresses and their links to élèves (``formats/siecle.md`` §2.2).

::

    <PERSONNES><PERSONNE PERSONNE_ID="2000000">…<ADRESSE_ID>2000000</ADRESSE_ID></PERSONNE></PERSONNES>
    <RESPONSABLES><RESPONSABLE_ELEVE><ELEVE_ID>1000000</ELEVE_ID><PERSONNE_ID>2000000</PERSONNE_ID>
      <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>…</RESPONSABLE_ELEVE></RESPONSABLES>
    <ADRESSES><ADRESSE ADRESSE_ID="2000000">…</ADRESSE></ADRESSES>

Files from before March 2018 say RESP_LEGAL, RESP_FINANCIER and a parenté of one character.
"""

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import FichierResponsables, LienResponsable, Personne
from exchanges.parsers.shape import Frame, bloc, fiche, ignores, textes
from exchanges.parsers.values import parse_bool
from exchanges.parsers.xml import Content


NIVEAUX_AVANT_2018 = {"1": "1", "2": "1", "0": "3"}
PARENTES_AVANT_2018 = {"1": "20", "2": "10", "3": "50", "4": "39", "5": "51", "6": "90", "7": "70"}

_LIGNES = ("LIGNE1_ADRESSE", "LIGNE2_ADRESSE", "LIGNE3_ADRESSE", "LIGNE4_ADRESSE")


def _keep(frame: Frame) -> Frame:
    return frame


def _lien(frame: Frame) -> LienResponsable:
    get = frame.get
    parente: str = get("CODE_PARENTE", "")
    return LienResponsable(
        eleve_id=get("ELEVE_ID", ""),
        personne_id=get("PERSONNE_ID", ""),
        niveau=get("NIVEAU_RESPONSABILITE") or NIVEAUX_AVANT_2018.get(get("RESP_LEGAL", ""), ""),
        parente=PARENTES_AVANT_2018.get(parente, parente),
        paie_frais_scolaires=parse_bool(get("PAIE_FRAIS_SCOLAIRES") or get("RESP_FINANCIER", "")),
        percoit_aides=parse_bool(get("PERCOIT_LES_AIDES") or get("PERS_PAIEMENT") or get("PERS_PAIMENT", "")),
        heberge_eleve=parse_bool(get("HEBERGE_ELEVE", "")),
        a_contacter_en_priorite=parse_bool(get("A_CONTACTER_EN_PRIORITE", "")),
    )


def _adresse(frame: Frame) -> tuple[str, tuple[str, str, tuple[str, ...]]]:
    commune = frame.get("LIBELLE_POSTAL") or frame.get("COMMUNE_ETRANGERE", "")
    return frame.get("@ADRESSE_ID", ""), (frame.get("CODE_POSTAL", ""), commune, lignes_adresse(frame))


def lignes_adresse(frame: Frame) -> tuple[str, ...]:
    """The LIGNE1..4_ADRESSE that are not blank."""
    return tuple(frame[tag] for tag in _LIGNES if tag in frame)


_PERSONNE = {
    **textes("LC_CIVILITE NOM_DE_FAMILLE NOM NOM_USAGE PRENOM TEL_PERSONNEL TEL_PORTABLE ACCEPTE_SMS"),
    **textes("TEL_PROFESSIONNEL MEL ADRESSE_ID CODE_PROFESSION"),
    **ignores("ID_PRV_PER LL_CIVILITE COMMUNICATION_ADRESSE"),
}
_LIEN = {
    **textes("ELEVE_ID PERSONNE_ID NIVEAU_RESPONSABILITE RESP_LEGAL CODE_PARENTE PAIE_FRAIS_SCOLAIRES RESP_FINANCIER"),
    **textes("PERCOIT_LES_AIDES PERS_PAIEMENT PERS_PAIMENT HEBERGE_ELEVE A_CONTACTER_EN_PRIORITE"),
    **ignores("PERS_CONTACT"),
}
_ADRESSE = {
    **textes("LIGNE1_ADRESSE LIGNE2_ADRESSE LIGNE3_ADRESSE LIGNE4_ADRESSE CODE_POSTAL LIBELLE_POSTAL"),
    **textes("COMMUNE_ETRANGERE"),
    **ignores("BOITE_POSTALE CODE_PAYS CODE_COMMUNE_INSEE LL_PAYS CODE_DEPARTEMENT"),
}

FORME = document(
    {
        "PERSONNES": bloc({"PERSONNE": fiche("personnes", _keep, _PERSONNE)}),
        "RESPONSABLES": bloc({"RESPONSABLE_ELEVE": fiche("liens", _lien, _LIEN)}),
        "ADRESSES": bloc({"ADRESSE": fiche("adresses", _adresse, _ADRESSE)}),
    }
)


def make_fichier(content: Content) -> FichierResponsables:
    """The records of a ``BEE_RESPONSABLES`` file.

    Raises FichierRefuse entete_incomplete.
    """
    entete = make_entete(content, TypeFichier.RESPONSABLES)
    adresses = dict(content.fiches.get("adresses", ()))
    frames = content.fiches.pop("personnes", [])
    frames.reverse()
    personnes = []
    while frames:  # popped, so that a frame does not outlive its record
        personnes.append(_make_personne(frames.pop(), adresses))
    noms = (nom for p in personnes for nom in (p.nom_de_famille, p.nom_usage, p.prenom))
    return FichierResponsables(
        entete=entete,
        inconnus=content.inconnus,
        remarques=make_remarques(content, noms),
        personnes=tuple(personnes),
        liens=tuple(content.fiches.get("liens", ())),
    )


def _make_personne(frame: Frame, adresses: dict[str, tuple[str, str, tuple[str, ...]]]) -> Personne:
    get = frame.get
    code_postal, commune, lignes = adresses.get(get("ADRESSE_ID", ""), ("", "", ()))
    return Personne(
        personne_id=get("@PERSONNE_ID", ""),
        nom_de_famille=get("NOM_DE_FAMILLE") or get("NOM", ""),
        prenom=get("PRENOM", ""),
        civilite=get("LC_CIVILITE", ""),
        nom_usage=get("NOM_USAGE", ""),
        tel_personnel=get("TEL_PERSONNEL", ""),
        tel_portable=get("TEL_PORTABLE", ""),
        tel_professionnel=get("TEL_PROFESSIONNEL", ""),
        mel=get("MEL", ""),
        accepte_sms=parse_bool(get("ACCEPTE_SMS", "")),
        profession=get("CODE_PROFESSION", ""),
        code_postal=code_postal,
        commune=commune,
        adresse=lignes,
    )
