"""Questions as rows of a table for the document's owner, and the rows that come back: each an answer, or why it is none.

The owner fills in the last five columns. A file may come back with its columns in another order, rows missing, and cells as a
spreadsheet wrote them; what cannot be understood without doubt is refused, row by row.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sop_engine.errors import RulebookError, SopError, did_you_mean
from sop_engine.reader import Rulebook
from sop_engine.register.answers import answer_from, with_answers_in_force
from sop_engine.register.readings import gap_of
from sop_engine.statement import Gap, OwnersAnswer
from sop_engine.text import counted, quoted
from sop_engine.wording import prove_with_words

QUESTION_COLUMNS = ("id", "question", "readings", "our reading", "cases it decides", "clauses", "status", "orders in the last audit")
OWNERS_COLUMNS = ("answer", "decided by", "on", "evidence", "remark")
_NEEDED = ("id", "answer", "decided by", "on")
_NUMBER = re.compile(r"\(?(?:reading )?([1-9][0-9]?)(?:\.0+)?\)?\.?", re.IGNORECASE)
MOST_ROWS = 10_000

Cell = str | int | float | bool | date | None
"""A cell as a reader of spreadsheets returns it; a reader of CSV returns texts."""


class ComputedCell(str):
    """The formula of a cell, or its error: no value was typed into it."""

    __slots__ = ()


class TableError(SopError):
    """A table that is not one of questions."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a row of the table is: an answer, or none and why; *line* is its number in the table, the heading being line 1."""

    line: int
    gap_id: str
    answer: OwnersAnswer | None = None
    reason: str = ""
    is_blank: bool = False
    is_known: bool = False


def question_rows(rulebook: Rulebook, orders: Mapping[str, int] | None = None, audited_on: str = "") -> Iterator[list[str]]:
    """Yield the heading, then a row for each gap.

    Args:
        rulebook: the register.
        orders: how many orders of the last audit each gap concerns, and 0 for a gap that is not in it; None if there was no audit.
        audited_on: the day of that audit.
    """
    yield [*QUESTION_COLUMNS, *OWNERS_COLUMNS]
    clauses = {clause.id for clause in rulebook.clauses}
    for gap in rulebook.gaps:
        named = [identifier for identifier in rulebook.ids_in(gap.nearest) if identifier in clauses]
        answer = gap.answer
        own = ["", "", "", "", ""]
        if answer is not None:
            own = [str(answer.reading), answer.by, answer.on.isoformat(), answer.evidence, answer.remark]
        number = f"{gap.assumed.number}: " if gap.assumed is not None and gap.assumed.number else ""
        chosen = gap.assumed.chosen if gap.assumed is not None else gap.chosen
        cases = counted(gap.cases, "case" if gap.subject == "case" else "returned unit") if gap.decides and gap.cases else "none"
        touched = "" if orders is None else f"{orders.get(gap.id, 0)} on {audited_on}"
        yield [gap.id, gap.question, numbered_readings(gap), f"{number}{chosen}", cases, ", ".join(named), gap.status, touched, *own]


def numbered_readings(gap: Gap) -> str:
    """Return the readings of *gap*, numbered, one on each line."""
    return "\n".join(f"{number}: {reading}" for number, reading in enumerate(gap.readings, 1))


def results_of(rows: Sequence[Sequence[Cell]], rulebook: Rulebook) -> list[RowResult]:
    """Return what each row of a table is; the first is the heading.

    Answers are put in force one after another: one with which the rulebook no longer holds is refused, and those after it are judged
    without it.

    Raises:
        TableError: the table has no heading with the columns that are needed.
    """
    columns = _question_columns(rows)
    filled = [(line, row) for line, row in enumerate(rows[1:], 2) if any(_cell_text(cell) for cell in row)]
    if len(filled) > MOST_ROWS:
        raise TableError(f"the table has {counted(len(filled), 'row')}, expected at most {MOST_ROWS:,}; import it in parts")
    ids = Counter(_cell(row, columns, "id") for _, row in filled)
    results: list[RowResult] = []
    for line, row in filled:
        result = _row_result(line, row, columns, rulebook, ids)
        if result.answer is not None:
            try:
                tried = with_answers_in_force(rulebook, {result.gap_id: result.answer})
                prove_with_words(tried)
            except RulebookError as error:
                result = RowResult(line, result.gap_id, reason=f"the rulebook does not hold with it: {error.findings[0]}")
            else:
                rulebook = tried
        results.append(result)
    return results


