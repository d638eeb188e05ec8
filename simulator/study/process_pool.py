"""Executor that runs jobs in several processes of this machine.

Processes that end early (killed, or out of memory) are replaced once; an interruption ends them at once.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from threading import Thread, current_thread, main_thread

from simulator.errors import WorkersLostError
from simulator.experiment.experiment import Experiment
from simulator.study.replication import Executor, Job, JobResult, replicate, serial_executor

AHEAD = 2
"""Jobs submitted for each process, so that no process waits for its next one."""


def process_executor(workers: int) -> Executor:
    """Return an executor with *workers* processes.

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
    """Run all replications of the settings of *experiment*; return them in order of number."""
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
        pool.shutdown(wait=True, cancel_futures=True)  # wait: a pool that still closes while Python exits prints a traceback


def _submit(pool: ProcessPoolExecutor, job: Job) -> Future[JobResult]:
    """Submit *job*; a process started for it does not receive Ctrl-C, which its parent handles.

    Signals wait until the process has started: one that is interrupted between its start and its first message prints a traceback.
    """
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        return pool.submit(replicate, job)
    arrived: list[int] = []
    before = {number: signal.signal(number, lambda number, _: arrived.append(number)) for number in (signal.SIGINT, signal.SIGTERM)}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by the process
    try:
        return pool.submit(replicate, job)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
        for signal_number in arrived:
            signal.raise_signal(signal_number)


def _prepare_worker() -> None:
    """Prepare a worker process: ignore Ctrl-C, which its parent handles, and exit when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
