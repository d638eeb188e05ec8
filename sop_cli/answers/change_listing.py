"""Changes of the specification as lines for a terminal, the same in `sop diff` and before an answer is written."""

from collections.abc import Iterator

import click

from sop_cli.paths import FEATURES
from sop_runs.change.change_text import answer_line, example_line, part_line, reference_line, summary, text_line
from sop_runs.change.example_text import ExampleKey
from sop_runs.change.references import Reference
from sop_runs.change.snapshot_changes import AnswerChange, Changes, ExampleChange
from sop_runs.change.text_changes import TextChange

MOST_EXAMPLE_PLACES = 3


def changes_as_text(comparison: Changes) -> Iterator[str]:
    """Yield answers, texts and examples that changed, line by line, and what changed in one line."""
    for change in comparison.answers:
        region = change.region
        yield click.style(answer_line(change), bold=True)
        yield from (f"  {part.replace('_', ' '):9} {part_line(region, part)}" for part in region.parts)
        yield f"  {'because':9} {', '.join(causes(comparison, change)) or 'no clause'}"
        yield from (f"  {'example':9} {place}" for place in example_places(comparison, change.examples[:MOST_EXAMPLE_PLACES]))
        yield ""
    yield from (f"{text_place(change)}{text_line(change)}" for change in comparison.texts)
    yield from (f"{text_place(reference)}{reference_line(reference)}" for reference in comparison.references)
    yield from (f"{example_place(change)}: {example_line(change)}" for change in comparison.examples)
    yield verdict_line(comparison)


def example_places(comparison: Changes, keys: tuple[ExampleKey, ...]) -> list[str]:
    """Return place and name of each example of *keys*."""
    return [f"{key[0]}:{comparison.after.lines.get(key, 1)} {(comparison.after.examples or {})[key].name}" for key in keys]


def example_place(change: ExampleChange) -> str:
    """Return the place of a changed example."""
    return f"{FEATURES}/{change.path}:{change.line}"


def text_place(change: TextChange | Reference) -> str:
    """Return the place of a description, to be followed by text; empty for a clause or a gap."""
    return f"{FEATURES}/{change.path}:{change.line}: " if change.path else ""


def causes(comparison: Changes, change: AnswerChange) -> list[str]:
    """Return the clauses and gaps that decide the changed parts; if some of them decide something else now, only these."""
    ruling = {text.id for text in comparison.texts if {name for name, *_ in text.parts} != {"text"}}
    causes = list(change.region.causes)
    return [cause for cause in causes if cause in ruling] or causes


def verdict_line(comparison: Changes) -> str:
    """Return what changed between which two, in one line."""
    if not comparison:
        return f"no difference between {comparison.before.name} and {comparison.after.name}"
    return f"{summary(comparison)} between {comparison.before.name} and {comparison.after.name}"
