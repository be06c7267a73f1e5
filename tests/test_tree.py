"""The tree itself: no name from another vocabulary, no file that could hold a real child's name."""

import ast
import re
from pathlib import Path

from django.conf import settings


ROOT = Path(settings.BASE_DIR)
FOLDERS = ("entsite", "exchanges", "checklists", "tests", "bench")
SOURCES = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
BANNED = {"student", "students", "classroom", "classrooms", "teacher", "teachers", "classe", "classes"}
# What tools and people leave behind, never committed.
GENERATED = {".git", ".venv", "var", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


def identifiers(tree):
    """Every name a module defines or uses: variables, attributes, functions, arguments, imports."""
    fields = ("id", "attr", "name", "arg", "asname")
    for node in ast.walk(tree):
        yield from (value for field in fields if isinstance(value := getattr(node, field, None), str))


def words(identifier):
    """``listOf_classes`` → list, of, classes."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", identifier)}


def test_no_identifier_uses_a_word_from_another_vocabulary():
    found = {
        str(path.relative_to(ROOT)): names
        for path in SOURCES
        if (names := {n for n in identifiers(ast.parse(path.read_text(encoding="utf-8"))) if words(n) & BANNED})
    }
    assert found == {}


def test_no_module_is_called_services():
    assert not [path for path in SOURCES if path.name == "services.py"]


def test_xml_and_zip_lie_in_test_data_or_schemas_only():
    """Real SIECLE files hold children's names; they have no other place to slip in."""
    roots = [path for path in ROOT.iterdir() if path.name not in GENERATED]
    files = [path for root in roots for path in (root.rglob("*") if root.is_dir() else [root])]
    found = [path.relative_to(ROOT) for path in files if path.suffix.lower() in (".xml", ".zip")]
    allowed = [
        path
        for path in found
        if (path.parts[0] == "tests" and "data" in path.parts[1:-1])
        or path.is_relative_to("exchanges/parsers/schemas")
    ]
    assert found == allowed
