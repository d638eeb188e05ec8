"""Inputs of the lint: files that break a rule once, each with the nearest good one, and the texts from which they are made.

▲ stands before the character that the finding must point at.
"""

from typing import NamedTuple

from sop_engine import load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint_text

REGISTRY = Registry.from_modules(built_in_modules())
TAGS = known_tags_of(load_rulebook())


class Input(NamedTuple):
    """A rule, a file that breaks it once, and the nearest file that is clean."""

    rule: str
    about: str
    bad: str
    good: str


def scenario(steps: str, name: str = "S", head: str = "", examples: str = "", text: str = "") -> str:
    """A file of one scenario; *steps*, *examples* and *text* have one line per line."""
    keyword = "Scenario Outline" if examples else "Scenario"
    table = "\n\n    Examples:\n" + "\n".join(f"      {line.strip()}" for line in examples.splitlines()) if examples else ""
    prose = "".join(f"    {line.strip()}\n" for line in text.splitlines())
    lines = "\n".join(f"    {line.strip()}" for line in steps.strip().splitlines())
    tags = f"  {head}\n" if head else ""
    return f"Feature: F\n\n{tags}  {keyword}: {name}\n{prose}{lines}{table}\n"


ERP = "Given an order invoiced through the client's ERP"
LIFE = "Given an order of 2 units, invoiced through the client's ERP"
CANCEL = "When the seller cancels the full order"
CASE = f"{ERP}\nAnd the order is PACKED\n{CANCEL}\nThen the cancellation is refused"
OTHER_CASE = CASE.replace("PACKED", "COMPLETED")
RELEASED = f"{LIFE}\nAnd the order has been released"
ORDERS = "Given these orders, invoiced through the client's ERP\n  | order | posted |\n  | A | 2026-05-04 09:00 |"
DOWNLOAD = "When the client downloads the report of orders cancelled after posting, from 2026-05-04 to 2026-05-04"
INVOICED = "Given these orders, invoiced through the client's ERP\n  | order | posted | e-invoiced | cancelled | by |\n  | A | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 12:00 | Ajio |"
AGES_IN_2027 = "When the client looks at its credit notes on 2027-12-16\nThen the ages of the credit notes are\n  | order | overdue from |\n  | A | 2027-10-16 |"
WEEKS = "Given the experiment sale days\nAnd these settings\n  | run.days | 2 |"
SIMULATE = "When the weeks are simulated\nThen they include a refusal"
ROWS = CASE.replace("PACKED", "<stage>")
WRITTEN = f"Given the SOP is taken as written\nAnd {CASE[6:]}"
UNIT = "Given a returned unit whose quality check is missing\nWhen the client handles the returned unit\nThen the unit goes to no stock"
CITING = f"{CASE}\nAnd the SOP says so in SC-ERP-FULL-3"


def orders(more: str, cells: str, other: str = "") -> str:
    """A table of invoiced and cancelled orders A, and B where *other* has its cells, with *more* columns."""
    head, row = INVOICED.splitlines()[1:]
    rows = [f"{row} {cells} |", *([f"{row.replace('| A |', '| B |')} {other} |"] if other else [])]
    return "\n".join([INVOICED.splitlines()[0], f"{head} {more} |", *rows])


def report(day: str, columns: str, cells: str) -> str:
    return f"{DOWNLOAD.replace('2026-05-04', day)}\nThen the report lists\n  | {columns} |\n  | {cells} |"


def ages(columns: str, cells: str, day: str = "2026-05-05") -> str:
    return f"When the client looks at its credit notes on {day}\nThen the ages of the credit notes are\n  | {columns} |\n  | {cells} |"


def furnished(year: int, day: str = "2027-10-15") -> str:
    return f"And the annual return for the year to March {year} was furnished on {day}"


def weeks(*settings: str, experiment: str = "ordinary week erp", when: str = "When the weeks are simulated") -> str:
    return "\n".join(
        [
            f"Given the experiment {experiment}",
            "And these settings",
            *(f"  | {row} |" for row in settings),
            when,
            "Then they include a refusal",
        ]
    )


def findings(text: str) -> list[tuple[str, int, int]]:
    return [(finding.rule, finding.line, finding.column) for finding in lint_text(text.encode(), "x.feature", REGISTRY, TAGS)]


def id_of(case: Input) -> str:
    """The id of a test of *case*."""
    return f"{case.rule}: {case.about}"


def check(case: Input) -> None:
    """Assert that the bad file has one finding, at its place, and that the nearest good file has none."""
    before = case.bad.partition("▲")[0].split("\n")

    assert findings(case.good) == []
    assert findings(case.bad.replace("▲", "")) == [(case.rule, len(before), len(before[-1]) + 1)]
