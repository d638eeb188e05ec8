"""No word of a heading, clause, gap or description changes without the gate noticing."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec import UNSET, Struct, convert, structs

from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE, Engine
from sop_engine.errors import RulebookError
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.statement import Gap, Ruling
from sop_runs.change.baseline import Baseline, approve, read_baseline
from sop_runs.change.change_text import reference_line
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import changes
from sop_runs.change.text_changes import NOT_COMPARED, RULEBOOK, ChangeKind, rulebook_changes
from sop_runs.gate import Gate
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import ClauseRecord, FeatureDocument, GapRecord, RulebookRecord, SectionRecord, StageRecord, TaskRecord
from sop_runs.record.verdict import judge
from steps.generation.proposals import suggestion
from tests.sop_engine.test_forces import changed, findings
from tests.support.in_process import record_of

NIGHTLY = bool(os.environ.get("NIGHTLY"))
REGISTERS = {"sections": SectionRecord, "clauses": ClauseRecord, "gaps": GapRecord, "tasks": TaskRecord, "stages": StageRecord}
NAMES = {"follows", "actors", "systems"}
"""The lists of names."""


def recorded(rulebook: Rulebook) -> RulebookRecord:
    """A rulebook as a run has it."""
    return convert(rulebook.to_plain(), RulebookRecord)


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
        told = [(change.id, change.kind, [part for part, *_ in change.parts]) for change in rulebook_changes(BOOK, book)]
        if name == "id":
            assert told == [("other", ChangeKind.NEW, []), (identifier, ChangeKind.GONE, [])]
        else:
            assert told == [(identifier, ChangeKind.EDITED, [name])]


@pytest.mark.parametrize("name", [name for name in RulebookRecord.__struct_fields__ if name not in REGISTERS])
def test_each_field_of_the_rulebook_is_compared_but_its_digest(name: str) -> None:
    told = [(change.id, change.parts[0][0]) for change in rulebook_changes(BOOK, structs.replace(BOOK, **{name: "other"}))]

    assert told == ([] if name in NOT_COMPARED else [(RULEBOOK, name)])


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

    found = [*rulebook_changes(recorded(read_rulebook(folder)), recorded(read_rulebook(edited)))]

    assert [(change.id, [part for part, *_ in change.parts]) for change in found] == [(identifier, ["alternatives"])]


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


FEATURE = """\
Feature: Cancelling in full
  Until it is packed.

  Background: Who invoices
    It is the ERP of the client.

    Given an order invoiced through the client's ERP

  Rule: The seller may cancel
    At these stages.

    Background: No e-invoice
      It comes later.

      Given its e-invoice is not posted

    Scenario Outline: At a stage
      Why it is here.

      Given the order is <stage>
      When the seller cancels the full order
      Then the cancellation is allowed

      Examples: Before packing
        The usual ones.

        | stage       |
        | FULFILLABLE |
        | PROCESSING  |

      Examples:
        | stage         |
        | UNFULFILLABLE |
"""
OTHER = """\
Feature: Cancelling a part

  Scenario: With RMS
    Given an order invoiced through RMS
    And the order is FULFILLABLE
    And its e-invoice is not posted
    When the seller cancels part of the order
    Then the cancellation is allowed
