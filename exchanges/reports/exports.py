"""What STS-Web still owes to SIECLE: how fresh its two exports are, what is missing, and whose move it is."""

from dataclasses import dataclass
from datetime import datetime

from exchanges.enums import Couche, NatureActe, OrigineActe, PreuveActe
from exchanges.models import Acte, Etablissement, FicheDivision, FicheGroupe
from exchanges.templatetags.entsite import jour_heure, pluriel


CODES_MAX = 5
_ORIGINES = {
    OrigineActe.FAIT: "fait",
    OrigineActe.DECLARE: "déclaré",
    OrigineActe.DEDUIT: "déduit des fichiers",
}


@dataclass(frozen=True)
class EtatExports:
    """The two exports of a school, as of now.

    Attributes:
        is_connu: whether anything of STS is known; if not, nothing else is.
        is_simulee: whether the exports are done here, or in STS-Web and then declared.
        structure, services: the last act of each kind that no file contradicts.
        contredit: the last declared Export Structure, when a ``Structures.xml`` contradicts it and none came after.
        sts_modifie_le: when facts of STS last changed.
        groupes_manquants, divisions_manquantes: what STS has and BEE has not.
        is_trop_tot: Services were exported after the last change of STS, without Structure in between.
    """

    is_connu: bool
    is_simulee: bool
    sts_modifie_le: datetime | None
    structure: Acte | None = None
    services: Acte | None = None
    contredit: Acte | None = None
    divisions_manquantes: tuple[str, ...] = ()
    groupes_manquants: tuple[str, ...] = ()
    retires: tuple[str, ...] = ()
    is_trop_tot: bool = False

    @property
    def is_structure_perimee(self) -> bool:
        """Export Structure is to be done."""
        return self.is_connu and (self.contredit is not None or not _covers(self.structure, self.sts_modifie_le))

    @property
    def is_ordre_inverse(self) -> bool:
        """Somebody exported Services too early; when files only made us suppose it, nobody did anything wrong."""
        return self.is_trop_tot and self.services is not None and self.services.origine != OrigineActe.DEDUIT

    @property
    def is_services_perimes(self) -> bool:
        """Export Services is to be done, or done again because it came too early."""
        return self.is_connu and (self.is_trop_tot or not _covers(self.services, self.sts_modifie_le))

    @property
    def is_a_jour(self) -> bool:
        """Nothing of STS waits for an export."""
        return self.is_connu and not (self.is_structure_perimee or self.is_services_perimes)

    @property
    def niveau(self) -> str:
        """``neutre`` when nothing is known, ``succes`` or ``attention``."""
        return ("succes" if self.is_a_jour else "attention") if self.is_connu else "neutre"

    @property
    def titre(self) -> str:
        """What is the matter, in one sentence."""
        if not self.is_connu:
            return "STS-Web n'est pas encore connu."
        if self.is_a_jour:
            return "SIECLE a reçu tout ce que STS-Web tient."
        if self.is_structure_perimee and self.is_services_perimes and not self.is_ordre_inverse:
            return "Il reste à faire : Export Structure, puis Export Services."
        if self.is_structure_perimee:
            return "Il reste à faire : Export Structure, puis à nouveau Export Services."
        return "Il reste à faire : Export Services."

    @property
    def texte(self) -> str:
        """Why, and whose move it is."""
        if not self.is_connu:
            return "Chargez le fichier sts_emp (STS-Web, Exports > Emploi du temps) pour suivre ses exports."
        if self.is_a_jour:
            return f"{self._why_fresh()} Vous n'avez rien à faire tant que STS-Web ne change pas."
        return f"{self._why_stale()} {self._whose_move()}"

    def _why_fresh(self) -> str:
        if self.structure and self.structure.origine == OrigineActe.DECLARE and not self.structure.preuve:
            return "Export Structure est déclaré ; le prochain Structures.xml de SIECLE le confirmera."
        return f"Dernier changement de STS-Web : {jour_heure(self.sts_modifie_le)}." if self.sts_modifie_le else ""

    def _why_stale(self) -> str:
        if self.contredit:
            codes = join_codes(self.contredit.detail.get("manquants", ()))
            return (
                f"L'export Structure déclaré {jour_heure(self.contredit.instant)} est contredit par Structures.xml : "
                f"SIECLE n'a pas {codes}."
            )
        change = f"STS-Web a changé {jour_heure(self.sts_modifie_le)}" if self.sts_modifie_le else "STS-Web est chargé"
        if self.is_ordre_inverse:
            return (
                f"{change} et les services ont été exportés avant la structure : SIECLE a ignoré ceux des groupes "
                "qu'il ne connaissait pas."
            )
        manquants = (*self.divisions_manquantes, *self.groupes_manquants)
        if manquants:
            verbe = pluriel(len(manquants), "ne connaît pas encore")
            return f"{change} et l'export n'a pas été refait : SIECLE {verbe} {join_codes(manquants)}."
        return f"{change} et l'export n'a pas été refait : l'ENT montre les services d'avant."

    def _whose_move(self) -> str:
        if self.is_simulee:
            return "C'est au secrétariat ou à la direction de le faire ici."
        return "C'est au secrétariat ou à la direction de le faire dans STS-Web (Exports), puis de le déclarer ici."

    @property
    def effet_structure(self) -> str:
        """What Export Structure would change in SIECLE, by its codes."""
        manquants = (*self.divisions_manquantes, *self.groupes_manquants)
        effets = [f"SIECLE apprendra {join_codes(manquants)}"] if manquants else []
        effets += [f"SIECLE n'aura plus {join_codes(self.retires)}"] if self.retires else []
        return f"{' ; '.join(effets)}." if effets else "Aucune division, aucun groupe à ajouter ni à retirer."

    @property
    def suivi(self) -> tuple[tuple[str, str], ...]:
        """Each export with what is known of its last time, in the order in which they are done."""
        return (
            ("Export Structure", describe_acte(self.contredit or self.structure)),
            ("Export Services", describe_acte(self.services)),
        )

    @property
    def avertissement_services(self) -> str:
        """What will happen to an Export Services done now; ``""`` when nothing is wrong with it."""
        if not self.is_structure_perimee:
            return ""
        if self.groupes_manquants:
            return (
                "Faites d'abord Export Structure : sinon SIECLE ignorera les services de "
                f"{join_codes(self.groupes_manquants)}, qu'il ne connaît pas, et il faudra refaire cet export."
            )
        return "Faites d'abord Export Structure : sinon il faudra refaire cet export."


