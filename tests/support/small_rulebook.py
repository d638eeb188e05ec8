"""A small rulebook in a small world of cases and returns."""

from dataclasses import replace
from typing import Any

from sop_engine import Modality, Outcome, Rulebook, Task, TaskKey, load_rulebook
from sop_engine.statement import CASE, ORDER, RETURN, Gap, Statement, When

NOTE = Task(Modality.MUST, TaskKey.CREDIT_NOTE, "client", "ERP")
GRN = Task(Modality.MUST, TaskKey("grn"), "seller", "WMS")
WORDS = {CASE: {"scope": ("full", "partial"), "stage": ("one", "two", "three")}, RETURN: {"quality_check": ("pass", "fail", "missing")}}


def statement(identifier: str, **parts: Any) -> Statement:
    """A statement about cases, or about the subject in *parts*."""
    return Statement(identifier, f"x:{identifier}", **{"subject": CASE, "actor": "client", "system": "ERP", **parts})


def when(**facts: str) -> When:
    """A condition, the words of a fact with spaces between them."""
    return When({fact: frozenset(words.split()) for fact, words in facts.items()})


def gap(identifier: str, **parts: Any) -> Gap:
    """A question."""
    texts = dict.fromkeys(("title", "kind", "nearest", "chosen", "why", "question"), "")
    return Gap(**{"id": identifier, "location": f"x:{identifier}", "aspect": "verdict", "readings": (), **texts, **parts})


def small_rulebook() -> Rulebook:
    """A rulebook with one of everything that can be changed."""
    clauses = (
        statement("DOC-1", subject="", not_operative="names it"),
        statement("O-1", subject=ORDER),
        statement("C-1", when=when(stage="one"), outcome=Outcome.REFUSED, tasks=()),
        statement("C-2", when=when(stage="two"), outcome=Outcome.ALLOWED, tasks=(NOTE, GRN), manner="by hand"),
        statement("C-3", when=when(stage="two", scope="partial"), tasks=(GRN,), over=("C-2",)),
        statement("R-1", subject=RETURN, when=when(quality_check="pass"), tasks=(GRN,)),
    )
    like = replace(statement("GAP-01.1", when=when(stage="three"), like={"stage": "two"}), gap="GAP-01")
    gaps = (
        gap("GAP-01", when=when(stage="three"), cases=2, leaves_open=("outcome", "tasks"), resolutions=(like,)),
        gap("GAP-02", when=when(quality_check="fail missing"), cases=2, subject=RETURN, aspect="actions"),
        gap("GAP-03", aspect="data", when=when(stage="one"), cases=2),
        gap("GAP-04", aspect="actions", when=when(stage="two"), cases=2),
    )
    return Rulebook("small", "", "", (), clauses, gaps, tasks=load_rulebook().tasks)
