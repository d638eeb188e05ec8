"""The stamp on every page: when the run was, on which commit, and its id; from the files beside the record, which are never compared."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sop_engine.input_files import UnreadableFileError, read_json
from sop_engine.text import MONTHS

ABOUT = "about.json"
_LONGEST = 64


class RunStamp(msgspec.Struct, frozen=True):
    """The run of the pages: its id, its time in UTC as ``29 Nov 2026, 13:58 UTC``, its commit; what is not known is empty."""

    run_id: str
    when: str = ""
    commit: str = ""


def run_stamp(folder: Path | None) -> RunStamp | None:
    """Return the stamp of the run in *folder*; None without a folder. A damaged ``about.json`` leaves time and commit out."""
    if folder is None:
        return None
    facts = _about(folder)
    time = _time_in(facts.get("started") or facts.get("finished"))
    when = f"{time.day} {MONTHS[time.month - 1][:3]} {time.year}, {time:%H:%M} UTC" if time is not None else ""
    return RunStamp(folder.name, when, _text(facts.get("commit")))


def run_started(folder: Path) -> datetime | None:
    """Return when the run in *folder* began; None if its ``about.json`` does not say so."""
    return _time_in(_about(folder).get("started"))


def _about(folder: Path) -> dict[str, object]:
    try:
        about = read_json(folder / ABOUT, "run `sop verify` again")
    except (OSError, UnreadableFileError):
        return {}
    return about if isinstance(about, dict) else {}


def _time_in(value: object) -> datetime | None:
    """Return a time of ISO 8601; None if it is none."""
    try:
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""
