"""Names of people and places that belong to nobody: common nouns as surnames, invented towns.

Everything can be written in ISO-8859-15, the encoding of the national exports (``formats/siecle.md`` §1.2).
"""

from random import Random


_NOMS = (
    "ABRICOTIER", "ALOUETTE", "AMANDIER", "ARBALÈTE", "ARDOISE", "ARPÈGE", "AUBÉPINE", "AVERSE", "BALANÇOIRE",
    "BELVÉDÈRE", "BERGAMOTE", "BOBINE", "BOUGEOIR", "BOUSSOLE", "BRINDILLE", "BROUETTE", "BRUYÈRE", "CABESTAN",
    "CANNELLE", "CARAFON", "CARILLON", "CERF-VOLANT", "CHARDON", "CHÂTAIGNE", "CIGOGNE", "CISEAU", "CLAIRIÈRE",
    "CLAVECIN", "COLIBRI", "COQUELICOT", "CORNEMUSE", "CRAYON", "CYMBALE", "DAMIER", "DENTELLE", "ÉCUREUIL",
    "ÉDREDON", "ÉPINGLE", "ÉRABLE", "ESCABEAU", "ESCARGOT", "FANTÔME", "FEUILLAGE", "FICELLE", "FLANELLE",
    "FOUGÈRE", "FRAMBOISE", "GALET", "GENÉVRIER", "GIROUETTE", "GRAVILLON", "GRENADINE", "GUÉRIDON",
    "HALLEBARDE", "HAMEÇON", "HÉRISSON", "HIRONDELLE", "HORLOGE", "HUBLOT", "JONQUILLE", "KALÉIDOSCOPE",
    "LANTERNE", "LAVANDE", "LIBELLULE", "LUCARNE", "LUZERNE", "MANDOLINE", "MANIVELLE", "MARELLE", "MARMITE",
    "MÉLÈZE", "MIRABELLE", "MOUETTE", "MYRTILLE", "NAVETTE", "NÉNUPHAR", "NOISETIER", "OMBRELLE", "ORIGAN",
    "OTARIE", "OURSIN", "PAMPLEMOUSSE", "PAPYRUS", "PARAPLUIE", "PASSERELLE", "PÉTUNIA", "PICHET", "PISSENLIT",
    "POIREAU", "PRIMEVÈRE", "PUPITRE", "QUENOUILLE", "RADEAU", "RÉGLISSE", "RENONCULE", "ROITELET", "ROULOTTE",
    "SABLIER", "SAFRAN", "SARBACANE", "SERPOLET", "SILLAGE", "SOUPIÈRE", "TABOURET", "TAMBOURIN", "TARTINE",
    "THERMOS", "TIROIR", "TOURNESOL", "TROMBONE", "TULIPIER", "VANNERIE", "VERVEINE", "VIOLETTE", "WAGONNET",
    "XYLOPHONE", "YOURTE", "ZEPPELIN",
)  # fmt: skip
_PARTICULES = ("DE LA ", "DE ", "DU ", "LE ", "LA ", "DES ")

_PRENOMS = {
    "1": (
        "Aaron", "Adam", "Adrien", "Alban", "Amaury", "Anatole", "Antonin", "Armel", "Aurélien", "Bastien",
        "Bilal", "Célestin", "Côme", "Corentin", "Cyprien", "Damien", "Éloi", "Émile", "Enzo", "Ethan",
        "Étienne", "Félix", "Florian", "Gaël", "Gaspard", "Hadrien", "Hélio", "Hugo", "Ilyès", "Ismaël",
        "Jean-Noël", "Joachim", "Joël", "Jules", "Karim", "Léandre", "Léo", "Loïc", "Lubin", "Maël",
        "Marc-Aurèle", "Mathéo", "Moïse", "Nathan", "Noé", "Noël", "Octave", "Pierre-Yves", "Raphaël", "Rayan",
        "Rémi", "Sacha", "Sélim", "Siméon", "Tanguy", "Théo", "Timéo", "Tristan", "Ulysse", "Valentin",
        "Wassim", "Yaël", "Yanis", "Zéphyr",
    ),
    "2": (
        "Abigaëlle", "Adèle", "Aïcha", "Alizée", "Ambre", "Anaïs", "Anne-Lise", "Apolline", "Astrid", "Aurore",
        "Aya", "Béatrice", "Capucine", "Cécile", "Chloé", "Clémence", "Coralie", "Daphné", "Diane", "Éléonore",
        "Élise", "Eloïse", "Émy", "Esther", "Fanny", "Faustine", "Fleur", "Gaëlle", "Garance", "Giulia",
        "Hélène", "Héloïse", "Inès", "Iris", "Jade", "Jeanne-Marie", "Joséphine", "Justine", "Kenza", "Léa",
        "Léonie", "Lina", "Louise", "Lou-Anne", "Maëlys", "Manon", "Mélissa", "Naël", "Nina", "Noémie",
        "Océane", "Ophélie", "Pénélope", "Perrine", "Romane", "Salomé", "Sarah", "Shaïna", "Solène", "Thaïs",
        "Violaine", "Yasmine", "Ylan", "Zélie", "Zoé",
    ),
}  # fmt: skip

