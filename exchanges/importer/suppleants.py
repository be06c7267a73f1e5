"""A suppléant typed in here whom STS then names: she keeps her links, and takes the number that STS gave her."""

from exchanges.importer.edt import Individu as Cle
from exchanges.models import Etablissement, FicheIndividu, Individu
from exchanges.parsers.records import FichierSTS


TYPE = "suppleant"
PREFIXE = "SUP"  # of the numbers given here; those of STS are digits


def find_adoptions(etablissement: Etablissement, fichier: FichierSTS) -> dict[Cle, Cle]:
    """The key that ``sts_emp`` gives to each suppléant typed in here, by the key given here.

    She is recognised by her names and her date of birth, when the file has one; a key already known here is somebody
    else's.
    """
    ici = FicheIndividu.objects.courants().filter(
        etablissement=etablissement, individu__type=TYPE, individu__sts_id__startswith=PREFIXE
    )
    saisis = list(ici.values_list("individu__sts_id", "nom_usage", "prenom", "date_naissance"))
    if not saisis:
        return {}
    connus = set(Individu.objects.filter(etablissement=etablissement).values_list("type", "sts_id"))
    adoptions = {}
    for numero, nom, prenom, naissance in saisis:
        trouves = [
            (individu.type, individu.id)
            for individu in fichier.individus
            if (individu.nom_usage.casefold(), individu.prenom.casefold()) == (nom.casefold(), prenom.casefold())
            and individu.date_naissance in (None, naissance)
            and (individu.type, individu.id) not in connus
        ]
        if len(trouves) == 1 and trouves[0] not in adoptions.values():
            adoptions[TYPE, numero] = trouves[0]
    return adoptions


def adopt(etablissement: Etablissement, fichier: FichierSTS) -> None:
    """Give their STS keys to the suppléants typed in here, inside the caller's transaction."""
    for (genre, numero), (nouveau_genre, nouveau_numero) in find_adoptions(etablissement, fichier).items():
        Individu.objects.filter(etablissement=etablissement, type=genre, sts_id=numero).update(
            type=nouveau_genre, sts_id=nouveau_numero
        )
