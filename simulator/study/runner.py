"""Runner of replications: each is run at most once, saved when it is complete, and taken from its checkpoint after `--resume`."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.study.checkpoints import Checkpoints
from simulator.study.replication import Executor, Job, JobResult

Progress = Callable[[int, int], None]
"""A function to call with the number of complete replications and the number that are wanted so far."""


class Runner:
    """Runs jobs with *executor*; saves their results in the folder *out*, if there is one.

    *jobs* are all that the study may run: a checkpoint of another job is refused.

    Raises:
        CheckpointError: with *resume*, a checkpoint is of another study or program.
        UnreadableFileError: with *resume*, a checkpoint is damaged.
    """

    def __init__(
        self, jobs: Sequence[Job], executor: Executor, out: Path | None = None, *, resume: bool = False, progress: Progress | None = None
    ) -> None:
        self._executor, self._progress = executor, progress
        self._parts = Checkpoints(out) if out is not None else None
        self._saved = self._parts.begin(jobs, resume=resume) if self._parts is not None else {}
        self._complete: dict[str, JobResult] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._parts is not None:
            self._parts.sweep()

    @property
    def count(self) -> int:
        """Number of complete replications that the study uses."""
        return len(self._complete)

    def run(self, jobs: Sequence[Job]) -> list[JobResult]:
        """Return the results of *jobs* in their order; those that are not complete are run and saved first.

        Raises:
            StrayLogError: a log was written on another machine.
            WorkersLostError, ClusterError: the executor failed; complete replications are kept.
            OSError: the folder cannot be written.
        """
        self._complete |= {job.stem: self._saved[job.stem] for job in jobs if job.stem in self._saved}
        missing = [job for job in jobs if job.stem not in self._complete]
        total = len(self._complete) + len(missing)
        self._report(total)
        with closing(self._executor(missing)) as results:  # type: ignore[type-var]
            for job, result in results:
                if self._parts is not None:
                    self._parts.keep(job, result)
                self._complete[job.stem] = result
                self._report(total)
        return [self._complete[job.stem] for job in jobs]

    def _report(self, total: int) -> None:
        if self._progress is not None:
            self._progress(len(self._complete), total)
