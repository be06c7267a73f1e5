"""Judge files without a database: what SIECLE would do tonight, or what is wrong in the base."""

from pathlib import Path
from typing import Any

from exchanges.enums import Gravite, TypeFichier
from exchanges.management.commande import Commande
from exchanges.parsers import FichierRefuse, Source, check_annee, check_uai, read, read_depot
from exchanges.parsers.records import Fichier, FichierElegroupe
from exchanges.rules import catalogue, coherence, lecture
from exchanges.rules.base import Anomalie
from exchanges.rules.dossier import check_regles, read_base
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.rules.verdict import Verdict, check_elegroupe


RETOURS = {"conforme": 0, "anomalies": 1, "refuse": 2}
MAX_PARAGRAPHES = 20
MAX_ELEVES = 8


class Command(Commande):
    help = (
        "Contrôle des fichiers sans base de données : un ZIP ELEGROUPE et les exports de SIECLE de l'établissement, "
        "dans n'importe quel ordre. Code retour : 0 conforme, 1 anomalies, 2 refusé."
    )
    requires_system_checks = ()

    def add_own_arguments(self, parser):
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER", help="fichiers .xml ou .zip")
        parser.add_argument("--uai", help="établissement attendu (par défaut celui des exports)")
        parser.add_argument("--annee", help="millésime attendu (par défaut celui des exports)")

    def run(self, fichiers, uai, annee, **options):
        sources, refus = _read_all(fichiers)
        depots = [s.fichier for s in sources if isinstance(s.fichier, FichierElegroupe)]
        autres = [s.fichier for s in sources if not isinstance(s.fichier, FichierElegroupe)]
        entete = next((f.entete for f in (*autres, *depots)), None)
        uai, annee = uai or (entete.uai if entete else ""), annee or (entete.annee if entete else "")
        refus += [r for depot in depots[-1:] if (r := _refus_du_depot(depot, uai, annee))]
        verdict = None
        anomalies = [a for source in sources for a in lecture.check_lecture(source.fichier)]
        anomalies += coherence.check_coherence(autres, uai, annee)
        if depots and not refus:
            verdict, trouvees = _judge(depots[-1], autres)
            anomalies += trouvees
        elif not depots:
            anomalies += check_regles(catalogue.DOSSIER, read_base(autres))
        reponse = _answer(sources, refus, verdict, anomalies)
        self.answer(reponse)
        self._tell(reponse)
        raise SystemExit(RETOURS[reponse["verdict"]])

    def _tell(self, reponse: dict[str, Any]) -> None:
        for fichier in reponse["fichiers"]:
            self.say(f"{fichier['nom']} : {fichier['type']}, {fichier['uai']}, année {fichier['annee']}")
        for refus in reponse["refus"]:
            self.say(self.style.ERROR(f"REFUSÉ  {refus['message']}") + f"\n        {refus['action']}")
        if reponse["eleves_lus"] is not None:
            liens = reponse["liens"]
            self.say(f"{reponse['eleves_lus']} élèves lus")
            if liens["crees"] is not None:
                self.say(
                    f"{liens['crees']} liens créés, {liens['clos']} supprimés, {liens['inchanges']} inchangés ; "
                    f"{reponse['absents']} élèves scolarisés absents, {reponse['absents_sortis']} sortis"
                )
        self._tell_anomalies(reponse["anomalies"])
        self.say(f"Verdict : {reponse['verdict']}")

    def _tell_anomalies(self, anomalies: list[dict[str, str]]) -> None:
        """By repair, as a screen shows them: one paragraph for one groupe, whatever the number of élèves."""
        par_remede: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for anomalie in anomalies:
            par_remede.setdefault((anomalie["code"], anomalie["objet"], anomalie["action"]), []).append(anomalie)
        for (code, _, action), occurrences in list(par_remede.items())[:MAX_PARAGRAPHES]:
            self.say(self.style.WARNING(f"{code} × {len(occurrences)}") + f"  {occurrences[0]['message']}")
            ids = [anomalie["eleve_id"] for anomalie in occurrences if anomalie["eleve_id"]]
            if len(ids) > 1:
                self.say(f"    élèves : {', '.join(ids[:MAX_ELEVES])}{' …' if len(ids) > MAX_ELEVES else ''}")
            self.say(f"    → {action}")
        reste = len(par_remede) - MAX_PARAGRAPHES
        if reste > 0:
            self.say(f"… et {reste} autres cas (tous avec --json)")


def _read_all(chemins: list[str]) -> tuple[list[Source], list[FichierRefuse]]:
    sources: list[Source] = []
    refus: list[FichierRefuse] = []
    for chemin in map(Path, chemins):
        try:
            with chemin.open("rb") as flux:
                sources += _read_one(flux, chemin.name)
        except FichierRefuse as exc:
            refus.append(exc)
        except OSError:
            refus.append(
                FichierRefuse(
                    "fichier_introuvable", f"{chemin} ne peut pas être ouvert.", "Vérifiez le chemin du fichier."
                )
            )
    return sources, refus


def _read_one(flux, nom: str) -> tuple[Source, ...]:
    """A bare élève-groupe XML cannot be deposited: SIECLE wants the ZIP."""
    sources = read(flux, nom)
    if any(s.fichier.entete.type == TypeFichier.ELEGROUPE for s in sources) and not nom.lower().endswith(".zip"):
        return (read_depot(flux, nom),)
    return sources


def _refus_du_depot(depot: FichierElegroupe, uai: str, annee: str) -> FichierRefuse | None:
    try:
        check_uai(uai, depot.entete)
        check_annee(annee, depot.entete)
    except FichierRefuse as exc:
        return exc
    return None


def _judge(depot: FichierElegroupe, autres: list[Fichier]) -> tuple[Verdict | None, list[Anomalie]]:
    referentiel = referentiel_from_files(autres)
    manques = lecture.check_materiel(referentiel)
    if referentiel.eleves is None:
        return None, manques
    verdict = check_elegroupe(depot, referentiel)
    return verdict, [*manques, *verdict.anomalies]


def _answer(
    sources: list[Source], refus: list[FichierRefuse], verdict: Verdict | None, anomalies: list[Anomalie]
) -> dict[str, Any]:
    depots = [s.fichier for s in sources if isinstance(s.fichier, FichierElegroupe)]
    graves = [a for a in anomalies if a.gravite != Gravite.INFORMATION]
    bloquantes = [a for a in anomalies if a.gravite == Gravite.BLOQUANTE]
    chiffres = verdict.chiffres() if verdict else {}
    return {
        "fichiers": [
            {
                "nom": s.nom,
                "type": str(s.fichier.entete.type),
                "uai": s.fichier.entete.uai,
                "annee": s.fichier.entete.annee,
            }
            for s in sources
        ],
        "verdict": "refuse" if refus or bloquantes else "anomalies" if graves else "conforme",
        "refus": [{"code": str(r.code), "message": r.message, "action": r.action} for r in refus]
        + [{"code": a.code, "message": a.message, "action": a.action} for a in bloquantes],
        "eleves_lus": len(depots[-1].eleves) if depots and not refus else None,
        "absents": chiffres.get("absents"),
        "absents_sortis": chiffres.get("absents_sortis"),
        "liens": {cle: chiffres.get(f"liens_{cle}") for cle in ("crees", "clos", "inchanges")},
        "anomalies": [
            {
                "code": a.code,
                "gravite": str(a.gravite),
                "eleve_id": a.eleve_id,
                "objet": a.objet,
                "message": a.message,
                "action": a.action,
            }
            for a in anomalies
            if a.gravite != Gravite.BLOQUANTE
        ],
    }
