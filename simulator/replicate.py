"""Replications: each a pure function of (experiment, number), so that it matters to nobody where and when it is done.

An engine does jobs and gives each with its replication as soon as it is complete, in any order.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulator.checks import check
from simulator.experiment import Experiment
from simulator.files import Form, write_log
from simulator.log import Log
from simulator.measures import Measures, measure
from simulator.week import simulate


@dataclass(frozen=True, slots=True)
class Held:
    """A check of one replication, and whether it held; what was expected and found is kept where it did not."""

    name: str
    says: str
    holds: bool
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Replication:
    """What is kept of one: its number, the digest and length of its log, its measures and checks, and the names of its files by form."""

    number: int
    digest: str
    rows: int
    measures: Measures
    checks: tuple[Held, ...] = ()
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A replication that is to be done; its log is written to *folder*, once in each of *forms*."""

    variant: str
    experiment: Experiment
    number: int
    folder: Path | None = None
    forms: tuple[Form, ...] = ()

    @property
    def stem(self) -> str:
        """Variant and number, as part of the name of a file."""
        return f"{self.variant}-{self.number:04}"


Engine = Callable[[Sequence[Job]], Iterator[tuple[Job, Replication]]]


def replicate(job: Job) -> Replication:
    """One replication; a mean over nothing is no measure of it."""
    log = simulate(job.experiment, job.number)
    told = {name: value for name, value in measure(log, job.experiment).items() if math.isfinite(value)}
    held = tuple(
        Held(each.name, each.says, each.holds, *(("", "") if each.holds else (each.expected, each.found)))
        for each in check([log], job.experiment)
    )
    return Replication(job.number, log.digest(), len(log), told, held, _written(job, log))


def _written(job: Job, log: Log) -> dict[str, list[str]]:
    if job.folder is None or not job.forms:
        return {}
    job.folder.mkdir(parents=True, exist_ok=True)
    for form in job.forms:
        write_log(log, job.folder / f"log-{job.stem}.{form}", form)
    return {str(form): [f"log-{job.stem}.{form}"] for form in job.forms}


def here(jobs: Iterable[Job]) -> Iterator[tuple[Job, Replication]]:
    """The engine that does one job after another in this process."""
    for job in jobs:
        yield job, replicate(job)


def replications(experiment: Experiment, workers: int = 1) -> list[Replication]:
    """All replications of the settings of *experiment*, in order of number."""
    from simulator.processes import processes  # noqa: PLC0415 (it needs this module)

    jobs = [Job("base", experiment, number) for number in range(experiment.run.replications)]
    engine = here if workers <= 1 else processes(workers)
    return sorted((replication for _, replication in engine(jobs)), key=lambda each: each.number)
