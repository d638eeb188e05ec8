"""The regular way of an order, told in the words of the feature files.

Which step follows which is the order's own business: it refuses what is out of turn. Here is only what a reader means by
"the order has been packed": every step up to packing, one after the other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sop_engine import Invoicing, QualityCheck, Scope
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


def told(driver: Driver, record: Mapping[str, str]) -> Order:
    """The order that a line of a table tells: what happened to it stands in the column of its name, ``-`` for never."""
    order = driver.new_order(record["order"], Invoicing.ERP, 1).allocate()
    times = {name: moment(record[name]) for name in HAPPENINGS if record.get(name, NEVER) != NEVER}
    for name in sorted(times, key=lambda name: times[name]):
        order = HAPPENINGS[name](order, times[name], record)
    return order


def _checked(check: QualityCheck, order: Order) -> Order:
    returned = order.return_unit()
    return returned.record_quality_check(check, number=returned.returns[-1].number)


def with_returns(driver: Driver, record: Mapping[str, str]) -> Order:
    """The dispatched order that a line of a table tells, with the quality checks of the units that came back."""
    order = come_to(driver.new_order(record["order"], Invoicing.RMS, int(record["units"])), "dispatched")
    for check in record["quality checks"].replace(NEVER, "").split(", "):
        order = CHECKS[check](order)
    return order


CHECKS: dict[str, Step] = {
    "": lambda order: order,
    "not recorded": Order.return_unit,
    **{check: partial(_checked, check) for check in (QualityCheck.PASS, QualityCheck.FAIL, QualityCheck.MISSING)},
}
"""What the quality checks of a table stand for: a unit that came back, and what was found."""

HAPPENINGS: dict[str, Callable[[Order, datetime, Mapping[str, str]], Order]] = {
    "posted": lambda order, at, _: order.post(at),
    "e-invoiced": lambda order, at, record: order.generate(at, invoice_number=record.get("invoice")),
    "pushed": lambda order, at, _: order.push(at),
    "released": lambda order, at, _: order.release(at),
    "packed": lambda order, at, _: order.pack(at),
    "dispatched": lambda order, at, _: order.ready(at).dispatch(at),
    "returned": lambda order, at, _: order.return_unit(at),
    "checked": lambda order, at, record: order.record_quality_check(QualityCheck(record["quality check"]), at),
    "cancelled": lambda order, at, record: order.cancel(CANCELLERS(record["by"]), Scope.FULL, at=at)[0],
    "credited": lambda order, at, _: order.make_credit_note(at),
}
"""What can stand in a column of a table of orders, in the order in which it happens when the times are equal."""

NEVER = "-"
