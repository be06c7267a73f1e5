"""From parsed files to the rows they want: one function per file type, nothing written."""

from collections.abc import Iterator, Mapping
from typing import Any

from exchanges.enums import Couche, TypeStructure
from exchanges.importer import edt, tables
from exchanges.importer.compare import Changement, Cle, LigneCourante, Valeurs, compare, read_courants
from exchanges.importer.suppleants import find_adoptions
from exchanges.importer.tables import Table
from exchanges.models import Etablissement
from exchanges.parsers import records
from exchanges.rules.fiches import list_manques


Voulus = dict[Cle, Valeurs]


def is_loadable(fichier: records.Fichier) -> bool:
    """Whether a file is of a type that a batch may load."""
    return isinstance(fichier, records.FichierEDT) or type(fichier) in _WANT


class _Etat:
    """What each table holds, then will hold once the files read so far are loaded."""

    def __init__(self, etablissement: Etablissement):
        self.etablissement = etablissement
        self.courants: dict[Table, dict[Cle, LigneCourante]] = {}
        self.voulus: dict[Table, Voulus] = {}
        self.adoptions: dict[edt.Individu, edt.Individu] = {}

    def read(self, table: Table) -> dict[Cle, LigneCourante]:
        """The open rows, read once; a suppléant whom ``sts_emp`` names has her key of STS."""
        if table not in self.courants:
            courants = read_courants(table, self.etablissement)
            if self.adoptions and any(colonne.identite == tables.INDIVIDU for colonne in table.cle):
                courants = {tuple(self.adoptions.get(p, p) for p in cle): ligne for cle, ligne in courants.items()}
            self.courants[table] = courants
        return self.courants[table]

    def hold(self, table: Table) -> Mapping[Cle, Valeurs]:
        """The rows that the batch wants, else those of the database."""
        if table in self.voulus:
            return self.voulus[table]
        return {cle: ligne.valeurs for cle, ligne in self.read(table).items()}

    def load(self, fichiers: list[records.Fichier]) -> None:
        """Want what the files want; EDT's comes last: it is imported into what ``sts_emp`` shows."""
        for fichier in fichiers:
            if isinstance(fichier, records.FichierSTS):
                self.adoptions = find_adoptions(self.etablissement, fichier)
            if not isinstance(fichier, records.FichierEDT):
                self.voulus |= dict(_WANT[type(fichier)](fichier))
        for fichier in fichiers:
            if isinstance(fichier, records.FichierEDT):
                self.voulus |= dict(edt.want_edt(fichier, self.hold))


def compare_fichiers(
    etablissement: Etablissement, fichiers: list[records.Fichier], has_liens_a_jour: bool
) -> list[Changement]:
    """Compare parsed files with what the database holds for an établissement.

    Args:
        etablissement: the school; the files are already known to be its own.
        fichiers: loadable files, at most one of each type.
        has_liens_a_jour: whether the Élèves export is later than the last overnight import, so that
            its élève-groupe links may replace those of the database.

    Returns:
        One ``Changement`` per table concerned, changed or not.
    """
    etat = _Etat(etablissement)
    etat.load(fichiers)
    changements = []
    for table, voulus in etat.voulus.items():
        courants = etat.read(table)
        if table is tables.LIENS_GROUPE:
            if not has_liens_a_jour:
                continue
            voulus = {cle: courants[cle].valeurs if cle in courants else dates for cle, dates in voulus.items()}
        elif table is tables.LIENS_SERVICE:
            voulus = {cle: _keep_dates(valeurs, courants.get(cle)) for cle, valeurs in voulus.items()}
        changements.append(compare(table, courants, voulus))
    return changements


def _keep_dates(valeurs: Valeurs, courante: LigneCourante | None) -> Valeurs:
    """No file carries the dates of a suppléance: a link that it confirms keeps its own."""
    return (valeurs[0], *courante.valeurs[1:]) if courante else valeurs


def check_edt(etablissement: Etablissement, fichiers: list[records.Fichier]) -> edt.ImportEDT | None:
    """What STS-Web would keep of the ``EDT_vers_STS`` file of a batch; ``None`` when there is none."""
    autres = [fichier for fichier in fichiers if not isinstance(fichier, records.FichierEDT)]
    etat = _Etat(etablissement)
    etat.load(autres)
    for fichier in fichiers:
        if isinstance(fichier, records.FichierEDT):
            return edt.accept_edt(fichier, etat.hold)
    return None


def find_oversize(fichier: records.Fichier) -> tuple[str, str, int] | None:
    """The first text of a loadable file that does not fit its column.

    Returns:
        The field, the text, and the characters that fit; ``None`` for every real export.
    """
    is_edt = isinstance(fichier, records.FichierEDT)
    for table, voulus in edt.want_edt(fichier, lambda _: {}) if is_edt else _WANT[type(fichier)](fichier):
        limites = table.limites
        for cle, valeurs in voulus.items():
            for (champ, limite), valeur in zip(limites, _flatten((*cle, *valeurs)), strict=True):
                if limite and valeur and len(valeur) > limite:
                    return champ, valeur, limite
    return None


