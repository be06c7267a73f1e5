"""Schools of an académie from a directory: what would be created or changed, then the same, written.

Nothing is ever deleted, and an empty value of the directory erases nothing. The projet ENT is chosen for the schools
that are created; those that exist keep theirs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from exchanges.models import Academie, Etablissement, ProjetENT, Utilisateur
from exchanges.parsers import Code, FichierRefuse, read
from exchanges.parsers.annuaire_national import COLLEGE, EtablissementAnnuaire, from_siecle, read_annuaire
from exchanges.parsers.records import FichierEtablissements
from exchanges.parsers.tableaux import normalise
from exchanges.rules.identifiants import is_uai_valide


# Field of an établissement -> how a screen calls it; the order of the sentences.
CHAMPS = {
    "denomination": "dénomination",
    "type": "type",
    "ville": "ville",
    "secteur": "secteur",
    "siret": "SIRET",
    "adresse": "adresse",
    "code_postal": "code postal",
    "departement": "département",
    "bassin": "bassin",
    "telephone": "téléphone",
    "mel": "adresse électronique",
}
AUTRE_ACADEMIE = "autre académie"
FERME = "établissement fermé"
EXEMPLES = 20  # lines kept of each reason; all are counted
SIMULEE = "-simulee"  # what load_files adds to the code of an académie that it makes in simulated time


@dataclass
class Ignores:
    """Lines that are not taken, by reason: how many, and the first of them; values left out of lines that are."""

    comptes: Counter[str] = field(default_factory=Counter)
    academies: Counter[tuple[str, str]] = field(default_factory=Counter)  # (code, name): open schools of others
    exemples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    valeurs: list[str] = field(default_factory=list)
    fermes: set[str] = field(default_factory=set)  # UAI of the closed schools of the académie

    def add(self, raison: str, exemple: str) -> None:
        """One more line for this reason."""
        self.comptes[raison] += 1
        if len(self.exemples[raison]) < EXEMPLES:
            self.exemples[raison].append(exemple)

    @property
    def total(self) -> int:
        """How many lines."""
        return self.comptes.total()


@dataclass(frozen=True)
class Choix:
    """Where the schools go: their académie, and the projet ENT of the new ones."""

    academie: Academie
    projet_college: ProjetENT
    projet_lycee: ProjetENT

    def projet(self, type_etablissement: str) -> ProjetENT:
        """The projet of a new school."""
        return self.projet_college if type_etablissement == COLLEGE else self.projet_lycee


@dataclass(frozen=True)
class Modification:
    """A known school and what the directory changes of it: (field, before, after)."""

    etablissement: Etablissement
    ecarts: tuple[tuple[str, str, str], ...]

    @property
    def libelles(self) -> list[tuple[str, str, str]]:
        """The same with the words of the screen."""
        return [(CHAMPS[champ], avant or "vide", apres) for champ, avant, apres in self.ecarts]


@dataclass
class Apercu:
    """What the directory changes here."""

    crees: list[Etablissement] = field(default_factory=list)  # not saved
    modifies: list[Modification] = field(default_factory=list)
    inchanges: int = 0
    ailleurs: list[Etablissement] = field(default_factory=list)  # known here in another académie
    fermes: list[Etablissement] = field(default_factory=list)  # known here, closed says the directory

    @property
    def is_vide(self) -> bool:
        """Whether there is nothing to write."""
        return not self.crees and not self.modifies


def read_candidats(flux: BinaryIO, nom: str, academie: Academie) -> tuple[list[dict[str, str]], Ignores]:
    """The collèges and lycées of an académie in a directory, CSV or ``Etablissements.xml``.

    Returns: for each school its UAI and the fields of ``CHAMPS`` that have a value; then what was set aside.

    Raises FichierRefuse.
    """
    ignores = Ignores()
    candidats: dict[str, dict[str, str]] = {}
    for lu in _read(flux, nom):
        if raison := _raison(lu, academie, candidats):
            ignores.add(raison, _exemple(lu))
            if raison == AUTRE_ACADEMIE and lu.type and not lu.is_ferme:
                ignores.academies[lu.academie, lu.academie_libelle] += 1
            elif raison == FERME:
                ignores.fermes.add(lu.uai)
        else:
            candidats[lu.uai] = _champs(lu, ignores)
    return list(candidats.values()), ignores


def _read(flux: BinaryIO, nom: str) -> Iterable[EtablissementAnnuaire]:
    debut = flux.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    flux.seek(0)
    if not debut.startswith((b"<", b"PK")) or debut[:5].lower() in (b"<html", b"<!doc"):
        return read_annuaire(flux, nom)
    fichiers = [source.fichier for source in read(flux, nom)]
    trouves = [fichier for fichier in fichiers if isinstance(fichier, FichierEtablissements)]
    if not trouves:
        raise FichierRefuse(
            Code.RACINE_AUTRE_APPLICATION,
            f"Le fichier « {nom} » est un export « {fichiers[0].entete.type.libelle} », pas une liste "
            "d'établissements.",
            "Donnez le CSV de l'annuaire de l'éducation, ou Etablissements.xml de SIECLE.",
        )
    return [etablissement for fichier in trouves for etablissement in from_siecle(fichier)]


def _raison(lu: EtablissementAnnuaire, academie: Academie, candidats: Mapping[str, Any]) -> str:
    """Why a line is not taken, or an empty text. Other académies first: they are nine lines of ten."""
    if not _is_dans(lu, academie):
        return AUTRE_ACADEMIE
    if not lu.type:
        return "ni collège ni lycée"
    if not is_uai_valide(lu.uai):
        return "UAI dont la clé n'est pas bonne"
    if lu.is_ferme:
        return FERME
    if lu.uai in candidats:
        return "UAI déjà lu plus haut (plusieurs sites)"
    return ""


def _is_dans(lu: EtablissementAnnuaire, academie: Academie) -> bool:
    """By code or by name; a line that says neither is taken for the académie chosen."""
    if not lu.academie and not lu.academie_libelle:
        return True
    return _is_academie(lu.academie, lu.academie_libelle, academie)


def _is_academie(code: str, libelle: str, academie: Academie) -> bool:
    nom = normalise(academie.nom).removeprefix("academie_de_").removeprefix("academie_d_")
    return code == academie.code.removesuffix(SIMULEE) or normalise(libelle) == nom


def find_inconnues(ignores: Ignores) -> list[tuple[str, int]]:
    """The académies of the lines set aside that the site does not have: « Lyon (10) », and their open schools."""
    connues = list(Academie.objects.all())
    return [
        (f"{nom} ({code})" if nom and code else nom or code, total)
        for (code, nom), total in ignores.academies.most_common()
        if not any(_is_academie(code, nom, academie) for academie in connues)
    ]


def _exemple(lu: EtablissementAnnuaire) -> str:
    return f"ligne {lu.numero} : {lu.uai or 'sans UAI'} {lu.denomination} ({lu.nature or 'nature inconnue'})"


def _champs(lu: EtablissementAnnuaire, ignores: Ignores) -> dict[str, str]:
    """The values that an établissement can hold; what it cannot is left out and said."""
    valeurs = {champ: valeur for champ, valeur in asdict(lu).items() if champ in CHAMPS and valeur}
    valeurs["denomination"] = lu.denomination or lu.uai
    for champ, valeur in list(valeurs.items()):
        if len(valeur) > (Etablissement._meta.get_field(champ).max_length or 0) or not _is_mel(champ, valeur):
            del valeurs[champ]
            ignores.valeurs.append(f"ligne {lu.numero} : {lu.uai}, {CHAMPS[champ]}")
    return {"uai": lu.uai, "denomination": lu.uai, **valeurs}


def _is_mel(champ: str, valeur: str) -> bool:
    if champ != "mel":
        return True
    try:
        validate_email(valeur)
    except ValidationError:
        return False
    return True


def compare(candidats: Sequence[Mapping[str, str]], choix: Choix, ignores: Ignores | None = None) -> Apercu:
    """What these schools change in the base as it is now.

    Args:
        ignores: what was set aside with them, to find the known schools that have closed; without it, none is.
    """
    apercu = Apercu()
    if ignores:
        fermes = ignores.fermes - {candidat["uai"] for candidat in candidats}  # a site closed, another open
        apercu.fermes = list(choix.academie.etablissements.filter(uai__in=fermes).order_by("uai"))
    connus = Etablissement.objects.in_bulk([c["uai"] for c in candidats], field_name="uai")
    for candidat in candidats:
        connu = connus.get(candidat["uai"])
        if connu is None:
            apercu.crees.append(
                Etablissement(**candidat, academie=choix.academie, projet_ent=choix.projet(candidat["type"]))
            )
        elif connu.academie_id != choix.academie.pk:
            apercu.ailleurs.append(connu)
        else:
            _compare_one(connu, candidat, apercu)
    return apercu


def _compare_one(connu: Etablissement, candidat: Mapping[str, str], apercu: Apercu) -> None:
    ecarts = tuple(
        (champ, getattr(connu, champ), candidat[champ])
        for champ in CHAMPS
        if candidat.get(champ) and getattr(connu, champ) != candidat[champ]
    )
    if ecarts:
        apercu.modifies.append(Modification(connu, ecarts))
    else:
        apercu.inchanges += 1


@transaction.atomic
def apply_annuaire(candidats: Sequence[Mapping[str, str]], choix: Choix, par: Utilisateur | None) -> Apercu:
    """Compare again and write, all or nothing; who did it is noted for each school.

    Returns: what was written.
    """
    apercu = compare(candidats, choix)
    Etablissement.objects.bulk_create(apercu.crees)
    for modification in apercu.modifies:
        for champ, _, apres in modification.ecarts:
            setattr(modification.etablissement, champ, apres)
        modification.etablissement.save(update_fields=[champ for champ, _, _ in modification.ecarts])
    if par is not None:
        _note(apercu, par)
    return apercu


def _note(apercu: Apercu, par: Utilisateur) -> None:
    genre = ContentType.objects.get_for_model(Etablissement)
    crees = [(etablissement, ADDITION, "créé depuis un annuaire") for etablissement in apercu.crees]
    modifies = [
        (m.etablissement, CHANGE, "modifié depuis un annuaire : " + ", ".join(CHAMPS[c] for c, _, _ in m.ecarts))
        for m in apercu.modifies
    ]
    LogEntry.objects.bulk_create(
        LogEntry(
            user=par,
            content_type=genre,
            object_id=etablissement.pk,
            object_repr=str(etablissement)[:200],
            action_flag=action,
            change_message=message,
        )
        for etablissement, action, message in crees + modifies
    )
