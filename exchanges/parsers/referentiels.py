"""``BEE_COMMUN`` and ``BEE_NOMENCLATURES``: what a school is, its year, its codes (``formats/siecle.md`` §2.4-2.5)."""

from datetime import date

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import document, make_entete, make_remarques
from exchanges.parsers.records import FichierCommun, FichierNomenclatures, Matiere, Mef, Periode
from exchanges.parsers.shape import Frame, bloc, dates, fiche, first, ignores, textes
from exchanges.parsers.structures import code_of
from exchanges.parsers.values import parse_bool
from exchanges.parsers.xml import Content


OUVERT_POUR_TOUJOURS = date(9999, 12, 31)


COMMUN = document(
    {
        "UAJ": bloc(
            {
                **textes("DENOM_PRINC DENOM_COMPL CODE_TYPE_ETAB"),
                **ignores("ETAB_UAJ_ID NUM_SIREN NOM_RESP QUAL_RESP LIGNE1_ADRESSE LIGNE2_ADRESSE LIGNE3_ADRESSE"),
                **ignores("LIGNE4_ADRESSE BOITE_POST COMMUNE_ETRANGERE TELEPHONE TELECOPIE MEL_1 MEL_2 SECTEUR_CODE"),
                **ignores("CODE_POSTAL CODE_COMMUNE_INSEE CODE_PAYS LIBELLE_POSTAL"),
            }
        ),
        "ANNEE_SCOLAIRE": bloc(
            {
                **dates("DATE_DEBUT_ELEVE DATE_DEB_ELEVE DATE_FIN_ELEVE"),
                **ignores("DATE_DEBUT_PROF DATE_DEB_PROF DATE_FIN_PROF"),
            }
        ),
        **ignores("ANNEE_SCOLAIRE_AD PERIODES_PEDAGOGIQUES CALENDRIERS_FERMETURES"),
    }
)


def make_commun(content: Content) -> FichierCommun:
    """The records of a ``BEE_COMMUN`` file; ``annee_eleves`` bounds the dates of an ELEGROUPE file.

    Raises FichierRefuse entete_incomplete.
    """
    uaj = first(content.racine, "DONNEES", "UAJ")
    annee = first(content.racine, "DONNEES", "ANNEE_SCOLAIRE")
    debut, fin = annee.get("DATE_DEBUT_ELEVE") or annee.get("DATE_DEB_ELEVE"), annee.get("DATE_FIN_ELEVE")
    return FichierCommun(
        entete=make_entete(content, TypeFichier.COMMUN),
        inconnus=content.inconnus,
        remarques=make_remarques(content),
        denomination=make_denomination(uaj),
        type_etab=uaj.get("CODE_TYPE_ETAB", ""),
        annee_eleves=Periode(debut, fin) if debut and fin else None,
    )


def make_denomination(uaj: Frame) -> str:
    """DENOM_PRINC and DENOM_COMPL: the proper name is usually in the second (``formats/sts_edt.md`` §2.1)."""
    return " ".join(filter(None, (uaj.get("DENOM_PRINC"), uaj.get("DENOM_COMPL"))))


def _mef(frame: Frame) -> Mef:
    fermeture = frame.get("DATE_FERMETURE")
    return Mef(
        code=code_of(frame, "CODE_MEF"),
        formation=frame.get("FORMATION", ""),
        libelle=frame.get("LIBELLE_LONG", ""),
        is_selectionne=parse_bool(frame.get("MEF_SELECTIONNE", "")) is not False,
        date_fermeture=None if fermeture == OUVERT_POUR_TOUJOURS else fermeture,
        rattachement=frame.get("MEF_RATTACHEMENT", ""),
        mefstat=frame.get("CODE_MEFSTAT", ""),
    )


def _matiere(frame: Frame) -> Matiere:
    return Matiere(
        code=code_of(frame, "CODE_MATIERE"),
        code_gestion=frame.get("CODE_GESTION", ""),
        libelle=frame.get("LIBELLE_LONG", ""),
        is_etp=bool(parse_bool(frame.get("MATIERE_ETP", ""))),
    )


_MEF = {
    **textes("FORMATION LIBELLE_LONG MEF_SELECTIONNE MEF_RATTACHEMENT CODE_MEFSTAT"),
    **dates("DATE_FERMETURE"),
    **ignores("SPECIALITE LIBELLE_EDITION STATUT_MEF NB_OPT_OBLIG NB_OPT_MINI"),
    **ignores("RENFORCEMENT_LANGUES INSCRIPTION_ETAB MEF_ORIGINE MEF_SELORIG DATE_OUVERTURE MEFSTAT11 MEFSTAT4"),
}
_MATIERE = {
    **textes("CODE_GESTION LIBELLE_LONG MATIERE_ETP"),
    **ignores("LIBELLE_COURT LIBELLE_EDITION CODE_MATIERE_NATIONALE TYPE_LANGUE_VIVANTE"),
}
MEFS_MATIERES = {
    "MEFS": bloc({"MEF": fiche("mefs", _mef, _MEF)}),
    "MATIERES": bloc({"MATIERE": fiche("matieres", _matiere, _MATIERE)}),
}
NOMENCLATURES = document(
    {
        **MEFS_MATIERES,
        **ignores("PROGRAMMES OPTIONS_OBLIGATOIRES MODALITES_ELECTION REGIMES LIENS_PARENTE NIVEAUX_RESPONSABILITE"),
        **ignores("BOURSES PROFESSIONS PROVENANCES MOTIFS_SORTIE STATUTS_ELEVE CONTRATS TYPES_ETABLISSEMENT"),
        **ignores("CIVILITES MODALITES_COURS SITUATIONS_EMPLOI PCS_SITUATIONS_EMPLOI"),
    }
)


def make_nomenclatures(content: Content) -> FichierNomenclatures:
    """The records of a ``BEE_NOMENCLATURES`` file.

    Raises FichierRefuse entete_incomplete.
    """
    return FichierNomenclatures(
        entete=make_entete(content, TypeFichier.NOMENCLATURES),
        inconnus=content.inconnus,
        remarques=make_remarques(content),
        mefs=tuple(content.fiches.get("mefs", ())),
        matieres=tuple(content.fiches.get("matieres", ())),
    )
