"""Runs feature files in this process: the record that a run would write, in a tenth of the time. For tests that are not about the process."""

from pathlib import Path

from sop_engine import Reading
from sop_runs.record.reader import COMPLETE, RunRecord
from sop_runs.record.schema import Closing, Counts, FeatureRecord, RulebookRecord
from sop_runs.record.status import PASSED
from steps.definitions.discovery import BindingModules
from steps.language.document import find_features
from steps.run.executor import execute
from steps.run.recorder import manifest, preamble, scenario
from steps.run.specification import Specification

FIXTURES: dict[str, object] = {"reading": Reading.AS_PRACTISED}
"""What pytest would give to a binding that no step has given a value."""


def record_of(folder: Path, bindings: BindingModules | None = None) -> RunRecord:
    """The record of a run of every feature file in *folder*."""
    specification = Specification.load(find_features([folder]), folder, bindings)
    due = {(instance.path, instance.id) for instances in specification.runnable.values() for instance in instances}
    results = [
        execute(instance, specification.registry, FIXTURES.__getitem__).recorded() if (instance.path, instance.id) in due else None
        for instance in specification.examples
    ]
    scenarios = [scenario(instance, result) for instance, result in zip(specification.examples, results, strict=True)]
    lines = list(preamble(specification))
    passed = sum(result is not None and result.status == PASSED for result in results)
    counts = Counts(specification.lint.written, specification.expected, len(due), passed, len(due) - passed)
    return RunRecord(
        manifest(specification),
        next(line for line in lines if isinstance(line, RulebookRecord)),
        [line for line in lines if isinstance(line, FeatureRecord)],
        scenarios,
        Closing(COMPLETE, counts, len(specification.lint.findings) + len(specification.binding_findings)),
    )
