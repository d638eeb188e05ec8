"""The engine that does jobs on a Dask cluster that is already there.

A worker that is lost costs nothing but its time: the scheduler gives its jobs to another one. The program must be installed,
in the same version, where the scheduler and the workers run; each job finds out whether it is.
"""

import logging
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from simulator.errors import ClusterError
from simulator.study.fingerprint import fingerprint
from simulator.study.replication import Executor, Job, JobResult, replicate

PATIENCE = 10
"""Seconds in which the scheduler must answer, and a worker must be there."""

INSTALL = "install it with the extra `cluster`, as in `pip install 'sop-spec[cluster]'`"
ADDRESS = "expected the address that `dask scheduler` printed, such as tcp://host:8786"
WORKERS = "start one with `dask worker ADDRESS`"
RESUME = "what is complete is kept: run the same command with --resume"
INSTALL_SAME_VERSION = "install the same version of this program there as here, with its extra `cluster`"

NOT_INSTALLED_SIGNS = ("No module named", "Can't get attribute", "deserializ")
"""What Dask says when a job names what is not installed where it goes."""


def cluster_executor(address: str) -> Executor:
    """An engine that hands its jobs to the scheduler at *address*.

    Raises:
        ClusterError: Dask is not installed, nothing answers, no worker is there, or one runs another program; later, the
            cluster was lost.
    """

    def do(jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
        if jobs:
            with _client(address) as client:
                yield from _results(client, address, jobs)

    return do


def _client(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ModuleNotFoundError as error:
        raise ClusterError(address, f"the package `{error.name}` is not installed", INSTALL) from None
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # it tells at length what is told here in a line
    try:
        distributed.comm.resolve_address(address)  # a client that is given nonsense leaves more behind than an exception
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError):
        raise ClusterError(address, f"no scheduler answers there within {PATIENCE} seconds", ADDRESS) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise ClusterError(address, "the cluster has no workers", WORKERS) from None
    return client


def _results(client: Any, address: str, jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
    distributed = import_module("distributed")
    jobs_by_future = {client.submit(_replicate, job, fingerprint(), pure=False): job for job in jobs}
    try:
        for future in distributed.as_completed(jobs_by_future, loop=client.loop):
            program, replication = future.result()
            if replication is None:
                raise ClusterError(
                    address,
                    f"a worker there runs another version of this program ({program[:8]}, not {fingerprint()[:8]})",
                    INSTALL_SAME_VERSION,
                )
            yield jobs_by_future.pop(future), replication
    except distributed.KilledWorker:
        raise ClusterError(
            address, "its workers ended again and again before a replication was done (killed, or out of memory)", RESUME
        ) from None
    except (distributed.CancelledError, distributed.comm.CommClosedError):
        raise ClusterError(address, "the connection was lost", RESUME) from None
    except (ModuleNotFoundError, AttributeError, RuntimeError) as error:
        if not any(word in str(error) for word in NOT_INSTALLED_SIGNS):
            raise
        raise ClusterError(address, f"this program cannot be run there: {str(error).splitlines()[0]}", INSTALL_SAME_VERSION) from None
    finally:
        client.cancel(list(jobs_by_future))


def _replicate(job: Job, program: str) -> tuple[str, JobResult | None]:
    """The program that runs there and, if it is the same, the replication."""
    return fingerprint(), replicate(job) if fingerprint() == program else None
