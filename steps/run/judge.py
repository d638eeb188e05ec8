"""Computes the verdict on a run from its record and the feature files as they are now.

The line counter counts the examples of the files again; it is independent of the parser with which they ran. A record of another run,
perhaps of another machine, is also compared with the feature files, line by line, and with the answers of the engine.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import fields, replace

from sop_engine import load_rulebook
from sop_runs.engine_answers import other_answers
from sop_runs.record.reader import RECORD, RunRecord, encode, read
from sop_runs.record.schema import CodeRecord, FeatureRecord, RulebookRecord, ScenarioRecord
from sop_runs.record.status import NOT_RUN
from sop_runs.record.verdict import PresentFiles, Reason, ReasonKind, Verdict, judge
from steps.language.document import FeatureSource, source_of
from steps.language.line_counter import count_examples
from steps.language.source import decode

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
    """Return *verdict*, if it is good, with the first difference of *record* from the feature files and from the engine.

    *contents* are the feature files, path to bytes; without them, their texts in the record are used.
    """
    if not verdict.good:
        return verdict
    files = contents or {feature.path: feature.text.encode() for feature in record.features}
    reasons = next(_differences_from_files(record, files), None) or next(other_answers(record), None)
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
    sources = [source_of(contents[path], path)[0] for path in sorted(contents)]
    features = [_feature_record(source) for source in sources]
    examples = [example for source in sources if source.document for example in source.document.examples]
    scenarios = [scenario_record(example, None) for example in examples]
    yield from _different_lines(_FIRST_FEATURE, [replace(line, sha256="", findings=[]) for line in record.features], features)
    yield from _different_lines(_FIRST_FEATURE + len(record.features), map(_without_results, record.scenarios), scenarios)


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


def _other_fields(name: str, recorded: msgspec.Struct, expected: msgspec.Struct) -> Iterator[str]:
    """Yield the fields of *recorded*, named with *name*, that are other than *expected*; steps are compared one by one."""
    for field in fields(type(expected)):
        value, expected_value = getattr(recorded, field.name), getattr(expected, field.name)
        if encode(value) == encode(expected_value):
            continue
        if field.name == "steps" and len(value) == len(expected_value):
            for number, (step, expected_step) in enumerate(zip(value, expected_value, strict=True), 1):
                yield from _other_fields(f"step {number}", step, expected_step)
        elif isinstance(expected_value, str | int | None):
            yield f"the field {field.name} of {name} is {encode(value).decode()}, by the feature file it is {encode(expected_value).decode()}"
        else:
            yield f"the field {field.name} of {name} is other than in the feature file"
