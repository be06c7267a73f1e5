"""The archive that an ENT sends to the GAR each night, second degree (``formats/aaf_ent.md`` §7).

Five documents, each cut after ``MAXIMUM`` entries, in one flat ``.tar.gz`` with its ``.md5``. Entries are written as
they come: only one document at a time waits, in a temporary file, until its size is known.
"""

import gzip
import hashlib
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import count, islice
from pathlib import Path
from typing import IO, Any, cast

from lxml import etree

from exchanges.parsers.records.gar import (
    EleveEnseignementGAR,
    EleveGAR,
    EnsDivisionMatiereGAR,
    EnseignantGAR,
    EnsGroupeMatiereGAR,
    EtabGAR,
    ExportGAR,
    GroupeGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
    RespAffGAR,
)
from exchanges.parsers.schema import read_fautes
from exchanges.writers.xml import iso


ESPACE = "http://data.education.fr/ns/gar"
VERSION = "1.0"
MAXIMUM = 10_000  # entries in one file (§7.2)
_FAUTES_DITES = 5
_ID_ENT = re.compile(r"[A-Za-z0-9_-]{1,45}")

# The children of an element: (name without GAR, text or children).
Enfants = Iterable[tuple[str, "str | Enfants"]]


def _texts(**textes: str) -> Iterator[tuple[str, str]]:
    """The optional children that have a text."""
    return ((nom, texte) for nom, texte in textes.items() if texte)


def _etab(etab: EtabGAR) -> Enfants:
    return [
        ("StructureUAI", etab.uai),
        ("StructureNomCourant", etab.nom),
        *_texts(
            EtablissementStructRattachFctl=etab.rattachement,
            StructureContrat=etab.contrat,
            StructureTelephone=etab.telephone,
            StructureEmail=etab.mel,
        ),
    ]


def _mef(mef: MefGAR) -> Enfants:
    return [
        ("StructureUAI", mef.uai),
        ("MEFCode", mef.code),
        ("MEFLibelle", mef.libelle),
        *_texts(MEFRattach=mef.rattachement, MEFSTAT11=mef.stat11),
    ]


def _matiere(matiere: MatiereGAR) -> Enfants:
    return [
        ("StructureUAI", matiere.uai),
        ("MatiereCode", matiere.code),
        ("MatiereLibelle", matiere.libelle),
    ]


def _personne(personne: EleveGAR | EnseignantGAR) -> Enfants:
    return [
        ("PersonIdentifiant", personne.identifiant),
        *(("PersonProfils", [("StructureUAI", uai), ("PersonProfil", profil)]) for uai, profil in personne.profils),
        *_texts(PersonIdSecondaire=personne.identifiant_secondaire, PersonNomPatro=personne.nom_patronymique),
        ("PersonNom", personne.nom),
        ("PersonPrenom", personne.prenom),
        *(("PersonAutresPrenoms", prenom) for prenom in personne.autres_prenoms or (personne.prenom,)),
        *_texts(PersonCivilite=personne.civilite, PersonStructRattach=personne.rattachement),
        *(("PersonEtab", uai) for uai in personne.uais),
        *_texts(PersonDateNaissance=iso(personne.date_naissance)),
    ]


def _enseignant(enseignant: EnseignantGAR) -> Enfants:
    return [
        *_personne(enseignant),
        *(
            ("EnsDisciplinesPostes", [("StructureUAI", uai), *(("EnsDisciplinePosteCode", code) for code in codes)])
            for uai, codes in enseignant.disciplines
        ),
        *(("PersonMail", mel) for mel in enseignant.mels),
    ]


def _resp_aff(responsable: RespAffGAR) -> Enfants:
    return [
        ("PersonIdentifiant", responsable.identifiant),
        ("PersonNom", responsable.nom),
        ("PersonPrenom", responsable.prenom),
        *_texts(PersonCivilite=responsable.civilite),
        *(("PersonMail", mel) for mel in responsable.mels),
        *(("RespAffEtab", uai) for uai in responsable.uais),
    ]


def _person_mef(lien: PersonMefGAR) -> Enfants:
    return [("StructureUAI", lien.uai), ("PersonIdentifiant", lien.identifiant), ("MEFCode", lien.mef)]


