"""Computes the verdict on a run from its record and the feature files as they are now.

The line counter counts the examples of the files again; it is independent of the parser with which they ran. A record of another run,
perhaps of another machine, is also compared with the feature files, line by line, with the answers of the engine, and with the results of
the step definitions of this program.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import fields, replace

from sop_engine import Invoicing, load_rulebook
from sop_runs.claim_messages import subject_in_words
from sop_runs.engine_answers import other_answers
from sop_runs.mutation_score import AS_FOR
from sop_runs.record.reader import RECORD, RunRecord, encode, read
from sop_runs.record.schema import Claim, CodeRecord, FeatureRecord, RulebookRecord, ScenarioRecord
from sop_runs.record.status import KNOWN_FAILURE, NOT_RUN, ran
from sop_runs.record.verdict import PresentFiles, Reason, ReasonKind, Verdict, judge
from steps.definitions.discovery import built_in_modules, load
from steps.driver.in_process import EngineDriver
from steps.language.document import FeatureSource, source_of
from steps.language.examples import Example, StepLine
from steps.language.line_counter import count_examples
from steps.language.source import decode
from steps.run.time_limit import LIMIT_S, Limit

if TYPE_CHECKING:
    from steps.definitions.registry import Registry

Fixture = Callable[[str], object]

AGAIN_S = LIMIT_S
"""Time limit of an example whose results are computed again, in seconds."""
_UNITS = 1000
"""Units of a new order that stands for the order of a user's step."""
_FIRST_FEATURE = 3
"""The number of the line of the first feature, after manifest and rulebook."""


def present_files(contents: Mapping[str, bytes], rulebook: str, code: CodeRecord | None = None) -> PresentFiles:
    """Return hashes and number of examples of the feature files in *contents* (path to bytes), with *rulebook* (sha256) and *code*."""
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return PresentFiles(hashes, sum(count_examples(decode(data, path)[0]) for path, data in contents.items()), rulebook, code)


def judge_run(file: Path, contents: Mapping[str, bytes], rulebook: str, code: CodeRecord | None = None) -> Verdict:
    """Compute the verdict on the record in *file*.

    Args:
        file: the run record.
        contents: path to bytes of every feature file of the run's specification, read after the run.
        rulebook: sha256 of the rulebook as it is now.
        code: the code as it is now; None accepts any.
    """
    return judge(read(file), present_files(contents, rulebook, code))


def compared(verdict: Verdict, record: RunRecord, contents: Mapping[str, bytes] | None = None) -> Verdict:
    """Return *verdict*, if it is good, with the first difference of *record* from what this program writes for the feature files.

    *contents* are the feature files, path to bytes; without them, their texts in the record are used. The answers of another system are
    not compared with the engine's.
    """
    if not verdict.good:
        return verdict
    files = contents or {feature.path: feature.text.encode() for feature in record.features}
    differences = _differences_from_files(record, files)
    if record.head.driver is None:
        differences = chain(differences, other_answers(record), _other_results(record, files))
    reasons = next(differences, None)
    return verdict.with_reasons(reasons) if reasons else verdict


def _differences_from_files(record: RunRecord, contents: Mapping[str, bytes]) -> Iterator[Reason]:
    """Yield where *record* has something that its writer does not write for these feature files, whatever the results are."""
    from steps.run.recorder import scenario_record  # noqa: PLC0415 - it imports pytest, which a command that starts a run does not need

    if record.unread:
        yield _difference(record.unread, "it has a key that this program does not write")
    if record.rulebook is not None and record.rulebook.sha256 == load_rulebook().sha256:
        rulebook = msgspec.convert(load_rulebook().to_plain(), RulebookRecord)
        for detail in _other_fields("the rulebook", record.rulebook, rulebook):
            yield _difference(f"{RECORD}:2", detail)
    sources = _sources(contents)
    features = [_feature_record(source) for source in sources]
    scenarios = [_without_results(scenario_record(example, None)) for example in _examples(sources)]
    yield from _different_lines(_FIRST_FEATURE, [replace(line, sha256="", findings=[]) for line in record.features], features)
    yield from _different_lines(_FIRST_FEATURE + len(record.features), map(_without_results, record.scenarios), scenarios)


