"""Changes from one snapshot to another: answers, wording and examples; used by gate, diff and pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from json import dumps

from msgspec import structs

from sop_engine.comparison import Region
from sop_engine.verification import SituationKey
from sop_runs.change.answers import differences, part_of, situation_claims
from sop_runs.change.baseline import Sentences
from sop_runs.change.example_text import DescriptionText, ExampleKey, ExampleText
from sop_runs.change.pairing import pairs_of
from sop_runs.change.snapshot import DescriptionKey, Snapshot
from sop_runs.record.schema import ClauseRecord, FeatureDocument, GapRecord, WrittenRule

SENTENCE_PARTS = tuple(name for name in ClauseRecord.__struct_fields__ if name != "id")
GAP_PARTS = tuple(name for name in GapRecord.__struct_fields__ if name != "id")


class ChangeKind(StrEnum):
    """Kinds of change, the most serious first."""

    NEWLY_FAILING = "newly failing"
    GONE = "gone"
    EDITED = "edited"
    RENAMED = "renamed"
    MOVED = "moved"
    NEWLY_PASSING = "newly passing"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """Situations whose answer changed in the same way, under one reading or several, and the examples that assert the new answer."""

    region: Region
    readings: tuple[str, ...]
    examples: tuple[ExampleKey, ...]

    @property
    def size(self) -> int:
        """Return the number of answers; an answer under two readings counts twice."""
        return self.region.size * len(self.readings)


@dataclass(frozen=True, slots=True)
class TextChange:
    """A clause, gap or description that is new, gone or edited.

    ``id`` is that of the clause or gap; for a description the keyword and name of what it describes. ``parts`` are
    (name, before, after), ``text`` is the current text, or the last one if it is gone. ``path`` and ``line`` are those of a description.
    """

    id: str
    kind: ChangeKind
    parts: tuple[tuple[str, str, str], ...]
    text: str = ""
    path: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """The change of an example; ``key`` identifies it in the later snapshot, ``before`` and ``after`` are its texts.

    ``path`` and ``line`` are its current place; for an example that is gone, the place of its scenario, Rule or feature.
    """

    kind: ChangeKind
    name: str
    path: str
    line: int
    key: ExampleKey | None
    before: ExampleText | None = None
    after: ExampleText | None = None


@dataclass(frozen=True)
class Changes:
    """All changes between two snapshots.

    ``answers_known`` is the number of answers compared, ``texts_known`` the number of clauses and gaps, ``examples_known`` the number
    of examples on the earlier side; None if one of the two sides does not have them.
    """

    before: Snapshot
    after: Snapshot
    answers: tuple[AnswerChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    examples: tuple[ExampleChange, ...] = ()
    answers_known: int | None = None
    texts_known: int | None = None
    examples_known: int | None = None

    def __bool__(self) -> bool:
        return bool(self.answers or self.texts or self.examples)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """Return the text of every clause and gap by id, the last text if it is gone."""
        books = (side.sentences for side in (self.before, self.after) if side.sentences is not None)
        return {entry.id: _text_or_title(entry) for book in books for entry in _clauses_and_gaps(book)}

    @cached_property
    def situations(self) -> int:
        """Return the number of changed answers; an answer under two readings counts twice."""
        return sum(change.size for change in self.answers)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """Compute the changes from *before* to *after*."""
    answers_known, answers = _answer_changes(before, after)
    sentences = _sentence_changes(before, after)
    examples = _example_changes(before, after)
    return Changes(
        before, after, tuple(answers), (*(sentences or ()), *_description_changes(before, after)), tuple(examples or ()), answers_known,
        None if sentences is None or after.sentences is None else len(after.sentences.clauses) + len(after.sentences.gaps),
        None if examples is None or before.examples is None else len(before.examples),
    )  # fmt: skip


def _answer_changes(before: Snapshot, after: Snapshot) -> tuple[int | None, list[AnswerChange]]:
    old = before.behaviour or before.record
    new = (after.behaviour if before.behaviour is not None else None) or after.record or after.behaviour
    if old is None or new is None:
        return None, []
    answers_known, regions = differences(old, new)
    merged: dict[str, list[Region]] = {}
    for region in regions:
        facts = {name: list(values) for name, values in region.facts.items()}
        same = [region.subject, facts, region.parts, repr(region.before), repr(region.after), region.causes]
        merged.setdefault(dumps(same), []).append(region)
    asserting = _asserting_examples(after) if regions else {}
    return answers_known or None, [
        AnswerChange(alike[0], tuple(str(region.reading) for region in alike), tuple(_examples_about(alike, asserting)))
        for alike in merged.values()
    ]


AssertingExamples = Mapping[tuple[SituationKey, str], Mapping[ExampleKey, None]]


def _asserting_examples(side: Snapshot) -> AssertingExamples:
    """Return the examples that assert a part of the answer to a situation."""
    examples: dict[tuple[SituationKey, str], dict[ExampleKey, None]] = {}
    for scenario, situation, claim in situation_claims(side.record) if side.record is not None else ():
        examples.setdefault((situation, part_of(claim.facet)), {})[scenario.key] = None
    return examples


def _examples_about(alike: Iterable[Region], asserting: AssertingExamples) -> Iterable[ExampleKey]:
    keys = ((region.subject, region.reading, values) for region in alike for values in region.values())
    parts = next(iter(alike)).parts
    return dict.fromkeys(example for key in keys for part in parts for example in asserting.get((key, part), ()))


def _sentence_changes(before: Snapshot, after: Snapshot) -> list[TextChange] | None:
    if before.sentences is None or after.sentences is None:
        return None
    return [
        *_entry_changes(before.sentences.clauses, after.sentences.clauses, SENTENCE_PARTS),
        *_entry_changes(before.sentences.gaps, after.sentences.gaps, GAP_PARTS),
    ]


def _entry_changes(
    before: Iterable[ClauseRecord | GapRecord], after: Iterable[ClauseRecord | GapRecord], names: Iterable[str]
) -> Iterator[TextChange]:
    old: dict[str, ClauseRecord | GapRecord] = {entry.id: entry for entry in before}
    new: dict[str, ClauseRecord | GapRecord] = {entry.id: entry for entry in after}
    for identifier in dict.fromkeys((*new, *old)):
        text = _text_or_title(new[identifier] if identifier in new else old[identifier])
        if identifier not in old or identifier not in new:
            yield TextChange(identifier, ChangeKind.NEW if identifier in new else ChangeKind.GONE, (), text)
            continue
        a, b = structs.asdict(old[identifier]), structs.asdict(new[identifier])
        parts = tuple((name, _value_as_text(a[name]), _value_as_text(b[name])) for name in names if a[name] != b[name])
        if parts:
            yield TextChange(identifier, ChangeKind.EDITED, parts, text)


def _description_changes(before: Snapshot, after: Snapshot) -> Iterator[TextChange]:
    """Yield changed descriptions of what exists on both sides under one name; those of new or gone scenarios are not listed."""
    old, new = before.descriptions, after.descriptions
    if old is None or new is None:
        return
    for key in dict.fromkeys((*new, *old)):
        path, owner, rule, name = key
        line = _line_of(after.documents.get(path), owner, rule, name)
        if line is None or path not in before.coverage or path not in after.coverage or not (key in old or _was_there(before, key)):
            continue
        parts = tuple(_description_parts(old.get(key), new.get(key)))
        if parts:
            title = new[key].name if key in new else name
            yield TextChange(f"{owner}: {title}", ChangeKind.EDITED, parts, new[key].text if key in new else "", path, line)


def _description_parts(before: DescriptionText | None, after: DescriptionText | None) -> Iterator[tuple[str, str, str]]:
    if before is not None and after is not None and before.name != after.name:
        yield "name", before.name, after.name
    texts = [side.text if side is not None else "" for side in (before, after)]
    if texts[0] != texts[1]:
        yield "description", texts[0], texts[1]


def _was_there(before: Snapshot, key: DescriptionKey) -> bool:
    """Return whether something without a description existed before."""
    path, owner, rule, name = key
    if before.documents:
        return _line_of(before.documents.get(path), owner, rule, name) is not None
    in_feature = [example for example in (before.examples or {}).values() if example.feature == path]
    if owner == "Scenario":
        return any(name in (example.outline or example.name, example.name) and example.rule in (None, rule) for example in in_feature)
    return bool(in_feature) if owner == "Feature" else any(example.rule == name for example in in_feature)


def _line_of(document: FeatureDocument | None, owner: str, rule: str, name: str) -> int | None:
    """Return the line of the feature, Rule or scenario called *name* in *document*; None if there is none."""
    if document is None:
        return None
    if owner == "Feature":
        return document.line
    for child in document.children:
        if isinstance(child, WrittenRule):
            if owner == "Rule" and child.name == name:
                return child.line
            if owner == "Scenario" and child.name == rule:
                return next((scenario.line for scenario in child.children if scenario.name == name), None)
        elif owner == "Scenario" and not rule and child.name == name:
            return child.line
    return None


def _clauses_and_gaps(book: Sentences) -> Iterator[ClauseRecord | GapRecord]:
    yield from book.clauses
    yield from book.gaps


def _text_or_title(entry: ClauseRecord | GapRecord) -> str:
    return entry.text if isinstance(entry, ClauseRecord) else entry.title


def _value_as_text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(_value_as_text, value)) or "nothing"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    return value if isinstance(value, str) else dumps(value, ensure_ascii=False)


def _example_changes(before: Snapshot, after: Snapshot) -> list[ExampleChange] | None:
    """Return the changed examples; None if the two have no feature file in common, as every example would be new or gone."""
    old, new = before.examples, after.examples
    if old is None or new is None or (old and new and not {path for path, _ in old} & {path for path, _ in new}):
        return None
    came = {key: new[key] for key in new if key not in old and key[0] in before.coverage}
    gone = {key: old[key] for key in old if key not in new and key[0] in after.coverage}
    pairs = {key: key for key in old if key in new} | pairs_of(gone, came)
    paired_after, paired_before = set(pairs.values()), set(pairs)
    changed = [
        ExampleChange(kind, new[b].name, b[0], after.lines.get(b, 1), b, old[a], new[b])
        for a, b in pairs.items()
        for kind in _change_kinds(old[a], new[b], before.failed.get(a), after.failed.get(b))
    ]
    lost = [
        ExampleChange(ChangeKind.GONE, old[key].name, key[0], _line_near(old[key], after), None, old[key])
        for key in gone
        if key not in paired_before
    ]
    fresh = [
        ExampleChange(ChangeKind.NEW, new[key].name, key[0], after.lines.get(key, 1), key, None, new[key])
        for key in came
        if key not in paired_after
    ]
    return [*changed, *lost, *fresh]


def _line_near(example: ExampleText, after: Snapshot) -> int:
    """Return the line for an example that is gone: that of its scenario, Rule or feature; 1 if those are gone too."""
    document = after.documents.get(example.feature)
    rule = example.rule or ""
    places = (("Scenario", rule, example.outline or example.name), ("Rule", "", rule))
    lines = (_line_of(document, owner, rule, name) for owner, rule, name in places)
    return next((line for line in lines if line is not None), document.line if document is not None else 1)


def _change_kinds(before: ExampleText, after: ExampleText, failed_before: bool | None, failed_after: bool | None) -> Iterator[ChangeKind]:  # noqa: FBT001
    """Yield the kinds of change of an example that exists on both sides."""
    if before.says != after.says:
        yield ChangeKind.EDITED
    elif before.feature != after.feature:
        yield ChangeKind.MOVED
    elif before.name != after.name or before.rule not in (None, after.rule):
        yield ChangeKind.RENAMED
    if failed_before is not None and failed_after is not None and failed_before != failed_after:
        yield ChangeKind.NEWLY_FAILING if failed_after else ChangeKind.NEWLY_PASSING
