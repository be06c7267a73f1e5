"""The bounds of what is read, several times above any real export (``ecosystem.md`` §3.4)."""

BLOC = 256 * 1024  # bytes read, hashed and parsed at a time
MAX_OCTETS = 400 * 1024 * 1024  # of one XML, and of all the entries of one ZIP
MAX_ENTREES = 20  # entries of a ZIP, those of __MACOSX included
MAX_ANNUAIRE = 64 * 1024  # bytes of the central directory of a ZIP
MAX_RATIO = 200  # a real Nomenclature.xml reaches 20 (formats/siecle.md §1.1)
PETITE_ENTREE = 1024 * 1024  # below, a high ratio harms nobody
MAX_PROFONDEUR = 64  # nested elements
MAX_ATTRIBUTS = 64  # attributes of one element
MAX_BALISES = 6_000_000  # "<" in one XML; an export of 60 MB has about 4 000 000
MAX_TEXTE = 10_000  # characters of one value; the longest known has 254
MAX_CODE = 64  # characters kept of a code mixed with elements
MAX_FICHES = 200_000  # records of one kind; the largest school has a few thousand élèves
MAX_INCONNUS = 200_000  # unknown elements, all paths together
MAX_CHEMINS_INCONNUS = 200  # distinct unknown paths told apart; the others are counted together
