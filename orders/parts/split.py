"""The canonical tables of a run in parts: each has all rows that belong together, in the order of the whole."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orders.audit.rows.days import milliseconds_after
from orders.audit.tables import RowState, Tables
from orders.parts.connected import RowKeys, keys_of_rows, links_of, with_look_alikes
from orders.parts.disk_tables import TableWriter, write_by_number
from orders.parts.workspace import Workspace

PLACE: Final = "place"
"""The column of the requests of a part with their places in the requests of the run."""
ROWS_AT_A_TIME: Final = 65_536
NAMES: Final = ("requests", "documents", "rows")


@dataclass(frozen=True)
class RunPart:
    """A part of a run: its number, and the file of each table; of `rows` only those set aside, and further lines of documents."""

    number: int
    files: dict[str, Path]


def split(tables: Tables, day: date, count: int, workspace: Workspace) -> list[RunPart]:
    """Write the rows of *tables* into files of *workspace*, as *count* parts; requests after *day* are left out."""
    last = milliseconds_after(day)
    folder = workspace.folder
    links = links_of(_all_keys(tables, last, workspace), folder)
    parts = [RunPart(number, {name: folder / f"part-{number:04}-{name}.arrow" for name in NAMES}) for number in range(count)]
    for name in NAMES:
        schema = getattr(tables, name).schema
        schema = schema.append(pa.field(PLACE, pa.int64(), nullable=False)) if name == "requests" else schema
        with ExitStack() as stack:
            writers = [stack.enter_context(TableWriter(part.files[name], schema, compressed=True)) for part in parts]
            for rows in _pieces(tables, name, last):
                write_by_number(rows, links.parts_of(keys_of_rows(rows).owners, count), writers)
                workspace.release()
    return parts


def _all_keys(tables: Tables, last: int, workspace: Workspace) -> Iterator[RowKeys]:
    for name in NAMES:
        for rows in _pieces(tables, name, last):
            yield with_look_alikes(keys_of_rows(rows), rows)
            workspace.release()


def _pieces(tables: Tables, name: str, last: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table that the rules look at; requests before *last* with their places among these."""
    start = 0
    for rows in getattr(tables, name).to_batches(max_chunksize=ROWS_AT_A_TIME):
        if name == "rows":
            wanted = pc.equal(rows["state"].cast(pa.string()), RowState.SET_ASIDE)
            yield rows.filter(pc.or_(wanted, rows["same_as"].is_valid()) if "same_as" in rows.schema.names else wanted)
        elif name == "requests":
            placed = _placed(_until(rows, last), start)
            yield placed
            start += placed.num_rows
        else:
            yield rows


def _placed(requests: pa.RecordBatch, start: int) -> pa.RecordBatch:
    """Return *requests* with their places, the first of which is *start*."""
    places = pa.array(np.arange(start, start + requests.num_rows, dtype=np.int64))
    schema = requests.schema.append(pa.field(PLACE, pa.int64(), nullable=False))
    return pa.RecordBatch.from_arrays([*requests.columns, places], schema=schema)


def _until(requests: pa.RecordBatch, last: int) -> pa.RecordBatch:
    if "cancelled_start" not in requests.schema.names:
        return requests
    return requests.filter(pc.fill_null(pc.less(requests["cancelled_start"], last), True))  # noqa: FBT003 (a value, not a switch)
