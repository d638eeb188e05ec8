"""Preview of a changed register: the rulebook is proved with it, the features are run with it, and what changes is listed."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from sop_cli.answers.change_listing import changes_as_text
from sop_cli.answers.places import Places
from sop_cli.answers.trial import rulebook_of_runs
from sop_cli.answers.writing import write_or_ask
from sop_cli.called_as import as_called
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import FEATURES
from sop_cli.records.record_text import MARGIN, part_in_words, part_name
from sop_cli.snapshots import sentences_of_rulebook, snapshot_of_documents
from sop_engine import SopError
from sop_engine.decision_table import Behaviour
from sop_engine.engine import ENGINE, Engine
from sop_engine.errors import RulebookError
from sop_engine.ids import ID, is_gap
from sop_engine.input_files import parse_toml
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.register.readings import with_readings
from sop_engine.text import counted, quoted, visible
from sop_engine.versions import CLAUSES, GAPS
from sop_engine.wording import prove_with_words
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import Changes, changes
from sop_runs.record.reader import RunRecord, read
from sop_runs.record.status import OTHER_VERSION, has_unexpected_result
from steps.definitions.discovery import BindingModules
from steps.definitions.settings import binding_modules
from steps.language.document import Document, find_features, read_document
from steps.run.runner import run

MOST_LISTED = 10
LONGEST_SENTENCE = 300


class RecordError(SopError):
    """A clause or a gap with which the rulebook does not hold."""


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A change of one record: its id, the file of its register, and the old and new content of that file."""

    id: str
    file: Path
    old: bytes
    new: bytes


