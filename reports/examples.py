"""Scenarios as their author wrote them, with the run painted onto the checks.

Set-up is never painted: a reader sees at once what is asserted and what is only said beforehand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.anchors import Anchors, outline_name
from reports.shapes import Claim, Document, Examples, Scenario, Step, WrittenScenario, WrittenStep
from reports.status import Status, in_words, status_of, worst
from reports.words import say

_PROBLEMS = {
    "undefined": "no binding knows this sentence",
    "ambiguous": "several bindings match this sentence",
    "broken": "the binding broke",
    "failed": "not so",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a step's text: plain, a placeholder, or a value that was expected or found instead."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written; with a status where it is a check, and what was found where that differs."""

    text: str
    status: Status | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``fate``: None, or *missing* (expected, not found) or *surplus* (found, not expected)."""

    cells: tuple[Cell, ...]
    status: Status | None = None
    anchor: str | None = None
    line: int | None = None
    notes: tuple[str, ...] = ()
    fate: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as written; ``checks`` tells for each column whether anything in it is asserted."""

    rows: tuple[Row, ...]
    header: tuple[str, ...] = ()
    checks: tuple[bool, ...] = ()
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """A step; its status is shown where it is a check, or where it went wrong."""

    keyword: str
    parts: tuple[Part, ...]
    status: Status | None
    summary: str = ""
    notes: tuple[str, ...] = ()
    table: Table | None = None
    docstring: str | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """One example that is not as written, for the list at the top."""

    anchor: str
    name: str
    values: str
    notes: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario or an outline with its rows: the unit its author wrote."""

    anchor: str
    keyword: str
    name: str
    description: str
    place: str
    rule: str
    rule_description: str
    tags: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    status: Status
    summary: str
    steps: tuple[StepView, ...]
    tables: tuple[Table, ...]
    statuses: tuple[Status, ...]
    failures: tuple[Failure, ...] = ()
    cited: tuple[str, ...] = field(default=())


def scenario_views(
    path: str, document: Document, results: Mapping[str, Scenario], anchors: Anchors
) -> Iterator[ScenarioView]:
    """Every scenario of a feature in document order, whether it ran or not."""
    outer = _background(document["background"])
    for child in document["children"]:
        if child["kind"] == "scenario":
            place = _Place(path, "", "", (tuple(child["tags"]), tuple(document["tags"])), outer)
            yield _view(place, child, results, anchors)
            continue
        steps = (*outer, *_background(child["background"]))
        for scenario in child["children"]:
            levels = (tuple(scenario["tags"]), tuple(child["tags"]), tuple(document["tags"]))
            place = _Place(path, child["name"], child["description"], levels, steps)
            yield _view(place, scenario, results, anchors)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a scenario stands: its file, its Rule, the tags around it (innermost first), its Background."""

    path: str
    rule: str
    rule_description: str
    levels: tuple[tuple[str, ...], ...]
    background: tuple[WrittenStep, ...]


def _background(background: Any) -> tuple[WrittenStep, ...]:
    return tuple(background["steps"]) if background else ()


def _view(
    place: _Place, written: WrittenScenario, results: Mapping[str, Scenario], anchors: Anchors
) -> ScenarioView:
    rows = [(row["instance"], row["line"]) for block in written["examples"] for row in block["rows"]]
    instances = rows or ([(written["instance"], written["line"])] if written["instance"] else [])
    runs = [results.get(instance) for instance, _ in instances]
    statuses = tuple(status_of(run["status"] if run else None) for run in runs)
    outline = written["instance"] is None
    name = outline_name(place.path, place.rule, written["name"]) if outline else written["instance"] or ""
    anchor = anchors.take(name, of=f"{place.path}:{written['line']}")
    steps = (*place.background, *written["steps"])
    columns = [name for block in written["examples"] for name in block["header"]]
    views = tuple(
        _step(step, index, runs, columns, background=index < len(place.background))
        for index, step in enumerate(steps)
    )
    tables = tuple(_examples(block, steps, results, anchors, place) for block in written["examples"])
    failures = _failures(place, written, tables, runs, anchor)
    found = [run for run in runs if run]
    inner = tuple(tag for block in written["examples"] for tag in block["tags"])
    tags = dict.fromkeys(tag for level in (*reversed(place.levels), inner) for tag in level)
    return ScenarioView(
        anchor=anchor,
        keyword=written["keyword"],
        name=written["name"],
        description=written["description"],
        place=f"{place.path}:{written['line']}",
        rule=place.rule,
        rule_description=place.rule_description,
        tags=tuple(tags),
        levels=(inner, *place.levels),
        status=worst(statuses),
        summary=in_words(statuses) if outline else str(worst(statuses)),
        steps=views,
        tables=tables,
        statuses=statuses,
        failures=failures,
        cited=tuple(dict.fromkeys(_citations(found))),
    )


