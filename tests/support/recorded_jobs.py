"""An executor of studies that records which jobs it ran."""

from collections.abc import Iterable, Iterator

from simulator.study.replication import Executor, Job, JobResult, serial_executor


def recording(stems: list[str]) -> Executor:
    """Return an executor that runs jobs one after the other and appends their names to *stems*."""

    def executor(jobs: Iterable[Job]) -> Iterator[tuple[Job, JobResult]]:
        jobs = list(jobs)
        stems.extend(job.stem for job in jobs)
        return serial_executor(jobs)

    return executor
