"""The page of open questions: each with its possible readings and the one assumed until it is answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.document.content import GapView, Tally
from reports.document.gaps import Role, roles_in_words
from reports.examples.status_marks import tally
from reports.html.links import QUESTIONS_PAGE
from reports.site.answer_regions import ChangedPart, changed_parts
from reports.site.context import Context
from reports.site.page import READ, HtmlFile, Page
from sop_engine.boxes import boxes
from sop_engine.comparison import Region
from sop_engine.engine import ENGINE
from sop_engine.reader import FACTS_OF
from sop_engine.register.readings import effect_without_proof
from sop_engine.statement import Gap
from sop_engine.text import counted

MOST_ANSWERS = 6
"""Most groups of answers that are listed of a reading."""
SHOWN_PARTS = ("outcome", "tasks", "stock", "offline_claim")


@dataclass(frozen=True, slots=True)
class Questions:
    """The gaps by their effect on the answers, those with most cases first, with their numbers and the results of their examples.

    ``readings`` has what each reading of a gap would change, for gaps that affect answers; nothing if the run had another rulebook.
    """

    kinds: tuple["QuestionGroup", ...]
    numbers: str
    tally: Tally
    readings: Mapping[str, tuple["ReadingRow", ...]]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading of a gap: ``state`` says whether it is in force, ``effect`` how many answers differ with it, ``answers`` which; ``more`` are not listed."""

    number: int
    text: str
    state: str
    effect: str
    answers: tuple["DifferingAnswer", ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class DifferingAnswer:
    """Situations whose answer differs in the same way: which, how many, and the parts that differ, now and with the reading."""

    situations: tuple[str, ...]
    size: int
    parts: tuple[ChangedPart, ...]


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The gaps of one role, under a heading."""

    anchor: str
    title: str
    opening: str
    gaps: tuple[GapView, ...]


HEADINGS = {
    Role.DECIDES: ("deciding", "Questions that affect answers", "The answer to their cases depends on the reading."),
    Role.BESIDE: (
        "beside",
        "Questions shown beside an answer",
        "They do not change the answer to their cases. Until they are answered, watch what each of them names.",
    ),
    Role.AROUND: (
        "others",
        "Questions without cases",
        "They are about the document, the reports or other procedures. No answer to a case depends on them.",
    ),
}


def questions_page(context: Context) -> Questions:
    """The page's data."""
    gaps = context.document.gaps
    by_reach = sorted(gaps, key=lambda gap: -(gap.cases or 0))
    kinds = (QuestionGroup(*HEADINGS[role], tuple(gap for gap in by_reach if gap.role is role)) for role in Role)
    return Questions(
        tuple(kind for kind in kinds if kind.gaps),
        roles_in_words(gap.role for gap in gaps),
        tally(gap.status for gap in gaps),
        {gap.id: tuple(reading_rows(gap)) for gap in ENGINE.rulebook.gaps if gap.decides and gap.cases} if context.cases else {},
    )


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


def _html_files(context: Context) -> Iterator[HtmlFile]:
    if context.document.gaps:
        yield HtmlFile(QUESTIONS_PAGE, "Open questions", "questions.html.j2", questions_page(context))


PAGE = Page("Open questions", _html_files, "what the SOP leaves open, how it can be read, and what we assume until it is answered", READ)
