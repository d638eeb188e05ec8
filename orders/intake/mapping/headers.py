"""The header of a sheet: searched in its first rows, and the place of each column of a mapping in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from orders.intake.errors import DoubledNameError, IntakeError, NoHeaderError
from orders.intake.files.sheet import HEAD_ROWS, MOST_COLUMNS, column_letter
from orders.intake.mapping.source_mapping import MappedColumn, SourceMapping
from orders.intake.mapping.targets import OF_PERSONAL_COLUMNS
from orders.intake.values.masking import is_personal
from orders.intake.values.text_columns import SPACES
from sop_engine.errors import nearest_word
from sop_engine.text import caseless, quoted

ENOUGH = 3
"""Cells of a row that must be known names, if as many names are known."""
BETWEEN = " | "
"""Between the two rows of a header."""
_BETWEEN_WORDS = re.compile(r"(?:(?![\u0900-\u0963\u0966-\u0dff])[\W_])+")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet.

    Attributes:
        first, last: numbers of its rows, from 1; a header of two rows has two. Both 0 if the names are not in a row.
        names: of all columns.
        places: for each column of the mapping that the sheet has, its place.
        rows: the cells of its rows, for comparing.
    """

    first: int
    last: int
    names: tuple[str, ...]
    places: Mapping[str, int]
    rows: tuple[tuple[str, ...], ...] = ()

    def letter(self, place: int) -> str:
        """Return the letter of a column."""
        return column_letter(place)


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name of a column for comparing: its letters and digits in small letters, with the signs of vowels of Indian scripts."""
    return _BETWEEN_WORDS.sub(" ", caseless(name.strip(SPACES))).strip()


@lru_cache(maxsize=4096)
def compact(name: str) -> str:
    """Return a name of a column for comparing as `plain`, without spaces: Order Qty, order_qty and OrderQty are one name."""
    return plain(name).replace(" ", "")


def known_names(columns: Mapping[str, MappedColumn]) -> set[str]:
    """Return the names of all columns of a mapping, for comparing."""
    return {compact(name) for column in columns.values() for name in column.names}


def score(rows: Sequence[Sequence[str]], names: set[str]) -> int:
    """Return how many of the known *names* the best row has, or the best two rows together."""
    counts = [len({compact(cell) for cell in cells} & names) for _, _, cells in _candidates(rows, names)]
    return max(counts, default=0)


def find_header(rows: Sequence[Sequence[str]], mapping: SourceMapping, place: str, *, is_row: bool = True) -> Header:
    """Find the header in the first *rows* of a sheet: the first row, or two rows, in which three cells are names of the mapping.

    Raises:
        IntakeError: there is none; a column of the mapping is missing or stands twice; a personal column is mapped.
    """
    names = known_names(mapping.columns)
    if not is_row:
        return Header(0, 0, tuple(rows[0]), _places_of_columns(tuple(rows[0]), mapping, place))
    first, last, cells = _best(rows, names, mapping, place)
    if len(cells) > MOST_COLUMNS:
        raise IntakeError(
            place, f"its header has {len(cells):,} columns, more than {MOST_COLUMNS}", "remove what is not needed, or check the delimiter"
        )
    as_they_stand = tuple(tuple(plain(cell) for cell in row) for row in rows[first - 1 : last])
    return Header(first, last, cells, _places_of_columns(cells, mapping, place), as_they_stand)


def _best(rows: Sequence[Sequence[str]], names: set[str], mapping: SourceMapping, place: str) -> tuple[int, int, tuple[str, ...]]:
    enough = min(ENOUGH, len(names)) or 1
    candidates = _candidates(rows, names)
    if mapping.header is not None:
        candidates = [candidate for candidate in candidates if candidate[0] == mapping.header]
        enough = 1
        if not candidates:
            raise NoHeaderError(place, f"it has no row {mapping.header} among its first {HEAD_ROWS - 1}", "correct `header` in the mapping")
    scored = [(len({compact(cell) for cell in cells} & names), first, last, cells) for first, last, cells in candidates]
    match = next((index for index, candidate in enumerate(scored) if candidate[0] >= enough), None)
    if match is None:
        best = max((count for count, *_ in scored), default=0)
        wanted = ", ".join(quoted(name) for column in list(mapping.columns.values())[:4] for name in column.names[:1])
        raise NoHeaderError(
            place,
            f"no header: none of its first {HEAD_ROWS - 1} rows has {enough} known names of columns (the best has {best}), such as {wanted}",
            "correct the names in the mapping, or set header = its row",
        )
    _, first, last, _ = scored[match]
    near = [other for other in scored[match:] if first <= other[1] <= last + 1 and other[2] <= last + 1 and other[0] >= enough]
    _, first, last, cells = max(near, key=lambda other: (other[0], other[1] - other[2], -other[1]))
    return first, last, cells


def _candidates(rows: Sequence[Sequence[str]], names: set[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return first row, last row and names of each possible header."""
    match: list[tuple[int, int, tuple[str, ...]]] = []
    for number, cells in enumerate(rows[: HEAD_ROWS - 1], start=1):
        match.append((number, number, tuple(cell.strip(SPACES) for cell in cells)))
        below = rows[number] if number < len(rows) else ()
        if _is_label(cells) and _is_label(below) and _is_text(below):
            match.append((number, number + 1, _joined(cells, below, names)))
    return match


