"""What an ENT gives to the GAR: the people it shows and their accounts (``formats/aaf_ent.md`` §7).

Only the ENT's own identifiant leaves: never a jointure, never an INE. Responsables are not sent. Who has no active
account is left out, with her links.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from exchanges.enums import Role, TypeStructure
from exchanges.models import CompteENT, Eleve, Etablissement, FicheMatiere, FicheMef, Habilitation, Individu
from exchanges.parsers.records.gar import (
    DIVISION,
    GROUPE,
    EleveEnseignementGAR,
    EleveGAR,
    EnsDivisionMatiereGAR,
    EnseignantGAR,
    EnsGroupeMatiereGAR,
    EtabGAR,
    ExportGAR,
    GroupeGAR,
    MatiereGAR,
    MefGAR,
    PersonGroupeGAR,
    PersonMefGAR,
    RespAffGAR,
)
from exchanges.reports.aaf.libelles import CIVILITES
from exchanges.reports.aaf.portee import Portee
from exchanges.reports.aaf.titulaires import Population, read_population
from exchanges.reports.comptes_ent import read_actifs
from exchanges.rules.eligibilite import EleveVu, PersonnelVu
from exchanges.rules.gar import matiere_gar, profil_gar


_UTILISATEURS = UUID("6f0c1c9e-7a0b-5d57-9d53-2f6a6c1f7e21")  # our own space of names for those who have no account
_SEXES = {"1": "M.", "2": "Mme"}
_EN_COMMUN = ("eleves", "enseignants", "responsables_affectation")  # one entry for a person of several schools
Personne = EleveGAR | EnseignantGAR | RespAffGAR


def make_gar(portee: Portee, ecole: Etablissement, instant: datetime) -> ExportGAR:
    """The export of one school, as rules want it: nothing is judged nor left out yet.

    Args:
        portee: a reading of this school and of no other.
        instant: when the accounts are looked at.
    """
    population = read_population(portee, ecole.projet_ent.has_compte_personne_en_charge)
    jointures = [titulaire.jointure for titulaire in population.titulaires()]
    comptes = {j: compte.identifiant for j, compte in read_actifs(ecole.projet_ent, jointures, instant).items()}
    eleves = [(comptes[e.jointure], e) for e in population.eleves if e.motif is None and e.jointure in comptes]
    personnels = [(comptes[p.jointure], p) for p in population.personnels if p.motif is None and p.jointure in comptes]
    uai = ecole.uai
    eleves_mefs = [PersonMefGAR(uai, qui, eleve.mef) for qui, eleve in eleves if eleve.mef]
    enseignements = [
        EleveEnseignementGAR(uai, qui, code) for qui, e in eleves for code in dict.fromkeys(map(_matiere, e.options))
    ]
    enseignants_mefs = [
        PersonMefGAR(uai, qui, mef) for qui, p in personnels for mef in _mefs_taught(p, population, ecole.pk)
    ]
    groupes = [EnsGroupeMatiereGAR(uai, *service) for service in _services(personnels, TypeStructure.GROUPE)]
    divisions = [EnsDivisionMatiereGAR(uai, *service) for service in _services(personnels, TypeStructure.DIVISION)]
    cites = {lien.matiere for lien in enseignements} | {code for s in (*groupes, *divisions) for code in s.matieres}
    return ExportGAR(
        etabs=[EtabGAR(uai, ecole.denomination, contrat=ecole.secteur, telephone=ecole.telephone, mel=ecole.mel)],
        mefs=_read_mefs(portee, uai, {lien.mef for lien in (*eleves_mefs, *enseignants_mefs)}),
        matieres=_read_matieres(portee, uai, cites),
        eleves=[_eleve(uai, *couple) for couple in eleves],
        eleves_mefs=eleves_mefs,
        eleves_enseignements=enseignements,
        enseignants=[_enseignant(uai, *couple) for couple in personnels],
        enseignants_mefs=enseignants_mefs,
        groupes=list(_groupes(uai, population, ecole.pk)),
        personnes_groupes=[PersonGroupeGAR(uai, *lien) for lien in _members(eleves, personnels)],
        enseignants_groupes=groupes,
        enseignants_divisions=divisions,
        responsables_affectation=list(_read_resp_aff(ecole, instant)),
    )


def _matiere(code: str) -> str:
    """The code as the GAR takes it; one that it cannot take is left to the rules, which say so."""
    return matiere_gar(code) or code


def _eleve(uai: str, identifiant: str, eleve: EleveVu) -> EleveGAR:
    prenoms = tuple(dict.fromkeys(filter(None, (eleve.prenom, eleve.prenom2, eleve.prenom3))))
    return EleveGAR(
        identifiant,
        eleve.nom,
        eleve.prenom,
        profils=((uai, profil_gar("", is_eleve=True)),),
        uais=(uai,),
        autres_prenoms=prenoms,
        nom_patronymique=eleve.nom_de_famille,
        civilite=_SEXES.get(eleve.sexe, ""),
        rattachement=uai,
        date_naissance=eleve.date_naissance,
    )


def _enseignant(uai: str, identifiant: str, personnel: PersonnelVu) -> EnseignantGAR:
    return EnseignantGAR(
        identifiant,
        personnel.nom,
        personnel.prenom,
        profils=((uai, profil_gar(personnel.fonction)),),
        uais=(uai,),
        autres_prenoms=(personnel.prenom,),
        nom_patronymique=personnel.nom_patronymique,
        civilite=CIVILITES.get(personnel.civilite.upper(), ""),
        rattachement=uai,
        date_naissance=personnel.date_naissance,
        disciplines=((uai, tuple(dict.fromkeys(personnel.disciplines))),) if personnel.disciplines else (),
    )


def _mefs_taught(personnel: PersonnelVu, population: Population, ecole: int) -> list[str]:
    divisions = population.structures.divisions[ecole]
    codes = personnel.structures(TypeStructure.DIVISION)
    return sorted({mef for code in codes for mef in divisions.get(code, ("", []))[1]})


def _services(
    personnels: list[tuple[str, PersonnelVu]], type_structure: TypeStructure
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(identifiant, structure, matières) of everybody who teaches there."""
    for identifiant, personnel in personnels:
        matieres = defaultdict(dict[str, None])
        for service in personnel.services:
            if service.type_structure == type_structure:
                matieres[service.structure][_matiere(service.matiere)] = None
        for structure, codes in matieres.items():
            yield identifiant, structure, tuple(codes)


