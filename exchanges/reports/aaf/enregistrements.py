"""From persons and schools as streamed to the records of the AAF (``formats/aaf_ent.md`` §2).

What we do not keep is left empty: addresses and telephones other than the mobile (``ecosystem.md`` §3.5), boursier,
transport. A value never ends with an empty ``$`` part, which ENTs drop in silence (§4).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from sys import intern

from exchanges.enums import CategorieAAF, TypeStructure
from exchanges.models import Etablissement
from exchanges.parsers.records.aaf import Enregistrement, Valeurs
from exchanges.reports.aaf import libelles
from exchanges.rules.eligibilite import ENSEIGNANT, EleveVu, PersonnelVu, Relation, ResponsableVu


VIDE: Valeurs = ()
LIBELLE_MAX = 40
PREMIERE_STRUCTURE = 1000  # ENTStructureJointure has 4 or 5 digits (§2.5)
_ABSENTES = (VIDE,) * 4
_NON_CHIFFRES = re.compile(r"\D")


def structure_of(etablissement: int) -> str:
    """ENTStructureJointure of a school, from its primary key."""
    return str(PREMIERE_STRUCTURE + etablissement)


def french(jour: date | None) -> str:
    """``JJ/MM/AAAA``, empty for no date."""
    return f"{jour.day:02}/{jour.month:02}/{jour.year:04}" if jour else ""


def clean(texte: str) -> str:
    """A text that may stand between two ``$``: at most 40 characters, none of them ``$``."""
    return texte.replace("$", " ")[:LIBELLE_MAX].strip()


def _one(texte: str | None) -> Valeurs:
    return (texte,) if texte else VIDE


class Libelles:
    """Labels of the MEFs and matières of one school, by code: what it says itself, whatever others call them."""

    def __init__(self) -> None:
        self.mefs: dict[str, str] = {}
        self.formations: dict[str, str] = {}
        self.matieres: dict[str, str] = {}


Textes = defaultdict[int, Libelles]  # by school


def read_libelles(
    mefs: Iterable[tuple[int, str, str, str, str, str]], matieres: Iterable[tuple[int, str, str]]
) -> Textes:
    """Labels of each school, from its nomenclature; a label that schools share is held once."""
    textes: Textes = defaultdict(Libelles)
    for ecole, code, formation, libelle, _, _ in mefs:
        textes[ecole].mefs[intern(code)] = intern(clean(libelle or formation))
        textes[ecole].formations[intern(code)] = intern(clean(formation))
    for ecole, code, libelle in matieres:
        textes[ecole].matieres[intern(code)] = intern(clean(libelle))
    return textes


def make_eleve(eleve: EleveVu, textes: Libelles) -> Enregistrement:
    """The Eleve record of an eligible élève."""
    numero = str(eleve.jointure)
    structure = structure_of(eleve.etablissement)
    prenoms = tuple(dict.fromkeys(filter(None, (eleve.prenom, eleve.prenom2, eleve.prenom3))))
    formation = textes.formations.get(eleve.mef, "")
    division = _one(eleve.division and f"{structure}${eleve.division}")
    entree = eleve.division and eleve.date_entree
    return Enregistrement(
        CategorieAAF.ELEVE,
        numero,
        (
            (numero,),
            (eleve.ine,),
            (eleve.eleve_id,),
            _one(french(eleve.date_naissance)),
            _one(eleve.nom_de_famille),
            _one(eleve.nom),
            _one(eleve.prenom),
            prenoms,
            ("M.",) if eleve.sexe == "1" else ("Mme",) if eleve.sexe == "2" else VIDE,
            tuple(_relation(relation) for relation in eleve.relations if relation.jointure),
            VIDE,
            _one(libelles.REGIMES.get(eleve.regime)),
            VIDE,
            *_ABSENTES,
            VIDE,
            _one(libelles.STATUTS.get(eleve.statut)),
            _one(eleve.mef),
            _one(textes.mefs.get(eleve.mef)),
            _one(formation),
            _one(formation),
            tuple(textes.matieres.get(code) or code for code in eleve.options),
            tuple(eleve.options),
            (structure,),
            (f"{structure}${french(eleve.date_entree)}${eleve.division}",) if entree else VIDE,
            VIDE,
            division,
            tuple(f"{structure}${code}" for code in eleve.groupes),
        ),
    )


def _relation(relation: Relation) -> str:
    niveau = libelles.NIVEAUX.get(relation.niveau, "0")
    payeur, contact = int(relation.is_payeur), int(relation.is_contact)
    parente = relation.parente or libelles.AUTRE_LIEN
    return f"{relation.jointure}${parente}${payeur}${niveau}${contact}${payeur}"


def make_responsable(responsable: ResponsableVu) -> Enregistrement:
    """The PersRelEleve record of a responsable who has a child in the AAF."""
    numero = str(responsable.jointure)
    mobile = _one(_telephone(responsable.tel_portable))
    return Enregistrement(
        CategorieAAF.RESPONSABLE,
        numero,
        (
            (numero,),
            VIDE,
            _one(responsable.nom_de_famille),
            _one(responsable.nom),
            _one(responsable.prenom),
            _one(libelles.CIVILITES.get(responsable.civilite.upper())),
            tuple(map(str, responsable.enfants)),
            VIDE,
            VIDE,
            *_ABSENTES,
            ("N",),
            mobile,
            _one(responsable.mel),
            VIDE,
        ),
    )


def _telephone(numero: str) -> str:
    """``+33 6 12 34 56 78`` for a French number, the number as it is otherwise."""
    chiffres = _NON_CHIFFRES.sub("", numero)
    national = chiffres.removeprefix("33") if numero.strip().startswith("+") else chiffres.removeprefix("0")
    if len(national) != 9:
        return numero.strip()
    return " ".join(("+33", national[0], national[1:3], national[3:5], national[5:7], national[7:]))


def make_personnel(
    memes: list[PersonnelVu], textes: Textes, divisions: dict[int, dict[str, tuple[str, list[str]]]]
) -> Enregistrement:
    """The PersEducNat record of a person who may work in several schools.

    Args:
        memes: that person in each school.
        textes: labels of the schools.
        divisions: MEFs of the divisions that BEE knows, by school then code.
    """
    personne = memes[0]
    numero = str(personne.jointure)
    divisions_matieres = _by_structure(memes, TypeStructure.DIVISION)
    groupes_matieres = _by_structure(memes, TypeStructure.GROUPE)
    mefs = {
        (structure_of(p.etablissement), mef, textes[p.etablissement].mefs.get(mef) or mef)
        for p in memes
        for code in p.structures(TypeStructure.DIVISION)
        for mef in divisions[p.etablissement].get(code, ("", []))[1]
    }
    matieres = {
        (structure_of(p.etablissement), textes[p.etablissement].matieres.get(s.matiere))
        for p in memes
        for s in p.services
    }
    is_devant_eleves = "O" if any(p.fonction == ENSEIGNANT for p in memes) else "N"
    return Enregistrement(
        CategorieAAF.PERSONNEL,
        numero,
        (
            (numero,),
            _one(french(personne.date_naissance)),
            _one(personne.nom_patronymique or personne.nom_usage),
            _one(personne.nom),
            _one(personne.prenom),
            _one(personne.prenom),
            _one(libelles.CIVILITES.get(personne.civilite.upper())),
            VIDE,
            (structure_of(personne.etablissement),) if len(memes) == 1 else VIDE,
            VIDE,
            tuple(dict.fromkeys(f"{code}${code}" for p in memes for code in p.disciplines)),
            tuple("$".join(ligne) for ligne in sorted(mefs)),
            tuple(f"{s}${matiere}" for s, matiere in sorted((s, m) for s, m in matieres if m)),
            tuple(dict.fromkeys(f"{s}${code}" for s, code, _ in divisions_matieres)),
            tuple(dict.fromkeys(f"{s}${code}" for s, code, _ in groupes_matieres)),
            tuple("$".join(ligne) for ligne in divisions_matieres),
            tuple("$".join(ligne) for ligne in groupes_matieres),
            tuple(f"{structure_of(p.etablissement)}${code}" for p in memes for code in p.principal_de),
            tuple(_fonction(p) for p in memes),
            (is_devant_eleves,),
            (is_devant_eleves,),
        ),
    )


def _by_structure(memes: list[PersonnelVu], type_structure: TypeStructure) -> list[tuple[str, str, str]]:
    return [
        (structure_of(p.etablissement), s.structure, s.matiere)
        for p in memes
        for s in p.services
        if s.type_structure == type_structure
    ]


def _fonction(personnel: PersonnelVu) -> str:
    """``struct$ENS$ENSEIGNEMENT$L0426$L0426``: STS's label of a discipline is not kept, its code stands twice."""
    fonction = personnel.fonction
    poste = personnel.disciplines[0] if personnel.disciplines else ""
    code, libelle = (fonction, libelles.FONCTIONS.get(fonction, fonction)) if fonction else libelles.SANS_FONCTION
    codes = (code, libelle, *((poste, poste) if poste else libelles.SANS_FONCTION))
    return "$".join((structure_of(personnel.etablissement), *codes))


