"""The regular way of an order, told in the words of the feature files.

Which step follows which is the order's own business: it refuses what is out of turn. Here is only what a reader means by
"the order has been packed": every step up to packing, one after the other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sop_engine import Invoicing, Scope
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import Order
from steps.driver import Driver
from steps.vocabulary import CANCELLERS, Words, moment

Step = Callable[[Order], Order]

STEPS: dict[str, Step] = {
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
}
STEP = Words("step", STEPS)

REGULAR = {
    Invoicing.ERP: ("allocated", "posted", "e-invoiced", "pushed", "released", "packed", "made ready", "dispatched"),
    Invoicing.RMS: ("allocated", "released", "packed", "made ready", "dispatched"),
}


def come_to(order: Order, progress: str) -> Order:
    """*order* after every step of its regular way up to and with *progress*."""
    way = REGULAR[order.invoicing]
    for name in way[: way.index(progress) + 1]:
        order = STEPS[name](order)
    return order


def refusal_of(act: Callable[[], object]) -> ImpossibleStepError | UnitsError | None:
    """The error that *act* is refused with; None when it goes through."""
    try:
        act()
    except (ImpossibleStepError, UnitsError) as refusal:
        return refusal
    return None


def told(driver: Driver, row: Mapping[str, str]) -> Order:
    """The order that a row of a table tells: its times, each in the column of what happened, with ``-`` for never."""
    happened: dict[str, Callable[[Order, datetime], Order]] = {
        "posted": Order.post,
        "e-invoiced": lambda order, at: order.generate(at, invoice_number=row["invoice"]),
        "pushed": Order.push,
        "cancelled": lambda order, at: order.cancel(CANCELLERS(row["by"]), Scope.FULL, at=at)[0],
    }
    order = driver.new_order(row["order"], Invoicing.ERP, 1).allocate()
    told_times = sorted((moment(row[name]), place) for place, name in enumerate(happened) if row.get(name, "-") != "-")
    names = list(happened)
    for at, place in told_times:
        order = happened[names[place]](order, at)
    return order
