"""Executor that runs jobs on an existing Dask cluster.

If a worker is lost, the scheduler gives its jobs to another one. The program must be installed in the same version where the
scheduler and the workers run; each job checks that.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from time import monotonic, sleep
from typing import Any
from warnings import catch_warnings

from simulator.errors import ClusterError
from simulator.study.fingerprint import fingerprint
from simulator.study.replication import Executor, Job, JobResult, replicate

PATIENCE = 10
"""Seconds within which the scheduler must answer, and a worker must be connected."""
WORKERLESS = 60
"""Seconds without any worker after which the work is given up."""
_LOOKS, _PAUSE = 5.0, 0.05
"""Seconds between two looks at the workers while no job is done, and at the jobs."""

ADDRESS = "expected the address that `dask scheduler` printed, such as tcp://host:8786"
WORKERS = "start one with `dask worker ADDRESS`"
RESUME = "complete replications are kept: run the same command with --resume"
INSTALL_SAME_VERSION = "install the same version of this program there as here, with its extra `cluster`"

MORE_WORKERS = "with more or larger workers"
NOT_INSTALLED_SIGNS = ("No module named", "Can't get attribute", "deserializ")
"""Parts of Dask's messages when a job needs a package that is not installed on the worker."""


@dataclass(frozen=True, slots=True)
class Work:
    """Work for a cluster, in words: what a job makes, such as ``a replication``, and what to do if the cluster is lost."""

    unit: str
    resume: str


def require_cluster(address: str) -> None:
    """Check that a scheduler answers at *address* and has a worker.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        ClusterError: it does not answer, or there is no worker.
    """
    with _client(address):
        pass


REPLICATIONS = Work("a replication", RESUME)


def cluster_executor(address: str) -> Executor:
    """Return an executor that submits its jobs to the scheduler at *address*.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        ClusterError: no scheduler answers, there is no worker, a worker has another version of the
            program, or the cluster was lost.
    """

    def do(jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
        if jobs:
            yield from cluster_results(address, replicate, jobs, REPLICATIONS)

    return do


def cluster_results(
    address: str, function: Callable[[Any], Any], jobs: Iterable[Any], work: Work, ahead: int | None = None
) -> Iterator[tuple[Any, Any]]:
    """Apply *function* to each of *jobs* on the cluster at *address*; yield each job with its result, in any order.

    Args:
        address: of the scheduler.
        function: a function of a module of this program.
        jobs: its arguments.
        work: for messages.
        ahead: jobs submitted for each thread of the workers before one of them is done, where jobs are large; None for all at once.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        ClusterError: see `cluster_executor`.
    """
    with _client(address) as client:
        yield from _results(client, address, function, jobs, work, ahead)


def _client(address: str) -> Any:
    distributed = import_module("distributed")
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # its long messages repeat the error raised here
    try:
        distributed.comm.resolve_address(address)  # a client with an invalid address raises and also logs
        asyncio.run(_require_answer(address))
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError, MemoryError, OverflowError):  # also what the bytes of another service lead to
        raise ClusterError(address, f"no scheduler answers there within {PATIENCE} seconds", ADDRESS) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise ClusterError(address, "the cluster has no workers", WORKERS) from None
    return client


async def _require_answer(address: str) -> None:
    """Connect to *address* as a client does, which itself waits without end for a service that takes the connection and never answers."""
    distributed = import_module("distributed")
    options = distributed.security.Security().get_connection_args("client")
    comm = await asyncio.wait_for(distributed.comm.connect(address, timeout=PATIENCE, **options), PATIENCE)
    await comm.close()


def _results(  # noqa: PLR0913 (what to do, where, and its words)
    client: Any, address: str, function: Callable[[Any], Any], jobs: Iterable[Any], work: Work, ahead: int | None
) -> Iterator[tuple[Any, Any]]:
    distributed = import_module("distributed")
    waiting = iter(jobs)
    first = waiting if ahead is None else islice(waiting, ahead * sum(client.nthreads().values()))
    jobs_by_future: dict[Any, Any] = {}

    def submit(job: Any) -> Any:
        with catch_warnings(action="ignore"):  # a large job is sent with its data on purpose: it can be given to another worker
            future = client.submit(_apply, function, job, fingerprint(), pure=False)
        jobs_by_future[future] = job
        return future

    try:
        completed = distributed.as_completed([submit(job) for job in first], loop=client.loop, with_results=True)
        for future, returned in _completed_jobs(completed, client, address, work):
            if isinstance(returned, BaseException):  # it was cancelled
                raise returned
            program, result = returned
            if program != fingerprint():
                reason = f"a worker there runs another version of this program ({program[:8]}, not {fingerprint()[:8]})"
                raise ClusterError(address, reason, INSTALL_SAME_VERSION)
            yield jobs_by_future.pop(future), result
            for job in islice(waiting, 1):
                completed.add(submit(job))
    except distributed.KilledWorker:
        raise ClusterError(
            address,
            f"its workers ended repeatedly before {work.unit} was done (killed, or out of memory)",
            f"{work.resume}, {MORE_WORKERS}",
        ) from None
    except (distributed.CancelledError, distributed.comm.CommClosedError):
        raise ClusterError(address, "the connection was lost", work.resume) from None
    except (ModuleNotFoundError, AttributeError, RuntimeError) as error:
        if not any(word in str(error) for word in NOT_INSTALLED_SIGNS):
            raise
        why = str(error).splitlines()[0]
        reason = "this program is not installed there" if NOT_INSTALLED_SIGNS[-1] in why else f"this program cannot be run there: {why}"
        raise ClusterError(address, reason, INSTALL_SAME_VERSION) from None
    finally:
        client.cancel(list(jobs_by_future))


def _completed_jobs(completed: Any, client: Any, address: str, work: Work) -> Iterator[Any]:
    """Yield the jobs that are done with their results, which can be lost with a worker after that; give up if the cluster has had no worker for `WORKERLESS` seconds.

    Raises:
        ClusterError: it had none for so long.
    """
    last_seen = last_look = monotonic()
    while not completed.is_empty():
        if completed.has_ready():
            yield next(completed)
            last_seen = monotonic()
            continue
        sleep(_PAUSE)
        now = monotonic()
        if now - last_look >= min(_LOOKS, WORKERLESS) and client.status == "running":
            last_look = now
            if client.nthreads():
                last_seen = now
            elif now - last_seen >= WORKERLESS:
                raise ClusterError(address, f"the cluster has had no worker for {WORKERLESS} seconds", f"{WORKERS}; {work.resume}")


def _apply(function: Callable[[Any], Any], job: Any, program: str) -> tuple[str, Any]:
    """Return the fingerprint of the worker's program and, if it equals *program*, what *function* returns for *job*."""
    return fingerprint(), function(job) if fingerprint() == program else None
