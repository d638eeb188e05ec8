"""Step definitions of a run, from ``steps.json`` beside its record, and their matches with steps."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from reports.export.gherkin_tree import Ids, Node
from sop_engine.input_files import UnreadableFileError, read_json
from sop_runs.errors import RunRecordError
from sop_runs.record.reader import RUN_AGAIN, mismatch
from sop_runs.record.schema import StepKind

SENTENCES = "steps.json"
_LITERAL_WORDS = re.compile(r"[A-Za-z0-9 ,':;-]*", re.ASCII)
"""Words that stand for themselves in a pattern."""


class Parameter(msgspec.Struct, frozen=True):
    """A parameter of a step sentence: its name in Python, its type, its values if they can be listed, and its group in the pattern."""

    name: str
    type: str
    choices: list[str]
    group: int


class TableColumn(msgspec.Struct, frozen=True):
    """A column of a declared table: its kind of value, the values where they can be listed or a sample, and the text for none."""

    name: str
    kind: str
    choices: list[str]
    sample: str
    required: bool
    nothing: str | None
    unique: bool


class TableForm(msgspec.Struct, frozen=True):
    """A declared table: whether its first row is a heading, whether it needs a row, and its columns."""

    heading: bool
    rows_required: bool
    columns: list[TableColumn]


class Sentence(msgspec.Struct, frozen=True):
    """A step sentence with its function; ``table`` and ``docstring`` say whether the step takes a table or a doc string."""

    kind: StepKind
    expression: str
    meaning: str
    pattern: str
    prefix: str
    parameters: list[Parameter]
    table: bool
    docstring: bool
    file: str
    line: int
    columns: TableForm | None = None


class SentenceList(msgspec.Struct, frozen=True):
    """Content of ``steps.json``."""

    version: Literal[1]
    sentences: list[Sentence]


def read_sentences(run_dir: Path) -> tuple[Sentence, ...]:
    """Read the step sentences of the run in *run_dir*; none if it has no list.

    Raises:
        RunRecordError: there is a list and it cannot be used.
    """
    try:
        sentences = msgspec.convert(read_json(run_dir / SENTENCES, RUN_AGAIN), SentenceList).sentences
    except msgspec.ValidationError as error:
        raise RunRecordError(SENTENCES, mismatch(error, "the list of step sentences"), RUN_AGAIN) from error
    except UnreadableFileError as error:
        if error.is_missing:
            return ()
        raise RunRecordError(SENTENCES, f"the step sentences of the run cannot be read ({error.reason})", RUN_AGAIN) from None
    for number, sentence in enumerate(sentences):
        if not _has_its_groups(sentence):
            raise RunRecordError(SENTENCES, f"sentences[{number}].pattern is not a pattern with a group for each parameter", RUN_AGAIN)
    return tuple(sentences)


def _has_its_groups(sentence: Sentence) -> bool:
    beginning = f"^{sentence.prefix}"
    rest = sentence.pattern.removeprefix(beginning) if _LITERAL_WORDS.fullmatch(sentence.prefix) else sentence.pattern
    groups = _groups_in(f"^{rest}")  # most sentences have a rest that others have too
    if groups is None:
        groups = _groups_in(sentence.pattern)
    return groups is not None and all(0 < parameter.group <= groups for parameter in sentence.parameters)


@cache
def _groups_in(pattern: str) -> int | None:
    """Return the number of groups in *pattern*; None if it is no pattern."""
    try:
        with warnings.catch_warnings(action="error", category=FutureWarning):  # no pattern of the program has one
            return re.compile(pattern).groups
    except (re.error, OverflowError, RecursionError, FutureWarning):
        return None


@dataclass(slots=True)
class Matcher:
    """Matcher of texts with step sentences, with results in the form of Messages."""

    sentences: Sequence[Sentence]
    ids: Ids
    _by_prefix: dict[tuple[str, str], list[tuple[str, re.Pattern[str], Sentence]]] = field(default_factory=dict)
    _matches: dict[tuple[str, str], Node] = field(default_factory=dict)

    def definitions(self) -> list[Node]:
        """Return the step sentences as step definitions, and register them for `match`."""
        definitions = []
        for sentence in self.sentences:
            identifier = self.ids.take()
            candidates = self._by_prefix.setdefault((sentence.kind, sentence.prefix), [])
            candidates.append((identifier, re.compile(sentence.pattern), sentence))
            definitions.append(
                {
                    "id": identifier,
                    "pattern": {"type": "CUCUMBER_EXPRESSION", "source": sentence.expression},
                    "sourceReference": {"uri": sentence.file, "location": {"line": sentence.line}},
                }
            )
        return definitions

    def match(self, kind: str, text: str) -> Node:
        """Return ``stepDefinitionIds`` and ``stepMatchArgumentsLists`` of a step: none is undefined, two or more are ambiguous."""
        matches = self._matches.get((kind, text))
        if matches is None:
            matches = self._matches[kind, text] = self._find(kind, text)
        return matches

    def _find(self, kind: str, text: str) -> Node:
        ids: list[str] = []
        arguments: list[Node] = []
        for beginning in possible_prefixes(text):
            for identifier, pattern, sentence in self._by_prefix.get((kind, beginning), ()):
                match = pattern.fullmatch(text)
                if match:
                    ids.append(identifier)
                    arguments.append({"stepMatchArguments": [_match_argument(match, parameter) for parameter in sentence.parameters]})
        return {"stepDefinitionIds": ids, "stepMatchArgumentsLists": arguments}


def possible_prefixes(text: str) -> list[str]:
    """Return the texts that may be the prefix of a sentence that *text* matches: none of it, up to each space, and all."""
    prefixes, end = [""], text.find(" ") + 1
    while end:
        prefixes.append(text[:end])
        end = text.find(" ", end) + 1
    return prefixes if prefixes[-1] == text else [*prefixes, text]


def _match_argument(match: re.Match[str], parameter: Parameter) -> Node:
    """Return a value in the text with its start, counted in UTF-16 units as JavaScript does."""
    start = match.start(parameter.group)
    before = match.string[:start]
    units = start if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2
    return {"group": {"start": units, "value": match[parameter.group]}, "parameterTypeName": parameter.type}
