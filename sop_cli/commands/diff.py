"""`sop diff`: compare two states of the specification: answers, wording and examples."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import click

from sop_cli.answers.change_listing import (
    MOST_EXAMPLE_PLACES,
    changes_as_markdown,
    changes_as_text,
)
from sop_cli.called_as import as_called
from sop_cli.decision_text import OneOf
from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import FEATURES, FolderType
from sop_cli.snapshots import find_snapshot, present_snapshot, sentences_of_rulebook
from sop_engine.comparison import NO_CASE, RegionKind
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.engine import ENGINE, Engine
from sop_engine.register.readings import choices_from, with_readings
from sop_engine.text import visible
from sop_runs.change.example_text import ExampleKey
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.folder import RunNeededError, folder_of
from sop_runs.record.reader import RunRecord, read
from steps.language.feature_set import feature_set_of, snapshot
from steps.run.judge import present_files


class DiffFormat(StrEnum):
    """Output formats of the changes."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@click.command(short_help="Compare two states of the specification.")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--with",
    "readings",
    multiple=True,
    metavar="GAP=READING",
    help="Compare with the current rulebook under another reading of a gap, such as GAP-04=3; can be repeated.",
)
@click.option("--format", "form", type=OneOf(DiffFormat), default=DiffFormat.TEXT, help="Output format (default: text).")
@click.option(
    "--run",
    type=FolderType(),
    help="Folder of the run with the current examples (default: the last run).",
)
def diff(base: str | None, head: str | None, readings: tuple[str, ...], form: DiffFormat, run: Path | None) -> int:
    """Compare BASE with HEAD. Without HEAD, compare it with the current rulebook and the examples of the last run.

    With --with, HEAD is the current rulebook under the readings that are named, and BASE is by default the current rulebook.
    Nothing is written; `sop answer` writes the answer of the document's owner.

    BASE and HEAD are each a run, a folder or a table that `sop approve` wrote, a folder with a rulebook, or a git revision.
    The comparison covers all answers (every case and 4 returned units, as written and as practised), the wording of
    clauses, gaps and descriptions, and the examples, as far as both sides have them. The cases of a stage that only one side has are new or
    gone.

    Exit status: 0 nothing changed, 1 something changed, 2 invalid input or option, 70 internal error, 130 interrupted.
    """
    if head is not None and readings:
        raise click.UsageError("--with changes the current rulebook, so it cannot be used with HEAD; leave one out")
    if base is None and not readings:
        raise click.UsageError("there is nothing to compare; name BASE, or a reading such as --with GAP-04=3")
    engine = Engine.of(with_readings(ENGINE.rulebook, choices_from(readings))) if readings else ENGINE
    record = _run_record(run) if head is None else None
    present = present_snapshot(record) if head is None else None
    before = find_snapshot(base) if base is not None else present_snapshot(record)
    if run is None and head is None and before.examples is not None and (reason := _why_not_present(record)):
        click.echo(as_called(f"note: the present examples are not compared: {reason}; run `sop verify` first"), err=True)
    if present is not None and readings:
        named = " and ".join(readings)
        present = replace(
            present, name=f"{present.name} with {named}", behaviour=Behaviour.of(engine), sentences=sentences_of_rulebook(engine.rulebook)
        )
    comparison = changes(before, present if present is not None else find_snapshot(head or ""))
    click.echo(
        "\n".join(
            {DiffFormat.TEXT: changes_as_text, DiffFormat.JSON: _changes_as_json, DiffFormat.MARKDOWN: changes_as_markdown}[form](
                comparison
            )
        )
    )
    return FAILURE if comparison else SUCCESS


def _run_record(run: Path | None) -> RunRecord | None:
    """Read the run with the current examples; None if no run is named and there is none."""
    try:
        return read(folder_of(run))
    except RunNeededError:
        if run is not None:
            raise
        return None


def _why_not_present(record: RunRecord | None) -> str:
    """Return why *record*, the last run, does not have the present examples; empty if it has."""
    if record is None or record.manifest is None:
        return "there is no run"
    if record.manifest.rulebook.sha256 != ENGINE.rulebook.sha256:
        return "the last run used another rulebook"
    features = Path(FEATURES)
    if not features.is_dir():
        return ""
    then, now = record.manifest.features, present_files(snapshot(feature_set_of([features]), [features]), "").hashes
    changed = sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))
    more = f" and {len(changed) - 1:,} more" if len(changed) > 1 else ""
    return f"{visible(FEATURES + '/' + changed[0])}{more} changed since the last run" if changed else ""


def _changes_as_json(comparison: Changes) -> Iterator[str]:
    plain = {
        "base": comparison.before.name,
        "head": comparison.after.name,
        "changed": comparison.situations,
        **{str(kind): number for kind in (RegionKind.NEW, RegionKind.GONE) if (number := comparison.situations_of(kind))},
        "answers": [
            {
                "subject": change.region.subject,
                "readings": list(change.readings),
                "facts": {name: list(values) for name, values in change.region.facts.items()},
                "situations": change.region.size,
                "parts": list(change.region.parts),
                "before": _answer_as_json(change.region.before, change.region.parts),
                "after": _answer_as_json(change.region.after, change.region.parts),
                "because": list(change.region.causes),
                "examples": [_example_as_json(comparison, key) for key in change.examples[:MOST_EXAMPLE_PLACES]],
            }
            for change in comparison.answers
        ],
        "texts": [
            {
                "id": change.id, "kind": change.kind, "file": change.path or None, "line": change.line if change.path else None,
                "parts": [{"name": name, "before": before, "after": after} for name, before, after in change.parts],
            }
            for change in comparison.texts
        ],
        "references": [
            {
                "id": reference.id, "part": reference.part, "names": list(reference.names),
                "file": reference.path or None, "line": reference.line if reference.path else None,
            }
            for reference in comparison.references
        ],
        "examples": [
            {
                "kind": change.kind, "name": change.name, "file": change.path, "line": change.line,
                "before": change.before.lines if change.before else None, "after": change.after.lines if change.after else None,
            }
            for change in comparison.examples
        ],
    }  # fmt: skip
    yield json.dumps(plain, ensure_ascii=False, indent=1)


def _answer_as_json(row: TableRow, parts: Sequence[str]) -> dict[str, object] | None:
    """Return the *parts* of an answer, ready for JSON; None if this side does not have the case."""
    return None if row == NO_CASE else {part: getattr(row, part) for part in parts}


def _example_as_json(comparison: Changes, key: ExampleKey) -> dict[str, object]:
    name = (comparison.after.examples or {})[key].name
    return {"file": key[0], "line": comparison.after.lines.get(key, 1), "name": name}
