"""An académie of any size, written straight into the tables: schools of 500 élèves that the AAF has read."""

from datetime import timedelta

from outils import site

from exchanges.enums import CategorieAAF, Couche, EtatPassage, NatureActe, Relais
from exchanges.importer.bulk import insert_rows
from exchanges.models import (
    Acte,
    Division,
    Eleve,
    Etablissement,
    FicheDivision,
    FicheEleve,
    FicheGroupe,
    FicheIndividu,
    FicheMef,
    FicheResponsable,
    Groupe,
    Individu,
    Jointure,
    LienGroupe,
    LienResponsable,
    LienService,
    Passage,
    Responsable,
    Service,
)
from tests.makers import LUNDI, MEF, NAISSANCE, make_academie, make_etablissement, make_projet, set_clock


PAR_ECOLE, GROUPES, PERSONNELS, DIVISIONS = 500, 10, 50, 16
MATIERE = "030201"
MATIN = LUNDI.replace(hour=4)
VEILLE = LUNDI - timedelta(days=1)
_TEMPS = ("etablissement_id", "depuis", "ouvert_par_id")


class Numeros:
    """Jointures one after the other, from one."""

    def __init__(self, academie: int):
        self._academie, self._suivant = academie, 1

    def take(self, categorie: CategorieAAF, ecole: int, nombre: int) -> list[int]:
        """That many new numbers, as rows of Jointure."""
        lignes = ((self._academie, str(categorie), f"{ecole}:{rang}") for rang in range(nombre))
        insert_rows(Jointure, ("academie_id", "categorie", "cle"), lignes)
        siennes = Jointure.objects.filter(categorie=categorie, cle__startswith=f"{ecole}:").order_by("pk")
        return list(siennes.values_list("pk", flat=True))


