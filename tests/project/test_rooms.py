"""The rooms of the house: what each says of itself, what others take from it, how large and how deep they are."""

import ast
import re

import pytest

from tests.support.import_graph import ImportGraph

IMPORTS = ImportGraph()
FACADES = {"sop_engine"}
"""Packages whose `__init__` imports what others use, so that `__all__` lists names and not modules."""
MOST_MODULES, FEWEST_MODULES = 15, 4
MOST_PACKAGES, MOST_FOLDERS, DEEPEST = 8, 61, 3


def docstring_of(room):
    return ast.get_docstring(ast.parse(IMPORTS.files[room].read_bytes())) or ""


def names_of_all(room):
    """The names in a room's `__all__`, None where it has none; nothing is imported for it."""
    for statement in ast.parse(IMPORTS.files[room].read_bytes()).body:
        if isinstance(statement, ast.Assign) and [ast.unparse(target) for target in statement.targets] == ["__all__"]:
            return ast.literal_eval(statement.value)
    return None


@pytest.mark.parametrize("room", IMPORTS.rooms)
def test_a_room_says_in_a_few_lines_what_it_knows_and_what_it_leaves_to_whom(room):
    first, blank, *rest = docstring_of(room).splitlines()
    paragraph = rest[: rest.index("")] if "" in rest else rest
    text = " ".join(paragraph)
    named = re.findall(r"`([a-z_.]+)`", text)

    assert first.endswith(".")
    assert not blank
    assert 1 <= len(paragraph) <= 3
    assert text.endswith(".")
    assert [name for name in named if "." in name and IMPORTS.module_of(name) != name] == []
    assert any(name in IMPORTS.files and name != room for name in named), "to whom"


@pytest.mark.parametrize("room", sorted(set(IMPORTS.rooms) - FACADES))
def test_a_room_lists_in_all_exactly_what_code_outside_it_takes(room):
    """Modules by name, and names of the room's own `__init__`; a room that no module imports has no list."""
    used = sorted(IMPORTS.used_outside(room))

    assert (names_of_all(room) or []) == used, f"write `__all__ = {used}`"
    assert used or names_of_all(room) is None


@pytest.mark.parametrize("room", sorted(set(IMPORTS.rooms) - FACADES))
def test_a_room_imports_nothing_for_its_list(room):
    """An import of a module imports its room first, and no command imports the libraries of another."""
    imported = {taken.rpartition(".")[2] for taken in IMPORTS.imported_names[room]}

    assert imported & set(names_of_all(room) or ()) == set()


@pytest.mark.parametrize("room", sorted(FACADES))
def test_a_facade_offers_what_it_imports(room):
    assert sorted(names_of_all(room)) == sorted(taken.rpartition(".")[2] for taken in IMPORTS.imported_names[room])


@pytest.mark.parametrize("room", sorted(set(IMPORTS.rooms) - {"sop_engine"}))
def test_no_room_has_more_than_fifteen_modules(room):
    """The engine is read in one sitting and may have more."""
    assert len(IMPORTS.modules_in(room)) <= MOST_MODULES


@pytest.mark.parametrize("room", [room for room in IMPORTS.rooms if "." in room])
def test_no_room_inside_a_package_has_fewer_than_four_modules(room):
    assert len(IMPORTS.modules_in(room)) >= FEWEST_MODULES


def test_the_house_is_neither_wide_nor_deep():
    """Packages at the top, folders in all, folders above a module."""
    assert len([room for room in IMPORTS.rooms if "." not in room]) <= MOST_PACKAGES
    assert len(IMPORTS.rooms) <= MOST_FOLDERS
    assert [room for room in IMPORTS.rooms if room.count(".") >= DEEPEST] == []


def test_every_folder_with_modules_is_a_room():
    bare = {
        file.parent.relative_to(IMPORTS.top).as_posix() for file in IMPORTS.files.values() if not (file.parent / "__init__.py").exists()
    }

    assert bare == set()


def test_no_modules_and_no_rooms_import_each_other_in_a_circle():
    """Imports inside functions and by name count, which the contracts of import-linter do not see."""
    assert IMPORTS.cycles_of_modules() == []
    assert IMPORTS.cycles_of_rooms() == []
