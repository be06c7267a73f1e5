"""The whole content of an export, category after category, in the order of the files."""

from collections.abc import Iterator
from itertools import groupby

from exchanges.enums import CategorieAAF
from exchanges.models import Etablissement, FicheMatiere, FicheMef
from exchanges.parsers.records.aaf import Enregistrement
from exchanges.reports.aaf.enregistrements import (
    make_eleve,
    make_etablissement,
    make_matiere,
    make_mef,
    make_personnel,
    make_responsable,
    read_libelles,
)
from exchanges.reports.aaf.flux import (
    Presents,
    Structures,
    stream_eleves,
    stream_personnels,
    stream_responsables,
)
from exchanges.reports.aaf.portee import Portee


class ExportAAF:
    """The records of a reading. ``eleves()`` goes before ``responsables()``: a responsable exists by his children."""

    def __init__(self, portee: Portee):
        self.portee = portee
        self.structures = Structures(portee)
        mefs = list(FicheMef.objects.filter(portee.facts()).order_by("code", "pk").values_list(*_MEF))
        matieres = list(FicheMatiere.objects.filter(portee.facts()).order_by("code", "pk").values_list(*_MATIERE))
        self._mefs = {ligne[1]: ligne for ligne in mefs}
        self._matieres = {code: libelle for _, code, libelle in matieres}
        self._textes = read_libelles(mefs, matieres)
        self._presents = Presents()

    def flux(self) -> Iterator[tuple[CategorieAAF, Iterator[Enregistrement]]]:
        """Every category with its records, in the order in which ENTs read them."""
        yield CategorieAAF.ETAB, self.etablissements()
        yield CategorieAAF.MATIERE, self.matieres()
        yield CategorieAAF.MEF, self.mefs()
        yield CategorieAAF.ELEVE, self.eleves()
        yield CategorieAAF.RESPONSABLE, self.responsables()
        yield CategorieAAF.PERSONNEL, self.personnels()

    def etablissements(self) -> Iterator[Enregistrement]:
        """The schools, by jointure."""
        ecoles = Etablissement.objects.filter(pk__in=self.portee.instants).select_related("academie").order_by("pk")
        for ecole in ecoles:
            yield make_etablissement(ecole, self.structures.divisions[ecole.pk], self.structures.groupes[ecole.pk])

    def mefs(self) -> Iterator[Enregistrement]:
        """The MEFs of the schools, each once."""
        for _, code, _, libelle, rattachement, mefstat in self._mefs.values():
            yield make_mef(code, libelle, rattachement, mefstat)

    def matieres(self) -> Iterator[Enregistrement]:
        """The matières of the schools, each once."""
        for code, libelle in self._matieres.items():
            yield make_matiere(code, libelle)

    def eleves(self) -> Iterator[Enregistrement]:
        """The eligible élèves."""
        for eleve in stream_eleves(self.portee, self.structures):
            if eleve.motif is None:
                self._presents.add(eleve.pk)
                yield make_eleve(eleve, self._textes[eleve.etablissement])

    def responsables(self) -> Iterator[Enregistrement]:
        """The responsables of the élèves given by ``eleves()``."""
        for responsable in stream_responsables(self.portee, self._presents):
            if responsable.enfants:
                yield make_responsable(responsable)

    def personnels(self) -> Iterator[Enregistrement]:
        """The personnels, one record per person whatever the number of schools."""
        presents = (p for p in stream_personnels(self.portee, self.structures) if p.motif is None)
        for _, memes in groupby(presents, key=lambda p: p.jointure):
            yield make_personnel(list(memes), self._textes, self.structures.divisions)


_MEF = ("etablissement_id", "code", "formation", "libelle", "rattachement", "mefstat")
_MATIERE = ("etablissement_id", "code", "libelle")
