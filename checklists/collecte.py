"""Gather the facts of one school for one rentrée: a few queries, counts and codes only, no name."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from checklists.annees import Rentree
from checklists.faits import DepotVu, Effectifs, ExportSTS, Faits, Fichier, PassageVu
from exchanges.enums import (
    Couche,
    EtatChargement,
    EtatDepot,
    EtatPassage,
    NatureActe,
    OrigineActe,
    Relais,
    TypeFichier,
)
from exchanges.models import (
    Etablissement,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheMatiere,
    FicheMef,
    FicheResponsable,
    FicheService,
    FichierCharge,
    LienGroupe,
)
from exchanges.reports.accueil import unresolved


ENTREES = timedelta(days=123)  # an élève who came in since then is new for this rentrée
MILLESIME = slice(17, 21)  # UAI, ELEGROUPE, then the millésime, in the name of a deposit


def read_faits(rentree: Rentree, maintenant: datetime) -> Faits:
    """Everything that the proofs look at, as of ``maintenant`` (the school's own time)."""
    etablissement = rentree.etablissement
    fichiers = _fichiers(etablissement, rentree.annee, maintenant)
    structures = _structures(etablissement)
    mefs, matieres = _nomenclature(etablissement)
    dernier, importe = _depots(etablissement, rentree.annee)
    return Faits(
        annee=rentree.annee,
        rentree=rentree.jour,
        maintenant=maintenant,
        reglage=rentree.reglage,
        fichiers=fichiers,
        divisions_sts=structures["divisions", Couche.STS],
        divisions_bee=structures["divisions", Couche.BEE],
        groupes_sts=structures["groupes", Couche.STS],
        groupes_bee=structures["groupes", Couche.BEE],
        mefs=mefs,
        mefs_utilises=_mefs_utilises(etablissement),
        matieres=frozenset(matieres),
        has_etp=any(matieres.values()),
        effectifs=_effectifs(rentree) if TypeFichier.ELEVES in fichiers else Effectifs(),
        sts_modifie_le=etablissement.sts_modifie_le,
        export_structure=_export(etablissement, NatureActe.EXPORT_STRUCTURE),
        export_services=_export(etablissement, NatureActe.EXPORT_SERVICES),
        dernier_depot=dernier,
        dernier_import=importe,
        passage_ent=_passage(etablissement, importe),
        **_services(etablissement),
    )


def _fichiers(etablissement: Etablissement, annee: str, maintenant: datetime) -> dict[TypeFichier, Fichier]:
    """The last file of each type that was loaded for the year."""
    lignes = (
        FichierCharge.objects.filter(
            chargement__etablissement=etablissement, chargement__etat=EtatChargement.APPLIQUE, annee=annee
        )
        .order_by("chargement__applique_le", "pk")
        .values_list("type", "nom", "horodatage", "chargement__applique_le")
    )
    return {
        TypeFichier(type_): Fichier(nom, (horodatage or charge_le).astimezone(maintenant.tzinfo), charge_le)
        for type_, nom, horodatage, charge_le in lignes
    }


def _structures(etablissement: Etablissement) -> dict[tuple[str, str], frozenset[str]]:
    codes = {}
    for nom, modele, champ in (
        ("divisions", FicheDivision, "division__code"),
        ("groupes", FicheGroupe, "groupe__code"),
    ):
        lignes = list(_courants(modele, etablissement).values_list("couche", champ))
        for couche in Couche:
            codes[nom, couche] = frozenset(code for la_sienne, code in lignes if la_sienne == couche)
    return codes


def _courants(modele, etablissement: Etablissement) -> QuerySet:
    return modele.objects.courants().filter(etablissement=etablissement)


def _nomenclature(etablissement: Etablissement) -> tuple[frozenset[str], dict[str, bool]]:
    mefs = _courants(FicheMef, etablissement).filter(is_selectionne=True).values_list("code", flat=True)
    return frozenset(mefs), dict(_courants(FicheMatiere, etablissement).values_list("code", "is_etp"))


def _mefs_utilises(etablissement: Etablissement) -> frozenset[str]:
    """The MEFs of the élèves present and of the divisions that STS prepares."""
    eleves = _presents(etablissement).exclude(mef="").values_list("mef", flat=True).distinct()
    divisions = _courants(FicheDivision, etablissement).filter(couche=Couche.STS).values_list("mefs", flat=True)
    return frozenset(eleves) | {mef for mefs in divisions for mef in mefs}


def _services(etablissement: Etablissement) -> dict[str, object]:
    lignes = (
        _courants(FicheService, etablissement).filter(couche=Couche.STS).values_list("service__matiere", flat=True)
    )
    matieres = list(lignes)
    return {"services": len(matieres), "matieres_utilisees": frozenset(matieres)}


def _presents(etablissement: Etablissement) -> QuerySet:
    return _courants(FicheEleve, etablissement).filter(date_sortie__isnull=True)


def _effectifs(rentree: Rentree) -> Effectifs:
    etablissement = rentree.etablissement
    presents = _presents(etablissement)
    comptes = presents.aggregate(
        total=Count("pk"),
        entrants=Count("pk", filter=Q(date_entree__gte=rentree.jour - ENTREES)),
        sans_mef=Count("pk", filter=Q(mef="")),
        sans_division=Count("pk", filter=Q(division__isnull=True)),
        sans_ine=Count("pk", filter=Q(ine="")),
        sans_naissance=Count("pk", filter=Q(date_naissance__isnull=True)),
    )
    identite = ("nom_de_famille", "prenom", "date_naissance")
    return Effectifs(
        **comptes,
        doublons=_doubles(presents.filter(date_naissance__isnull=False), *identite),
        doublons_responsables=_doubles(
            _courants(FicheResponsable, etablissement).exclude(tel_portable="", mel=""),
            *("nom_de_famille", "prenom", "tel_portable", "mel"),
        ),
        **_voisins(etablissement, presents),
    )


def _doubles(lignes: QuerySet, *champs: str) -> int:
    """How many rows say again what another one said."""
    groupes = lignes.order_by().values(*champs).annotate(fois=Count("pk")).filter(fois__gt=1)
    return sum(fois - 1 for fois in groupes.values_list("fois", flat=True))


def _voisins(etablissement: Etablissement, presents: QuerySet) -> dict[str, int]:
    """How many of the élèves present another school of the académie still has, or has let go."""
    ailleurs = (
        FicheEleve.objects.filter(
            etablissement__academie=etablissement.academie_id,
            ine__in=list(presents.exclude(ine="").values_list("ine", flat=True)),
        )
        .exclude(etablissement=etablissement)
        .order_by()
    )
    inscrits = set(
        ailleurs.filter(jusqua__isnull=True, date_sortie__isnull=True).values_list("ine", flat=True).distinct()
    )
    connus = set(ailleurs.values_list("ine", flat=True).distinct())
    return {"inscrits_ailleurs": len(inscrits), "venus_de_l_academie": len(connus - inscrits)}


def _export(etablissement: Etablissement, nature: NatureActe) -> ExportSTS | None:
    acte = etablissement.actes.filter(nature=nature).select_related("utilisateur").order_by("instant", "pk").last()
    if acte is None:
        return None
    return ExportSTS(acte.instant, OrigineActe(acte.origine), acte.preuve, name_personne(acte.utilisateur))


def name_personne(utilisateur) -> str:
    """The name of a person of the school as the pages write it; an empty text for nobody."""
    return (utilisateur.get_full_name() or utilisateur.get_username()) if utilisateur else ""


def _depots(etablissement: Etablissement, annee: str) -> tuple[DepotVu | None, DepotVu | None]:
    """The last deposit of the year that still counts, and the last one that was imported."""
    depots = [
        depot
        for depot in etablissement.depots.exclude(etat__in=[EtatDepot.ABANDONNE, EtatDepot.REMPLACE])
        if depot.nom[MILLESIME] == annee
    ]
    dernier = next(iter(depots), None)
    importe = next((depot for depot in depots if depot.etat == EtatDepot.IMPORTE), None)
    return _depot_vu(dernier), _depot_vu(importe)


def _depot_vu(depot) -> DepotVu | None:
    if depot is None:
        return None
    nuit = depot.passages.filter(relais=Relais.SIECLE).last() if depot.etat == EtatDepot.DEPOSE else None
    return DepotVu(
        nom=depot.nom,
        etat=EtatDepot(depot.etat),
        controle_le=depot.controle_le,
        importe_le=depot.importe_le,
        refus=unresolved(depot).count() if depot.etat == EtatDepot.IMPORTE else 0,
        nuit=nuit.prevu_le if nuit else None,
    )


def _passage(etablissement: Etablissement, importe: DepotVu | None) -> PassageVu | None:
    """The last ENT passage that carried the last import, or the next one that will."""
    if importe is None:
        return None
    passages = etablissement.passages.filter(relais=Relais.ENT).order_by("prevu_le", "pk")
    fait = passages.filter(etat=EtatPassage.FAIT, source__gte=importe.importe_le).last()
    if fait:
        return PassageVu(fait.execute_le, True, _groupes_vides(etablissement, fait.source))
    prevu = passages.filter(etat=EtatPassage.PREVU).first()
    return PassageVu(prevu.prevu_le, False) if prevu else None


def _groupes_vides(etablissement: Etablissement, source: datetime) -> tuple[str, ...]:
    """The groupes of BEE as of ``source`` in which nobody who had not left was inscribed."""
    fiches = FicheEleve.objects.as_of(source).filter(etablissement=etablissement, date_sortie__isnull=True)
    presents = set(fiches.values_list("eleve", flat=True))
    liens = LienGroupe.objects.as_of(source).filter(etablissement=etablissement).values_list("eleve", "groupe")
    peuples = {groupe for eleve, groupe in liens.iterator() if eleve in presents}
    groupes = FicheGroupe.objects.as_of(source).filter(etablissement=etablissement, couche=Couche.BEE)
    codes = groupes.order_by("groupe__code").values_list("groupe", "groupe__code")
    return tuple(code for pk, code in codes if pk not in peuples)