"""
TEXTS: dict[str, tuple[str, str]] = {
    "FeatureDocument.name": ("Cancelling in full", "Cancelling all"),
    "FeatureDocument.description": ("Until it is packed.", "Until it is shipped."),
    "Background.name": ("Who invoices", "Who bills"),
    "Background.description": ("It is the ERP", "It is not the ERP"),
    "WrittenRule.name": ("The seller may cancel", "The seller may not cancel"),
    "WrittenRule.description": ("At these stages.", "At those stages."),
    "Background.name of a Rule": ("No e-invoice", "No invoice"),
    "Background.description of a Rule": ("It comes later.", "It never comes."),
    "WrittenScenario.name": ("At a stage", "At any stage"),
    "WrittenScenario.description": ("Why it is here.", "Why it was here."),
    "ExamplesTable.name": ("Before packing", "After packing"),
    "ExamplesTable.description": ("The usual ones.", "The unusual ones."),
    "ExamplesTable.name of a second table": ("Examples:\n", "Examples: Without stock\n"),
    "a description with the name": ("At a stage\n      Why it is here.", "Anywhere\n      Why it was here."),
    "a description of a Rule with its name": ("The seller may cancel\n    At these stages.", "It may be cancelled\n    At those stages."),
    "a description that goes with the name": ("At a stage\n      Why it is here.\n", "Anywhere\n"),
    "a description that goes": ("  Until it is packed.\n", ""),
}


def types_of(kind: object) -> Iterator[type[Struct]]:
    """The structs that a type holds, itself first."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for name, hint in get_type_hints(kind).items():
            if name in kind.__struct_fields__:
                yield from types_of(hint)
    elif get_origin(kind) not in (None, Literal) or isinstance(kind, UnionType):
        for part in get_args(kind):
            yield from types_of(part)


def test_every_name_and_description_of_a_feature_is_tried() -> None:
    named = {
        (kind.__name__, name) for kind in types_of(FeatureDocument) for name in ("name", "description") if name in kind.__struct_fields__
    }

    assert named == {tuple(key.split(" ")[0].split(".")) for key in TEXTS if "." in key}
    assert {kind for kind, name in named if name == "name"} == {kind for kind, name in named if name == "description"}


def write(folder: Path, text: str, other: str = OTHER) -> RunRecord:
    folder.mkdir(exist_ok=True)
    (folder / "one.feature").write_text(text, encoding="utf-8")
    (folder / "two.feature").write_text(other, encoding="utf-8")
    return record_of(folder)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    place = tmp_path_factory.mktemp("approved")
    approve(write(place / "features", FEATURE), place)
    return read_baseline(place)


def gate_of(record: RunRecord, baseline: Baseline) -> Gate:
    return Gate(record, judge(record), baseline, suggestion)


@pytest.mark.parametrize("name", TEXTS)
def test_a_name_or_description_that_changes_closes_the_gate(name: str, baseline: Baseline, tmp_path: Path) -> None:
    old, new = TEXTS[name]
    assert old in FEATURE
    gate = gate_of(write(tmp_path / "features", FEATURE[: FEATURE.rindex(old)] + new + FEATURE[FEATURE.rindex(old) + len(old) :]), baseline)

    wording, examples = gate.wording(), gate.examples()

    assert wording.problems or examples.problems
    if "description" in name or "Examples" in name:
        (problem,) = wording.problems
        assert (problem.path, "description" in problem.message) == ("one.feature", True)


def test_the_same_features_open_the_gate_also_with_a_new_example(baseline: Baseline, tmp_path: Path) -> None:
    same = gate_of(write(tmp_path / "same", FEATURE), baseline)
    more = gate_of(
        write(tmp_path / "more", FEATURE, OTHER + OTHER.partition("\n")[2].replace("With RMS", "RMS\n    Said again.\n")), baseline
    )
    table = gate_of(
        write(tmp_path / "table", FEATURE + "\n      Examples: Before stock\n        | stage   |\n        | CREATED |\n"), baseline
    )

    assert [gate.wording().problems for gate in (same, more, table)] == [(), (), ()]
    assert [gate.examples().problems for gate in (same, more, table)] == [(), (), ()]


def test_features_that_have_no_file_in_common_are_not_passed_over(baseline: Baseline, tmp_path: Path) -> None:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "three.feature").write_text(OTHER, encoding="utf-8")

    check = gate_of(record_of(folder), baseline).examples()

    assert [problem.message for problem in check.problems] == ["no approved feature file is left"]


# References.


