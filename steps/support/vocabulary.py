"""Vocabulary: the words of the feature files and their values, defined only here.

Most words are the values of the engine's own enums; the tables below have the rest (the value of `the seller`, the words of a
task). An unknown word is an error that names the nearest known word; it is never guessed.
"""

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, Generic, TypeVar

from sop_engine import (
    Canceller,
    Decision,
    EInvoice,
    Invoicing,
    Modality,
    Outcome,
    QualityCheck,
    Reading,
    ReturnDecision,
    Scope,
    Source,
    Stage,
    Task,
    load_rulebook,
)
from sop_engine.errors import UnknownValueError
from sop_engine.statement import CASE
from sop_engine.text import quoted
from steps.definitions.decorators import parameter
from steps.definitions.tables import CellError, Kind, unknown_word
from steps.support.cell_kinds import day_in

T = TypeVar("T")


class Vocabulary(Generic[T]):
    """The words of one kind and their values."""

    def __init__(self, kind: str, meanings: dict[str, T]) -> None:
        self.kind = kind
        self.meanings = meanings

    def __call__(self, word: str) -> T:
        """Return the value of *word*.

        Raises:
            UnknownValueError: the word is unknown; the error names the nearest known word.
        """
        try:
            return self.meanings[word]
        except KeyError:
            raise UnknownValueError(self.kind, word, list(self.meanings)) from None


def words_of(vocabulary: Vocabulary[Any]) -> Kind:
    """Return the kind of the words of *vocabulary*."""
    return Kind(vocabulary.kind, vocabulary, tuple(vocabulary.meanings))


def list_of(vocabulary: Vocabulary[Any]) -> Kind:
    """Return the kind of lists of words of *vocabulary*, such as ``pass, fail``."""

    def values_in(text: str) -> list[object]:
        words = text.split(", ")
        loose_words = [word.strip() for word in text.split(",")]
        if words != loose_words and all(word in vocabulary.meanings for word in loose_words):
            raise CellError(f"{quoted(text)} is not a list", f"write `{', '.join(loose_words)}`", ", ".join(loose_words))
        for word in words:
            if word not in vocabulary.meanings:
                raise unknown_word(vocabulary.kind, word, vocabulary.meanings)
        return [vocabulary(word) for word in words]

    return Kind(f"{vocabulary.kind} list", values_in, sample=", ".join([*vocabulary.meanings][-2:]))


CANCELLERS = Vocabulary("canceller", {"the seller": Canceller.SELLER, "Ajio": Canceller.AJIO})
ANY_CANCELLERS = Vocabulary(
    "canceller", {"the seller": (Canceller.SELLER,), "Ajio": (Canceller.AJIO,), "the seller or Ajio": (Canceller.SELLER, Canceller.AJIO)}
)
SCOPES = Vocabulary(
    "scope",
    {
        "the full order": (Scope.FULL,),
        "part of the order": (Scope.PARTIAL,),
        "the full order or part of the order": (Scope.FULL, Scope.PARTIAL),
    },
)
INVOICINGS = Vocabulary("invoicing", {"the client's ERP": Invoicing.ERP, "RMS": Invoicing.RMS})
READINGS = Vocabulary("reading", {"written": Reading.AS_WRITTEN, "practised": Reading.AS_PRACTISED})
MODALITIES = Vocabulary("modality", {modality.words: modality for modality in Modality})
TASKS = Vocabulary("task", {task.words: task.key for task in load_rulebook().tasks})


def tasks_of(tasks: Sequence[Task] | None) -> list[list[str]] | None:
    """Return the tasks of an answer as `Task.as_words`; None if they are open."""
    return None if tasks is None else [task.as_words for task in tasks]


@singledispatch
def subject_of(answer: object) -> dict[str, object]:
    """Return the subject of a claim about *answer*: its kind and its facts."""
    raise TypeError(answer)


@subject_of.register
def _(answer: Decision) -> dict[str, object]:
    return {"kind": "case", "facts": answer.case.facts}


@subject_of.register
def _(answer: ReturnDecision) -> dict[str, object]:
    return {"kind": "return", "facts": {"quality_check": str(answer.quality_check)}}


def units_in(text: str) -> int:
    """Parse the number in ``1 unit``, ``3 units`` or ``3 units are``."""
    return int(text.partition(" ")[0])


def ids_in(text: str) -> list[str]:
    """Parse a comma-separated list of ids."""
    return text.split(", ")


BASES = Vocabulary("basis", {"our reading of": Source.ASSUMED, "the owner's answer to": Source.DECIDED})
STOCKS = Vocabulary("stock", {"saleable stock": "saleable", "quarantine": "quarantine", "no stock": None})


# Literal strings without backslashes, so that the stock Cucumber language server can parse them; for the same reason no
# step sentence has parentheses: the server would parse it as a regular expression.
parameter(name="canceller", regexp="the seller|Ajio", type=CANCELLERS)
parameter(name="cancellers", regexp="the seller|Ajio|the seller or Ajio", type=ANY_CANCELLERS)
parameter(name="scope", regexp="the full order|part of the order|the full order or part of the order", type=SCOPES)
parameter(name="invoicing", regexp="the client's ERP|RMS", type=INVOICINGS)
parameter(
    name="stage",
    regexp="CREATED|UNFULFILLABLE|FULFILLABLE|PROCESSING|PACKED|READY_TO_DISPATCH|COMPLETED|CANCELLED",
    type=Stage,
    words=map(str, Stage),
)
parameter(name="e-invoice", regexp="not posted|posted|generated|pushed", type=EInvoice)
parameter(name="reading", regexp="written|practised", type=READINGS)
parameter(name="outcome", regexp="allowed|refused|without effect", type=Outcome)
parameter(name="failure", regexp="fails on screen|fails at packing", type=Outcome)
parameter(name="quality-check", regexp="not recorded|pass|fail|missing", type=QualityCheck)
parameter(name="clauses", regexp="(?:SC|AC|RT)-[A-Za-z0-9_.-]+(?:, (?:SC|AC|RT)-[A-Za-z0-9_.-]+)*", type=ids_in)
parameter(name="gaps", regexp="GAP-[0-9]+(?:, GAP-[0-9]+)*", type=ids_in)
parameter(name="basis", regexp="our reading of|the owner's answer to", type=BASES)
parameter(name="stock", regexp="saleable stock|quarantine|no stock", type=STOCKS)
parameter(
    name="task",
    regexp="ask Ajio to cancel the order by hand|cancel the order in Assure OMS|download the report of orders cancelled after posting|make a credit note by hand and keep it in the ERP|share the credit note with Ajio",
    type=TASKS,
    words=[task.words for task in load_rulebook().tasks_of(CASE)],
)
parameter(name="ids", regexp="(?:SC|AC|GAP)-[A-Za-z0-9_.-]+(?:, (?:SC|AC|GAP)-[A-Za-z0-9_.-]+)*", type=ids_in)
parameter(name="units", regexp="1 unit|(?:[2-9]|[1-9][0-9]+) units", type=units_in)
parameter(name="units-are", regexp="1 unit is|(?:0|[2-9]|[1-9][0-9]+) units are", type=units_in)
parameter(name="year", regexp="[0-9]{4}", type=int)
parameter(name="day", regexp="[0-9]{4}-[0-9][0-9]-[0-9][0-9]", type=day_in)