_DEBUTS_VILLE = (
    "Mont",
    "Val",
    "Roche",
    "Font",
    "Clair",
    "Haut",
    "Belle",
    "Champ",
    "Aigue",
    "Pré",
    "Puy",
    "Bois",
    "Pierre",
    "Long",
)
_FINS_VILLE = (
    "feuille",
    "brume",
    "lierre",
    "sorbier",
    "moulin",
    "galet",
    "tuile",
    "renard",
    "étang",
    "verger",
    "ruche",
    "nuage",
    "osier",
    "lavoir",
)
_SUITES_VILLE = ("", "", "", "-sur-Brume", "-les-Tuiles", "-en-Friche", "-la-Ruche")

_ENSEIGNES = (
    "Les Tilleuls",
    "La Garrigue",
    "Le Grand Cèdre",
    "Les Hirondelles",
    "Le Vieux Lavoir",
    "La Boussole",
    "Les Quatre Vents",
    "Le Belvédère",
    "La Passerelle",
    "Les Coquelicots",
    "Le Sablier",
    "La Clairière",
    "Les Ardoises",
    "Le Carillon",
    "La Girouette",
    "Les Nénuphars",
    "Le Noisetier",
    "La Lanterne",
    "L'Aubépine",
    "L'Érable Rouge",
)
_RUES = ("Rue", "Avenue", "Chemin", "Impasse", "Allée", "Place")
_LIEUX = (
    "des Ardoises",
    "du Lavoir",
    "de la Girouette",
    "des Hérissons",
    "du Vieux Puits",
    "de l'Étang",
    "des Mirabelles",
    "du Kiosque",
    "de la Fabrique",
    "des Deux Ponts",
    "du Tambour",
    "de l'Horloge",
)


def draw_nom(rng: Random) -> str:
    """A surname in capitals, as SIECLE writes it: plain, with a particle, an apostrophe or a hyphen."""
    nom = rng.choice(_NOMS)
    tirage = rng.random()
    if tirage < 0.80:
        return nom
    if tirage < 0.90:
        return f"{nom}-{rng.choice(_NOMS)}"
    if nom[0] in "AEÉIOUHY":
        return f"D'{nom}"
    return rng.choice(_PARTICULES) + nom


def draw_prenom(rng: Random, sexe: str) -> str:
    """A first name for a sexe coded as SIECLE does (``1`` or ``2``)."""
    return rng.choice(_PRENOMS[sexe])


def draw_ville(rng: Random) -> str:
    """An invented town, in mixed case."""
    return rng.choice(_DEBUTS_VILLE) + rng.choice(_FINS_VILLE) + rng.choice(_SUITES_VILLE)


def draw_enseigne(rng: Random) -> str:
    """The proper name of a school, in mixed case."""
    return rng.choice(_ENSEIGNES)


def draw_adresse(rng: Random) -> tuple[str, ...]:
    """The non-blank lines of an address, at most 38 characters each (``formats/siecle.md`` §2.1)."""
    voie = f"{rng.randint(1, 140)} {rng.choice(_RUES)} {rng.choice(_LIEUX)}"
    if rng.random() < 0.12:
        return (f"Bâtiment {rng.choice('ABCD')}", voie)
    return (voie,)
