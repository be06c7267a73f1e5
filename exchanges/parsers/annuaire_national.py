"""The open national directory of schools, « Annuaire de l'éducation » (``fr-en-annuaire-education``), and what
``Etablissements.xml`` of SIECLE says of the same schools.

One line per site, some seventy columns, of which these are read (by name, whatever their case and order)::

    Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;
    Adresse_3;Code_postal;Nom_commune;Code_departement;Code_academie;Libelle_academie;Voie_generale;
    Voie_technologique;Voie_professionnelle;Telephone;Mail;SIREN_SIRET;etat;code_nature;libelle_nature;
    libelle_bassin_formation;libelle_zone_animation_pedagogique

Only the identifier is indispensable: a column that is missing leaves its value empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from exchanges.parsers.records import EtablissementConnu, FichierEtablissements
from exchanges.parsers.tableaux import Ligne, normalise, read_tableau


COLLEGE = "CLG"
# CODE_NATURE of the national nomenclature -> type of école; the sections and the EREA are none of ours.
TYPES = {
    **dict.fromkeys(("340", "350", "352"), COLLEGE),
    **dict.fromkeys(("300", "310"), "LGT"),
    "301": "LT",
    "302": "LG",
    "306": "LPO",
    "320": "LP",
}
SECTEURS = {"public": "PU", "pu": "PU", "prive": "PR", "pr": "PR"}
_IDENTIFIANT = ("identifiant_de_l_etablissement", "numero_uai", "numero_d_uai", "uai", "code_uai", "rne")


@dataclass(frozen=True, slots=True)
class EtablissementAnnuaire:
    """A school as a directory gives it; ``type`` is empty for what is neither a collège nor a lycée."""

    numero: int  # line of the CSV, rank in the XML
    uai: str
    denomination: str = ""
    type: str = ""
    nature: str = ""  # what the directory calls it, for the sentence that says why it is ignored
    secteur: str = ""  # PU or PR
    adresse: str = ""
    code_postal: str = ""
    ville: str = ""
    departement: str = ""
    bassin: str = ""
    telephone: str = ""
    mel: str = ""
    siret: str = ""
    academie: str = ""
    academie_libelle: str = ""
    is_ferme: bool = False


def read_annuaire(flux: BinaryIO, nom: str) -> Iterator[EtablissementAnnuaire]:
    """The schools of the national CSV, as they come: the whole file has 65 000 lines, an académie 700 schools.

    Raises FichierRefuse: those of ``tableaux.read_tableau``.
    """
    lignes = read_tableau(flux, nom, {"Identifiant_de_l_etablissement": _IDENTIFIANT})
    return map(_etablissement, lignes)


def from_siecle(fichier: FichierEtablissements) -> tuple[EtablissementAnnuaire, ...]:
    """The same values from ``Etablissements.xml``, which has neither town nor address that we read."""
    return tuple(_connu(rang, etablissement) for rang, etablissement in enumerate(fichier.etablissements, start=1))


def _etablissement(ligne: Ligne) -> EtablissementAnnuaire:
    get = ligne.get
    siret = "".join(get("siren_siret", "siret").split())
    return EtablissementAnnuaire(
        numero=ligne.numero,
        uai=get(*_IDENTIFIANT).upper(),
        denomination=get("nom_etablissement", "appellation_officielle"),
        type=_type(ligne),
        nature=get("libelle_nature", "type_etablissement", "code_nature"),
        secteur=SECTEURS.get(normalise(get("statut_public_prive", "secteur")), ""),
        adresse=" ".join(filter(None, (get("adresse_1"), get("adresse_2"), get("adresse_3")))),
        code_postal=_zeros(get("code_postal"), 5),
        ville=get("nom_commune", "localite_d_acheminement"),
        departement=_zeros(get("code_departement"), 3),
        bassin=get("libelle_bassin_formation", "bassin_formation", "bassin", "libelle_zone_animation_pedagogique"),
        telephone=get("telephone"),
        mel=get("mail", "mel"),
        siret=siret if len(siret) == 14 else "",
        academie=_zeros(get("code_academie"), 2),
        academie_libelle=get("libelle_academie"),
        is_ferme=normalise(get("etat")).startswith("ferme"),
    )


def _type(ligne: Ligne) -> str:
    """By the code of its nature; in a file without it, by the plain type and the voies of a lycée."""
    if code := ligne.get("code_nature"):
        return TYPES.get(code, "")
    genre = normalise(ligne.get("type_etablissement"))
    if genre != "lycee":
        return COLLEGE if genre == "college" else ""
    is_general = "1" in (ligne.get("voie_generale"), ligne.get("voie_technologique"))
    if ligne.get("voie_professionnelle") != "1":
        return "LGT"
    return "LPO" if is_general else "LP"


def _connu(rang: int, connu: EtablissementConnu) -> EtablissementAnnuaire:
    return EtablissementAnnuaire(
        numero=rang,
        uai=connu.uai.upper(),
        denomination=connu.denomination,
        type=TYPES.get(connu.nature, "" if connu.nature else connu.sigle),
        nature=connu.sigle or connu.nature,
        secteur=SECTEURS.get(normalise(connu.secteur), ""),
        code_postal=connu.code_postal,
        academie=_zeros(connu.academie, 2),
    )


def _zeros(code: str, longueur: int) -> str:
    """A code whose leading zeros a spreadsheet has eaten: ``13`` is the département ``013``."""
    return code.zfill(longueur) if code and code[0].isdigit() else code