def _joined(upper: Sequence[str], lower: Sequence[str], names_wanted: set[str]) -> tuple[str, ...]:
    """Join two rows of a header: an empty cell above belongs to the group left of it, which one of *names_wanted* below does not need."""
    names, group = [], ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place].strip(SPACES) if place < len(upper) else ""
        below = lower[place].strip(SPACES) if place < len(lower) else ""
        group = above or (group if below else "")
        whole = f"{group}{BETWEEN}{below}" if group and below else group or below
        names.append(below if compact(below) in names_wanted and compact(whole) not in names_wanted else whole)
    return tuple(names)


def _is_label(cells: Sequence[str]) -> bool:
    return any(cell.strip(SPACES) for cell in cells)


def _is_text(cells: Sequence[str]) -> bool:
    return not any(character.isdigit() for cell in cells for character in cell)


def _places_of_columns(names: tuple[str, ...], mapping: SourceMapping, place: str) -> dict[str, int]:
    by_name: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        by_name.setdefault(compact(name), []).append(index)
    places = {}
    required = (*mapping.required, "kind" if mapping.has_documents else "order")
    for target in required:
        if target not in mapping.columns:
            raise IntakeError(place, f"its mapping has no column for `{target}`", "name the column in the mapping")
    for target, column in mapping.columns.items():
        if column.value is not None:
            continue
        match = _place_of(target, column, names, by_name, place)
        if match is None:
            if target in required:
                raise _missing(target, column, names, place)
            continue
        if target not in OF_PERSONAL_COLUMNS and is_personal(names[match], mapping.personal):
            raise IntakeError(
                place, f"the column {quoted(names[match])} is personal, but `{target}` names it", "map another column, or leave it out"
            )
        places[target] = match
    if "units" in places and places["units"] == places.get("units_cancelled"):
        raise IntakeError(
            place,
            f"`units` and `units_cancelled` both name the column {quoted(names[places['units']])}, so every cancellation would be of the whole order",
            "name the column of each, or only the one that the file has",
        )
    return places


def _place_of(target: str, column: MappedColumn, names: tuple[str, ...], by_name: Mapping[str, list[int]], place: str) -> int | None:
    if column.letter is not None:
        index = next((index for index in range(len(names)) if column_letter(index) == column.letter), None)
        if index is None:
            raise IntakeError(place, f"`{target}` is column {column.letter}, but the header has {len(names)} columns", "correct the letter")
        return index
    for name in column.names:
        indices = by_name.get(compact(name), [])
        if len(indices) > 1:
            letters = " and ".join(column_letter(index) for index in indices)
            raise DoubledNameError(
                place,
                f"its header has {quoted(name)} twice, in columns {letters}",
                f'write {target} = {{ letter = "{column_letter(indices[0])}" }}',
                target,
            )
        if indices:
            return indices[0]
    if column.is_explicit:
        raise _missing(target, column, names, place)
    return None


def _missing(target: str, column: MappedColumn, names: Sequence[str], place: str) -> IntakeError:
    wanted = " or ".join(quoted(name) for name in column.names) or "a column"
    near = nearest_word(column.names[0], [name for name in names if name]) if column.names else None
    return IntakeError(
        place,
        f"it has no column {wanted} for `{target}`",
        f"did you mean {quoted(near)}?" if near else f"name the column for `{target}` in the mapping",
    )
