"""A run for other tools, beside its record: what `sop verify`, `sop merge` and `sop docs` have in common."""

import json
import os
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

MESSAGES, CUCUMBER_JSON, JUNIT = "messages.ndjson", "cucumber.json", "junit.xml"


def write_exports(folder: Path, root: Path | None, names: Collection[str], reasons: Sequence[str] | None = None) -> str:
    """Write the files *names* of the run in *folder*, and say what stood in the way.

    *root* is where the features lie (None: where the plan of the run says), *reasons* what speaks against the run (None:
    what its record says). A run without a record has nothing to tell.
    """
    if not names or not (folder / "run.ndjson").exists():
        return ""
    errors = import_module("reports.errors")
    try:
        import_module("reports.exports").write_exports(
            folder, names, root=told(root or _planned(folder)), reasons=reasons, started=moment()
        )
    except errors.ReportError as error:
        return str(error)
    return ""


def near(path: Path) -> str:
    """From the working directory if it lies below, with forward slashes."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def told(root: Path) -> str:
    """The folder of the features as CI will look for it: from the working directory, or by its name alone."""
    place = near(root)
    return root.name if Path(place).is_absolute() else place


def moment() -> datetime:
    """The moment of every timestamp: none of ours, so that same inputs give same bytes, unless SOURCE_DATE_EPOCH names one."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "0")
    seconds = int(said) if re.fullmatch("[0-9]{1,11}", said) else 0
    return datetime.fromtimestamp(seconds, UTC)


def _planned(folder: Path) -> Path:
    try:
        return Path(json.loads((folder / "plan.json").read_text(encoding="utf-8"))["root"])
    except (OSError, ValueError, LookupError, TypeError):
        return Path("features").absolute()