def _eleve_enseignement(lien: EleveEnseignementGAR) -> Enfants:
    return [("StructureUAI", lien.uai), ("PersonIdentifiant", lien.identifiant), ("MatiereCode", lien.matiere)]


def _groupe(groupe: GroupeGAR) -> Enfants:
    return [
        ("GroupeCode", groupe.code),
        ("StructureUAI", groupe.uai),
        ("GroupeLibelle", groupe.libelle or groupe.code),
        ("GroupeStatut", groupe.statut),
        *(("GroupeDivAppartenance", code) for code in groupe.divisions),
    ]


def _person_groupe(lien: PersonGroupeGAR) -> Enfants:
    return [("StructureUAI", lien.uai), ("PersonIdentifiant", lien.identifiant), ("GroupeCode", lien.groupe)]


def _ens_matiere(lien: EnsGroupeMatiereGAR | EnsDivisionMatiereGAR) -> Enfants:
    return [
        ("StructureUAI", lien.uai),
        ("PersonIdentifiant", lien.identifiant),
        ("GroupeCode", lien.groupe),
        *(("MatiereCode", code) for code in lien.matieres),
    ]


# Documents in the order of the archive; in each, (field of the export, element, its children) in the imposed order.
_DOCUMENTS: dict[str, tuple[tuple[str, str, Callable[[Any], Enfants]], ...]] = {
    "Etab": (("etabs", "Etab", _etab), ("mefs", "MEF", _mef), ("matieres", "Matiere", _matiere)),
    "Eleve": (
        ("eleves", "Eleve", _personne),
        ("eleves_mefs", "PersonMEF", _person_mef),
        ("eleves_enseignements", "EleveEnseignement", _eleve_enseignement),
    ),
    "Enseignant": (
        ("enseignants", "Enseignant", _enseignant),
        ("enseignants_mefs", "PersonMEF", _person_mef),
    ),
    "Groupe": (
        ("groupes", "Groupe", _groupe),
        ("personnes_groupes", "PersonGroupe", _person_groupe),
        ("enseignants_groupes", "EnsGroupeMatiere", _ens_matiere),
        ("enseignants_divisions", "EnsClasseMatiere", _ens_matiere),
    ),
    "RespAff": (("responsables_affectation", "RespAff", _resp_aff),),
}


def name_archive(id_ent: str, horodatage: datetime) -> str:
    """The name that the archive, its ``.md5`` and, with a suffix, its documents have in common (§7.2).

    Raises ValueError when ``id_ent`` is not an identifier that a file name can bear.
    """
    if not _ID_ENT.fullmatch(id_ent):
        raise ValueError(
            f"L'identifiant d'ENT « {id_ent} » ne convient pas : lettres sans accent, chiffres, « - » et « _ » "
            "seulement, 45 caractères au plus. Rien n'a été écrit ; corrigez-le dans les réglages du projet."
        )
    return f"{id_ent}_GAR-ENT_Complet_{horodatage:%Y%m%d_%H%M%S}_2D"


def write_archive(id_ent: str, horodatage: datetime, export: ExportGAR, dossier: Path) -> tuple[Path, Path]:
    """Write the archive and its ``.md5`` in ``dossier``: both whole, or neither.

    Raises ValueError as ``send_archive`` does.
    """
    radical = name_archive(id_ent, horodatage)
    archive, md5 = dossier / f"{radical}.tar.gz", dossier / f"{radical}.md5"
    with tempfile.TemporaryDirectory(dir=dossier, prefix=".gar-") as attente:
        ecrite, somme = Path(attente) / archive.name, Path(attente) / md5.name
        with ecrite.open("wb") as sortie:
            somme.write_text(send_archive(id_ent, horodatage, export, sortie), encoding="ascii")
        os.replace(ecrite, archive)
        os.replace(somme, md5)
    return archive, md5


