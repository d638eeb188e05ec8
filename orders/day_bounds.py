"""How many days lie at most between two events of one order, where no file says it: our bounds, which the SOP does not name."""

from dataclasses import dataclass

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class DayBounds:
    """The most days between two events; on them depends whether a file that is complete for some days had to hold something.

    A larger number makes the audit more careful: fewer orders and documents are called missing. The fields are keys of `[audit]` in a
    mapping.

    Attributes:
        days_from_order_to_invoice: from the day of an order to that of its e-invoice. A report of orders goes by the day of the order.
        days_from_order_to_first_time: from the day of an order to the first day that its rows name, where they do not have the day of the order.
        days_from_first_time_to_cancellation: from the first day that the rows of an order name to its cancellation.
        days_from_invoice_to_note: from an invoice to its credit note, where no row has the day of its order. The beginning of the financial
            year of the note is taken if it is earlier.
    """

    days_from_order_to_invoice: int = 7
    days_from_order_to_first_time: int = 3
    days_from_first_time_to_cancellation: int = 14
    days_from_invoice_to_note: int = 30


BOUND_KEYS = tuple(DayBounds.__dataclass_fields__)
"""The names of the bounds."""
