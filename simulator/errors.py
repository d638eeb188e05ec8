"""Every error of the simulator, and its wording."""

from collections.abc import Sequence
from pathlib import Path

from sop_engine import SopError


class ExperimentError(SopError):
    """An experiment was refused; `findings` has one line for each reason."""

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(self.findings))


class UnknownExperimentError(SopError):
    """No experiment of this name comes with the program, and no such file exists."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(f"there is no experiment `{name}`; {hint}, or give the path of a .toml file")


class UnreadableFileError(SopError):
    """A file that this program wrote once does not hold what it should."""

    def __init__(self, file: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; {remedy}")
        self.file = file
        self.reason = reason
        self.remedy = remedy


START_AGAIN = "leave out --resume to begin anew, or choose another --out"


class CheckpointError(SopError):
    """A checkpoint in the folder of a study belongs to something else."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; {START_AGAIN}")


class StrayLogError(SopError):
    """A worker wrote a log where this process cannot see it."""

    def __init__(self, stem: str, out: Path) -> None:
        super().__init__(
            f"{out.as_posix()}: the log of {stem} was written on the worker's machine and is not here; "
            "give an --out that all machines share, or leave out --format"
        )


class WorkersLostError(SopError):
    """Worker processes ended twice before their work was done."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process ended before its replication was done, and again in fresh processes (killed, or out of memory); "
            "what is complete is kept: run the same command with --resume and fewer --workers"
        )


class ClusterError(SopError):
    """A cluster cannot be used, or was lost."""

    def __init__(self, address: str, reason: str, remedy: str) -> None:
        super().__init__(f"--cluster {address}: {reason}; {remedy}")
