"""Runs feature files in this process: the record that a run would write, in a tenth of the time. For tests that are not about the process."""

import gc
import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from sop_engine import Reading
from sop_runs.record.reader import COMPLETE, RECORD, RecordTail, RunRecord
from sop_runs.record.schema import Closing, Counts, FeatureRecord, RulebookRecord
from sop_runs.record.status import PASSED
from steps.definitions.discovery import BindingModules
from steps.definitions.source_digest import code_of
from steps.language.document import find_features
from steps.run import process, worker
from steps.run.executor import execute
from steps.run.recorder import manifest, preamble, scenario_record
from steps.run.specification import Specification

FIXTURES: dict[str, object] = {"reading": Reading.AS_PRACTISED}
"""What pytest would give to a binding that no step has given a value."""


def record_of(folder: Path, bindings: BindingModules | None = None) -> RunRecord:
    """Run every feature file in *folder*; return the record."""
    specification = Specification.load(find_features([folder]), folder, bindings)
    due = {(instance.path, instance.id) for instances in specification.runnable.values() for instance in instances}
    results = [
        execute(instance, specification.registry, FIXTURES.__getitem__).recorded() if (instance.path, instance.id) in due else None
        for instance in specification.examples
    ]
    scenarios = [scenario_record(instance, result) for instance, result in zip(specification.examples, results, strict=True)]
    lines = list(preamble(specification))
    passed = sum(result is not None and result.status == PASSED for result in results)
    counts = Counts(specification.lint.written, specification.expected, len(due), passed, len(due) - passed)
    return RunRecord(
        manifest(specification, code_of(bindings or BindingModules())),
        next(line for line in lines if isinstance(line, RulebookRecord)),
        [line for line in lines if isinstance(line, FeatureRecord)],
        scenarios,
        Closing(
            COMPLETE, counts, len(specification.lint.findings) + len(specification.binding_findings)
        ),  # no file findings: loaded from a list of files
    )


@contextmanager
def child_replaced() -> Iterator[None]:
    """Let `steps.run.runner` run its child's code in this process; a run with workers still starts processes."""
    with mock.patch("steps.run.runner.execute_plan", _execute_plan):
        yield


def _execute_plan(folder: Path, workers: int, progress: process.Progress | None) -> tuple[int, bool]:
    """Execute a plan like `steps.run.process.execute_plan`."""
    if workers:
        return process.execute_plan(folder, workers, progress)
    with (
        (folder / "output.txt").open("w", encoding="utf-8", errors="backslashreplace") as output,
        put_back(),
        redirect_stdout(output),
        redirect_stderr(output),
        mock.patch.dict(os.environ, process._environment(), clear=True),
    ):
        status = worker.main(folder / "plan.json", workers)
    if progress is not None:
        progress(*RecordTail(folder / RECORD).counts())
    return status, False


@contextmanager
def put_back() -> Iterator[None]:
    """Put back what a pytest inside this one changes in the process: folder, environment, signals, warnings, garbage collector."""
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    thresholds, place = gc.get_threshold(), Path.cwd()
    try:
        with mock.patch.dict(os.environ), warnings.catch_warnings():
            warnings.simplefilter("default")
            yield
    finally:
        os.chdir(place)
        for number, handler in signals.items():
            signal.signal(number, handler)
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        gc.enable()
