"""Executor that runs jobs on an existing Dask cluster.

If a worker is lost, the scheduler gives its jobs to another one. The program must be installed in the same version where the
scheduler and the workers run; each job checks that.
"""

import logging
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from simulator.errors import ClusterError
from simulator.study.fingerprint import fingerprint
from simulator.study.replication import Executor, Job, JobResult, replicate

PATIENCE = 10
"""Seconds within which the scheduler must answer, and a worker must be connected."""

ADDRESS = "expected the address that `dask scheduler` printed, such as tcp://host:8786"
WORKERS = "start one with `dask worker ADDRESS`"
RESUME = "complete replications are kept: run the same command with --resume"
INSTALL_SAME_VERSION = "install the same version of this program there as here, with its extra `cluster`"

NOT_INSTALLED_SIGNS = ("No module named", "Can't get attribute", "deserializ")
"""Parts of Dask's messages when a job needs a package that is not installed on the worker."""


def cluster_executor(address: str) -> Executor:
    """Return an executor that submits its jobs to the scheduler at *address*.

    Raises:
        ModuleNotFoundError: Dask is not installed.
        ClusterError: no scheduler answers, there is no worker, a worker has another version of the
            program, or the cluster was lost.
    """

    def do(jobs: Sequence[Job]) -> Iterator[tuple[Job, JobResult]]:
        if jobs:
            with _client(address) as client:
                yield from _results(client, address, jobs)

    return do


def _client(address: str) -> Any:
    distributed = import_module("distributed")
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # its long messages repeat the error raised here
    try:
        distributed.comm.resolve_address(address)  # a client with an invalid address raises and also logs
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
            address, "its workers ended repeatedly before a replication was done (killed, or out of memory)", RESUME
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
    """Return the fingerprint of the worker's program and, if it equals *program*, the replication."""
    return fingerprint(), replicate(job) if fingerprint() == program else None
