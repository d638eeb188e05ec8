"""Scenarios as their author wrote them, with the results of a run on the checks.

Set-up has no mark: a reader sees at once what is asserted and what is only stated.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from reports.examples.failure_messages import Results, failure_messages, first_lines, step_failure_messages
from reports.examples.status_marks import Status, claims_of, have_several_subjects, status_of_run, status_of_step, statuses_in_words, worst
from reports.examples.tables import data_table, examples_table
from reports.examples.views import Cell, FailureView, Part, ScenarioView, StepView, Table
from reports.html.anchors import outline_name
from reports.html.links import Links
from sop_runs.claim_words import value_in_words
from sop_runs.record.schema import Background, Claim, FeatureDocument, ScenarioRecord, WrittenScenario, WrittenStep
from sop_runs.record.status import holds


def scenario_views(path: str, document: FeatureDocument, results: Results, links: Links) -> Iterator[ScenarioView]:
    """Return every scenario of a feature in document order, run or not."""
    outer = _background(document.background)
    for child in document.children:
        if isinstance(child, WrittenScenario):
            place = _Place(path, "", "", (tuple(child.tags), tuple(document.tags)), outer)
            yield _view(place, child, results, links)
            continue
        steps = (*outer, *_background(child.background))
        for scenario in child.children:
            levels = (tuple(scenario.tags), tuple(child.tags), tuple(document.tags))
            place = _Place(path, child.name, child.description, levels, steps)
            yield _view(place, scenario, results, links)


def written_steps(steps: Sequence[WrittenStep]) -> tuple[StepView, ...]:
    """Return *steps* as written, without results; those of a Background at the place where they are written."""
    return tuple(_step(step, 0, (None,), (), background=True) for step in steps)


class _Place(msgspec.Struct, frozen=True):
    """The place of a scenario: its file, its Rule, the tags around it (innermost first), its Background."""

    path: str
    rule: str
    rule_description: str
    levels: tuple[tuple[str, ...], ...]
    background: tuple[WrittenStep, ...]


def _background(background: Background | None) -> tuple[WrittenStep, ...]:
    return tuple(background.steps) if background else ()


def _view(place: _Place, written: WrittenScenario, results: Results, links: Links) -> ScenarioView:
    rows = [(row.instance, row.line) for block in written.examples for row in block.rows]
    instances = rows or ([(written.instance, written.line)] if written.instance else [])
    runs = [results.get((place.path, instance)) for instance, _ in instances]
    statuses = tuple(map(status_of_run, runs))
    status = worst(statuses)
    outline = written.instance is None
    name = outline_name(place.path, place.rule, written.name) if outline else written.instance or ""
    anchor = links.anchors.take(name, of=place.path)
    file = links.feature(place.path) or ""
    steps = (*place.background, *written.steps)
    columns = [name for block in written.examples for name in block.header]
    views = tuple(_step(step, index, runs, columns, background=index < len(place.background)) for index, step in enumerate(steps))
    tables = tuple(examples_table(block, steps, results, links.anchors, place.path) for block in written.examples)
    failures = _failures(place, written, tables, runs, file, anchor) if Status.FAILED in statuses else ()
    records = [run for run in runs if run]
    inner = tuple(tag for block in written.examples for tag in block.tags)
    tags = dict.fromkeys(tag for level in (*reversed(place.levels), inner) for tag in level)
    return ScenarioView(
        anchor=anchor,
        href=f"{file}#{anchor}",
        keyword=written.keyword,
        name=written.name,
        description=written.description,
        place=f"{place.path}:{written.line}",
        rule=place.rule,
        rule_description=place.rule_description,
        tags=tuple(tags),
        levels=(inner, *place.levels),
        status=status,
        summary=statuses_in_words(statuses) if outline else str(status),
        steps=views,
        tables=tables,
        statuses=statuses,
        failures=failures,
        cited=tuple(dict.fromkeys(_citations(records))),
    )


def _citations(runs: Sequence[ScenarioRecord]) -> Iterator[str]:
    """Return the ids of clauses and gaps that claims expect to be cited."""
    for run in runs:
        for claim in run.claims:
            if claim.facet in ("clause", "clauses", "gap", "gaps"):
                yield from _texts(claim.expected)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (text for text in value if isinstance(text, str))


def _failures(  # noqa: PLR0913 - its place and its result
    place: _Place,
    written: WrittenScenario,
    tables: Sequence[Table],
    runs: Sequence[ScenarioRecord | None],
    file: str,
    anchor: str,
) -> tuple[FailureView, ...]:
    rows = [(table, row) for table in tables for row in table.rows]
    if not rows:
        if not runs[0]:
            return ()
        where = f"{place.path}:{written.line}"
        return (FailureView(f"{file}#{anchor}", written.name, "", failure_messages(runs[0]), where),)
    return tuple(
        FailureView(
            f"{file}#{row.anchor or anchor}",
            written.name,
            ", ".join(f"{name} {cell.text}" for name, cell in zip(table.header, row.cells, strict=False)),
            failure_messages(run),
            f"{place.path}:{row.line}",
        )
        for (table, row), run in zip(rows, runs, strict=True)
        if run and row.status is Status.FAILED
    )


def _step(
    written: WrittenStep,
    index: int,
    runs: Sequence[ScenarioRecord | None],
    columns: Sequence[str],
    *,
    background: bool,
) -> StepView:
    if (
        not columns
        and len(runs) == 1
        and (run := runs[0])
        and index < len(run.steps)
        and status_of_step(run, step := run.steps[index]) is Status.PASSED
    ):
        return StepView(
            written.keyword.strip(),
            (Part("text", written.text),),
            Status.PASSED if step.kind == "then" else None,
            table=data_table(written, step, claims_of(run, step)) if written.table else None,
            docstring=written.docstring,
            background=background,
        )
    results = [(run, run.steps[index]) for run in runs if run and index < len(run.steps)]
    check = any(step.kind == "then" for _, step in results)
    statuses = [status_of_step(run, step) for run, step in results]
    bad = [result for result, status in zip(results, statuses, strict=True) if status in {Status.FAILED, Status.NOT_SUPPORTED}]
    outline = bool(columns)
    claims = claims_of(*results[0]) if results and runs[0] else []
    claims = [] if bad and have_several_subjects(claims) else claims
    # The table of an outline has statuses only if they are the same for every row.
    same = not outline or set(statuses) == {Status.PASSED}
    table = data_table(written, results[0][1] if results and same else None, claims if same else [])
    table = _with_placeholders(table, columns) if table and outline else table
    parts = _step_parts(written.text, columns, [] if outline else claims)
    is_shown_below = outline or _shows(table) or any(part.kind == "found" for part in parts)
    return StepView(
        keyword=written.keyword.strip(),
        parts=parts,
        status=worst(statuses) if results and (check or bad) else None,
        summary=statuses_in_words(statuses, "row") if outline and len(set(statuses)) > 1 and (check or bad) else "",
        notes=()
        if is_shown_below or not runs[0]
        else first_lines([line for run, step in bad for line in step_failure_messages(run, step)]),
        table=table,
        docstring=written.docstring,
        background=background,
    )


def _with_placeholders(table: Table, columns: Sequence[str]) -> Table:
    """Return *table* with the cells that are one of *columns* in angle brackets marked as such."""
    names = {f"<{column}>": column for column in columns}

    def cell(written: Cell) -> Cell:
        return replace(written, text=names[written.text], placeholder=True) if written.text in names else written

    return replace(table, rows=tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in table.rows))


def _shows(table: Table | None) -> bool:
    """Return whether a table already shows the failure in its cells or rows."""
    return table is not None and any(row.mismatch or any(cell.status is Status.FAILED for cell in row.cells) for row in table.rows)


def _step_parts(text: str, columns: Sequence[str], claims: Sequence[Claim]) -> tuple[Part, ...]:
    """Split the text of a step at its placeholders and, if a check failed, at the expected value."""
    for claim in claims:
        expected = value_in_words(claim.expected, claim.facet)
        if not holds(claim) and claim.cell is None and expected and text.count(expected) == 1:
            before, _, after = text.partition(expected)
            actual = value_in_words(claim.actual, claim.facet)
            parts = [Part("text", before), Part("expected", expected), Part("found", actual), Part("text", after)]
            return tuple(part for part in parts if part.text)
    parts = [Part("text", text)]
    for column in dict.fromkeys(columns):
        parts = [piece for part in parts for piece in _cut(part, f"<{column}>")]
    return tuple(parts)


def _cut(part: Part, mark: str) -> list[Part]:
    if part.kind != "text" or mark not in part.text:
        return [part]
    pieces: list[Part] = []
    for index, text in enumerate(part.text.split(mark)):
        pieces += [Part("placeholder", mark[1:-1])] if index else []
        pieces += [Part("text", text)] if text else []
    return pieces
