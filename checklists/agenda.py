"""The rentrée as a calendar: one whole day per step, to be read by any agenda."""

from datetime import timedelta

from icalendar import Calendar, Event

from checklists.tableau import Tableau


def write_agenda(tableau: Tableau) -> bytes:
    """The ``.ics`` of a rentrée.

    Each step keeps its UID from one download to the next, so that an agenda moves it instead of doubling it.
    """
    rentree = tableau.rentree
    agenda = Calendar()
    agenda.add("prodid", "-//entsite//rentree//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", f"Rentrée {rentree.libelle} – {rentree.etablissement.denomination}")
    for situation in tableau.situations:
        etape = situation.etape
        jour = Event()
        jour.add("uid", f"{rentree.etablissement.uai}-{rentree.annee}-{etape.numero}@entsite")
        jour.add("dtstamp", tableau.maintenant)
        jour.add("dtstart", situation.echeance)
        jour.add("dtend", situation.echeance + timedelta(days=1))
        jour.add("summary", f"{etape.numero}. {etape.titre}")
        jour.add("location", etape.application)
        jour.add(
            "description",
            f"{tableau.name_responsable(etape)} – {etape.chemin_for(rentree.reglage)} – {etape.duree}\n"
            + "\n".join(etape.avertissements),
        )
        jour.add("status", "CONFIRMED")
        jour.add("transp", "TRANSPARENT")
        jour.add("categories", ["Rentrée", "Fait" if situation.etat.is_acquise else "À faire"])
        agenda.add_component(jour)
    return agenda.to_ical()
