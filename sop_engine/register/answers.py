"""Answers of the document's owner: parsed, checked, and written into the register of gaps."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from sop_engine.errors import SopError
from sop_engine.reader import Rulebook
from sop_engine.register.readings import gap_of, ruling_of
from sop_engine.register.record_text import with_table
from sop_engine.register.toml_text import TomlValue
from sop_engine.statement import OwnersAnswer
from sop_engine.text import MONTHS, counted, quoted

MOST_CHARACTERS = {"by": 200, "evidence": 10_000, "remark": 10_000}
"""Characters of each text of an answer."""
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?: 0?0:00(?::00)?)?", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_LINE_END = re.compile(r"\r\n?")
_NAMED = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3,9})[- ,]+([0-9]{4})", re.ASCII)


class AnswerError(SopError):
    """An answer that cannot be taken: a part is missing, or has another form."""


def day_from(text: str) -> date:
    """Parse a day: ``2026-12-01``, or another form that spreadsheets write and that can mean one day only.

    Raises:
        AnswerError: it is not one, or can mean two.
    """
    text = text.strip()
    days: list[date] = []
    if match := _DAY.fullmatch(text):
        days = _days((int(match[1]), int(match[2]), int(match[3])))
    elif (match := _NAMED.fullmatch(text)) and match[2][:3].capitalize() in MONTHS:
        days = _days((int(match[3]), MONTHS.index(match[2][:3].capitalize()) + 1, int(match[1])))
    elif match := _NUMBERS.fullmatch(text):
        days = _days((int(match[3]), int(match[2]), int(match[1])), (int(match[3]), int(match[1]), int(match[2])))
    if len(days) > 1:
        raise AnswerError(f"{quoted(text)} can be {days[0]} or {days[1]}; write the day like 2026-12-01")
    if not days:
        raise AnswerError(f"{quoted(text)} is not a day; write it like 2026-12-01")
    return days[0]


def _days(*parts: tuple[int, int, int]) -> list[date]:
    """Return the different days that exist, of years, months and days."""
    days: dict[date, None] = {}
    for year, month, day in parts:
        with suppress(ValueError):
            days[date(year, month, day)] = None
    return list(days)


def answer_from(  # noqa: PLR0913 (the parts of an answer)
    rulebook: Rulebook, identifier: str, reading: int, by: str, on: str, evidence: str = "", remark: str = ""
) -> OwnersAnswer:
    """Return the answer to the gap *identifier*, checked.

    Raises:
        AnswerError: a part is missing, too long, or not text.
        ReadingError: there is no such gap or reading, or the reading cannot be put in force.
    """
    ruling_of(gap_of(rulebook, identifier), reading)
    given = {"by": by, "evidence": evidence, "remark": remark}
    texts = {name: _LINE_END.sub("\n", text).strip() for name, text in given.items()}  # as spreadsheets return them
    for name, text in texts.items():
        if "\0" in text:
            raise AnswerError(f"`{name}` has a null character; write it without")
        if len(text) > MOST_CHARACTERS[name]:
            raise AnswerError(f"`{name}` has {counted(len(text), 'character')}, expected at most {MOST_CHARACTERS[name]:,}; shorten it")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise AnswerError(f"`{name}` has a byte that is not UTF-8; write it again") from None
    if not any(char.isprintable() and not char.isspace() for char in texts["by"]):
        raise AnswerError("the answer does not say who decided it; add a name")
    return OwnersAnswer(reading, texts["by"], day_from(on), texts["evidence"], texts["remark"])


def with_answers(gaps: bytes, answers: Mapping[str, OwnersAnswer | None]) -> bytes:
    """Return the register of gaps with *answers* written into it; None withdraws the answer to a gap.

    Raises:
        RegisterError: the layout of a record is not one that can be changed without a loss.
    """
    for identifier, answer in answers.items():
        gaps = with_table(gaps, "gap", identifier, "answer", {} if answer is None else _as_table(answer))
    return gaps


def _as_table(answer: OwnersAnswer) -> dict[str, TomlValue]:
    table: dict[str, TomlValue] = {"reading": answer.reading, "by": answer.by, "on": answer.on}
    return table | {name: text for name in ("evidence", "remark") if (text := getattr(answer, name))}


def with_answers_in_force(rulebook: Rulebook, answers: Mapping[str, OwnersAnswer]) -> Rulebook:
    """Return *rulebook* with *answers* in force.

    Raises:
        ReadingError: a gap or a reading does not exist, or cannot be put in force.
    """
    rulings = {identifier: ruling_of(gap_of(rulebook, identifier), answer.reading) for identifier, answer in answers.items()}
    gaps = (replace(gap.with_ruling(rulings[gap.id]), answer=answers[gap.id]) if gap.id in answers else gap for gap in rulebook.gaps)
    return replace(rulebook, gaps=tuple(gaps))
