"""Order steps: the steps of an order by their words in feature files, and its regular steps.

`Order` itself refuses a step out of sequence. This module defines the meaning of "the order has been packed": every regular step
up to packing, in order.
"""

from collections.abc import Callable

from sop_engine import Invoicing
from sop_engine.errors import ImpossibleStepError, UnitsError, UnknownValueError
from sop_engine.order import Order
from steps.support.vocabulary import Vocabulary

Step = Callable[[Order], Order]

ORDER_STEPS: Vocabulary[Step] = Vocabulary(
    "step",
    {
        "allocated": Order.allocate,
        "posted": Order.post,
        "e-invoiced": lambda order: order.generate(invoice_number="INV-1"),
        "pushed": Order.push,
        "released": Order.release,
        "packed": Order.pack,
        "made ready": Order.ready,
        "dispatched": Order.dispatch,
        "found without stock": Order.mark_unfulfillable,
        "put on hold": Order.hold,
        "taken off hold": Order.unhold,
        "returned": Order.return_unit,
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


def advance_to(order: Order, progress: str) -> Order:
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


def resume_to(order: Order, progress: str) -> Order:
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


def refusal_of(act: Callable[[], object]) -> ImpossibleStepError | UnitsError | None:
    """Return the error with which *act* is refused; None if it succeeds."""
    try:
        act()
    except (ImpossibleStepError, UnitsError) as refusal:
        return refusal
    return None
