"""``BEE_ELEVES``: ElevesSansAdresses.xml and ElevesAvecAdresses.xml (``formats/siecle.md`` §2.1).

::

    <ELEVES><ELEVE ELEVE_ID="1000000" ELENOET="1000"><NOM_DE_FAMILLE>MODELE</NOM_DE_FAMILLE>…</ELEVE></ELEVES>
    <OPTIONS><OPTION ELEVE_ID="1000000"><OPTIONS_ELEVE><NUM_OPTION>1</NUM_OPTION>…</OPTIONS_ELEVE></OPTION></OPTIONS>
    <STRUCTURES><STRUCTURES_ELEVE ELEVE_ID="1000000"><STRUCTURE><CODE_STRUCTURE>6 E</CODE_STRUCTURE>
      <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>

The three blocks come in any order and are joined on ELEVE_ID.
"""

from collections import defaultdict
from collections.abc import Iterator

from exchanges.enums import TypeFichier, TypeStructure
from exchanges.parsers.headers import count_remarque, document, make_entete, make_remarques
from exchanges.parsers.records import Eleve, FichierEleves, Remarque
from exchanges.parsers.shape import Frame, bloc, dates, fiche, first, ignores, textes
from exchanges.parsers.values import parse_int
from exchanges.parsers.xml import Content


def _keep(frame: Frame) -> Frame:
    return frame


def _structures(frame: Frame) -> tuple[str, list[tuple[str, str]]]:
    paires = [(s.get("TYPE_STRUCTURE", ""), s.get("CODE_STRUCTURE", "")) for s in frame.get("STRUCTURE", ())]
    return frame.get("@ELEVE_ID", ""), [paire for paire in paires if paire[1]]


def _options(frame: Frame) -> tuple[str, list[tuple[int, str]]]:
    lues = [
        (parse_int(o.get("NUM_OPTION", "")) or 0, o.get("CODE_MATIERE", "")) for o in frame.get("OPTIONS_ELEVE", ())
    ]
    return frame.get("@ELEVE_ID", ""), [lue for lue in lues if lue[1]]


_ELEVE = {
    **textes("ID_NATIONAL INE_BEA INE_RNIE ELENOET ID_PRV_ELE NOM_DE_FAMILLE NOM NOM_USAGE PRENOM PRENOM2 PRENOM3"),
    **textes("DOUBLEMENT CODE_PAYS CODE_REGIME VILLE_NAISS CODE_MOTIF_SORTIE CODE_SEXE CODE_PAYS_NAT CODE_STATUT"),
    **textes("CODE_MEF CODE_COMMUNE_INSEE_NAISS CODE_PROVENANCE"),
    **dates("DATE_NAISS DATE_SORTIE DATE_ENTREE"),
    **ignores("ID_ELEVE_ETAB TEL_PROFESSIONNEL TEL_PERSONNEL TEL_PORTABLE ACCEPTE_SMS DATE_MODIFICATION MEL"),
    **ignores("ADRESSE_ID CODE_DEPARTEMENT_NAISS ADHESION_TRANSPORT"),
    "SCOLARITE_AN_DERNIER": bloc(
        {
            **textes("CODE_RNE CODE_MEF"),
            **ignores("CODE_STRUCTURE CODE_NATURE SIGLE DENOM_PRINC DENOM_COMPL LIGNE1_ADRESSE LIGNE2_ADRESSE"),
            **ignores("LIGNE3_ADRESSE LIGNE4_ADRESSE BOITE_POSTALE COMMUNE_ETRANGERE MEL TELEPHONE"),
            **ignores("CODE_COMMUNE_INSEE LL_COMMUNE_INSEE"),
        }
    ),
}
_STRUCTURE = {"STRUCTURE": bloc(textes("CODE_STRUCTURE TYPE_STRUCTURE"))}
_OPTION = {"OPTIONS_ELEVE": bloc({**textes("NUM_OPTION CODE_MATIERE"), **ignores("CODE_MODALITE_ELECT")})}

FORME = document(
    {
        "ELEVES": bloc({"ELEVE": fiche("eleves", _keep, _ELEVE)}),
        "OPTIONS": bloc({"OPTION": fiche("options", _options, _OPTION)}),
        "STRUCTURES": bloc({"STRUCTURES_ELEVE": fiche("structures", _structures, _STRUCTURE)}),
        **ignores("BOURSES ADRESSES"),
    }
)


