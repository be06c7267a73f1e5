"""The exports of EDT and PRONOTE for an ENT (``formats/sts_edt.md`` §4): in clear, and encrypted for a partner.

::

    <ExportEmploiDuTemps xmlns="…" Version="1.0" UAI="9990001W"><AnneeScolaire DateDebut="2025-09-01" …/>
      <Groupes><Groupe Ident="2" Nom="5AGL1Gr.1"><Classe Ident="1"/><PartieDeClasse Ident="3"/></Groupe></Groupes>

Idents are those of the file, one numbering per type. Attributes change case from one version to another.
"""

from datetime import datetime

from exchanges.enums import TypeFichier
from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.headers import check_complete, make_remarques
from exchanges.parsers.records import EleveEDT, Entete, FichierEmploiDuTemps, Matiere, ProfesseurEDT, StructureEDT
from exchanges.parsers.shape import Frame, Node, bloc, compter, fiche, first, ignores, textes
from exchanges.parsers.values import parse_date
from exchanges.parsers.xml import Content


INDEX_EDUCATION = "INDEXEDUCATION"  # the publisher is always among the partners


def _matiere(frame: Frame) -> Matiere:
    get = frame.get
    return Matiere(get("@ident", ""), get("@code", ""), get("@libelle", ""))


def _professeur(frame: Frame) -> ProfesseurEDT:
    get = frame.get
    return ProfesseurEDT(get("@ident", ""), get("@nom", ""), get("@prenom", ""), get("@idsts", ""))


def _structure(frame: Frame) -> StructureEDT:
    get = frame.get
    return StructureEDT(get("@ident", ""), get("@nom", ""), tuple(get("Classe", ())), tuple(get("PartieDeClasse", ())))


def _eleve(frame: Frame) -> EleveEDT:
    get = frame.get
    return EleveEDT(
        ident=get("@ident", ""),
        nom=get("@nom", ""),
        prenom=get("@prenom", ""),
        date_naissance=parse_date(get("@datenaissance", "")),
        ine=get("@numeronational", ""),
        eleve_id=get("@idsconet", ""),
        divisions=tuple(get("Classe", ())),
        parties=tuple(get("PartieDeClasse", ())),
    )


def _ident(frame: Frame) -> str | None:
    """The Ident of a link to another row."""
    return frame.get("@ident")


_LIEN = Node({}, convertit=_ident)
_LIENS = {"Classe": _LIEN, "PartieDeClasse": _LIEN}
_DANS_UN_COURS = ignores("Matiere Professeur Personnel Classe PartieDeClasse Groupe Salle Materiel Eleve Etiquette")
FORME = Node(
    {
        "AnneeScolaire": bloc({}),
        "Matieres": bloc({"Matiere": fiche("matieres", _matiere, {})}),
        "Professeurs": bloc({"Professeur": fiche("professeurs", _professeur, {})}),
        "Classes": bloc({"Classe": fiche("divisions", _structure, {"PartieDeClasse": _LIEN})}),
        "Groupes": bloc({"Groupe": fiche("groupes", _structure, {**_LIENS, **ignores("Eleve")})}),
        "Eleves": bloc({"Eleve": fiche("eleves", _eleve, {**_LIENS, **ignores("Responsable Groupe")})}),
        "Cours": bloc({"Cours": compter(_DANS_UN_COURS)}),
        **ignores("GrilleHoraire Salles Materiels Personnels Etiquettes Periodes Mefs Ressources Absences"),
    },
    is_sans_casse=True,
)


def make_fichier(content: Content) -> FichierEmploiDuTemps:
    """The records of an ``ExportEmploiDuTemps``. The ``code`` of a Matiere is its Ident, the key of this file.

    Raises FichierRefuse entete_incomplete.
    """
    racine = content.racine
    annee = first(racine, "AnneeScolaire").get("@datedebut", "")[:4]
    entete = Entete(TypeFichier.EMPLOI_DU_TEMPS, racine.get("@uai", ""), annee, racine.get("@version", ""))
    check_complete(entete.type, entete.uai, entete.annee)
    fiches = content.fiches
    eleves, professeurs = tuple(fiches.get("eleves", ())), tuple(fiches.get("professeurs", ()))
    return FichierEmploiDuTemps(
        entete=entete,
        inconnus=content.inconnus,
        remarques=make_remarques(content, (nom for p in (*eleves, *professeurs) for nom in (p.nom, p.prenom))),
        matieres=tuple(fiches.get("matieres", ())),
        professeurs=professeurs,
        divisions=tuple(fiches.get("divisions", ())),
        groupes=tuple(fiches.get("groupes", ())),
        eleves=eleves,
        nombre_cours=content.comptes.get("Cours", 0),
    )


CONTENEUR = bloc(
    {
        **textes("LOGICIEL DATEHEURE UAI NOMETABLISSEMENT CODEPOSTALVILLE"),
        **ignores("VERSION CONTENU VERIFICATION"),
        "CLES": bloc({"PARTENAIRE": bloc({})}),
    }
)


def refuse_conteneur(content: Content) -> FichierEmploiDuTemps:
    """Say what an ``EXPORT_INDEX_EDUCATION`` is: only the partner's private key opens it (``sts_edt.md`` §4.1).

    Raises FichierRefuse contenu_chiffre, always.
    """
    get = content.racine.get
    cles = first(content.racine, "CLES").get("PARTENAIRE", ())
    noms = [nom for cle in cles if (nom := cle.get("@NOM", "")) and nom.upper() != INDEX_EDUCATION]
    pour = f" pour {', '.join(noms)}" if noms else ""
    ecole = " ".join(filter(None, (get("NOMETABLISSEMENT"), get("UAI") and f"({get('UAI')})")))
    de = f", établissement {ecole}" if ecole else ""
    raise FichierRefuse(
        Code.CONTENU_CHIFFRE,
        f"C'est un export d'EDT ou de PRONOTE{pour}{de}{_when(get('DATEHEURE', ''))}. Son contenu est chiffré : "
        f"seul son destinataire peut le lire, aucun autre logiciel.",
        "Envoyez-le à ce destinataire. Ici, déposez l'export des liens élève-groupe (ELEGROUPE) d'EDT ou de PRONOTE, "
        "ou chargez l'export « Emploi du temps » de STS-Web (sts_emp).",
    )


def _when(texte: str) -> str:
    try:
        return f", produit le {datetime.fromisoformat(texte):%d/%m/%Y à %H:%M}"
    except ValueError:
        return ""
