"""An élève: is she in SIECLE, may she go up, does the deposit put her where she should be?"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from checklists.diagnostic.comptes import describe_compte, find_login_faux, read_compte
from checklists.diagnostic.contexte import Contexte
from checklists.diagnostic.modele import Cible, CompteVu, CoucheChaine, Examen, Portee, Probleme
from exchanges.enums import Couche
from exchanges.models import AnomalieDepot, Constat, FicheEleve, FicheGroupe, LienGroupe
from exchanges.reports.aaf.flux import Structures, stream_eleves
from exchanges.reports.constats import ELEVES_EN_DOUBLE
from exchanges.rules.eligibilite import EleveVu
from exchanges.rules.logins import fold_nom
from exchanges.templatetags.entsite import jour, jour_annee


SIECLE, EDT, STS = CoucheChaine.SIECLE, CoucheChaine.EDT, CoucheChaine.STS
REJETS = ("REJELEGROUPE_01", "REJELEGROUPE_02")


@dataclass
class FaitsEleve:
    """What the layers know of an élève.

    Attributes:
        vu: as the AAF would read her now; ``None`` when SIECLE does not hold her.
        parti_le: when she left the export of SIECLE, if she was ever there.
        ailleurs: name of the other school where her INE is active.
        jumeau: ELEVE_ID of another fiche of the school under the same INE.
        double: ELEVE_ID of the fiche that seems to be hers too, and whether that one holds the INE.
        rejets: lines of the last deposit about her, by code and groupe.
        mefs: MEFs of the groupes of SIECLE, by code; ``sts`` codes of those of STS.
    """

    nom: str
    depot_le: date | None
    vu: EleveVu | None = None
    connu_le: date | None = None
    parti_le: date | None = None
    ailleurs: str = ""
    jumeau: str = ""
    double: str = ""
    rejets: tuple[AnomalieDepot, ...] = ()
    rejet_homonyme: bool = False
    is_absent: bool = False
    is_absent_seul: bool = False
    mefs: dict[str, list[str]] = field(default_factory=dict)
    sts: frozenset[str] = frozenset()
    prevus: frozenset[str] = frozenset()
    compte: CompteVu = field(default_factory=CompteVu)


def examine_eleve(contexte: Contexte, cible: Cible) -> Examen:
    """Everything of the school's own layers about an élève."""
    faits = read_faits(contexte, cible)
    problemes = [*find_problemes(faits)]
    if not problemes:
        problemes = find_login_faux(contexte, faits.nom, faits.compte, eleve=cible.cle)
    preuves: dict[CoucheChaine, tuple[str, date | None]] = {}
    if faits.vu:
        preuves[SIECLE] = _tell_siecle(faits.vu), faits.connu_le
    if faits.depot_le and not faits.is_absent:
        preuves[EDT] = f"Dans le fichier élèves-groupes importé {jour(faits.depot_le)}.", faits.depot_le
    return Examen(
        titre=faits.nom,
        problemes=tuple(problemes),
        preuves=preuves,
        voir=lambda instant: see_eleve(contexte, cible.pk, instant),
        attendu=see_eleve(contexte, cible.pk, contexte.fin),
        compte=faits.compte,
        identifiants=(("ELEVE_ID", cible.cle), ("INE", faits.vu.ine if faits.vu else "")),
    )


def _tell_siecle(vu: EleveVu) -> str:
    groupes = f" ; groupes : {', '.join(vu.groupes)}" if vu.groupes else " ; aucun groupe"
    return f"Fiche complète, avec INE ; classe {vu.division or 'non affectée'}{groupes}."


def see_eleve(contexte: Contexte, pk: int | None, instant: datetime) -> Hashable:
    """What the ENT shows of her with the facts of an instant."""
    vu = read_vu(contexte, pk, instant)
    return None if vu is None or vu.motif else (vu.division, vu.groupes)