def _sources(contents: Mapping[str, bytes]) -> list[FeatureSource]:
    return [source_of(contents[path], path)[0] for path in sorted(contents)]


def _examples(sources: Iterable[FeatureSource]) -> list[Example]:
    return [example for source in sources if source.document for example in source.document.examples]


def _other_results(record: RunRecord, contents: Mapping[str, bytes]) -> Iterator[Reason]:
    """Yield where an example of *record* has other results than its steps give again; none for a record of another rulebook.

    *record* has the examples of *contents*. The steps of a user are not run, because their step definitions may have effects; of an example
    that has one, only what the sentences of this program state is compared.
    """
    from steps.definitions.own_fixtures import default_value  # noqa: PLC0415 - as above
    from steps.definitions.registry import Registry  # noqa: PLC0415 - as above
    from steps.run.executor import execute  # noqa: PLC0415 - as above
    from steps.run.recorder import scenario_record  # noqa: PLC0415 - as above

    if record.head.rulebook.sha256 != load_rulebook().sha256:
        return
    modules = [load(name) for name in built_in_modules()]
    registry, limit = Registry.from_modules(modules), Limit(AGAIN_S, waits=True)
    for example, scenario in zip(_examples(_sources(contents)), record.scenarios, strict=False):
        if not ran(scenario):
            continue
        if not all(_is_built_in(step, registry) for step in example.steps):
            for detail in _other_statements(example, scenario, registry, partial(default_value, modules)):
                yield Reason(ReasonKind.OTHER_RESULT, path=f"{scenario.feature}:{scenario.place}", detail=detail)
        else:
            result = execute(example, registry, partial(default_value, modules), limit=limit)
            if limit.is_exceeded:
                detail = f"{scenario.feature}:{scenario.place}: its results cannot be computed again in {limit.seconds:g} s; make it faster"
                yield Reason(ReasonKind.OUT_OF_TIME, detail=detail)
            for detail in _other_result(scenario, scenario_record(example, result.recorded())):
                yield Reason(ReasonKind.OTHER_RESULT, path=f"{scenario.feature}:{scenario.place}", detail=detail)


def _is_built_in(step: StepLine, registry: "Registry") -> bool:
    return len(registry.match(step.kind, step.text)) == 1


def _other_statements(example: Example, recorded: ScenarioRecord, registry: "Registry", fixture: Fixture) -> Iterator[str]:
    """Yield each claim of a Then of this program that expects another value than the text and table of the step state.

    The step runs behind as many of the other steps of this program as can run, about a new order if only a step of a user gives one: what
    it expects does not depend on the order.
    """
    for number, (step, step_record) in enumerate(zip(example.steps, recorded.steps, strict=True)):
        if step.kind != "then" or not step_record.claims or not _is_built_in(step, registry):
            continue
        before = [other for other in example.steps[:number] if other.kind != "then" and _is_built_in(other, registry)]
        trials = (_stated_values(example, (*before[first:], step), registry, fixture) for first in range(len(before) + 1))
        stated = next(filter(None, trials), {})
        for claim in (recorded.claims[index] for index in step_record.claims):
            values = stated.get(claim.facet, [])
            name = f"the claim of the {claim.facet} of {subject_in_words(claim.subject)}"
            expected = encode(claim.expected).decode()
            if values and AS_FOR not in claim.facet and expected not in values:
                yield f"{name} expects {expected}, by its step it expects {' or '.join(values)}"
            elif stated and not values and claim.subject.get("kind") == "order":
                yield f"{name} is none of its step, which claims the {' and the '.join(stated)}"


