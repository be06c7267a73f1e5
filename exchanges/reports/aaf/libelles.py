"""Labels of the AAF for the codes of SIECLE and STS (``formats/aaf_ent.md`` §2, ``formats/siecle.md`` §2.4)."""

REGIMES = {
    "0": "EXTERNE LIBRE",
    "1": "EXTERNE SURVEILLE",
    "2": "DEMI-PENSIONNAIRE DANS L'ETABLISSEMENT",
    "3": "INTERNE DANS L'ETABLISSEMENT",
    "4": "INTERNE EXTERNE",
    "5": "INTERNE HEBERGE",
    "6": "DEMI-PENSIONNAIRE HORS L'ETABLISSEMENT",
    "29": "DEMI-PENSIONNAIRE AU TICKET",
    "38": "DEMI-INTERNE",
    "39": "INTERNE DE WEEK-END",
    **{f"2{jours}": f"DEMI-PENSIONNAIRE {jours} JOURS" for jours in range(1, 7)},
    **{f"3{jours}": f"INTERNE {jours} JOURS" for jours in range(1, 7)},
}
STATUTS = {"ST": "SCOLAIRE", "AP": "APPRENTI"}
# Of BEE (M., MME), then of STS, whose codes are not always digits (``formats/sts_edt.md`` §2.2).
CIVILITES = {"M.": "M.", "MME": "Mme", "1": "M.", ".": "M.", "2": "Mme", "3": "Mme", "L": "Mme", "M": "Mme"}
NIVEAUX = {"1": "1", "2": "2"}  # anything else is a simple contact, 0 (§2.2)
AUTRE_LIEN = "90"
FONCTIONS = {
    "ENS": "ENSEIGNEMENT",
    "DOC": "DOCUMENTATION",
    "DIR": "DIRECTION",
    "EDU": "EDUCATION",
    "AED": "ASSISTANT D'EDUCATION",
    "ADF": "PERSONNELS ADMINISTRATIFS",
    "ORI": "ORIENTATION",
    "PSY": "PSYCHOLOGUE",
    "MDS": "MEDICO-SOCIAL",
    "OUV": "PERSONNELS OUVRIERS",
    "ASE": "ASSISTANCE EDUCATIVE",
}
SANS_FONCTION = ("-", "SANS OBJET")
TYPES = {
    "CLG": ("COLLEGE", "340"),
    "LYC": ("LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE", "302"),
    "LGT": ("LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE", "302"),
    "LPO": ("LYCEE POLYVALENT", "306"),
    "LP": ("LYCEE PROFESSIONNEL", "320"),
}
MINISTERE = ("MINISTERE DE L'EDUCATION NATIONALE", "06")