def _covers(acte: Acte | None, sts_modifie_le: datetime | None) -> bool:
    """Whether an export took place since the last change."""
    return acte is not None and (sts_modifie_le is None or acte.instant >= sts_modifie_le)


def join_codes(codes) -> str:
    """« 6AGL1, 6ESP1 et 3 autres »: a list bounded for a sentence."""
    codes = list(codes)
    reste = len(codes) - CODES_MAX
    return ", ".join(codes[:CODES_MAX]) + (f" et {reste} {pluriel(reste, 'autre')}" if reste > 0 else "")


def describe_acte(acte: Acte | None) -> str:
    """« Déclaré lundi 7 septembre à 10 h par secretaire, confirmé par Structures.xml. »"""
    if acte is None:
        return "Jamais fait, à notre connaissance."
    qui = f" par {acte.utilisateur}" if acte.utilisateur else ""
    preuves = {
        PreuveActe.CONFIRME: ", confirmé par Structures.xml",
        PreuveActe.CONTREDIT: ", contredit par Structures.xml",
    }
    preuve = preuves.get(acte.preuve, "") if acte.origine == OrigineActe.DECLARE else ""
    note = f" – {acte.commentaire}" if acte.commentaire else ""
    return f"{_ORIGINES[acte.origine].capitalize()} {jour_heure(acte.instant)}{qui}{preuve}{note}."


def state_of_exports(etablissement: Etablissement) -> EtatExports:
    """How fresh the two exports of a school are."""
    divisions = _codes(etablissement, FicheDivision, "division__code")
    groupes = _codes(etablissement, FicheGroupe, "groupe__code")
    is_simulee = etablissement.academie.is_simulee
    if not divisions[Couche.STS] and not groupes[Couche.STS]:
        return EtatExports(is_connu=False, is_simulee=is_simulee, sts_modifie_le=etablissement.sts_modifie_le)
    actes = etablissement.actes.select_related("utilisateur").order_by("instant", "pk")
    structures = actes.filter(nature=NatureActe.EXPORT_STRUCTURE)
    valables = structures.exclude(preuve=PreuveActe.CONTREDIT)
    dernier = structures.last()
    services = actes.filter(nature=NatureActe.EXPORT_SERVICES).last()
    return EtatExports(
        is_connu=True,
        is_simulee=is_simulee,
        sts_modifie_le=etablissement.sts_modifie_le,
        structure=valables.last(),
        services=services,
        contredit=dernier if dernier and dernier.preuve == PreuveActe.CONTREDIT else None,
        divisions_manquantes=tuple(sorted(divisions[Couche.STS] - divisions[Couche.BEE])),
        groupes_manquants=tuple(sorted(groupes[Couche.STS] - groupes[Couche.BEE])),
        retires=tuple(
            code for couches in (divisions, groupes) for code in sorted(couches[Couche.BEE] - couches[Couche.STS])
        ),
        is_trop_tot=_is_trop_tot(valables, services, etablissement.sts_modifie_le),
    )


def _is_trop_tot(structures, services: Acte | None, sts_modifie_le: datetime | None) -> bool:
    if services is None or not _covers(services, sts_modifie_le):
        return False
    avant = structures.filter(instant__lte=services.instant)
    return not (avant.filter(instant__gte=sts_modifie_le) if sts_modifie_le else avant).exists()


def _codes(etablissement: Etablissement, modele, champ: str) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {Couche.STS: set(), Couche.BEE: set()}
    fiches = modele.objects.courants().filter(etablissement=etablissement)
    for couche, code in fiches.values_list("couche", champ):
        codes[couche].add(code)
    return codes
