"""The reader's own copy of the SOP, line by line beside our clauses. It is part of the reader's site only, never of the project."""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from reports.html.errors import ReportError

Quote = tuple[tuple[int, str], ...]
"""Lines of the source: number and text."""


class SourceQuotes(msgspec.Struct, frozen=True):
    """Lines of the source: ``quotes`` by the name of their line in the register, ``rest`` without an entry in it."""

    quotes: dict[str, Quote]
    rest: Quote


def quotes_by_line(places: Iterable[str], source: Sequence[str]) -> SourceQuotes:
    """Return the lines that *places* name, such as ``17-19`` or ``21``, and all other lines with text.

    Raises:
        ReportError: the source ends before a line that is named; it is another document.
    """
    numbers = {place: _line_numbers(place) for place in dict.fromkeys(places)}
    last = max(chain.from_iterable(numbers.values()), default=0)
    if last > len(source):
        reason = f"it has {len(source)} lines, and the rulebook refers to line {last}"
        raise ReportError("the source document", reason, "name the text that the rulebook was written from with --source")
    quotes = {place: _quote(lines, source) for place, lines in numbers.items()}
    quoted = set(chain.from_iterable(numbers.values()))
    return SourceQuotes(quotes, _quote([number for number in range(1, len(source) + 1) if number not in quoted], source))


def _line_numbers(place: str) -> Sequence[int]:
    """Parse ``17-19`` as 17, 18 and 19; return nothing if it is not a number."""
    first, _, last = place.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        return ()
    return range(int(first), int(last or first) + 1)


def _quote(numbers: Iterable[int], source: Sequence[str]) -> Quote:
    return tuple((number, source[number - 1].strip()) for number in numbers if number and source[number - 1].strip())
