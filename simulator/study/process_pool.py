"""The engine that does jobs in several processes of this machine.

Processes that end before their time, killed or out of memory, are replaced once; an interruption ends them at once.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from simulator.errors import WorkersLostError
from simulator.experiment.experiment import Experiment
from simulator.study.replication import Executor, Job, JobResult, replicate, serial_executor

AHEAD = 2
"""Jobs handed out for each process, so that none waits for its next one."""


def process_executor(workers: int) -> Executor:
    """An engine of *workers* processes.

    Raises:
        WorkersLostError: processes ended early, and again after they were replaced.
    """

    def do(jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
        if workers <= 1 or len(jobs) <= 1:
            yield from serial_executor(jobs)
            return
        remaining = list(jobs)
        for attempts_left in (1, 0):
            try:
                for job, replication in _run_in_pool(remaining, min(workers, len(remaining))):
                    remaining.remove(job)
                    yield job, replication
            except BrokenProcessPool:
                if not attempts_left:
                    raise WorkersLostError from None
            else:
                return

    return do


def replications(experiment: Experiment, workers: int = 1) -> list[JobResult]:
    """All replications of the settings of *experiment*, in order of number."""
    jobs = [Job("base", experiment, number) for number in range(experiment.run.replications)]
    return sorted((replication for _, replication in process_executor(workers)(jobs)), key=lambda result: result.number)


def _run_in_pool(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, JobResult]]:
    earlier_children = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare_worker)
    complete = False
    try:
        rest = iter(tuple(jobs))
        under_way: dict[Future[JobResult], Job] = {}
        for job in islice(rest, AHEAD * workers):
            under_way[_submit(pool, job)] = job
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                job, replication = under_way.pop(future), future.result()
                following = next(rest, None)
                if following is not None:
                    under_way[_submit(pool, following)] = following
                yield job, replication
        complete = True
    finally:
        for process in set(active_children()) - earlier_children if not complete else ():
            process.kill()
            process.join()
        pool.shutdown(wait=True, cancel_futures=True)  # always to its end: a pool that still closes as Python exits leaves a traceback


def _submit(pool: ProcessPoolExecutor, job: Job) -> Future[JobResult]:
    """Hand *job* out; a process that is started for it never hears Ctrl-C, which is its parent's affair."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(replicate, job)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited; what comes meanwhile is kept for later
    try:
        return pool.submit(replicate, job)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker() -> None:
    """What a worker does first: leave Ctrl-C to its parent, and end when its parent has ended without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