def make_etablissement(
    ecole: Etablissement,
    divisions: dict[str, tuple[str, list[str]]],
    groupes: dict[str, tuple[str, list[str]]],
) -> Enregistrement:
    """The EtabEducNat record of a school with what BEE knows of its structures."""
    structure = structure_of(ecole.pk)
    libelle, code = libelles.TYPES.get(ecole.type, (ecole.type, ""))
    nom = "$".join(filter(None, (ecole.type, clean(ecole.denomination), clean(ecole.ville))))
    return Enregistrement(
        CategorieAAF.ETAB,
        structure,
        (
            (structure,),
            (ecole.uai,),
            (ecole.uai,),
            _one(ecole.siret),
            _one(nom),
            _one(libelle),
            _one(code),
            (libelles.MINISTERE[0],),
            (libelles.MINISTERE[1],),
            _one(ecole.secteur),
            VIDE,
            _one(ecole.adresse),
            _one(ecole.code_postal),
            _one(ecole.ville),
            _one(ecole.telephone),
            VIDE,
            _one(ecole.mel),
            VIDE,
            _one(ecole.bassin and f"{clean(ecole.bassin)}${clean(ecole.bassin)}"),
            _one(ecole.academie.nom.upper()),
            _one(ecole.academie.code),
            tuple(_structure(code, *fiche) for code, fiche in sorted(divisions.items())),
            tuple(_structure(code, *fiche) for code, fiche in sorted(groupes.items())),
        ),
    )


def _structure(code: str, libelle: str, suite: list[str]) -> str:
    return "$".join((code, clean(libelle) or code, *suite))


def make_mef(code: str, libelle: str, rattachement: str, mefstat: str) -> Enregistrement:
    """A MefEducNat record."""
    valeurs = (code, libelle or code, rattachement, mefstat)
    return Enregistrement(CategorieAAF.MEF, code, tuple(_one(valeur) for valeur in valeurs))


def make_matiere(code: str, libelle: str) -> Enregistrement:
    """A MatiereEducNat record."""
    return Enregistrement(CategorieAAF.MATIERE, code, ((code,), (libelle or code,)))
