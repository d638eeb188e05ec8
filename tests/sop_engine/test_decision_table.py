"""Saved decision tables: what they contain, and which files are refused."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from sop_engine import ENGINE, EVERY_CASE, Modality, Reading, Task, TaskKey, Timing
from sop_engine.decision_table import Behaviour, BehaviourError, TableRow, situation_keys, task_from_words, task_words
from sop_engine.statement import CASE, RETURN

WRITTEN, PRACTISED = Reading
NOW = Behaviour.of(ENGINE)


def test_a_behaviour_has_a_row_for_every_answer() -> None:
    behaviour = Behaviour.of(ENGINE)
    assert (behaviour.name, behaviour.sha256, list(behaviour.rows)) == ("clients_v1", ENGINE.rulebook.sha256, list(situation_keys()))
    assert [*situation_keys()] == [
        *((CASE, reading, case.key) for reading in Reading for case in EVERY_CASE),
        *((RETURN, reading, (check,)) for reading in Reading for check in ("not recorded", "pass", "fail", "missing")),
    ]
    for (subject, reading, values), row in behaviour.rows.items():
        answer = ENGINE.proof.answer(subject, reading, values)
        unit = ENGINE.returns[values[0], reading] if subject == RETURN else None  # type: ignore[index]
        assert row == TableRow(
            str(answer.outcome),
            None if answer.tasks is None else tuple(map(words_of_task, answer.tasks)),
            answer.clauses,
            answer.gaps,
            answer.manner,
            "" if unit is None else unit.stock or "none",
            unit is not None and unit.offline_claim,
            answer.outcome_by,
            answer.tasks_by,
        )
        assert all(type(word) is str for task in row.tasks or () for word in task)
        assert type(row.outcome) is str


def words_of_task(task: Task) -> tuple[str, ...]:
    """The words of a task in a table: four, and when and instead of what only where there is something to say."""
    words = (task.modality.value, str(task.task), task.actor, task.system)
    if task.instead_of is not None:
        return (*words, task.when.value, str(task.instead_of))
    return words if task.when is Timing.NOW else (*words, task.when.value)


def test_a_task_of_a_table_is_read_as_it_was_written() -> None:
    later = Task(Modality.MUST, TaskKey("grn"), "a", "b", Timing.WHEN_PACKING_FAILS)
    for task, words in (
        (Task(Modality.MAY, TaskKey("grn"), "a", "b"), ("may", "grn", "a", "b")),
        (later, ("must", "grn", "a", "b", "when packing fails")),
        (replace(later, when=Timing.NOW, instead_of=TaskKey("inward-po")), ("must", "grn", "a", "b", "now", "inward-po")),
    ):
        assert (task_words(task), task_from_words(words)) == (words, task)
    for wrong in (("may", "grn", "a"), ("may", "grn", "a", "b", "now", "grn", "c"), ("may", "grn", "a", "b", "later")):
        with pytest.raises(ValueError, match=r"unpack|later"):
            task_from_words(wrong)


def test_a_behaviour_is_kept_in_a_line_for_each_situation() -> None:
    lines = NOW.to_text().splitlines()

    assert lines[0] == f'{{"version": 1, "rulebook": {{"name": "clients_v1", "sha256": "{NOW.sha256}"}}, "rows": ['
    assert lines[-1] == "]}"
    for line, ((subject, reading, values), row) in zip(lines[1:-1], NOW.rows.items(), strict=True):
        plain = {"subject": subject, "reading": str(reading), "facts": list(values), **json.loads(json.dumps(asdict(row)))}
        assert json.loads(line.rstrip(",")) == plain
    assert NOW.to_text().endswith("\n]}\n")
    odd = Behaviour("x", "0", {(CASE, WRITTEN, ("ä",)): TableRow("allowed", None, (), ())})
    assert '"ä"' in odd.to_text()
    assert Behaviour.from_text(NOW.to_text(), "x") == NOW


HINT = "; save a new baseline with `sop approve`"
BAD_TABLES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another version": (lambda d: d.update(version=2), "has version 2, expected 1"),
    "no version": (lambda d: d.pop("version"), "is not a table of answers (`version` is missing)"),
    "no rows": (lambda d: d.update(rows=None), "is not a table of answers (`rows` is not a list)"),
    "no name": (lambda d: d["rulebook"].pop("name"), "is not a table of answers (`name` is missing)"),
    "a row is missing": (lambda d: d["rows"].pop(1), "is not a table of every situation: seller / full / ERP / CREATED / posted"),
    "a row is told twice": (
        lambda d: d["rows"].append(d["rows"][0]),
        "is not a table of every situation: a situation is repeated or unknown",
    ),
    "a part is missing": (lambda d: d["rows"][0].pop("gaps"), "is not a table of answers (`gaps` is missing)"),
    "parts are unknown": (lambda d: d["rows"][0].update(z=1, y=2), "is not a table of answers (unknown `y`, `z` in a row)"),
    "the subject is unknown": (lambda d: d["rows"][0].update(subject="order"), "is not a table of answers (unknown subject `order`)"),
    "the reading is unknown": (
        lambda d: d["rows"][0].update(reading="x"),
        "is not a table of answers ('x' is not a valid Reading)",
    ),
    "a fact is unknown": (
        lambda d: d["rows"][0].update(facts=["x", "full", "ERP", "CREATED", "posted"]),
        "is not a table of answers ('x' is not a valid Canceller)",
    ),
    "facts are too few": (
        lambda d: d["rows"][0].update(facts=["seller"]),
        "is not a table of answers (1 fact in a row, expected 5)",
    ),
    "an outcome is unknown": (
        lambda d: d["rows"][0].update(outcome="x"),
        "is not a table of answers ('x' is not a valid Outcome)",
    ),
    "a task is unknown": (
        lambda d: d["rows"][0].update(tasks=[["must", "X", "a", "b"]]),
        "is not a table of answers ('X' is not a valid TaskKey)",
    ),
    "a force is unknown": (
        lambda d: d["rows"][0].update(tasks=[["x", "grn", "a", "b"]]),
        "is not a table of answers ('x' is not a valid Modality)",
    ),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_table_that_is_not_of_every_answer_is_refused(name: str) -> None:
    spoil, reason = BAD_TABLES[name]
    table = json.loads(NOW.to_text())
    spoil(table)

    with pytest.raises(BehaviourError) as refusal:
        Behaviour.from_text(json.dumps(table), "base")
    assert str(refusal.value) == f"base: {reason}{HINT}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ("{}", "`version` is missing"),
        ('{"version": 1}', "`rows` is missing"),
        ('{"version": 1, "rows": [5]}', "one of its parts has an unexpected type"),
        ('{"version": 1, "rows": []}', "`rulebook` is missing"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_words(text: str, reason: str) -> None:
    with pytest.raises(BehaviourError) as refusal:
        Behaviour.from_text(text, "base")
    assert str(refusal.value) == f"base: is not a table of answers ({reason}){HINT}"


def test_words_of_a_table_are_read_as_texts() -> None:
    table = json.loads(NOW.to_text())
    table["rulebook"] = {"name": 1, "sha256": 2}
    table["rows"][0].update(tasks=[["must", "grn", 3, 4]], clauses=[5], gaps=[6], outcome_by=[7], tasks_by=[8])

    read = Behaviour.from_text(json.dumps(table), "base")

    row = read.rows[CASE, WRITTEN, EVERY_CASE[0].key]
    assert (read.name, read.sha256) == ("1", "2")
    assert (row.tasks, row.clauses, row.gaps, row.outcome_by, row.tasks_by) == (
        (("must", "grn", "3", "4"),),
        ("5",),
        ("6",),
        ("7",),
        ("8",),
    )
