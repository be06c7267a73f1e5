"""Hypothesis strategies for every Fichier, within what the formats can say (made-up values only)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from exchanges.enums import TypeFichier
from exchanges.parsers import records


# Letters that ISO-8859-15 can write, and what names really hold.
LETTRES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÂÇÉÈÊËÎÏÔÙÛÜŸŒàâçéèêëîïôùûüÿœ'-&<>\" "
noms = st.text(LETTRES, min_size=1, max_size=25).map(str.strip).filter(bool)
codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._- /&", min_size=1, max_size=8).map(str.strip).filter(bool)
chiffres = st.integers(1, 9_999_999).map(str)
jours = st.dates(date(1900, 1, 1), date(2100, 1, 1))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
annees = st.integers(2000, 2098).map(str)
uais = st.builds("{:07}{}".format, st.integers(0, 9_999_999), st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ"))
parfois = st.booleans() | st.none()


def maybe(strategie):
    return st.just("") | strategie


def tuples(strategie, maximum: int = 3, unique_by=None):
    return st.lists(strategie, max_size=maximum, unique_by=unique_by).map(tuple)


def entetes(type_fichier: TypeFichier, version: str = "2.0", **autres):
    valeurs = {"uai": uais, "annee": annees, "version": st.just(version), "horodatage": instants | st.none()}
    return st.builds(records.Entete, type=st.just(type_fichier), **{**valeurs, **autres})


def clean(fichier: records.Lecture) -> dict:
    """What a writer writes: everything but the remarks."""
    return {nom: getattr(fichier, nom) for nom in fichier.__dataclass_fields__ if nom != "remarques"}


def of(modele, entete, **champs):
    return st.builds(modele, entete=entete, inconnus=st.just({}), remarques=st.just(()), **champs)


eleves = of(
    records.FichierEleves,
    entetes(TypeFichier.ELEVES),
    eleves=tuples(
        st.builds(
            records.Eleve,
            eleve_id=chiffres,
            nom_de_famille=noms,
            prenom=noms,
            date_naissance=jours | st.none(),
            elenoet=maybe(chiffres),
            ine=maybe(codes),
            ine_bea=maybe(codes),
            ine_rnie=maybe(codes),
            id_prv_ele=maybe(chiffres),
            nom_usage=maybe(noms),
            prenom2=maybe(noms),
            prenom3=maybe(noms),
            sexe=maybe(st.sampled_from("12")),
            pays_naissance=maybe(codes),
            commune_naissance=maybe(codes),
            ville_naissance=maybe(noms),
            nationalite=maybe(codes),
            regime=maybe(codes),
            statut=maybe(codes),
            mef=maybe(codes),
            date_entree=jours | st.none(),
            date_sortie=jours | st.none(),
            motif_sortie=maybe(codes),
            provenance=maybe(codes),
            doublement=maybe(st.sampled_from("01")),
            rne_an_dernier=maybe(uais),
            mef_an_dernier=maybe(codes),
            division=maybe(codes),
            groupes=tuples(codes),
            options=tuples(codes, 12),
        ),
        unique_by=lambda eleve: eleve.eleve_id,
    ),
)

personnes = tuples(
    st.builds(
        records.Personne,
        personne_id=chiffres,
        nom_de_famille=noms,
        prenom=maybe(noms),
        civilite=maybe(st.sampled_from(["M.", "MME"])),
        nom_usage=maybe(noms),
        tel_personnel=maybe(chiffres),
        tel_portable=maybe(chiffres),
        tel_professionnel=maybe(chiffres),
        mel=maybe(noms),
        accepte_sms=parfois,
        profession=maybe(codes),
        code_postal=maybe(chiffres),
        commune=maybe(noms),
        adresse=tuples(noms, 4),
    ),
    unique_by=lambda personne: personne.personne_id,
)


def liens_responsables(eleve_id, niveau):
    return st.builds(
        records.LienResponsable,
        eleve_id=eleve_id,
        personne_id=chiffres,
        niveau=niveau,
        parente=maybe(st.sampled_from(["10", "20", "37", "90"])),
        paie_frais_scolaires=parfois,
        percoit_aides=parfois,
        heberge_eleve=parfois,
        a_contacter_en_priorite=parfois,
    )


responsables = of(
    records.FichierResponsables,
    entetes(TypeFichier.RESPONSABLES),
    personnes=personnes,
    liens=tuples(liens_responsables(chiffres, maybe(st.sampled_from("123")))),
)

structures = of(
    records.FichierStructures,
    entetes(TypeFichier.STRUCTURES),
    divisions=tuples(st.builds(records.Division, code=codes, libelle=maybe(noms), mefs=tuples(codes))),
    groupes=tuples(
        st.builds(records.Groupe, code=codes, libelle=maybe(noms), mefs=tuples(codes), divisions=tuples(codes))
    ),
)

communs = of(
    records.FichierCommun,
    entetes(TypeFichier.COMMUN),
    denomination=maybe(noms),
    type_etab=maybe(codes),
    annee_eleves=st.builds(records.Periode, debut=jours, fin=jours) | st.none(),
)

matieres = st.builds(records.Matiere, code=codes, code_gestion=maybe(codes), libelle=maybe(noms))
mefs = st.builds(records.Mef, code=codes, formation=maybe(codes), libelle=maybe(noms))

nomenclatures = of(
    records.FichierNomenclatures,
    entetes(TypeFichier.NOMENCLATURES),
    mefs=tuples(
        st.builds(
            records.Mef,
            code=codes,
            formation=maybe(codes),
            libelle=maybe(noms),
            is_selectionne=st.booleans(),
            date_fermeture=jours | st.none(),
            rattachement=maybe(codes),
            mefstat=maybe(codes),
        )
    ),
    matieres=tuples(
        st.builds(records.Matiere, code=codes, code_gestion=maybe(codes), libelle=maybe(noms), is_etp=st.booleans())
    ),
)

minutes = st.integers(0, 24 * 60 - 1)
effectifs = st.integers(0, 99) | st.none()
placements = st.builds(
    records.Cours, alternance=codes, jour=st.integers(1, 7), debut=minutes, duree=minutes, salle=maybe(codes)
)


def make_services(cours):
    return tuples(
        st.builds(
            records.Service,
            matiere=codes,
            modalite=st.sampled_from(["CG", "TD", "TP"]),
            heures=maybe(st.just("4.50")),
            is_co_enseignement=st.booleans(),
            enseignements=tuples(
                st.builds(
                    records.Enseignement,
                    individu_type=st.sampled_from(["epp", "local"]),
                    individu_id=chiffres,
                    heures=maybe(st.just("2.25")),
                    ponderation=maybe(st.just("1.25")),
                    cours=cours,
                )
            ),
        ),
        unique_by=lambda service: (service.matiere, service.modalite),
    )


services = make_services(st.just(()))
services_places = make_services(tuples(placements))


def individus(types: list[str]):
    return st.builds(
        records.Individu,
        type=st.sampled_from(types),
        id=chiffres,
        nom_usage=maybe(noms),
        nom_patronymique=maybe(noms),
        prenom=maybe(noms),
        sexe=maybe(st.sampled_from("12")),
        civilite=maybe(codes),
        date_naissance=jours | st.none(),
        fonction=maybe(codes),
        grade=maybe(codes),
        disciplines=tuples(codes),
        principal_de=tuples(
            st.builds(records.Principal, division=codes, date_debut=jours | st.none(), date_fin=jours | st.none())
        ),
    )


sts = of(
    records.FichierSTS,
    entetes(TypeFichier.STS_EDT, version="", horodatage=st.none()),
    denomination=maybe(noms),
    sigle=maybe(codes),
    academie_code=maybe(chiffres),
    academie_libelle=maybe(noms),
    mefs=tuples(mefs),
    matieres=tuples(matieres),
    individus=st.builds(
        lambda titulaires, suppleants: titulaires + suppleants,
        tuples(individus(["epp", "local"])),
        tuples(individus(["suppleant"])),
    ),
    divisions=tuples(
        st.builds(
            records.Division,
            code=codes,
            libelle=maybe(noms),
            mefs=tuples(codes),
            effectif_prevu=effectifs,
            effectif_calcule=effectifs,
            services=services,
        )
    ),
    groupes=tuples(
        st.builds(
            records.Groupe,
            code=codes,
            libelle=maybe(noms),
            mefs=tuples(codes),
            divisions=tuples(codes),
            effectif_prevu=effectifs,
            effectif_max=effectifs,
            effectif_calcule=effectifs,
            services=services,
        )
    ),
)

paires = tuples(st.tuples(codes, codes))
lundis = jours.map(lambda jour: jour - timedelta(jour.weekday()))

edt = of(
    records.FichierEDT,
    entetes(TypeFichier.EDT_STS, version="", horodatage=st.none(), logiciel=maybe(codes)),
    horaires=tuples(st.builds(records.Horaire, jour=st.integers(1, 7), debut=minutes, fin=minutes)),
    alternances=tuples(
        st.builds(
            records.Alternance,
            code=codes,
            libelle=maybe(noms),
            semaines=st.lists(lundis, max_size=4, unique=True).map(tuple),
        )
    ),
    salles=tuples(st.builds(records.Salle, code=codes, groupe=maybe(codes), localisation=maybe(noms))),
    individus=tuples(st.builds(records.IndividuEDT, id=chiffres, indemnites=paires, ares=paires)),
    divisions=tuples(st.builds(records.Division, code=codes, services=services_places)),
    groupes=tuples(
        st.builds(
            records.Groupe,
            code=codes,
            libelle=maybe(noms),
            divisions=tuples(codes),
            effectif_prevu=effectifs,
            effectif_max=effectifs,
            services=services_places,
        )
    ),
)

codes_bruts = st.builds("{}{}".format, st.text("3AG&1 ", min_size=1, max_size=7), st.sampled_from(["", " ", "2"]))

inscriptions = st.lists(
    st.builds(records.Inscription, groupe=codes_bruts, date_debut=jours | st.none(), date_fin=jours | st.none()),
    min_size=1,
    max_size=4,
    unique_by=lambda inscription: inscription.groupe,
).map(tuple)


def deposes(**identifiant):
    return st.builds(
        records.EleveDepose,
        nom_de_famille=noms,
        prenom=noms,
        date_naissance=jours,
        inscriptions=inscriptions,
        nom_usage=maybe(noms),
        prenom2=maybe(noms),
        prenom3=maybe(noms),
        **identifiant,
    )


depots = of(
    records.FichierElegroupe,
    entetes(TypeFichier.ELEGROUPE, version="1.4", logiciel=codes, horodatage=st.none()),
    date_import=jours,
    num_envoi=st.integers(0, 99_999),
    eleves=st.lists(
        deposes(eleve_id=chiffres)
        | deposes(ine=st.integers(0, 10**9 - 1).map("{:09}HC".format))
        | deposes(id_prv_ele=st.integers(1, 99_999).map(str)),
        min_size=1,
        max_size=4,
        unique_by=lambda eleve: eleve.identifiant,
    ).map(tuple),
)

lieux = st.builds(records.Lieu, code=codes, libelle=maybe(noms), parent=maybe(codes))

geographiques = of(
    records.FichierGeographique,
    entetes(TypeFichier.GEOGRAPHIQUE),
    pays=tuples(st.builds(records.Lieu, code=codes, libelle=maybe(noms))),
    departements=tuples(lieux),
    communes=tuples(lieux),
)

etablissements = of(
    records.FichierEtablissements,
    entetes(TypeFichier.ETABLISSEMENTS),
    etablissements=tuples(
        st.builds(
            records.EtablissementConnu,
            uai=uais,
            denomination=maybe(noms),
            sigle=maybe(codes),
            nature=maybe(codes),
            type_etab=maybe(codes),
            secteur=maybe(st.sampled_from(["PU", "PR", "**"])),
            academie=maybe(codes),
            code_postal=maybe(chiffres),
        )
    ),
)

structures_edt = st.builds(records.StructureEDT, ident=chiffres, nom=noms, parties=tuples(chiffres))

emplois_du_temps = of(
    records.FichierEmploiDuTemps,
    entetes(TypeFichier.EMPLOI_DU_TEMPS, version="1.0", horodatage=st.none()),
    matieres=tuples(matieres),
    professeurs=tuples(
        st.builds(records.ProfesseurEDT, ident=chiffres, nom=noms, prenom=maybe(noms), sts_id=maybe(chiffres))
    ),
    divisions=tuples(structures_edt),
    groupes=tuples(
        st.builds(records.StructureEDT, ident=chiffres, nom=noms, divisions=tuples(chiffres), parties=tuples(chiffres))
    ),
    eleves=tuples(
        st.builds(
            records.EleveEDT,
            ident=chiffres,
            nom=noms,
            prenom=maybe(noms),
            date_naissance=jours | st.none(),
            ine=maybe(codes),
            eleve_id=maybe(chiffres),
            divisions=tuples(chiffres),
            parties=tuples(chiffres),
        )
    ),
    nombre_cours=st.integers(0, 5),
)

eleves_prives = st.builds(
    records.Eleve,
    eleve_id=st.just(""),
    nom_de_famille=noms,
    prenom=noms,
    date_naissance=jours | st.none(),
    ine=maybe(codes),
    ine_bea=maybe(codes),
    ine_rnie=maybe(codes),
    id_prv_ele=chiffres,
    nom_usage=maybe(noms),
    prenom2=maybe(noms),
    prenom3=maybe(noms),
    sexe=maybe(st.sampled_from("12")),
    pays_naissance=maybe(codes),
    commune_naissance=maybe(codes),
    ville_naissance=maybe(noms),
    nationalite=maybe(codes),
    regime=maybe(codes),
    statut=maybe(codes),
    mef=maybe(codes),
    date_entree=jours | st.none(),
    date_sortie=jours | st.none(),
    motif_sortie=maybe(codes),
    provenance=maybe(codes),
    doublement=maybe(st.sampled_from("01")),
    rne_an_dernier=maybe(uais),
    mef_an_dernier=maybe(codes),
    division=maybe(codes),
    options=tuples(codes, 12),
)


@st.composite
def eleves_et_liens(draw):
    """Élèves of a PRIVE file and their links, in the order of the file: by élève, then by niveau."""
    eleves = draw(tuples(eleves_prives, unique_by=lambda eleve: eleve.id_prv_ele))
    liens = []
    for eleve in eleves:
        siens = draw(tuples(liens_responsables(st.just(eleve.id_prv_ele), st.sampled_from("123"))))
        liens += sorted(siens, key=lambda lien: lien.niveau)
    return eleves, tuple(liens)


prives = st.builds(
    lambda fichier, rows: replace(fichier, eleves=rows[0], liens=rows[1]),
    of(
        records.FichierPrive,
        entetes(TypeFichier.PRIVE, version="3.1", logiciel=codes, horodatage=st.none()),
        personnes=personnes,
    ),
    eleves_et_liens(),
)

FICHIERS = {
    "geographiques": geographiques,
    "etablissements": etablissements,
    "emplois_du_temps": emplois_du_temps,
    "prives": prives,
    "eleves": eleves,
    "responsables": responsables,
    "structures": structures,
    "communs": communs,
    "nomenclatures": nomenclatures,
    "sts": sts,
    "edt": edt,
    "elegroupe": depots,
}
