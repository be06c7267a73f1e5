"""The one exception of the parsers: a file that is refused whole, with the sentence to show."""

from enum import StrEnum


class Code(StrEnum):
    """Every reason to refuse a file. Stable: screens, journals and tests name them."""

    # The envelope: what arrived, before any XML is read.
    FICHIER_VIDE = "fichier_vide"  # no byte, or blanks only
    PAGE_HTML = "page_html"  # a web page saved in place of the export ("session expirée")
    FORMAT_INATTENDU = "format_inattendu"  # neither XML nor ZIP: PDF, Excel, CSV…
    ZIP_ILLISIBLE = "zip_illisible"  # damaged, truncated, wrong checksum, unknown compression
    ZIP_ATTENDU = "zip_attendu"  # an XML where only the élève-groupe ZIP is accepted
    ZIP_CHIFFRE = "zip_chiffre"  # protected by a password
    ZIP_TROP_GROS = "zip_trop_gros"  # too many entries, too large, ratio or overlap of a bomb
    ZIP_VIDE = "zip_vide"  # no entry, or no XML among them
    ZIP_PLUSIEURS_FICHIERS = "zip_plusieurs_fichiers"  # an élève-groupe ZIP holds exactly one entry
    ZIP_CHEMIN_SUSPECT = "zip_chemin_suspect"  # absolute, "..", link or control character in a name
    ZIP_CONTENU_INATTENDU = "zip_contenu_inattendu"  # an entry that is not an XML
    # The name of an élève-groupe deposit (formats/siecle.md §3.1-3.2).
    NOM_MAL_FORME = "nom_mal_forme"  # not <UAI>ELEGROUPE<année><horodatage>.zip
    NOM_DIFFERENT = "nom_different"  # the ZIP and its XML do not have the same name
    # The XML itself.
    XML_MAL_FORME = "xml_mal_forme"  # truncated or malformed; the line is named
    XML_DOCTYPE = "xml_doctype"  # a DOCTYPE, hence possible entities
    XML_ENCODAGE = "xml_encodage"  # encoding not accepted, or bytes that do not match it
    XML_SCHEMA = "xml_schema"  # not valid against the élève-groupe schema 1.4 (§3.3)
    XML_TROP_PROFOND = "xml_trop_profond"  # nested deeper than any real export
    XML_TROP_GRAND = "xml_trop_grand"  # more bytes, elements or attributes than any real export
    RACINE_INCONNUE = "racine_inconnue"  # a root element nobody here knows
    RACINE_AUTRE_APPLICATION = "racine_autre_application"  # known, but meant for something else
    CONTENU_CHIFFRE = "contenu_chiffre"  # encrypted for a partner of Index Education, nobody else reads it
    ENTETE_INCOMPLETE = "entete_incomplete"  # PARAMETRES without UAJ or ANNEE_SCOLAIRE
    # Coherence of the name, the content and the connected school and year.
    UAI_DIFFERENT = "uai_different"
    ANNEE_DIFFERENTE = "annee_differente"


class FichierRefuse(Exception):
    """The file cannot be used and nothing of it was kept.

    Args:
        code: stable identifier of the reason, one of ``Code`` (``zip_illisible``).
        message: a French sentence that says what is wrong and where.
        action: a French sentence that says what to do.
    """

    def __init__(self, code: str, message: str, action: str):
        super().__init__(message)
        self.code = code
        self.message = message
        self.action = action
