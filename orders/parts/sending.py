"""Work that is sent to another machine: a part of the tables with its rows, and a part of a folder that the other machine can read."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from orders.intake.errors import IntakeError
from orders.intake.pieces.piece import Piece, SourceJob, pieces_of_part
from orders.intake.pieces.source import PartReader
from orders.parts.audited import Executor, PartJob, PartResult, audit_part
from orders.parts.disk_tables import read_table

SAME_PATH = "give the workers the folder under the same path, with the right to read it"
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[tuple[Any, Any]]]
"""Applies a function to jobs elsewhere; yields each job with its result, in any order."""


@dataclass(frozen=True)
class SentPart:
    """A part to be audited, with its rows."""

    job: PartJob
    tables: dict[str, bytes]


def sending_executor(run: Run) -> Executor:
    """Return an executor that sends parts with their rows."""

    def do(jobs: Iterable[PartJob]) -> Iterator[tuple[int, PartResult]]:
        for sent, result in run(audit_sent_part, (_sent(job) for job in jobs)):
            yield sent.job.part.number, result

    return do


def _sent(job: PartJob) -> SentPart:
    return SentPart(job, {name: _packed(read_table(file)) for name, file in job.part.files.items()})


def audit_sent_part(sent: SentPart) -> PartResult:
    """Audit a part where its rows have come with it."""
    return audit_part(sent.job, {name: _unpacked(content) for name, content in sent.tables.items()})


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _unpacked(content: bytes) -> pa.Table:
    return pa.ipc.open_stream(content).read_all()


@dataclass(frozen=True)
class FileJob:
    """A file of a folder to be read, by its number."""

    number: int
    job: SourceJob
    file: Path


@dataclass(frozen=True)
class RefusedFile:
    """Why a file cannot be read, as the parts of an `IntakeError`; *is_there* is whether the machine that reads it has the file."""

    place: str
    reason: str
    remedy: str
    is_there: bool


def sending_reader(run: Run) -> PartReader:
    """Return a reader that sends the names of the files; the machines that read them have to see the same folder."""

    def read(job: SourceJob, parts: Iterable[Path]) -> Iterator[list[Piece]]:
        jobs = (FileJob(number, job, part.absolute()) for number, part in enumerate(parts))
        waiting: dict[int, list[Piece]] = {}
        following = 0
        for done, pieces in run(read_file, jobs):
            if isinstance(pieces, RefusedFile):
                if not pieces.is_there:
                    raise IntakeError(pieces.place, "a worker of the cluster cannot read it", SAME_PATH)
                raise IntakeError(pieces.place, pieces.reason, pieces.remedy)
            waiting[done.number] = pieces
            while following in waiting:
                yield waiting.pop(following)
                following += 1

    return read


def read_file(job: FileJob) -> list[Piece] | RefusedFile:
    """Read a file of a folder; an error is returned, because its class cannot be sent."""
    try:
        return list(pieces_of_part(job.job, job.file))
    except IntakeError as error:
        return RefusedFile(error.place, error.reason, error.remedy, is_there=os.access(job.file, os.R_OK))
