"""The delta of a night against the complet of the same base, as more and more élèves change.

    python bench/aaf_delta.py [--eleves 20000]

One run on a fixed base: each night changes the first name of some élèves, then both exports are written.
"""

import argparse
import tempfile
from datetime import timedelta

from outils.academie import MATIN, fill
from outils.site import clock

from exchanges.enums import EtatPassage, GenreAAF, NatureActe, Relais
from exchanges.models import Acte, Etablissement, FicheEleve, Passage
from exchanges.pipeline.exportations import write_aaf
from exchanges.reports.exportations import perimetres_of
from tests.makers import LUNDI, set_clock


CHANGES = (0, 10, 100, 1000, 5000)


def change(ecoles, nombre: int, instant) -> None:
    """Close the fiches of some élèves and open others, everywhere; then the AAF reads every school."""
    actes = {e.pk: Acte.objects.create(etablissement=e, nature=NatureActe.CHARGEMENT, instant=instant) for e in ecoles}
    fiches = list(FicheEleve.objects.courants().order_by("eleve__eleve_id", "pk")[:nombre])
    nouvelles = []
    for fiche in fiches:
        acte = actes[fiche.etablissement_id]
        FicheEleve.objects.filter(pk=fiche.pk).update(jusqua=instant, clos_par=acte)
        fiche.pk, fiche.depuis, fiche.ouvert_par, fiche.prenom = None, instant, acte, f"{fiche.prenom}x"
        nouvelles.append(fiche)
    FicheEleve.objects.bulk_create(nouvelles, batch_size=1000)
    quand = instant + timedelta(hours=1)
    Passage.objects.bulk_create(
        Passage(
            etablissement=e,
            relais=Relais.AAF,
            genre="delta",
            etat=EtatPassage.FAIT,
            prevu_le=quand,
            execute_le=quand,
            source=quand,
        )
        for e in ecoles
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--eleves", type=int, default=20_000)
    choix = options.parse_args()
    ecoles = fill(choix.eleves)
    (perimetre,) = perimetres_of(ecoles[0].projet_ent, Etablissement.objects.all())

    def measure(genre: GenreAAF, jour) -> tuple[float, dict[str, int]]:
        resultat = []
        with tempfile.TemporaryFile() as sortie:
            temps = clock(lambda: resultat.append(write_aaf(perimetre, genre, jour, sortie)))
        return temps, resultat[0].comptes

    entier, _ = measure(GenreAAF.COMPLET, LUNDI.date())
    for rang, nombre in enumerate(CHANGES, start=1):
        instant = MATIN + timedelta(days=rang)
        set_clock(perimetre.academie, instant + timedelta(hours=2))
        change(ecoles, nombre, instant)
        temps, comptes = measure(GenreAAF.DELTA, instant.date())
        assert comptes.get("Eleve modifyRequest", 0) == min(nombre, choix.eleves)
        print(
            f"delta de {nombre} élèves changés sur {choix.eleves} : {temps:.2f} s, complet {entier:.2f} s, "
            f"rapport {temps / entier:.3f}"
        )


if __name__ == "__main__":
    main()
