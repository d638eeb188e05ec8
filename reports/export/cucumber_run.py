"""A run as every export needs it: each feature with its tree, and each example with its pickle and its result.

Made once; Messages and Cucumber JSON are two ways to write it down.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from reports.export.case_names import FINDINGS, CaseNames, case_names
from reports.export.gherkin_tree import Ids, Node, Written, examples_of, tree_of
from reports.export.outcomes import CucumberResult, outcomes_of, outcomes_without_run
from reports.export.pickles import pickle_of
from reports.export.step_definitions import Matcher, Sentence
from sop_runs.errors import RunRecordError
from sop_runs.record.durations import Durations
from sop_runs.record.reader import RUN_AGAIN, RunRecord
from sop_runs.record.schema import FeatureRecord, ScenarioRecord
from sop_runs.record.status import NOT_SUPPORTED, ran
from sop_runs.record.verdict import Verdict, judge


@dataclass(frozen=True, slots=True)
class CucumberExample:
    """An example as written, as a pickle, and with outcome and step sentences of each step; without outcomes if it was not selected.

    *name* is that of its test case; *durations* has the nanoseconds of each step, None where none was measured.
    """

    written: Written
    pickle: Node
    scenario: ScenarioRecord | None
    outcomes: tuple[CucumberResult, ...] | None
    matches: tuple[Node, ...] = ()
    name: str = ""
    durations: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class CucumberFeature:
    """A feature file, its tree (None where it cannot be parsed), its examples, and the name of the case for its findings."""

    feature: FeatureRecord
    uri: str
    tree: Node | None
    examples: tuple[CucumberExample, ...]
    findings_name: str


@dataclass(frozen=True, slots=True)
class CucumberRun:
    """A run: its features in order, the step definitions, and the verdict on it."""

    features: tuple[CucumberFeature, ...]
    definitions: tuple[Node, ...]
    verdict: Verdict
    ids: Ids


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the examples are made of besides their feature."""

    matcher: Matcher
    names: CaseNames
    durations: Durations


def cucumber_run(
    record: RunRecord,
    sentences: Sequence[Sentence] = (),
    *,
    root: str = "features",
    verdict: Verdict | None = None,
    durations: Durations | None = None,
) -> CucumberRun:
    """Convert *record* to a Cucumber run.

    Args:
        record: the run record.
        sentences: the step sentences, see `reports.export.step_definitions`.
        root: the folder of the features, as the export names it.
        verdict: the verdict on the run; the record alone is judged if not given.
        durations: the durations of the steps, if the run has them.

    Raises:
        RunRecordError: the record contradicts itself.
    """
    ids = Ids()
    sources = _Sources(Matcher(sentences, ids), case_names(record), durations or {})
    definitions = tuple(sources.matcher.definitions())
    by_path: dict[str, dict[tuple[int, int | None], ScenarioRecord]] = {}
    for scenario in record.scenarios:
        by_path.setdefault(scenario.feature, {})[scenario.line, scenario.row] = scenario
    features = tuple(
        _cucumber_feature(feature, PurePosixPath(root, feature.path).as_posix(), by_path.get(feature.path, {}), sources)
        for feature in record.features
    )
    return CucumberRun(features, definitions, verdict or judge(record), ids)


def _cucumber_feature(
    feature: FeatureRecord, uri: str, scenarios: dict[tuple[int, int | None], ScenarioRecord], sources: _Sources
) -> CucumberFeature:
    tree, name = tree_of(feature, sources.matcher.ids), sources.names[feature.path, FINDINGS]
    if tree is None:
        return CucumberFeature(feature, uri, None, (), name)
    examples = tuple(_cucumber_examples(feature, {**tree, "uri": uri}, dict(scenarios), sources))
    return CucumberFeature(feature, uri, {**tree, "uri": uri}, examples, name)


def _cucumber_examples(
    feature: FeatureRecord, tree: Node, scenarios: dict[tuple[int, int | None], ScenarioRecord], sources: _Sources
) -> Iterator[CucumberExample]:
    for written in examples_of(tree):
        pickle = pickle_of(written, tree["uri"], tree["feature"]["language"], sources.matcher.ids)
        scenario = scenarios.pop(written.place, None)
        if scenario is not None and [step.text for step in scenario.steps] != [step["text"] for step in pickle["steps"]]:
            raise RunRecordError(f"{feature.path}:{scenario.line}", "the recorded steps differ from the scenario as written", RUN_AGAIN)
        yield _cucumber_example(feature, written, pickle, scenario, sources)
    for line, _ in scenarios:
        raise RunRecordError(f"{feature.path}:{line}", "the record has a scenario that is not in the feature file", RUN_AGAIN)


def _was_tried(scenario: ScenarioRecord) -> bool:
    return ran(scenario) or scenario.status == NOT_SUPPORTED


def _cucumber_example(
    feature: FeatureRecord, written: Written, pickle: Node, scenario: ScenarioRecord | None, sources: _Sources
) -> CucumberExample:
    is_exported = scenario is not None and pickle["steps"] and (_was_tried(scenario) or feature.findings)
    if scenario is None or not is_exported:  # without a step it would count as passed
        return CucumberExample(written, pickle, scenario, None)
    matcher, kinds = sources.matcher, (step.kind for step in scenario.steps)
    matches = tuple(
        matcher.match(kind, step["text"]) if matcher.sentences else {} for kind, step in zip(kinds, pickle["steps"], strict=True)
    )
    name, nanoseconds = sources.names[scenario.key], sources.durations.get(scenario.key) or [None] * len(scenario.steps)
    if _was_tried(scenario):
        return CucumberExample(written, pickle, scenario, outcomes_of(scenario), matches, name, tuple(nanoseconds))
    counts = [len(match["stepDefinitionIds"]) if match else None for match in matches]
    outcomes = outcomes_without_run(feature, [step.line for step in scenario.steps], counts)
    return CucumberExample(written, pickle, scenario, outcomes, matches, name, tuple(nanoseconds))
