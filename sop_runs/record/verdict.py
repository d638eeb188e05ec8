"""The verdict on a run: counts, failures, and every reason why it is not good.

Console, gate, pages and exports use the same verdict. It does not rely on pytest's exit status or the closing line: the lines of
the record are counted again and, if given, the feature files too. An example passed only if every Then of it made a claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from sop_engine import load_rulebook
from sop_runs.problem import Problem
from sop_runs.record.code import code_differences
from sop_runs.record.reader import COMPLETE, INCOMPLETE, INTERRUPTED, RunRecord
from sop_runs.record.schema import Claim, CodeRecord, Counts, DriverRecord, ScenarioRecord, SelectionRecord, Surroundings
from sop_runs.record.status import (
    BROKEN,
    KNOWN_FAILURE,
    NO_CLAIM,
    NOT_SUPPORTED,
    OTHER_VERSION,
    PASSED,
    SKIPPED,
    UNEXPECTED_PASS,
    as_expected,
    expected_to_fail,
    has_claims,
    holds,
    passed,
    passed_in_part,
    ran,
)
from sop_runs.record.version_tags import applies


class ReasonKind(StrEnum):
    """Kinds of reasons why a run is not good."""

    NO_RECORD = "no record"
    BROKE_OFF = "broke off"
    UNREADABLE = "unreadable"
    INTERRUPTED = "interrupted"
    UNEXPECTED_PASS = "unexpected pass"  # noqa: S105 (a kind)
    FAILED = "failed"
    NOT_SUPPORTED = "not supported"
    FINDINGS = "findings"
    BINDING_FINDINGS = "binding findings"
    FILE_FINDINGS = "file findings"
    NOTHING_TO_RUN = "nothing to run"
    NOT_ALL_RAN = "not all ran"
    RECOUNT_DIFFERS = "recount differs"
    NOT_ALL_EXPECTED = "not all expected"
    FILE_APPEARED = "file appeared"
    FILE_VANISHED = "file vanished"
    FILE_CHANGED = "file changed"
    RULEBOOK_CHANGED = "rulebook changed"
    OTHER_VERSION = "other version"
    CODE_CHANGED = "code changed"
    OTHER_LINE = "other line"
    OTHER_ANSWER = "other answer"
    OTHER_RESULT = "other result"
    OUT_OF_TIME = "out of time"
    DISK_FULL = "disk full"
    EXIT_STATUS = "exit status"
    REPLACED_CODE = "replaced code"


EXAMPLE_KINDS = frozenset(
    {ReasonKind.UNEXPECTED_PASS, ReasonKind.FAILED, ReasonKind.FINDINGS, ReasonKind.BINDING_FINDINGS, ReasonKind.FILE_FINDINGS}
)
"""Kinds that are visible at the examples and files themselves, so that a list of these needs no reason."""
CHANGES = frozenset({
    ReasonKind.FILE_APPEARED, ReasonKind.FILE_VANISHED, ReasonKind.FILE_CHANGED, ReasonKind.RULEBOOK_CHANGED, ReasonKind.CODE_CHANGED,
})  # fmt: skip
"""Kinds for what changed since the run began."""
UNUSABLE = frozenset({ReasonKind.UNREADABLE, ReasonKind.OTHER_LINE, ReasonKind.OTHER_ANSWER, ReasonKind.OTHER_RESULT})
"""Kinds for a record that no run of this program wrote."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a run is not good; `sop_runs.record.verdict_text` gives its text.

    ``count`` and ``of`` are numbers of examples (for EXIT_STATUS the status, for kinds of findings the findings and files), ``path``
    the feature file or the place in the record, ``detail`` further text; ``partly`` are those of NOT_SUPPORTED of which other lines passed.
    """

    kind: ReasonKind
    count: int = 0
    of: int = 0
    path: str = ""
    detail: str = ""
    partly: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that ran and did not pass: its place, the step, the expected and the actual value.

    ``line`` is that of the step, ``row`` that of the example in an outline, ``scenario`` that of the scenario or outline.
    ``differences`` are the claims of the step that do not hold.
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
    differences: tuple[Claim, ...] = ()


def failures_by_outline(failures: Sequence[Failure]) -> Iterator[list[Failure]]:
    """Yield failures in groups: the rows of an outline that failed at the same step, or a single failure."""
    return (list(rows) for _, rows in groupby(failures, key=lambda failure: (failure.path, failure.scenario, failure.line)))


def failures_by_reason(failures: Sequence[Failure]) -> list[list[Failure]]:
    """Return the groups of `failures_by_outline`, joined where examples broke with the same message, such as that of one server."""
    groups: dict[object, list[Failure]] = {}
    for number, group in enumerate(failures_by_outline(failures)):
        groups.setdefault(group[0].message if group[0].status == BROKEN else number, []).extend(group)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class PresentFiles:
    """The current specification: path to sha256 of every file, the number of examples in them, sha256 of the rulebook, and the code.

    The code is None where a record of other code is allowed.
    """

    hashes: dict[str, str]
    examples: int
    rulebook: str
    code: CodeRecord | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a run, good if it has no reasons.

    *known_failures* are failures of examples that are expected to fail, *other_versions* the examples that do not stand in the version,
    *not_supported* those that need what the *driver* does not offer, or a package that is not installed; without a driver, the run was of
    this project's engine.
    """

    state: str
    counts: Counts
    reasons: tuple[Reason, ...]
    failures: tuple[Failure, ...] = ()
    findings: tuple[Problem, ...] = ()
    known_failures: tuple[Failure, ...] = ()
    selection: SelectionRecord | None = None
    surroundings: Surroundings = field(default_factory=Surroundings)
    other_versions: tuple[ScenarioRecord, ...] = ()
    not_supported: tuple[Failure, ...] = ()
    driver: DriverRecord | None = None

    @property
    def good(self) -> bool:
        """Return whether every expected example ran and passed, or is a known failure."""
        return not self.reasons

    @property
    def whole(self) -> bool:
        """Return whether the run was of a whole specification: without a selection, and without feature files beside it."""
        return self.selection is None and not self.surroundings.beside

    @property
    def only_unsupported(self) -> bool:
        """Return whether the only reason is that some examples are not supported."""
        return [reason.kind for reason in self.reasons] == [ReasonKind.NOT_SUPPORTED]

    def accepting_unsupported(self) -> "Verdict":
        """Return the verdict without the reason that some examples are not supported, if at least one example passed, or all else of one."""
        if not self.counts.passed and not any(reason.partly for reason in self.reasons):
            return self
        return replace(self, reasons=tuple(reason for reason in self.reasons if reason.kind is not ReasonKind.NOT_SUPPORTED))

    def with_reasons(self, *reasons: Reason, state: str | None = None) -> "Verdict":
        """Return the verdict with more *reasons*, and another *state* if given."""
        return replace(self, reasons=(*self.reasons, *reasons), state=state or self.state)


