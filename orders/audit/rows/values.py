"""Values of a document of several rows: what its rows can mean together.

The rows of a document are its lines, and its value is their sum; or each of them has the whole value, as in GSTR-1, which has a row for
each rate of tax with the value of the whole document (help text of the offline workbook of GSTN; frappe/erpnext issue 9836). Where equal
values leave that open both are possible. Two files can contradict each other, too; then the value is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Worth:
    """What a document is worth, in paise: *lines* if its rows are its lines, *whole* if each row has all of it.

    Both are the same for most; None if it is unknown. *named* are all values that its files leave possible. It
    *is_aside* if it is unknown because a row of the document is set aside.
    """

    lines: int | None
    whole: int | None
    named: tuple[int, ...] = ()
    is_aside: bool = False

    @property
    def unsigned(self) -> "Worth":
        """Return it without signs."""
        lines, whole = (None if amount is None else abs(amount) for amount in (self.lines, self.whole))
        return Worth(lines, whole, tuple(sorted(map(abs, self.named))), self.is_aside)


NO_WORTH = Worth(None, None)
LINE_ASIDE = Worth(None, None, is_aside=True)
"""The value of a document of which a row is set aside, which can be a line of it."""


def value_in_source(values: Sequence[int | None], *, are_whole: bool, counts: bool) -> Worth:
    """Return what the rows of a document in one source leave possible as its value.

    Args:
        values: in paise, of each row with its sign; None for a row without one.
        are_whole: whether each row of the source has the value of the whole document.
        counts: whether the document has effect; if not, its value is 0.
    """
    if not counts:
        return Worth(0, 0, (0,))
    given = [value for value in values if value is not None]
    if not given or len(given) < len(values):
        return NO_WORTH
    total, distinct = sum(given), sorted(set(given))
    if are_whole:
        only = distinct[0] if len(distinct) == 1 else None
        return Worth(only, only, tuple(distinct))
    whole = given[0] if len(distinct) == 1 else total
    return Worth(total, whole, tuple(sorted({total, whole})))


def joined_value(sources: Iterable[Worth]) -> Worth:
    """Return the value on which all *sources* with one agree, as lines or as whole values; None if they contradict each other."""
    every = list(sources)
    stated = [value for value in every if value.named]
    if not stated:
        return LINE_ASIDE if LINE_ASIDE in every else NO_WORTH
    of_lines, of_whole = (_only({value.lines for value in stated}), _only({value.whole for value in stated}))
    if of_lines is None and of_whole is None:
        return Worth(None, None, tuple(sorted({amount for value in stated for amount in value.named})))
    lines, whole = (of_whole if of_lines is None else of_lines), (of_lines if of_whole is None else of_whole)
    return Worth(lines, whole, tuple(sorted({amount for amount in (lines, whole) if amount is not None})))


def _only(amounts: set[int | None]) -> int | None:
    """Return the one of *amounts*; None if there are several."""
    return next(iter(amounts)) if len(amounts) == 1 else None
