"""Where a row stands: its file and the number of the row there, also in a folder of parts, through which the numbers of `row` go on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class RowPlaces(Sequence[str]):
    """The sources of a run, as a sequence of their names, and the places of their rows.

    Args:
        sources: the rows of `SOURCES`, in their order.
    """

    def __init__(self, sources: Iterable[Mapping[str, Any]]) -> None:
        every = list(sources)
        self.names = [f"{source['name']}, sheet {source['sheet']}" if source.get("sheet") else str(source["name"]) for source in every]
        parts = [source.get("parts") or () for source in every]
        self._files = [[f"{name}/{part['name']}" for part in of_source] for name, of_source in zip(self.names, parts, strict=True)]
        self._starts = [np.cumsum([0, *(part["rows"] for part in of_source)]) for of_source in parts]

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, source: int) -> str: ...
    @overload
    def __getitem__(self, source: slice) -> list[str]: ...
    def __getitem__(self, source: int | slice) -> str | list[str]:
        return self.names[source]

    def place(self, source: int, row: int) -> tuple[str, int]:
        """Return the file of a row, and its number there."""
        if not self._files[source]:
            return self.names[source], row
        part = int(np.searchsorted(self._starts[source], row, side="left")) - 1
        part = min(max(part, 0), len(self._files[source]) - 1)
        return self._files[source][part], row - int(self._starts[source][part])

    def text(self, source: int, row: int) -> str:
        """Return the place of a row, such as ``orders.csv row 3``."""
        file, number = self.place(source, row)
        return f"{file} row {number}"

    def columns(self, sources: Any, rows: Any) -> tuple[pa.Array, pa.Array]:
        """Return the files of rows, and their numbers there, as columns."""
        names = pa.array(self.names, pa.string())
        if not any(self._files):
            return names.take(sources), rows
        of_source = np.asarray(sources.to_numpy(zero_copy_only=False))
        numbers = np.array(rows.to_numpy(zero_copy_only=False))
        files = [*self.names]
        which: NDArray[Any] = of_source.astype(np.int64)
        for source, parts in enumerate(self._files):
            if parts:
                of_source_rows = np.flatnonzero(of_source == source)
                part = np.clip(np.searchsorted(self._starts[source], numbers[of_source_rows], side="left") - 1, 0, len(parts) - 1)
                which[of_source_rows] = len(files) + part
                numbers[of_source_rows] -= self._starts[source][part].astype(numbers.dtype)
                files += parts
        return pa.array(files, pa.string()).take(pa.array(which)), pa.array(numbers, rows.type)