def _members(
    eleves: list[tuple[str, EleveVu]], personnels: list[tuple[str, PersonnelVu]]
) -> Iterator[tuple[str, str]]:
    """(identifiant, structure) of the élèves, then of those who teach."""
    for identifiant, eleve in eleves:
        for code in dict.fromkeys((*filter(None, (eleve.division,)), *eleve.groupes)):
            yield identifiant, code
    for identifiant, personnel in personnels:
        for code in dict.fromkeys(service.structure for service in personnel.services):
            yield identifiant, code


def _groupes(uai: str, population: Population, ecole: int) -> Iterator[GroupeGAR]:
    for code, (libelle, _) in sorted(population.structures.divisions[ecole].items()):
        yield GroupeGAR(uai, code, libelle, DIVISION)
    for code, (libelle, divisions) in sorted(population.structures.groupes[ecole].items()):
        yield GroupeGAR(uai, code, libelle, GROUPE, tuple(divisions))


def _read_mefs(portee: Portee, uai: str, codes: set[str]) -> list[MefGAR]:
    fiches = FicheMef.objects.filter(portee.facts(), code__in=codes).order_by("code")
    return [MefGAR(uai, *ligne) for ligne in fiches.values_list("code", "libelle", "rattachement", "mefstat")]


def _read_matieres(portee: Portee, uai: str, codes: set[str]) -> list[MatiereGAR]:
    """The matières that somebody follows or teaches, under the code by which they are cited."""
    fiches = FicheMatiere.objects.filter(portee.facts()).order_by("code").values_list("code", "libelle")
    libelles = {_matiere(code): libelle for code, libelle in fiches}
    return [MatiereGAR(uai, code, libelles[code]) for code in sorted(codes & libelles.keys())]


