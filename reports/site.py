"""Writes the living document into a folder, whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from reports.cases import CaseGrid, case_grids
from reports.errors import ReportError
from reports.page import build_page
from reports.record import RunRecord, read_record
from reports.render import render
from sop_engine import load_rulebook


def write_site(run_dir: Path, out: Path) -> Path:
    """Write ``out/index.html`` from the record in *run_dir* and give its path; same record, same bytes.

    Raises:
        ReportError: the record cannot be read or the page cannot be written; nothing is left half written.
    """
    record = read_record(run_dir)
    html = render(build_page(record, _grids(record)))
    return _write(out, "index.html", html.encode())


def _grids(record: RunRecord) -> tuple[CaseGrid, ...]:
    """The engine's answers, if it has the rulebook that the run had."""
    if load_rulebook().sha256 != record.manifest["rulebook"]["sha256"]:
        return ()
    return case_grids(record.manifest["reading"])


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Under a temporary name first; the old page stays until the new one is safely on disk."""
    target, draft = folder / name, folder / f".{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        reason = (error.strerror or "cannot be written").lower()
        raise ReportError(name, f"the page cannot be written: {reason}", "free the disk or choose another folder") from error
    return target
