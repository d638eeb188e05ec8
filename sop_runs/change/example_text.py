"""Texts of examples and descriptions, with the digests by which they are compared and approved."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import FeatureDocument, ScenarioRecord, StepRecord, WrittenRule

ExampleKey = tuple[str, str]
"""An example: its feature's path and its id."""


class StepText(Struct, frozen=True, array_like=True):
    """A step as it runs: kind, text, table, doc string."""

    kind: str
    text: str
    table: tuple[tuple[str, ...], ...] | None
    docstring: str | None


class ExampleText(Struct, frozen=True):
    """An example as text; `says` is the digest of `tags` and `steps`; `steps` is None if only the digest was saved.

    `rule` and `outline` are the names of the Rule and the outline around it: empty if there is none, None if they were not saved.
    """

    feature: str
    id: str
    name: str
    says: str
    tags: tuple[str, ...] = ()
    steps: tuple[StepText, ...] | None = None
    rule: str | None = None
    outline: str | None = None

    @property
    def key(self) -> ExampleKey:
        """Return feature and id."""
        return self.feature, self.id

    @property
    def lines(self) -> list[str] | None:
        """Return the example in Gherkin; None if its steps were not saved."""
        return None if self.steps is None else [*([" ".join(self.tags)] if self.tags else []), *_step_lines(self.steps)]


class DescriptionText(Struct, frozen=True):
    """The description of a feature, Rule, scenario or outline: `owner` is its keyword, `name` its name, `rule` the name of the Rule around it."""

    feature: str
    owner: str
    name: str
    text: str
    rule: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what is described; a feature is identified by its file alone."""
        return self.feature, self.owner, self.rule, "" if self.owner == "Feature" else self.name


def example_of(scenario: ScenarioRecord) -> ExampleText:
    """Return the text of an example that ran."""
    steps = map(step_text, scenario.steps)
    return example_text(scenario.feature, scenario.id, scenario.name, scenario.tags, steps, scenario.rule or "", scenario.outline or "")


def example_text(  # noqa: PLR0913 (the parts of an example)
    feature: str, identifier: str, name: str, tags: Iterable[str], steps: Iterable[StepText], rule: str = "", outline: str = ""
) -> ExampleText:
    """Return an example with the digest of its steps and tags; its name is not part of the digest."""
    tags, steps = tuple(tags), tuple(steps)
    content = json.dumps([sorted(tags), [[step.kind, step.text, step.table, step.docstring] for step in steps]], ensure_ascii=False)
    return ExampleText(feature, identifier, name, sha256(content.encode()).hexdigest()[:16], tags, steps, rule, outline)


def step_text(step: StepRecord) -> StepText:
    """Return a step without its result."""
    return StepText(step.kind, step.text, step.table, step.docstring)


def examples_of(record: RunRecord) -> dict[ExampleKey, ExampleText]:
    """Return the examples of a run, in the order of the record."""
    return {scenario.key: example_of(scenario) for scenario in record.scenarios}


def descriptions_of(documents: Mapping[str, FeatureDocument]) -> dict[tuple[str, str, str, str], tuple[DescriptionText, int]]:
    """Return every description in *documents* (by path), with the line of what it describes."""
    descriptions = {}
    for path, document in documents.items():
        for text, line in _descriptions(path, document):
            if text.text or text.owner == "Feature":
                descriptions[text.key] = text, line
    return descriptions


def documents_of(record: RunRecord) -> dict[str, FeatureDocument]:
    """Return the parsed feature files of a run by path."""
    return {feature.path: feature.document for feature in record.features if feature.document is not None}


def _descriptions(path: str, document: FeatureDocument) -> Iterator[tuple[DescriptionText, int]]:
    yield DescriptionText(path, "Feature", document.name, document.description), document.line
    for child in document.children:
        if isinstance(child, WrittenRule):
            yield DescriptionText(path, "Rule", child.name, child.description), child.line
            for scenario in child.children:
                yield DescriptionText(path, "Scenario", scenario.name, scenario.description, child.name), scenario.line
        else:
            yield DescriptionText(path, "Scenario", child.name, child.description), child.line


def _step_lines(steps: Iterable[StepText]) -> Iterator[str]:
    before = ""
    for step in steps:
        yield f"{'And' if step.kind == before else step.kind.capitalize()} {step.text}"
        yield from (f"  | {' | '.join(row)} |" for row in step.table or ())
        yield from (f"  {line}" for line in (step.docstring or "").splitlines())
        before = step.kind
