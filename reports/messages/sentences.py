"""The bound sentences of a run, as ``steps.json`` beside its record lists them, and which of them a step follows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, cast

from reports.errors import ReportError
from reports.messages.tree import Ids, Node
from reports.record import RUN_AGAIN
from sop_engine.checking import problem

SENTENCES = "steps.json"


class Parameter(TypedDict):
    """A parameter of a sentence: its type, and the group of the pattern that holds its value."""

    type: str
    group: int


class Sentence(TypedDict):
    """A sentence bound to a function."""

    kind: str
    expression: str
    pattern: str
    prefix: str
    parameters: list[Parameter]
    file: str
    line: int


class Catalogue(TypedDict):
    """What ``steps.json`` holds."""

    version: int
    sentences: list[Sentence]


def read_sentences(run_dir: Path) -> tuple[Sentence, ...]:
    """The sentences of the run in *run_dir*; none where it has no list of them.

    Raises:
        ReportError: the list is there and cannot be read.
    """
    try:
        plain: Any = json.loads((run_dir / SENTENCES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        raise ReportError(SENTENCES, "the sentences of the run cannot be read", RUN_AGAIN) from error
    found = problem(plain, Catalogue)
    if found:
        raise ReportError(SENTENCES, found, RUN_AGAIN)
    return tuple(cast("Catalogue", plain)["sentences"])


@dataclass(slots=True)
class Matcher:
    """Finds the sentences that a text follows, and says it as Messages do."""

    sentences: Sequence[Sentence]
    ids: Ids
    _by_prefix: dict[tuple[str, str], list[tuple[str, re.Pattern[str], Sentence]]] = field(default_factory=dict)
    _known: dict[tuple[str, str], Node] = field(default_factory=dict)

    def definitions(self) -> list[Node]:
        """The sentences as step definitions; from now on they can be found."""
        told = []
        for sentence in self.sentences:
            own = self.ids.take()
            place = self._by_prefix.setdefault((sentence["kind"], sentence["prefix"]), [])
            place.append((own, re.compile(sentence["pattern"]), sentence))
            told.append(
                {
                    "id": own,
                    "pattern": {"type": "CUCUMBER_EXPRESSION", "source": sentence["expression"]},
                    "sourceReference": {"uri": sentence["file"], "location": {"line": sentence["line"]}},
                }
            )
        return told

    def match(self, kind: str, text: str) -> Node:
        """``stepDefinitionIds`` and ``stepMatchArgumentsLists`` of a step: none is undefined, two or more are ambiguous."""
        known = self._known.get((kind, text))
        if known is None:
            known = self._known[kind, text] = self._find(kind, text)
        return known

    def _find(self, kind: str, text: str) -> Node:
        ids: list[str] = []
        arguments: list[Node] = []
        end = -1
        for end in (*_word_ends(text), len(text)):
            for own, pattern, sentence in self._by_prefix.get((kind, text[:end]), ()):
                match = pattern.fullmatch(text)
                if match:
                    ids.append(own)
                    arguments.append({"stepMatchArguments": [_value(match, parameter) for parameter in sentence["parameters"]]})
        return {"stepDefinitionIds": ids, "stepMatchArgumentsLists": arguments}


def _word_ends(text: str) -> list[int]:
    """Where a sentence's literal beginning may end: before the text, and after each space."""
    return [0, *(place + 1 for place, character in enumerate(text[:-1]) if character == " ")]


def _value(match: re.Match[str], parameter: Mapping[str, Any]) -> Node:
    """A value in the text: where it begins, counted as JavaScript counts."""
    start = match.start(parameter["group"])
    before = match.string[:start]
    units = start if before.isascii() else len(before.encode("utf-16-le", "surrogatepass")) // 2
    return {"group": {"start": units, "value": match[parameter["group"]]}, "parameterTypeName": parameter["type"]}
