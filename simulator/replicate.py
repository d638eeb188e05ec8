"""Replications: each a pure function of (experiment, number), in one process or several, with the same results."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from simulator.experiment import Experiment
from simulator.files import Form, write_replication
from simulator.measures import Measures, measure
from simulator.week import simulate


@dataclass(frozen=True, slots=True)
class Replication:
    """What is kept of one: its number, the digest and length of its log, and its measures."""

    number: int
    digest: str
    rows: int
    measures: Measures


def replicate(experiment: Experiment, number: int, out: Path | None = None, form: Form = Form.CSV) -> Replication:
    """One replication; with *out*, its log and its orders are written there."""
    log = simulate(experiment, number)
    if out is not None:
        write_replication(log, experiment, number, out, form)
    return Replication(number, log.digest(), len(log), measure(log, experiment))


def replications(
    experiment: Experiment,
    workers: int = 1,
    out: Path | None = None,
    form: Form = Form.CSV,
    progress: Callable[[int], None] | None = None,
) -> list[Replication]:
    """All replications of *experiment*, in order of number; *progress* is told how many are done."""
    job = partial(replicate, experiment, out=out, form=form)
    numbers = range(experiment.run.replications)
    done = []
    for replication in _each(job, numbers, workers):
        done.append(replication)
        if progress is not None:
            progress(len(done))
    return done


def _each(job: Callable[[int], Replication], numbers: range, workers: int) -> Iterator[Replication]:
    if workers <= 1 or len(numbers) <= 1:
        yield from map(job, numbers)
        return
    with ProcessPoolExecutor(min(workers, len(numbers)), mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(job, numbers)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
