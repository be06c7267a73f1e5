"""Every cause that a diagnosis may name: its title, what repairs it, who does it, by which way it reaches the ENT.

The title of a cause that a rule already says is the rule's own.
"""

from checklists.diagnostic.modele import Cause, Route
from exchanges.rules import eligibilite
from exchanges.rules.base import regle_de
from exchanges.rules.catalogue import all_regles


GUICHET_ENT = "ENT – identifiants utilisateurs"
GUICHET_STS = "STS-Web"
GUICHET_SIECLE = "SIECLE-BEE"
GUICHET_GIGC = "GI/GC"

SECRETARIAT = "le secrétariat"
_EDT = "qui tient l'emploi du temps, puis le secrétariat"
_ADMIN = "l'administrateur d'entsite"
_DIRECTION = "la direction ou le secrétariat"
_DEPOSER = "déposez à nouveau le fichier élèves-groupes (Base élèves › Importations › Liens élève-groupe)"
_EXPORTER = "STS-Web › Exports › Structure, puis Exports › Services"
_FICHE = "Base élèves › Fiches élèves › Recherche et MAJ"
_DEPOT = ("exchanges:file_upload",)
_ECOLE = ("exchanges:etablissement_detail",)
_FRISE = ("exchanges:frise_detail",)
_SUPPLEANCES = ("exchanges:suppleance_list",)

_TITRES = {
    **{carte.code: carte.titre for carte in map(regle_de, eligibilite.REGLES)},
    **{regle.code: regle.titre for regle in all_regles()},
    "groupe_absent_du_depot": "Le dernier fichier élèves-groupes ne met personne dans ce groupe.",
    "depot_manquant": "Aucun fichier élèves-groupes n'a été déposé.",
    "depot_non_refait": "La cause du rejet est réparée, mais le fichier n'a pas été déposé à nouveau.",
    "depot_en_echec": "La nuit n'a pas pu importer le fichier élèves-groupes.",
    "depot_en_attente": "Le fichier élèves-groupes déposé attend la nuit.",
    "eleve_absent_du_depot": "L'élève n'est pas dans le dernier fichier élèves-groupes.",
    "eleve_inconnu": "L'élève n'est pas dans la base SIECLE de l'établissement.",
    "eleve_plus_dans_siecle": "L'élève n'est plus dans l'export de SIECLE.",
    "groupe_refuse_par_sts": "STS-Web a refusé le nom du groupe à l'import d'EDT.",
    "groupe_tronque_par_sts": "STS-Web a coupé le nom du groupe : il s'y appelle autrement.",
    "groupe_inconnu": "Le groupe n'est connu nulle part.",
    "division_inconnue_de_sts": "La division n'est connue nulle part.",
    "export_structure_a_confirmer": "L'export Structure est déclaré, aucun fichier de SIECLE ne le confirme encore.",
    "division_vide": "Aucun élève n'est affecté à la division.",
    "division_sans_service": "Aucun service n'est donné à la division.",
    "eleves_sans_compte": "Aucun des élèves de la structure n'est dans l'annuaire.",
    "services_non_exportes": "Les services ont changé dans STS-Web et l'export Services n'a pas été refait.",
    "enseignant_sans_service": "STS-Web ne donne aucun service à cet enseignant.",
    "enseignant_inconnu_de_sts": "STS-Web ne connaît pas cette personne.",
    "suppleance_a_venir": "La suppléance n'a pas encore commencé.",
    "suppleance_finie": "La suppléance est finie.",
    "responsable_plus_dans_siecle": "Le responsable n'est plus dans l'export de SIECLE.",
    "compte_desactive": "Le compte est désactivé.",
    "compte_absent": "L'annuaire porte la personne, mais l'ENT n'a pas son compte.",
    "relais_retenu": "Un passage est retenu : il retirerait trop de monde.",
    "relais_en_echec": "Le dernier passage a échoué.",
    "relais_saute": "Le dernier passage n'a pas eu lieu.",
    "jamais_passe": "Rien n'est encore passé par ce relais.",
    "gel_d_ete": "L'annuaire est gelé pour l'été.",
    "en_chemin": "Le changement est en chemin.",
}


def _cause(code: str, faire: str, qui: str, route: Route, page: tuple[str, ...] = (), guichet: str = "") -> Cause:
    return Cause(code, _TITRES[code], faire, qui, route, page, guichet)