def compared(tmp_path: Path, *edited: tuple[str, str, str]) -> list[str]:
    """The texts that rest on a ruling that changed."""
    sides = [Snapshot("", sentences=recorded(book)) for book in (ENGINE.rulebook, read_rulebook(changed(tmp_path, *edited)))]
    return [reference_line(reference) for reference in changes(*sides).references]


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ([("GAP-04", 'chosen = "the cancellation is allowed;', 'chosen = "the cancellation is refused;')], "GAP-10 (why) rests on GAP-04, whose answer changed"),
        ([("GAP-04", 'modality = "must"', 'modality = "may"')], "GAP-10 (why) rests on GAP-04, whose answer changed"),
        ([("GAP-03", 'tasks = "none"', 'modality = "may"\ntask = "credit-note"')], "SC-ERP-FULL-2b (why not operative) rests on GAP-03, whose answer changed"),
        ([("GAP-17", 'chosen = "no action at the time of the cancellation;', 'chosen = "no action;')], "GAP-46 (chosen) rests on GAP-17, whose answer changed"),
        ([("GAP-14", 'outcome = "refused"', 'outcome = "allowed"')], "GAP-36 (nearest) rests on GAP-14, whose answer changed"),
        ([("GAP-24", 'readings = ["Some lines of the order."', 'readings = ["Pieces."')], "GAP-54 (nearest) rests on GAP-24, whose answer changed"),
        ([("SC-ERP-FULL-3", 'modality = "must-not"', 'modality = "outcome"')], "GAP-01 (why) rests on SC-ERP-FULL-3, whose answer changed"),
        ([("SC-ERP-FULL-3", 'stage = ["PACKED", ', "stage = [")], "GAP-01 (why) rests on SC-ERP-FULL-3, whose answer changed"),
        ([("GAP-30", 'chosen = "both sides', 'chosen = "no side'), ("GAP-45", "GAP-30 asks this about", "Another gap asks this about")], ""),
    ],
)  # fmt: skip
def test_a_reason_that_rests_on_a_changed_ruling_is_reported(edited: list[tuple[str, str, str]], expected: str, tmp_path: Path) -> None:
    found = compared(tmp_path, *edited)

    assert expected in found if expected else found == []


@pytest.mark.parametrize(
    "edited",
    [
        [("GAP-04", 'title = "', 'title = "Once more: ')],
        [("GAP-04", 'question = "', 'question = "Please: ')],
        [("GAP-03", 'why = "', 'why = "Because: ')],
        [("SC-ERP-FULL-3", 'text = "', 'text = "Well: ')],
        [
            ("GAP-04", 'chosen = "the cancellation is allowed', 'chosen = "the cancellation is refused'),
            ("GAP-10", "They also support", "They no longer support"),
        ],
    ],
)
def test_a_reason_is_not_reported_for_a_change_of_words_alone_or_where_it_was_revised_too(
    edited: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert [line for line in compared(tmp_path, *edited) if line.startswith("GAP-10 (why)")] == []


def test_the_gate_reports_what_rests_on_a_changed_ruling_with_the_descriptions(tmp_path: Path) -> None:
    named = FEATURE.replace("Until it is packed.", "Until it is packed (SC-RMS-FULL-2).")
    approve(write(tmp_path / "features", named), tmp_path)
    approved = read_baseline(tmp_path)
    clauses = [structs.replace(entry, modality="may") if entry.id == "SC-RMS-FULL-2" else entry for entry in approved.sentences.clauses]
    before = replace(approved, sentences=structs.replace(approved.sentences, clauses=clauses))

    problems = {
        (problem.path, problem.line, problem.message) for problem in gate_of(write(tmp_path / "features", named), before).wording().problems
    }

    rests = "rests on SC-RMS-FULL-2, whose answer changed"
    assert ("", 1, "edited: SC-RMS-FULL-2 (modality)") in problems
    assert ("", 1, f"GAP-14 (nearest) {rests}") in problems
    assert ("one.feature", 1, f"Feature: Cancelling in full (description) {rests}") in problems


# Opposites.

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


ENGINE_FOLDER = Path(__file__).parents[2] / "sop_engine" / "rulebook" / "clients_v1"


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
