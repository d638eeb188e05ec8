"""What is different between a run and what it is compared with: answers, sentences, examples, and who fails now."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports.answers import PART_OF, changed, claims, table_at_hand
from reports.base import Base, BaseExample, Key, Told, examples_of, told
from reports.record import RunRecord
from reports.status import Status
from sop_engine.difference import Region

COMPARED = ("text", "modality", "actor", "system", "line", "operative", "over")
COMPARED_GAPS = ("title", "question", "chosen", "why", "readings", "nearest", "cases", "kind", "aspect")
BROKEN, MENDED = "newly failing", "newly passing"
VANISHED, REWORDED, RENAMED, ADDED = "vanished", "reworded", "renamed", "added"
KINDS = (BROKEN, VANISHED, REWORDED, RENAMED, MENDED, ADDED)
"""What can have become of an example, bad news first."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """Situations whose answer changed in the same way, under one reading or several, and the examples that assert it now."""

    region: Region
    readings: tuple[str, ...]
    examples: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A clause or gap: *kind* is added, removed or changed; *parts* are (name, before, after), *text* is what it says or said."""

    id: str
    kind: str
    parts: tuple[tuple[str, str, str], ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """An example of one of `KINDS`; *key* is its place in the present run, *was* and *now* what it said and says."""

    kind: str
    name: str
    path: str
    key: Key | None
    was: BaseExample | None = None
    now: BaseExample | None = None


@dataclass(frozen=True)
class Changes:
    """Everything between a run and its base.

    ``answers_known`` says how many answers were compared, ``texts_known`` how many sentences and questions, ``examples_known``
    how many examples the base has; None where one of the two sides does not tell. ``now`` and ``rulebook`` are the present run's.
    """

    base: Base
    answers: tuple[AnswerChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    examples: tuple[ExampleChange, ...] = ()
    answers_known: int | None = None
    texts_known: int | None = None
    examples_known: int | None = None
    now: Mapping[Key, BaseExample] = field(default_factory=dict)
    rulebook: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.answers or self.texts or self.examples)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """What every sentence and question says, or said where it is gone."""
        return {identifier: text for book in (self.base.rulebook, self.rulebook) if book for identifier, text in _gists(book)}

    @cached_property
    def situations(self) -> int:
        """How many answers are different; one under two readings counts twice."""
        return sum(each.region.size * len(each.readings) for each in self.answers)


def changes(base: Base, now: RunRecord) -> Changes:
    """What changed from *base* to *now*."""
    known, answers = _answers(base, now)
    texts = _texts(base.rulebook, now.rulebook)
    present = dict(examples_of(now))
    examples = _examples(base, present, told(now))
    return Changes(
        base, tuple(answers), tuple(texts or ()), tuple(examples or ()), known,
        None if texts is None or now.rulebook is None else len(now.rulebook["clauses"]) + len(now.rulebook["gaps"]),
        None if examples is None or base.examples is None else len(base.examples), present, now.rulebook,
    )  # fmt: skip


def _answers(base: Base, now: RunRecord) -> tuple[int | None, list[AnswerChange]]:
    before = base.behaviour or base.record
    if before is None:
        return None, []
    after = (table_at_hand(now) if base.behaviour is not None else None) or now
    known, found = changed(before, after)
    merged: dict[str, list[Region]] = {}
    for region in found:
        same = [
            region.subject,
            {k: list(v) for k, v in region.facts.items()},
            region.parts,
            repr(region.before),
            repr(region.after),
            region.causes,
        ]
        merged.setdefault(json.dumps(same), []).append(region)
    speaking = _speaking(now) if found else {}
    return known or None, [
        AnswerChange(alike[0], tuple(str(each.reading) for each in alike), tuple(_assert(alike, speaking))) for alike in merged.values()
    ]


Speaking = Mapping[tuple[Any, str], Mapping[Key, None]]


def _speaking(now: RunRecord) -> Speaking:
    """The examples that speak of a part of the answer to a situation."""
    found: dict[tuple[Any, str], dict[Key, None]] = {}
    for scenario, key, facet, _ in claims(now):
        part = PART_OF.get(facet, facet).partition(",")[0]
        found.setdefault((key, part), {})[scenario["feature"], scenario["id"]] = None
    return found


def _assert(alike: Iterable[Region], speaking: Speaking) -> Iterable[Key]:
    keys = ((region.subject, region.reading, values) for region in alike for values in region.values())
    parts = next(iter(alike)).parts
    return dict.fromkeys(example for key in keys for part in parts for example in speaking.get((key, part), ()))


def _texts(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[TextChange] | None:
    if before is None or after is None:
        return None
    return [*_entries(before["clauses"], after["clauses"], COMPARED), *_entries(before["gaps"], after["gaps"], COMPARED_GAPS)]


def _entries(before: Iterable[Any], after: Iterable[Any], names: Iterable[str]) -> Iterator[TextChange]:
    old, new = {entry["id"]: entry for entry in before}, {entry["id"]: entry for entry in after}
    for identifier in dict.fromkeys((*new, *old)):
        entry = new.get(identifier) or old[identifier]
        text = _gist(entry)
        if identifier not in old or identifier not in new:
            yield TextChange(identifier, "added" if identifier in new else "removed", (), text)
            continue
        a, b = old[identifier], new[identifier]
        parts = tuple((name, _text(a.get(name)), _text(b.get(name))) for name in names if a.get(name) != b.get(name))
        if parts:
            yield TextChange(identifier, "changed", parts, text)


def _gists(book: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((entry["id"], _gist(entry)) for entry in (*book["clauses"], *book["gaps"]))


def _gist(entry: Mapping[str, Any]) -> str:
    return str(entry.get("text") or entry.get("title") or "")


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value)) or "nothing"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _examples(base: Base, after: Mapping[Key, BaseExample], here: Told) -> list[ExampleChange] | None:
    """None where the two have no feature file in common: then every example would have come or gone."""
    before = base.examples
    if before is None or (before and after and not {path for path, _ in before} & {path for path, _ in after}):
        return None
    came = {key: None for key in after if key not in before and key[0] in base.told}
    gone = {key: None for key in before if key not in after and key[0] in here}
    pairs = {key: key for key in before if key in after}
    for alike in (_says, _name):  # the same words under another name, then another row of the same name
        for old, new in _twins({key: alike(key, before) for key in gone}, {key: alike(key, after) for key in came}):
            pairs[old] = new
            del gone[old], came[new]
    found = [
        ExampleChange(kind, after[new].name, new[0], new, before[old], after[new])
        for old, new in pairs.items()
        for kind in _kinds(before[old], after[new], moved=old != new)
    ]
    lost = [ExampleChange(VANISHED, before[key].name, key[0], None, before[key]) for key in gone]
    return [*found, *lost, *(ExampleChange(ADDED, after[key].name, key[0], key, None, after[key]) for key in came)]


def _says(key: Key, of: Mapping[Key, BaseExample]) -> object:
    return of[key].says


def _name(key: Key, of: Mapping[Key, BaseExample]) -> object:
    return key[0], of[key].name


def _twins(gone: Mapping[Key, object], came: Mapping[Key, object]) -> list[tuple[Key, Key]]:
    """Pairs of what went and what came that are alike, in order."""
    waiting: dict[object, list[Key]] = {}
    for key, what in came.items():
        waiting.setdefault(what, []).append(key)
    return [(key, waiting[what].pop(0)) for key, what in gone.items() if waiting.get(what)]


def _kinds(was: BaseExample, now: BaseExample, *, moved: bool) -> Iterator[str]:
    """What became of an example that there was and is."""
    if was.says != now.says:
        yield REWORDED
    elif moved:
        yield RENAMED
    if was.status in (None, Status.NOT_RUN) or now.status is Status.NOT_RUN:
        return
    if (was.status is Status.FAILED) != (now.status is Status.FAILED):
        yield BROKEN if now.status is Status.FAILED else MENDED