def _citations(runs: Sequence[Scenario]) -> Iterator[str]:
    """Ids of clauses and gaps that claims ask to be cited."""
    for run in runs:
        for claim in run["claims"]:
            if claim["facet"] in ("clause", "gap"):
                yield from _texts(claim["expected"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _failures(
    place: _Place,
    written: WrittenScenario,
    tables: Sequence[Table],
    runs: Sequence[Scenario | None],
    anchor: str,
) -> tuple[Failure, ...]:
    rows = [(table, row) for table in tables for row in table.rows]
    if not rows:
        if not runs or not runs[0] or status_of(runs[0]["status"]) is not Status.FAILED:
            return ()
        where = f"{place.path}:{written['line']}"
        return (Failure(anchor, written["name"], "", _messages(runs[0]), where),)
    return tuple(
        Failure(
            row.anchor or anchor,
            written["name"],
            ", ".join(
                f"{name} {cell.text}" for name, cell in zip(table.header, row.cells, strict=False)
            ),
            row.notes,
            f"{place.path}:{row.line}",
        )
        for table, row in rows
        if row.status is Status.FAILED
    )


def _messages(run: Scenario) -> tuple[str, ...]:
    """What went wrong in a run, step by step; a run that failed without a word says at least that."""
    notes = tuple(
        step["error"]["message"] if step["error"] else f"{_PROBLEMS[step['status']]}: {step['text']}"
        for step in run["steps"]
        if step["error"] or step["status"] in _PROBLEMS
    )
    return notes or ((f"the example is {run['status']}",) if run["status"] != "passed" else ())


# Steps


def _step(
    written: WrittenStep,
    index: int,
    runs: Sequence[Scenario | None],
    columns: Sequence[str],
    *,
    background: bool,
) -> StepView:
    told = [run["steps"][index] for run in runs if run and index < len(run["steps"])]
    check = any(step["kind"] == "then" for step in told)
    bad = [step for step in told if step["status"] in _PROBLEMS]
    statuses = [status_of(step["status"]) for step in told]
    single = len(runs) == 1 and not columns
    claims = _claims_of(runs[0], told[0]) if single and told and runs[0] else []
    notes = tuple(dict.fromkeys(_note(step) for step in bad)) if single else ()
    return StepView(
        keyword=written["keyword"].strip(),
        parts=_parts(written["text"], columns, claims),
        status=worst(statuses) if told and (check or bad) else None,
        summary=in_words(statuses, "row") if not single and bad else "",
        notes=notes,
        table=_data_table(written, told[0] if single and told else None, claims),
        docstring=written["docstring"],
        background=background,
    )


def _note(step: Step) -> str:
    return step["error"]["message"] if step["error"] else _PROBLEMS[step["status"]]


def _claims_of(run: Scenario, step: Step) -> list[Claim]:
    return [run["claims"][index] for index in step["claims"]]


def _parts(text: str, columns: Sequence[str], claims: Sequence[Claim]) -> tuple[Part, ...]:
    """The step's text, cut at its placeholders and, where a check failed, at the value that was expected."""
    for claim in claims:
        expected = say(claim["expected"], claim["facet"])
        if not claim["holds"] and claim["cell"] is None and expected and text.count(expected) == 1:
            before, _, after = text.partition(expected)
            found = say(claim["actual"], claim["facet"])
            parts = [Part("text", before), Part("expected", expected), Part("found", found), Part("text", after)]
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


def _data_table(written: WrittenStep, told: Step | None, claims: Sequence[Claim]) -> Table | None:
    """A step's own table: cells with claims are painted, surplus rows appended, missing ones marked."""
    rows = written["table"]
    if rows is None:
        return None
    by_cell = {tuple(claim["cell"]): claim for claim in claims if claim["cell"]}
    passed = told is not None and told["kind"] == "then" and told["status"] == "passed"
    headed = bool(by_cell) and len(rows) > 1 and min(row for row, _ in by_cell) > 0
    lists = [claim for claim in claims if not claim["cell"] and not claim["holds"]]
    missing, surplus = _row_difference(lists)
    views = []
    for number, row in enumerate(rows):
        gone = number - (len(rows) - missing.size) in missing.positions
        cells = tuple(
            _cell(text, by_cell.get((number, column)), whole=passed and not by_cell)
            for column, text in enumerate(row)
        )
        views.append(Row(cells, Status.FAILED if gone else None, fate="missing" if gone else None))
    added = [Row((Cell(text),), Status.FAILED, fate="surplus") for text in surplus]
    header = tuple(cell.text for cell in views[0].cells) if headed else ()
    return Table(tuple([*(views[1:] if headed else views), *added]), header)


@dataclass(frozen=True, slots=True)
class _Missing:
    size: int
    positions: frozenset[int]


def _row_difference(claims: Sequence[Claim]) -> tuple[_Missing, list[str]]:
    """Of failed claims about whole lists: which expected items were not found, and which found not expected."""
    for claim in claims:
        expected, actual = claim["expected"], claim["actual"]
        if isinstance(expected, list) and isinstance(actual, list):
            gone = frozenset(index for index, item in enumerate(expected) if item not in actual)
            return _Missing(len(expected), gone), [say(item) for item in actual if item not in expected]
    return _Missing(0, frozenset()), []


def _cell(text: str, claim: Claim | None, *, whole: bool = False) -> Cell:
    if claim is None:
        return Cell(text, Status.PASSED if whole else None)
    if claim["holds"]:
        return Cell(text, Status.PASSED)
    return Cell(text, Status.FAILED, say(claim["actual"], claim["facet"]))


# Examples tables


def _examples(
    block: Examples,
    steps: Sequence[WrittenStep],
    results: Mapping[str, Scenario],
    anchors: Anchors,
    place: _Place,
) -> Table:
    rows = []
    checks: set[str] = set()
    for row in block["rows"]:
        run = results.get(row["instance"])
        painted = _painted(run, steps) if run else {}
        checks |= painted.keys()
        cells = tuple(
            Cell(text, *painted.get(name, (None, None)))
            for name, text in zip(block["header"], row["cells"], strict=False)
        )
        anchor = anchors.take(row["instance"], of=f"{place.path}:{row['line']}")
        notes = _messages(run) if run else ()
        status = status_of(run["status"] if run else None)
        rows.append(Row(cells, status, anchor, row["line"], notes))
    return Table(
        tuple(rows),
        tuple(block["header"]),
        tuple(name in checks for name in block["header"]),
        block["name"],
        block["description"],
    )


def _painted(run: Scenario, steps: Sequence[WrittenStep]) -> dict[str, tuple[Status | None, str | None]]:
    """For one row: the columns that its checks use, with the status and what was found instead."""
    painted: dict[str, tuple[Status | None, str | None]] = {}
    for index, step in enumerate(run["steps"]):
        if step["kind"] != "then" and step["status"] not in _PROBLEMS:
            continue
        if step["kind"] != "then":
            continue
        faults = _faults(run, step, steps[index] if index < len(steps) else None)
        for column in step["columns"]:
            status, found = Status.PASSED, None
            if step["status"] in ("skipped", "not-run"):
                status = Status.NOT_RUN
            elif column in faults:
                status, found = Status.FAILED, faults[column]
            elif step["status"] != "passed":
                continue
            before = painted.get(column)
            if before is None or before[0] is None or list(Status).index(status) < list(Status).index(before[0]):
                painted[column] = (status, found)
    return painted


def _faults(run: Scenario, step: Step, written: WrittenStep | None) -> dict[str, str | None]:
    """The columns to blame for a step that did not hold, with what was found where one value tells it."""
    if step["status"] == "passed" or step["status"] in ("skipped", "not-run"):
        return {}
    failing = [claim for claim in _claims_of(run, step) if not claim["holds"]]
    faults: dict[str, str | None] = {}
    for claim in failing:
        columns = _columns_of(claim, step, written)
        found = say(claim["actual"], claim["facet"]) if len(columns) == 1 else None
        faults.update(dict.fromkeys(columns, found))
    return faults if failing else dict.fromkeys(step["columns"])


def _columns_of(claim: Claim, step: Step, written: WrittenStep | None) -> list[str]:
    """The Examples columns a claim speaks of: those in its cell, else those in the step's sentence."""
    table = written["table"] if written else None
    if claim["cell"] and table:
        row, column = claim["cell"]
        inside = table[row][column] if row < len(table) and column < len(table[row]) else ""
    else:
        inside = written["text"] if written else ""
    return [column for column in step["columns"] if f"<{column}>" in inside]