def _read_resp_aff(ecole: Etablissement, instant: datetime) -> Iterator[RespAffGAR]:
    """The direction of the school: whoever runs it here gives its resources."""
    jour = instant.astimezone(ZoneInfo(ecole.academie.fuseau)).date()
    directions = Habilitation.objects.en_cours(jour).filter(role=Role.DIRECTION, etablissement=ecole)
    actives = directions.filter(utilisateur__is_active=True).select_related("utilisateur").order_by("utilisateur_id")
    for utilisateur in (habilitation.utilisateur for habilitation in actives):
        identifiant = str(uuid5(_UTILISATEURS, f"{ecole.projet_ent_id}:{utilisateur.pk}"))
        mels = (utilisateur.email,) if utilisateur.email else ()
        yield RespAffGAR(identifiant, utilisateur.last_name, utilisateur.first_name, mels, (ecole.uai,))


def find_partages(portee: Portee) -> frozenset[str]:
    """Identifiants of those whom several schools of a reading declare: they have one entry in the archive."""
    communes: set[int] = set()
    for modele in (Eleve, Individu):
        lignes = modele._default_manager.filter(etablissement__in=portee.instants, jointure__isnull=False).order_by()
        nombres = lignes.values("jointure").annotate(n=Count("etablissement", distinct=True)).filter(n__gt=1)
        communes.update(nombres.values_list("jointure", flat=True))
    return frozenset(CompteENT.objects.filter(Q(jointure__in=communes)).values_list("identifiant", flat=True))


@contextmanager
def gather(exports: Iterable[ExportGAR], partages: frozenset[str]) -> Iterator[ExportGAR]:
    """The exports of several schools as one, held on disk: only those of ``partages`` stay in memory.

    What is yielded goes by once, field after field.
    """
    communs: dict[str, dict[str, Personne]] = {nom: {} for nom in _EN_COMMUN}
    with ExitStack() as pile:
        tampons = {champ.name: pile.enter_context(TemporaryFile()) for champ in fields(ExportGAR)}
        for export in exports:
            for nom, tampon in tampons.items():
                for enregistrement in getattr(export, nom):
                    if nom in communs and _is_commun(enregistrement, partages):
                        siens = communs[nom]
                        autre = siens.get(enregistrement.identifiant)
                        siens[enregistrement.identifiant] = _merge(autre, enregistrement) if autre else enregistrement
                    else:
                        pickle.dump(enregistrement, tampon, pickle.HIGHEST_PROTOCOL)
        yield ExportGAR(**{nom: _read_back(tampon, communs.get(nom, {})) for nom, tampon in tampons.items()})


def _is_commun(personne: Personne, partages: frozenset[str]) -> bool:
    return isinstance(personne, RespAffGAR) or personne.identifiant in partages


def _merge(une: Any, autre: Any) -> Any:
    """The entry of a person of two schools; she is attached to neither when they differ."""
    if isinstance(une, RespAffGAR):
        return replace(une, uais=(*une.uais, *autre.uais))
    rattachement = une.rattachement if une.rattachement == autre.rattachement else ""
    commune = replace(une, profils=(*une.profils, *autre.profils), uais=(*une.uais, *autre.uais))
    if isinstance(une, EnseignantGAR):
        commune = replace(commune, disciplines=(*une.disciplines, *autre.disciplines))
    return replace(commune, rattachement=rattachement)


def _read_back(tampon: IO[bytes], communs: dict[str, Personne]) -> Iterator[Any]:
    fin = tampon.tell()
    tampon.seek(0)
    while tampon.tell() < fin:
        yield pickle.load(tampon)  # noqa: S301 - written above, in a file without a name
    yield from communs.values()
