"""``STS_EDT``: the file that STS-Web gives to the timetable software (``formats/sts_edt.md`` §2)."""

from exchanges.enums import TypeFichier
from exchanges.parsers.headers import check_complete, make_remarques
from exchanges.parsers.records import Entete, FichierSTS, Individu, Principal
from exchanges.parsers.referentiels import MEFS_MATIERES, make_denomination
from exchanges.parsers.shape import Frame, Node, bloc, dates, fiche, first, ignores, liste, textes
from exchanges.parsers.structures import DIVISIONS_GROUPES, code_of
from exchanges.parsers.xml import Content


def _individu(frame: Frame) -> Individu:
    return _make_individu(frame, "epp")


def _suppleant(frame: Frame) -> Individu:
    return _make_individu(frame, "suppleant")


def _make_individu(frame: Frame, type_par_defaut: str) -> Individu:
    get = frame.get
    return Individu(
        type=get("@TYPE") or type_par_defaut,
        id=get("@ID", ""),
        nom_usage=get("NOM_USAGE", ""),
        nom_patronymique=get("NOM_PATRONYMIQUE", ""),
        prenom=get("PRENOM", ""),
        sexe=get("SEXE", ""),
        civilite=get("CIVILITE", ""),
        date_naissance=get("DATE_NAISSANCE"),
        fonction=get("FONCTION", ""),
        grade=get("GRADE", ""),
        disciplines=tuple(get("DISCIPLINE", ())),
        principal_de=tuple(get("PROF_PRINC", ())),
    )


def _principal(frame: Frame) -> Principal:
    return Principal(frame.get("CODE_STRUCTURE", ""), frame.get("DATE_DEBUT"), frame.get("DATE_FIN"))


def _discipline(frame: Frame) -> str | None:
    return code_of(frame, "CODE") or None


_PRINCIPAL = Node({**textes("CODE_STRUCTURE"), **dates("DATE_DEBUT DATE_FIN")}, convertit=_principal)
_DISCIPLINE = Node({**textes("CODE"), **ignores("LIBELLE_COURT NB_HEURES")}, convertit=_discipline)
_INDIVIDU = {
    **textes("SEXE CIVILITE NOM_USAGE NOM_PATRONYMIQUE PRENOM GRADE FONCTION"),
    **dates("DATE_NAISSANCE"),
    "PROFS_PRINC": liste({"PROF_PRINC": _PRINCIPAL}),
    "DISCIPLINES": liste({"DISCIPLINE": _DISCIPLINE}),
}
_UAJ = Node(
    {
        "ACADEMIE": bloc(textes("CODE LIBELLE")),
        **textes("SIGLE DENOM_PRINC DENOM_COMPL"),
        **ignores("CODE_NATURE CODE_CATEGORIE MENTION_DISTRIBUTION ADRESSE COMMUNE CODE_POSTAL BOITE_POSTALE CEDEX"),
        **ignores("TELEPHONE STATUT ETABLISSEMENT_SENSIBLE"),
    },
    is_texte=True,
)
_ANNEE = Node(ignores("DATE_DEBUT DATE_FIN"), is_texte=True)
PARAMETRES = bloc({"UAJ": _UAJ, "ANNEE_SCOLAIRE": _ANNEE, **textes("APPLICATION_SOURCE")})

FORME = bloc(
    {
        "PARAMETRES": PARAMETRES,
        "NOMENCLATURES": bloc(
            {
                **MEFS_MATIERES,
                **ignores("TYPES_AHE CIVILITES MEFSTATS4 TAUX_PONDS MODS_COURS PROGRAMMES CONTRATS"),
            }
        ),
        "DONNEES": bloc(
            {
                "INDIVIDUS": bloc({"INDIVIDU": fiche("individus", _individu, _INDIVIDU)}),
                "SUPPLEANTS": bloc({"SUPPLEANT": fiche("suppleants", _suppleant, _INDIVIDU)}),
                "STRUCTURE": bloc(DIVISIONS_GROUPES),
            }
        ),
    }
)


def make_entete(content: Content, type_fichier: TypeFichier) -> Entete:
    """The Entete of either file of STS: school and year as attributes or as text (``formats/sts_edt.md`` §2.1, §3).

    Raises FichierRefuse entete_incomplete.
    """
    parametres = first(content.racine, "PARAMETRES")
    uaj, annee = first(parametres, "UAJ"), first(parametres, "ANNEE_SCOLAIRE")
    entete = Entete(
        type=type_fichier,
        uai=uaj.get("@CODE") or uaj.get("#", ""),
        annee=annee.get("@ANNEE") or annee.get("#", ""),
        logiciel=parametres.get("APPLICATION_SOURCE", ""),
    )
    check_complete(entete.type, entete.uai, entete.annee)
    return entete


def make_fichier(content: Content) -> FichierSTS:
    """The records of a ``STS_EDT`` file.

    Raises FichierRefuse entete_incomplete.
    """
    uaj = first(content.racine, "PARAMETRES", "UAJ")
    academie = first(uaj, "ACADEMIE")
    entete = make_entete(content, TypeFichier.STS_EDT)
    fiches = content.fiches
    individus = (*fiches.get("individus", ()), *fiches.get("suppleants", ()))
    noms = (nom for i in individus for nom in (i.nom_usage, i.nom_patronymique, i.prenom))
    return FichierSTS(
        entete=entete,
        inconnus=content.inconnus,
        remarques=make_remarques(content, noms),
        denomination=make_denomination(uaj),
        sigle=uaj.get("SIGLE", ""),
        academie_code=academie.get("CODE", ""),
        academie_libelle=academie.get("LIBELLE", ""),
        mefs=tuple(fiches.get("mefs", ())),
        matieres=tuple(fiches.get("matieres", ())),
        individus=individus,
        divisions=tuple(fiches.get("divisions", ())),
        groupes=tuple(fiches.get("groupes", ())),
    )
