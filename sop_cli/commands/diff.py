"""`sop diff`: what changed between two states of the specification: answers, wording and examples."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import click

from sop_cli.decision_text import OneOf
from sop_cli.exit_status import BAD_NEWS, GOOD
from sop_cli.paths import FEATURES
from sop_cli.snapshots import at_hand, snapshot_called
from sop_runs.change.change_text import answer_line, example_line, part_line, part_text, summary, text_line
from sop_runs.change.changes import AnswerChange, Changes, ExampleChange, TextChange, changes
from sop_runs.change.example_text import ExampleKey
from sop_runs.record.folder import RunNeededError, folder_of
from sop_runs.record.reader import RunRecord, read

MOST_PLACES = 3


class DiffFormat(StrEnum):
    """How the changes are printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@click.command(short_help="Say what changed between two states of the specification.")
@click.argument("base")
@click.argument("head", required=False)
@click.option("--format", "form", type=OneOf(DiffFormat), default=DiffFormat.TEXT, help="How the changes are printed (text).")
@click.option(
    "--run",
    type=click.Path(path_type=Path, file_okay=False),
    help="Run with the present examples, named beside a change (the last one).",
)
def diff(base: str, head: str | None, form: DiffFormat, run: Path | None) -> int:
    """Compare BASE with HEAD, by default the rulebook at hand and the examples of the last run.

    Each is a run, a folder or a table that `sop approve` wrote, a folder with a rulebook, or a git revision. Compared are
    all answers (256 cases and 4 returned units, as written and as practised), the wording of sentences, questions and
    descriptions, and the examples, as far as both sides know them. Exit status: 0 nothing changed, 1 something did, 2 one
    of the two cannot be read.
    """
    before = snapshot_called(base)
    found = changes(before, at_hand(_record(run)) if head is None else snapshot_called(head))
    click.echo("\n".join({DiffFormat.TEXT: _text, DiffFormat.JSON: _json, DiffFormat.MARKDOWN: _markdown}[form](found)))
    return BAD_NEWS if found else GOOD


def _record(run: Path | None) -> RunRecord | None:
    """The run with the present examples; a comparison does without where none is at hand."""
    try:
        return read(folder_of(run))
    except RunNeededError:
        if run is not None:
            raise
        return None


def _text(found: Changes) -> Iterator[str]:
    for change in found.answers:
        region = change.region
        yield click.style(answer_line(change), bold=True)
        yield from (f"  {part.replace('_', ' '):9} {part_line(region, part)}" for part in region.parts)
        yield f"  {'because':9} {', '.join(_causes(found, change)) or 'no sentence'}"
        yield from (f"  {'example':9} {place}" for place in _places(found, change.examples[:MOST_PLACES]))
        yield ""
    yield from (f"{_text_place(change)}{text_line(change)}" for change in found.texts)
    yield from (f"{_place(change)}: {example_line(change)}" for change in found.examples)
    yield _verdict(found)


def _markdown(found: Changes) -> Iterator[str]:
    yield from ("### Behaviour", "", _verdict(found))
    if found.answers:
        yield from ("", "| Cases | Before | After | Because | Examples |", "| --- | --- | --- | --- | --- |")
    for change in found.answers:
        region = change.region
        old, new = (
            "<br>".join(f"{part.replace('_', ' ')}: {part_text(row, part)}" for part in region.parts)
            for row in (region.before, region.after)
        )
        places = "<br>".join(_places(found, change.examples[:MOST_PLACES]))
        cells = (answer_line(change), old, new, ", ".join(_causes(found, change)), places)
        yield "| " + " | ".join(map(_cell, cells)) + " |"
    if found.texts or found.examples:
        yield ""
    yield from (f"- {_text_place(change)}{text_line(change)}" for change in found.texts)
    yield from (f"- {_place(change)}: {example_line(change)}" for change in found.examples)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _json(found: Changes) -> Iterator[str]:
    plain = {
        "base": found.before.name,
        "head": found.after.name,
        "changed": found.situations,
        "answers": [
            {
                "subject": change.region.subject,
                "readings": list(change.readings),
                "facts": {name: list(values) for name, values in change.region.facts.items()},
                "situations": change.region.size,
                "parts": list(change.region.parts),
                "before": {part: getattr(change.region.before, part) for part in change.region.parts},
                "after": {part: getattr(change.region.after, part) for part in change.region.parts},
                "because": list(change.region.causes),
                "examples": [_example(found, key) for key in change.examples[:MOST_PLACES]],
            }
            for change in found.answers
        ],
        "texts": [
            {
                "id": change.id, "kind": change.kind, "file": change.path or None, "line": change.line if change.path else None,
                "parts": [{"name": name, "before": before, "after": after} for name, before, after in change.parts],
            }
            for change in found.texts
        ],
        "examples": [
            {
                "kind": change.kind, "name": change.name, "file": change.path, "line": change.line,
                "before": change.before.lines if change.before else None, "after": change.after.lines if change.after else None,
            }
            for change in found.examples
        ],
    }  # fmt: skip
    yield json.dumps(plain, ensure_ascii=False, indent=1)


def _example(found: Changes, key: ExampleKey) -> dict[str, object]:
    name = (found.after.examples or {})[key].name
    return {"file": key[0], "line": found.after.lines.get(key, 1), "name": name}


def _places(found: Changes, keys: tuple[ExampleKey, ...]) -> list[str]:
    return [f"{key[0]}:{found.after.lines.get(key, 1)} {(found.after.examples or {})[key].name}" for key in keys]


def _place(change: ExampleChange) -> str:
    return f"{FEATURES}/{change.path}:{change.line}"


def _text_place(change: TextChange) -> str:
    return f"{FEATURES}/{change.path}:{change.line}: " if change.path else ""


def _causes(found: Changes, change: AnswerChange) -> list[str]:
    """What settled the changed parts; where some of it rules otherwise than before, only that."""
    ruling = {text.id for text in found.texts if {name for name, *_ in text.parts} != {"text"}}
    causes = list(change.region.causes)
    return [cause for cause in causes if cause in ruling] or causes


def _verdict(found: Changes) -> str:
    if not found:
        return f"nothing differs between {found.before.name} and {found.after.name}"
    return f"{summary(found)} between {found.before.name} and {found.after.name}"
