"""Families: who answers for which élève (``formats/siecle.md`` §2.2).

Brothers and sisters share their responsables; parents may live apart; a neighbour may be the contact of two families.
A family that has a child in another school is there to the letter, under the PERSONNE_ID of each school.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from exchanges.generator.faits import Faute
from exchanges.generator.identifiants import Numeros
from exchanges.generator.noms import draw_adresse, draw_nom, draw_prenom
from exchanges.parsers.records import LienResponsable, Personne


_PART_FRATRIE = 0.22
_PART_SEPARES = 0.28
_PART_MONOPARENTALE = 0.12
_PART_CONTACT = 0.15
_PART_CONTACT_PARTAGE = 0.25
ECART_FRATRIE = 300  # days between two births of one family
_PARENTES = {"1": "20", "2": "10"}  # père, mère
_CIVILITES = {"1": "M.", "2": "MME"}
# 2-digit PCS in force (§2.4): 73 and 76 are obsolete, 99 (« non renseignée ») would leave the fiche incomplete.
_PROFESSIONS = ("10", "21", "22", "23", "31", "33", "34", "37", "38", "42", "43", "45", "46", "47", "48", "52", "53",
                "54", "55", "56", "62", "63", "64", "65", "67", "68", "69", "77", "84", "85")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Adulte:
    personne: Personne
    niveau: str
    parente: str
    heberge: bool
    paie: bool


@dataclass(slots=True)
class Famille:
    """Children of one household and the adults who answer for them.

    ``ailleurs`` is the UAI of the other school where it has a child, ``""`` for nearly all families.
    """

    nom: str
    adultes: tuple[_Adulte, ...]
    naissances: list[date] = field(default_factory=list)
    ailleurs: str = ""

    def may_welcome(self, naissance: date) -> bool:
        """Whether a child born on that day can be a brother or sister of the others."""
        ecarts = (abs((naissance - autre).days) for autre in self.naissances)
        return len(self.naissances) < 3 and all(ecart >= ECART_FRATRIE for ecart in ecarts)


class Familles:
    """The families of one school, created as its élèves come.

    Args:
        ville: the school's town, in mixed case.
        code_postal: its fictitious postcode.
        numeros: the school's counters.
        rng: the school's own source of chance.
    """

    def __init__(self, ville: str, code_postal: str, numeros: Numeros, rng: Random):
        self._ville = ville
        self._code_postal = code_postal
        self._numeros = numeros
        self._rng = rng
        self._familles: list[Famille] = []
        self._contacts: list[_Adulte] = []
        self._adoptes: dict[str, _Adulte] = {}
        self.personnes: list[Personne] = []
        self.liens: list[LienResponsable] = []
        self.faits: list[Faute] = []

    def find_or_make(self, naissance: date) -> Famille:
        """The family of a child born on that day: one already known, or a new one."""
        if self._familles and self._rng.random() < _PART_FRATRIE:
            famille = self._rng.choice(self._familles)
            if famille.may_welcome(naissance):
                return famille
        famille = self.make()
        self._familles.append(famille)
        return famille

    def make(self) -> Famille:
        """A new family, whose adults are among ``personnes``; no other child will be given to it."""
        nom = draw_nom(self._rng)
        return Famille(nom=nom, adultes=tuple(self._make_adultes(nom)))

    def adopt(self, famille: Famille) -> Famille:
        """A family drawn elsewhere: the same adults under PERSONNE_ID of this school, one each."""
        return replace(famille, adultes=tuple(map(self._adopt, famille.adultes)), naissances=[])

    def _adopt(self, adulte: _Adulte) -> _Adulte:
        cle = adulte.personne.personne_id
        if cle not in self._adoptes:
            personne = replace(adulte.personne, personne_id=self._numeros.next_personne_id())
            self.personnes.append(personne)
            self._adoptes[cle] = replace(adulte, personne=personne)
        return self._adoptes[cle]

    def welcome(self, famille: Famille, eleve_id: str, naissance: date) -> None:
        """Link a new élève to every adult of her family, and list as facts those who are known elsewhere too."""
        famille.naissances.append(naissance)
        for rang, adulte in enumerate(famille.adultes):
            self.liens.append(
                LienResponsable(
                    eleve_id=eleve_id,
                    personne_id=adulte.personne.personne_id,
                    niveau=adulte.niveau,
                    parente=adulte.parente,
                    paie_frais_scolaires=adulte.paie,
                    percoit_aides=adulte.paie,
                    heberge_eleve=adulte.heberge,
                    a_contacter_en_priorite=rang == 0,
                )
            )
            if famille.ailleurs:
                self.faits.append(_make_fait(adulte.personne, famille.ailleurs, eleve_id))

    def _make_adultes(self, nom: str) -> Iterator[_Adulte]:
        rng = self._rng
        adresse = draw_adresse(rng)
        sexes = rng.choice(("12", "21"))
        if rng.random() < _PART_MONOPARENTALE:
            yield self._make_parent(nom, rng.choice("122"), adresse, is_premier=True)
        else:
            is_separe = rng.random() < _PART_SEPARES
            yield self._make_parent(nom, sexes[0], adresse, is_premier=True)
            seconde = draw_adresse(rng) if is_separe else adresse
            nom_second = draw_nom(rng) if is_separe or rng.random() < 0.2 else nom
            yield self._make_parent(nom_second, sexes[1], seconde, is_premier=False, is_separe=is_separe)
        if rng.random() < _PART_CONTACT:
            yield self._make_contact()

    def _make_parent(
        self, nom: str, sexe: str, adresse: tuple[str, ...], *, is_premier: bool, is_separe: bool = False
    ) -> _Adulte:
        return _Adulte(
            personne=self._make_personne(nom, sexe, adresse, is_legal=True),
            niveau="1",
            parente=_PARENTES[sexe],
            heberge=is_premier or (not is_separe) or self._rng.random() < 0.4,
            paie=is_premier,
        )

    def _make_contact(self) -> _Adulte:
        """A grandparent, or somebody of the neighbourhood whom two families name."""
        if self._contacts and self._rng.random() < _PART_CONTACT_PARTAGE:
            return self._rng.choice(self._contacts)
        parente = self._rng.choice(("38", "38", "39", "90"))
        personne = self._make_personne(draw_nom(self._rng), self._rng.choice("12"), draw_adresse(self._rng))
        adulte = _Adulte(personne, niveau="3", parente=parente, heberge=False, paie=False)
        if parente == "90":
            self._contacts.append(adulte)
        return adulte

    def _make_personne(self, nom: str, sexe: str, adresse: tuple[str, ...], *, is_legal: bool = False) -> Personne:
        """Somebody who can be reached; only a contact may have neither mobile nor mail."""
        rng = self._rng
        identifiant = self._numeros.next_personne_id()
        has_portable = is_legal or rng.random() < 0.8
        personne = Personne(
            personne_id=identifiant,
            nom_de_famille=nom,
            prenom=draw_prenom(rng, sexe),
            civilite=_CIVILITES[sexe],
            nom_usage=draw_nom(rng) if rng.random() < 0.03 else "",
            tel_personnel=self._numeros.next_fixe() if rng.random() < 0.2 else "",
            tel_portable=self._numeros.next_portable() if has_portable else "",
            tel_professionnel=self._numeros.next_fixe() if rng.random() < 0.1 else "",
            mel=f"personne{identifiant}@example.org" if is_legal or rng.random() < 0.6 else "",
            accepte_sms=has_portable and rng.random() < 0.8,
            profession=rng.choice(_PROFESSIONS),
            code_postal=self._code_postal,
            commune=self._ville.upper(),
            adresse=adresse,
        )
        self.personnes.append(personne)
        return personne


def draw_naissance(annee: str, age: int, rng: Random) -> date:
    """A birth date of somebody who reaches that age in the year of the rentrée."""
    return date(int(annee) - age, 1, 1) + timedelta(days=rng.randint(0, 364))


def _make_fait(personne: Personne, uai: str, eleve_id: str) -> Faute:
    detail = f"{personne.nom_de_famille} {personne.prenom} est aussi responsable d'un élève de l'établissement {uai}."
    return Faute("adulte_partage", personne.personne_id, detail, eleve_id)
