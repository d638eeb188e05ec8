"""The event log: one flat table of events, sorted by time, order and kind of event.

A log is stored as columns of whole numbers; words are looked up when rows are read. Every measure is a function of such a
table. The digest is computed from its rows, independent of the bytes of a file and of the blocks in which it is read.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orders.log.arrays import IntArray, Mask, Texts, texts
from orders.log.columns import (
    COLUMN_NAMES,
    COLUMNS,
    DEFAULTS,
    EMPTY,
    FACT_COLUMNS,
    NONE,
    OPTIONAL_NUMBERS,
    TEXT_COLUMNS,
    WORD_CODES,
    Event,
    EventRow,
)
from orders.log.timestamps import START_MS


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Columns of whole numbers, sorted.

    Attributes:
        columns: the facts, and the other columns that differ from `DEFAULTS`.
        texts: the words of each column of free text.
    """

    columns: dict[str, IntArray]
    texts: dict[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.columns["order"])

    @property
    def clock(self) -> str:
        """Name of the column with the times: `time_ms` in a simulated log, `at` in others."""
        return "time_ms" if "time_ms" in self.columns else "at"

    def column(self, name: str) -> IntArray:
        """Return the cells of a column, also of one that is not stored."""
        if name in self.columns:
            return self.columns[name]
        if name == "at":
            return self.columns["time_ms"] + START_MS
        return np.full(len(self), DEFAULTS[name], dtype=np.int64)

    @classmethod
    def of(cls, parts: Sequence[Mapping[str, IntArray]], texts: Mapping[str, Sequence[str]]) -> "Log":
        """Build a log from *parts*, each with the same columns of codes; codes of free text are places in *texts*."""
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        used_texts: dict[str, Sequence[str]] = {}
        for name in TEXT_COLUMNS:
            if name in columns:
                columns[name], used_texts[name] = _used_codes(columns[name], texts[name])
        order = _row_order(columns)
        return cls({name: column[order] for name, column in columns.items()}, used_texts)

    @classmethod
    def from_rows(cls, rows: Sequence[EventRow]) -> "Log":
        """Build a log from *rows* in any order; columns equal to `DEFAULTS` are not stored.

        Raises:
            ValueError: some rows have `time_ms` and others do not.
        """
        simulated = [row.time_ms is not None for row in rows]
        if rows and any(simulated) != all(simulated):
            message = "either all rows of a log have time_ms, or none has"
            raise ValueError(message)
        cells = dict(zip(COLUMN_NAMES, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMN_NAMES, ())
        del cells["at" if all(simulated) else "time_ms"]
        texts = {name: sorted({*cells[name]} - {""}) for name in TEXT_COLUMNS}
        codes = {**WORD_CODES, **{name: {word: code for code, word in enumerate(words)} for name, words in texts.items()}}
        columns = {name: _cell_codes(column, codes.get(name)) for name, column in cells.items()}
        stored = {
            name: column for name, column in columns.items() if name in FACT_COLUMNS or name == "at" or (column != DEFAULTS[name]).any()
        }
        return cls.of([stored], texts)

    def rows(self) -> Iterator[EventRow]:
        """Return the rows in words."""
        cells = [self._cells(name) for name in COLUMN_NAMES]
        return map(EventRow._make, zip(*cells, strict=True))

    def words(self, name: str, rows: IntArray | Mask | slice = slice(None)) -> Texts:
        """Return cells of a column in words (or numbers), an empty text for an empty cell."""
        return words_of_codes(self.column(name)[rows], name, self.texts)

    def optional_numbers(self, name: str) -> list[int | None]:
        """Return the cells of one of `OPTIONAL_NUMBERS`, `None` for an empty cell."""
        column = self.column(name)
        return [None if cell == EMPTY else cell for cell in column.tolist()]

    def where(self, event: Event) -> "Log":
        """Return the rows of one kind of event."""
        return self.take(self.columns["event"] == WORD_CODES["event"][event])

    def take(self, rows: IntArray | Mask | slice) -> "Log":
        """Return a selection of the rows."""
        return Log({name: column[rows] for name, column in self.columns.items()}, self.texts)

    def with_columns(self, columns: Mapping[str, IntArray], texts: Mapping[str, Sequence[str]]) -> "Log":
        """Return the same rows with further columns; *texts* has the words of those of free text."""
        return Log({**self.columns, **columns}, {**self.texts, **texts})

    def digest(self) -> str:
        """Compute the digest of the facts, see `Digest`."""
        digest = Digest()
        digest.add(self)
        return digest.hexdigest()

    def _cells(self, name: str) -> Sequence[object]:
        if name not in self.columns and name != "at":
            return [_default_cell(name)] * len(self)
        if name in OPTIONAL_NUMBERS:
            return self.optional_numbers(name)
        column: list[int] = self.columns[name].tolist()
        words = self.texts[name] if name in TEXT_COLUMNS else COLUMNS[name]
        if words is None:
            return column
        plain = [*map(str, words), ""]
        return [plain[code] for code in column]


class Digest:
    """Digest of a log that is added in pieces, in the order of its rows; independent of how it is cut.

    It is the SHA-256 of the SHA-256 of each column of facts, in their order. A column is its cells in 8 bytes each, the lowest
    first: a number, the place of a word among the words of the column (-1 where there is none), and for free text the first 8
    bytes of the SHA-256 of the text (-1 where there is none). The other columns of a simulated log (`order_id`, `document`,
    `resource` …) follow from the facts, the seed and the replication.
    """

    def __init__(self) -> None:
        self.columns = {name: hashlib.sha256() for name in FACT_COLUMNS}

    def add(self, log: Log) -> None:
        """Add the next rows."""
        for name, column in self.columns.items():
            cells = log.column(log.clock if name == "time_ms" else name)
            column.update(
                (_text_digests(log.texts[name])[cells] if name in TEXT_COLUMNS else np.ascontiguousarray(cells, dtype="<i8")).tobytes()
            )

    def hexdigest(self) -> str:
        """Return the digest of the rows so far."""
        return hashlib.sha256(b"".join(column.digest() for column in self.columns.values())).hexdigest()


def words_of_codes(codes: IntArray, name: str, words: Mapping[str, Sequence[str]]) -> Texts:
    """Convert codes of the column *name* to words, an empty text for an empty cell; numbers stay. *words* has those of free text."""
    column_words = words.get(name, ()) if name in TEXT_COLUMNS else COLUMNS[name]
    if column_words is None:
        return codes.astype(object)
    return texts([*map(str, column_words), ""])[codes]


def _default_cell(name: str) -> object:
    """Return the cell of a row in a column that is not stored."""
    words = COLUMNS[name]
    if name in OPTIONAL_NUMBERS:
        return None
    return "" if words is None or DEFAULTS[name] == NONE else str(words[DEFAULTS[name]])


def _cell_codes(cells: Sequence[object], codes: Mapping[str, int] | None) -> IntArray:
    if codes is None:
        return np.array([EMPTY if cell is None else cell for cell in cells], dtype=np.int64)
    return np.array([codes.get(str(cell), NONE) for cell in cells], dtype=np.int64)


def _used_codes(codes: IntArray, words: Sequence[str]) -> tuple[IntArray, tuple[str, ...]]:
    """Renumber *codes* for the used *words*, sorted; return both."""
    used = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=1)).tolist() if len(words) else []
    used_words = sorted({words[code] for code in used} - {""})
    place = {word: code for code, word in enumerate(used_words)}
    return np.array([*(place.get(word, NONE) for word in words), NONE], dtype=np.int64)[codes], tuple(used_words)


def _row_order(columns: Mapping[str, IntArray]) -> IntArray:
    """Sort rows by time, order number and event; the other columns decide only where these are equal."""
    times = columns["time_ms" if "time_ms" in columns else "at"]
    key = (times << 27) + (columns["order"] << 5) + columns["event"]
    if int(columns["order"].max(initial=0)) < 1 << 22 and int(times.max(initial=0)) < 1 << 36:
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        equal = np.flatnonzero(ranked[1:] == ranked[:-1])
        places = np.union1d(equal, equal + 1)
        tied = order[places]
        order[places] = tied[_rank({name: column[tied] for name, column in columns.items()})]
        return order
    return _rank(columns)


def _rank(columns: Mapping[str, IntArray]) -> IntArray:
    """Sort rows by all columns, the first one first."""
    names = [name for name in COLUMN_NAMES if name in columns and name != "at"]
    return np.lexsort([columns[name] for name in reversed(names)] + ([columns["at"]] if "at" in columns else []))


def _text_digests(words: Sequence[str]) -> IntArray:
    marks = [int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little", signed=True) for word in words]
    return np.array([*marks, NONE], dtype="<i8")
