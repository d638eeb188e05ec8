"""Accepted answers: the text of a feature file in which a failed example says what the engine answers."""

from collections.abc import Sequence
from dataclasses import replace

from sop_engine import SopError
from sop_engine.engine import Engine
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import WrittenScenario
from sop_runs.record.status import has_unexpected_result
from steps.generation.aligned_features import AlignedFeature, aligned_features
from steps.language.document import source_of


class AnswerError(SopError):
    """A failed example that cannot say the engine's answer by a change of its Then steps or cells."""


def accepted(record: RunRecord, engine: Engine, path: str, line: int) -> AlignedFeature:
    """Return the feature file *path* with the failed example at *line* changed; every other example stays as it is.

    Args:
        record: a run of the file as it is.
        engine: the engine that answered.
        path: the feature file, as in the record.
        line: the line of a row of Examples, or of a scenario.

    Raises:
        AnswerError: no example at *line* failed, or it cannot say the answer.
    """
    meant = [scenario for scenario in record.scenarios if scenario.feature == path and line in (scenario.row, scenario.line)]
    failed = [scenario for scenario in meant if has_unexpected_result(scenario)]
    if not failed:
        raise AnswerError(f"no example in line {line} has failed, so there is no other answer to accept")
    others = [scenario for scenario in record.scenarios if not has_unexpected_result(scenario)]
    features = [feature for feature in record.features if feature.path == path]
    new = next(aligned_features(replace(record, features=features, scenarios=[*others, *failed]), engine, {}), None)
    before, after = (_scenarios(text, path) for text in (features[0].text, new.text if new else ""))
    if new is None or sum(map(_size, after)) < sum(map(_size, before)):
        raise AnswerError("the engine's answer cannot be written by a change of these Then steps or cells; change the example by hand")
    return replace(new, text=_with_names(new.text, before, after)) if len(before) == len(after) else new


def _scenarios(text: str, path: str) -> list[WrittenScenario]:
    document = source_of(text.encode(), path)[0].document
    return [] if document is None else document.recorded.scenarios


def _size(scenario: WrittenScenario) -> int:
    """Return the number of examples of a scenario."""
    return 1 if scenario.instance is not None else sum(len(table.rows) for table in scenario.examples)


def _with_names(text: str, before: Sequence[WrittenScenario], after: Sequence[WrittenScenario]) -> str:
    """Return *text* with the names that its scenarios had *before*: a name is the author's."""
    lines = text.split("\n")
    for old, new in zip(before, after, strict=True):
        if old.name != new.name:
            lines[new.line - 1] = lines[new.line - 1].replace(new.name, old.name, 1)
    return "\n".join(lines)
