"""The archive of the GAR: names, cutting, bytes, what the schema accepts, and what is read back."""

import hashlib
import io
import re
import tarfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from exchanges.parsers.records.gar import EtabGAR, ExportGAR, MefGAR, PersonGroupeGAR
from exchanges.writers import gar
from exchanges.writers.gar import ESPACE, load_schema, send_archive, write_archive
from tests.writers.gar_makers import MEF, UAI, make_eleve, make_enseignant, make_export, make_resp_aff


QUAND = datetime(2026, 11, 22, 21, 0, 5)  # noqa: DTZ001 - a file name gives no time zone
RADICAL = "XX99_GAR-ENT_Complet_20261122_210005_2D"
# What XML can hold: no control characters, no lone surrogates; a line break becomes a space in no field of ours.
textes = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))
noms = textes.filter(lambda texte: texte.strip())


def open_archive(octets):
    with tarfile.open(fileobj=io.BytesIO(octets)) as archive:
        return {membre.name: archive.extractfile(membre).read() for membre in archive}


def sent(export):
    sortie = io.BytesIO()
    send_archive("XX99", QUAND, export, sortie)
    return open_archive(sortie.getvalue())


def sent_document(export, document, numero=0):
    return sent(export)[f"{RADICAL}_{document}_{numero:04}.xml"]


def find_texts(octets, nom):
    return [element.text or "" for element in etree.fromstring(octets).iter(f"{{{ESPACE}}}{nom}")]


def test_archive_is_flat_and_its_md5_holds_the_sum_and_nothing_else(tmp_path):
    archive, md5 = write_archive("XX99", QUAND, make_export(), tmp_path)
    assert (archive.name, md5.name) == (f"{RADICAL}.tar.gz", f"{RADICAL}.md5")
    assert md5.read_bytes() == hashlib.md5(archive.read_bytes(), usedforsecurity=False).hexdigest().encode()
    documents = ["Etab", "Eleve", "Enseignant", "Groupe", "RespAff"]
    assert [*open_archive(archive.read_bytes())] == [f"{RADICAL}_{document}_0000.xml" for document in documents]
    assert sorted(chemin.name for chemin in tmp_path.iterdir()) == sorted([archive.name, md5.name])


def test_the_same_export_gives_the_same_bytes_on_disk_and_in_a_stream(tmp_path):
    sortie = io.BytesIO()
    somme = send_archive("XX99", QUAND, make_export(), sortie)
    archive, md5 = write_archive("XX99", QUAND, make_export(), tmp_path)
    assert archive.read_bytes() == sortie.getvalue()
    assert md5.read_text() == somme
    assert re.fullmatch("[0-9a-f]{32}", somme)


def test_every_document_is_valid_even_with_nobody():
    for export in (make_export(), ExportGAR()):
        for octets in sent(export).values():
            load_schema().assertValid(etree.fromstring(octets))


def test_eleve_is_written_in_the_imposed_order():
    octets = sent_document(make_export(), "Eleve")
    assert octets.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<men:GAR-ENT-Eleve xmlns:men="http://data.education.fr/ns/gar" Version="1.0">\n'
        b"  <men:GAREleve>\n    <men:GARPersonIdentifiant>e-1</men:GARPersonIdentifiant>\n"
    )
    assert octets.count(b"xmlns:") == 1
    (eleve,) = etree.fromstring(octets).iter(f"{{{ESPACE}}}GAREleve")
    assert [etree.QName(enfant).localname.removeprefix("GARPerson") for enfant in eleve] == [
        *("Identifiant", "Profils", "Nom", "Prenom", "AutresPrenoms", "AutresPrenoms"),
        *("Civilite", "StructRattach", "Etab", "DateNaissance"),
    ]
    assert find_texts(octets, "GARPersonDateNaissance") == ["2012-02-06"]


def test_enseignant_has_disciplines_and_mails_after_the_rest():
    octets = sent_document(make_export(), "Enseignant")
    (enseignant,) = etree.fromstring(octets).iter(f"{{{ESPACE}}}GAREnseignant")
    noms_enfants = [etree.QName(enfant).localname for enfant in enseignant]
    assert noms_enfants[-3:] == ["GARPersonEtab", "GAREnsDisciplinesPostes", "GARPersonMail"]
    assert find_texts(octets, "GARPersonAutresPrenoms") == ["Amélie"], "the usual first name, for want of others"


def test_groupe_without_a_label_gets_its_code():
    octets = sent_document(make_export(), "Groupe")
    assert find_texts(octets, "GARGroupeLibelle") == ["3EME B", "3B ESP"]
    assert find_texts(octets, "GARGroupeDivAppartenance") == ["3B"]


