"""All cases as compact grids, one for each heading: stage down, e-invoice across; the engine gives the answers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from reports.document.answer_marks import code_of, slug_of, symbol_of
from reports.document.certainty import Certainty, certainty_of, certainty_of_answer
from reports.examples.values import value_text
from reports.html.links import Links, case_anchor
from reports.html.reading_switch import MEANINGS, Choice, choices
from sop_engine import EVERY_CASE, Canceller, Case, Decision, EInvoice, Invoicing, Reading, Scope, Stage, Timing, decide
from sop_engine.order import cannot_occur

Cite = tuple[str, str, str | None]


class AnswerWords(msgspec.Struct, frozen=True):
    """An answer in words: outcome and tasks with their certainty, the ids that decide it, and the questions beside it.

    ``due`` is set if all tasks fall due at one time other than now; if only some do, each task names its time. ``codes`` are the tasks in
    short, ``outcome_class`` and ``outcome_symbol`` mark the outcome.
    """

    outcome: str
    outcome_certainty: Certainty
    tasks: tuple[str, ...]
    due: str
    tasks_certainty: Certainty
    certainty: Certainty
    cites: tuple[str, ...]
    beside: tuple[str, ...]
    codes: tuple[str, ...] = ()
    outcome_class: str = ""
    outcome_symbol: str = ""


class CellAnswer(msgspec.Struct, frozen=True):
    """The answer of a cell in one reading, and its ids as id, short form and address.

    ``other`` is the answer of the other reading, empty if it is the same; ``beside`` holds the questions that do not change the answer.
    """

    answer: AnswerWords
    other: str
    cites: tuple[Cite, ...]
    beside: tuple[Cite, ...]


class CaseCell(msgspec.Struct, frozen=True):
    """Neighbouring cases with one answer in each reading.

    ``answers`` holds both answers, or one if they are the same in everything. ``off`` means that the cases cannot occur in practice;
    ``anchors`` are the ids of the cases, ``columns`` their e-invoices.
    """

    span: int
    answers: Mapping[Reading, CellAnswer]
    off: bool
    columns: tuple[str, ...]
    anchors: tuple[str, ...]

    def answer_in(self, reading: Reading) -> CellAnswer:
        """Return the answer in *reading*."""
        return self.answers.get(reading) or self.answers[Reading.AS_PRACTISED]

    def answers_by_reading(self, *parts: str) -> tuple[tuple[str, CellAnswer], ...]:
        """Return the answer in each reading with its class, or once and without one where the readings agree on *parts* (attributes of `AnswerWords`)."""
        first, *others = self.answers.values()
        if all(getattr(first.answer, part) == getattr(other.answer, part) for other in others for part in parts):
            return (("", first),)
        return tuple((f" {choice.layer}", answer) for choice, answer in zip(choices(), self.answers.values(), strict=True))

    @property
    def others(self) -> tuple[tuple[Choice, str], ...]:
        """Where the other reading has another answer: each reading with the answer of the other one."""
        return tuple((choice, answer.other) for choice, answer in zip(choices(), self.answers.values(), strict=False) if answer.other)

    @property
    def marks(self) -> str:
        """The classes of the cell: outcome and certainty as practised, and with ``w-`` before them as written where they differ."""
        here, there = ((answer.outcome_class, str(answer.certainty)) for answer in (self.answer_in(reading).answer for reading in MEANINGS))
        written = tuple(f"w-{name}" for name in there) if there != here else ()
        return " ".join((*here, *written, *(("off",) if self.off else ())))


class CaseRow(msgspec.Struct, frozen=True):
    """One stage of the order, or neighbouring ones with the same answers, over all states of the e-invoice."""

    stages: tuple[str, ...]
    cells: tuple[CaseCell, ...]


class CaseGrid(msgspec.Struct, frozen=True):
    """The answers under one heading of the SOP; ``differing`` counts the cases with another answer in the other reading."""

    section: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[CaseRow, ...]
    differing: int


def case_grids(links: Links) -> tuple[CaseGrid, ...]:
    """Return eight grids of 32 cases, in document order."""
    return tuple(_grids(links))


def answer_words(decision: Decision) -> AnswerWords:
    """Return *decision* in the words of the pages."""
    tasks: tuple[str, ...] = ("what to do is left open",)
    due = ""
    if decision.tasks is not None:
        moments = {task.when for task in decision.tasks}
        due = str(*moments) if len(moments) == 1 and Timing.NOW not in moments else ""
        tasks = tuple(value_text(task.as_words[:2] if due else task.as_words) for task in decision.tasks) or (value_text([], "tasks"),)
    return AnswerWords(
        str(decision.outcome),
        certainty_of(decision.outcome_source),
        tasks,
        due,
        certainty_of(decision.tasks_source),
        certainty_of_answer(decision),
        (*decision.clauses, *decision.gaps),
        decision.notes,
        tuple(map(code_of, decision.tasks or ())),
        slug_of(decision.outcome),
        symbol_of(decision.outcome),
    )


def difference_text(answer: AnswerWords, other: AnswerWords) -> str:
    """Return what differs in *other* from *answer*: the outcome, the tasks, or both; empty if they are equal."""
    parts = [other.outcome] if (other.outcome, other.outcome_certainty) != (answer.outcome, answer.outcome_certainty) else []
    if (other.tasks, other.due, other.tasks_certainty) != (answer.tasks, answer.due, answer.tasks_certainty):
        parts.append((f"{other.due}: " if other.due else "") + "; ".join(other.tasks))
    return "; ".join(parts)


def heading_of(case: Case) -> str:
    """Return the id of the heading of *case*."""
    prefix = "SC" if case.canceller is Canceller.SELLER else "AC"
    return f"{prefix}-{case.invoicing}-{'FULL' if case.scope is Scope.FULL else 'PART'}"


_AMOUNTS = {Scope.FULL: "full order", Scope.PARTIAL: "part of the order"}
"""How much is cancelled, in the titles of the grids."""
_Content = tuple[AnswerWords, AnswerWords, bool]
"""The content of a cell for one case: the answer as practised and as written, and whether the case cannot occur in practice."""


def _grids(links: Links) -> Iterator[CaseGrid]:
    off = cannot_occur(EVERY_CASE)
    for canceller in Canceller:
        for invoicing in Invoicing:
            for scope in Scope:
                rows = [[Case(canceller, scope, invoicing, stage, e_invoice) for e_invoice in EInvoice] for stage in Stage]
                contents = [[_content(case, case in off) for case in row] for row in rows]
                same = [[number for number, _ in group] for _, group in groupby(enumerate(contents), lambda pair: pair[1])]
                section = heading_of(rows[0][0])
                yield CaseGrid(
                    section,
                    f"{canceller[0].upper()}{canceller[1:]}, {_AMOUNTS[scope]}, e-invoice by {_maker(invoicing)}",
                    tuple(str(e_invoice) for e_invoice in EInvoice),
                    tuple(_case_row([rows[number] for number in numbers], contents[numbers[0]], section, links) for numbers in same),
                    sum(bool(difference_text(practised, written)) for row in contents for practised, written, _ in row),
                )


def _content(case: Case, off: bool) -> _Content:  # noqa: FBT001 - a part of the content
    practised, written = (answer_words(decide(case, reading)) for reading in MEANINGS)
    return practised, written, off


def _maker(invoicing: Invoicing) -> str:
    return "the client's ERP" if invoicing is Invoicing.ERP else "RMS"


def _case_row(cases: Sequence[Sequence[Case]], contents: Sequence[_Content], section: str, links: Links) -> CaseRow:
    """Return the row of *cases*, of one stage or of several with the same *contents*."""
    cells, at = [], 0
    for (practised, written, off), same in groupby(contents):
        span = len(list(same))
        answers = {Reading.AS_PRACTISED: _cell_answer(practised, written, section, links)}
        if written != practised:
            answers[Reading.AS_WRITTEN] = _cell_answer(written, practised, section, links)
        columns = tuple(str(case.e_invoice) for case in cases[0][at : at + span])
        anchors = tuple(case_anchor(case) for row in cases for case in row[at : at + span])
        cells.append(CaseCell(span, answers, off, columns, anchors))
        at += span
    return CaseRow(tuple(str(row[0].stage) for row in cases), tuple(cells))


def _cell_answer(answer: AnswerWords, other: AnswerWords, section: str, links: Links) -> CellAnswer:
    cites, beside = (
        tuple((identifier, identifier.removeprefix(f"{section}-"), links.id(identifier)) for identifier in ids)
        for ids in (answer.cites, answer.beside)
    )
    return CellAnswer(answer, difference_text(answer, other), cites, beside)
