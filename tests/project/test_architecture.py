"""The page on the architecture: its picture, its walks and its places are those of the code."""

import ast
import re

import pytest

from tests.support.draw_architecture import PICTURE, picture
from tests.support.import_graph import TOP, ImportGraph, levels

IMPORTS = ImportGraph()
PAGE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
_WALKS, _PLACES = PAGE.split("\n## Four walks\n")[1].split("\n## Where do I add …\n")
WALKS = {part.partition("\n")[0]: part for part in _WALKS.split("\n### ")[1:]}
LINE = re.compile(
    r"^(\d+)\. `([\w.]+)`(?: \((called by|takes from|reads `([\w.]+)` of) `([\w.]+)`(?:, through the list `(\w+)`)?\))? .+[.;:]$",
    re.MULTILINE,
)
PLACE = re.compile(r"`([\w.]+(?:/[\w.]+)+)`")


def walk(name):
    """The modules of a walk, each with how it is reached, from which module before it, and the file or list between them."""
    lines = LINE.findall(WALKS[name])
    modules = [module for _, module, *_ in lines]
    steps = []
    for number, (_, module, how, file, other, listed) in enumerate(lines):
        before = [earlier for earlier in modules[:number] if earlier.endswith(f".{other}")] if other else []
        steps.append((module, how, before, file or listed))
    return steps


def imports(module, other, listed=""):
    """Whether *module* imports *other*: itself, a name of it through the `__init__` of its room, or the list *listed* in which it is."""
    if other in IMPORTS.imports[module]:
        return True
    through = [
        (room, taken.removeprefix(f"{room}."))
        for taken in IMPORTS.imported_names[module]
        if (room := IMPORTS.module_of(taken)) in IMPORTS.rooms
    ]
    return any(
        f"{other}.{name}" in IMPORTS.imported_names[room] or (name == listed and other in IMPORTS.imports[room]) for room, name in through
    )


def test_the_picture_is_drawn_from_the_imports_as_they_are():
    """`python -m tests.support.draw_architecture` draws it again."""
    assert PICTURE.read_text(encoding="utf-8") == picture(IMPORTS)


def test_the_page_shows_the_picture():
    assert f"]({PICTURE.name})" in PAGE


def test_a_circle_of_imports_has_no_floors():
    with pytest.raises(ValueError, match="in a circle"):
        levels({"top": {"bottom"}, "bottom": {"top"}})


def test_there_are_four_walks():
    assert len(WALKS) == 4


@pytest.mark.parametrize("name", WALKS)
def test_every_line_of_a_walk_is_one_module_that_exists(name):
    numbered = re.findall(r"^(\d+)\. ", WALKS[name], re.MULTILINE)
    modules = [module for module, *_ in walk(name)]

    assert numbered == [str(number) for number in range(1, len(modules) + 1)]
    assert [module for module in modules if module not in IMPORTS.files] == []
    assert len(set(modules)) == len(modules)


@pytest.mark.parametrize("name", WALKS)
def test_each_module_of_a_walk_is_reached_as_the_page_says(name):
    (_, start, *_), *steps = walk(name)
    wrong = []
    for module, how, before, between in steps:
        if len(before) != 1:
            wrong.append(f"{module}: {how} whom? {before}")
        elif how == "called by":
            wrong += [] if imports(before[0], module, between) else [f"{before[0]} does not import {module}"]
        elif how == "takes from":
            wrong += [] if imports(module, before[0]) else [f"{module} does not import {before[0]}"]
        else:
            wrong += [] if hands_over(before[0], between, module) else [f"{module} and {before[0]} do not share {between}"]

    assert not start
    assert wrong == []


def hands_over(writer, file, reader):
    """Whether *reader* names the file, and both use one module that has its lines as types."""
    shared = IMPORTS.imports[writer] & IMPORTS.imports[reader]
    texts = [node.value for node in ast.walk(ast.parse(IMPORTS.files[reader].read_bytes())) if isinstance(node, ast.Constant)]
    return file in texts and any(module.endswith(".schema") for module in shared)


def test_every_place_on_the_page_exists():
    places = PLACE.findall(_PLACES)

    assert len(re.findall(r"^\| an? ", _PLACES, re.MULTILINE)) >= 10
    assert [place for place in places if not (TOP / place).exists()] == []


def test_every_change_names_what_to_open_and_a_test():
    rows = [row.strip("| ").split(" | ") for row in _PLACES.strip().splitlines()[2:]]

    assert [row[0] for row in rows if len(row) != 3 or not PLACE.search(row[1]) or "`tests/" not in row[2]] == []


def test_every_name_in_capitals_on_the_page_is_one_of_the_code():
    names = set(re.findall(r"`([A-Z][A-Z_]+|WorkerPool)`", PAGE))
    texts = "\n".join(file.read_text(encoding="utf-8") for file in IMPORTS.files.values())

    assert names
    assert {name for name in names if not re.search(rf"^(class )?{name}\b", texts, re.MULTILINE)} == set()
