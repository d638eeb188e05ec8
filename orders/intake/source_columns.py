"""The columns of a sheet: what each was read as, those that were not read, and the facts of the mapping that no column has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from orders.intake.files.sheet import column_letter
from orders.intake.mapping.headers import Header
from orders.intake.mapping.source_mapping import CANCELLATIONS, SourceMapping
from orders.intake.values.day_readings import DayReading
from orders.intake.values.masking import visible_part

DECIDING = "result"
"""Whether a request was carried out: without it, one against the SOP cannot be found."""
NEVER_MISSED = ("message",)


@dataclass(frozen=True, slots=True)
class SourceColumns:
    """The columns of a sheet.

    Attributes:
        read: the name of each column that was read, and the column of the mapping that it fills.
        not_read: letter and name of each column of the sheet that the mapping does not name.
        missing: columns of the mapping, or that an audit of cancellations needs, for which the sheet has none.
        empty: columns of the mapping that the sheet has, without a value in any row.
        days: what each column of times shows of the order of day and month, if it is declared with both as numbers.
    """

    read: tuple[tuple[str, str], ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    days: tuple[DayReading, ...] = ()

    @property
    def empty_beside_others(self) -> tuple[str, ...]:
        """Return the empty columns; none if all are empty, as in a sheet with only a header, which is said otherwise."""
        return self.empty if any(target not in self.empty for _, target in self.read) or not self.read else ()


NO_COLUMNS = SourceColumns()
"""Of a source whose columns are not named by a mapping."""


def columns_of(
    mapping: SourceMapping, header: Header, filled: Collection[str], days: Mapping[str, DayReading], credit: int | None = None
) -> SourceColumns:
    """Return what the columns below *header* were read as.

    Args:
        mapping, header: of the sheet.
        filled: the columns of the mapping that have a value.
        days: how the columns of times are read.
        credit: the place of the column of credits, if the value is taken from two columns.
    """
    fixed = {target for target, column in mapping.columns.items() if column.value is not None}
    wanted = list(mapping.columns)
    if mapping.rows == CANCELLATIONS and not mapping.has_documents and DECIDING not in wanted:
        wanted.append(DECIDING)
    places = {*header.places.values(), *([] if credit is None else [credit])}
    return SourceColumns(
        tuple((header.names[place] or f"column {column_letter(place)}", target) for target, place in header.places.items()),
        tuple(
            (column_letter(place), visible_part(name, is_known=True))
            for place, name in enumerate(header.names)
            if name and place not in places
        ),
        tuple(target for target in wanted if target not in header.places and target not in fixed and target not in NEVER_MISSED),
        tuple(target for target in header.places if target not in filled),
        tuple(days[target] for target in header.places if target in days),
    )