def put_record(where: Places, record: ChangedRecord, step_modules: tuple[str, ...], *, yes: bool, patch_file: Path | None) -> int:
    """Prove the rulebook with *record*, list what changes, ask, and write the register or a patch; return the exit status.

    Raises:
        RecordError: the rulebook does not hold with the record; nothing is written.
    """
    if record.new == record.old:
        click.echo(f"`{record.id}` says this already; nothing was written")
        return SUCCESS
    result = preview(where, record, binding_modules(where.features, step_modules))
    click.echo("\n".join(_own_changes(record)))
    click.echo(as_called("\n".join((*changes_as_text(result.comparison), *result.remarks))))
    return write_or_ask({record.file: (record.old, record.new)}, yes=yes, patch_file=patch_file)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a changed record changes, and remarks: examples that would fail, readings that would not hold, missing tags."""

    comparison: Changes
    remarks: tuple[str, ...]


def preview(where: Places, record: ChangedRecord, bindings: BindingModules) -> Preview:
    """Prove the rulebook with *record*, and run the features with it if an answer changes.

    Raises:
        RecordError: the rulebook does not hold with the record.
    """
    with TemporaryDirectory(prefix="sop-record-") as staging:
        book = Path(staging, where.rulebook.name)
        book.mkdir()
        for name in (CLAUSES, GAPS):
            shutil.copy(where.rulebook / name, book)
        (book / record.file.name).write_bytes(record.new)
        present = read_rulebook(where.rulebook)
        before = ENGINE if present.sha256 == ENGINE.rulebook.sha256 else Engine.of(present)
        after = _proved(present, book, record)
        documents = [
            document for file in find_features([where.features]) if (document := read_document(file, where.features)[0]) is not None
        ]
        comparison = _comparison(before, after, record.id, documents)
        return Preview(comparison, tuple(_remarks(where, before, after, record.id, book, documents, bindings)))


def _proved(present: Rulebook, book: Path, record: ChangedRecord) -> Engine:
    """Return the engine of the rulebook in *book*, which has *record*.

    Raises:
        RecordError: it does not hold; with the sentences that contradict the record.
    """
    rulebook, reading = present, 0
    try:
        rulebook = read_rulebook(book)
        engine = Engine.of(rulebook)
        for reading in (ruling.number for gap in rulebook.gaps if gap.id == record.id for ruling in gap.rulings):
            prove_with_words(with_readings(rulebook, {record.id: reading}))
    except RulebookError as error:
        raise RecordError(_refusal(error, record, rulebook, reading)) from None
    return engine


def _refusal(error: RulebookError, record: ChangedRecord, rulebook: Rulebook, reading: int) -> str:
    """Return the reasons of *error* under a *reading* of the record (0 for the one in force), then the sentences that they name, without those of *record*."""
    line = next(
        (n for n, text in enumerate(record.new.decode().splitlines(), 1) if re.match(rf'id\s*=\s*"{re.escape(record.id)}"', text)), 0
    )
    own = f"{record.file.name}:{line}"
    reasons = [re.sub(rf"{re.escape(own)}(?![0-9])", "this record", reason) for reason in error.findings]
    texts = {entry.id: f"{entry.modality} (line {entry.line}), {quoted(entry.text, LONGEST_SENTENCE)}" for entry in rulebook.clauses}
    texts |= {gap.id: f"{gap.title}; we assume: {gap.chosen}" for gap in rulebook.gaps}
    ids = (name if name in texts else name.partition(".")[0] for name in ID.findall("\n".join(reasons)))  # GAP-04.2 is part of GAP-04
    named = [name for name in dict.fromkeys(ids) if name != record.id and name in texts]
    listed = [*reasons[:MOST_LISTED], *([f"and {len(reasons) - MOST_LISTED} more"] if len(reasons) > MOST_LISTED else [])]
    under = f" with its reading {reading}" if reading else ""
    return "\n".join(
        (
            f"`{record.id}`: nothing was written, because the rulebook would not hold{under} for {counted(len(reasons), 'reason')}; correct the part that is named:",
            *(visible(f"  {reason}") for reason in listed),
            *(visible(f"  {name}: {texts[name]}") for name in named[:MOST_LISTED]),
        )
    )


def _own_changes(record: ChangedRecord) -> Iterator[str]:
    """Yield the parts of *record* that are new or change, each as it is and as it would be."""
    kind = "gap" if is_gap(record.id) else "clause"
    old, new = ({entry["id"]: entry for entry in parse_toml(data)[kind]}.get(record.id, {}) for data in (record.old, record.new))
    yield click.style(record.id, bold=True)
    for name in dict.fromkeys((*old, *new)):
        if name != "id" and old.get(name) != new.get(name):
            yield from (
                f"  {mark} {part_name(name):{MARGIN}} {part_in_words(parts[name])}"
                for mark, parts in (("-", old), ("+", new))
                if name in parts
            )
    yield ""


def _comparison(before: Engine, after: Engine, identifier: str, documents: Sequence[Document]) -> Changes:
    """Compute the changes of answers and texts."""
    old = snapshot_of_documents("the present specification", before, documents)
    new = Snapshot(
        f"the specification with this {'gap' if is_gap(identifier) else 'clause'}", Behaviour.of(after), sentences_of_rulebook(after.rulebook),
        old.examples, old.descriptions, old.documents, old.lines, coverage=old.coverage,
    )  # fmt: skip
    return changes(old, new)


def _remarks(  # noqa: PLR0913 (both sides of a comparison)
    where: Places, before: Engine, after: Engine, identifier: str, book: Path, documents: Sequence[Document], bindings: BindingModules
) -> Iterator[str]:
    """Yield the examples that would fail, the readings that would not hold, and missing tags, line by line."""
    if before.answers == after.answers:
        yield "no answer changes, and no example can fail"
    else:
        with rulebook_of_runs(book):
            record = read(run([where.features], out=book.parent / "runs", bindings=bindings).record)
        yield from _failures(record)
        yield from _unprovable_readings(before.rulebook, after.rulebook, identifier)
    yield from _missing_tag(after.rulebook, identifier, documents)


def _failures(record: RunRecord) -> Iterator[str]:
    """Yield the examples and files of *record* that do not pass."""
    failed = [f"{FEATURES}/{one.feature}:{one.place} {one.name}" for one in record.scenarios if has_unexpected_result(one)]
    findings = [f"{FEATURES}/{one.path}:{finding.line} {finding.message}" for one in record.features for finding in one.findings]
    if not failed and not findings:
        yield f"all {counted(sum(one.status != OTHER_VERSION for one in record.scenarios), 'example')} would still pass"
        return
    lines = [*findings, *failed]
    yield (
        f"{counted(len(failed), 'example')} would fail" + (f", {counted(len(findings), 'finding')}" if findings else "") + "; correct them:"
    )
    yield from (visible(f"  {line}") for line in lines[:MOST_LISTED])
    if len(lines) > MOST_LISTED:
        yield f"  and {len(lines) - MOST_LISTED} more (`sop verify` lists them afterwards)"


def _unprovable_readings(before: Rulebook, after: Rulebook, identifier: str) -> Iterator[str]:
    """Yield the readings of other gaps that could be tried and cannot be with the changed record."""
    for gap in after.gaps:
        for number in (ruling.number for ruling in gap.rulings if ruling.number != gap.reading and gap.id != identifier):
            reason = _reason_against(after, gap.id, number)
            if reason and not _reason_against(before, gap.id, number):
                yield visible(f"reading {number} of {gap.id} could no longer be put in force: {reason}")


def _reason_against(rulebook: Rulebook, gap_id: str, number: int) -> str:
    try:
        prove_with_words(with_readings(rulebook, {gap_id: number}))
    except RulebookError as error:
        return error.findings[0]
    return ""


def _missing_tag(rulebook: Rulebook, identifier: str, documents: Sequence[Document]) -> Iterator[str]:
    """Yield a line if no feature has the tag of a clause that decides, or of a gap over cases."""
    if any(f"@{identifier}" in instance.tags for document in documents for instance in document.examples):
        return
    clause = next((clause for clause in rulebook.clauses if clause.id == identifier), None)
    gap = next((gap for gap in rulebook.gaps if gap.id == identifier), None)
    if (clause is not None and clause.subject) or (gap is not None and gap.cases):
        yield f"no feature has the tag `@{identifier}`: add a Rule with it and an example, as docs/editing.md says"
