"""A written feature fails when a word of it, the rulebook or the log is changed."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from orders.log.columns import EventRow
from sop_engine import Case, Decision, Outcome, Reading, order
from sop_engine.engine import decide
from tests.support.written_features import findings, mixed, registry, text_of, written_features, wrong

ID = re.compile(r"\b(?:(?:SC|AC|RT)-[A-Za-z0-9_.-]*\w|GAP-\d+)")


def alterations(text: str) -> Iterator[tuple[str, str]]:
    """*text* with one word of one Then made another, and what was done."""
    lines = text.splitlines()
    kind = "given"
    for number, line in enumerate(lines):
        keyword, _, step = line.strip().partition(" ")
        kind = keyword.lower() if keyword in ("Given", "When", "Then") else kind
        if kind == "when" or (keyword not in ("Then", "And") and not line.strip().startswith("|")):
            continue
        others = _others(step, kind) if keyword != "|" else _other_cells(line, kind)
        for old, new in others:
            altered = [*lines[:number], line.replace(old, new, 1), *lines[number + 1 :]]
            yield f"{number + 1}: {line.strip()}: {old} -> {new}", "\n".join(altered) + "\n"


def _others(step: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind != "then" or not (matches := registry().match("then", step)):
        return
    for slot in matches[0].definition.sentence.parameters:
        chosen = max((choice for choice in slot.choices if choice in step), key=len, default="")
        yield from ((chosen, choice) for choice in slot.choices if chosen and choice != chosen)
    for number in re.findall(r"(\d+) unit", step):
        yield f"{number} unit", f"{int(number) + 1} unit"
    for identifier in ID.findall(step):
        yield identifier, "GAP-01" if identifier.startswith("GAP-") else "RT-RSI-9"


def _other_cells(line: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind == "then":
        yield from ((cell, f"{cell}0") for cell in re.findall(r"\| (\d[^ |]*)", line))
        if "make a credit note" in line:
            yield "make a credit note by hand and keep it in the ERP", "share the credit note with Ajio"


def test_one_word_altered_in_what_is_claimed_is_noticed():
    """By the lint or by the run: outcomes, stages, e-invoices, units, clauses, gaps, duties, rows of reports."""
    experiment, lives = mixed()
    original = text_of(lives[:6], experiment)
    every = list(alterations(original))
    rng = random.Random(3)  # noqa: S311

    unseen = [what for what, text in rng.sample(every, 40) if not findings(text) and not wrong(text)]

    assert len(every) > 100
    assert unseen == []


@pytest.mark.parametrize(
    ("broken", "share"),
    [
        (lambda decision: replace(decision, clauses=decision.clauses[1:]), 0.4),
        (lambda decision: replace(decision, gaps=(*decision.gaps, "GAP-01")), 0.05),
        (lambda decision: replace(decision, tasks=()), 0.1),
        (lambda decision: replace(decision, outcome=Outcome.REFUSED), 0.3),
    ],
    ids=["clause", "gap", "tasks", "outcome"],
)
def test_a_rulebook_that_answers_otherwise_breaks_what_was_written(monkeypatch, broken, share):
    text = written_features()
    before = len(re.findall("Scenario:", text))

    def answer(case: Case, reading: Reading = Reading.AS_PRACTISED) -> Decision:
        return broken(decide(case, reading))

    monkeypatch.setattr(order, "decide", answer)

    assert len(wrong(text)) >= share * before


def test_a_log_that_says_otherwise_is_written_as_it_is_and_fails():
    """What a request was answered is the log's to say: the feature does not hide that it is wrong."""
    experiment, lives = mixed()
    life = next(life for life in lives if any(row.outcome == Outcome.REFUSED for row in life.rows))
    lying = replace(life, rows=tuple(_allowed(row) for row in life.rows))

    assert wrong(text_of([life], experiment)) == []
    assert wrong(text_of([lying], experiment))


def _allowed(row: EventRow) -> EventRow:
    return row._replace(outcome=Outcome.ALLOWED) if row.outcome == Outcome.REFUSED else row
