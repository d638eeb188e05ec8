"""Obstacles: why an order refuses a step, in a closed list of words.

The order's error names the state that the step needs; an `Obstacle` relates words to these states and to a condition on the order.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from sop_engine import EInvoice, Invoicing, Stage, load_rulebook
from sop_engine.errors import ImpossibleStepError, UnitsError
from sop_engine.order import BEFORE_RELEASE, Order

Obstruction = Literal[
    "its stock is reserved already",
    "it is posted already",
    "it is not posted yet",
    "it is e-invoiced by RMS",
    "its e-invoice is not made yet",
    "its e-invoice is not pushed yet",
    "it is on hold",
    "it is not released yet",
    "it is released already",
    "its packing has failed",
    "it is not packed yet",
    "it is not made ready yet",
    "it is not dispatched yet",
    "it is cancelled",
    "there is no such duty",
    "more units than are left",
]
"""All words of obstacles, as the contract over HTTP has them."""
_POSTING = "FULFILLABLE under ERP and not posted"
_CUSTOMER = "neither posted nor released"
_PACKING = "PROCESSING without a packing error"


class Obstacle(NamedTuple):
    """An obstacle in *words*: it applies if the step needs one of the states *needs* and *holds* is true of the order."""

    words: Obstruction
    needs: tuple[str, ...]
    holds: Callable[[Order], bool]


def _is_posted(order: Order) -> bool:
    return order.e_invoice is not EInvoice.NOT_POSTED and order.stage is not Stage.CANCELLED


OBSTACLES = (
    Obstacle("its stock is reserved already", ("CREATED or UNFULFILLABLE", "CREATED"), lambda order: order.stage is Stage.FULFILLABLE),
    Obstacle("it is posted already", (_POSTING, _CUSTOMER), _is_posted),
    Obstacle("it is not posted yet", ("posted, and FULFILLABLE or CANCELLED",), lambda order: not order.was_posted),
    Obstacle("it is e-invoiced by RMS", (_POSTING,), lambda order: order.invoicing is Invoicing.RMS),
    Obstacle(
        "its e-invoice is not made yet", ("under ERP with its e-invoice generated",), lambda order: order.e_invoice is EInvoice.POSTED
    ),
    Obstacle(
        "its e-invoice is not pushed yet",
        ("FULFILLABLE, not on hold, its e-invoice pushed",),
        lambda order: order.e_invoice is not EInvoice.PUSHED,
    ),
    Obstacle("it is on hold", ("FULFILLABLE, not on hold",), lambda order: order.on_hold),
    Obstacle("it is not released yet", (_PACKING,), lambda order: order.stage in BEFORE_RELEASE),
    Obstacle("it is released already", (_CUSTOMER,), lambda order: order.stage not in BEFORE_RELEASE),
    Obstacle("its packing has failed", (_PACKING,), lambda order: order.packing_error),
    Obstacle("it is not packed yet", ("PACKED",), lambda order: order.stage is Stage.PROCESSING),
    Obstacle("it is not made ready yet", ("READY_TO_DISPATCH",), lambda order: order.stage is Stage.PACKED),
    Obstacle(
        "it is not dispatched yet", ("COMPLETED with a unit that has not come back",), lambda order: order.stage is not Stage.COMPLETED
    ),
    Obstacle("it is cancelled", (_POSTING,), lambda order: order.stage is Stage.CANCELLED),
)

NO_SUCH_DUTY: Obstruction = "there is no such duty"
TOO_MANY_UNITS: Obstruction = "more units than are left"
_DUTIES = frozenset(f"an order with the duty to {task.words}" for task in load_rulebook().tasks)


def obstructions(refusal: ImpossibleStepError | UnitsError, order: Order) -> list[Obstruction]:
    """Return the obstacles to the step that *order* refused with *refusal*; none if no words apply."""
    if isinstance(refusal, UnitsError):
        return [TOO_MANY_UNITS] if isinstance(refusal.units, int) and refusal.units > refusal.most else []
    if refusal.needed in _DUTIES:
        return [NO_SUCH_DUTY]
    return [obstacle.words for obstacle in OBSTACLES if refusal.needed in obstacle.needs and obstacle.holds(order)]


def obstacles(refusal: ImpossibleStepError | UnitsError | None, order: Order) -> list[str]:
    """Return the obstacles to the step that *order* refused with *refusal*; its reason if none applies, or if it is about units."""
    if not isinstance(refusal, ImpossibleStepError):
        return ["nothing" if refusal is None else refusal.reason]
    return [*obstructions(refusal, order)] or [refusal.reason]
