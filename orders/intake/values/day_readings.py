"""Whether the days of a column could be read with day and month swapped: what its texts and its stored dates show of their order.

A day after the twelfth shows it. Without one, the order of day and month rests on the declared form alone; that of dates which a spreadsheet
has stored rests on the program that read them.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow.compute as pc

from orders.intake.values.dates import MINUTE
from orders.intake.values.text_columns import TextCells
from orders.log.arrays import IntArray, Mask

LAST_MONTH = 12


class Order(IntEnum):
    """What some dates show of the order of day and month; of several dates the largest."""

    NONE = 0
    """There is no date."""
    SAME = 1
    """Each is the same day if day and month are swapped."""
    OPEN = 2
    """Each is a date in either order, and one is then another day."""
    SHOWN = 3
    """One has a day after the twelfth."""


@dataclass(frozen=True, slots=True)
class DayReading:
    """What a column of times shows.

    Attributes:
        target: the column of the mapping that it fills; column: its name in the file.
        form: the declared form with day and month as numbers.
        texts, stored: of its texts, and of its cells that a spreadsheet has stored as dates.
    """

    target: str
    column: str
    form: str
    texts: Order = Order.NONE
    stored: Order = Order.NONE

    def joined(self, other: "DayReading") -> "DayReading":
        """Return what both pieces of a column show."""
        return DayReading(self.target, self.column, self.form, max(self.texts, other.texts), max(self.stored, other.stored))

    @property
    def is_day_first(self) -> bool:
        """Return whether the declared form has the day before the month."""
        return self.form.index("d") < self.form.index("m")


def form_with_two_orders(formats: tuple[str, ...]) -> str | None:
    """Return the first of *formats* that begins with day and month as numbers; None if there is none.

    A form that begins with the year is never read with the day before the month.
    """
    return next((form for form in formats if form != "iso" and "MMM" not in form and not form.startswith("y")), None)


def order_of(start: IntArray, chosen: Mask, zone: int) -> Order:
    """Return what the *chosen* times show; *start* in UTC milliseconds, the *zone* in minutes before UTC."""
    if not chosen.any():
        return Order.NONE
    days = (start[chosen] + zone * MINUTE).astype("datetime64[ms]").astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day, month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1, months.astype(np.int64) % LAST_MONTH + 1
    if (day > LAST_MONTH).any():
        return Order.SHOWN
    return Order.OPEN if (day != month).any() else Order.SAME


def have_numbers_only(cells: TextCells) -> Mask:
    """Return which of *cells* have neither the name of a month nor the year first, so that day and month are numbers."""
    other = pc.match_substring_regex(cells.column, r"[A-Za-z]{3}|^[\s']*\d{4}")
    return ~np.asarray(pc.fill_null(other, False).to_numpy(zero_copy_only=False))  # noqa: FBT003 (a value)
