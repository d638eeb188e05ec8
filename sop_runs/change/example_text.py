"""Texts of examples and descriptions, with the digests by which they are compared and approved."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain

from msgspec import Struct, structs

from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import Background, ExamplesTable, FeatureDocument, ScenarioRecord, StepRecord, WrittenRule, WrittenScenario
from sop_runs.record.status import OTHER_VERSION
from sop_runs.record.version_tags import applies, is_version_tag

ExampleKey = tuple[str, str]
"""An example: its feature's path and its id."""
DescriptionKey = tuple[str, str, str, str]
"""Something described: its feature's path, its keyword, the Rule around it, and its name (that of the scenario for Examples)."""


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
    def digest(self) -> str:
        """Return the digest of the tags and steps; the name is not part of it."""
        steps = [[step.kind, step.text, step.table, step.docstring] for step in self.steps or ()]
        return sha256(json.dumps([sorted(self.tags), steps], ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[str] | None:
        """Return the example in Gherkin; None if its steps were not saved."""
        return None if self.steps is None else [*([" ".join(self.tags)] if self.tags else []), *_step_lines(self.steps)]


class DescriptionText(Struct, frozen=True):
    """The description of a feature, Rule, Background, scenario, outline or Examples table.

    `owner` is its keyword, `name` its name, `rule` the name of the Rule around it. An Examples table has its scenario's name, a number
    if it is not the first one, and its own name as first line of `text`; a Background has its own name there too.
    """

    feature: str
    owner: str
    name: str
    text: str
    rule: str = ""

    @property
    def key(self) -> DescriptionKey:
        """Return what is described; a feature is identified by its file alone."""
        return self.feature, self.owner, self.rule, "" if self.owner == "Feature" else self.name


def example_of(scenario: ScenarioRecord) -> ExampleText:
    """Return the text of an example that ran."""
    steps = map(step_text, scenario.steps)
    return example_text(scenario.feature, scenario.id, scenario.name, scenario.tags, steps, scenario.rule or "", scenario.outline or "")


def example_text(  # noqa: PLR0913 (the parts of an example)
    feature: str, identifier: str, name: str, tags: Iterable[str], steps: Iterable[StepText], rule: str = "", outline: str = ""
) -> ExampleText:
    """Return an example with the digest of its steps and tags; those with versions say where it stands, and are not compared."""
    text = ExampleText(feature, identifier, name, "", tuple(tag for tag in tags if not is_version_tag(tag)), tuple(steps), rule, outline)
    return structs.replace(text, says=text.digest)


def step_text(step: StepRecord) -> StepText:
    """Return a step without its result."""
    return StepText(step.kind, step.text, step.table, step.docstring)


def examples_of(record: RunRecord) -> dict[ExampleKey, ExampleText]:
    """Return the examples of a run that belong to its version, in the order of the record."""
    return {scenario.key: example_of(scenario) for scenario in record.scenarios if scenario.status != OTHER_VERSION}


def descriptions_of(documents: Mapping[str, FeatureDocument]) -> dict[DescriptionKey, DescriptionText]:
    """Return every description in *documents* (by path), and every feature and Examples table, also without a description."""
    texts = (text for path, document in documents.items() for text, _ in described(path, document))
    return {text.key: text for text in texts if text.text or text.owner == "Feature" or text.owner.startswith("Examples")}


def documents_of(record: RunRecord) -> dict[str, FeatureDocument]:
    """Return the parsed feature files of a run by path, without the parts of other versions."""
    documents = {feature.path: feature.document for feature in record.features if feature.document is not None}
    book = record.rulebook
    return documents if book is None else documents_of_version(documents, book.name, book.follows or ())


def documents_of_version(documents: Mapping[str, FeatureDocument], version: str, follows: Sequence[str]) -> dict[str, FeatureDocument]:
    """Return *documents* without the features, Rules, scenarios and Examples tables that do not belong to *version*."""

    def has(*tags: Sequence[str]) -> bool:
        return applies(chain(*tags), version, follows)

    def scenario(block: WrittenScenario, above: Sequence[str]) -> WrittenScenario:
        return structs.replace(block, examples=[table for table in block.examples if has(above, block.tags, table.tags)])

    def rule(block: WrittenRule, above: Sequence[str]) -> WrittenRule:
        tags = (*above, *block.tags)
        return structs.replace(block, children=[scenario(child, tags) for child in block.children if has(tags, child.tags)])

    def feature(document: FeatureDocument) -> FeatureDocument:
        blocks = (block for block in document.children if has(document.tags, block.tags))
        children = [rule(block, document.tags) if isinstance(block, WrittenRule) else scenario(block, document.tags) for block in blocks]
        return structs.replace(document, children=children)

    return {path: feature(document) for path, document in documents.items() if has(document.tags)}


def described(path: str, document: FeatureDocument) -> Iterator[tuple[DescriptionText, int]]:
    """Yield everything in a document that may have a description, with its line."""
    yield DescriptionText(path, "Feature", document.name, document.description), document.line
    yield from _described_background(path, document.background, "")
    for child in document.children:
        if isinstance(child, WrittenRule):
            yield DescriptionText(path, "Rule", child.name, child.description), child.line
            yield from _described_background(path, child.background, child.name)
            for scenario in child.children:
                yield from _described_scenario(path, scenario, child.name)
        else:
            yield from _described_scenario(path, child, "")


def _described_background(path: str, background: Background | None, rule: str) -> Iterator[tuple[DescriptionText, int]]:
    if background is not None:
        yield DescriptionText(path, "Background", "", _name_and_description(background), rule), background.line


def _described_scenario(path: str, scenario: WrittenScenario, rule: str) -> Iterator[tuple[DescriptionText, int]]:
    yield DescriptionText(path, "Scenario", scenario.name, scenario.description, rule), scenario.line
    for number, table in enumerate(scenario.examples, 1):
        owner = "Examples" if number == 1 else f"Examples {number}"
        yield DescriptionText(path, owner, scenario.name, _name_and_description(table), rule), table.line


def _name_and_description(block: Background | ExamplesTable) -> str:
    return "\n".join(filter(None, (block.name, block.description)))


def _step_lines(steps: Iterable[StepText]) -> Iterator[str]:
    before = ""
    for step in steps:
        yield f"{'And' if step.kind == before else step.kind.capitalize()} {step.text}"
        yield from (f"  | {' | '.join(row)} |" for row in step.table or ())
        yield from (f"  {line}" for line in (step.docstring or "").splitlines())
        before = step.kind
