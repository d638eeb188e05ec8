"""A snapshot: one side of a comparison, made from a run, a baseline, a table, a rulebook or a git revision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sop_engine.decision_table import Behaviour
from sop_runs.change.answers import current_decision_table
from sop_runs.change.baseline import Baseline
from sop_runs.change.example_text import (
    DescriptionKey,
    DescriptionText,
    ExampleKey,
    ExampleText,
    descriptions_of,
    documents_of,
    examples_of,
)
from sop_runs.record.reader import COMPLETE, RunRecord
from sop_runs.record.schema import FeatureDocument, RulebookRecord
from sop_runs.record.status import as_expected, ran


@dataclass(frozen=True, slots=True)
class Coverage:
    """The feature files whose examples are all known: ``only`` these (None: all files), without the ``torn`` ones."""

    only: frozenset[str] | None = None
    incomplete: frozenset[str] = frozenset()

    def __contains__(self, path: str) -> bool:
        return path not in self.incomplete and (self.only is None or path in self.only)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One side of a comparison; parts that it does not have are None or absent.

    Attributes:
        name: its name in a sentence: ``the approved baseline``, ``the run 20261123T…``.
        behaviour: every answer of its rulebook.
        sentences: its headings, clauses and gaps.
        examples: the text of every example, by feature and id.
        descriptions: every description that is not empty.
        documents: its feature files, parsed, with line numbers.
        lines: the line of each example: its Examples row, or its scenario.
        failed: whether it failed, for each example that ran.
        coverage: the files whose examples are all known.
        record: the run, if it is one, with the answers in its claims.
    """

    name: str
    behaviour: Behaviour | None = None
    sentences: RulebookRecord | None = None
    examples: Mapping[ExampleKey, ExampleText] | None = None
    descriptions: Mapping[DescriptionKey, DescriptionText] | None = None
    documents: Mapping[str, FeatureDocument] = field(default_factory=dict)
    lines: Mapping[ExampleKey, int] = field(default_factory=dict)
    failed: Mapping[ExampleKey, bool] = field(default_factory=dict)
    coverage: Coverage = Coverage()
    record: RunRecord | None = None


def snapshot_of_run(record: RunRecord, name: str = "this run", *, with_table: bool = False) -> Snapshot:
    """Return the snapshot of a run; *with_table* adds every answer of its rulebook if that is the current one."""
    documents = documents_of(record)
    return Snapshot(
        name,
        current_decision_table(record) if with_table else None,
        record.rulebook,
        examples_of(record),
        descriptions_of(documents),
        documents,
        {scenario.key: scenario.place for scenario in record.scenarios},
        {scenario.key: not as_expected(scenario) for scenario in record.scenarios if ran(scenario)},
        _coverage_of_run(record),
        record,
    )


def snapshot_of_baseline(baseline: Baseline, name: str = "the approved baseline") -> Snapshot:
    """Return the snapshot of a baseline; none of its examples failed, as only a run without failures can be approved."""
    failed = dict.fromkeys(baseline.examples, False)
    return Snapshot(name, baseline.behaviour, baseline.sentences, baseline.examples, baseline.descriptions, failed=failed)


def _coverage_of_run(record: RunRecord) -> Coverage:
    """Return the coverage of a run; a file that cannot be parsed, or was not reached, is torn."""
    files = [feature.path for feature in record.features]
    incomplete = {feature.path for feature in record.features if feature.document is None}
    if record.state != COMPLETE:
        reached = [scenario.feature for scenario in record.scenarios]
        incomplete |= set(files) - set(reached[:-1]) | set(reached[-1:])
    return Coverage(None if record.head.selection is None else frozenset(files), frozenset(incomplete))
