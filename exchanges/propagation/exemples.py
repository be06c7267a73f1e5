"""Projets ENT given as examples, with the delays and rules that the guides tell (``domain.md``, Delays).

What no guide tells (hours, days, freeze) is a likely value, to be set right by the administration of each site.
"""

from dataclasses import asdict, dataclass

from exchanges.models import ProjetENT
from exchanges.models.etablissement import JOURS
from exchanges.rules.logins import FormeLogin


SEMAINE_SANS_DIMANCHE = "123456"


@dataclass(frozen=True)
class Exemple:
    """The values of one ``ProjetENT``, those that the examples do not share."""

    nom: str
    heures_ent: int
    heures_moodle: int | None = None
    has_gar: bool = True
    jours_ent: str = JOURS
    gel_debut: str = ""
    gel_fin: str = ""
    jours_conservation: int = 56
    forme_login: FormeLogin = FormeLogin.SOULIGNEE


ATRIUM = Exemple("Atrium (lycées)", heures_ent=72, heures_moodle=96)
# 48 h, « voire 72 h »: the ENT is closed on Sundays
REGION_SUD = Exemple("Région Sud (collèges)", heures_ent=48, jours_ent=SEMAINE_SANS_DIMANCHE)
# SIECLE the next day, then a synchronisation that takes up to two days
LYCEE_CONNECTE = Exemple(
    "Lycée Connecté",
    heures_ent=72,
    gel_debut="07-14",
    gel_fin="08-20",
    jours_conservation=90,
    forme_login=FormeLogin.COMPACTE,
)
ECOLLEGE_31 = Exemple("eCollège31", heures_ent=48, jours_conservation=42)
ENTMIP = Exemple("ENTmip", heures_ent=48, jours_conservation=56)
# A school year from February to December: its summer goes over the new year
NOUVELLE_CALEDONIE = Exemple(
    "Nouvelle-Calédonie (collèges et lycées)", heures_ent=48, has_gar=False, gel_debut="12-19", gel_fin="02-10"
)
EXEMPLES = (ATRIUM, REGION_SUD, LYCEE_CONNECTE, ECOLLEGE_31, ENTMIP, NOUVELLE_CALEDONIE)


def install_projets(*, is_update: bool) -> dict[str, str]:
    """Create the examples that are missing; give the others their values back when asked to.

    Returns:
        By name, what was done: « créé », « mis à jour » or « inchangé ».
    """
    return {exemple.nom: _install(exemple, is_update) for exemple in EXEMPLES}


def _install(exemple: Exemple, is_update: bool) -> str:
    champs = asdict(exemple)
    projet, is_cree = ProjetENT.objects.get_or_create(nom=champs.pop("nom"), defaults=champs)
    if is_cree:
        return "créé"
    autres = [champ for champ, valeur in champs.items() if getattr(projet, champ) != valeur]
    if not is_update or not autres:
        return "inchangé"
    for champ in autres:
        setattr(projet, champ, champs[champ])
    projet.save(update_fields=autres)
    return "mis à jour"
