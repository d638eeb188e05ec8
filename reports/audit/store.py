"""The audit for other programs: a DuckDB file with all its tables."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from reports.audit.material import AuditMaterial

DATABASE: Final = "audit.duckdb"
VMS_LISTS: Final = ("cancelled_after_posting", "returned_units")
MEMORY: Final = "256MB"
"""What DuckDB may use; beyond it, it writes to a folder beside its file."""


def write_database(file: Path, material: AuditMaterial) -> None:
    """Write the tables of *material* as the DuckDB file *file*.

    Raises:
        OSError: it cannot be written.
    """
    with _connected(file) as database:
        for name in ("sources", "rows", "requests", "documents", "answers", "findings", "duties", *VMS_LISTS):
            database.register("given", getattr(material, name))
            database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608 (a name from the list above)
            database.unregister("given")


@contextmanager
def _connected(file: Path) -> Iterator[Any]:
    """Open the DuckDB file *file*."""
    import duckdb  # noqa: PLC0415 (an extra)

    try:
        with _without_question_mark(file) as place:
            spill = place.with_suffix(".spill")
            with duckdb.connect(str(place), config={"memory_limit": MEMORY, "temp_directory": str(spill), "threads": 2}) as database:
                yield database
    except duckdb.OutOfMemoryException as error:
        raise OSError(str(error).splitlines()[0]) from None
    except (duckdb.IOException, duckdb.TransactionException) as error:
        text = str(error).splitlines()[0]
        number = errno.ENOSPC if os.strerror(errno.ENOSPC) in text else errno.EIO
        raise OSError(number, os.strerror(number) if number == errno.ENOSPC else text, str(file.parent)) from None


@contextmanager
def _without_question_mark(file: Path) -> Iterator[Path]:
    """Yield where DuckDB can make *file*, which is moved to its place afterwards: it takes a `?` in a path for the end of the name."""
    if "?" not in str(file.absolute()):
        yield file
        return
    with TemporaryDirectory() as folder:
        place = Path(folder) / file.name
        yield place
        shutil.move(place, file)
