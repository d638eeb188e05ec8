"""All cases as compact grids, one per heading: stage down, e-invoice across, asked of the engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.links import Links, case_anchor
from reports.words import say
from sop_engine import Canceller, Case, Decision, EInvoice, Invoicing, Outcome, Reading, Scope, Source, Stage, decide
from sop_engine.order import reachable

Cite = tuple[str, str, str | None]
FOLLOWS = "; it follows, no sentence says so"
STATED, ASSUMED, SILENT = "stated", "assumed", "silent"


@dataclass(frozen=True, slots=True)
class CaseCell:
    """Neighbouring cases with one answer: outcome, tasks, who says so, and the ids to look up: id, short form, address.

    ``beside`` are the questions that change nothing of the answer, in the same form. ``off`` says that no order's life comes to them; ``anchors`` are the ids of the cases, ``columns`` their e-invoices.
    """

    span: int
    outcome: str
    tasks: tuple[str, ...]
    source: str
    cites: tuple[Cite, ...]
    beside: tuple[Cite, ...]
    off: bool
    columns: tuple[str, ...]
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One stage of the order, or neighbouring ones with the same answers, over all states of the e-invoice."""

    stages: tuple[str, ...]
    cells: tuple[CaseCell, ...]


@dataclass(frozen=True, slots=True)
class CaseGrid:
    """The answers under one heading of the SOP."""

    section: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[CaseRow, ...]


def case_grids(reading: str, links: Links) -> tuple[CaseGrid, ...]:
    """Eight grids of 32 cases, in document order."""
    return tuple(_grids(Reading(reading), links))


def _grids(reading: Reading, links: Links) -> Iterator[CaseGrid]:
    life = reachable()
    for canceller in Canceller:
        for invoicing in Invoicing:
            for scope in Scope:
                prefix = "SC" if canceller is Canceller.SELLER else "AC"
                section = f"{prefix}-{invoicing}-{'FULL' if scope is Scope.FULL else 'PART'}"
                rows = [[Case(canceller, scope, invoicing, stage, each) for each in EInvoice] for stage in Stage]
                told = [
                    [(_content(decide(case, reading)), (invoicing, case.stage, case.e_invoice) not in life) for case in row] for row in rows
                ]
                same = [[number for number, _ in group] for _, group in groupby(enumerate(told), lambda pair: pair[1])]
                title = f"{canceller[0].upper()}{canceller[1:]}, {scope} order, e-invoice by {_maker(invoicing)}"
                yield CaseGrid(
                    section,
                    title,
                    tuple(str(each) for each in EInvoice),
                    tuple(_row([rows[number] for number in numbers], told[numbers[0]], section, links) for numbers in same),
                )


def _maker(invoicing: Invoicing) -> str:
    return "the client's ERP" if invoicing is Invoicing.ERP else "RMS"


def _row(cases: Sequence[Sequence[Case]], told: Sequence[tuple["_Content", bool]], section: str, links: Links) -> CaseRow:
    """*cases* of one stage or several, which are *told* the same."""
    cells, at = [], 0
    for ((outcome, tasks, source, ids, notes), off), same in groupby(told):
        span = len(list(same))
        cites, beside = (tuple((each, each.removeprefix(f"{section}-"), links.id(each)) for each in some) for some in (ids, notes))
        columns = tuple(str(case.e_invoice) for case in cases[0][at : at + span])
        anchors = tuple(case_anchor(case) for row in cases for case in row[at : at + span])
        cells.append(CaseCell(span, outcome, tasks, source, cites, beside, off, columns, anchors))
        at += span
    return CaseRow(tuple(str(row[0].stage) for row in cases), tuple(cells))


_Content = tuple[str, tuple[str, ...], str, tuple[str, ...], tuple[str, ...]]


def _content(decision: Decision) -> _Content:
    if decision.tasks is None:
        tasks: tuple[str, ...] = ("what to do is left open",)
    else:
        tasks = tuple(say(task.to_plain()) for task in decision.tasks)
        if not tasks and decision.outcome is Outcome.ALLOWED:
            tasks = (say([], "tasks") + (FOLLOWS if decision.tasks_source is Source.FOLLOWS else ""),)
    return str(decision.outcome), tasks, source_of(decision), (*decision.clauses, *decision.gaps), decision.notes


def source_of(decision: Decision) -> str:
    """*silent* where a part of the answer is missing, *assumed* where a gap settles one, else *stated*."""
    sources = {str(decision.outcome_source), str(decision.tasks_source)}
    if SILENT in sources:
        return SILENT
    return ASSUMED if ASSUMED in sources else STATED
