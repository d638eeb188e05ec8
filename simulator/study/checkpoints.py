"""Checkpoints of a study, for ``--resume``: each is complete or absent, and names its program, variant and settings."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from simulator.errors import START_AGAIN, CheckpointError, UnexpectedLogError
from simulator.study.fingerprint import fingerprint
from simulator.study.replication import Job, JobResult
from simulator.study_data import FILE
from simulator.typed_json import read_typed
from sop_engine.files import write_atomically
from sop_engine.input_files import UnreadableFileError

PART_NAME = re.compile(r"[\w-]+-\d{4,}\.json")
DRAFT_NAME = re.compile(r"\.(study|report|((log|orders)-)?[\w-]+-\d{4,})\.[\w.-]+\.part")
LOG_NAME = re.compile(r"(log|orders)-[\w-]+-\d{4,}\.[\w.-]+")


PARTS = "parts"
"""Folder of the checkpoints in the folder of a study."""


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """Result of a replication in a file, with the fingerprint of the program, the variant, and a hash of its settings."""

    version: Literal[1]
    program: str
    variant: str
    of: str
    replication: JobResult


class Checkpoints:
    """The folder ``parts`` in the folder *out* of a study."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / PARTS

    def begin(self, jobs: Sequence[Job], *, resume: bool) -> dict[str, JobResult]:
        """Return the complete replications by the stem of their jobs; without *resume*, empty the folder and return none.

        Raises:
            CheckpointError: with *resume*, a checkpoint is of another study or program.
            UnreadableFileError: with *resume*, a checkpoint is damaged.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not resume:
            self._empty()
            return {}
        jobs_by_stem = {job.stem: job for job in jobs}
        belongs = {(variant, _settings_of_job(job)) for variant, job in {job.variant: job for job in jobs}.items()}
        complete = {}
        for file in self._files():
            checkpoint = _read_checkpoint(file)
            if checkpoint.program != fingerprint():
                raise CheckpointError(file, "was made by another version of this program")
            if (checkpoint.variant, checkpoint.of) not in belongs:
                raise CheckpointError(file, "belongs to another experiment")
            if file.stem != f"{checkpoint.variant}-{checkpoint.replication.number:04}":
                raise CheckpointError(
                    file, f"contains replication {checkpoint.replication.number} of {checkpoint.variant}, unlike its name"
                )
            job = jobs_by_stem.get(file.stem)
            if job is not None and self._written(job, checkpoint.replication.files):
                complete[job.stem] = checkpoint.replication
        return complete

    def write(self, job: Job, replication: JobResult) -> None:
        """Write the checkpoint of a complete replication.

        Raises:
            UnexpectedLogError: the files of its log are not in the study's folder.
        """
        if not self._written(job, replication.files):
            raise UnexpectedLogError(job.stem, self.out)
        checkpoint = msgspec.to_builtins(Checkpoint(1, fingerprint(), job.variant, _settings_of_job(job), replication))
        text = json.dumps(checkpoint, ensure_ascii=False, allow_nan=False) + "\n"
        write_atomically(self.folder / f"{job.stem}.json", text.encode())

    @property
    def count(self) -> int:
        """Number of complete replications in the folder."""
        return len(self._files()) if self.folder.is_dir() else 0

    def sweep(self) -> None:
        """Remove the unfinished files of processes that were killed."""
        for folder in (self.out, self.folder):
            for file in folder.glob(".*.part"):
                if DRAFT_NAME.fullmatch(file.name):
                    file.unlink(missing_ok=True)

    def _written(self, job: Job, files: Mapping[str, Sequence[str]]) -> bool:
        return all(form in files and all((self.out / name).exists() for name in files[form]) for form in job.forms)

    def _empty(self) -> None:
        """Remove the results of an earlier study, and no other files: one that cannot be read as a checkpoint stays."""
        for file in self._files():
            try:
                names = [name for names in _read_checkpoint(file).replication.files.values() for name in names]
            except UnreadableFileError:
                continue
            for name in filter(LOG_NAME.fullmatch, names):
                (self.out / name).unlink(missing_ok=True)
            file.unlink()
        for name in (FILE, "report.html"):
            (self.out / name).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.iterdir() if PART_NAME.fullmatch(file.name))


def _read_checkpoint(file: Path) -> Checkpoint:
    return read_typed(file, Checkpoint, START_AGAIN)


def _settings_of_job(job: Job) -> str:
    """Return what decides the measures of a replication besides its number: the settings' hash, the warm-up and the prices."""
    experiment = job.experiment
    prices = ", ".join(f"{price:g}" for price in astuple(experiment.prices))
    return f"{experiment.sha256}, {experiment.run.warm_up_days} days not measured, prices {prices}"
