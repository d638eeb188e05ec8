"""The traceability page: clauses by feature file, examples without a clause, questions, and how many cases are asserted."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import msgspec

from reports.document.content import ClauseView, Link, LinkedText, Tally
from reports.document.gaps import Role, roles_in_words
from reports.document.placement import plain_text_of
from reports.examples.status_marks import Status, tally, worst
from reports.examples.views import ScenarioView
from reports.site.context import Context
from reports.site.page import CHECK, Attachment, HtmlFile, Page
from sop_engine import FACTS, Canceller, EInvoice, Invoicing, Scope, Stage
from sop_engine.case import FURTHER_STAGES
from sop_engine.register.question_rows import OWNERS_COLUMNS
from sop_engine.text import counted, spreadsheet_cell, words_of_name
from sop_runs.record.status import passed

CSV = "questions.csv"
FACETS = ("outcome", "tasks", "clauses", "gaps")


class MatrixCell(msgspec.Struct, frozen=True):
    """The scenarios of one file that demonstrate one clause."""

    href: str
    count: int
    status: Status
    label: str


class Trace(msgspec.Struct, frozen=True):
    """A clause with an entry in ``crossings`` for each file of its part, None for a file that does not demonstrate it."""

    id: str
    href: str
    text: str
    status: Status
    reason: LinkedText
    crossings: tuple[MatrixCell | None, ...]
    scenarios: tuple["Listed", ...]


class Listed(msgspec.Struct, frozen=True):
    """Scenarios of one file; with ``all`` they are all of the file and need not be listed."""

    href: str
    path: str
    links: tuple[Link, ...]
    all: bool = False


class File(msgspec.Struct, frozen=True):
    """A column of the matrix."""

    href: str
    path: str
    name: str


class TracePart(msgspec.Struct, frozen=True):
    """The clauses of one main part of the document, and the files that demonstrate any of them."""

    title: str
    files: tuple[File, ...]
    traces: tuple[Trace, ...]


class Question(msgspec.Struct, frozen=True):
    """A gap as the owner of the document needs it."""

    id: str
    href: str
    title: str
    question: str
    chosen: str
    role: Role
    reach: str
    status: Status
    answered: str


class CaseCoverage(msgspec.Struct, frozen=True):
    """Number of the 32 cases under a heading that are asserted, part by part; ``named`` counts those of stages that the SOP names."""

    heading: str
    cases: int
    asserted: tuple[tuple[str, int], ...]
    named: int


class Traceability(msgspec.Struct, frozen=True):
    """The page's data."""

    parts: tuple[TracePart, ...]
    tally: Tally
    unlinked: tuple[Listed, ...]
    questions: tuple[Question, ...]
    numbers: str
    coverage: tuple[CaseCoverage, ...]
    facets: tuple[str, ...]
    csv: str


def traceability_page(context: Context) -> Traceability:
    """The page's data."""
    files = [
        File(context.links.feature(feature.path) or "", feature.path, _short_name(feature.path)) for feature in context.record.features
    ]
    clauses = [
        (part.title, [*part.clauses, *(clause for section in part.sections for clause in section.clauses)])
        for part in context.document.parts
    ]
    return Traceability(
        tuple(_trace_part(title, part_clauses, context, files) for title, part_clauses in clauses if part_clauses),
        tally(clause.status for _, part_clauses in clauses for clause in part_clauses),
        tuple(_listed_files(context.placement.unlinked, context, mark_whole_files=True)),
        tuple(_questions(context)),
        roles_in_words(gap.role for gap in context.document.gaps),
        tuple(_case_coverage(context)),
        FACETS,
        CSV,
    )


def _trace_part(title: str, clauses: Sequence[ClauseView], context: Context, files: Iterable[File]) -> TracePart:
    paths = {_path(scenario) for clause in clauses for scenario in _scenarios_of(clause, context)}
    part_files = tuple(file for file in files if file.path in paths)
    return TracePart(title, part_files, tuple(_trace(clause, context, part_files) for clause in clauses))


def _short_name(path: str) -> str:
    """Return ``seller full ERP`` for ``seller_cancellation/full_erp.feature``."""
    folder, _, name = path.removesuffix(".feature").rpartition("/")
    return words_of_name(f"{folder.rpartition('/')[2].partition('_')[0]}_{name}".strip("_"))


def _scenarios_of(clause: ClauseView, context: Context) -> list[ScenarioView]:
    return [*context.placement.tagged.get(clause.id, ()), *context.placement.cited.get(clause.id, ())]


