"""What a school teaches: matières, MEF, levels, and how each level is cut into groupes. Data only.

Codes of matières and of MEF of collège and of lycée général come from a national nomenclature of 2019-2020
(``data/Nomenclature-2019-20.xml`` and ``formats/siecle.md`` §5.2), except the MEF of terminale générale, of ULIS,
of SEGPA, of lycée professionnel and of CM2: those only have the right form (dispositif, duration, year, suffix).
"""

from dataclasses import dataclass

from exchanges.parsers.records import Matiere


# code: (code de gestion, libellé long, discipline of the teachers who teach it)
_MATIERES = {
    "001300": ("PR-PF", "PRATIQUES PROFESSIONNELLES", "P8011"),
    "010300": ("PHILO", "PHILOSOPHIE", "L0100"),
    "020300": ("LCALA", "LANGUES ET CULTURES DE L'ANTIQUITE LATIN", "L0201"),
    "020700": ("FRANC", "FRANCAIS", "L0202"),
    "030101": ("ALL1", "ALLEMAND LV1", "L0421"),
    "030102": ("ALL2", "ALLEMAND LV2", "L0421"),
    "030201": ("AGL1", "ANGLAIS LV1", "L0422"),
    "030202": ("AGL2", "ANGLAIS LV2", "L0422"),
    "030602": ("ESP2", "ESPAGNOL LV2", "L0426"),
    "030902": ("ITA2", "ITALIEN LV2", "L0429"),
    "043700": ("HI-GE", "HISTOIRE-GEOGRAPHIE", "L1000"),
    "043800": ("EMC", "ENSEIGNEMENT MORAL ET CIVIQUE", "L1000"),
    "043900": ("HGGSP", "HIST.-GEO. GEOPOLITIQUE & SC.POLITIQUES", "L1000"),
    "050700": ("SES", "SCIENCES ECONOMIQUES ET SOCIALES", "L1100"),
    "061300": ("MATHS", "MATHEMATIQUES", "L1300"),
    "062300": ("PH-CH", "PHYSIQUE-CHIMIE", "L1500"),
    "062900": ("SVT", "SCIENCES DE LA VIE ET DE LA TERRE", "L1600"),
    "065300": ("G-SCI", "ENSEIGNEMENT SCIENTIFIQUE", "L1600"),
    "067300": ("SC-IG", "SCIENCES DE L'INGENIEUR", "L1400"),
    "070800": ("TECHN", "TECHNOLOGIE", "L1400"),
    "074600": ("SNTEC", "SCIENCES NUMERIQUES ET TECHNOLOGIE", "L1300"),
    "074700": ("NSINF", "NUMERIQUE ET SCIENCES INFORMATIQUES", "L1300"),
    "081300": ("EDMUS", "EDUCATION MUSICALE", "L1700"),
    "090100": ("A-PLA", "ARTS PLASTIQUES", "L1800"),
    "100100": ("EPS", "EDUCATION PHYSIQUE ET SPORTIVE", "L1900"),
    "278500": ("THEAT", "THEATRE", "L0202"),
    "347200": ("MERMA", "MERCATIQUE (MARKETING)", "L8011"),
    "366800": ("DROEC", "DROIT ET ECONOMIE", "L8011"),
    "434500": ("MANAG", "MANAGEMENT", "L8011"),
    "436700": ("SGENU", "SCIENCES DE GESTION ET NUMERIQUE", "L8011"),
}
MATIERES_ETP = frozenset({"001300"})


def make_matiere(code: str) -> Matiere:
    """The nomenclature line of a matière known to this module."""
    gestion, libelle, _ = _MATIERES[code]
    return Matiere(code=code, code_gestion=gestion, libelle=libelle, is_etp=code in MATIERES_ETP)


def find_discipline(matiere: str) -> str:
    """The recruitment discipline of the teachers of a matière (``sts_edt.md`` §2.3)."""
    return _MATIERES[matiere][2]


