"""Streams of persons and structures, sorted by jointure: a whole académie goes through without being held.

Every stream is a merge of queries in one order; memory is one record plus one byte per row that others refer to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.db.models import Aggregate, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from exchanges.enums import Couche, TypeStructure
from exchanges.models import (
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheIndividu,
    FicheResponsable,
    LienGroupe,
    LienPrincipal,
    LienResponsable,
    LienService,
)
from exchanges.reports.aaf.portee import Portee
from exchanges.rules.eligibilite import (
    EleveVu,
    PersonnelVu,
    Relation,
    ResponsableVu,
    ServiceVu,
    motif_eleve,
    motif_personnel,
)


LOT = 5000
_SEPARATEUR = "\x1f"
_ELEVE = (
    *("eleve_id", "etablissement_id", "eleve__jointure_id", "eleve__eleve_id", "ine"),
    *("nom_de_famille", "nom_usage", "prenom", "prenom2", "prenom3", "date_naissance", "sexe", "regime", "statut"),
    *("mef", "division__code", "date_entree", "date_sortie", "options", "manques"),
)
_DIVISION = _ELEVE.index("division__code")
_RESPONSABLE = (
    *("responsable_id", "etablissement_id", "responsable__jointure_id", "responsable__personne_id"),
    *("civilite", "nom_de_famille", "nom_usage", "prenom", "tel_portable", "mel"),
)
_INDIVIDU = (
    *("individu_id", "etablissement_id", "individu__jointure_id", "individu__type", "individu__sts_id"),
    *("civilite", "nom_usage", "nom_patronymique", "prenom", "date_naissance", "fonction", "disciplines"),
)


class Codes(Aggregate):
    """Texts of a group, in one text: ten rows of links travel as one."""

    function = "STRING_AGG"
    arity = 1
    output_field = models.TextField()

    def as_sql(self, compiler, connection, **extra):
        modele = "group_concat(%(expressions)s, char(31))"
        if connection.vendor == "postgresql":
            modele = "string_agg(%(expressions)s, chr(31))"
        return super().as_sql(compiler, connection, template=modele, **extra)


class Presents:
    """A set of primary keys, one byte each."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def add(self, pk: int) -> None:
        """Put a key in."""
        if pk >= len(self._octets):
            self._octets.extend(bytes(pk + 1 - len(self._octets) + LOT))
        self._octets[pk] = 1

    def __contains__(self, pk: int) -> bool:
        return pk < len(self._octets) and self._octets[pk] == 1


