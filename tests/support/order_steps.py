"""Orders at every place of their life, and the words with which a step is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product

import pytest

from sop_engine import (
    EInvoice,
    Invoicing,
    Stage,
)
from sop_engine.errors import ImpossibleStepError, SopError
from sop_engine.order import Order, OrderEvent

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEFORE = (OrderEvent("created", None),)
EARLY = ("CREATED", "UNFULFILLABLE", "FULFILLABLE")


def orders() -> list[Order]:
    """An order of three units in every place there is, on the life cycle or off it, held or not, with a packing error or not."""
    return [
        Order("A1", invoicing, 3, 3, stage, e_invoice, on_hold=held, packing_error=error, history=BEFORE)
        for invoicing, stage, e_invoice, held, error in product(Invoicing, Stage, EInvoice, (False, True), (False, True))
    ]


def words(order: Order) -> str:
    """The place of *order* as messages say it."""
    held = ", on hold" if order.on_hold else ""
    error = ", with a packing error" if order.packing_error else ""
    return f"{order.stage} under {order.invoicing} with its e-invoice {order.e_invoice}{held}{error}"


def refused(take: Callable[..., object], *arguments: object) -> str:
    """The reason with which a step is refused, without the remedy."""
    with pytest.raises(SopError) as refusal:
        take(*arguments)
    assert isinstance(refusal.value, ImpossibleStepError)
    return refusal.value.reason
