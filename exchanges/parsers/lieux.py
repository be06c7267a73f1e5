"""``BEE_GEOGRAPHIQUE`` and ``BEE_ETABLISSEMENTS``: places and schools (``formats/siecle.md`` §2.6).

Nobody documents how they are nested: records are found by the name of their element, anywhere under DONNEES. A
PAYS without code is taken for the list of the PAYS.
"""

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import PARAMETRES, make_entete, make_remarques
from exchanges.parsers.records import EtablissementConnu, FichierEtablissements, FichierGeographique, Lieu
from exchanges.parsers.referentiels import make_denomination
from exchanges.parsers.shape import Frame, bloc, fiche, ignores, textes, traverse
from exchanges.parsers.structures import code_of
from exchanges.parsers.xml import Content


def _pays(frame: Frame) -> Lieu | None:
    return _lieu(frame, code_of(frame, "CODE_PAYS"))


def _departement(frame: Frame) -> Lieu | None:
    """By its INSEE code, which the communes name; by SIECLE's own otherwise."""
    code = code_of(frame, "CODE_DEPARTEMENT_INSEE") or code_of(frame, "CODE_DEPARTEMENT_MEN")
    return _lieu(frame, code or code_of(frame, "CODE_DEPARTEMENT"), _parent(frame, "CODE_ACADEMIE"))


def _commune(frame: Frame) -> Lieu | None:
    parent = _parent(frame, "CODE_DEPARTEMENT_INSEE") or _parent(frame, "CODE_DEPARTEMENT")
    return _lieu(frame, code_of(frame, "CODE_COMMUNE_INSEE"), parent)


def _lieu(frame: Frame, code: str, parent: str = "") -> Lieu | None:
    libelle = frame.get("LIBELLE_LONG") or frame.get("LIBELLE_COURT", "")
    return Lieu(code, libelle, parent) if code else None


def _parent(frame: Frame, nom: str) -> str:
    parent: str = frame.get(f"@{nom}") or frame.get(nom, "")
    return parent


_NOMS = {**textes("LIBELLE_LONG LIBELLE_COURT"), **ignores("LIBELLE_EDITION DATE_OUVERTURE DATE_FERMETURE")}
_PAYS = {**_NOMS, **textes("CODE_PAYS")}
_PAYS_OU_LISTE = fiche("pays", _pays, {**_PAYS, "PAYS": fiche("pays", _pays, _PAYS)})
_LIEUX = {
    **dict.fromkeys(("PAYS", "PAYS_NATIONALITE"), _PAYS_OU_LISTE),
    "DEPARTEMENT": fiche(
        "departements",
        _departement,
        {
            **_NOMS,
            **textes("CODE_ACADEMIE CODE_DEPARTEMENT CODE_DEPARTEMENT_MEN CODE_DEPARTEMENT_INSEE"),
        },
    ),
    "COMMUNE": fiche(
        "communes",
        _commune,
        {
            **_NOMS,
            **textes("CODE_COMMUNE_INSEE CODE_DEPARTEMENT CODE_DEPARTEMENT_INSEE"),
            **ignores("CODE_POSTAL CODE_DEPARTEMENT_MEN"),
        },
    ),
}
GEOGRAPHIQUE = bloc({"PARAMETRES": PARAMETRES, "DONNEES": traverse(_LIEUX)})


def make_geographique(content: Content) -> FichierGeographique:
    """The records of a ``BEE_GEOGRAPHIQUE`` file: pays and nationalités together, départements, communes.

    Raises FichierRefuse entete_incomplete.
    """
    fiches = content.fiches
    return FichierGeographique(
        entete=make_entete(content, TypeFichier.GEOGRAPHIQUE),
        inconnus=content.inconnus,
        remarques=make_remarques(content),
        pays=tuple(fiches.get("pays", ())),
        departements=tuple(fiches.get("departements", ())),
        communes=tuple(fiches.get("communes", ())),
    )


def _etablissement(frame: Frame) -> EtablissementConnu | None:
    get = frame.get
    uai = code_of(frame, "CODE_RNE")
    if not uai:
        return None
    return EtablissementConnu(
        uai=uai,
        denomination=make_denomination(frame),
        sigle=get("SIGLE", ""),
        nature=get("CODE_NATURE", ""),
        type_etab=get("CODE_TYPE_ETAB", ""),
        secteur=get("CODE_SECTEUR") or get("SECTEUR_CODE", ""),
        academie=get("CODE_ACADEMIE", ""),
        code_postal=get("CODE_POSTAL", ""),
    )


_ETABLISSEMENT = {
    **textes("CODE_RNE DENOM_PRINC DENOM_COMPL SIGLE CODE_NATURE CODE_TYPE_ETAB CODE_SECTEUR SECTEUR_CODE"),
    **textes("CODE_ACADEMIE CODE_POSTAL"),
    **ignores("CODE_PAYS MINISTERE LIGNE1_ADRESSE LIGNE2_ADRESSE LIGNE3_ADRESSE LIGNE4_ADRESSE BOITE_POSTALE"),
    **ignores("COMMUNE_ETRANGERE LIBELLE_POSTAL LL_COMMUNE_INSEE CODE_COMMUNE_INSEE CODE_DEPARTEMENT MEL TELEPHONE"),
    **ignores("TELECOPIE DATE_OUVERTURE DATE_FERMETURE"),
}
ETABLISSEMENTS = bloc(
    {
        "PARAMETRES": PARAMETRES,
        "DONNEES": traverse({"ETABLISSEMENT": fiche("etablissements", _etablissement, _ETABLISSEMENT)}),
    }
)


def make_etablissements(content: Content) -> FichierEtablissements:
    """The records of a ``BEE_ETABLISSEMENTS`` file, ``EtablissementsEleves.xml`` included.

    Raises FichierRefuse entete_incomplete.
    """
    return FichierEtablissements(
        entete=make_entete(content, TypeFichier.ETABLISSEMENTS),
        inconnus=content.inconnus,
        remarques=make_remarques(content),
        etablissements=tuple(content.fiches.get("etablissements", ())),
    )
