"""Identifiers say what they hold: no word that fits anything, and no helper that has its name in many modules."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.support.project_figures import PACKAGES, TOP

WORDS_THAT_FIT_ANYTHING = {"each", "found", "known", "mine", "said", "shown", "some", "told"}
FIELDS_OF_FILES = {"found"}
"""Such a word as the name of a field that files have: `found` of a check in `study.json`."""
SHARED_NAMES = {
    "METHODS": "each screen of the workbench has one",
    "PAGE": "each page of the site has one",
    "RULES": "each module of rules has them",
    "VERSION": "each format of a file has one",
    "pytest_configure": "pytest calls it in each module of its plugin",
    "summary": "each of three rooms sums up one thing: findings, the last run, a change",
    "_": "each step definition has one",
    "__all__": "each room has one",
    "_html_files": "each page of the site has one",
}
"""Names at module level that three modules or more may define, with the reason."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for file in sorted((TOP / package).rglob("*.py")):
            yield file.relative_to(TOP).as_posix(), ast.parse(file.read_bytes())


def variables(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The identifiers without the fields of files: attributes, and names declared in the body of a class."""
    fields = {
        id(node.target)
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        is_field = isinstance(node, ast.Attribute) or id(node) in fields
        for name, line in identifiers_of(node):
            if not (is_field and name in FIELDS_OF_FILES):
                yield name, line


def identifiers_of(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Name():
            yield node.id, node.lineno
        case ast.arg():
            yield node.arg, node.lineno
        case ast.Attribute():
            yield node.attr, node.lineno
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name, node.lineno
        case ast.ImportFrom():
            for alias in node.names:
                yield alias.asname or alias.name, node.lineno


def at_module_level(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign():
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def test_no_identifier_is_a_word_that_fits_anything() -> None:
    places = [
        f"{file}:{line}: {name}" for file, tree in modules() for name, line in variables(tree) if name.strip("_") in WORDS_THAT_FIT_ANYTHING
    ]

    assert places == []


def test_no_name_at_module_level_is_in_three_modules_without_a_reason() -> None:
    files = defaultdict(set)
    for file, tree in modules():
        for name in at_module_level(tree):
            files[name].add(file)

    assert {name for name, where in files.items() if len(where) >= 3} == SHARED_NAMES.keys()


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "def f(each): ...",
        "x.told",
        "found = 1",
        "class some: ...",
        "from a import known",
        "from a import b as mine",
        "[x for _told in y]",
    ],
)
def test_every_way_to_use_such_a_word_is_seen(source: str) -> None:
    assert {name.strip("_") for name, _ in variables(ast.parse(source))} & WORDS_THAT_FIT_ANYTHING
