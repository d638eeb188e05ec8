"""The folder of an audit: all its files are written beside it, and then the folder is renamed into place, all or nothing."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from orders.audit.tables import Tables
from orders.parts.event_file import EVENT_LOG, write_events
from reports.audit.audit_json import JSON_FILE, write_json
from reports.audit.content import PAGE_FILE, audit_page
from reports.audit.csv_files import write_csv_files
from reports.audit.earlier_audit import WORKLIST, Comparison
from reports.audit.figures import CANCELLED_FILE, RSI_FILE
from reports.audit.material import AuditMaterial
from reports.audit.sheets import since_sheet, work_sheets
from reports.audit.store import DATABASE, write_database
from reports.audit.wording import worklist_heading
from reports.audit.worklist import write_worklist
from sop_engine.text import visible
from sop_runs.output_folder import LOCK, MARKER, WRITER, ForeignFolderError, is_running, output_folder

AUDIT: Final = "audit"
"""What the folder holds, in its marker."""
FILES: Final = {
    PAGE_FILE: "the page: figures, duties by age, findings, questions",
    WORKLIST: "the worklist, with a column for your notes",
    "findings.csv": "all findings",
    "duties.csv": "all duties, also those that are done",
    "rows.csv": "every row of the files and its state",
    CANCELLED_FILE: "the orders cancelled in full after posting, as the VMS report should list them",
    RSI_FILE: "the returned units whose quality check is recorded, as the RSI report should list them",
    JSON_FILE: "the same for other programs",
    DATABASE: "all tables, for DuckDB",
    EVENT_LOG: "an event log of the orders",
}
"""The files of an audit, and what each has."""
KEEP_NOTES = "name it with --since and another folder with --out, so that your notes are kept"
_DRAFT_NAME = re.compile(r"\..+\.(\d+)\.(?:part|old)")


def write_audit(
    out: Path, material: AuditMaterial, comparison: Comparison | None = None, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Write the files of an audit into the folder *out*, which then has all of them, or is as it was.

    *progress* is called with the name of each file before it is written.

    Raises:
        ForeignFolderError: *out* has files of others, or a worklist that was changed.
        BusyFolderError: another process is writing into it.
        OSError: a file cannot be written.
    """
    check_audit_folder(out)
    writers: Mapping[str, Callable[[Path], object]] = {
        PAGE_FILE: lambda file: file.write_bytes(audit_page(material, comparison)),
        WORKLIST: lambda file: _write_worklist(file, material, comparison),
        "findings.csv": lambda file: write_csv_files(file.parent, material),
        JSON_FILE: lambda file: write_json(file, material, comparison),
        DATABASE: lambda file: write_database(file, material),
        EVENT_LOG: lambda file: write_events(file, Tables(material.rows, material.requests, material.documents, material.sources)),
    }
    with _draft_of(out) as draft:
        with output_folder(draft, AUDIT, wait_s=0) as own:
            own.begin_files(lambda name: name in FILES)
            for name, write in writers.items():
                progress(name)
                write(draft / name)
            own.end_files(lambda name: name in FILES)
        _rename(draft, out)


def check_audit_folder(out: Path, keep_notes: str = KEEP_NOTES) -> None:
    """Check, before the work, that *out* is new, empty, or an audit that no one has changed; *keep_notes* is the remedy if one has.

    Raises:
        ForeignFolderError: it is not.
        BusyFolderError: another process is writing into it.
    """
    if not out.exists() and not out.is_symlink():
        return
    with output_folder(out, AUDIT, wait_s=0) as own:
        others = sorted({file.name for file in out.iterdir()} - {*FILES, MARKER, LOCK, WRITER})
        if others:
            raise ForeignFolderError(out, f"has a file `{visible(others[0])[:80]}` that this program did not write", "move it elsewhere")
        own.require_own(FILES, keep_notes)


def _write_worklist(file: Path, material: AuditMaterial, comparison: Comparison | None) -> None:
    sheets = work_sheets(material)
    if comparison is not None:
        sheets = (*sheets, since_sheet(comparison))
    write_worklist(file, worklist_heading(material.as_of, material.assumed, [(sheet.title, sheet.about) for sheet in sheets]), sheets)


@contextmanager
def _draft_of(out: Path) -> Iterator[Path]:
    """Create a folder beside *out* for its files; it is removed if it is still there at the end, with the empty folders above it, and so are those of killed processes."""
    made = [folder for folder in out.parents if not folder.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    for folder in out.parent.glob(f".{out.name}.*"):
        name = _DRAFT_NAME.fullmatch(folder.name)
        if name is not None and folder.is_dir() and not folder.is_symlink() and not is_running(int(name[1])):
            shutil.rmtree(folder, ignore_errors=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        yield draft
    except OSError as error:
        error.filename, error.filename2 = str(error.filename or out).replace(str(draft), str(out)), None
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # it has the files of the audit, or others
                folder.rmdir()


def _rename(draft: Path, out: Path) -> None:
    """Put *draft* in the place of *out*; the old folder comes back if that fails."""
    if not out.exists():
        draft.rename(out)
        return
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    out.rename(old)
    try:
        draft.rename(out)
    except BaseException:
        old.rename(out)
        raise
    with suppress(OSError):
        shutil.rmtree(old)
