"""A case: one situation as five facts; and all cases: 256 with the stages of clients_v1.

The values are the words of the feature files. Contradictory states (an invoice on an order never posted, PACKED and
FULFILLABLE at once) cannot be expressed: the e-invoice and the stage are one ordered value each.
The stages are those of the rulebook that this process reads (`sop_engine.versions`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from sop_engine.errors import MissingFactError, NotACaseError, UnknownFactError, UnknownValueError
from sop_engine.input_files import UnreadableFileError
from sop_engine.stages import LIFE_NAMES, stage_names
from sop_engine.versions import CLAUSES, chosen_version, content_of, parse_register


class Canceller(StrEnum):
    """Who cancels: the seller in Assure OMS, or Ajio's business team."""

    SELLER = "seller"
    AJIO = "Ajio"


class Scope(StrEnum):
    """How much is cancelled: the whole order, or anything less than all (GAP-24)."""

    FULL = "full"
    PARTIAL = "partial"


class Invoicing(StrEnum):
    """Where the e-invoice is made: the client's ERP (model 1), or RMS, a service of Increff (model 2)."""

    ERP = "ERP"
    RMS = "RMS"


def _names_of_stages() -> tuple[str, ...]:
    """Return the stages of the chosen rulebook; if it cannot be read, those of every order, because the reader reports the error."""
    try:
        return stage_names(parse_register(content_of(chosen_version() / CLAUSES)))
    except (OSError, UnreadableFileError, ValueError):
        return LIFE_NAMES


if TYPE_CHECKING:

    class Stage(StrEnum):
        """The stages to which this program gives a meaning; a rulebook may have more."""

        CREATED = "CREATED"
        UNFULFILLABLE = "UNFULFILLABLE"
        FULFILLABLE = "FULFILLABLE"
        PROCESSING = "PROCESSING"
        PACKED = "PACKED"
        READY_TO_DISPATCH = "READY_TO_DISPATCH"
        COMPLETED = "COMPLETED"
        CANCELLED = "CANCELLED"

else:
    Stage = StrEnum("Stage", [(name, name) for name in _names_of_stages()], module=__name__)
    Stage.__doc__ = "How far fulfilment has come: the OMS status, and from PACKED on the WMS status (GAP-22)."

LIFE_STAGES: tuple[Stage, ...] = tuple(Stage(name) for name in LIFE_NAMES)
"""The stages that the events of an order lead to, in their order; the event log, the simulation and real orders have no others."""
FURTHER_STAGES: tuple[Stage, ...] = tuple(stage for stage in Stage if stage not in LIFE_STAGES)
"""The stages of the rulebook that a case may have, and to which no event leads."""


class EInvoice(StrEnum):
    """How far invoicing has come; each value includes the ones before it."""

    NOT_POSTED = "not posted"
    POSTED = "posted"
    GENERATED = "generated"
    PUSHED = "pushed"

    @property
    def rank(self) -> int:
        """Return the position, from 0 for not posted to 3 for pushed."""
        return tuple(EInvoice).index(self)

    @property
    def exists(self) -> bool:
        """Return whether there is an e-invoice that a credit note could offset."""
        return self.rank >= EInvoice.GENERATED.rank


FACT_TYPES: dict[str, type[StrEnum]] = {
    "canceller": Canceller,
    "scope": Scope,
    "invoicing": Invoicing,
    "stage": Stage,
    "e_invoice": EInvoice,
}
FACTS: tuple[str, ...] = tuple(FACT_TYPES)


@dataclass(frozen=True, slots=True)
class Case:
    """One situation that the SOP may answer, given by five facts."""

    canceller: Canceller
    scope: Scope
    invoicing: Invoicing
    stage: Stage
    e_invoice: EInvoice

    @property
    def key(self) -> tuple[str, ...]:
        """Return the five values in the order of `FACTS`; equal to a tuple of plain strings."""
        return (self.canceller, self.scope, self.invoicing, self.stage, self.e_invoice)

    @property
    def facts(self) -> dict[str, str]:
        """Return fact name to plain word, in the order of `FACTS`."""
        return {name: str(getattr(self, name)) for name in FACTS}

    def __str__(self) -> str:
        return " / ".join(self.key)


def facts_in(facts: object) -> Mapping[str, object]:
    """Return *facts* if it is a mapping of names of facts.

    Raises:
        NotACaseError: it is not a mapping.
        UnknownFactError: a name is not the name of a fact; with the nearest one.
    """
    if not isinstance(facts, Mapping):
        raise NotACaseError(facts)
    for name in facts:
        if name not in FACT_TYPES:
            raise UnknownFactError(str(name), FACTS)
    return facts


def word_of(fact: str, value: object) -> StrEnum:
    """Return the word of *fact* that is equal to *value*.

    Raises:
        UnknownValueError: there is none; with the nearest one.
    """
    try:
        return FACT_TYPES[fact](value)  # type: ignore[arg-type]
    except ValueError:
        raise UnknownValueError(fact, value, [str(word) for word in FACT_TYPES[fact]]) from None


def case_from(facts: object) -> Case:
    """Parse a case from a mapping of fact names to words: exactly the five facts.

    Raises:
        NotACaseError: it is not a mapping.
        UnknownFactError, MissingFactError, UnknownValueError: with the nearest known word.
    """
    values = []
    facts = facts_in(facts)
    for name, words in FACT_TYPES.items():
        if name not in facts:
            raise MissingFactError(name, [str(word) for word in words])
        values.append(word_of(name, facts[name]))
    return Case(*values)  # type: ignore[arg-type]


EVERY_CASE: tuple[Case, ...] = tuple(Case(*facts) for facts in product(*FACT_TYPES.values()))  # type: ignore[arg-type]

LIFE_CASES: tuple[Case, ...] = tuple(case for case in EVERY_CASE if case.stage in LIFE_STAGES)
"""The cases of real and simulated orders: always 256, in the order of `EVERY_CASE`."""


def cases_with(stages: Iterable[str]) -> tuple[Case, ...]:
    """Return all cases of a rulebook with *stages*; `EVERY_CASE` if they are those of this process.

    A stage that only the other rulebook has is a text, so that the answers of both can be compared.
    """
    return _cases_with(tuple(map(str, stages)))


@lru_cache(maxsize=4)
def _cases_with(stages: tuple[str, ...]) -> tuple[Case, ...]:
    own = {str(stage): stage for stage in Stage}
    if stages == tuple(own):
        return EVERY_CASE
    words = [own.get(name, name) for name in stages]
    return tuple(Case(*facts) for facts in product(Canceller, Scope, Invoicing, words, EInvoice))  # type: ignore[arg-type]
