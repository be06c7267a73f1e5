"""Judge files without a database: what SIECLE would do tonight, or what is wrong in the base."""

from typing import Any

from exchanges.enums import Gravite
from exchanges.management import rapport
from exchanges.management.commande import Commande
from exchanges.management.dossier import Dossier, count_rows, read_dossier
from exchanges.rules import catalogue, lecture
from exchanges.rules.base import Anomalie
from exchanges.rules.dossier import check_regles, read_base
from exchanges.rules.doublons import find_multi_inscriptions
from exchanges.rules.referentiel import referentiel_from_files
from exchanges.rules.verdict import Verdict, check_elegroupe


RETOURS = {"conforme": 0, "anomalies": 1, "refuse": 2}


class Command(Commande):
    help = (
        "Contrôle des fichiers sans base de données : un ZIP ELEGROUPE et les fichiers de l'établissement "
        "(SIECLE, STS-Web, EDT), dans n'importe quel ordre. Sans ZIP ELEGROUPE, contrôle la base elle-même. "
        "Code retour : 0 conforme, 1 anomalies, 2 refusé."
    )
    requires_system_checks = ()

    def add_own_arguments(self, parser):
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER", help="fichiers .xml ou .zip")
        parser.add_argument("--uai", default="", help="établissement attendu (par défaut celui des exports)")
        parser.add_argument("--annee", default="", help="millésime attendu (par défaut celui des exports)")

    def run(self, fichiers, uai, annee, **options):
        dossier = read_dossier(fichiers, uai, annee)
        verdict, trouvees = judge_dossier(dossier)
        anomalies = [*dossier.anomalies, *trouvees]
        reponse = _answer(dossier, verdict, anomalies)
        self.answer(reponse)
        if not self.is_json:
            self._tell(dossier, verdict, anomalies, reponse)
        raise SystemExit(RETOURS[reponse["verdict"]])

    def _tell(
        self, dossier: Dossier, verdict: Verdict | None, anomalies: list[Anomalie], reponse: dict[str, Any]
    ) -> None:
        for ligne in rapport.tell_files(dossier, self.style):
            self.say(ligne)
        for refus in reponse["refus"]:
            self.say(self.style.ERROR("REFUSÉ"))
            self.say(rapport.wrap(refus["message"]))
            self.say(rapport.wrap(refus["action"], puce="→ "))
        if verdict:
            for ligne in rapport.tell_figures(verdict, self.style):
                self.say(ligne)
        elif reponse["eleves_lus"] is not None:
            self.say(f"{reponse['eleves_lus']} élèves lus")
        autres = [anomalie for anomalie in anomalies if anomalie.gravite != Gravite.BLOQUANTE]
        for ligne in rapport.tell_anomalies(autres, self.style):
            self.say(ligne)
        self.say(rapport.tell_verdict(reponse["verdict"], len(reponse["refus"]), autres, self.style))


def judge_dossier(dossier: Dossier) -> tuple[Verdict | None, list[Anomalie]]:
    """What the rules say: of the deposit when there is one that can be judged, else of the base."""
    if dossier.depot is None:
        ailleurs = find_multi_inscriptions(dossier.bases_eleves).get(dossier.uai, [])
        return None, [*check_regles(catalogue.DOSSIER, read_base(dossier.autres)), *ailleurs]
    if dossier.refus:
        return None, []
    referentiel = referentiel_from_files(dossier.autres)
    manques = lecture.check_materiel(referentiel)
    if referentiel.eleves is None:
        return None, manques
    verdict = check_elegroupe(dossier.depot, referentiel)
    return verdict, [*manques, *verdict.anomalies]


def _answer(dossier: Dossier, verdict: Verdict | None, anomalies: list[Anomalie]) -> dict[str, Any]:
    graves = [a for a in anomalies if a.gravite != Gravite.INFORMATION]
    bloquantes = [a for a in anomalies if a.gravite == Gravite.BLOQUANTE]
    chiffres = verdict.chiffres() if verdict else {}
    return {
        "fichiers": _describe_files(dossier),
        "uai": dossier.uai,
        "annee": dossier.annee,
        "etablissements": dossier.etablissements,
        "avis": dossier.avis,
        "manques": [{"type": str(t), "fichier": t.libelle, "pour": pour} for t, pour in dossier.manques.items()],
        "verdict": "refuse" if dossier.is_refuse else "anomalies" if graves else "conforme",
        "refus": [{"code": str(r.code), "message": r.message, "action": r.action} for r in dossier.refus]
        + [{"code": a.code, "message": a.message, "action": a.action} for a in bloquantes],
        "eleves_lus": len(dossier.depot.eleves) if dossier.depot and not dossier.refus else None,
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


def _describe_files(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "nom": source.nom,
            "type": str(source.fichier.entete.type),
            "uai": source.fichier.entete.uai,
            "annee": source.fichier.entete.annee,
            "horodatage": source.fichier.entete.horodatage,
            "contenu": count_rows(source.fichier),
        }
        for source in dossier.sources
    ]