class Structures:
    """Divisions and groupes that a layer knows in each school: code → (libellé, MEFs or divisions)."""

    def __init__(self, portee: Portee, couche: Couche = Couche.BEE):
        self.divisions: dict[int, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
        self.groupes: dict[int, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
        connues = portee.facts() & Q(couche=couche)
        for pk, code, libelle, mefs in FicheDivision.objects.filter(connues).values_list(
            "etablissement_id", "division__code", "libelle", "mefs"
        ):
            self.divisions[pk][code] = (libelle, mefs)
        habitees = FicheEleve.objects.filter(portee.facts(), division__isnull=False).order_by()
        for pk, code in habitees.values_list("etablissement_id", "division__code").distinct():
            self.divisions[pk].setdefault(code, ("", []))
        for pk, code, libelle, divisions in FicheGroupe.objects.filter(connues).values_list(
            "etablissement_id", "groupe__code", "libelle", "divisions"
        ):
            self.groupes[pk][code] = (libelle, divisions)


def stream_eleves(portee: Portee, structures: Structures) -> Iterator[EleveVu]:
    """Élèves of the schools with their groupes, their adults, and why the AAF leaves them out (``motif``)."""
    fiches = _ordered(_only(FicheEleve, portee.facts(), "eleve", portee.eleves), "eleve", portee)
    liens = _ordered(_only(LienGroupe, portee.facts(), "eleve", portee.eleves).values("eleve_id"), "eleve", portee)
    groupes = _Suite(liens.annotate(codes=Codes("groupe__code")), "eleve", "codes")
    relations = _Suite(
        _ordered(_only(LienResponsable, portee.facts(), "eleve", portee.eleves), "eleve", portee),
        *("eleve", "responsable_id", "responsable__jointure_id", "niveau", "parente"),
        *("paie_frais_scolaires", "a_contacter_en_priorite"),
    )
    multiples = find_multiples(portee)
    for ligne in _iterate(fiches.values_list(*_ELEVE)):
        eleve = EleveVu(*ligne)
        eleve.division = ligne[_DIVISION] or ""
        rang, ecole = (eleve.jointure or 0, eleve.pk), eleve.etablissement
        prevus = portee.liens.get(ecole)
        inscrits = groupes.pop(rang)
        if prevus is not None:
            codes: Iterable[str] = prevus.get(eleve.pk, ())
        else:
            codes = (code for (ensemble,) in inscrits for code in ensemble.split(_SEPARATEUR))
        connus = structures.groupes[ecole]
        eleve.groupes = tuple(sorted(code for code in codes if code in connus))
        eleve.relations = tuple(sorted((_relation(r) for r in relations.pop(rang)), key=_rank))
        eleve.motif = motif_eleve(eleve, portee.jour(ecole), eleve.ine in multiples)
        yield eleve


def _relation(ligne: tuple[Any, ...]) -> Relation:
    responsable, jointure, niveau, parente, paie, contact = ligne
    return Relation(responsable, jointure, niveau, parente, bool(paie), bool(contact))


def _rank(relation: Relation) -> tuple[str, int]:
    return relation.niveau or "9", relation.responsable


def find_multiples(portee: Portee) -> frozenset[str]:
    """INEs borne by several open inscriptions of the académie, at the latest instant of the reading."""
    instant = portee.instant
    jour = instant.astimezone(portee.fuseau).date()
    fiches = FicheEleve.objects.as_of(instant).filter(etablissement__academie=portee.academie).exclude(ine="")
    if portee.eleves is not None:
        ines = _only(FicheEleve, portee.facts(), "eleve", portee.eleves).exclude(ine="").values("ine")
        fiches = fiches.filter(ine__in=ines)
    elif len(portee.instants) == 1:
        siens = FicheEleve.objects.filter(portee.facts()).exclude(ine="").values("ine")
        fiches = fiches.filter(ine__in=siens)
    ouvertes = fiches.filter(Q(date_sortie__isnull=True) | Q(date_sortie__gt=jour)).order_by()
    return frozenset(ouvertes.values("ine").annotate(n=Count("pk")).filter(n__gt=1).values_list("ine", flat=True))


def stream_responsables(portee: Portee, presents: Presents) -> Iterator[ResponsableVu]:
    """Responsables, one per jointure, with their children among ``presents`` (eligible élèves, primary keys)."""
    fiches = _only(FicheResponsable, portee.facts(), "responsable", portee.responsables)
    liens = _only(LienResponsable, portee.facts(), "responsable", portee.responsables)
    enfants = _Suite(
        *(_ordered(liens, "responsable", portee), "responsable", "eleve_id", "eleve__jointure_id", "niveau")
    )
    lignes = _iterate(_ordered(fiches, "responsable", portee).values_list(*_RESPONSABLE))
    for _, memes in groupby((ResponsableVu(*ligne) for ligne in lignes), key=lambda r: r.jointure or -r.pk):
        for rang, responsable in enumerate(memes):
            rang_aaf = (responsable.jointure or 0, responsable.pk)
            siens = [lien for lien in enfants.pop(rang_aaf) if lien[0] in presents]
            if rang == 0:
                garde, tous = responsable, siens
            else:
                tous += siens
        garde.enfants = tuple(sorted({lien[1] for lien in tous}))
        garde.niveaux = frozenset(lien[2] for lien in tous)
        yield garde


def stream_personnels(portee: Portee, structures: Structures) -> Iterator[PersonnelVu]:
    """Individus of each school, with the services and mandates that STS exported; one per school and person."""
    sts = portee.services_facts() & Q(couche=Couche.STS)
    services = _Suite(
        _ordered(_only(LienService, sts, "individu", portee.individus), "individu", portee),
        *("individu", "service__type_structure", "service__structure", "service__matiere", "date_debut", "date_fin"),
    )
    mandats = _Suite(
        _ordered(_only(LienPrincipal, portee.services_facts(), "individu", portee.individus), "individu", portee),
        *("individu", "division__code", "date_debut", "date_fin"),
    )
    fiches = _ordered(_only(FicheIndividu, portee.facts(), "individu", portee.individus), "individu", portee)
    for ligne in _iterate(fiches.values_list(*_INDIVIDU)):
        personnel = PersonnelVu(*ligne)
        ecole = personnel.etablissement
        jour = portee.jour(ecole)
        connus = {
            TypeStructure.DIVISION: structures.divisions[ecole],
            TypeStructure.GROUPE: structures.groupes[ecole],
        }
        rang = (personnel.jointure or 0, personnel.pk)
        personnel.services = tuple(
            sorted(
                {
                    ServiceVu(type_structure, code, matiere)
                    for type_structure, code, matiere, debut, fin in services.pop(rang)
                    if _holds(debut, fin, jour) and code in connus[TypeStructure(type_structure)]
                },
                key=lambda s: (s.type_structure, s.structure, s.matiere),
            )
        )
        personnel.principal_de = tuple(
            sorted(
                code
                for code, debut, fin in mandats.pop(rang)
                if _holds(debut, fin, jour) and code in connus[TypeStructure.DIVISION]
            )
        )
        personnel.motif = motif_personnel(personnel)
        yield personnel


def _holds(debut, fin, jour) -> bool:
    return (debut is None or debut <= jour) and (fin is None or fin >= jour)


def _only(modele: type[models.Model], faits: Q, champ: str, pks: frozenset[int] | None) -> QuerySet:
    lignes = modele._default_manager.filter(faits)
    return lignes if pks is None else lignes.filter(**{f"{champ}__in": pks})


def _ordered(lignes: QuerySet, champ: str, portee: Portee) -> QuerySet:
    """In the order of the AAF; those who have no number there are left out unless everybody is asked for."""
    if not portee.is_tout:
        lignes = lignes.filter(**{f"{champ}__jointure__isnull": False})
    numero = Coalesce(F(f"{champ}__jointure"), Value(0))
    return lignes.annotate(numero=numero).order_by("numero", f"{champ}_id")


def _iterate(lignes: QuerySet) -> Iterator[tuple[Any, ...]]:
    """Rows as they come: a server-side cursor on PostgreSQL, everything at once for a few persons."""
    return lignes.iterator(chunk_size=LOT) if connection.vendor == "postgresql" else iter(lignes.iterator())


Rang = tuple[int, int]  # jointure (0 without one), then our own key: the order of every stream


class _Suite:
    """Rows of a second query in the same order as the first, taken person by person."""

    def __init__(self, lignes: QuerySet, champ: str, *colonnes: str):
        self._lignes = _iterate(lignes.values_list("numero", f"{champ}_id", *colonnes))
        self._suivante = next(self._lignes, None)

    def pop(self, rang: Rang) -> list[tuple[Any, ...]]:
        """The rows of a person, without their rank; those of persons nobody asked for are passed over."""
        prises = []
        while self._suivante is not None:
            sien = self._suivante[:2]
            if sien > rang:
                break
            if sien == rang:
                prises.append(self._suivante[2:])
            self._suivante = next(self._lignes, None)
        return prises
