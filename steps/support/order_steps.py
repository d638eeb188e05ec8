"""Order steps: the steps of an order by their words in feature files, and its regular steps.

The order itself refuses a step out of sequence. This module defines the meaning of "the order has been packed": every regular step
up to packing, in order.
"""

from collections.abc import Callable
from datetime import datetime
from operator import methodcaller

from sop_engine import Canceller, Invoicing, Outcome, Scope, SopError, Stage
from sop_engine.case import FURTHER_STAGES
from sop_engine.errors import UnknownValueError
from steps.driver.order_life import OrderLife
from steps.support.vocabulary import Vocabulary

Step = Callable[[OrderLife], OrderLife]
EFFECTIVE = (Outcome.ALLOWED, Outcome.FAILS_AT_PACKING)
"""Outcomes after which the order, or a part of it, has been cancelled at least at Ajio."""


class UntrueStepError(SopError):
    """A step sentence or a cell that says what did not happen to the order; *reason* is the message without the remedy."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason


def check_stage_of_a_life(stage: Stage) -> None:
    """Refuse a stage to which no event leads.

    Raises:
        UntrueStepError: it is one that only the register has.
    """
    if stage in FURTHER_STAGES:
        raise UntrueStepError(
            f"no step of an order leads to {stage}, which only the register of the version has",
            f"write the case, with `Given the order is {stage}`, and ask for the answer",
        )


def pack(order: OrderLife) -> OrderLife:
    """Return *order* after it was packed.

    Raises:
        ImpossibleStepError: it cannot be packed.
        UntrueStepError: an error stops the packing, so that it is not PACKED.
    """
    packed = order.pack()
    if packed.packing_error:
        raise UntrueStepError(
            "an error stops the packing, so the order is not packed", "write `packing is tried` or `its packing has failed`"
        )
    return packed


def fail_to_pack(order: OrderLife) -> OrderLife:
    """Return *order* after its packing failed.

    Raises:
        ImpossibleStepError: it cannot be packed.
        UntrueStepError: no error stops the packing.
    """
    packed = order.pack()
    if not packed.packing_error:
        raise UntrueStepError("no error stops the packing, so the order is PACKED", "write `it has since been packed`")
    return packed


def cancel(order: OrderLife, canceller: Canceller, scope: Scope, units: int | None = None, at: datetime | None = None) -> OrderLife:
    """Return *order* after a cancellation that has taken place.

    Raises:
        UntrueStepError: the request is refused, fails on screen or is without effect.
    """
    cancelled, decision = order.cancel(canceller, scope, units, at)
    if decision.outcome not in EFFECTIVE:
        remedy = "write `… has tried without success to cancel …`, or make the request the When of the scenario"
        raise UntrueStepError(f"nothing is cancelled: the request {in_words(decision.outcome)}, because the order is {order.state}", remedy)
    return cancelled


def cancel_without_effect(order: OrderLife, canceller: Canceller, scope: Scope, units: int | None = None) -> OrderLife:
    """Return *order* after a request that cancelled nothing.

    Raises:
        UntrueStepError: the request is allowed, or fails at packing.
    """
    unchanged, decision = order.cancel(canceller, scope, units)
    if decision.outcome in EFFECTIVE:
        remedy = "write `… has cancelled …`"
        raise UntrueStepError(f"the request {in_words(decision.outcome)}, because the order is {order.state}", remedy)
    return unchanged


def check_missing_units(order: OrderLife) -> None:
    """Raise if no unit of *order* can be found missing at packing.

    Raises:
        UntrueStepError: the order is not about to be packed.
    """
    if order.stage is not Stage.PROCESSING or order.packing_error:
        reason = f"units are found missing only when the order is about to be packed, and the order is {order.state}"
        raise UntrueStepError(reason, "write the request without `because units are missing at packing`, or release the order before it")


def in_words(outcome: Outcome) -> str:
    """Return *outcome* as the verb of a sentence: *is refused*, *fails on screen*."""
    fails = outcome in (Outcome.FAILS_ON_SCREEN, Outcome.FAILS_AT_PACKING)
    return str(outcome) if fails else f"is {outcome}"


def is_under_rms(_: str, order: OrderLife) -> bool:
    """Return whether RMS makes the e-invoice of *order*."""
    return order.invoicing is Invoicing.RMS


def is_under_erp(_: str, order: OrderLife) -> bool:
    """Return whether the client's ERP makes the e-invoice of *order*."""
    return order.invoicing is Invoicing.ERP