@dataclass(frozen=True, slots=True)
class Brassage:
    """A way of cutting a level, or each of its divisions, into groupes.

    Args:
        sigle: letters of the groupe's code (``AGL1`` in ``6AGL1G1``).
        matiere: what the groupe is taught.
        taux: share of the élèves of the level who are in it.
        taille: most élèves in one groupe.
        is_option: the élève's OPTIONS hold the matière too.
        heures: weekly hours.
    """

    sigle: str
    matiere: str
    taux: float = 1.0
    taille: int = 26
    is_option: bool = False
    heures: str = "3.00"


@dataclass(frozen=True, slots=True)
class Niveau:
    """One year of one formation, as a school opens it.

    Args:
        prefixe: first letters of the codes of its groupes; levels that share a prefix share their groupes.
        mef, mef_ulis, mef_precedent: MEF codes; ``mef_ulis`` is empty where the level has no ULIS élève.
        age: age at the end of the first calendar year of the school year.
        poids: share of the school's élèves.
        division: pattern of its divisions' codes: ``{n}`` number, ``{l}`` letter.
        taille: most élèves in a division.
        tronc: (matière, weekly hours) taught to whole divisions.
        demis: cut each division in halves.
        brassages: cut the level.
        langues: second languages, one per élève.
        specialites, nombre_specialites: choices of which each élève takes that number.
    """

    prefixe: str
    mef: str
    formation: str
    libelle: str
    age: int
    poids: float
    division: str
    taille: int
    tronc: tuple[tuple[str, str], ...]
    demis: tuple[Brassage, ...]
    brassages: tuple[Brassage, ...] = ()
    langues: tuple[Brassage, ...] = ()
    specialites: tuple[Brassage, ...] = ()
    nombre_specialites: int = 0
    mef_ulis: str = ""
    mef_precedent: str = ""

    @property
    def mefs(self) -> tuple[str, ...]:
        """The MEF that its élèves may bear."""
        return (self.mef, self.mef_ulis) if self.mef_ulis else (self.mef,)


_AGL1 = Brassage("AGL1", "030201", is_option=True)
_LV2 = (
    Brassage("ESP2", "030602", taux=0.60, is_option=True),
    Brassage("ALL2", "030102", taux=0.22, is_option=True),
    Brassage("ITA2", "030902", taux=0.18, is_option=True),
)
_LATIN = Brassage("LAT", "020300", taux=0.18, taille=24, is_option=True, heures="2.00")
_SVT = Brassage("SVT", "062900", heures="1.50")
_TECHNO = Brassage("TEC", "070800", heures="1.50")
_PHYSIQUE = Brassage("PHY", "062300", heures="1.50")
_FRANCAIS = Brassage("FRA", "020700", taille=24, heures="1.00")
_MATHS = Brassage("MAT", "061300", taille=24, heures="1.00")
_TRONC_COLLEGE = (
    ("020700", "4.00"),
    ("043700", "3.00"),
    ("061300", "3.50"),
    ("081300", "1.00"),
    ("090100", "1.00"),
    ("100100", "4.00"),
)
_TRONC_LYCEE = (("020700", "4.00"), ("043700", "3.00"), ("043800", "0.50"), ("100100", "2.00"))
_TRONC_TERMINALE = (("010300", "4.00"), ("043700", "3.00"), ("043800", "0.50"), ("100100", "2.00"))
_TRONC_PRO = (
    ("001300", "5.00"),
    ("043700", "1.50"),
    ("061300", "2.00"),
    ("090100", "1.00"),
    ("100100", "2.50"),
)

MEF_CM2 = "00110000550"
_COLLEGE = (
    Niveau("6", "10010012110", "6EME", "6EME", 11, 0.26, "6{l}", 28, _TRONC_COLLEGE, (_SVT, _TECHNO),
           (_AGL1, _FRANCAIS, _MATHS), mef_ulis="1001001211U", mef_precedent=MEF_CM2),
    Niveau("5", "10110001110", "5EME", "5EME", 12, 0.25, "5{l}", 28, _TRONC_COLLEGE, (_SVT, _TECHNO),
           (_AGL1, _FRANCAIS, _MATHS, _LATIN), _LV2, mef_ulis="1011000111U", mef_precedent="10010012110"),
    Niveau("4", "10210001110", "4EME", "4EME", 13, 0.25, "4{l}", 28, _TRONC_COLLEGE, (_SVT, _TECHNO, _PHYSIQUE),
           (_AGL1, _LATIN), _LV2, mef_ulis="1021000111U", mef_precedent="10110001110"),
    Niveau("3", "10310019110", "3EME", "3EME", 14, 0.24, "3{l}", 28, _TRONC_COLLEGE, (_SVT, _PHYSIQUE),
           (_AGL1, _LATIN), _LV2, mef_ulis="1031001911U", mef_precedent="10210001110"),
)  # fmt: skip