def judge(record: RunRecord, present: PresentFiles | None = None) -> Verdict:
    """Compute the verdict on the run in *record*, also compared with the *present* files if given."""
    manifest = record.manifest
    if manifest is None:
        no_record = record.missing or record.problem is None
        return Verdict(INCOMPLETE, Counts(), (Reason(ReasonKind.NO_RECORD) if no_record else _unreadable(record),))
    executed = [scenario for scenario in record.scenarios if ran(scenario)]
    number = sum(map(passed, executed))
    counts = Counts(manifest.written, manifest.expected, len(executed), number, len(executed) - number)
    failures = tuple(_failure(scenario) for scenario in executed if not as_expected(scenario))
    known_failures = tuple(_failure(scenario) for scenario in executed if expected_to_fail(scenario) and as_expected(scenario))
    surroundings = Surroundings(manifest.file_findings, manifest.beside, manifest.installed)
    findings = (
        *manifest.binding_findings,
        *manifest.file_findings,
        *(finding for feature in record.features for finding in feature.findings),
    )
    others = tuple(_of_other_versions(record))
    unsupported = tuple(_failure(scenario) for scenario in record.scenarios if scenario.status == NOT_SUPPORTED)
    verdict = Verdict(
        record.state, counts, (), failures, findings, known_failures, manifest.selection, surroundings, others, unsupported, manifest.driver
    )
    return verdict.with_reasons(
        *_unfinished(record, counts),
        *_unsound(record, verdict),
        *_miscounted(record, counts, present, len(others)),
        *_changed(record, present),
    )


def _of_other_versions(record: RunRecord) -> Iterator[ScenarioRecord]:
    """Yield the examples that did not run because, by their tags, they do not belong to the version of the run."""
    book = record.rulebook
    if book is None:
        return
    for scenario in record.scenarios:
        if scenario.status == OTHER_VERSION and not applies(scenario.tags, book.name, book.follows or ()):
            yield scenario


def _failure(scenario: ScenarioRecord) -> Failure:
    steps = scenario.steps
    bad = [step for step in steps if step.status not in {PASSED, SKIPPED} or (step.status == PASSED and not has_claims(step))]
    supported = [step for step in bad if step.status != NOT_SUPPORTED]
    step = next(iter(supported or bad or steps[-1:]), None)
    error = step.error if step else None
    unexpected_pass = passed(scenario)
    message = f"it passes now; remove the tag {KNOWN_FAILURE}" if unexpected_pass else error.message if error else ""
    return Failure(
        scenario.id, scenario.feature, scenario.line, step.line if step else scenario.line, scenario.row, scenario.rule, scenario.name,
        UNEXPECTED_PASS if unexpected_pass else scenario.status, f"{step.keyword} {step.text}".strip() if step else "",
        message or ("it did not pass, and the record has no message" if step is None or has_claims(step) else NO_CLAIM), error.expected if error else None, error.actual if error else None,
        tuple(claim for number, claim in enumerate(scenario.claims) if step and number in step.claims and not holds(claim)),
    )  # fmt: skip


