"""Answers of the document's owner: parsed, checked, and written into the register of gaps."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from sop_engine.errors import SopError
from sop_engine.reader import Rulebook
from sop_engine.register.readings import gap_of, ruling_of
from sop_engine.register.record_text import TomlValue, with_table
from sop_engine.statement import OwnersAnswer
from sop_engine.text import counted, quoted

MOST_CHARACTERS = {"by": 200, "evidence": 10_000, "remark": 10_000}
"""Characters of each text of an answer."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")


class AnswerError(SopError):
    """An answer that cannot be taken: a part is missing, or has another form."""


def day_from(text: str) -> date:
    """Parse a day such as ``2026-12-01``.

    Raises:
        AnswerError: it is not one.
    """
    with suppress(ValueError):
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip())
    raise AnswerError(f"{quoted(text)} is not a day; write it like 2026-12-01")


def answer_from(  # noqa: PLR0913 (the parts of an answer)
    rulebook: Rulebook, identifier: str, reading: int, by: str, on: str, evidence: str = "", remark: str = ""
) -> OwnersAnswer:
    """Return the answer to the gap *identifier*, checked.

    Raises:
        AnswerError: a part is missing, too long, or not text.
        ReadingError: there is no such gap or reading, or the reading cannot be put in force.
    """
    ruling_of(gap_of(rulebook, identifier), reading)
    texts = {"by": by.strip(), "evidence": evidence.strip(), "remark": remark.strip()}
    for name, text in texts.items():
        if len(text) > MOST_CHARACTERS[name]:
            raise AnswerError(f"`{name}` has {counted(len(text), 'character')}, expected at most {MOST_CHARACTERS[name]:,}; shorten it")
        if _HALF.search(text):
            raise AnswerError(f"`{name}` has a byte that is not UTF-8; write it again")
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
