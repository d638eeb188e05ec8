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
from simulator.study.replication import Executor, Job, JobResult, in_process, replicate

AHEAD = 2
"""Jobs handed out for each process, so that none waits for its next one."""


def processes(workers: int) -> Executor:
    """An engine of *workers* processes.

    Raises:
        WorkersLostError: processes ended early, and again after they were replaced.
    """

    def do(jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
        if workers <= 1 or len(jobs) <= 1:
            yield from in_process(jobs)
            return
        left = list(jobs)
        for lives in (1, 0):
            try:
                for job, replication in _pool(left, min(workers, len(left))):
                    left.remove(job)
                    yield job, replication
            except BrokenProcessPool:
                if not lives:
                    raise WorkersLostError from None
            else:
                return

    return do


def replications(experiment: Experiment, workers: int = 1) -> list[JobResult]:
    """All replications of the settings of *experiment*, in order of number."""
    jobs = [Job("base", experiment, number) for number in range(experiment.run.replications)]
    return sorted((replication for _, replication in processes(workers)(jobs)), key=lambda each: each.number)


def _pool(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, JobResult]]:
    others = set(active_children())
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle)
    complete = False
    try:
        rest = iter(tuple(jobs))
        under_way: dict[Future[JobResult], Job] = {}
        for job in islice(rest, AHEAD * workers):
            under_way[_hand(pool, job)] = job
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                job, replication = under_way.pop(future), future.result()
                following = next(rest, None)
                if following is not None:
                    under_way[_hand(pool, following)] = following
                yield job, replication
        complete = True
    finally:
        for process in set(active_children()) - others if not complete else ():
            process.kill()
            process.join()
        pool.shutdown(wait=True, cancel_futures=True)  # always to its end: a pool that still closes as Python exits leaves a traceback


def _hand(pool: ProcessPoolExecutor, job: Job) -> Future[JobResult]:
    """Hand *job* out; a process that is started for it never hears Ctrl-C, which is its parent's affair."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(replicate, job)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited; what comes meanwhile is kept for later
    try:
        return pool.submit(replicate, job)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle() -> None:
    """What a worker does first: leave Ctrl-C to its parent, and end when its parent has ended without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
