"""Faults of the responsables (``formats/siecle.md`` §5.4): names, mobiles, mails."""

from collections import Counter
from dataclasses import replace
from random import Random

from exchanges.enums import TypeFichier
from exchanges.generator.ecoles import Ecole
from exchanges.generator.eleves import normalize
from exchanges.generator.fautes.edition import add, replace_personne
from exchanges.generator.fautes.terrain import Terrain
from exchanges.generator.noms import draw_prenom
from exchanges.parsers.records import Eleve, Personne


def _rename(ecole: Ecole, personne: Personne, code: str, phrase: str) -> Ecole:
    detail = f"Le responsable {personne.personne_id} {phrase} : {personne.nom_de_famille} {personne.prenom}."
    return add(replace_personne(ecole, personne), code, detail, personne.personne_id)


def _add_civilite(ecole: Ecole, rng: Random) -> Ecole:
    personne, _ = Terrain(ecole).choose_legal(rng)
    nom = f"{rng.choice(('MME', 'M.', 'MONSIEUR'))} {personne.nom_de_famille}"
    return _rename(
        ecole, replace(personne, nom_de_famille=nom), "nom_avec_civilite", "porte une civilité dans son nom"
    )


def _merge_two(ecole: Ecole, rng: Random) -> Ecole:
    """Both parents typed as one person."""
    personne, _ = Terrain(ecole).choose_legal(rng)
    liaison = rng.choice(("Et", "&", "Ou"))
    prenom = f"{personne.prenom} {liaison} {draw_prenom(rng, rng.choice('12'))}"
    return _rename(ecole, replace(personne, prenom=prenom), "nom_de_deux_personnes", "est deux personnes")


def _lose_accent(ecole: Ecole, rng: Random) -> Ecole:
    """A letter was lost on the way through some software."""
    personne, _ = Terrain(ecole).choose_legal(rng)
    prenom = f"{personne.prenom[0]}?{personne.prenom[2:]}"
    return add(
        replace_personne(ecole, replace(personne, prenom=prenom)),
        "caractere_perdu",
        f"Une lettre du prénom du responsable {personne.personne_id} est perdue : {prenom}.",
        personne.personne_id,
        consequences=[("ecriture_du_fichier", TypeFichier.RESPONSABLES, "")],
    )


def _swap_names(ecole: Ecole, rng: Random) -> Ecole:
    """Name and first name in each other's place, both of them borne by somebody else too."""
    personnes: tuple[Personne | Eleve, ...] = (
        *ecole.responsables.personnes,
        *(eleve for eleve in ecole.eleves.eleves if not eleve.date_sortie),
    )
    noms = Counter(normalize(personne.nom_de_famille) for personne in personnes)
    prenoms = Counter(normalize(personne.prenom) for personne in personnes)

    def may_swap(personne: Personne) -> bool:
        nom, prenom = normalize(personne.nom_de_famille), normalize(personne.prenom)
        is_connu = noms[nom] > 1 and prenoms[prenom] > 1
        return is_connu and not personne.nom_usage and not noms[prenom] and not prenoms[nom]

    personne, _ = Terrain(ecole).choose_legal(rng, may_swap)
    inverse = replace(personne, nom_de_famille=personne.prenom.upper(), prenom=personne.nom_de_famille.capitalize())
    return _rename(ecole, inverse, "nom_prenom_inverses", "a son nom et son prénom inversés")


def _share(ecole: Ecole, rng: Random, champ: str, code: str, quoi: str) -> Ecole:
    """Two people of different families give the same way to reach them."""
    terrain = Terrain(ecole)
    une, _ = terrain.choose_legal(rng)
    autre, _ = terrain.choose_legal(
        rng,
        lambda p: (
            normalize(p.nom_de_famille) != normalize(une.nom_de_famille)
            and p.prenom != une.prenom
            and p.adresse != une.adresse
            and not p.nom_usage
        ),
    )
    rangs = [personne.personne_id for personne in ecole.responsables.personnes]
    objet = " / ".join(sorted((une.personne_id, autre.personne_id), key=rangs.index))
    fautive = replace_personne(ecole, replace(autre, **{champ: getattr(une, champ)}))
    return add(fautive, code, f"Les responsables {objet} ont {quoi}.", objet)


def _share_mobile(ecole: Ecole, rng: Random) -> Ecole:
    return _share(ecole, rng, "tel_portable", "mobile_partage", "le même mobile")


def _share_mel(ecole: Ecole, rng: Random) -> Ecole:
    return _share(ecole, rng, "mel", "mel_partage", "la même adresse électronique")


def _mistype_mobile(ecole: Ecole, rng: Random) -> Ecole:
    """A fixed number where a mobile is asked, or a number too short."""
    personne, _ = Terrain(ecole).choose_legal(rng)
    faux = rng.choice((personne.tel_portable.replace("+336", "+331"), personne.tel_portable[:-1]))
    detail = f"Le mobile du responsable {personne.personne_id} n'en est pas un : {faux}."
    fautive = replace_personne(ecole, replace(personne, tel_portable=faux))
    return add(fautive, "mobile_non_conforme", detail, personne.personne_id)


def _lose_mobile(ecole: Ecole, rng: Random) -> Ecole:
    personne, _ = Terrain(ecole).choose_legal(rng)
    detail = f"Le responsable {personne.personne_id} accepte les SMS et n'a pas de mobile."
    fautive = replace_personne(ecole, replace(personne, tel_portable="", accepte_sms=True))
    return add(fautive, "sms_sans_mobile", detail, personne.personne_id)


PLANTATIONS = {
    "nom_avec_civilite": (_add_civilite, 2.0),
    "nom_de_deux_personnes": (_merge_two, 2.0),
    "caractere_perdu": (_lose_accent, 1.0),
    "nom_prenom_inverses": (_swap_names, 1.0),
    "mobile_partage": (_share_mobile, 2.0),
    "mel_partage": (_share_mel, 2.0),
    "mobile_non_conforme": (_mistype_mobile, 2.0),
    "sms_sans_mobile": (_lose_mobile, 1.0),
}
