"""Quotes of a text file: which lines belong together, and which lines have a quote that is not closed.

A quote that is not closed makes every reader swallow the next rows. Here such a line is one faulty row, and the lines after it are rows
again. A quoted cell may contain line ends; but one with as many delimiters as a whole row is taken for such a fault. A quote inside a
cell without quotes, as in ``15" collar``, is an ordinary character.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

QUOTE = 0x22
MOST_LINES = 200
"""Most lines of one row."""
_NEWLINE, _RETURN = 0x0A, 0x0D


@dataclass(frozen=True, slots=True)
class Structure:
    """What quotes do in a file.

    Attributes:
        is_plain: every line is a row.
        lines: number of lines, if they are rows.
        has_quotes: whether there is a quote.
    """

    is_plain: bool
    lines: int = 0
    has_quotes: bool = True


def structure_of(blocks: Iterable[bytes], delimiter: bytes) -> Structure:
    """Return the structure of a file, in one pass over its bytes."""
    scan = _Scan(delimiter)
    for block in blocks:
        if not scan.goes_on(block):
            return Structure(is_plain=False)
    if scan.ends_open():
        return Structure(is_plain=False)
    return Structure(is_plain=True, lines=scan.lines, has_quotes=scan.has_quotes)


class _Scan:
    """A pass over the bytes of a file; a byte is looked at together with the one before and after it, so the last two are kept back."""

    def __init__(self, delimiter: bytes) -> None:
        self.carry, self.inside, self.lines, self.has_quotes, self.last = b"\n", False, 0, False, b"\n"
        self.allowed = np.zeros(256, bool)
        self.allowed[[*delimiter, _NEWLINE, _RETURN, QUOTE]] = True

    def goes_on(self, block: bytes) -> bool:
        """Look at a block; return whether all lines until now can be rows."""
        if not block:
            return True
        signs = np.frombuffer(block, np.uint8)
        is_newline = signs == _NEWLINE
        self.lines += int(np.count_nonzero(is_newline)) - (self.last == b"\r" and block.startswith(b"\n"))
        if b"\r" in block:
            is_return = signs == _RETURN
            self.lines += int(np.count_nonzero(is_return) - np.count_nonzero(is_return[:-1] & is_newline[1:]))
        has_quotes = b'"' in block
        self.has_quotes |= has_quotes
        is_sound = self._quotes(self.carry + block) if has_quotes or self.inside or b'"' in self.carry else True
        self.carry, self.last = (self.carry + block[-2:])[-2:], block[-1:]
        return is_sound

    def ends_open(self) -> bool:
        """Look at the last byte; return whether a quote is still open."""
        self.lines += self.last not in (b"\n", b"\r")
        return not self._quotes(self.carry + b"\n") or self.inside

    def _quotes(self, data: bytes) -> bool:
        signs = np.frombuffer(data, np.uint8)
        quotes = np.flatnonzero(signs[1:-1] == QUOTE) + 1
        opens = (np.arange(len(quotes)) % 2 == 0) != self.inside
        if not (self.allowed[signs[quotes[opens] - 1]].all() and self.allowed[signs[quotes[~opens] + 1]].all()):
            return False
        ends = np.flatnonzero((signs[1:-1] == _NEWLINE) | (signs[1:-1] == _RETURN)) + 1
        if ((np.searchsorted(quotes, ends) % 2 == 1) != self.inside).any():
            return False
        self.inside = self.inside != bool(len(quotes) % 2)
        return True


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a file: its text without the line end, and whether its quotes are faulty."""

    text: bytes
    is_faulty: bool


def records_of(data: bytes, delimiter: bytes, width: int) -> Iterator[Record]:
    """Yield each row of *data*: a line, several lines with one quoted cell, or a faulty line alone; *width* is the number of columns."""
    lines = re.split(rb"\r\n|\n|\r", data)
    if lines and not lines[-1]:
        lines.pop()
    whole = _whole_line(delimiter)
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if b'"' not in line or whole.fullmatch(line):
            yield Record(line, is_faulty=False)
            continue
        text, last = line, place
        for last in range(place, min(place + MOST_LINES, len(lines))):
            text += b"\n" + lines[last]
            if b'"' in lines[last] and whole.fullmatch(text):
                break
        else:
            yield Record(line, is_faulty=True)
            continue
        if _is_suspicious(text, delimiter, width):
            yield Record(line, is_faulty=True)
            continue
        place = last + 1
        yield Record(text, is_faulty=False)


def _is_suspicious(text: bytes, delimiter: bytes, width: int) -> bool:
    """Return whether a row of several lines has another number of cells than *width*, or a whole row in one cell."""
    cells = cells_of(text.decode(), delimiter.decode())
    return len(cells) != width or any("\n" in cell and cell.count(delimiter.decode()) >= width - 1 for cell in cells)


def cells_of(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the cells of one row, as far as they can be separated."""
    usual = csv.field_size_limit(1 << 30)  # the limit is that of the process
    try:
        return tuple(next(csv.reader([text], delimiter=delimiter), []))
    except csv.Error:
        return tuple(text.split(delimiter))
    finally:
        csv.field_size_limit(usual)


@cache
def _whole_line(delimiter: bytes) -> re.Pattern[bytes]:
    sign = re.escape(delimiter)
    cell = rb'(?:"(?:[^"]|"")*+"|[^"' + sign + rb"][^" + sign + rb"]*+|)"
    return re.compile(cell + rb"(?:" + sign + cell + rb")*+", re.DOTALL)
