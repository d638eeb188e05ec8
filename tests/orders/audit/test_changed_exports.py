"""The sets of exports with a row taken out or a cell spoilt, and with their files in another order."""

import os
from random import Random

import pytest

from orders.intake.errors import IntakeError
from tests.orders.audit.test_changed_rows import wrong_turns
from tests.support.export_sets import FOLDER, MERGED, SHEET, audited, parts_as_text, read, sections, write_exports

SETS = pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
WRONG = ("?#?", "", "1.2E+15")
CHANGES = 1_000_000 if os.environ.get("NIGHTLY") == "1" else 25
"""Rows taken out and cells spoilt in each set, at most."""
UNSEEN = {("24", "M11"), ("26", "V2"), ("34", "B4"), ("38", "P1"), ("38", "P3"), ("38", "P4")}
"""Sets and orders whose note has its number twice or is reversed, or that have a second e-invoice: without that row nothing shows it."""
SOURCE = "[[source]]"


@SETS
def test_the_order_of_files_changes_nothing(tmp_path, file):
    parts = sections(file.read_text(encoding="utf-8"))
    write_exports(tmp_path, parts)
    before = parts_as_text(read(tmp_path))
    head, *sources = parts["mapping"].split(SOURCE)
    mapping = SOURCE.join([head, *(f"{source.rstrip()}\n\n" for source in reversed(sources))])
    write_exports(tmp_path, {**parts, "mapping": mapping})

    assert parts_as_text(read(tmp_path)) == before


def changes(parts):
    """Yield each change of a set: the heading, the lines with a row that is blank or has a wrong cell, and whether its id was replaced."""
    for heading, content in parts.items():
        lines = content.splitlines() if len(heading.split()) > 1 else []
        for place, line in enumerate(lines):
            delimiter = next((sign for sign in "\t;," if sign in line), None)
            if place == 0 or delimiter is None or line.startswith((SHEET, MERGED)):
                continue
            cells = line.split(delimiter)
            spoilt = [[*cells[:at], wrong, *cells[at + 1 :]] for at, cell in enumerate(cells) for wrong in WRONG if wrong != cell]
            for row in ("", *map(delimiter.join, spoilt)):
                yield heading, [*lines[:place], row, *lines[place + 1 :]], f"{line} -> {row}"


@pytest.mark.slow
@SETS
def test_no_row_less_and_no_spoilt_cell_turns_what_is_due_into_nothing_to_do(tmp_path, file):
    parts = sections(file.read_text(encoding="utf-8"))
    write_exports(tmp_path, parts)
    before = audited(read(tmp_path))
    every = list(changes(parts))
    chosen = Random(file.stem).sample(every, min(CHANGES, len(every)))  # noqa: S311 (cases, not secrets)
    for heading, lines, what in chosen:
        write_exports(tmp_path, {**parts, heading: "\n".join(lines) + "\n"})
        try:
            after = audited(read(tmp_path))
        except IntakeError:
            continue
        turns = [turn for turn in wrong_turns(before, after) if (file.stem[:2], turn[0]) not in UNSEEN and not is_other_id(turn[0], what)]
        assert turns == [], what


def is_other_id(order, what):
    """Return whether the change gives the row another order: what it is of can be seen no more."""
    return order in what and f"{WRONG[0]}" in what and order not in what.partition(" -> ")[2]