def _make_segpa(prefixe: str, mef: str, formation: str, age: int, precedent: str) -> Niveau:
    """A level of SEGPA: small divisions, the core in common, one language, practical teaching in halves."""
    return Niveau(
        f"{prefixe}S", mef, formation, f"{formation} SEGPA", age, 0.03, prefixe + "S{n}", 16, _TRONC_COLLEGE,
        (_SVT, _TECHNO), (_AGL1,), mef_precedent=precedent,
    )  # fmt: skip


_SEGPA = (
    _make_segpa("6", "16410001110", "6EME", 11, MEF_CM2),
    _make_segpa("5", "16510001110", "5EME", 12, "16410001110"),
    _make_segpa("4", "16610001110", "4EME", 13, "16510001110"),
    _make_segpa("3", "16710001110", "3EME", 14, "16610001110"),
)

_SPECIALITES = (
    Brassage("SPMAT", "061300", 0.66, 32, is_option=True, heures="4.00"),
    Brassage("SPPHC", "062300", 0.48, 32, is_option=True, heures="4.00"),
    Brassage("SPSVT", "062900", 0.44, 32, is_option=True, heures="4.00"),
    Brassage("SPSES", "050700", 0.45, 32, is_option=True, heures="4.00"),
    Brassage("SPHGP", "043900", 0.42, 32, is_option=True, heures="4.00"),
    Brassage("SPNSI", "074700", 0.18, 32, is_option=True, heures="4.00"),
    Brassage("SPSI", "067300", 0.10, 32, is_option=True, heures="4.00"),
)
_ARTS = Brassage("ART", "090100", 0.14, 28, is_option=True)
_THEATRE = Brassage("THE", "278500", 0.10, 28, is_option=True)
_LYCEE = (
    Niveau("2", "20010018110", "2-GT", "2NDE GENERALE ET TECHNOLOGIQUE", 15, 0.36, "2{n:02d}", 34,
           (*_TRONC_LYCEE, ("061300", "4.00"), ("050700", "1.50")),
           (_PHYSIQUE, _SVT, Brassage("SNT", "074600", heures="1.50")),
           (_AGL1, _ARTS, _THEATRE, _LATIN), _LV2, mef_precedent="10310019110"),
    Niveau("1", "20110019110", "1G", "PREMIERE GENERALE", 16, 0.25, "1G{n}", 34, _TRONC_LYCEE,
           (Brassage("ES", "065300", heures="1.00"),), (_AGL1, _THEATRE), _LV2, _SPECIALITES, 3,
           mef_precedent="20010018110"),
    Niveau("T", "20210019110", "TG", "TERMINALE GENERALE", 17, 0.24, "TG{n}", 34, _TRONC_TERMINALE,
           (Brassage("ES", "065300", heures="1.00"),),
           (_AGL1, Brassage("OMAT", "061300", 0.30, 32, is_option=True), _THEATRE), _LV2, _SPECIALITES, 2,
           mef_precedent="20110019110"),
    Niveau("1", "21131016110", "1-STMG", "1-STMG SC. & TECHNO. MANAGEMENT GESTION", 16, 0.08, "1ST{n}", 32,
           (*_TRONC_LYCEE, ("061300", "3.00"), ("366800", "4.00")),
           (Brassage("SG", "436700", heures="3.50"), Brassage("MA", "434500", heures="2.00")),
           (_AGL1,), _LV2, mef_precedent="20010018110"),
    Niveau("T", "21231018110", "T-STMG", "T-STMG MERCATIQUE (MARKETING)", 17, 0.07, "TST{n}", 32,
           (*_TRONC_TERMINALE, ("061300", "3.00"), ("366800", "6.00")),
           (Brassage("MK", "347200", heures="5.00"), Brassage("MA", "434500", heures="2.00")),
           (_AGL1,), _LV2, mef_precedent="21131016110"),
)  # fmt: skip

