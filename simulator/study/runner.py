"""Runner of replications: each is run at most once, saved when it is complete, and taken from its checkpoint after `--resume`."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

from orders.log.export.formats import LogFormat
from simulator.study.checkpoints import Checkpoints
from simulator.study.replication import Executor, Job, JobResult, serial_executor

Progress = Callable[[int, int], None]
"""A function to call with the number of complete replications and the number that are wanted so far."""


class RunOptions(TypedDict, total=False):
    """Options of every kind of study; without *executor*, one replication is run after the other in this process.

    With *out*, each replication is saved there as soon as it is complete, with its log in *forms*; with *resume*, saved replications are
    not run again.
    """

    executor: Executor
    out: Path | None
    forms: Sequence[LogFormat]
    resume: bool
    progress: Progress | None


class Runner:
    """Runs jobs as the *options* of the study say.

    *jobs* are all that the study may run: a checkpoint of another job is refused.

    Raises:
        CheckpointError: with *resume*, a checkpoint is of another study or program.
        UnreadableFileError: with *resume*, a checkpoint is damaged.
    """

    def __init__(self, jobs: Sequence[Job], options: RunOptions) -> None:
        out = options.get("out")
        self._executor, self._progress = options.get("executor", serial_executor), options.get("progress")
        self._parts = Checkpoints(out) if out is not None else None
        self._saved = self._parts.begin(jobs, resume=options.get("resume", False)) if self._parts is not None else {}
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

    def run(self, groups: Sequence[Sequence[Job]]) -> list[list[JobResult]]:
        """Return the results of *groups* of jobs; those that are not complete are run and saved first, all groups together.

        Raises:
            UnexpectedLogError: a log was written on another machine.
            WorkersLostError, ClusterError: the executor failed; complete replications are kept.
            OSError: the folder cannot be written.
        """
        jobs = [job for group in groups for job in group]
        self._complete |= {job.stem: self._saved[job.stem] for job in jobs if job.stem in self._saved}
        missing = [job for job in jobs if job.stem not in self._complete]
        total = len(self._complete) + len(missing)
        self._report(total)
        with closing(self._executor(missing)) as results:  # type: ignore[type-var]
            for job, result in results:
                if self._parts is not None:
                    self._parts.write(job, result)
                self._complete[job.stem] = result
                self._report(total)
        return [[self._complete[job.stem] for job in group] for group in groups]

    def _report(self, total: int) -> None:
        if self._progress is not None:
            self._progress(len(self._complete), total)
