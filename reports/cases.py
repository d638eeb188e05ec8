"""All cases as compact grids, one per heading: stage down, e-invoice across, asked of the engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.links import Links
from reports.words import say
from sop_engine import Canceller, Case, Decision, EInvoice, Invoicing, Outcome, Reading, Scope, Stage, decide

STATED, ASSUMED, SILENT = "stated", "assumed", "silent"


@dataclass(frozen=True, slots=True)
class CaseCell:
    """Neighbouring cases with one answer: outcome, tasks, who says so, and the ids to look up: id, short form, address."""

    span: int
    outcome: str
    tasks: tuple[str, ...]
    source: str
    cites: tuple[tuple[str, str, str | None], ...]


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
    for canceller in Canceller:
        for invoicing in Invoicing:
            for scope in Scope:
                prefix = "SC" if canceller is Canceller.SELLER else "AC"
                section = f"{prefix}-{invoicing}-{'FULL' if scope is Scope.FULL else 'PART'}"
                answers = [
                    (stage, _cells(section, [decide(Case(canceller, scope, invoicing, stage, each), reading) for each in EInvoice], links))
                    for stage in Stage
                ]
                rows = tuple(
                    CaseRow(tuple(str(stage) for stage, _ in same), cells) for cells, same in groupby(answers, lambda answer: answer[1])
                )
                title = f"{canceller[0].upper()}{canceller[1:]}, {scope} order, e-invoice by {_maker(invoicing)}"
                yield CaseGrid(section, title, tuple(str(each) for each in EInvoice), rows)


def _maker(invoicing: Invoicing) -> str:
    return "the client's ERP" if invoicing is Invoicing.ERP else "RMS"


def _cells(section: str, decisions: Sequence[Decision], links: Links) -> tuple[CaseCell, ...]:
    cells = []
    for (outcome, tasks, source, ids), same in groupby(decisions, _content):
        cites = tuple((each, each.removeprefix(f"{section}-"), links.id(each)) for each in ids)
        cells.append(CaseCell(len(list(same)), outcome, tasks, source, cites))
    return tuple(cells)


def _content(decision: Decision) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    if decision.tasks is None:
        tasks: tuple[str, ...] = ("what to do is left open",)
    else:
        tasks = tuple(say(task.to_plain()) for task in decision.tasks)
        if not tasks and decision.outcome is Outcome.ALLOWED:
            tasks = (say([], "tasks"),)
    return str(decision.outcome), tasks, _source(decision), (*decision.clauses, *decision.gaps)


def _source(decision: Decision) -> str:
    """*silent* where a part of the answer is missing, *assumed* where a gap settles one, else *stated*."""
    sources = {str(decision.outcome_source), str(decision.tasks_source)}
    if SILENT in sources:
        return SILENT
    return ASSUMED if ASSUMED in sources else STATED