def fill(eleves: int) -> list[Etablissement]:
    """Schools enough for that many élèves: 10 groupes and 2 responsables each, 50 personnels a school."""
    site.start_site()
    academie, projet = make_academie(), make_projet()
    set_clock(academie, LUNDI)
    numeros = Numeros(academie.pk)
    ecoles = [
        make_etablissement(rang + 1, academie=academie, projet_ent=projet) for rang in range(-(-eleves // PAR_ECOLE))
    ]
    for ecole in ecoles:
        _fill_ecole(ecole, numeros)
    return ecoles


def _fill_ecole(ecole: Etablissement, numeros: Numeros) -> None:
    acte = Acte.objects.create(etablissement=ecole, nature=NatureActe.CHARGEMENT, instant=VEILLE)
    Acte.objects.create(etablissement=ecole, nature=NatureActe.EXPORT_SERVICES, instant=VEILLE)
    temps = (ecole.pk, VEILLE, acte.pk)
    bee, sts = str(Couche.BEE), str(Couche.STS)
    divisions = _identities(Division, ecole, "code", [f"6D{i}" for i in range(DIVISIONS)])
    groupes = _identities(Groupe, ecole, "code", [f"6G{i}" for i in range(GROUPES)])
    insert_rows(
        FicheMef,
        (*_TEMPS, "code", "libelle", "mefstat", "rattachement", "is_selectionne", "formation"),
        [(*temps, MEF, "SIXIEME", "21110010012", MEF, True, "6EME")],
    )
    insert_rows(
        FicheDivision,
        (*_TEMPS, "division_id", "couche", "libelle", "mefs"),
        [(*temps, pk, bee, "SIXIEME", [MEF]) for pk in divisions],
    )
    insert_rows(
        FicheGroupe,
        (*_TEMPS, "groupe_id", "couche", "libelle", "mefs", "divisions"),
        [(*temps, pk, bee, "GROUPE", [MEF], ["6D0"]) for pk in groupes],
    )
    eleves = _fill_eleves(ecole, numeros, temps, divisions)
    insert_rows(LienGroupe, (*_TEMPS, "eleve_id", "groupe_id"), [(*temps, e, g) for e in eleves for g in groupes])
    _fill_responsables(ecole, numeros, temps, eleves)
    _fill_personnels(ecole, numeros, temps, sts)
    Passage.objects.create(
        etablissement=ecole,
        relais=Relais.AAF,
        genre="complet",
        etat=EtatPassage.FAIT,
        prevu_le=MATIN,
        execute_le=MATIN,
        source=MATIN,
    )


def _identities(modele, ecole, champ, codes, jointures=None, **autres):
    noms = ("etablissement_id", champ, *autres, *(["jointure_id"] if jointures else []))
    fixes = tuple(autres.values())
    lignes = [(ecole.pk, code, *fixes, *([jointures[i]] if jointures else [])) for i, code in enumerate(codes)]
    insert_rows(modele, noms, lignes)
    return list(modele._default_manager.filter(etablissement=ecole).order_by("pk").values_list("pk", flat=True))


def _fill_eleves(ecole, numeros, temps, divisions):
    pks = _identities(
        Eleve,
        ecole,
        "eleve_id",
        [str(1_000_000 + i) for i in range(PAR_ECOLE)],
        numeros.take(CategorieAAF.ELEVE, ecole.pk, PAR_ECOLE),
    )
    champs = (
        *_TEMPS,
        "eleve_id",
        "nom_de_famille",
        "nom_usage",
        "prenom",
        "prenom2",
        "prenom3",
        "date_naissance",
        "sexe",
        "elenoet",
        "ine",
        "id_prv_ele",
        "regime",
        "statut",
        "mef",
        "division_id",
        "date_entree",
        "motif_sortie",
        "options",
        "manques",
    )
    insert_rows(
        FicheEleve,
        champs,
        [
            (
                *temps,
                pk,
                f"MODÈLE-{i}",
                "",
                "Maëlys",
                "Anaïs",
                "",
                NAISSANCE,
                "2",
                "",
                f"{ecole.pk:04}{i:05}AA",
                "",
                "2",
                "ST",
                MEF,
                divisions[i % DIVISIONS],
                VEILLE.date(),
                "",
                [MATIERE] * 1,
                [],
            )
            for i, pk in enumerate(pks)
        ],
    )
    return pks


def _fill_responsables(ecole, numeros, temps, eleves):
    nombre = 2 * PAR_ECOLE
    pks = _identities(
        Responsable,
        ecole,
        "personne_id",
        [str(2_000_000 + i) for i in range(nombre)],
        numeros.take(CategorieAAF.RESPONSABLE, ecole.pk, nombre),
    )
    insert_rows(
        FicheResponsable,
        (*_TEMPS, "responsable_id", "civilite", "nom_de_famille", "nom_usage", "prenom", "tel_portable", "mel"),
        [
            (*temps, pk, "MME", f"MODÈLE-{i // 2}", "", "Camille", "0600000000", f"m{i}@courriel.example")
            for i, pk in enumerate(pks)
        ],
    )
    insert_rows(
        LienResponsable,
        (*_TEMPS, "eleve_id", "responsable_id", "niveau", "parente", "paie_frais_scolaires"),
        [(*temps, eleves[i // 2], pk, "1", "10", i % 2 == 0) for i, pk in enumerate(pks)],
    )


def _fill_personnels(ecole, numeros, temps, sts):
    pks = _identities(
        Individu,
        ecole,
        "sts_id",
        [str(3_000_000 + i) for i in range(PERSONNELS)],
        numeros.take(CategorieAAF.PERSONNEL, ecole.pk, PERSONNELS),
        type="epp",
    )
    insert_rows(
        FicheIndividu,
        (
            *_TEMPS,
            "individu_id",
            "nom_usage",
            "nom_patronymique",
            "prenom",
            "sexe",
            "civilite",
            "fonction",
            "grade",
            "disciplines",
        ),
        [(*temps, pk, f"PROF-{i}", "", "Lou", "", "1", "ENS", "", ["L0422"]) for i, pk in enumerate(pks)],
    )
    lignes = [("G", f"6G{i}", MATIERE, "CG") for i in range(GROUPES)] + [
        ("D", f"6D{i}", MATIERE, "CG") for i in range(DIVISIONS)
    ]
    insert_rows(
        Service,
        ("etablissement_id", "type_structure", "structure", "matiere", "modalite"),
        [(ecole.pk, *ligne) for ligne in lignes],
    )
    services = list(Service.objects.filter(etablissement=ecole).order_by("pk").values_list("pk", flat=True))
    insert_rows(
        LienService,
        (*_TEMPS, "service_id", "individu_id", "couche", "heures"),
        [(*temps, services[(i + j) % len(services)], pk, sts, "") for i, pk in enumerate(pks) for j in range(3)],
    )
