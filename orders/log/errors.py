"""Errors of event log files, with their messages."""

from pathlib import Path

from orders.log.columns import VERSION
from sop_engine import SopError
from sop_engine.text import path_shown, visible

WRITE_AGAIN = (
    "write it again with this version of the program and the same experiment and seed: "
    f"`reason` and `because` replace `detail` (version {VERSION} of the log), and the simulated events differ"
)
LONGEST_REASON = 600
NEWER = "read it with the version of the program that wrote it"


class EventLogError(SopError):
    """A file that cannot be read as an event log, with place, reason and remedy."""

    def __init__(self, file: Path, reason: str, remedy: str) -> None:
        self.file, self.reason, self.remedy = file, _shortened(visible(reason)), remedy
        super().__init__(f"{path_shown(file)}: {self.reason}; {remedy}")


def _shortened(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


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