def test_a_document_is_cut_after_the_maximum_and_the_order_goes_on(monkeypatch):
    monkeypatch.setattr(gar, "MAXIMUM", 3)
    liens = tuple(PersonGroupeGAR(UAI, f"e-{rang}", "3B") for rang in range(4))
    fichiers = sent(make_export(personnes_groupes=liens))
    groupes = [octets for nom, octets in fichiers.items() if "_Groupe_" in nom]
    tailles = [len(etree.fromstring(octets)) for octets in groupes]
    assert tailles == [3, 3, 2], "2 groupes, 4 links, 2 services"
    assert [nom[-8:-4] for nom in fichiers if "_Groupe_" in nom] == ["0000", "0001", "0002"]
    for octets in groupes:
        load_schema().assertValid(etree.fromstring(octets))


def test_a_document_exactly_full_has_no_empty_sequel(monkeypatch):
    monkeypatch.setattr(gar, "MAXIMUM", 3)
    fichiers = sent(make_export(eleves=(make_eleve(),)))
    assert [nom[-8:-4] for nom in fichiers if "_Eleve_" in nom] == ["0000"]


def test_ten_thousand_entries_fill_one_file_and_iterators_are_enough():
    etabs = (EtabGAR(f"{rang:07}A", "COLLEGE FICTIF") for rang in range(10_001))
    fichiers = sent(ExportGAR(etabs=etabs))
    tailles = [len(etree.fromstring(octets)) for nom, octets in fichiers.items() if "_Etab_" in nom]
    assert tailles == [10_000, 1]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(noms.filter(lambda nom: len(nom) <= 500), noms.filter(lambda nom: len(nom) <= 255), st.dates(date(1900, 1, 1)))
def test_what_is_written_is_read_back_equal(nom, code, naissance):
    eleve = make_eleve(nom=nom, nom_patronymique=nom, date_naissance=naissance)
    export = make_export(
        eleves=(eleve,), personnes_groupes=(PersonGroupeGAR(UAI, "e-1", code),), mefs=(MefGAR(UAI, MEF, code),)
    )
    fichiers = sent(export)
    octets = fichiers[f"{RADICAL}_Eleve_0000.xml"]
    assert find_texts(octets, "GARPersonNom") == find_texts(octets, "GARPersonNomPatro") == [nom]
    assert find_texts(octets, "GARPersonDateNaissance") == [naissance.isoformat()]
    assert find_texts(fichiers[f"{RADICAL}_Etab_0000.xml"], "GARMEFLibelle") == [code]
    assert code in find_texts(fichiers[f"{RADICAL}_Groupe_0000.xml"], "GARGroupeCode")


@pytest.mark.parametrize(
    ("champs", "motif"),
    [
        ({"eleves": (make_eleve(), make_eleve())}, "Eleve_0000.*deux entrées ont la même clé"),
        ({"eleves": (make_eleve(nom="DUTEST" * 100),)}, r"GARPersonNom : trop long \(600 caractères, 500 au plus\)"),
        ({"eleves": (make_eleve(uais=()),)}, "attendu : GARPersonEtab"),
        ({"enseignants": (make_enseignant(identifiant=""),)}, "GARPersonIdentifiant : ne doit pas être vide"),
        ({"responsables_affectation": (make_resp_aff(mels=()),)}, "RespAff_0000"),
        ({"eleves": (make_eleve(nom="DUTEST\x00"),)}, "caractère de contrôle"),
    ],
)
def test_what_the_gar_would_refuse_is_said_in_french_and_leaves_nothing(champs, motif, tmp_path):
    with pytest.raises(ValueError, match=motif) as erreur:
        write_archive("XX99", QUAND, make_export(**champs), tmp_path)
    assert "DUTEST" not in str(erreur.value), "no name of a person"
    assert ESPACE not in str(erreur.value)
    assert [*tmp_path.iterdir()] == []


def test_many_faults_are_counted_not_listed(tmp_path):
    with pytest.raises(ValueError, match=r"; et \d+ autres\. L'archive"):
        write_archive("XX99", QUAND, make_export(eleves=[make_eleve() for _ in range(40)]), tmp_path)


@pytest.mark.parametrize("id_ent", ["", "../XX99", "XX 99", "É1", "X" * 46])
def test_an_identifier_that_is_no_file_name_is_refused(id_ent, tmp_path):
    with pytest.raises(ValueError, match="identifiant d'ENT"):
        write_archive(id_ent, QUAND, make_export(), tmp_path)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("document", "ancien", "nouveau"),
    [
        ("Eleve", b' Version="1.0"', b""),
        ("Eleve", b"2012-02-06", b"06/02/2012"),
        (
            "Eleve",
            b"<men:GARPersonCivilite>Mme</men:GARPersonCivilite>",
            b"<men:GARPersonPrenom>A</men:GARPersonPrenom>",
        ),
        ("Etab", b"GARMEFLibelle", b"GARMEFNom"),
        ("Groupe", b">3B ESP<", b">3B<"),
    ],
    ids=["no version", "french date", "wrong order", "unknown element", "division and groupe of one code"],
)
def test_the_schema_catches(document, ancien, nouveau):
    octets = sent_document(make_export(), document).replace(ancien, nouveau)
    assert octets != sent_document(make_export(), document)
    with pytest.raises(etree.DocumentInvalid):
        load_schema().assertValid(etree.fromstring(octets))
