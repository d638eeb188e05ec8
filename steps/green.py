"""Green: what a run is worth, read from its record and from the feature files as they are now.

Neither pytest's exit status nor the counts of the recorder are believed: the lines are counted again, and the
scenarios of the files by the line counter, which shares nothing with the parser that ran them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sop_engine.checking import problem
from sop_engine.run_record import LINES
from steps.count import count_instances
from steps.instances import KNOWN_FAILURE
from steps.source import decode

Line = dict[str, Any]
COMPLETE, INTERRUPTED, INCOMPLETE = "complete", "interrupted", "incomplete"
PASSES = "passes"
"""The status of a failure that is none any more."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many examples: *written* in the files, *expected* to run, *executed*, *passed*, *failed*."""

    written: int = 0
    expected: int = 0
    executed: int = 0
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that ran and did not pass: where it is written, which step, what was expected and what came.

    ``line`` is that of the step, ``row`` that of the example in an outline, ``scenario`` that of the scenario or outline.
    """

    id: str
    path: str
    scenario: int
    line: int
    row: int | None
    rule: str | None
    name: str
    status: str
    step: str
    message: str
    expected: Any
    actual: Any


def outlines(failures: Sequence[Failure]) -> Iterator[list[Failure]]:
    """The rows of an outline that failed at one step, together; any other failure by itself."""
    return (list(rows) for _, rows in groupby(failures, key=lambda each: (each.path, each.scenario, each.line)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Green if there is no reason against it; *known* are the failures that the features expect, with their reasons."""

    state: str
    counts: Counts
    reasons: tuple[str, ...]
    failures: tuple[Failure, ...] = ()
    findings: tuple[Line, ...] = ()
    known: tuple[Failure, ...] = ()

    @property
    def green(self) -> bool:
        """Whether everything that should have run did, and passed."""
        return not self.reasons


@dataclass(slots=True)
class Record:
    """The lines of a record by type; *torn* when one of them is no line at all."""

    manifest: Line | None = None
    features: list[Line] = field(default_factory=list)
    scenarios: list[Line] = field(default_factory=list)
    closing: Line | None = None
    torn: bool = False


def read(file: Path) -> Record:
    """The record as far as it goes."""
    record = Record()
    try:
        raw = file.read_bytes()
    except OSError:
        return record
    lines, record.torn = lines_of(raw)
    for line in lines:
        kind = line["type"]
        if record.closing is not None or (record.manifest is None) != (kind == "manifest"):
            record.torn = True
            return record
        if kind == "manifest":
            record.manifest = line
        elif kind == "feature":
            record.features.append(line)
        elif kind == "scenario":
            record.scenarios.append(line)
        elif kind == "closing":
            record.closing = line
    return record


def lines_of(raw: bytes) -> tuple[list[Line], bool]:
    """The lines of a record up to the first that is none, or not of the shape of its type; and whether there is such a one."""
    lines: list[Line] = []
    for piece in raw.splitlines(keepends=True):
        try:
            line = json.loads(piece)
            whole = piece.endswith(b"\n") and problem(line, LINES[line["type"]]) is None
        except (ValueError, TypeError, LookupError, RecursionError):
            return lines, True
        if not whole:
            return lines, True
        lines.append(line)
    return lines, False


def judge(file: Path, now: Mapping[str, bytes], rulebook: str) -> Verdict:
    """The verdict on the record in *file*.

    Args:
        file: the record.
        now: path to bytes of every feature file the run was about, read after the run.
        rulebook: sha256 of the rulebook as it is now.
    """
    record = read(file)
    if record.manifest is None:
        return Verdict(INCOMPLETE, Counts(), ("the run ended before it began: there is no record of it",))
    counts = _counts(record)
    state = INCOMPLETE if record.closing is None or record.torn else record.closing["state"]
    failures, known = tuple(_failures(record)), tuple(_known_failures(record))
    findings = tuple(finding for feature in record.features for finding in feature["findings"])
    reasons = (
        *_unfinished(state, counts),
        *_unsound(failures, counts.expected, len(findings)),
        *_miscounted(record, counts, now),
        *_changed(record, now, rulebook),
    )
    return Verdict(state, counts, reasons, failures, findings, known)


def _counts(record: Record) -> Counts:
    manifest = record.manifest or {}
    executed = [scenario for scenario in record.scenarios if scenario["status"] != "not-run"]
    passed = sum(map(_passed, executed))
    return Counts(manifest["written"], manifest["expected"], len(executed), passed, len(executed) - passed)