def _unreadable(record: RunRecord) -> Reason:
    place, detail = record.problem or ("", "")
    return Reason(ReasonKind.UNREADABLE, path=place, detail=detail)


def _unfinished(record: RunRecord, counts: Counts) -> Iterator[Reason]:
    """Yield why the run did not finish; a record that cannot be read does not show whether its run ended."""
    if record.problem is not None:
        yield _unreadable(record)
    elif record.state == INCOMPLETE:
        yield Reason(ReasonKind.BROKE_OFF, counts.executed, counts.expected)
    elif record.state != COMPLETE:
        yield Reason(ReasonKind.INTERRUPTED, counts.executed, counts.expected)


def _unsound(record: RunRecord, verdict: Verdict) -> Iterator[Reason]:
    unexpected_passes = sum(failure.status == UNEXPECTED_PASS for failure in verdict.failures)
    if unexpected_passes:
        yield Reason(ReasonKind.UNEXPECTED_PASS, unexpected_passes)
    if len(verdict.failures) > unexpected_passes:
        yield Reason(ReasonKind.FAILED, len(verdict.failures) - unexpected_passes, verdict.counts.executed)
    if verdict.not_supported:
        name = verdict.driver.words if verdict.driver else ""
        partly = sum(map(passed_in_part, record.scenarios))
        yield Reason(ReasonKind.NOT_SUPPORTED, len(verdict.not_supported), verdict.counts.expected, detail=name, partly=partly)
    in_python = [finding for finding in verdict.findings if finding.in_python]
    if in_python:
        yield Reason(ReasonKind.BINDING_FINDINGS, len(in_python), len({finding.path for finding in in_python}))
    of_files = verdict.surroundings.file_findings
    if of_files:
        yield Reason(ReasonKind.FILE_FINDINGS, len(of_files), len({finding.path for finding in of_files}))
    in_features = len(verdict.findings) - len(in_python) - len(of_files)
    if in_features:
        yield Reason(ReasonKind.FINDINGS, in_features, sum(bool(feature.findings) for feature in record.features))
    if not verdict.counts.expected:
        yield Reason(ReasonKind.NOTHING_TO_RUN)


def _miscounted(record: RunRecord, counts: Counts, present: PresentFiles | None, other_versions: int) -> Iterator[Reason]:
    """Yield differences in executed = expected = written - other versions = counted - other versions that no other reason explains."""
    if record.closing is None or record.state == INCOMPLETE or record.manifest is None:
        return
    tried = counts.executed + sum(scenario.status == NOT_SUPPORTED for scenario in record.scenarios)
    if tried != counts.expected and record.closing.state == COMPLETE:
        yield Reason(ReasonKind.NOT_ALL_RAN, tried, counts.expected)
    if any(feature.findings for feature in record.features) or record.closing.state != COMPLETE:
        return
    counted = present.examples if present is not None else counts.written
    if not counts.written == len(record.scenarios) == counted:
        yield Reason(ReasonKind.RECOUNT_DIFFERS, counted, len(record.scenarios))
    if record.manifest.selection is None and counts.expected != counts.written - other_versions:
        yield Reason(ReasonKind.NOT_ALL_EXPECTED, counts.expected, counts.written - other_versions)


def _changed(record: RunRecord, present: PresentFiles | None) -> Iterator[Reason]:
    if present is None or record.manifest is None:
        return
    then, now = record.manifest.features, present.hashes
    for path in sorted(then.keys() | now.keys()):
        if then.get(path) != now.get(path):
            kind = (
                ReasonKind.FILE_APPEARED if path not in then else ReasonKind.FILE_VANISHED if path not in now else ReasonKind.FILE_CHANGED
            )
            yield Reason(kind, path=path)
    if record.manifest.rulebook.sha256 != present.rulebook:
        version = load_rulebook().name
        if record.manifest.rulebook.name == version:
            yield Reason(ReasonKind.RULEBOOK_CHANGED)
        else:
            yield Reason(ReasonKind.OTHER_VERSION, path=record.manifest.rulebook.name, detail=version)
    if present.code is not None and (differences := code_differences(record.manifest.code, present.code)):
        yield Reason(ReasonKind.CODE_CHANGED, detail=differences)


def verdict_if_interrupted(verdict: Verdict) -> Verdict:
    """Return the verdict on a run that a user stopped, whatever state its record has."""
    reasons = verdict.reasons or (Reason(ReasonKind.INTERRUPTED, verdict.counts.executed, verdict.counts.expected),)
    return replace(verdict, state=INTERRUPTED, reasons=reasons)
