"""Changes of the specification as lines for a terminal or as Markdown, the same in `sop diff`, before an answer is written, and in the workbench."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from sop_cli.paths import FEATURES
from sop_engine.comparison import NO_CASE
from sop_runs.change.change_text import answer_line, causes, example_line, part_line, part_text, reference_line, summary, text_line
from sop_runs.change.example_text import ExampleKey
from sop_runs.change.references import Reference
from sop_runs.change.snapshot_changes import Changes, ExampleChange
from sop_runs.change.text_changes import TextChange

MOST_EXAMPLE_PLACES = 3


def changes_as_text(comparison: Changes) -> Iterator[str]:
    """Yield answers, texts and examples that changed, line by line, and what changed in one line."""
    for answer in listed_answers(comparison):
        yield click.style(answer.situations, bold=True)
        yield from (f"  {name:9} {text}" for name, text in answer.parts)
        yield ""
    yield from (f"{line.place}: {line.text}" if line.place else line.text for line in listed_lines(comparison))
    yield verdict_line(comparison)


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """Situations whose answer changed in the same way, and what changed: names and texts."""

    situations: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListedLine:
    """The change of a text or an example, or a text that rests on a changed answer; *place* is empty for a clause or a gap."""

    place: str
    text: str


def listed_answers(comparison: Changes) -> Iterator[ListedAnswer]:
    """Yield the changed answers: what changed, because of which clauses and gaps, and examples that assert the new answer."""
    for change in comparison.answers:
        region = change.region
        parts = [(part.replace("_", " "), part_line(region, part)) for part in region.parts]
        parts.append(("because", ", ".join(causes(comparison, change)) or "no clause"))
        parts += [("example", place) for place in example_places(comparison, change.examples[:MOST_EXAMPLE_PLACES])]
        yield ListedAnswer(answer_line(change), tuple(parts))


def listed_lines(comparison: Changes) -> Iterator[ListedLine]:
    """Yield the changed texts, the texts that rest on a changed answer, and the changed examples."""
    yield from (ListedLine(description_place(change), text_line(change)) for change in comparison.texts)
    yield from (ListedLine(description_place(reference), reference_line(reference)) for reference in comparison.references)
    yield from (ListedLine(example_place(change), example_line(change)) for change in comparison.examples)


def changes_as_markdown(comparison: Changes) -> Iterator[str]:
    """Yield answers, texts and examples that changed as Markdown, line by line."""
    yield from ("### Changes", "", verdict_line(comparison))
    if comparison.answers:
        yield from ("", "| Cases | Before | After | Decided by | Examples |", "| --- | --- | --- | --- | --- |")
    for change in comparison.answers:
        region = change.region
        old, new = (
            "<br>".join(f"{part.replace('_', ' ')}: {part_text(row, part)}" for part in region.parts) if row != NO_CASE else NO_CASE.outcome
            for row in (region.before, region.after)
        )
        places = "<br>".join(example_places(comparison, change.examples[:MOST_EXAMPLE_PLACES]))
        cells = (answer_line(change), old, new, ", ".join(causes(comparison, change)), places)
        yield "| " + " | ".join(map(_table_cell, cells)) + " |"
    if comparison.texts or comparison.examples:
        yield ""
    yield from (f"- {text_place(change)}{text_line(change)}" for change in comparison.texts)
    yield from (f"- {text_place(reference)}{reference_line(reference)}" for reference in comparison.references)
    yield from (f"- {example_place(change)}: {example_line(change)}" for change in comparison.examples)


def _table_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def example_places(comparison: Changes, keys: tuple[ExampleKey, ...]) -> list[str]:
    """Return place and name of each example of *keys*."""
    return [f"{key[0]}:{comparison.after.lines.get(key, 1)} {(comparison.after.examples or {})[key].name}" for key in keys]


def example_place(change: ExampleChange) -> str:
    """Return the place of a changed example."""
    return f"{FEATURES}/{change.path}:{change.line}"


def text_place(change: TextChange | Reference) -> str:
    """Return the place of a description, to be followed by text; empty for a clause or a gap."""
    place = description_place(change)
    return f"{place}: " if place else ""


def description_place(change: TextChange | Reference) -> str:
    """Return the place of a description; empty for a clause or a gap."""
    return f"{FEATURES}/{change.path}:{change.line}" if change.path else ""


def verdict_line(comparison: Changes) -> str:
    """Return what changed between which two, in one line."""
    if not comparison:
        return f"no difference between {comparison.before.name} and {comparison.after.name}"
    return f"{summary(comparison)} between {comparison.before.name} and {comparison.after.name}"