def _trace(clause: ClauseView, context: Context, files: Iterable[File]) -> Trace:
    scenarios = _scenarios_of(clause, context)
    return Trace(
        clause.id,
        context.links.clause(clause.id) or "",
        clause.text,
        clause.status,
        clause.why_not,
        tuple(_crossing([scenario for scenario in scenarios if _path(scenario) == file.path], clause.id, file) for file in files),
        tuple(_listed_files(scenarios, context)),
    )


def _crossing(scenarios: list[ScenarioView], identifier: str, file: File) -> MatrixCell | None:
    if not scenarios:
        return None
    status = worst([status for scenario in scenarios for status in scenario.statuses])
    count = len(scenarios)
    return MatrixCell(scenarios[0].href, count, status, f"{identifier} in {file.name}: {counted(count, 'scenario')}, {status}")


def _path(scenario: ScenarioView) -> str:
    return scenario.place.rpartition(":")[0]


def _listed_files(scenarios: Iterable[ScenarioView], context: Context, *, mark_whole_files: bool = False) -> Iterator[Listed]:
    """Group *scenarios* by file, in the order of each file's first; *mark_whole_files* marks files of which every scenario is included."""
    by_file: dict[str, list[Link]] = {}
    for scenario in scenarios:
        by_file.setdefault(_path(scenario), []).append(Link(scenario.href, scenario.name, scenario.status))
    written = Counter(map(_path, context.scenarios)) if mark_whole_files else Counter()
    for path, links in by_file.items():
        yield Listed(context.links.feature(path) or "", path, tuple(links), all=len(links) == written[path])


def _questions(context: Context) -> Iterator[Question]:
    for gap in context.document.gaps:
        yield Question(
            gap.id,
            context.links.gap(gap.id) or "",
            gap.title,
            plain_text_of(gap.question),
            plain_text_of(gap.chosen),
            gap.role,
            gap.reach,
            gap.status,
            gap.answered,
        )


def _case_coverage(context: Context) -> Iterator[CaseCoverage]:
    """Count the asserted parts of the answers in the run's reading; only claims that hold count."""
    reading = context.record.head.reading
    asserted: dict[str, set[tuple[str, ...]]] = {facet: set() for facet in FACETS}
    for scenario in context.record.scenarios:
        for claim in scenario.claims if passed(scenario) else ():
            subject = claim.subject
            if subject.get("kind") == "case" and claim.reading == reading and claim.facet in asserted:
                asserted[claim.facet].add(tuple(str(subject.get("facts", {}).get(name)) for name in FACTS))
    named_stages = {Stage.FULFILLABLE, Stage.PROCESSING, Stage.PACKED, *FURTHER_STAGES}
    for head in product(Canceller, Scope, Invoicing):
        cases = [(*map(str, head), str(stage), str(e_invoice)) for stage, e_invoice in product(Stage, EInvoice)]
        fully_asserted = set.intersection(*asserted.values())
        yield CaseCoverage(
            " / ".join(map(str, head)),
            len(cases),
            tuple((facet, sum(case in asserted[facet] for case in cases)) for facet in FACETS),
            sum(case in fully_asserted and case[3] in named_stages for case in cases),
        )


def questions_csv(context: Context) -> bytes:
    """Format the gaps as CSV for the owner of the document, a row for each, as `sop questions --in` reads it; no cell can act as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    titles = ["id", "title", "kind", "nearest text", "question", "readings", "we assume", "why", "watch", "effect", "cases", "status"]
    writer.writerow([*titles, *OWNERS_COLUMNS])
    answers = {gap.id: gap.answer or {} for gap in (context.record.rulebook.gaps if context.record.rulebook else ())}
    for gap in context.document.gaps:
        readings = "\n".join(f"{number}: {reading}" for number, reading in enumerate(gap.readings, start=1))
        cells = (
            gap.id,
            gap.title,
            gap.kind,
            plain_text_of(gap.nearest),
            plain_text_of(gap.question),
            readings,
            plain_text_of(gap.chosen),
            plain_text_of(gap.why),
            plain_text_of(gap.watch),
            gap.role,
        )
        own = [str(answers[gap.id].get(part) or "") for part in ("reading", "by", "on", "evidence", "remark")]
        cases = "" if gap.cases is None else gap.cases
        writer.writerow([*map(spreadsheet_cell, cells), cases, *map(spreadsheet_cell, (gap.answered or "open", *own))])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
    if context.record.rulebook:
        yield HtmlFile("traceability.html", "Traceability", "traceability.html.j2", traceability_page(context))
        yield Attachment(CSV, questions_csv(context))


PAGE = Page("Traceability", _html_files, CHECK)