def _liste(slug: str) -> tuple[str, ...]:
    return ("exchanges:liste_detail", slug)


_CAUSES = (
    # EDT
    _cause("groupe_absent_du_depot", f"Dans EDT, mettez les élèves dans le groupe, puis {_DEPOSER}.", _EDT,
           Route.DEPOT, _DEPOT),
    _cause("depot_manquant", "Déposez le fichier élèves-groupes d'EDT (Base élèves › Importations › Liens "
           "élève-groupe).", SECRETARIAT, Route.DEPOT, _DEPOT),
    _cause("eleve_absent_du_depot", "Dans EDT, récupérez les élèves de SIECLE, mettez l'élève dans ses groupes, puis "
           f"{_DEPOSER}.", _EDT, Route.DEPOT, _DEPOT),
    _cause("REJELEGROUPE_01", "Cherchez l'élève dans Base élèves : s'il vient d'un autre établissement, reprenez son "
           "dossier (Dossiers depuis autre EPLE) ; s'il n'y est pas proposé, son établissement d'origine ne l'a pas "
           f"encore exporté. Refaites l'export vers EDT, puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _DEPOT),
    _cause("REJELEGROUPE_02", "Dans EDT, récupérez à nouveau les élèves de SIECLE ; dans Base élèves, supprimez la "
           f"fiche en double. Puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _liste("eleves-en-double")),
    # STS
    _cause("groupe_refuse_par_sts", "Renommez le groupe dans EDT (8 caractères au plus : lettres, chiffres, espace, "
           f"- et _), refaites l'import dans STS-Web, {_EXPORTER}, puis {_DEPOSER}.", _EDT, Route.DEPOT,
           _liste("noms-de-groupes")),
    _cause("groupe_tronque_par_sts", "Renommez le groupe dans EDT en 8 caractères au plus, refaites l'import dans "
           f"STS-Web, {_EXPORTER}, puis {_DEPOSER}.", _EDT, Route.DEPOT, _liste("noms-de-groupes")),
    _cause("groupe_inconnu", "Vérifiez son nom dans EDT. S'il est juste, refaites l'import dans STS-Web (Imports › "
           f"Emploi du temps), {_EXPORTER}, puis {_DEPOSER}.", _EDT, Route.DEPOT, _DEPOT),
    _cause("division_inconnue_de_sts", f"Créez-la dans STS-Web › Structure › Divisions, puis {_EXPORTER}.",
           SECRETARIAT, Route.RELAIS),
    _cause("structure_absente_de_sts", "Vérifiez dans STS-Web › Structure. Si elle sert encore, recréez-la avec ses "
           f"services, puis {_EXPORTER} ; sinon faites seulement les exports.", SECRETARIAT, Route.RELAIS, _ECOLE),
    _cause("services_vides", "Dans EDT, Exporter vers STS-Web ; dans STS-Web › Imports › Emploi du temps (répondez "
           f"Non), puis {_EXPORTER}.", _EDT, Route.RELAIS, _DEPOT),
    _cause("groupes_reconduits", "STS-Web, année en préparation › Structure › Groupes : supprimez ces groupes, EDT "
           f"enverra les siens. Puis {_EXPORTER}.", SECRETARIAT, Route.RELAIS, _ECOLE),
    _cause("groupe_sans_service", "Donnez un service au groupe (EDT, ou STS-Web › Services et ARE), puis "
           f"{_EXPORTER}.", _EDT, Route.RELAIS),
    _cause("division_sans_service", "Donnez ses services à la division (EDT, ou STS-Web › Services et ARE), puis "
           f"{_EXPORTER}.", _EDT, Route.RELAIS),
    _cause("service_sans_enseignant", "STS-Web › Services et ARE : donnez le service à son enseignant, puis "
           f"{_EXPORTER}.", SECRETARIAT, Route.RELAIS, _SUPPLEANCES),
    _cause("enseignant_inconnu", "Si la personne remplace quelqu'un, saisissez-la dans STS-Web › Services suppléants "
           f"› Saisie rapide ; sinon refaites la correspondance des professeurs dans EDT. Puis {_EXPORTER}.",
           SECRETARIAT, Route.RELAIS, _SUPPLEANCES, GUICHET_STS),
    _cause("enseignant_inconnu_de_sts", "Suppléance : STS-Web › Services suppléants › Saisie rapide, avec ses dates, "
           f"puis {_EXPORTER}. Enseignant nommé : ouvrez un dossier STS-Web. Personnel administratif : dossier GI/GC.",
           SECRETARIAT, Route.RELAIS, _SUPPLEANCES, GUICHET_STS),
    _cause("enseignant_sans_service", "Si la personne en remplace une autre : STS-Web › Services et ARE › Changement "
           f"de support. Sinon donnez-lui ses services. Puis {_EXPORTER}.", SECRETARIAT, Route.RELAIS, _SUPPLEANCES),
    _cause("suppleance_finie", "Si la suppléance continue, saisissez-la à nouveau avec ses dates (STS-Web › Services "
           f"suppléants › Saisie rapide), puis {_EXPORTER}.", SECRETARIAT, Route.RELAIS, _SUPPLEANCES),
    _cause("suppleance_a_venir", "Rien : les services viendront à leur date de début.", SECRETARIAT, Route.AUCUNE,
           _SUPPLEANCES),
    # STS → SIECLE
    _cause("services_non_exportes", f"{_EXPORTER}, dans cet ordre.", SECRETARIAT, Route.RELAIS, _ECOLE),
    _cause("structure_absente_de_siecle", f"{_EXPORTER}, puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _ECOLE),
    _cause("export_structure_a_confirmer", "Exportez Structures depuis SIECLE et chargez-le ici : il dira si l'export "
           "est passé.", SECRETARIAT, Route.DEPOT, _DEPOT),
    _cause("GROUPE_A_01", f"{_EXPORTER}, puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _ECOLE),
    # SIECLE: the deposit
    _cause("GROUPE_B_01", f"{_FICHE}, onglet Scolarité : MEF et division. Puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT,
           _DEPOT),
    _cause("GROUPE_B_02", "STS-Web › Structure › Groupes : rattachez le groupe au MEF de l'élève, "
           f"{_EXPORTER} ; ou corrigez le MEF de l'élève. Puis {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _ECOLE),
    _cause("depot_non_refait", f"Pour finir, {_DEPOSER}.", SECRETARIAT, Route.DEPOT, _DEPOT),
    _cause("depot_en_echec", f"Rien n'a été importé : {_DEPOSER}. Si cela recommence, prévenez {_ADMIN}.",
           SECRETARIAT, Route.DEPOT, ("exchanges:depot_list",)),
    _cause("depot_en_attente", "Rien : l'import se fait pendant la nuit.", SECRETARIAT, Route.AUCUNE,
           ("exchanges:depot_list",)),
    # SIECLE: people
    _cause("eleve_inconnu", "Base élèves › Dossiers depuis autre EPLE : reprenez-le ; s'il n'est pas proposé, "
           "l'établissement d'origine ne l'a pas exporté. Sinon cherchez-le, puis créez sa fiche.", SECRETARIAT,
           Route.RELAIS, _DEPOT),
    _cause("eleve_plus_dans_siecle", "Si l'élève est toujours là, retrouvez sa fiche dans Base élèves, refaites "
           "l'export Élèves et chargez-le ici.", SECRETARIAT, Route.RELAIS, _DEPOT),
    _cause("eleve_sorti", f"Si l'élève est toujours là, effacez la date de sortie : {_FICHE}, onglet Scolarité.",
           SECRETARIAT, Route.RELAIS),
    _cause("ine_manquant", f"{_FICHE} : vérifiez l'état civil et demandez l'INE. S'il n'arrive pas, envoyez le "
           "dossier d'assistance ci-dessous.", SECRETARIAT, Route.RELAIS, _liste("eleves-sans-ine"), GUICHET_SIECLE),
    _cause("ine_en_double", f"{_FICHE} : vérifiez l'INE des deux fiches et corrigez celui qui est faux.", SECRETARIAT,
           Route.RELAIS, (), GUICHET_SIECLE),
    _cause("eleve_sans_mef", f"{_FICHE}, onglet Scolarité : MEF, puis division.", SECRETARIAT, Route.RELAIS,
           _liste("fiches-bloquantes")),
    _cause("eleve_sans_division", f"{_FICHE}, onglet Scolarité : division (ou Affectation).", SECRETARIAT,
           Route.RELAIS, _liste("eleves-sans-division")),
    _cause("fiche_bloquante", "Base élèves › Tableau de bord › Fiches bloquantes : complétez la fiche.", SECRETARIAT,
           Route.RELAIS, _liste("fiches-bloquantes")),
    _cause("multi_inscription", "Base élèves › Tableau de bord › Signalements académiques › Multi-inscription : "
           "l'établissement où l'élève n'est plus ferme son inscription (date de sortie). Appelez l'autre "
           "établissement.", SECRETARIAT, Route.RELAIS, _liste("multi-inscriptions")),
    _cause("eleve_en_double", f"Gardez la fiche qui porte l'INE et déscolarisez l'autre : {_FICHE}.", SECRETARIAT,
           Route.COMPLET, _liste("eleves-en-double")),
    _cause("division_inconnue", "Refaites l'export Structure de STS-Web si la division existe, sinon corrigez la "
           f"division des élèves : {_FICHE}, onglet Scolarité.", SECRETARIAT, Route.RELAIS, _ECOLE),
    _cause("division_vide", "Base élèves › Affectation : mettez les élèves dans la division.", SECRETARIAT,
           Route.RELAIS),
    _cause("eleves_sans_compte", "Réparez les fiches de ces élèves (INE, fiche bloquante, double inscription).",
           SECRETARIAT, Route.RELAIS, _liste("fiches-bloquantes")),
    _cause("responsable_plus_dans_siecle", "Si la personne est toujours responsable d'un élève, cherchez-la dans Base "
           "élèves avant de la créer, refaites l'export Responsables et chargez-le ici.", SECRETARIAT, Route.RELAIS),
    _cause("responsable_en_double", "Base élèves › Fiches élèves › Doublons responsables › Chercher : fusionnez, en "
           "septembre plutôt qu'en cours d'année.", SECRETARIAT, Route.COMPLET, _liste("responsables-en-double")),
    _cause("fratrie_educonnect", "Base élèves › Fiches élèves › Doublons responsables › Chercher : une seule fiche "
           "pour toute la fratrie.", SECRETARIAT, Route.COMPLET, _liste("responsables-en-double")),
    _cause("responsable_sans_eleve", f"{_FICHE} de l'élève, onglet Responsables : rattachez cette fiche, ou supprimez "
           "le reste du doublon.", SECRETARIAT, Route.RELAIS),
    _cause("responsable_sans_enfant_dans_l_annuaire", "Réparez d'abord la fiche de l'élève : le compte du responsable "
           "suivra.", SECRETARIAT, Route.RELAIS, _liste("fiches-bloquantes")),
    _cause("responsable_non_legal", f"{_FICHE}, onglet Responsables : passez-le en représentant légal s'il doit avoir "
           "un compte.", SECRETARIAT, Route.RELAIS),
    *(
        _cause(code, "Donnez à la personne son identifiant actuel : l'ENT ne le changera jamais. Corrigez tout de "
               f"même le nom ({_FICHE}) : une personne par fiche, sans civilité.", SECRETARIAT, Route.AUCUNE,
               _liste("identifiants-figes"))
        for code in ("nom_avec_civilite", "nom_de_deux_personnes", "caractere_perdu", "nom_prenom_inverses")
    ),
    # The relays
    _cause("compte_desactive", "Le compte redeviendra actif quand l'annuaire portera à nouveau la personne.",
           SECRETARIAT, Route.RELAIS, (), GUICHET_ENT),
    _cause("compte_absent", "Envoyez le dossier d'assistance ci-dessous.", SECRETARIAT, Route.AUCUNE, (), GUICHET_ENT),
    _cause("relais_retenu", "Regardez ce que le passage retirerait, puis laissez-le passer ou corrigez les données.",
           _DIRECTION, Route.RELANCE, _FRISE),
    _cause("relais_en_echec", "Le passage suivant rattrape tout ; s'il échoue aussi, l'administrateur doit regarder.",
           _ADMIN, Route.RELANCE, _FRISE),
    _cause("jamais_passe", "Chargez les fichiers de SIECLE et de STS-Web : le premier passage suivra.", SECRETARIAT,
           Route.RELAIS, _DEPOT),
    _cause("relais_saute", "Rien : le passage suivant rattrape celui qui n'a pas eu lieu.", SECRETARIAT, Route.AUCUNE),
    _cause("gel_d_ete", "Rien : tout partira à la fin du gel.", SECRETARIAT, Route.AUCUNE),
    _cause("en_chemin", "Rien : attendez ce jour-là.", SECRETARIAT, Route.AUCUNE),
)  # fmt: skip
CAUSES = {cause.code: cause for cause in _CAUSES}
