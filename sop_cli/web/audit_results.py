"""Results of audits as the server sees them: which files it serves, and what an audit that was cancelled left. Loads no library of audits."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from sop_runs.output_folder import is_output_folder, is_running

AUDITS = Path("build", "audits")
"""The folder of audits in the project."""
KIND, PAGE_FILE = "audit", "audit.html"
DOWNLOADS = (
    "worklist.xlsx",
    "findings.csv",
    "duties.csv",
    "rows.csv",
    "cancelled-after-posting.csv",
    "rsi.csv",
    "audit.json",
    "audit.duckdb",
    "events.parquet",
)
RESULT_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""Names of results, which are names of folders."""
_DRAFT = re.compile(r"\.(.+)\.(\d+)\.(part|old)")


def settle_drafts(folder: Path, process: int | None = None) -> None:
    """Remove what audits of *process*, or of any that has ended, left in *folder*; an earlier result that was being replaced comes back."""
    for draft in sorted(folder.glob(".*")) if folder.is_dir() else ():
        name = _DRAFT.fullmatch(draft.name)
        if name is None or draft.is_symlink() or not draft.is_dir():
            continue
        if int(name[2]) != process and (process is not None or is_running(int(name[2]))):
            continue
        with suppress(OSError):
            if name[3] == "old" and not (folder / name[1]).exists():
                draft.rename(folder / name[1])
        rmtree(draft, ignore_errors=True)


def earlier_results(folder: Path = AUDITS) -> Iterator[Path]:
    """Yield the folders of audits that are complete, the last one first."""
    complete = [
        entry
        for entry in folder.glob("*")
        if RESULT_NAME.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink() and (entry / PAGE_FILE).is_file()
    ]
    for entry in sorted(complete, key=lambda entry: (-(entry / PAGE_FILE).stat().st_mtime_ns, entry.name)):
        if is_output_folder(entry, KIND):
            yield entry
