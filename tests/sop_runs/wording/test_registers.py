"""No word of a heading, clause or gap changes unnoticed."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, structs

from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE, Engine
from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook
from sop_engine.statement import Gap, Ruling
from sop_runs.change.text_changes import NOT_COMPARED, RULEBOOK, ChangeKind, rulebook_changes
from sop_runs.record.schema import ClauseRecord, GapRecord, RulebookRecord, SectionRecord, StageRecord, TaskRecord
from tests.sop_engine.test_forces import changed, findings
from tests.support.wording import recorded

NIGHTLY = bool(os.environ.get("NIGHTLY"))
REGISTERS = {"sections": SectionRecord, "clauses": ClauseRecord, "gaps": GapRecord, "tasks": TaskRecord, "stages": StageRecord}
NAMES = {"follows", "actors", "systems"}
"""The lists of names."""
BOOK = recorded(ENGINE.rulebook)


def edits(book: RulebookRecord) -> Iterator[tuple[str, str, RulebookRecord]]:
    """A rulebook in which one field of one entry is another, with the id and the field."""
    for register, kind in REGISTERS.items():
        entries = getattr(book, register)
        for place, entry in enumerate(entries):
            for name in kind.__struct_fields__:
                edited = [*entries[:place], structs.replace(entry, **{name: "other"}), *entries[place + 1 :]]
                yield entry.id, name, structs.replace(book, **{register: edited})


def test_each_field_of_each_entry_is_compared() -> None:
    """The fields are those of the types of a record; so a new one comes under this test by itself."""
    for identifier, name, book in edits(BOOK):
        result = [(change.id, change.kind, [part for part, *_ in change.parts]) for change in rulebook_changes(BOOK, book)]
        if name == "id":
            assert result == [("other", ChangeKind.NEW, []), (identifier, ChangeKind.GONE, [])]
        else:
            assert result == [(identifier, ChangeKind.EDITED, [name])]


@pytest.mark.parametrize("name", [name for name in RulebookRecord.__struct_fields__ if name not in REGISTERS])
def test_each_field_of_the_rulebook_is_compared_but_its_digest(name: str) -> None:
    result = [(change.id, change.parts[0][0]) for change in rulebook_changes(BOOK, structs.replace(BOOK, **{name: "other"}))]

    assert result == ([] if name in NOT_COMPARED else [(RULEBOOK, name)])


def test_what_an_older_run_does_not_have_is_no_change_for_diff_and_pages() -> None:
    """The baseline has to have it: `read_baseline` refuses one that has not."""
    optional = {
        kind: {field.name: UNSET for field in structs.fields(kind) if field.default is UNSET}
        for kind in (*REGISTERS.values(), RulebookRecord)
    }
    entries = {
        register: [structs.replace(entry, **optional[kind]) for entry in getattr(BOOK, register)] for register, kind in REGISTERS.items()
    }
    older = structs.replace(BOOK, **entries | optional[RulebookRecord])

    assert all(optional[kind] for kind in optional if kind not in (TaskRecord, StageRecord))
    assert [*rulebook_changes(older, BOOK), *rulebook_changes(BOOK, older)] == []


def test_a_record_has_all_that_a_register_says() -> None:
    """No key of the plain form is lost on its way into the types, and no list of the types is left out of the comparison."""
    plain: dict[str, Any] = ENGINE.rulebook.to_plain()

    assert plain.keys() == {*RulebookRecord.__struct_fields__}
    assert {name for name in plain if isinstance(getattr(BOOK, name), list)} - NAMES == REGISTERS.keys()
    for register, kind in REGISTERS.items():
        only_if_answered = {"answer"} & {*kind.__struct_fields__}
        assert {key for entry in plain[register] for key in entry} | only_if_answered == {*kind.__struct_fields__}


@pytest.mark.parametrize(
    ("identifier", "old", "new"),
    [
        ("GAP-02", 'chosen = "the cancellation is allowed; there is nothing to do"', 'chosen = "the cancellation is allowed; no action"'),
        (
            "GAP-02",
            '[[gap.alternative.resolution]]\ntasks = "none"',
            '[[gap.alternative.resolution]]\nmodality = "may"\ntask = "credit-note"',
        ),
        ("GAP-03", 'leaves_open = ["tasks"]', "leaves_open = []"),
        ("GAP-03", "[[gap.alternative]]\nreading = 3", "[[gap.alternative]]\nreading = 4"),
        ("GAP-03", 'system = "client\'s ERP / Ajio"', 'system = "Ajio"'),
    ],
)
def test_what_another_reading_decides_is_compared(identifier: str, old: str, new: str, tmp_path: Path) -> None:
    """Also its words: `sop answer` would put them in force."""
    folder = changed(tmp_path, (identifier, 'readings = ["', 'readings = ["One more.", "'))
    edited = changed(tmp_path / "edited", (identifier, 'readings = ["', 'readings = ["One more.", "'), (identifier, old, new))

    actual = [*rulebook_changes(recorded(read_rulebook(folder)), recorded(read_rulebook(edited)))]

    assert [(change.id, [part for part, *_ in change.parts]) for change in actual] == [(identifier, ["alternatives"])]


@pytest.mark.parametrize("gap", [gap for gap in ENGINE.rulebook.gaps if gap.rulings], ids=lambda gap: gap.id)
def test_an_answer_of_the_owner_moves_words_and_loses_none(gap: Gap) -> None:
    """Also where we assume none of the readings."""

    def words(gap: Gap) -> list[tuple[int, str]]:
        return sorted([(gap.reading, gap.chosen), *((ruling.number, ruling.chosen) for ruling in gap.alternatives)])

    unnumbered = replace(gap, reading=0, assumed=Ruling(0, "something else"), chosen="something else")
    for before in (gap, unnumbered):
        for ruling in gap.rulings:
            assert words(before.with_ruling(ruling)) == words(before)
        assert len(words(before)) == len(gap.rulings) + (before is unnumbered)


FORCES = {
    "may": "must-not",
    "must": "need-not",
    "must-not": "may",
    "need-not": "must",
    "should": "must-not",
    "outcome": "fact",
    "fact": "must",
}
ACTORS = {"seller": "Ajio business team", "Ajio business team": "seller", "Assure OMS": "seller"}


def opposites(identifier: str) -> Iterator[tuple[str, str]]:
    """The record of a clause, before and after one change of its meaning."""
    text = (ENGINE_FOLDER / "clauses.toml").read_text(encoding="utf-8")
    record = text[text.index(f'id = "{identifier}"') :].partition("\n[[")[0]
    lines = {match[1]: match for match in re.finditer(r'^(\w+) = "(.*)"$', record, re.MULTILINE)}
    force, wording = lines["modality"], lines["text"]
    yield record, record.replace(force[0], f'modality = "{FORCES[force[2]]}"')
    for name, swap in (("actor", ACTORS), ("system", {})):
        if name in lines:
            other = swap.get(lines[name][2], "client's ERP" if lines[name][2] != "client's ERP" else "Assure OMS")
            yield record, record.replace(lines[name][0], f'{name} = "{other}"')
        else:
            yield record, f'{record}\n{name} = "Ajio"'
    for place in range(0, len(wording[2]), 1 if NIGHTLY else 1000):
        letter = "x" if wording[2][place] != "x" else "y"
        yield record, record.replace(wording[0], f'text = "{wording[2][:place]}{letter}{wording[2][place + 1 :]}"')
    for outcome in re.findall(r'outcome = "(.*)"', record):
        turned = {"allowed": "refused", "refused": "allowed"}.get(outcome, "allowed")
        fit = {"refused": "must-not", "allowed": "may"}[turned]
        yield record, record.replace(f'outcome = "{outcome}"', f'outcome = "{turned}"').replace(force[0], f'modality = "{fit}"')


ENGINE_FOLDER = Path(__file__).parents[3] / "sop_engine" / "rulebook" / "clients_v1"


@pytest.mark.slow
def test_no_clause_is_turned_into_its_opposite(tmp_path: Path) -> None:
    """Force, actor, system, wording and outcome of each clause, changed alone or so that they fit."""
    folder = changed(tmp_path)
    text = (folder / "clauses.toml").read_text(encoding="utf-8")
    refused = compared_ = 0
    for clause in ENGINE.rulebook.clauses:
        for before, after in opposites(clause.id):
            assert before != after
            (folder / "clauses.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
            if findings(folder):
                refused += 1
                continue
            book = read_rulebook(folder)
            assert [change.id for change in rulebook_changes(BOOK, recorded(book))] == [clause.id], after
            compared_ += 1

    assert refused + compared_ >= 4 * len(ENGINE.rulebook.clauses)
    assert min(refused, compared_) > len(ENGINE.rulebook.clauses)


def registers() -> Iterator[tuple[str, int, str]]:
    """Each line of the registers with a key and a value: file, number, and the line with another value."""
    for file in ("clauses.toml", "gaps.toml"):
        for number, line in enumerate((ENGINE_FOLDER / file).read_text(encoding="utf-8").splitlines()):
            match = re.match(r"(\w+) = (.*)", line)
            if match and match[1] != "id":
                yield file, number, f"{match[1]} = {other_value(match[2])}"


def other_value(value: str) -> str:
    if value[0].isdigit():
        return f"1{value}"
    if value in ("true", "false"):
        return {"true": "false", "false": "true"}[value]
    end = max(value.rfind(quote) for quote in "\"'")
    return f"{value[:end]}.{value[end:]}"


@pytest.mark.slow
def test_no_line_of_a_register_changes_unnoticed(tmp_path: Path) -> None:
    """Every key of every record, also those that are no words: refused, or another answer, or other words."""
    folder, present = tmp_path / "clients_v1", Behaviour.of(ENGINE)
    shutil.copytree(ENGINE_FOLDER, folder)
    unnoticed = []
    for file, number, line in [*registers()][:: 1 if NIGHTLY else 9]:
        lines = (ENGINE_FOLDER / file).read_text(encoding="utf-8").splitlines()
        (folder / file).write_text("\n".join([*lines[:number], line, *lines[number + 1 :]]), encoding="utf-8")
        try:
            engine = Engine.of(read_rulebook(folder))
        except RulebookError:
            engine = None
        if engine is not None and not [*rulebook_changes(BOOK, recorded(engine.rulebook))] and Behaviour.of(engine).rows == present.rows:
            unnoticed.append(f"{file}:{number + 1}: {line}")
        shutil.copy(ENGINE_FOLDER / file, folder)

    assert unnoticed == []