def _question_columns(rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Return the place of each column by its name.

    Raises:
        TableError: a column is missing, or is there twice.
    """
    heading = [" ".join(_cell_text(cell).lower().split()) for cell in rows[0]] if rows else []
    names = (*QUESTION_COLUMNS, *OWNERS_COLUMNS)
    for name in _NEEDED:
        if name not in heading:
            near = next((other for other in heading if other and other not in names and did_you_mean(other, [name]).startswith("did")), "")
            hint = f"is it {quoted(near)}?" if near else "export the questions again with `sop questions --out FILE`"
            raise TableError(f"the table has no column `{name}` in its first row; {hint}")
    twice = [name for name in names if heading.count(name) > 1]
    if twice:
        raise TableError(f"the table has the column `{twice[0]}` twice; remove one")
    return {name: heading.index(name) for name in names if name in heading}


def _row_result(line: int, row: Sequence[Cell], columns: Mapping[str, int], rulebook: Rulebook, ids: Counter[str]) -> RowResult:
    identifier = _cell(row, columns, "id")
    own = {name: _cell(row, columns, name) for name in OWNERS_COLUMNS}
    blank = not any(own.values())
    try:
        _require_values(row, columns)
        if blank and not identifier:
            raise TableError("it has no id")
        gap = gap_of(rulebook, identifier)
        if ids[identifier] > 1:
            raise TableError(f"`{identifier}` has {ids[identifier]} rows; keep one")
        if blank:
            if gap.answer is not None:
                raise TableError(f"its answer was removed; to take it out of the register, run `sop answer {gap.id} --withdraw`")
            return RowResult(line, gap.id, is_blank=True)
        if not own["answer"]:
            filled = next(name for name in OWNERS_COLUMNS if own[name])
            raise TableError(f"it has `{filled}` but no `answer`; write the number of a reading")
        exported_readings = _cell(row, columns, "readings")
        if exported_readings and _words(exported_readings) != _words(numbered_readings(gap)):
            raise TableError("its readings are not those of the register, so a number may mean another one; export the questions again")
        day = row[columns["on"]] if columns["on"] < len(row) else None
        if not own["on"]:
            raise TableError("it has no `on`; write the day of the decision like 2026-12-01")
        on = day.date().isoformat() if isinstance(day, datetime) else day.isoformat() if isinstance(day, date) else own["on"]
        answer = answer_from(rulebook, gap.id, _reading(own["answer"], gap), own["decided by"], on, own["evidence"], own["remark"])
    except SopError as error:
        return RowResult(line, identifier, reason=str(error))
    return RowResult(line, gap.id, is_known=True) if answer == gap.answer else RowResult(line, gap.id, answer)


def _require_values(row: Sequence[Cell], columns: Mapping[str, int]) -> None:
    """Refuse a row with a formula, or with more cells than the heading.

    Raises:
        TableError: it has one.
    """
    computed = next((name for name, place in columns.items() if place < len(row) and isinstance(row[place], ComputedCell)), None)
    if computed is not None:
        raise TableError(f"`{computed}` has a formula or an error; write the value itself")
    if any(_cell_text(cell) for cell in row[max(columns.values()) + 1 :]):
        raise TableError("it has more cells than the heading; a text with a separator has lost its quotation marks")


def _reading(text: str, gap: Gap) -> int:
    """Return the number of the reading that *text* names by its number or its words.

    Raises:
        TableError: it names none.
    """
    if match := _NUMBER.fullmatch(text):
        return int(match[1])
    for number, reading in enumerate(gap.readings, 1):
        if _words(text) in (_words(reading), _words(f"{number}: {reading}")):
            return number
    raise TableError(f"the answer {quoted(text)} is not the number of a reading; expected 1 to {len(gap.readings)}")


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _cell(row: Sequence[Cell], columns: Mapping[str, int], name: str) -> str:
    place = columns.get(name, len(row))
    return _cell_text(row[place]) if place < len(row) else ""


def _cell_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").strip()
