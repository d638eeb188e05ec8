"""The stamp on every page: when the run was, on which commit, and its id; from the files beside the record, which are never compared."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sop_engine.input_files import UnreadableFileError, read_json
from sop_engine.text import MONTHS

ABOUT = "about.json"
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class RunStamp:
    """The run of the pages: its id, its time in UTC as ``29 Nov 2026, 13:58 UTC``, its commit; what is not known is empty."""

    run_id: str
    when: str = ""
    commit: str = ""


def run_stamp(folder: Path | None) -> RunStamp | None:
    """Return the stamp of the run in *folder*; None without a folder. A damaged ``about.json`` leaves time and commit out."""
    if folder is None:
        return None
    try:
        about = read_json(folder / ABOUT, "run `sop verify` again")
    except (OSError, UnreadableFileError):
        about = None
    facts = about if isinstance(about, dict) else {}
    return RunStamp(folder.name, _when(facts.get("started") or facts.get("finished")), _text(facts.get("commit")))


def _when(value: object) -> str:
    """Return a time of ISO 8601 in words; empty if it is none."""
    try:
        time = datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{time.day} {MONTHS[time.month - 1][:3]} {time.year}, {time:%H:%M} UTC"


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""
