"""Changes from one snapshot to another: answers, wording and examples; used by gate, diff and pages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from json import dumps

from sop_engine.comparison import Region, RegionKind
from sop_engine.verification import SituationKey
from sop_runs.change.answers import differences, part_of, situation_claims
from sop_runs.change.example_text import DescriptionKey, ExampleKey, ExampleText
from sop_runs.change.pairing import pairs_of
from sop_runs.change.references import Reference, unrevised_references
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.text_changes import ChangeKind, TextChange, description_changes, entries_of, line_of, rulebook_changes, text_or_title


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

    ``answers_known`` is the number of answers compared, ``texts_known`` the number of headings, clauses and gaps, ``examples_known``
    the number of examples on the earlier side; None if one of the two sides does not have them. ``references`` are the unchanged texts
    that rest on an answer that changed.
    """

    before: Snapshot
    after: Snapshot
    answers: tuple[AnswerChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    examples: tuple[ExampleChange, ...] = ()
    answers_known: int | None = None
    texts_known: int | None = None
    examples_known: int | None = None
    references: tuple[Reference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.texts or self.examples)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """Return the text of every heading, clause and gap by id, the last text if it is gone."""
        books = (side.sentences for side in (self.before, self.after) if side.sentences is not None)
        return {entry.id: text_or_title(entry) for book in books for entry in entries_of(book)}

    @cached_property
    def situations(self) -> int:
        """Return the number of changed answers, without those of cases that only one side has; an answer under two readings counts twice."""
        return self.situations_of(RegionKind.CHANGED)

    def situations_of(self, kind: RegionKind) -> int:
        """Return the number of answers that changed, or that only one side has; an answer under two readings counts twice."""
        return sum(change.size for change in self.answers if change.region.kind is kind)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """Compute the changes from *before* to *after*."""
    answers_known, answers = _answer_changes(before, after)
    examples = _example_changes(before, after)
    old, new = before.sentences, after.sentences
    sentences = None if old is None or new is None else [*rulebook_changes(old, new)]
    texts = (*(sentences or ()), *description_changes(before, after, _renames(examples or ())))
    return Changes(
        before,
        after,
        tuple(answers),
        texts,
        tuple(examples or ()),
        answers_known,
        None if sentences is None or new is None else sum(1 for _ in entries_of(new)),
        None if examples is None or before.examples is None else len(before.examples),
        () if new is None else tuple(unrevised_references(texts, new, after)),
    )


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


def _renames(examples: Iterable[ExampleChange]) -> dict[DescriptionKey, DescriptionKey]:
    """Return the Rules and scenarios around examples that have another name or file now, by their keys before."""
    pairs = ((change.before, change.after) for change in examples if change.before is not None and change.after is not None)
    return {
        was: key
        for before, after in pairs
        if before.rule is not None
        for was, key in zip(_keys_around(before), _keys_around(after), strict=True)
        if was != key and was[3] and key[3]
    }


def _keys_around(example: ExampleText) -> tuple[DescriptionKey, DescriptionKey]:
    """Return the keys of the Rule and of the scenario around an example."""
    rule = example.rule or ""
    return (example.feature, "Rule", "", rule), (example.feature, "Scenario", rule, example.outline or example.name)


def _line_near(example: ExampleText, after: Snapshot) -> int:
    """Return the line for an example that is gone: that of its scenario, Rule or feature; 1 if those are gone too."""
    document = after.documents.get(example.feature)
    lines = (line_of(document, key) for key in reversed(_keys_around(example)))
    return next((line for line in lines if line is not None), document.line if document is not None else 1)


def _change_kinds(before: ExampleText, after: ExampleText, failed_before: bool | None, failed_after: bool | None) -> Iterator[ChangeKind]:  # noqa: FBT001
    """Yield the kinds of change of an example that exists on both sides."""
    if before.says != after.says:
        yield ChangeKind.EDITED
    elif before.feature != after.feature:
        yield ChangeKind.MOVED
    elif before.name != after.name or before.rule not in (None, after.rule) or before.outline not in (None, after.outline):
        yield ChangeKind.RENAMED
    if failed_before is not None and failed_after is not None and failed_before != failed_after:
        yield ChangeKind.NEWLY_FAILING if failed_after else ChangeKind.NEWLY_PASSING
