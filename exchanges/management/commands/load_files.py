"""Load schools from their SIECLE and STS files, as the browser does."""

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import CommandError

from exchanges.management.commande import Commande
from exchanges.models import Academie, Etablissement, ProjetENT
from exchanges.parsers import FichierRefuse, read
from exchanges.parsers.records import Fichier, FichierCommun, FichierSTS
from exchanges.pipeline.chargements import ConfirmationRetraits, apply_chargement, control_files
from exchanges.propagation.horloge import Horloge


PROJET_PAR_DEFAUT = "ENT par défaut"


class Command(Commande):
    help = (
        "Charge les exports de SIECLE et de STS-Web d'un ou plusieurs établissements. Un établissement inconnu est "
        "créé dans une académie simulée (--reel : dans une académie réelle, dont l'horloge ne se déplace pas)."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER", help="fichiers .xml ou .zip")
        parser.add_argument("--reel", action="store_true", help="créer l'académie en temps réel")
        parser.add_argument(
            "--confirm-removals",
            action="store_true",
            help="accepter qu'un chargement retire plus de 10 %% d'une table",
        )

    def run(self, fichiers, reel, confirm_removals, **options):
        par_uai, refus = _sort_by_uai(fichiers)
        reponses = [self._load(uai, lus, reel, confirm_removals) for uai, lus in sorted(par_uai.items())]
        self.answer({"etablissements": reponses, "refus": refus})
        for ligne in refus:
            self.say(self.style.ERROR(f"{ligne['nom']} : {ligne['message']}") + f"\n  {ligne['action']}")
        if refus or not all(ligne["sans_gravite"] for reponse in reponses for ligne in reponse["refus"]):
            raise CommandError("Au moins un fichier a été refusé.", returncode=2)

    def _load(self, uai, lus, reel, confirm_removals):
        etablissement = _find_or_create(uai, [fichier for _, fichiers in lus for fichier in fichiers], reel)
        now = Horloge(etablissement.academie).maintenant
        with ExitStack() as pile:
            ouverts = [(chemin.name, pile.enter_context(chemin.open("rb"))) for chemin, _ in lus]
            chargement, lot = control_files(etablissement, ouverts, None, now)
        refus = [asdict(r) | {"sans_gravite": r.is_sans_gravite} for r in lot.refus]
        for ligne in refus:
            texte = f"{uai} {ligne['nom']} : {ligne['message']}"
            self.say(texte if ligne["sans_gravite"] else self.style.ERROR(texte))
        tables = []
        if chargement is not None:
            try:
                apply_chargement(chargement, None, now, confirm_removals)
            except ConfirmationRetraits as exc:
                raise CommandError(
                    f"{uai} : ce chargement retirerait plus de 10 % des {exc}. Rien n'a été modifié. "
                    "Relancez avec --confirm-removals si c'est voulu."
                ) from exc
            tables = chargement.resume["tables"]
        self.say(f"{etablissement} : {len(lot.sources)} fichiers chargés")
        for ligne in tables:
            if ligne["ajoutes"] or ligne["modifies"] or ligne["retires"]:
                self.say("  {table} : {ajoutes} ajoutés, {modifies} modifiés, {retires} retirés".format(**ligne))
        return {"uai": uai, "fichiers": [nom for nom, _ in lot.sources], "tables": tables, "refus": refus}


def _sort_by_uai(chemins):
    """Files by the UAI they carry; those that cannot be read are refused at once."""
    par_uai, refus = defaultdict(list), []
    for chemin in map(Path, chemins):
        try:
            with chemin.open("rb") as flux:
                lus = [source.fichier for source in read(flux, chemin.name)]
            par_uai[lus[0].entete.uai].append((chemin, lus))
        except FichierRefuse as exc:
            refus.append({"nom": chemin.name, "code": str(exc.code), "message": exc.message, "action": exc.action})
        except OSError:
            refus.append(
                {
                    "nom": chemin.name,
                    "code": "fichier_introuvable",
                    "message": f"{chemin} ne peut pas être ouvert.",
                    "action": "Vérifiez le chemin du fichier.",
                }
            )
    return par_uai, refus


def _find_or_create(uai: str, fichiers: list[Fichier], reel: bool) -> Etablissement:
    trouve = Etablissement.objects.select_related("academie", "projet_ent").filter(uai=uai).first()
    if trouve:
        return trouve
    sts = next((f for f in fichiers if isinstance(f, FichierSTS)), None)
    commun = next((f for f in fichiers if isinstance(f, FichierCommun)), None)
    code = (sts.academie_code if sts else "") or "inconnue"
    academie, _ = Academie.objects.get_or_create(
        code=code if reel else f"{code}-simulee",
        defaults={"nom": (sts.academie_libelle if sts else "") or "Académie", "is_simulee": not reel},
    )
    projet, _ = ProjetENT.objects.get_or_create(nom=PROJET_PAR_DEFAUT)
    return Etablissement.objects.create(
        uai=uai,
        denomination=(sts.denomination if sts else "") or (commun.denomination if commun else "") or uai,
        type=sts.sigle if sts else "",
        academie=academie,
        projet_ent=projet,
    )
