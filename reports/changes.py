"""What is different between two runs, told from their records alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from reports.record import RunRecord
from reports.words import say

Answer = tuple[str, str, tuple[str, ...], str]
"""Kind, reading, facts, facet."""
COMPARED = ("text", "modality", "actor", "system", "line", "operative", "over")
COMPARED_GAPS = ("title", "question", "chosen", "why", "readings", "nearest", "cases", "kind", "aspect")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An asserted part of an answer that is another one now, and the examples that assert it now: (path, id) each."""

    about: str
    reading: str
    facet: str
    before: str
    after: str
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A clause or gap: *kind* is added, removed or changed; *parts* are (name, before, after)."""

    id: str
    kind: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example: *kind* is added, vanished, renamed, reworded, fixed or broken; *key* is (path, id) in the present run."""

    kind: str
    name: str
    path: str
    key: tuple[str, str] | None
    was: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything between two runs."""

    answers: tuple[AnswerChange, ...]
    texts: tuple[TextChange, ...]
    examples: tuple[ExampleChange, ...]

    def __bool__(self) -> bool:
        return bool(self.answers or self.texts or self.examples)


def changes(base: RunRecord, now: RunRecord) -> Changes:
    """What changed from *base* to *now*."""
    return Changes(tuple(_answers(base, now)), tuple(_texts(base, now)), tuple(_examples(base, now)))


def _found(record: RunRecord) -> dict[Answer, tuple[str, list[tuple[str, str]]]]:
    """What the system answered to whatever an example asked of a case or a return, whether the example held or not."""
    told: dict[Answer, tuple[str, list[tuple[str, str]]]] = {}
    for scenario in record.scenarios:
        for claim in scenario["claims"]:
            facts = claim["subject"].get("facts")
            if (
                claim["subject"].get("kind") in ("case", "return")
                and isinstance(facts, Mapping)
                and claim["facet"] in ("outcome", "tasks", "clauses", "gaps", "stock")
            ):
                key = (str(claim["subject"]["kind"]), claim["reading"] or "", tuple(map(str, facts.values())), claim["facet"])
                told.setdefault(key, (say(claim["actual"], claim["facet"]), []))[1].append((scenario["feature"], scenario["id"]))
    return told


def _answers(base: RunRecord, now: RunRecord) -> Iterator[AnswerChange]:
    before = _found(base)
    for key, (after, examples) in _found(now).items():
        if key in before and before[key][0] != after:
            kind, reading, facts, facet = key
            about = " / ".join(facts) if kind == "case" else f"a returned unit, {' / '.join(facts)}"
            yield AnswerChange(about, reading.replace("-", " "), facet, before[key][0], after, tuple(dict.fromkeys(examples)))


def _texts(base: RunRecord, now: RunRecord) -> Iterator[TextChange]:
    if base.rulebook is None or now.rulebook is None:
        return
    yield from _entries(base.rulebook["clauses"], now.rulebook["clauses"], COMPARED)
    yield from _entries(base.rulebook["gaps"], now.rulebook["gaps"], COMPARED_GAPS)


def _entries(before: Iterable[Any], after: Iterable[Any], names: Iterable[str]) -> Iterator[TextChange]:
    old, new = {entry["id"]: entry for entry in before}, {entry["id"]: entry for entry in after}
    for identifier in dict.fromkeys((*new, *old)):
        if identifier not in old or identifier not in new:
            yield TextChange(identifier, "added" if identifier in new else "removed", ())
            continue
        a, b = old[identifier], new[identifier]
        parts = tuple((name, _text(a.get(name)), _text(b.get(name))) for name in names if a.get(name) != b.get(name))
        if parts:
            yield TextChange(identifier, "changed", parts)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _examples(base: RunRecord, now: RunRecord) -> Iterator[ExampleChange]:
    before = {(each["feature"], each["id"]): each for each in base.scenarios}
    after = {(each["feature"], each["id"]): each for each in now.scenarios}
    fresh: dict[str, list[tuple[str, str]]] = {}
    for key, scenario in after.items():
        if key not in before:
            fresh.setdefault(_digest(scenario), []).append(key)
    for key, was in before.items():
        if key not in after:
            twins = fresh.get(_digest(was))
            twin = twins.pop(0) if twins else None
            if twin is None:
                yield ExampleChange("vanished", was["name"], was["feature"], None)
            else:
                yield ExampleChange("renamed", after[twin]["name"], twin[0], twin, was["name"])
            continue
        scenario = after[key]
        if _digest(scenario) != _digest(was):
            yield ExampleChange("reworded", scenario["name"], key[0], key)
        if (scenario["status"] == "passed") != (was["status"] == "passed"):
            yield ExampleChange("mended" if scenario["status"] == "passed" else "broken", scenario["name"], key[0], key)
    for left in fresh.values():
        for key in left:
            yield ExampleChange("added", after[key]["name"], key[0], key)


def _digest(scenario: Any) -> str:
    said = [[step["kind"], step["text"], step["table"], step["docstring"]] for step in scenario["steps"]]
    return sha256(json.dumps([sorted(scenario["tags"]), said], ensure_ascii=False).encode()).hexdigest()
