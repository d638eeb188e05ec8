"""Readings of a gap, with what each would change: the answers that differ, as the page of questions and the workbench show them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from reports.site.answer_regions import ChangedPart, changed_parts
from sop_engine.boxes import boxes
from sop_engine.comparison import Region
from sop_engine.engine import ENGINE
from sop_engine.loading.words import FACTS_OF
from sop_engine.register.readings import effect_without_proof
from sop_engine.statement import Gap
from sop_engine.text import counted

MOST_ANSWERS = 6
"""Most groups of answers that are listed of a reading."""
SHOWN_PARTS = ("outcome", "tasks", "stock", "offline_claim")


class ReadingRow(msgspec.Struct, frozen=True):
    """A reading of a gap: ``state`` says whether it is in force, ``effect`` how many answers differ with it, ``answers`` which; ``more`` are not listed."""

    number: int
    text: str
    state: str
    effect: str
    answers: tuple["DifferingAnswer", ...] = ()
    more: int = 0


class DifferingAnswer(msgspec.Struct, frozen=True):
    """Situations whose answer differs in the same way: which, how many, and the parts that differ, now and with the reading."""

    situations: tuple[str, ...]
    size: int
    parts: tuple[ChangedPart, ...]


def reading_rows(gap: Gap) -> Iterator[ReadingRow]:
    """Return each reading of *gap* and the answers that differ with it from those of now."""
    executable = {ruling.number for ruling in gap.rulings}
    for number, text in enumerate(gap.readings, start=1):
        if number == gap.reading:
            yield ReadingRow(number, text, gap.basis, "in force: the answers on these pages")
        elif number not in executable:
            yield ReadingRow(number, text, "", "the register does not say what it decides")
        else:
            changed = effect_without_proof(ENGINE, gap.id, number)
            answers = _differing_answers(changed)
            size = sum(answer.size for answer in answers)
            assumed = gap.assumed is not None and gap.assumed.number == number and gap.answer is not None
            yield ReadingRow(
                number,
                text,
                "assumed before" if assumed else "",
                f"{counted(size, 'answer')} {'differs' if size == 1 else 'differ'}" if size else "the same answers, for another reason",
                answers[:MOST_ANSWERS],
                max(0, len(answers) - MOST_ANSWERS),
            )


def _differing_answers(changed: Iterable[Region]) -> tuple[DifferingAnswer, ...]:
    """Group the changed answers by what changes, those with most situations first; changes of the cited statements alone are left out."""
    values_by_change: dict[tuple[str, tuple[ChangedPart, ...]], list[tuple[str, ...]]] = {}
    for region in changed:
        names = [name for name in region.parts if name in SHOWN_PARTS]
        parts = tuple(part for name, part in zip(region.parts, changed_parts(region), strict=True) if name in names)
        if parts:
            values_by_change.setdefault((region.subject, parts), []).extend(region.values())
    answers = (
        DifferingAnswer(tuple(box_in_words(box, subject) for box in boxes(values, FACTS_OF[subject])), len(values), parts)
        for (subject, parts), values in values_by_change.items()
    )
    return tuple(sorted(answers, key=lambda answer: -answer.size))


def box_in_words(box: Mapping[str, Sequence[str]], subject: str) -> str:
    """Return the values of a box, fact by fact; a fact that may have any value is left out."""
    words = [" or ".join(values) for name, values in box.items() if len(values) < len(FACTS_OF[subject][name])]
    return " / ".join(words) or "all"
