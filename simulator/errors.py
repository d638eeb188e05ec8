"""Errors of the simulator, with their messages."""

from collections.abc import Sequence
from pathlib import Path

from sop_engine import SopError
from sop_engine.text import path_shown, visible


class ExperimentError(SopError):
    """An invalid experiment; `findings` has one line for each mistake."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(self.findings))


class UnknownExperimentError(SopError):
    """An experiment name that is neither a shipped experiment nor a file."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"there is no experiment and no .toml file `{name}`; {hint}")


START_AGAIN = "leave out --resume to start again, or choose another --out"


class CheckpointError(SopError):
    """A checkpoint in the folder of a study that belongs to another study."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{path_shown(file)}: {reason}; {START_AGAIN}")


class UnexpectedLogError(SopError):
    """A log that a worker wrote outside the file system of this process."""

    def __init__(self, stem: str, out: Path) -> None:
        super().__init__(
            f"{out.as_posix()}: the log of {stem} was written on the worker's machine and is not here; "
            "give an --out that all machines share, or leave out --format"
        )


class WorkersLostError(SopError):
    """Worker processes that ended early twice."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process ended before its replication was done, and again after a restart (killed, or out of memory); "
            "complete replications are kept: run the same command with --resume and fewer --workers"
        )


class ClusterError(SopError):
    """A cluster that cannot be used, or was lost."""

    def __init__(self, address: str, reason: str, remedy: str) -> None:
        super().__init__(f"--cluster {address}: {reason}; {remedy}")


class CalibrationError(SopError):
    """A log to which no settings can be fitted; the caller adds the name of its file."""


class GoalError(SopError):
    """A goal or a wanted precision that cannot be read; *option* has the *text*."""

    def __init__(self, option: str, text: str, reason: str) -> None:
        super().__init__(f"{option} `{visible(text)}`: {visible(reason)}")


class SearchError(SopError):
    """A search that is not possible: *option* has the *value*."""

    def __init__(self, option: str, value: str, reason: str) -> None:
        super().__init__(f"{option} `{visible(value)}`: {visible(reason)}" if value else f"{option}: {visible(reason)}")
