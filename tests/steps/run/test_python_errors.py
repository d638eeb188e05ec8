"""Whatever steps an analyst puts together, neither lint nor step ends in an error of Python, such as IndexError."""

import builtins
import random
import re
from collections.abc import Iterator

import pytest

from sop_engine import load_rulebook
from steps.language.document import source_of
from steps.lint.linter import known_tags_of, lint_text
from steps.run.executor import BindingError, execute
from tests.support.feature_runs import FILES, NOT_STATED, read, registry

ERRORS = [name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)]
PYTHON = re.compile(rf"\b(?:{'|'.join(ERRORS)}|\w+Error)\b|\.py:\d")
TAGS = known_tags_of(load_rulebook())
NUMBERS = ["0", "1", "2", "7", "99", "2500", "2501", "9" * 30]
DAYS = ["2026-01-01", "2000-01-01", "2099-12-31", "2024-02-29", "2026-02-30", "1999-12-31"]
Step = tuple[str, str, tuple[tuple[str, ...], ...] | None]

EXAMPLES = [example for file in FILES for example in read(file).examples]
STEPS: list[list[Step]] = [
    [(step.kind, step.text, step.table) for step in example.steps]
    for example in EXAMPLES
    if not any("experiment" in step.text for step in example.steps)  # a simulation takes seconds
]
POOL = [step for steps in STEPS for step in steps]


def spoilt_text(text: str, rng: random.Random) -> str:
    text = re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda day: rng.choice([day[0], *DAYS]), text)
    return re.sub(r"(?<![\w-])\d+(?![\w-])", lambda number: rng.choice([number[0], *NUMBERS]), text)


def spoilt(steps: list[Step], rng: random.Random) -> Iterator[Step]:
    """These steps, some of them left out, replaced, or with other numbers and days."""
    for kind, text, table in steps:
        chance = rng.random()
        if chance < 0.2:
            yield kind, spoilt_text(text, rng), table and tuple(tuple(spoilt_text(cell, rng) for cell in row) for row in table)
        elif chance < 0.3 and table:
            rows = [row for row in table if rng.random() < 0.7] or [*table]
            yield kind, text, tuple(rng.sample(rows, len(rows)))
        elif chance > 0.1:
            yield kind, text, table
        if rng.random() < 0.15:
            yield rng.choice(POOL)


def written(steps: list[Step]) -> str:
    lines = ["Feature: F", "", "  Scenario: S"]
    for kind, text, table in steps:
        lines += [f"    {kind.capitalize()} {text}", *(f"      | {' | '.join(row)} |" for row in table or ())]
    return "\n".join(lines) + "\n"


def fixture(name: str) -> object:
    if name not in NOT_STATED:
        raise BindingError(f"no earlier step sets `{name}`")
    return NOT_STATED[name]


def messages(text: str) -> list[str]:
    """What the lint and a run say of a file."""
    findings = [str(finding) for finding in lint_text(text.encode(), "x.feature", registry(), TAGS)]
    document = source_of(text.encode(), "x.feature")[0].document
    results = [execute(example, registry(), fixture) for example in document.examples] if document else []
    return findings + [step.error.message for result in results for step in result.steps if step.error is not None]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_no_message_is_an_error_of_python(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    texts = [written([*spoilt(rng.choice(STEPS), rng)]) for _ in range(150)]

    assert [(text, message) for text in texts for message in messages(text) if PYTHON.search(message)] == []


ORDER = ("Given an order invoiced through the client's ERP", "Given the order is PROCESSING", "Given its e-invoice is posted")
UNIT = ("Given a returned unit whose quality check is fail", "When the client handles the returned unit")
ORDERED = ("Given an order of 2 units, invoiced through the client's ERP", "Given the order has been posted")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            (*ORDER, "When the seller cancels the full order", "Then the unit goes to no stock"),
            "this step is not about the result of step 4;",
        ),
        (
            (*ORDER, "When Ajio cancels the full order", "Then there is nothing to settle with Ajio"),
            "this step is not about the result of step 4;",
        ),
        ((*UNIT, "Then the answer is the same as for an order that is PACKED"), "this step is not about the result of step 2;"),
        (
            (*ORDERED, "When Ajio cancels the order", ORDERED[0], "Then the request is allowed"),
            "the When before this Then is not a request to cancel",
        ),
        ((*ORDER, "When the seller cancels the full order", "Then the order is CANCELLED"), "no earlier step sets `order`"),
    ],
)
def test_a_then_about_something_else_says_so(steps: tuple[str, ...], expected: str) -> None:
    """Each was an AttributeError, IndexError, TypeError or ValueError."""
    texts = messages("Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps))

    assert any(expected in message for message in texts)
    assert [message for message in texts if PYTHON.search(message)] == []


def test_a_then_that_takes_nothing_from_any_step_is_no_crash_of_the_lint() -> None:
    cancels = "When the seller cancels part of the order"
    late = ["Then the order is CANCELLED", "Given the order has been released", "Then the question of GAP-07 is shown beside the answer"]
    steps = [*ORDER, cancels, cancels, *late]

    assert messages("Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps))


def test_an_impossible_number_is_explained_without_class_and_module() -> None:
    steps = [
        ORDERED[0],
        "Given the seller has cancelled 9 units of the order",
        "When the seller cancels the order",
        "Then the request is refused",
    ]
    texts = messages("Feature: F\n\n  Scenario: S\n" + "".join(f"    {step}\n" for step in steps))

    assert "units must be a whole number from 1 to 2, got 9; write a number in this range" in texts