def read_vu(contexte: Contexte, pk: int | None, instant: datetime) -> EleveVu | None:
    """An élève as the AAF reads her at an instant."""
    portee = contexte.portee(instant, eleves=frozenset([pk] if pk else []))
    return next(stream_eleves(portee, Structures(portee)), None)


def read_faits(contexte: Contexte, cible: Cible) -> FaitsEleve:
    """Gather the facts: the fiche, its namesakes, the last deposit."""
    fiches = FicheEleve.objects.filter(eleve=cible.pk, depuis__lte=contexte.fin).order_by("depuis") if cible.pk else ()
    fiche = list(fiches)[-1] if fiches else None
    depot = contexte.depot
    rejets = _rejets(contexte, cible)
    nom = fiche.nom_complet if fiche else (rejets[0].nom if rejets else f"L'élève {cible.cle}")
    faits = FaitsEleve(nom=nom, depot_le=contexte.local_day(depot.importe_le) if depot else None, rejets=rejets)
    if fiche is None:
        return faits
    faits.vu = read_vu(contexte, cible.pk, contexte.fin)
    faits.compte = read_compte(contexte, fiche.eleve.jointure_id)
    if faits.vu is None:
        faits.parti_le = contexte.local_day(fiche.jusqua)
        return faits
    faits.connu_le = contexte.local_day(fiche.depuis)
    faits.ailleurs, faits.jumeau = _namesakes(contexte, fiche)
    faits.double = _double(contexte, cible.cle) if not fiche.ine else ""
    _read_structures(contexte, faits)
    _read_absence(contexte, cible, faits, fiche)
    faits.prevus = frozenset(code for eleve_id, code in contexte.liens_prevus if eleve_id == cible.cle)
    return faits


def _rejets(contexte: Contexte, cible: Cible) -> tuple[AnomalieDepot, ...]:
    if contexte.depot is None:
        return ()
    lignes = contexte.depot.anomalies.all()
    return tuple(lignes.filter(eleve=cible.pk) if cible.pk else lignes.filter(eleve=None, reference=cible.cle))


def _namesakes(contexte: Contexte, fiche: FicheEleve) -> tuple[str, str]:
    """The name of another school, and the ELEVE_ID of another fiche of this one, under the same INE."""
    if not fiche.ine:
        return "", ""
    autres = FicheEleve.objects.as_of(contexte.fin).filter(
        ine=fiche.ine, etablissement__academie=contexte.etablissement.academie_id
    )
    autres = autres.exclude(eleve=fiche.eleve_id).exclude(date_sortie__lte=contexte.jour)
    ici = autres.filter(etablissement=contexte.etablissement).values_list("eleve__eleve_id", flat=True).first()
    ailleurs = autres.exclude(etablissement=contexte.etablissement).select_related("etablissement").first()
    return (ailleurs.etablissement.denomination if ailleurs else ""), ici or ""


def _double(contexte: Contexte, eleve_id: str) -> str:
    """The ELEVE_ID of the fiche, with an INE, that seems to be hers."""
    paires = Constat.objects.filter(etablissement=contexte.etablissement, liste=ELEVES_EN_DOUBLE)
    ids = {autre for paire in paires.values_list("eleve", "autre") for autre in paire if eleve_id in paire} - {
        eleve_id
    }
    fiches = FicheEleve.objects.as_of(contexte.fin).filter(
        etablissement=contexte.etablissement, eleve__eleve_id__in=ids
    )
    return fiches.exclude(ine="").values_list("eleve__eleve_id", flat=True).first() or ""


def _read_structures(contexte: Contexte, faits: FaitsEleve) -> None:
    codes = {rejet.objet for rejet in faits.rejets if rejet.objet}
    if not codes:
        return
    fiches = FicheGroupe.objects.as_of(contexte.fin).filter(
        etablissement=contexte.etablissement, groupe__code__in=codes
    )
    lignes = list(fiches.values_list("couche", "groupe__code", "mefs"))
    faits.mefs = {code: mefs for couche, code, mefs in lignes if couche == Couche.BEE}
    faits.sts = frozenset(code for couche, code, _ in lignes if couche == Couche.STS)