def make_fichier(content: Content) -> FichierEleves:
    """The records of a ``BEE_ELEVES`` file.

    Raises FichierRefuse entete_incomplete.
    """
    entete = make_entete(content, TypeFichier.ELEVES)
    structures: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for eleve_id, paires in content.fiches.get("structures", ()):
        structures[eleve_id] += paires
    options: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for eleve_id, lues in content.fiches.get("options", ()):
        options[eleve_id] += lues
    frames = content.fiches.pop("eleves", [])
    connus = {frame.get("@ELEVE_ID", "") for frame in frames}
    frames.reverse()
    eleves = []
    while frames:  # popped, so that a frame does not outlive its record
        frame = frames.pop()
        eleve_id = frame.get("@ELEVE_ID", "")
        eleves.append(_make_eleve(frame, structures.get(eleve_id, []), sorted(options.get(eleve_id, []), key=_rank)))
    noms = (nom for e in eleves for nom in (e.nom_de_famille, e.nom_usage, e.prenom))
    return FichierEleves(
        entete=entete,
        inconnus=content.inconnus,
        remarques=(*make_remarques(content, noms), *_about_structures(structures, connus)),
        eleves=tuple(eleves),
    )


def _rank(option: tuple[int, str]) -> int:
    return option[0]


def _make_eleve(frame: Frame, structures: list[tuple[str, str]], options: list[tuple[int, str]]) -> Eleve:
    get = frame.get
    dernier = first(frame, "SCOLARITE_AN_DERNIER").get
    return Eleve(
        eleve_id=get("@ELEVE_ID", ""),
        nom_de_famille=get("NOM_DE_FAMILLE") or get("NOM", ""),
        prenom=get("PRENOM", ""),
        date_naissance=get("DATE_NAISS"),
        elenoet=get("@ELENOET") or get("ELENOET", ""),
        ine=get("ID_NATIONAL", ""),
        ine_bea=get("INE_BEA", ""),
        ine_rnie=get("INE_RNIE", ""),
        id_prv_ele=get("ID_PRV_ELE", ""),
        nom_usage=get("NOM_USAGE", ""),
        prenom2=get("PRENOM2", ""),
        prenom3=get("PRENOM3", ""),
        sexe=get("CODE_SEXE", ""),
        pays_naissance=get("CODE_PAYS", ""),
        commune_naissance=get("CODE_COMMUNE_INSEE_NAISS", ""),
        ville_naissance=get("VILLE_NAISS", ""),
        nationalite=get("CODE_PAYS_NAT", ""),
        regime=get("CODE_REGIME", ""),
        statut=get("CODE_STATUT", ""),
        mef=get("CODE_MEF", ""),
        date_entree=get("DATE_ENTREE"),
        date_sortie=get("DATE_SORTIE"),
        motif_sortie=get("CODE_MOTIF_SORTIE", ""),
        provenance=get("CODE_PROVENANCE", ""),
        doublement=get("DOUBLEMENT", ""),
        rne_an_dernier=dernier("CODE_RNE", ""),
        mef_an_dernier=dernier("CODE_MEF", ""),
        division=next((code for type_, code in structures if type_ == TypeStructure.DIVISION), ""),
        groupes=tuple(code for type_, code in structures if type_ == TypeStructure.GROUPE),
        options=tuple(code for _, code in options),
    )


def _about_structures(structures: dict[str, list[tuple[str, str]]], connus: set[str]) -> Iterator[Remarque]:
    yield from count_remarque(
        "structures_sans_eleve",
        sum(eleve_id not in connus for eleve_id in structures),
        "bloc de structures ne correspond à aucun élève du fichier ; il n'a pas été retenu.",
        "blocs de structures ne correspondent à aucun élève du fichier ; ils n'ont pas été retenus.",
    )
    yield from count_remarque(
        "plusieurs_divisions",
        sum(sum(type_ == TypeStructure.DIVISION for type_, _ in paires) > 1 for paires in structures.values()),
        "élève a plusieurs divisions ; seule la première a été retenue.",
        "élèves ont plusieurs divisions ; seule la première de chacun a été retenue.",
    )
    types = (TypeStructure.DIVISION, TypeStructure.GROUPE)
    yield from count_remarque(
        "structure_sans_type",
        sum(type_ not in types for paires in structures.values() for type_, _ in paires),
        "structure d'élève n'est ni une division (D) ni un groupe (G) ; elle n'a pas été retenue.",
        "structures d'élèves ne sont ni des divisions (D) ni des groupes (G) ; elles n'ont pas été retenues.",
    )
