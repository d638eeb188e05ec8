"""Errors of event log files, with their messages."""

from pathlib import Path

from orders.log.columns import VERSION
from sop_engine import SopError

WRITE_AGAIN = (
    "write it again with this version of the program and the same experiment and seed: "
    f"`reason` and `because` replace `detail` (version {VERSION} of the log), and the simulated events differ"
)
NEWER = "read it with the version of the program that wrote it"


class EventLogError(SopError):
    """A file that cannot be read as an event log, with place, reason and remedy."""

    def __init__(self, file: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; {remedy}")
        self.file, self.reason, self.remedy = file, reason, remedy


def require_version(file: Path, version: object) -> None:
    """Refuse a log of another version; a log without a version counts as version 1.

    Raises:
        EventLogError: the version is not `VERSION`.
    """
    if version == VERSION:
        return
    if isinstance(version, int) and version > VERSION:
        raise EventLogError(file, f"has version {version} of the event log, expected version {VERSION}", NEWER)
    raise EventLogError(file, "has version 1 of the event log, which is no longer read", WRITE_AGAIN)
