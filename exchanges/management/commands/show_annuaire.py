"""Show any layer of the chain of a school on any day."""

from exchanges.enums import Relais
from exchanges.management.commande import Commande, find_etablissement
from exchanges.management.exportation import read_jour
from exchanges.models import Etablissement
from exchanges.pipeline.previsions import prevoir
from exchanges.propagation.horloge import Horloge
from exchanges.reports.annuaire import Annuaire, bee_of, end_of, sts_of
from exchanges.reports.comptes_ent import read_comptes
from exchanges.rules.eligibilite import EleveVu, PersonnelVu, ResponsableVu


RELAIS = {"aaf": Relais.AAF, "ent": Relais.ENT, "gar": Relais.GAR, "moodle": Relais.MOODLE}
SANS_PASSAGE = {
    "aaf": "Aucun passage de l'AAF à cette date : l'annuaire académique n'a encore rien lu de cet établissement.",
    "ent": "Aucun passage vers l'ENT à cette date : l'ENT ne connaît pas encore cet établissement.",
    "gar": "Aucun passage vers le GAR à cette date : le GAR ne connaît pas encore cet établissement.",
    "moodle": "Aucun passage vers Moodle à cette date : Moodle ne connaît pas encore cet établissement.",
}
GENRES = {EleveVu: "Eleve", ResponsableVu: "PersRelEleve", PersonnelVu: "PersEducNat"}


class Command(Commande):
    help = (
        "Montre les divisions, les groupes, les équipes et les comptes d'un établissement tels qu'une couche de la "
        "chaîne les a un jour donné : STS-Web, BEE, AAF, ENT, GAR ou Moodle."
    )

    def add_own_arguments(self, parser):
        parser.add_argument("uai")
        parser.add_argument("--date", required=True, metavar="AAAA-MM-JJ", help="jour, passé ou à venir")
        parser.add_argument("--layer", choices=["sts", "bee", *RELAIS], default="ent", help="couche (ent)")

    def run(self, uai, layer, **options):
        etablissement = find_etablissement(uai)
        jour = read_jour(options["date"])
        annuaire = _read(etablissement, jour, layer)
        exclus = [] if layer == "sts" else list(_exclus(annuaire))
        comptes = _read_comptes(etablissement, annuaire) if layer in ("ent", "gar", "moodle") else []
        self.answer(
            {
                "uai": etablissement.uai,
                "date": jour,
                "couche": layer,
                "source": annuaire.source,
                "is_prevision": annuaire.is_prevision,
                "divisions": _ids(annuaire.divisions),
                "groupes": _ids(annuaire.groupes),
                "equipes": {code: list(map(_describe, equipe)) for code, equipe in annuaire.equipes.items()},
                "comptes": comptes,
                "sans_compte": exclus,
            }
        )
        if layer in RELAIS and annuaire.passage is None:
            self.say(SANS_PASSAGE[layer])
        for titre, structures in (("Divisions", annuaire.divisions), ("Groupes", annuaire.groupes)):
            self.say(f"{titre} : {len(structures)}")
            for code, membres in structures.items():
                equipe = annuaire.equipes.get(code, [])
                self.say(f"  {code:10} {len(membres):4} élèves, {len(equipe):2} enseignants")
        if comptes:
            self.say(f"Comptes : {len(comptes)}")
        for exclu in exclus:
            self.say(f"  sans compte : {exclu['categorie']} {exclu['id']} ({exclu['code']})")


def _read(etablissement: Etablissement, jour, layer: str) -> Annuaire:
    if layer in RELAIS:
        return prevoir(etablissement, jour, Horloge(etablissement.academie).maintenant, relais=RELAIS[layer])
    return bee_of(etablissement, jour) if layer == "bee" else sts_of(etablissement, jour)


def _ids(structures):
    return {code: [membre.eleve_id for membre in membres] for code, membres in structures.items()}


def _describe(enseignant):
    return {
        "individu": enseignant.individu,
        "matieres": list(enseignant.matieres),
        "is_principal": enseignant.is_principal,
    }


def _read_comptes(etablissement: Etablissement, annuaire: Annuaire) -> list[dict[str, object]]:
    """The accounts of those whom the ENT shows that day."""
    if annuaire.population is None:
        return []
    titulaires = {titulaire.jointure: titulaire for titulaire in annuaire.population.titulaires()}
    comptes = read_comptes(etablissement.projet_ent, titulaires.keys(), end_of(etablissement, annuaire.jour))
    return [
        {
            "categorie": titulaire.categorie,
            "jointure": jointure,
            "identifiant": comptes[jointure].identifiant,
            "login": comptes[jointure].login,
            "etat": comptes[jointure].etat,
        }
        for jointure, titulaire in sorted(titulaires.items())
        if jointure in comptes
    ]


def _exclus(annuaire: Annuaire):
    """Whom the layer leaves out, by the rule that says why."""
    if annuaire.population:
        for personne, motif in annuaire.population.exclus():
            yield {"categorie": GENRES[type(personne)], "id": _id_of(personne), "code": motif.code}


def _id_of(personne: EleveVu | ResponsableVu | PersonnelVu) -> str:
    if isinstance(personne, EleveVu):
        return personne.eleve_id
    return personne.personne_id if isinstance(personne, ResponsableVu) else f"{personne.type} {personne.sts_id}"
