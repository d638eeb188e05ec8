"""Recorder: writes the run record line by line, in the order of the documents.

The record contains nothing that differs from run to run: no time, no folder. Durations are written to a file beside it. The result of an example that ends before
its turn is held back. The closing line comes last; a record without it is of a run that did not end.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Literal, NoReturn
from urllib.parse import urlsplit

import msgspec
import pytest
from msgspec import structs

from sop_engine import Reading, load_rulebook
from sop_engine.files import write_atomically
from sop_runs.record.driver_calls import DriverCalls, write_driver_calls
from sop_runs.record.durations import DURATIONS, ExampleDurations
from sop_runs.record.reader import COMPLETE, INTERRUPTED, dump
from sop_runs.record.schema import (
    VERSION,
    Closing,
    CodeRecord,
    Counts,
    DriverRecord,
    FeatureRecord,
    Line,
    Manifest,
    NamedHash,
    RulebookRecord,
    ScenarioRecord,
    StepError,
    StepRecord,
)
from sop_runs.record.status import BROKEN, NOT_RUN, NOT_SUPPORTED, OTHER_VERSION, PASSED, SKIPPED
from sop_runs.record.version_tags import applies
from steps.definitions.catalogue import write_catalogue
from steps.definitions.redaction import redact
from steps.definitions.source_digest import code_of
from steps.language.examples import Example
from steps.run.executor import ExampleResult, StepOutcome
from steps.run.plan import DISK_FULL, Plan
from steps.run.specification import Specification

CRASHED_PHASE: str = "???"
"""Phase that xdist reports for a test whose process ended."""
_decode = msgspec.json.Decoder(ExampleResult | None).decode


class Recorder:
    """Writer of the run record: takes the expected examples from the specification and their results from the reports of any process."""

    def __init__(self, plan: Plan, specification: Specification) -> None:
        self._plan = plan
        self._specification = specification
        self._prefix = f"{plan.root.name}/"
        self._due = {(i.path, i.id) for examples in specification.runnable.values() for i in examples}
        self._waiting = iter(specification.examples)
        self._next = next(self._waiting, None)
        self._called: dict[tuple[str, str], ExampleResult] = {}
        self._finished: dict[tuple[str, str], ExampleResult] = {}
        self._executed = self._passed = self._calls = self._retries = 0
        self._given_up: set[str] = set()
        self._file: BinaryIO | None = None
        self._durations: list[bytes] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Write the manifest and the preamble to disk before anything runs; a run that is stopped before has no record."""
        if self._plan.record.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self._plan.record))
        head = manifest(self._specification, code_of(self._plan.bindings), self._plan.driver.record if self._plan.driver else None)
        with self._ends_run_if_disk_is_full():
            write_atomically(self._plan.record, b"".join(map(dump, (head, *preamble(self._specification)))))
            self._file = self._plan.record.open("ab", buffering=0)
            write_catalogue(self._specification.registry, self._plan.record.parent)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the report of one phase of one test, of this process or a worker."""
        sent = getattr(report, "sop", None)
        result: ExampleResult | None = _decode(sent) if isinstance(sent, str) else sent  # text is from a worker
        path, _, example_id = report.nodeid.removeprefix(self._prefix).partition("::")
        key = path, example_id
        if key not in self._due or key in self._finished:
            return
        if report.when == "call":
            self._called[key] = result or _crashed(report)
        elif report.failed:  # in setup or teardown, or its process has ended
            self._called[key] = _crashed(report)
        if report.when in {"teardown", CRASHED_PHASE}:
            self._finished[key] = self._called.pop(key) if key in self._called else _crashed(report)
            self._write_what_is_due()

    def pytest_keyboard_interrupt(self) -> None:
        """Record at once that the run was interrupted, because the workers may end much later."""
        self._close(INTERRUPTED)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the closing line, unless pytest itself failed with an internal error."""
        if exitstatus != pytest.ExitCode.INTERNAL_ERROR:
            self._write_what_is_due()
            self._close(COMPLETE if self._next is None else INTERRUPTED)

    def _close(self, state: Literal["complete", "interrupted"]) -> None:
        if self._file is None:
            return
        lint = self._specification.lint
        counts = Counts(lint.written, self._specification.expected, self._executed, self._passed, self._executed - self._passed)
        findings = len(lint.findings) + len(self._specification.binding_findings) + len(self._specification.surroundings.file_findings)
        with self._ends_run_if_disk_is_full():
            write_atomically(self._plan.record.with_name(DURATIONS), b"".join(self._durations))
            if self._plan.driver is not None:
                driver = self._plan.driver
                calls = DriverCalls(
                    urlsplit(driver.url).netloc, self._calls, self._retries, tuple(sorted(self._given_up)), driver.unknown_offers
                )
                write_driver_calls(calls, self._plan.record.parent)
        self._write(Closing(state, counts, findings), durable=True)
        self._file.close()
        self._file = None

    def _write_what_is_due(self) -> None:
        while self._next is not None:
            example, key = self._next, (self._next.path, self._next.id)
            result = self._finished.pop(key, None)
            if key in self._due and result is None:
                return
            self._write(scenario_record(example, result))
            if result is not None:
                steps = tuple(step.nanoseconds for step in result.steps or ())
                self._durations += [dump(ExampleDurations(example.path, example.id, steps))] if steps else []
                self._due.discard(key)
                self._calls, self._retries = self._calls + result.calls, self._retries + result.retries
                self._given_up.update(result.given_up)
                self._executed += result.status != NOT_SUPPORTED
                self._passed += result.status == PASSED
            self._next = next(self._waiting, None)

    def _write(self, line: Line, *, durable: bool = False) -> None:
        if self._file is None:
            return
        left = memoryview(dump(line))
        try:
            while left:  # a write may be partial, for example on a full disk
                left = left[self._file.write(left) :]
            if durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._end_run(error)

    @contextmanager
    def _ends_run_if_disk_is_full(self) -> Iterator[None]:
        """End the run if a file of it cannot be written."""
        try:
            yield
        except OSError as error:
            self._end_run(error)

    def _end_run(self, error: OSError) -> NoReturn:
        """End the run with the status `DISK_FULL`, because the record cannot be written; it is then incomplete."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        pytest.exit(f"the record of the run cannot be written: {(error.strerror or 'error').lower()}", DISK_FULL)


def manifest(specification: Specification, code: CodeRecord, driver: DriverRecord | None = None) -> Manifest:
    """Return the first line of the record: what the run is going to do, with which code, and with which other system if there is one."""
    return Manifest(
        version=VERSION,
        state="running",
        reading=str(Reading.AS_PRACTISED),
        features=specification.hashes,
        rulebook=NamedHash(specification.rulebook.name, specification.rulebook.sha256),
        code=code,
        selection=specification.selection.recorded(),
        written=specification.lint.written,
        expected=specification.expected,
        binding_findings=specification.binding_findings,
        driver=driver,
        **structs.asdict(specification.surroundings),
    )


def preamble(specification: Specification) -> Iterator[Line]:
    """Yield the lines of the rulebook and of every feature file, which come before the first example."""
    yield msgspec.convert(specification.rulebook.to_plain(), RulebookRecord)
    for source in sorted(specification.lint.sources, key=lambda source: source.path):
        findings = specification.findings.get(source.path, ())
        document = None if source.document is None else source.document.recorded
        yield FeatureRecord(source.path, source.sha256, source.text, document, list(findings))


def scenario_record(example: Example, result: ExampleResult | None) -> ScenarioRecord:
    """Return the line of one example; without a result it has not run."""
    missing = StepOutcome(NOT_RUN if result is None else SKIPPED, None, [])
    outcomes = result.steps if result and result.steps else [missing] * len(example.steps)
    steps = [
        StepRecord(
            step.line, step.keyword, step.text, step.kind, step.columns, step.table, step.docstring,
            outcome.status, outcome.error, outcome.claims,
        )
        for step, outcome in zip(example.steps, outcomes, strict=True)
    ]  # fmt: skip
    if result is not None and result.message and steps:
        steps[-1] = msgspec.structs.replace(steps[-1], status=BROKEN, error=StepError(result.message))
    return ScenarioRecord(
        example.id, example.path, example.rule, example.name, example.outline, example.line, example.row, example.tags,
        _status_without_result(example) if result is None else result.status, steps, [] if result is None else result.claims,
    )  # fmt: skip


def _status_without_result(example: Example) -> str:
    book = load_rulebook()
    return NOT_RUN if applies(example.tags, book.name, book.follows) else OTHER_VERSION


def _crashed(report: pytest.TestReport) -> ExampleResult:
    """Return the result of an example without a result of its own, because its process ended or setup or teardown failed."""
    if report.when == CRASHED_PHASE:
        message = "the worker process ended while it ran this example"
    else:
        message = f"{report.when}: {redact(report.longreprtext)}"
    return ExampleResult(BROKEN, None, [], message)
