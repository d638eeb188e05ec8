"""Whether the values of a column show their form of dates: day before month, or month before day."""

from typing import NamedTuple

import numpy as np

from orders.intake.values.date_formats import date_formats
from orders.intake.values.dates import parse_times
from orders.intake.values.text_columns import TextCells
from orders.log.arrays import IntArray, Mask
from orders.log.columns import EMPTY

MONTHS = 12
FEWEST_DAYS = 2
"""Dates and texts from which on it is no accident that all dates have days up to the twelfth, and all texts later ones."""
SEPARATORS = "-/."
FORMS = "iso", *(
    f"{date}{time}"
    for time in ("", " HH:MM", " HH:MM:SS")
    for date in (
        *(f"{first}{sign}{second}{sign}{year}" for sign in SEPARATORS for first, second in (("dd", "mm"), ("mm", "dd")) for year in ("yyyy", "yy")),
        "yyyy-mm-dd", "yyyy/mm/dd", "d-MMM-yy", "d-MMM-yyyy", "yyyymmdd",
    )
)  # fmt: skip
"""Forms of dates that are tried for a suggestion."""


class DateQuestion(NamedTuple):
    """What is not certain about the dates of a column, and how it is answered in a mapping file."""

    reason: str
    remedy: str


def date_question(cells: TextCells, formats: tuple[str, ...]) -> DateQuestion | None:
    """Return what must be declared about dates in *formats*; None if they are certain.

    They are certain if at least half of the values have one of them, and the order of day and month is: one value fits this order
    only, and none the opposite order only.
    """
    empty = cells.is_empty
    if empty.all():
        return None
    here = parse_times(cells, date_formats(formats), 0, empty)
    if here.wrong.sum() * 2 > (~empty).sum():
        return _other_forms(cells, formats)
    swapped = tuple(_swapped(form) for form in formats)
    if swapped == formats:
        return None
    other = parse_times(cells, date_formats(swapped), 0, empty)
    only_other = _first(cells, here.wrong & ~other.wrong)
    only_here = _first(cells, ~here.wrong & other.wrong)
    if only_other:
        also = f', and "{only_here[0]}" only `{formats[0]}`' if only_here else ""
        return DateQuestion(f'"{only_other[0]}" fits `{swapped[0]}` only{also}', f"correct the file, or {_declared(swapped[0])}")
    values = _first(cells, (here.start != other.start) & (here.start != EMPTY))
    if only_here or not values:
        return None
    examples = " and ".join(f'"{value}"' for value in values)
    both = f"every value fits `{formats[0]}` and `{swapped[0]}`, and {examples} would be other days"
    return DateQuestion(both, _declared(formats[0], swapped[0]))


class DayCounts:
    """Counts the days of a sheet: in texts and in dates, up to the twelfth and after it.

    A spreadsheet that reads the days of a file with the month first makes dates of those up to the twelfth, with day and month swapped, and leaves
    the others as texts. So do they stand in the file when it is saved.
    """

    def __init__(self) -> None:
        self.early_texts = self.late_texts = self.early_dates = self.late_dates = 0

    def add(self, cells: TextCells, are_dates: Mask, formats: tuple[str, ...], skip: Mask) -> None:
        """Add the *cells* of a column with dates in *formats*, except *skip*; *are_dates* are stored as dates, the others as texts."""
        swapped = tuple(_swapped(form) for form in formats)
        if swapped == formats:
            return
        here, other = (parse_times(cells, date_formats(forms), 0, skip | are_dates) for forms in (formats, swapped))
        is_text = ~skip & ~are_dates & ~here.wrong
        self.early_texts += int((is_text & ~other.wrong).sum())
        self.late_texts += int((is_text & other.wrong).sum())
        days = [int(text[8:10]) for text in cells.texts_at(np.flatnonzero(are_dates & ~skip))]
        self.late_dates += sum(day > MONTHS for day in days)
        self.early_dates += len(days) - sum(day > MONTHS for day in days)

    @property
    def are_swapped(self) -> bool:
        """Return whether dates and texts share the days as if a spreadsheet had swapped days and months."""
        return min(self.early_dates, self.late_texts) >= FEWEST_DAYS and not self.late_dates and not self.early_texts


def with_two_days(cells: TextCells, stored: IntArray) -> Mask:
    """Return which of *cells* are another day if day and month are swapped; those at *stored* are dates, the others none."""
    mask = np.zeros(len(cells), bool)
    mask[stored] = [text[5:7] != text[8:10] for text in cells.texts_at(stored)]
    return mask


def _first(cells: TextCells, mask: Mask) -> list[str]:
    """Return the first two different values of *mask*."""
    return list(dict.fromkeys(cells.texts_at(np.flatnonzero(mask))))[:2]


def _other_forms(cells: TextCells, formats: tuple[str, ...]) -> DateQuestion:
    empty = cells.is_empty
    most = (~empty).sum() / 2
    fitting = [form for form in FORMS if parse_times(cells, date_formats((form,)), 0, empty).wrong.sum() <= most]
    names = " and ".join(f"`{form}`" for form in formats)
    if not fitting:
        return DateQuestion(
            f"most values are not {names}", 'declare their form in its source, like `dates = { format = "dd-mm-yyyy HH:MM" }`'
        )
    fit = " and ".join(f"`{form}`" for form in fitting)
    return DateQuestion(f"most values are not {names}, but fit {fit}", _declared(*fitting))


def _declared(*forms: str) -> str:
    """Return how the first of *forms* is declared, and that the others are declared like it."""
    others = "".join(f', or "{form}"' for form in forms[1:])
    return f'declare the form in its source: `dates = {{ format = "{forms[0]}" }}`{others}'


def _swapped(form: str) -> str:
    """Return the format with day and month in the opposite order."""
    if "MMM" in form or form == "iso":
        return form
    return form.translate(str.maketrans("dm", "md"))
