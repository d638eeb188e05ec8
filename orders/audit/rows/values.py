"""Values of a document of several rows: what its rows can mean together.

The rows of a document are its lines, and its value is their sum; or each of them has the whole value, as in GSTR-1, which has a row for
each rate of tax with the value of the whole document (help text of the offline workbook of GSTN; frappe/erpnext issue 9836). Where equal
values leave that open both are possible. Two files can contradict each other, too; then the value is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_TOTALS = 64
"""Of more sums only the least and the largest are kept."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a document is worth, in paise: *lines* if its rows are its lines, *whole* if each row has all of it.

    Both are the same for most; None if it is unknown. *named* are all values that its files leave possible. It
    *is_aside* if it is unknown because a row of the document is set aside. Where rows repeat others, and can be further lines of it,
    *totals* are the values that it can have as lines; then *lines* is None.
    """

    lines: int | None
    whole: int | None
    named: tuple[int, ...] = ()
    is_aside: bool = False
    totals: tuple[int, ...] = ()

    @property
    def unsigned(self) -> "Worth":
        """Return it without signs."""
        lines, whole = (None if amount is None else abs(amount) for amount in (self.lines, self.whole))
        named, totals = (tuple(sorted({abs(amount) for amount in amounts})) for amounts in (self.named, self.totals))
        return Worth(lines, whole, named, self.is_aside, totals)

    @property
    def contradicts_itself(self) -> bool:
        """Return whether files or rows give different values, so that none of them is right in each way of reading them."""
        return len(self.named) > 1 and self.lines is None and self.whole is None and not self.totals

    @property
    def ranges(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the least and the largest value, as lines and as whole values; None if one is unknown."""
        of_totals = (self.totals[0], self.totals[-1]) if self.totals else None
        of_lines = of_totals if self.lines is None else (self.lines, self.lines)
        of_whole = of_totals if self.whole is None else (self.whole, self.whole)
        return None if of_lines is None or of_whole is None else (of_lines, of_whole)


NO_WORTH = Worth(None, None)
LINE_ASIDE = Worth(None, None, is_aside=True)
"""The value of a document of which a row is set aside, which can be a line of it."""


def value_in_source(values: Sequence[int | None], further: Sequence[int], *, are_whole: bool, are_lines: bool, counts: bool) -> Worth:
    """Return what the rows of a document in one source leave possible as its value.

    Args:
        values: in paise, of each row with its sign; None for a row without one.
        further: how many other rows are equal to each row, and can be lines of their own.
        are_whole: whether each row of the source has the value of the whole document; are_lines: whether each is certainly a line.
        counts: whether the document has effect; if not, its value is 0.
    """
    if not counts:
        return Worth(0, 0, (0,))
    given = [value for value in values if value is not None]
    if not given or len(given) < len(values):
        return NO_WORTH
    distinct = sorted(set(given))
    if are_whole:
        only = distinct[0] if len(distinct) == 1 else None
        return Worth(only, only, tuple(distinct))
    totals = _possible_sums(sum(given), given, further)
    lines = totals[0] if len(totals) == 1 else None
    whole = given[0] if len(distinct) == 1 and not are_lines else lines
    return Worth(lines, whole, tuple(sorted({*totals, *([] if whole is None else [whole])})), totals=totals if lines is None else ())


def _possible_sums(once: int, values: Sequence[int], further: Sequence[int]) -> tuple[int, ...]:
    """Return the sums of *values*, which are *once* without and with the *further* rows that are equal to some, in ascending order."""
    sums = {once}
    for value, count in zip(values, further, strict=True):
        sums = {total + value * number for total in sums for number in range(count + 1)}
        sums = sums if len(sums) <= MOST_TOTALS else {min(sums), max(sums)}
    return tuple(sorted(sums))


def joined_value(sources: Iterable[Worth]) -> Worth:
    """Return the value on which all *sources* with one agree, as lines or as whole values; None if they contradict each other.

    Where one leaves several values open, the others can settle it.
    """
    every = list(sources)
    stated = [value for value in every if value.named]
    if not stated:
        return LINE_ASIDE if LINE_ASIDE in every else NO_WORTH
    of_lines = set.intersection(*(_possible(value.lines, value.totals) for value in stated))
    of_whole = set.intersection(*(_possible(value.whole, value.totals) for value in stated))
    if not of_lines and not of_whole:
        return Worth(None, None, tuple(sorted({amount for value in stated for amount in value.named})))
    of_lines, of_whole = of_lines or of_whole, of_whole or of_lines
    lines, whole = (next(iter(amounts)) if len(amounts) == 1 else None for amounts in (of_lines, of_whole))
    return Worth(lines, whole, tuple(sorted(of_lines | of_whole)), totals=tuple(sorted(of_lines)) if lines is None else ())


def _possible(amount: int | None, totals: tuple[int, ...]) -> set[int]:
    """Return the values that one source leaves possible."""
    return set(totals) if amount is None else {amount}