def _read_absence(contexte: Contexte, cible: Cible, faits: FaitsEleve, fiche: FicheEleve) -> None:
    """Whether the last deposit left her out, and whether it holds most of her division."""
    depot = contexte.depot
    if depot is None or depot.importe_le is None:
        return
    absents = set(depot.absents_ids)
    premiere = FicheEleve.objects.filter(eleve=cible.pk).order_by("depuis").values_list("depuis", flat=True).first()
    is_plus_tard = premiere is not None and premiere > depot.importe_le
    has_groupe = LienGroupe.objects.as_of(contexte.fin).filter(eleve=cible.pk).exists()
    faits.is_absent = (cible.cle in absents or is_plus_tard) and not has_groupe
    if not faits.is_absent:
        return
    rejetes = AnomalieDepot.objects.filter(depot=depot, code__in=REJETS).values_list("nom", flat=True)
    noms = {fold_nom(f"{nom} {fiche.prenom}") for nom in (fiche.nom_de_famille, fiche.nom_usage) if nom}
    faits.rejet_homonyme = any(fold_nom(nom) in noms for nom in rejetes)
    camarades = FicheEleve.objects.as_of(contexte.fin).filter(division=fiche.division_id).exclude(eleve=cible.pk)
    ids = set(camarades.values_list("eleve__eleve_id", flat=True)) if fiche.division_id else set()
    faits.is_absent_seul = bool(ids) and len(ids & absents) * 2 < len(ids)


# --- Pure rules of rupture ----------------------------------------------------------------------


def find_problemes(faits: FaitsEleve) -> Iterator[Probleme]:
    """Every broken link of an élève in the layers of her school."""
    if faits.vu is None:
        yield _find_inconnu(faits)
        return
    compte = _find_sans_compte(faits, faits.vu)
    if compte:
        code, preuve = compte
        suite = describe_compte(faits.compte)
        symptome = f"{faits.nom} n'a pas de compte dans l'ENT."
        if code == "eleve_sorti":
            symptome = f"{faits.nom} est sorti : l'ENT ne le montre plus."
        elif code == "GROUPE_B_01":
            symptome = f"{faits.nom} n'a ni compte ni groupe dans l'ENT."
        yield Probleme(SIECLE, code, symptome, f"{preuve} {suite}".strip(), Portee.EXISTENCE, faits.connu_le)
        return
    yield from _find_absence(faits)
    yield from _find_rejets(faits, faits.vu)


def _find_inconnu(faits: FaitsEleve) -> Probleme:
    symptome = f"{faits.nom} n'a pas de compte dans l'ENT."
    rejet = next((rejet for rejet in faits.rejets if rejet.code in REJETS), None)
    if rejet:
        return Probleme(SIECLE, rejet.code, symptome, rejet.message, Portee.EXISTENCE, faits.depot_le)
    if faits.parti_le:
        preuve = f"Absent de l'export Élèves depuis {jour_annee(faits.parti_le)}. {describe_compte(faits.compte)}"
        return Probleme(SIECLE, "eleve_plus_dans_siecle", symptome, preuve.strip(), Portee.EXISTENCE, faits.parti_le)
    return Probleme(
        SIECLE, "eleve_inconnu", symptome, "Aucun export de SIECLE ne porte cet identifiant.", Portee.EXISTENCE
    )


