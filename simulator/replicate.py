"""Replications: each a pure function of (experiment, number), so that it matters to nobody where and when it is done.

An engine does jobs and gives each with its replication as soon as it is complete, in any order.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simulator.checks import check
from simulator.experiment import Experiment
from simulator.files import Form, write
from simulator.happened import Happened
from simulator.measures import Measures, measure
from simulator.week import happened


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
    done = happened(job.experiment, job.number)
    told = {name: value for name, value in measure(done.by_order(), job.experiment).items() if math.isfinite(value)}
    held = tuple(
        Held(each.name, each.says, each.holds, *(("", "") if each.holds else (each.expected, each.found)))
        for each in check(done.by_order(), job.experiment)
    )
    return Replication(job.number, done.digest(), len(done), told, held, _written(job, done))


def _written(job: Job, done: Happened) -> dict[str, list[str]]:
    if job.folder is None or not job.forms:
        return {}
    job.folder.mkdir(parents=True, exist_ok=True)
    return {str(form): [file.name for file in write(form, done, job.experiment, job.number, job.folder, job.stem)] for form in job.forms}


def here(jobs: Iterable[Job]) -> Iterator[tuple[Job, Replication]]:
    """The engine that does one job after another in this process."""
    for job in jobs:
        yield job, replicate(job)