_DEMIS_PRO = (
    Brassage("PR", "001300", heures="6.00"),
    Brassage("FR", "020700", heures="2.00"),
    Brassage("MA", "061300", heures="1.00"),
)
_CO = Brassage("CO", "436700", heures="1.00")


def _make_pro(
    prefixe: str, mef: str, formation: str, libelle: str, age: int, poids: float, division: str, precedent: str
) -> Niveau:
    return Niveau(
        prefixe, mef, formation, libelle, age, poids, division, 24, _TRONC_PRO, (*_DEMIS_PRO, _CO),
        (_AGL1,), mef_precedent=precedent,
    )  # fmt: skip


_PROFESSIONNEL = (
    _make_pro("2", "24731299310", "2NDPRO", "2NDE PRO METIERS RELATION CLIENT", 15, 0.19, "2MRC{n}", "10310019110"),
    _make_pro("1", "24731206320", "1ERPRO", "1ERE PRO METIERS COMMERCE ET VENTE", 16, 0.16, "1MCV{n}", "24731299310"),
    _make_pro("T", "24731206330", "TLEPRO", "TERM PRO METIERS COMMERCE ET VENTE", 17, 0.15, "TMCV{n}", "24731206320"),
    _make_pro("2", "24732409310", "2NDPRO", "2NDE PRO GESTION ADMINISTRATION", 15, 0.14, "2GA{n}", "10310019110"),
    _make_pro("1", "24732409320", "1ERPRO", "1ERE PRO GESTION ADMINISTRATION", 16, 0.12, "1GA{n}", "24732409310"),
    _make_pro("T", "24732409330", "TLEPRO", "TERM PRO GESTION ADMINISTRATION", 17, 0.10, "TGA{n}", "24732409320"),
    _make_pro("C1", "24133401210", "1CAP2", "1CAP2 COMMERCIALISATION ET SERVICES", 15, 0.08, "1CAP{n}", "10310019110"),
    _make_pro("C2", "24133401220", "2CAP2", "2CAP2 COMMERCIALISATION ET SERVICES", 16, 0.06, "2CAP{n}", "24133401210"),
)


@dataclass(frozen=True, slots=True)
class Offre:
    """A kind of school.

    Args:
        sigle: UAJ/SIGLE of STS: CLG, LGT or LP.
        type_etab: CODE_TYPE_ETAB of SIECLE (§2.4): CLG, LYC or LP.
        nature: first words of the denomination.
        effectif: least and most placed élèves.
    """

    sigle: str
    type_etab: str
    nature: str
    effectif: tuple[int, int]
    niveaux: tuple[Niveau, ...]
    part_ulis: float = 0.0


OFFRES = {
    "CLG": Offre("CLG", "CLG", "COLLEGE", (400, 600), _COLLEGE, part_ulis=0.02),
    "CLG-SEGPA": Offre("CLG", "CLG", "COLLEGE", (400, 600), (*_COLLEGE, *_SEGPA), part_ulis=0.02),
    "LGT": Offre("LGT", "LYC", "LYCEE GENERAL ET TECHNOLOGIQUE", (600, 1000), _LYCEE),
    "LP": Offre("LP", "LP", "LYCEE PROFESSIONNEL", (300, 500), _PROFESSIONNEL),
}
# An académie has about five collèges for two lycées généraux et technologiques and one lycée professionnel.
_SUITE = ("CLG", "LGT", "CLG", "LP", "CLG-SEGPA", "CLG", "LGT", "CLG")


def find_offre(rang: int) -> Offre:
    """The kind of the ``rang``-th school, from 1."""
    return OFFRES[_SUITE[(rang - 1) % len(_SUITE)]]