def has_packing_error(_: str, order: OrderLife) -> bool:
    """Return whether an error has stopped the packing of *order*."""
    return order.packing_error


def is_posted_afterwards(text: str, order: OrderLife) -> bool:
    """Return whether a step is about posting an order that is cancelled."""
    return "posted" in text and order.stage is Stage.CANCELLED


def is_invoiced_afterwards(text: str, order: OrderLife) -> bool:
    """Return whether a step is about the e-invoice that is made for an order that is cancelled."""
    return "e-invoiced" in text and order.stage is Stage.CANCELLED


def is_pushed_afterwards(text: str, order: OrderLife) -> bool:
    """Return whether a step is about pushing the e-invoice of an order that is cancelled."""
    return "pushed" in text and order.stage is Stage.CANCELLED


def is_cancelled_after_the_error(_: str, order: OrderLife) -> bool:
    """Return whether *order* was cancelled after an error had stopped its packing."""
    return order.packing_error and order.stage is Stage.CANCELLED


def is_in_the_life_cycle(text: str, _: OrderLife) -> bool:
    """Return whether a step is one of the life cycle; a hold is a mark beside it."""
    return "hold" not in text


def is_partial(_: str, order: OrderLife) -> bool:
    """Return whether the latest request was about part of the order."""
    return bool(order.cancellations) and order.cancellations[-1].scope is Scope.PARTIAL


def has_units_left(_: str, order: OrderLife) -> bool:
    """Return whether some units of the order are cancelled, and some are left."""
    return 0 < order.units < order.units_ordered


def waits_for_the_error(_: str, order: OrderLife) -> bool:
    """Return whether Ajio has cancelled part of the order, which is not noticed before packing."""
    return order.pending_partial > 0


ORDER_STEPS: Vocabulary[Step] = Vocabulary(
    "step",
    {
        "allocated": methodcaller("allocate"),
        "posted": methodcaller("post"),
        "e-invoiced": lambda order: order.generate(invoice_number="INV-1"),
        "pushed": methodcaller("push"),
        "released": methodcaller("release"),
        "packed": pack,
        "made ready": methodcaller("ready"),
        "dispatched": methodcaller("dispatch"),
        "found without stock": methodcaller("mark_unfulfillable"),
        "put on hold": methodcaller("hold"),
        "taken off hold": methodcaller("unhold"),
        "returned": methodcaller("return_unit"),
    },
)
"""The steps of an order, without cancellations."""

REGULAR_WAY = {
    Invoicing.ERP: ("allocated", "posted", "e-invoiced", "pushed", "released", "packed", "made ready", "dispatched"),
    Invoicing.RMS: ("allocated", "released", "packed", "made ready", "dispatched"),
}

HISTORY_NAMES = {
    "allocated": "allocated",
    "posted": "posted",
    "e-invoiced": "e-invoice generated",
    "pushed": "e-invoice pushed",
    "released": "released",
    "packed": "packed",
    "made ready": "ready to dispatch",
    "dispatched": "dispatched",
}
"""The name of each regular step in the history of an order."""


def advance_to(order: OrderLife, progress: str) -> OrderLife:
    """Return *order* after every regular step up to and including *progress*.

    Raises:
        UnknownValueError: *progress* is not a regular step of this order.
    """
    way = REGULAR_WAY[order.invoicing]
    if progress not in way:
        raise UnknownValueError(f"step under {order.invoicing}", progress, way)
    for name in way[: way.index(progress) + 1]:
        order = ORDER_STEPS(name)(order)
    return order


def resume_to(order: OrderLife, progress: str) -> OrderLife:
    """Return *order* after its remaining regular steps up to and including *progress*.

    Raises:
        UnknownValueError: *progress* is not a regular step of this order.
        ImpossibleStepError: the order refuses a step, or has already taken all of them.
    """
    way = REGULAR_WAY[order.invoicing]
    if progress not in way:
        raise UnknownValueError(f"step under {order.invoicing}", progress, way)
    taken = {event.name for event in order.history}
    ahead = [name for name in way[: way.index(progress) + 1] if HISTORY_NAMES[name] not in taken]
    for name in ahead or [progress]:
        order = ORDER_STEPS(name)(order)
    return order
