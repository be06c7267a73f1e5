"""Faults of the services, of who gives them and of the timetable (``sts_edt.md`` §2.3, §2.4, §3, §4.2)."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from exchanges.generator.ecoles import Ecole
from exchanges.generator.fautes.edition import add, edit_services, free_individu_id
from exchanges.generator.fautes.structures import remove_services
from exchanges.generator.fautes.terrain import Terrain, at_least_one
from exchanges.generator.noms import draw_nom, draw_prenom
from exchanges.parsers.records import Individu, Service


_MATIERE_INCONNUE = "999A99"
_ALTERNANCE_INCONNUE = "Q9"


def _empty_services(ecole: Ecole, rng: Random) -> Ecole:
    """The timetable has not been sent to STS-Web."""
    if ecole.fautes:
        raise ValueError("Un STS sans aucun service ne se mêle à aucune autre faute.")
    return add(remove_services(ecole), "services_vides", "Aucune structure de STS n'a de service.")


def _lose_service(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    detail = f"Le groupe {groupe.code} n'a aucun service."
    return add(edit_services(ecole, groupe.code, lambda _: ()), "groupe_sans_service", detail, groupe.code)


def _lose_enseignant(ecole: Ecole, rng: Random) -> Ecole:
    groupe, service = Terrain(ecole).choose_service(rng)
    fautive = edit_services(ecole, groupe.code, lambda services: tuple(replace(s, enseignements=()) for s in services))
    detail = f"Le service {service.matiere} du groupe {groupe.code} n'a aucun enseignant."
    return add(fautive, "service_sans_enseignant", detail, groupe.code)


def _give_to(ecole: Ecole, code: str, type_individu: str, identifiant: str) -> Ecole:
    """Every service of a groupe is given to one person."""

    def give(services: tuple[Service, ...]) -> tuple[Service, ...]:
        return tuple(
            replace(
                service,
                is_co_enseignement=False,
                enseignements=tuple(
                    replace(e, individu_type=type_individu, individu_id=identifiant) for e in service.enseignements[:1]
                ),
            )
            for service in services
        )

    return edit_services(ecole, code, give)


def _appoint_unknown(ecole: Ecole, rng: Random) -> Ecole:
    groupe, service = Terrain(ecole).choose_service(rng)
    at_least_one(list(service.enseignements))
    identifiant = free_individu_id(ecole)
    detail = f"Le service du groupe {groupe.code} est donné à l'individu {identifiant}, que STS ne connaît pas."
    return add(_give_to(ecole, groupe.code, "epp", identifiant), "enseignant_inconnu", detail, identifiant)


def _appoint_local(ecole: Ecole, rng: Random) -> Ecole:
    groupe, service = Terrain(ecole).choose_service(rng)
    at_least_one(list(service.enseignements))
    identifiant = free_individu_id(ecole)
    local = Individu("local", identifiant, nom_usage=draw_nom(rng), prenom=draw_prenom(rng, rng.choice("12")))
    ecole = replace(ecole, sts=replace(ecole.sts, individus=(*ecole.sts.individus, local)))
    detail = f"{local.nom_usage} {local.prenom}, ajouté par l'établissement, a le service du groupe {groupe.code}."
    return add(_give_to(ecole, groupe.code, "local", identifiant), "enseignant_local", detail, identifiant)


def _teach_unknown(ecole: Ecole, rng: Random) -> Ecole:
    groupe, _ = Terrain(ecole).choose_service(rng)
    fautive = edit_services(
        ecole, groupe.code, lambda services: tuple(replace(s, matiere=_MATIERE_INCONNUE) for s in services)
    )
    detail = f"Le groupe {groupe.code} reçoit la matière {_MATIERE_INCONNUE}, absente des nomenclatures."
    return add(fautive, "matiere_inconnue", detail, _MATIERE_INCONNUE)


def _lose_weeks(ecole: Ecole, rng: Random) -> Ecole:
    """The courses of a groupe follow a rhythm that the file does not describe."""
    groupe, service = Terrain(ecole).choose_service(rng)
    at_least_one(list(service.enseignements))

    def bend(services: tuple[Service, ...]) -> tuple[Service, ...]:
        return tuple(
            replace(
                s,
                enseignements=tuple(
                    replace(e, cours=tuple(replace(cours, alternance=_ALTERNANCE_INCONNUE) for cours in e.cours))
                    for e in s.enseignements
                ),
            )
            for s in services
        )

    fautive = edit_services(ecole, groupe.code, bend, ("edt",))
    detail = f"Les cours du groupe {groupe.code} suivent l'alternance {_ALTERNANCE_INCONNUE}, non décrite."
    return add(fautive, "alternance_inconnue", detail, _ALTERNANCE_INCONNUE)


def _end_mandate(ecole: Ecole, rng: Random) -> Ecole:
    """The only mandate of professeur principal of a division is that of the former year."""
    nommees = {mandat.division for individu in ecole.sts.individus for mandat in individu.principal_de}
    code = Terrain(ecole).choose_division(rng).code
    at_least_one([division for division in nommees if division == code])
    fin = ecole.periode.debut - timedelta(days=1)
    individus = tuple(
        replace(
            individu,
            principal_de=tuple(
                replace(mandat, date_debut=fin - timedelta(days=364), date_fin=fin)
                if mandat.division == code
                else mandat
                for mandat in individu.principal_de
            ),
        )
        for individu in ecole.sts.individus
    )
    fautive = replace(ecole, sts=replace(ecole.sts, individus=individus))
    detail = f"Le mandat du professeur principal de {code} est fini depuis le {fin:%d/%m/%Y}."
    return add(fautive, "pp_perime", detail, code)


def _add_service(ecole: Ecole, rng: Random, fichier: str, code: str, phrase: str) -> Ecole:
    groupe, service = Terrain(ecole).choose_service(rng)
    ajoute = replace(service, modalite="TD", heures="1.00")
    fautive = edit_services(ecole, groupe.code, lambda services: (*services, ajoute), (fichier,))
    return add(fautive, code, f"Un service de TD du groupe {groupe.code} {phrase}.", groupe.code)


def _type_in_sts(ecole: Ecole, rng: Random) -> Ecole:
    """A service typed by hand in STS, that EDT does not know."""
    return _add_service(ecole, rng, "sts", "services_ecrases", "n'est que dans STS")


def _plan_in_edt(ecole: Ecole, rng: Random) -> Ecole:
    """A service made in EDT since the last import in STS."""
    return _add_service(ecole, rng, "edt", "services_modifies_depuis_export", "n'est que dans EDT")


def _unlink_eleve(ecole: Ecole, rng: Random) -> Ecole:
    """An élève typed by hand in EDT, without ELEVE_ID."""
    fiche = Terrain(ecole).choose_fiche(rng)
    eleves = tuple(
        replace(eleve, eleve_id="") if eleve.eleve_id == fiche.eleve_id else eleve
        for eleve in ecole.emploi_du_temps.eleves
    )
    fautive = replace(ecole, emploi_du_temps=replace(ecole.emploi_du_temps, eleves=eleves))
    detail = f"L'élève {fiche.nom_de_famille} {fiche.prenom} ({fiche.eleve_id}) n'a pas d'identifiant dans EDT."
    return add(fautive, "eleve_sans_correspondance", detail, "", fiche.eleve_id)


def _unlink_professeur(ecole: Ecole, rng: Random) -> Ecole:
    """A teacher of EDT who was not matched with STS."""
    touches = {faute.objet for faute in ecole.fautes}
    libres = [p for p in ecole.emploi_du_temps.professeurs if p.sts_id and p.sts_id not in touches]
    choisi = rng.choice(at_least_one(libres))
    professeurs = tuple(
        replace(professeur, sts_id="") if professeur is choisi else professeur
        for professeur in ecole.emploi_du_temps.professeurs
    )
    fautive = replace(ecole, emploi_du_temps=replace(ecole.emploi_du_temps, professeurs=professeurs))
    nom = f"{choisi.nom} {choisi.prenom}"
    return add(fautive, "professeur_sans_correspondance", f"{nom} n'a pas d'identifiant STS dans EDT.", nom)


PLANTATIONS = {
    "services_vides": (_empty_services, 0.5),
    "groupe_sans_service": (_lose_service, 1.0),
    "service_sans_enseignant": (_lose_enseignant, 2.0),
    "enseignant_inconnu": (_appoint_unknown, 1.0),
    "enseignant_local": (_appoint_local, 0.5),
    "matiere_inconnue": (_teach_unknown, 0.5),
    "alternance_inconnue": (_lose_weeks, 0.5),
    "pp_perime": (_end_mandate, 1.0),
    "services_ecrases": (_type_in_sts, 1.0),
    "services_modifies_depuis_export": (_plan_in_edt, 1.0),
    "eleve_sans_correspondance": (_unlink_eleve, 1.0),
    "professeur_sans_correspondance": (_unlink_professeur, 1.0),
}
