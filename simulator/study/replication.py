"""Replications: each a pure function of (experiment, number), so that it matters to nobody where and when it is done.

An engine does jobs and gives each with its replication as soon as it is complete, in any order.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from orders.log.export.formats import LogFormat
from simulator.analysis.checks import CheckResult, check
from simulator.analysis.measures import measure
from simulator.experiment.experiment import Experiment
from simulator.study.log_files import write_log_files
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import record_replication
from simulator.study_data import Replication


class JobResult(Replication, frozen=True, forbid_unknown_fields=True):
    """A replication with the checks of its log and the names of its files by form."""

    checks: tuple[CheckResult, ...]
    files: dict[str, list[str]]

    @property
    def replication(self) -> Replication:
        """What the study keeps of it."""
        return Replication(self.number, self.digest, self.rows, self.measures)


@dataclass(frozen=True, slots=True)
class Job:
    """A replication that is to be done; its log is written to *folder*, once in each of *forms*."""

    variant: str
    experiment: Experiment
    number: int
    folder: Path | None = None
    forms: tuple[LogFormat, ...] = ()

    @property
    def stem(self) -> str:
        """Variant and number, as part of the name of a file."""
        return f"{self.variant}-{self.number:04}"


Executor = Callable[[Sequence[Job]], Iterator[tuple[Job, JobResult]]]


def replicate(job: Job) -> JobResult:
    """One replication; a mean over nothing is no measure of it, and a check that holds needs no figures."""
    recorded_log = record_replication(job.experiment, job.number)
    measures = {name: value for name, value in measure(recorded_log.by_order(), job.experiment).items() if math.isfinite(value)}
    checks = tuple(
        replace(result, expected="", found="") if result.holds else result for result in check(recorded_log.by_order(), job.experiment)
    )
    return JobResult(job.number, recorded_log.digest(), len(recorded_log), measures, checks, _write_logs(job, recorded_log))


def _write_logs(job: Job, recorded_log: RecordedLog) -> dict[str, list[str]]:
    if job.folder is None or not job.forms:
        return {}
    job.folder.mkdir(parents=True, exist_ok=True)
    return {
        str(form): [file.name for file in write_log_files(form, recorded_log, job.experiment, job.number, job.folder, job.stem)]
        for form in job.forms
    }


def serial_executor(jobs: Iterable[Job]) -> Iterator[tuple[Job, JobResult]]:
    """The engine that does one job after another in this process."""
    for job in jobs:
        yield job, replicate(job)
