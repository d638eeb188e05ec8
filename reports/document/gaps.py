"""The effect of a gap on the answers: it affects answers, is shown beside an answer, or has no cases."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from sop_engine.statement import CASE, NOTE
from sop_engine.text import counted, visible
from sop_runs.record.schema import GapRecord


class Role(StrEnum):
    """Effect of a gap on the answers, in the order of the pages."""

    DECIDES = "affects answers"
    """The answer to its cases depends on the reading."""
    BESIDE = "is shown beside an answer"
    """The answer to its cases is settled; pages show the question beside it."""
    AROUND = "has no cases"
    """It is about the document, the reports, or something else than the answers to cases."""


_MANY = {Role.DECIDES: "affect answers", Role.BESIDE: "are shown beside an answer", Role.AROUND: "have no cases"}


def role_of(gap: GapRecord) -> Role:
    """Return the role of *gap*, from its aspect and its number of cases."""
    if not gap.cases:
        return Role.AROUND
    return Role.BESIDE if gap.aspect == NOTE else Role.DECIDES


def reach_of(gap: GapRecord) -> str:
    """Return the number of cases or returned units of *gap*, in words; empty if it has none."""
    return counted(gap.cases, "case" if gap.rules_on in (None, CASE) else "returned unit") if gap.cases else ""


def answered_in_words(gap: GapRecord) -> str:
    """Return ``decided by … on …`` if the owner of the SOP has answered the question of *gap*; empty otherwise."""
    return f"decided by {answer_text(gap, 'by')} on {answer_text(gap, 'on')}" if gap.answer is not None else ""


def answer_text(gap: GapRecord, part: str) -> str:
    """Return a part of the owner's answer, with invisible characters escaped; empty if there is none."""
    return visible(str((gap.answer or {}).get(part) or ""))


def roles_in_words(roles: Iterable[Role]) -> str:
    """Count the roles: ``13 affect answers, 18 are shown beside an answer, 26 have no cases``; roles without a gap are left out."""
    numbers = Counter(roles)
    return ", ".join(f"{numbers[role]} {role if numbers[role] == 1 else _MANY[role]}" for role in Role if numbers[role])
