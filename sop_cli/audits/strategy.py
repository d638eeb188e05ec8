"""How an audit is computed: in memory, in parts with their tables in files, or on a cluster; its results are the same."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from orders.audit.audit import AuditResult, AuditTables, audit
from orders.audit.rules.context import Options
from orders.audit.tables import Tables
from orders.intake.files.folders import part_files
from orders.intake.mapping.source_mapping import AuditMapping
from orders.intake.pieces.source import read_parts
from orders.intake.reading import Intake, read_sources
from orders.parts.audited import Executor, audit_in_parts, serial_executor
from orders.parts.sending import sending_executor, sending_reader
from orders.parts.workspace import Workspace
from sop_engine import Reading
from sop_runs.output_folder import is_running

ProgressReport = Callable[[str], None]

LARGE: Final = 300_000
"""Rows from which an audit of one process goes in parts."""
PART: Final = 250_000
"""Rows of a part."""
MOST_PARTS: Final = 256
"""Parts of an audit; each has three files that are open at the same time."""
BYTES_OF_ROW: Final = 120
"""Bytes of a row of a text file, about."""
JOBS_AHEAD: Final = 2
"""Jobs that are sent for each thread of a cluster before one of them is done."""
_NAME: Final = re.compile(r"\.parts\.(\d+)\.tmp")


class AuditStrategy(Protocol):
    """How files are read and tables are audited."""

    def read(self, mapping: AuditMapping, as_of: date | None, progress: ProgressReport) -> Intake:
        """Read the files of *mapping*; see `orders.intake.reading.read_sources`."""

    def audit(self, tables: Tables, as_of: date | None, reading: Reading, options: Options, progress: ProgressReport) -> AuditTables:
        """Audit *tables*; see `orders.audit.audit.audit`."""

    def release(self) -> None:
        """Give back memory that is not needed at the moment."""


class InMemory:
    """All at once, in memory; see `AuditStrategy`."""

    def read(self, mapping: AuditMapping, as_of: date | None, progress: ProgressReport) -> Intake:
        """Read the files of *mapping*."""
        return read_sources(mapping, as_of, lambda name: progress(f"reading {name}"))

    def audit(self, tables: Tables, as_of: date | None, reading: Reading, options: Options, progress: ProgressReport) -> AuditResult:
        """Audit *tables*."""
        progress("deciding")
        return audit(tables, as_of, reading, options)

    def release(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class InParts:
    """In parts of *workspace*; see `AuditStrategy`. *parts* is their number, None for as many as the rows need."""

    workspace: Workspace
    executor: Executor
    parts: int | None = None

    def read(self, mapping: AuditMapping, as_of: date | None, progress: ProgressReport) -> Intake:
        """Read the files of *mapping* piece by piece."""
        return read_sources(mapping, as_of, lambda name: progress(f"reading {name}"), self.workspace.read_sheet)

    def audit(self, tables: Tables, as_of: date | None, reading: Reading, options: Options, progress: ProgressReport) -> AuditTables:
        """Audit *tables* part by part."""
        count = self.parts or min(MOST_PARTS, 1 + (tables.requests.num_rows + tables.documents.num_rows) // PART)
        result = audit_in_parts(tables, as_of, reading, options, count, self.workspace, self.executor, progress)
        self.release()
        return result

    def release(self) -> None:
        """Give back the memory of the tables in files."""
        self.workspace.release()


@contextmanager
def audit_strategy(
    mapping: AuditMapping, cluster: str | None, beside: Path, progress: ProgressReport = lambda _: None
) -> Iterator[AuditStrategy]:
    """Choose how to audit the files of *mapping*: on the *cluster* at this address, in parts if they are large, otherwise in memory.

    A cluster has to answer before a file is read.

    The files of parts are in a folder in *beside*, which is removed at the end.

    Raises:
        IntakeError: a folder cannot be read.
        ClusterError: the cluster does not answer.
        OSError: the folder of the parts cannot be created.
    """
    if cluster is not None:
        progress(f"connecting to the cluster at {cluster}")
        run = _on_cluster(cluster)
        with _folder(beside) as folder:
            yield from _in_parts(Workspace(folder, sending_reader(run)), sending_executor(run))
    elif rows_of(mapping) >= LARGE:
        with _folder(beside) as folder:
            yield from _in_parts(Workspace(folder, read_parts), serial_executor)
    else:
        yield InMemory()


def _in_parts(workspace: Workspace, executor: Executor) -> Iterator[InParts]:
    with workspace.releasing():
        yield InParts(workspace, executor)


def rows_of(mapping: AuditMapping) -> int:
    """Return about how many rows the files of *mapping* have.

    Raises:
        IntakeError: a folder cannot be read.
    """
    return sum(
        _row_count(file) for source in mapping.sources for file in (part_files(source.file) if source.file.is_dir() else [source.file])
    )


def _row_count(file: Path) -> int:
    """Return about how many rows a file has; 0 if it cannot be read, which is said when it is read."""
    import pyarrow as pa  # noqa: PLC0415 (only large files need it here)
    from pyarrow import parquet  # noqa: PLC0415

    try:
        if file.suffix.casefold() == ".parquet":
            return int(parquet.read_metadata(file).num_rows)
        return file.stat().st_size // BYTES_OF_ROW
    except (OSError, pa.ArrowException):
        return 0


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """Create a folder for the files of the parts, and remove it at the end; those of processes that were killed are removed too."""
    made = [parent for parent in (beside, *beside.parents) if not parent.exists()]
    beside.mkdir(parents=True, exist_ok=True)
    for other in beside.iterdir():
        name = _NAME.fullmatch(other.name)
        if name is not None and other.is_dir() and not other.is_symlink() and not is_running(int(name[1])):
            shutil.rmtree(other, ignore_errors=True)
    folder = beside / f".parts.{os.getpid()}.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    except OSError as error:  # of pyarrow: without the file
        error.filename = error.filename or str(beside)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # a folder in which something was written stays
            for parent in made:
                parent.rmdir()


def _on_cluster(address: str) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[tuple[Any, Any]]]:
    """Return a function that applies a function to jobs on the cluster at *address*.

    Raises:
        ClusterError: it does not answer.
    """
    from simulator.study.dask_cluster import Work, cluster_results, require_cluster  # noqa: PLC0415 (only for --cluster)

    require_cluster(address)
    work = Work("a part", "nothing was written: run the same command again")
    return lambda function, jobs: cluster_results(address, function, jobs, work, JOBS_AHEAD)