def send_archive(id_ent: str, horodatage: datetime, export: ExportGAR, sortie: IO[bytes]) -> str:
    """Write the archive into a stream, which is never sought, and return its MD5 in lower case.

    Args:
        horodatage: of the file names, in local time; the bytes depend on nothing else than the arguments.

    Raises:
        ValueError: a document is not what the schema of the GAR wants, or ``id_ent`` is wrong; what the stream has
            received is then of no use. The message is for the screen and names nobody.
    """
    radical = name_archive(id_ent, horodatage)
    quand = int(horodatage.timestamp())
    controle = _Controle(sortie)
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=controle, mtime=quand) as comprime,
        tarfile.open(fileobj=comprime, mode="w|") as archive,
    ):
        for document, numero, entrees in _cut(export):
            nom = f"{radical}_{document}_{numero:04}.xml"
            with tempfile.TemporaryFile() as fichier:
                _write_document(fichier, document, entrees, nom)
                _check(fichier, nom)
                entree = tarfile.TarInfo(nom)
                entree.size, entree.mtime = fichier.seek(0, os.SEEK_END), quand
                fichier.seek(0)
                archive.addfile(entree, fichier)
    return controle.empreinte.hexdigest()


class _Controle:
    """A stream that sums up the bytes on their way."""

    def __init__(self, sortie: IO[bytes]):
        self._sortie = sortie
        self.empreinte = hashlib.md5(usedforsecurity=False)

    def write(self, octets: bytes) -> int:
        self.empreinte.update(octets)
        self._sortie.write(octets)
        return len(octets)

    def flush(self) -> None:
        self._sortie.flush()


def _cut(export: ExportGAR) -> Iterator[tuple[str, int, list[tuple[str, Enfants]]]]:
    """(document, number, entries) of each file. A document without entries has one file: nobody is news as well."""
    for document, genres in _DOCUMENTS.items():
        entrees = ((nom, make(e)) for champ, nom, make in genres for e in getattr(export, champ))
        for numero in count():
            lot = list(islice(entrees, MAXIMUM))
            if numero and not lot:
                break
            yield document, numero, lot


def _write_document(fichier: IO[bytes], document: str, entrees: Iterable[tuple[str, Enfants]], nom: str) -> None:
    fichier.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    racine = f"{{{ESPACE}}}GAR-ENT-{document}"
    with (
        etree.xmlfile(fichier, encoding="UTF-8") as xml,
        xml.element(racine, {"Version": VERSION}, nsmap={"men": ESPACE}),
    ):
        try:
            for entree in entrees:
                _write_element(xml, *entree, 1)
        except ValueError:  # lxml quotes nothing, and a value could be a name
            raise ValueError(
                f"{nom} : une valeur contient un caractère de contrôle, que XML n'admet pas. L'archive n'a pas été "
                "écrite ; corrigez cette valeur dans l'application dont elle vient."
            ) from None
        xml.write("\n")


def _write_element(xml: "etree._IncrementalFileWriter", nom: str, contenu: "str | Enfants", niveau: int) -> None:
    """One element on its own line. Prefixes come from the root: lxml would repeat them on each ``Element``."""
    marge = "\n" + "  " * niveau
    xml.write(marge)
    with xml.element(f"{{{ESPACE}}}GAR{nom}"):
        if isinstance(contenu, str):
            xml.write(contenu)
            return
        for enfant in contenu:
            _write_element(xml, *enfant, niveau + 1)
        xml.write(marge)


@cache
def load_schema() -> etree.XMLSchema:
    """Our XSD of the five documents (§7.1), compiled once."""
    return etree.XMLSchema(etree.fromstring((files("exchanges.parsers") / "schemas" / "gar.xsd").read_bytes()))


def _check(fichier: IO[bytes], nom: str) -> None:
    """Raise ValueError when the document is not valid: the GAR would refuse the whole export."""
    fichier.seek(0)
    schema = load_schema()
    if schema.validate(etree.parse(fichier, etree.XMLParser(resolve_entities=False, no_network=True))):
        return
    fautes = [_explain(entree) for entree in cast(Any, schema).error_log]
    autres = f" ; et {len(fautes) - _FAUTES_DITES} autres" if len(fautes) > _FAUTES_DITES else ""
    raise ValueError(
        f"{nom} n'est pas conforme au schéma du GAR : {' ; '.join(fautes[:_FAUTES_DITES])}{autres}. L'archive n'a "
        "pas été écrite ; retirez d'abord ce que les règles de la famille GAR signalent."
    )


def _explain(entree: "etree._LogEntry") -> str:
    """Line, element, what is wrong; never the value, which could be a name."""
    if entree.type_name == "SCHEMAV_CVC_IDC":
        return f"ligne {entree.line} : deux entrées ont la même clé"
    return " ".join(str(faute) for faute in read_fautes([entree], entree.line, "", "")).replace(f"{{{ESPACE}}}", "")
