"""The referentiel of the rules, from the database or from parsed files."""

from exchanges.enums import Couche
from exchanges.importer.compare import LigneCourante
from exchanges.models import Etablissement, FicheDivision, FicheEleve, FicheGroupe
from exchanges.parsers import records
from exchanges.rules.referentiel import EleveConnu, Referentiel, mefs_par_groupe


_CHAMPS_ELEVE = (
    *("eleve__eleve_id", "nom_de_famille", "prenom", "date_naissance", "nom_usage", "prenom2", "prenom3"),
    *("ine", "id_prv_ele", "mef", "division__code", "date_entree", "date_sortie"),
)


def read_referentiel(etablissement: Etablissement, liens: dict[tuple[str, str], LigneCourante]) -> Referentiel:
    """What SIECLE knows of the school now.

    Args:
        etablissement: the school.
        liens: its open élève-groupe links, as read by ``read_courants(LIENS_GROUPE, …)``.
    """
    # In one order always: of two élèves with one INE, the night must find the one that was announced.
    fiches = FicheEleve.objects.courants().filter(etablissement=etablissement).order_by("eleve_id")
    fiches = fiches.values_list(*_CHAMPS_ELEVE)
    eleves = tuple(EleveConnu(*(*champs[:10], champs[10] or "", *champs[11:])) for champs in fiches)
    return Referentiel(
        eleves=eleves or None,
        mefs_des_groupes=_mefs_des_groupes(etablissement),
        groupes_sts=_groupes_sts(etablissement),
        periode=_periode(etablissement),
        liens={cle: ligne.valeurs for cle, ligne in liens.items()},
    )


def _mefs_des_groupes(etablissement):
    fiches = FicheGroupe.objects.courants().filter(etablissement=etablissement, couche=Couche.BEE)
    divisions = FicheDivision.objects.courants().filter(etablissement=etablissement, couche=Couche.BEE)
    mefs_des_divisions = dict(divisions.values_list("division__code", "mefs"))
    groupes = [
        records.Groupe(code=code, mefs=tuple(mefs), divisions=tuple(codes))
        for code, mefs, codes in fiches.values_list("groupe__code", "mefs", "divisions")
    ]
    if not groupes and not mefs_des_divisions:
        return None
    return mefs_par_groupe(groupes, mefs_des_divisions)


def _groupes_sts(etablissement):
    sts = {"etablissement": etablissement, "couche": Couche.STS}
    codes = frozenset(FicheGroupe.objects.courants().filter(**sts).values_list("groupe__code", flat=True))
    return codes if codes or FicheDivision.objects.courants().filter(**sts).exists() else None


def _periode(etablissement):
    if etablissement.debut_eleves is None:
        return None
    return records.Periode(etablissement.debut_eleves, etablissement.fin_eleves)