def _stated_values(example: Example, steps: tuple[StepLine, ...], registry: "Registry", fixture: Fixture) -> dict[str, list[str]]:
    """Return what the last of *steps* expects, as JSON, by facet; nothing if it cannot run behind the others."""
    from steps.run.executor import execute  # noqa: PLC0415 - as above

    limit = Limit(AGAIN_S, waits=True)
    result = execute(replace(example, steps=steps, tags=(KNOWN_FAILURE,)), registry, partial(_new_value, fixture), limit=limit)
    values: dict[str, list[str]] = {}
    for index in result.steps[-1].claims:
        claim = result.seal.entries[index]
        values.setdefault(claim.facet, []).append(encode(claim.expected).decode())
    return values


def _new_value(fixture: Fixture, name: str) -> object:
    """Return the default value of a fixture; a new order for one that only a step of a user gives."""
    return EngineDriver().new_order("A1", Invoicing.ERP, _UNITS) if name == "order" else fixture(name)


def _other_result(recorded: ScenarioRecord, expected: ScenarioRecord) -> Iterator[str]:
    """Yield the results of an example that are other than *expected*."""
    for claim, expected_claim in zip_longest(recorded.claims, expected.claims):
        if claim is None:
            yield f"the record has no claim of the {expected_claim.facet} of {subject_in_words(expected_claim.subject)}"
        elif expected_claim is None:
            yield f"no step claims the {claim.facet} of {subject_in_words(claim.subject)}"
        elif encode(claim) != encode(expected_claim):
            name = f"the claim of the {expected_claim.facet} of {subject_in_words(expected_claim.subject)}"
            yield from _other_fields(name, claim, expected_claim, "its step")
    yield from _other_fields("the example", recorded, expected, "its steps")


def _difference(place: str, detail: str) -> Reason:
    return Reason(ReasonKind.OTHER_LINE, path=place, detail=detail)


def _feature_record(source: FeatureSource) -> FeatureRecord:
    """Return the line of a feature file without its hash, which is of its bytes, and without findings."""
    return FeatureRecord(source.path, "", source.text, source.document.recorded if source.document else None, [])


def _without_results(scenario: ScenarioRecord) -> ScenarioRecord:
    steps = [replace(step, status=NOT_RUN, error=None, claims=[]) for step in scenario.steps]
    return replace(scenario, status=NOT_RUN, steps=steps, claims=[])


def _different_lines(
    first: int, recorded: Iterable[FeatureRecord] | Iterable[ScenarioRecord], written: Iterable[FeatureRecord] | Iterable[ScenarioRecord]
) -> Iterator[Reason]:
    """Yield the lines of the record, numbered from *first*, that differ from those *written* for the feature files."""
    for number, (line, expected) in enumerate(zip(recorded, written, strict=False), first):
        for detail in _other_fields("the feature" if isinstance(line, FeatureRecord) else "the example", line, expected):
            yield _difference(f"{RECORD}:{number}", detail)


def _other_fields(name: str, recorded: msgspec.Struct, expected: msgspec.Struct, source: str = "the feature file") -> Iterator[str]:
    """Yield the fields of *recorded*, named with *name*, that are other than *expected* of *source*; steps are compared one by one."""
    for field in fields(type(expected)):
        value, expected_value = getattr(recorded, field.name), getattr(expected, field.name)
        if encode(value) == encode(expected_value):
            continue
        if field.name == "steps" and len(value) == len(expected_value):
            for number, (step, expected_step) in enumerate(zip(value, expected_value, strict=True), 1):
                yield from _other_fields(f"step {number}", step, expected_step, source)
        elif isinstance(expected_value, str | int | None) or isinstance(recorded, Claim):
            yield f"the field {field.name} of {name} is {encode(value).decode()}, by {source} it is {encode(expected_value).decode()}"
        else:
            yield f"the field {field.name} of {name} is other than by {source}"
