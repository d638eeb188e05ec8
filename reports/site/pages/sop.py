"""The page of the SOP in document order: every clause in our words, its certainty in both readings, and its examples."""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from reports.document.case_grids import heading_of
from reports.document.certainty import (
    BESIDE,
    DIFFERS,
    Certainty,
    CertaintyCounts,
    certainty_counts_by_clause,
    certainty_counts_in_words,
    certainty_of_answer,
)
from reports.document.content import ClauseView, GapView, LivingDocument, PartView, Tally
from reports.document.gaps import Role, roles_in_words
from reports.document.source_text import SourceQuotes, quotes_by_line
from reports.examples.status_marks import Status, tally
from reports.html.links import CASES_PAGE, SOP_PAGE
from reports.html.reading_switch import MEANINGS, Choice, choices
from reports.site.context import Context
from reports.site.page import READ, HtmlFile, Page
from sop_engine import EVERY_CASE, Reading, decide
from sop_engine.text import counted

FORCE = (
    ("must", "the text has *have to*, or lists it as a step to be performed"),
    ("should", "the text has *should*"),
    ("may", "the text has *can*, *allowed* or *supported*"),
    ("need not", "the text has *no need* or *no action*; it forbids nothing"),
    ("cannot", "the text has *not supported*, *no support* or *there will be no*; whether a system prevents it is not said"),
    ("what happens", "what a system does"),
    ("fact", "it states a fact and requires nothing"),
)
"""The force of a clause in the words of the page, and the words of the text that express it."""
Standing = tuple[str, CertaintyCounts, str, str]
"""Certainty in one reading: the class that shows it, the counts, and the name of the other reading with its counts in words."""
SHOWN_AS = {"must not": "cannot", "outcome": "what happens"}


class SopView(msgspec.Struct, frozen=True):
    """The parts of the document in both readings; ``quotes`` is the reader's own copy of it, where there is one.

    ``certainty_counts`` says how certain each clause is in each reading, ``headings`` how certain the answers under a heading are. They are
    empty where the run had another rulebook.
    """

    parts: tuple[PartView, ...]
    gaps: Mapping[str, GapView]
    numbers: str
    tally: Tally
    quotes: SourceQuotes | None
    certainty_counts: Mapping[Reading, Mapping[str, CertaintyCounts]]
    headings: Mapping[Reading, Mapping[str, CertaintyCounts]]
    cases: str = CASES_PAGE
    choices: tuple[Choice, ...] = choices()
    certainties: tuple[Certainty, ...] = tuple(Certainty)
    signs: tuple[tuple[str, str, str], ...] = (DIFFERS, BESIDE)
    force: tuple[tuple[str, str], ...] = FORCE

    def certainty_of_clause(self, clause: ClauseView) -> tuple[Standing, ...]:
        """Return the certainty of *clause*: once if both readings have the same, and otherwise in each reading."""
        return _standing(self.certainty_counts, clause.id)

    def certainty_of_heading(self, heading: str) -> tuple[Standing, ...]:
        """Return the certainty of the answers under *heading*, as `certainty_of_clause` does."""
        return _standing(self.headings, heading)

    def deciding(self, clause: ClauseView) -> tuple[GapView, ...]:
        """Return the gaps about *clause* that affect answers; none for a clause that decides nothing."""
        if clause.status is Status.NOT_OPERATIVE:
            return ()
        return tuple(gap for gap in (self.gaps[link.short] for link in clause.gaps) if gap.role is Role.DECIDES)

    def other_questions(self, clause: ClauseView) -> tuple[GapView, ...]:
        """Return the other gaps about *clause*."""
        deciding = self.deciding(clause)
        return tuple(gap for gap in (self.gaps[link.short] for link in clause.gaps) if gap not in deciding)

    def is_open(self, gap: GapView) -> bool:
        """Return whether *gap* is open as practised too, wholly or in part; as written every gap is open."""
        return bool(gap.leaves_open)

    def force_of(self, clause: ClauseView) -> str:
        """Return the force of *clause*, no stronger than the word of the text."""
        return SHOWN_AS.get(clause.modality, clause.modality)


def _source_places(document: LivingDocument) -> Iterator[str]:
    """Return the line numbers of headings and clauses as ids, in document order."""
    for part in document.parts:
        yield from (clause.line for clause in part.clauses)
        for section in part.sections:
            yield section.line
            yield from (clause.line for clause in section.clauses)


def sop_view(context: Context) -> SopView:
    """The page's data.

    Raises:
        ReportError: the reader's copy is of another document.
    """
    parts = context.document.parts
    clauses = [clause for part in parts for clause in part.all_clauses]
    quotes = quotes_by_line(_source_places(context.document), context.source) if context.source is not None else None
    gaps = context.document.gaps
    return SopView(
        parts,
        {gap.id: gap for gap in gaps},
        roles_in_words(gap.role for gap in gaps),
        tally(clause.status for clause in clauses),
        quotes,
        {reading: certainty_counts_by_clause(reading) if context.cases else {} for reading in MEANINGS},
        {reading: _certainty_by_heading(reading) if context.cases else {} for reading in MEANINGS},
    )


def _standing(counts: Mapping[Reading, Mapping[str, CertaintyCounts]], identifier: str) -> tuple[Standing, ...]:
    practised, written = (counts[reading].get(identifier, ()) for reading in MEANINGS)
    if practised == written:
        return (("", practised, "", ""),) if practised else ()
    return tuple(
        (choice.layer, here, choice.other, certainty_counts_in_words(there))
        for choice, here, there in zip(choices(), (practised, written), (written, practised), strict=True)
    )


def _certainty_by_heading(reading: Reading) -> Mapping[str, CertaintyCounts]:
    """Count the cases under each heading by certainty, that of the less certain part of the answer."""
    numbers: dict[str, Counter[Certainty]] = {}
    for case in EVERY_CASE:
        numbers.setdefault(heading_of(case), Counter())[certainty_of_answer(decide(case, reading))] += 1
    return {
        heading: tuple((certainty, counted(count[certainty], "case")) for certainty in Certainty if count[certainty])
        for heading, count in numbers.items()
    }


def _html_files(context: Context) -> Iterator[HtmlFile]:
    if context.document.parts:
        yield HtmlFile(SOP_PAGE, "The SOP", "sop.html.j2", sop_view(context))


PAGE = Page("The SOP", _html_files, READ)