def _flatten(ligne: tuple[Any, ...]) -> Iterator[Any]:
    """The values of a row one by one, keys of several fields included."""
    for valeur in ligne:
        if isinstance(valeur, tuple):
            yield from valeur
        else:
            yield valeur


def _want_structures(fichier: records.FichierStructures) -> Iterator[tuple[Table, Voulus]]:
    yield tables.fiches_division(Couche.BEE), _divisions(fichier.divisions)
    yield tables.fiches_groupe(Couche.BEE), _groupes(fichier.groupes)


def _divisions(divisions: tuple[records.Division, ...]) -> Voulus:
    return {(d.code,): (d.libelle, sorted(d.mefs), d.effectif_prevu) for d in divisions}


def _groupes(groupes: tuple[records.Groupe, ...]) -> Voulus:
    return {(g.code,): (g.libelle, sorted(g.mefs), sorted(g.divisions), g.effectif_prevu) for g in groupes}


def _want_eleves(fichier: records.FichierEleves) -> Iterator[tuple[Table, Voulus]]:
    yield (
        tables.FICHES_ELEVE,
        {
            (e.eleve_id,): (
                *(e.nom_de_famille, e.nom_usage, e.prenom, e.prenom2, e.prenom3, e.date_naissance, e.sexe, e.elenoet),
                *(e.ine, e.id_prv_ele, e.regime, e.statut, e.mef),
                e.division or None,
                *(e.date_entree, e.date_sortie, e.motif_sortie, list(e.options), list_manques(e)),
            )
            for e in fichier.eleves
        },
    )
    yield tables.LIENS_GROUPE, {(e.eleve_id, code): (None, None) for e in fichier.eleves for code in e.groupes}


def _want_responsables(fichier: records.FichierResponsables) -> Iterator[tuple[Table, Voulus]]:
    yield (
        tables.FICHES_RESPONSABLE,
        {
            (p.personne_id,): (p.civilite, p.nom_de_famille, p.nom_usage, p.prenom, p.tel_portable, p.mel)
            for p in fichier.personnes
        },
    )
    yield (
        tables.LIENS_RESPONSABLE,
        {
            (lien.eleve_id, lien.personne_id): (
                *(lien.niveau, lien.parente, lien.paie_frais_scolaires),
                *(lien.percoit_aides, lien.heberge_eleve, lien.a_contacter_en_priorite),
            )
            for lien in fichier.liens
        },
    )


def _want_nomenclatures(fichier: records.FichierNomenclatures) -> Iterator[tuple[Table, Voulus]]:
    yield (
        tables.FICHES_MEF,
        {
            (m.code,): (m.formation, m.libelle, m.is_selectionne, m.date_fermeture, m.rattachement, m.mefstat)
            for m in fichier.mefs
        },
    )
    yield tables.FICHES_MATIERE, {(m.code,): (m.code_gestion, m.libelle, m.is_etp) for m in fichier.matieres}


def _want_commun(_: records.FichierCommun) -> Iterator[tuple[Table, Voulus]]:
    """``Communs.xml`` changes the établissement itself, not a temporal table."""
    return iter(())


def _want_sts(fichier: records.FichierSTS) -> Iterator[tuple[Table, Voulus]]:
    yield tables.fiches_division(Couche.STS), _divisions(fichier.divisions)
    yield tables.fiches_groupe(Couche.STS), _groupes(fichier.groupes)
    yield (
        tables.FICHES_INDIVIDU,
        {
            ((i.type, i.id),): (
                *(i.nom_usage, i.nom_patronymique, i.prenom, i.sexe, i.civilite),
                *(i.date_naissance, i.fonction, i.grade, list(i.disciplines)),
            )
            for i in fichier.individus
        },
    )
    services = dict(_services(fichier))
    yield (
        tables.FICHES_SERVICE,
        {(cle,): (service.heures, service.is_co_enseignement) for cle, service in services.items()},
    )
    yield tables.LIENS_SERVICE, dict(_enseignements(fichier))
    yield (
        tables.LIENS_PRINCIPAL,
        {
            ((i.type, i.id), principal.division): (principal.date_debut, principal.date_fin)
            for i in fichier.individus
            for principal in i.principal_de
        },
    )


def _services(fichier: records.FichierSTS) -> Iterator[tuple[Cle, records.Service]]:
    for type_structure, structures in (
        (TypeStructure.DIVISION, fichier.divisions),
        (TypeStructure.GROUPE, fichier.groupes),
    ):
        for structure in structures:
            for service in structure.services:
                yield (str(type_structure), structure.code, service.matiere, service.modalite), service


def _enseignements(fichier: records.FichierSTS) -> Iterator[tuple[Cle, Valeurs]]:
    for cle, service in _services(fichier):
        for enseignement in service.enseignements:
            yield (cle, (enseignement.individu_type, enseignement.individu_id)), (enseignement.heures, None, None)


_WANT = {
    records.FichierStructures: _want_structures,
    records.FichierEleves: _want_eleves,
    records.FichierResponsables: _want_responsables,
    records.FichierNomenclatures: _want_nomenclatures,
    records.FichierCommun: _want_commun,
    records.FichierSTS: _want_sts,
}
