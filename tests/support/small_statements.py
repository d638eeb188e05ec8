"""Statements, gaps and rulebooks made up for one test, and what they answer to one case."""

from collections.abc import Sequence
from typing import Any

import pytest

from sop_engine import Modality, Reading, Rulebook, Task, TaskKey
from sop_engine.decision import Answer
from sop_engine.errors import ContradictionError
from sop_engine.evaluation import evaluate
from sop_engine.statement import CASE, Gap, Section, Statement, When

HERE = {"stage": "PACKED", "scope": "full"}
PACKED = When({"stage": frozenset({"PACKED"})})
CREATED = When({"stage": frozenset({"CREATED", "FULFILLABLE"})})
NOTE = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP")
MAY_NOTE = Task(Modality.MAY, TaskKey.CREDIT_NOTE, "client", "ERP")
GRN = Task(Modality.MUST, TaskKey("grn"), "client", "ERP")


def statement(identifier: str, **parts: Any) -> Statement:
    """A statement about cases, or about the subject in *parts*."""
    return Statement(identifier, "x:1", **{"subject": CASE, **parts})


def gap(identifier: str, **parts: Any) -> Gap:
    """A question about every case, unless *parts* say otherwise."""
    texts = dict.fromkeys(("title", "kind", "nearest", "chosen", "why", "question"), "")
    return Gap(**{"id": identifier, "location": "x:1", "aspect": "verdict", "readings": (), "when": When(), **texts, **parts})


def book(*clauses: Statement, gaps: Sequence[Gap] = (), sections: Sequence[Section] = ()) -> Rulebook:
    """A rulebook of sentences."""
    return Rulebook("x", "X", "", tuple(sections), clauses, tuple(gaps))


def answer(
    *statements: Statement,
    gaps: Sequence[Gap] = (),
    sections: Sequence[Section] = (),
    subject: str = CASE,
    reading: Reading = Reading.AS_PRACTISED,
) -> Answer:
    """What *statements* say of a packed order."""
    return evaluate(HERE, statements, book(gaps=gaps, sections=sections), subject, reading)


def clash(*statements: Statement, gaps: Sequence[Gap] = ()) -> tuple[str, tuple[str, ...]]:
    """The words of the contradiction between *statements*, and its ids."""
    with pytest.raises(ContradictionError) as refused:
        answer(*statements, gaps=gaps)
    assert refused.value.case == "PACKED / full"
    return str(refused.value), refused.value.ids


HINT = "; use `over` for the one that takes precedence, or narrow a `when`"
