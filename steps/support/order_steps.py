"""The regular way of an order, told in the words of the feature files.

Which step follows which is the order's own business: it refuses what is out of turn. Here is only what a reader means by
"the order has been packed": every step up to packing, one after the other.
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
"""What can happen to an order, apart from being cancelled."""

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
"""What the history of an order says of a step of its regular way."""


def advance_to(order: Order, progress: str) -> Order:
    """*order* after every step of its regular way up to and with *progress*.

    Raises:
        UnknownValueError: that step is not on the way of this order.
    """
    way = REGULAR_WAY[order.invoicing]
    if progress not in way:
        raise UnknownValueError(f"step under {order.invoicing}", progress, way)
    for name in way[: way.index(progress) + 1]:
        order = ORDER_STEPS(name)(order)
    return order


def resume_to(order: Order, progress: str) -> Order:
    """*order* after the steps of its regular way that it has not taken yet, up to and with *progress*.

    Raises:
        UnknownValueError: that step is not on the way of this order.
        ImpossibleStepError: the order refuses a step, or has taken all of them.
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
    """The error that *act* is refused with; None when it goes through."""
    try:
        act()
    except (ImpossibleStepError, UnitsError) as refusal:
        return refusal
    return None
