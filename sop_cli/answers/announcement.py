"""Announcement of answers: what would change in answers, texts and examples, before anything is written."""

from collections.abc import Iterator
from pathlib import Path

import click

from sop_cli.answers.change_listing import changes_as_text
from sop_cli.answers.trial import Trial
from sop_cli.paths import near
from sop_cli.snapshots import sentences_of_rulebook, snapshot_of_documents
from sop_engine.decision_table import Behaviour
from sop_engine.engine import Engine
from sop_engine.statement import Gap
from sop_engine.text import counted, visible
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import Changes, changes
from steps.language.document import find_features, read_document


def changes_by(tried: Trial, features: Path) -> Changes:
    """Compute the changes from the present registers and features to those of *tried*."""
    documents = [document for file in find_features([features]) if (document := read_document(file, features)[0]) is not None]
    before = snapshot_of_documents("the present specification", Engine.of(tried.before), documents)
    run = snapshot_of_run(tried.record, "the specification with the answer")
    after = Snapshot(
        run.name, Behaviour.of(tried.after), sentences_of_rulebook(tried.after.rulebook),
        run.examples, run.descriptions, run.documents, run.lines, {}, run.coverage, run.record,
    )  # fmt: skip
    return changes(before, after)


def announcement(tried: Trial, comparison: Changes, features: Path) -> Iterator[str]:
    """Yield the changes line by line: answers, texts, texts that rest on them, examples; then what is done in each feature file."""
    yield from changes_as_text(comparison)
    for path, notes in tried.notes.items():
        yield ""
        yield click.style(near(features / path), bold=True)
        yield from (f"  {note}" for note in notes)


def question_in_words(gap: Gap, sizes: dict[int, int]) -> Iterator[str]:
    """Yield the question of *gap*, its status, and its readings, each with the number of answers that it changes (*sizes*)."""
    yield click.style(f"{gap.id}  {gap.question}", bold=True)
    yield f"status: {gap.status}" + (f" (evidence: {visible(gap.answer.evidence)})" if gap.answer and gap.answer.evidence else "")
    if gap.answer is not None and gap.answer.remark:
        yield f"remark: {visible(gap.answer.remark)}"
    for number, text in enumerate(gap.readings, 1):
        force = " (in force)" if number == gap.reading else ""
        effect = "cannot be put in force: the register does not say what it decides"
        if number in sizes:
            effect = (
                "changes no answer"
                if not sizes[number]
                else f"changes {counted(sizes[number], 'answer')}: sop diff --with {gap.id}={number}"
            )
        yield f"  {number}  {text}{force}"
        if number != gap.reading:
            yield f"     {effect}"