def _passed(scenario: Line) -> bool:
    """Passed in name, in every step and in every claim."""
    steps = bool(scenario["steps"]) and all(step["status"] == "passed" for step in scenario["steps"])
    return scenario["status"] == "passed" and steps and all(claim["holds"] for claim in scenario["claims"])


def _failures(record: Record) -> Iterator[Failure]:
    for scenario in record.scenarios:
        if scenario["status"] == "not-run" or _as_expected(scenario):
            continue
        yield _failure(scenario)


def _known_failures(record: Record) -> Iterator[Failure]:
    for scenario in record.scenarios:
        if KNOWN_FAILURE in scenario["tags"] and _as_expected(scenario):
            yield _failure(scenario)


def _as_expected(scenario: Line) -> bool:
    """Passed, or failed where the feature says that it does; only a claim that does not hold can be expected."""
    if KNOWN_FAILURE in scenario["tags"]:
        return bool(scenario["status"] == "failed")
    return _passed(scenario)


def _failure(scenario: Line) -> Failure:
    steps = scenario["steps"]
    step: Line = next((step for step in steps if step["status"] not in {"passed", "skipped"}), steps[-1] if steps else {})
    error = step.get("error") or {}
    passed = _passed(scenario)
    said = f"it passes by now; take {KNOWN_FAILURE} away" if passed else error.get("message")
    return Failure(
        scenario["id"], scenario["feature"], scenario["line"], step.get("line") or scenario["line"], scenario["row"], scenario["rule"], scenario["name"],
        PASSES if passed else scenario["status"], f"{step.get('keyword', '')} {step.get('text', '')}".strip(),
        said or "it did not pass, and does not say why", error.get("expected"), error.get("actual"),
    )  # fmt: skip


def _unfinished(state: str, counts: Counts) -> Iterator[str]:
    if state == INCOMPLETE:
        yield f"the run did not end: it was killed or broke off after {counts.executed:,} of {_examples(counts.expected)}"
    elif state != COMPLETE:
        yield f"the run was interrupted after {counts.executed:,} of {_examples(counts.expected)}"


def _unsound(failures: Sequence[Failure], expected: int, findings: int) -> Iterator[str]:
    better = sum(failure.status == PASSES for failure in failures)
    if better:
        yield f"{_examples(better)} passed that {'is' if better == 1 else 'are'} expected to fail"
    if len(failures) > better:
        yield f"{_examples(len(failures) - better)} did not pass"
    if findings:
        yield f"{findings:,} finding{'' if findings == 1 else 's'} in the feature files"
    if not expected:
        yield "there is nothing to run"


def _miscounted(record: Record, counts: Counts, now: Mapping[str, bytes]) -> Iterator[str]:
    """Executed = expected = written = counted, where nothing else explains a difference."""
    if record.closing is None or record.torn or record.manifest is None:
        return
    if counts.executed != counts.expected and record.closing["state"] == COMPLETE:
        yield f"{_examples(counts.expected)} should have run, {counts.executed:,} did"
    told = record.closing["counts"]
    shown = {name: getattr(counts, name) for name in ("written", "expected", "executed", "passed", "failed")}
    if told != shown:
        yield "the closing line of the record counts otherwise than its lines"
    if any(feature["findings"] for feature in record.features) or record.closing["state"] != COMPLETE:
        return
    counted = sum(count_instances(decode(data, path)[0]) for path, data in now.items())
    if not counts.written == len(record.scenarios) == counted:
        yield f"counted line by line there are {_examples(counted)}, the record tells of {len(record.scenarios):,}"
    if record.manifest["selection"] is None and counts.expected != counts.written:
        yield f"{_examples(counts.written)} are written, {counts.expected:,} were expected to run"
    if len({(scenario["feature"], scenario["id"]) for scenario in record.scenarios}) != len(record.scenarios):
        yield "an example is told twice"
    strange = sorted({scenario["feature"] for scenario in record.scenarios} - record.manifest["features"].keys())
    if strange:
        yield f"the record tells of `{strange[0]}`, which is no file of this run"


def _changed(record: Record, now: Mapping[str, bytes], rulebook: str) -> Iterator[str]:
    manifest = record.manifest or {}
    then: dict[str, str] = manifest["features"]
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in now.items()}
    for path in sorted(then.keys() | hashes.keys()):
        if then.get(path) != hashes.get(path):
            happened = "appeared" if path not in then else "vanished" if path not in hashes else "changed"
            yield f"{path} {happened} during the run"
    if manifest["rulebook"]["sha256"] != rulebook:
        yield "the rulebook changed during the run"


def _examples(number: int) -> str:
    return f"{number:,} example{'' if number == 1 else 's'}"
