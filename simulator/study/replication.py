"""Replications: each is a pure function of (experiment, number), independent of where and when it runs.

An executor runs jobs and yields each with its result as soon as it is complete, in any order.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from orders.log.export.formats import LogFormat
from simulator.analysis.checks import CheckResult, check
from simulator.analysis.daily_flow import DailyFlow, FlowTotals
from simulator.analysis.measures import measure
from simulator.experiment.experiment import Experiment
from simulator.study.log_files import write_log_files
from simulator.study.recorded_log import RecordedLog
from simulator.study.simulate import record_replication
from simulator.study_data import Replication


class JobResult(Replication, frozen=True, forbid_unknown_fields=True):
    """Result of a replication, with the checks of its log, its daily flow, and the names of its files by format."""

    checks: tuple[CheckResult, ...]
    flow: DailyFlow
    files: dict[str, list[str]]

    @property
    def replication(self) -> Replication:
        """The part of the result that is kept in the study."""
        return Replication(self.number, self.digest, self.rows, self.measures)


@dataclass(frozen=True, slots=True)
class Job:
    """One replication to run; its log is written to *folder*, once in each of *forms*."""

    variant: str
    experiment: Experiment
    number: int
    folder: Path | None = None
    forms: tuple[LogFormat, ...] = ()

    @property
    def stem(self) -> str:
        """Variant and number, as used in file names."""
        return f"{self.variant}-{self.number:04}"


Executor = Callable[[Sequence[Job]], Iterator[tuple[Job, JobResult]]]


def replicate(job: Job) -> JobResult:
    """Run one replication; means of no values are left out, and so are the figures of checks that hold."""
    recorded_log = record_replication(job.experiment, job.number)
    totals = FlowTotals(job.experiment)
    all_measures = measure(totals.add_each(recorded_log.by_order()), job.experiment)
    measures = {name: value for name, value in all_measures.items() if math.isfinite(value)}
    checks = tuple(
        replace(result, expected="", found="") if result.holds else result for result in check(recorded_log.by_order(), job.experiment)
    )
    return JobResult(job.number, recorded_log.digest(), len(recorded_log), measures, checks, totals.flow(), _write_logs(job, recorded_log))


def _write_logs(job: Job, recorded_log: RecordedLog) -> dict[str, list[str]]:
    if job.folder is None or not job.forms:
        return {}
    job.folder.mkdir(parents=True, exist_ok=True)
    return {
        str(form): [file.name for file in write_log_files(form, recorded_log, job.experiment, job.number, job.folder, job.stem)]
        for form in job.forms
    }


def serial_executor(jobs: Iterable[Job]) -> Iterator[tuple[Job, JobResult]]:
    """Run the jobs one after another in this process."""
    for job in jobs:
        yield job, replicate(job)