def _find_sans_compte(faits: FaitsEleve, vu: EleveVu) -> tuple[str, str] | None:
    """Why she has no account, and the proof; ``None`` when she may have one."""
    if vu.motif is None:
        return None
    if vu.motif.code == "eleve_sorti":
        return "eleve_sorti", f"Sa fiche porte la date de sortie du {jour_annee(vu.date_sortie)}."
    if not vu.ine:
        if faits.double:
            return "eleve_en_double", f"Cette fiche n'a pas d'INE ; la fiche {faits.double} semble être la sienne."
        return "ine_manquant", "Sa fiche n'a pas d'INE."
    if vu.manques:
        return _find_manque(faits, vu)
    if faits.jumeau:
        return "ine_en_double", f"La fiche {faits.jumeau} de l'établissement porte le même INE."
    return "multi_inscription", f"Son INE est actif aussi dans l'établissement « {faits.ailleurs} »."


def _find_manque(faits: FaitsEleve, vu: EleveVu) -> tuple[str, str]:
    preuve = f"Il manque à sa fiche : {', '.join(vu.manques)}."
    if not vu.mef:
        is_rejete = any(rejet.code == "GROUPE_B_01" for rejet in faits.rejets)
        return ("GROUPE_B_01" if is_rejete else "eleve_sans_mef"), preuve
    return ("eleve_sans_division" if not vu.division else "fiche_bloquante"), preuve


def _find_absence(faits: FaitsEleve) -> Iterator[Probleme]:
    if not faits.is_absent:
        return
    symptome = f"{faits.nom} n'est dans aucun groupe de l'ENT."
    if faits.prevus:
        preuve = f"Le fichier déposé, qui attend la nuit, met l'élève dans {', '.join(sorted(faits.prevus))}."
        yield Probleme(SIECLE, "depot_en_attente", symptome, preuve, Portee.PLACE, is_en_attente=True)
    elif faits.rejet_homonyme:
        preuve = f"Le fichier importé {jour(faits.depot_le)} le nomme sous un identifiant que SIECLE ne reconnaît pas."
        yield Probleme(EDT, "REJELEGROUPE_02", symptome, preuve, Portee.PLACE, faits.depot_le)
    elif faits.is_absent_seul:
        preuve = f"Absent du fichier importé {jour(faits.depot_le)}, qui contient la plupart de sa classe."
        yield Probleme(EDT, "eleve_absent_du_depot", symptome, preuve, Portee.PLACE, faits.depot_le)


def _find_rejets(faits: FaitsEleve, vu: EleveVu) -> Iterator[Probleme]:
    """What the last deposit was refused for her, as it stands now."""
    for rejet in faits.rejets:
        if rejet.objet in vu.groupes or rejet.code not in ("GROUPE_A_01", "GROUPE_B_01", "GROUPE_B_02"):
            continue
        symptome = f"{faits.nom} n'est pas dans le groupe {rejet.objet} de l'ENT."
        if not rejet.objet:
            symptome = f"{faits.nom} n'est dans aucun groupe de l'ENT."
        preuve = f"Fichier importé {jour(faits.depot_le)} : {rejet.message}"
        if rejet.objet in faits.prevus:
            attente = f"Rejet du {jour(faits.depot_le)} ; le fichier qui attend la nuit le répare."
            yield Probleme(SIECLE, "depot_en_attente", symptome, attente, Portee.PLACE, is_en_attente=True)
        elif _is_repare(rejet, faits, vu):
            yield Probleme(SIECLE, "depot_non_refait", symptome, preuve, Portee.PLACE, faits.depot_le)
        else:
            faire = rejet.action if rejet.code == "GROUPE_A_01" and rejet.objet not in faits.sts else ""
            yield Probleme(SIECLE, rejet.code, symptome, preuve, Portee.PLACE, faits.depot_le, faire=faire)


def _is_repare(rejet: AnomalieDepot, faits: FaitsEleve, vu: EleveVu) -> bool:
    """Whether what made SIECLE refuse is no longer so."""
    if rejet.code == "GROUPE_A_01":
        return rejet.objet in faits.mefs
    if rejet.code == "GROUPE_B_01":
        return bool(vu.mef)
    return vu.mef in faits.mefs.get(rejet.objet, ())
