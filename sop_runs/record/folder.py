"""Folders of runs: find the requested run, and check that it can be used."""

import os
import re
from pathlib import Path

from sop_engine import SopError, load_rulebook
from sop_engine.files import write_atomically
from sop_engine.input_files import UnreadableFileError, read_text
from sop_engine.text import path_shown, visible
from sop_runs.output_folder import ForeignFolderError
from sop_runs.record.reader import COMPLETE, RECORD, RunRecord, read

RUNS = Path("build/runs")
LATEST = "latest"
"""File with the id of the last run that began."""
_MOST_LATEST = 1000
"""Bytes of the longest file `LATEST` that is read: a name of a folder has at most 255."""
_RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
_FOLDER_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


class RunNeededError(SopError):
    """There is no run that can be used."""


def folder_of(run: Path | None, runs: Path = RUNS) -> Path:
    """Return the folder of *run*, by default of the last run in *runs*.

    Raises:
        RunNeededError: there is none.
    """
    if run is not None:
        if not (run / RECORD).is_file():
            raise RunNeededError(
                f"`{path_shown(run)}` is not a run: it has no {RECORD}; name the folder that `sop verify` printed after `run`"
            )
        return run
    latest = latest_of(runs)
    if not latest and os.path.lexists(runs / LATEST):
        raise RunNeededError(f"`{path_shown(runs / LATEST)}` is not the id of a run; run `sop verify` again, or name a run with --run")
    if not latest:
        raise RunNeededError(f"there is no run in `{path_shown(runs)}`; run `sop verify` first, or name one with --run")
    if latest and not (runs / latest / RECORD).is_file():
        raise RunNeededError(
            f"`{path_shown(runs / LATEST)}` names `{latest}`, which is not a run with its {RECORD}; run `sop verify` again, or name a run with --run"
        )
    return folder_of(runs / latest)


def latest_of(runs: Path) -> str:
    """Return the id of the last run that began in the folder *runs*; an empty text if there is none."""
    try:
        text = read_text(runs / LATEST, "run `sop verify` again", _MOST_LATEST).strip()
    except UnreadableFileError:
        return ""
    return text if _FOLDER_NAME.fullmatch(text) else ""


def runs_in(runs: Path) -> list[str]:
    """Return the ids of the runs in the folder *runs*, the last one first."""
    try:
        ids = [entry.name for entry in runs.iterdir() if _RUN_ID.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(
        ids, key=lambda name: (name.partition("-")[0], _changed_ns(runs / name / RECORD) or _changed_ns(runs / name), name), reverse=True
    )


def unrecorded_after(run: Path) -> str:
    """Return a sentence on the runs that began after *run*, which is the last: they were refused or stopped; empty if there are none."""
    names = runs_in(run.parent)
    later = names[: names.index(run.name)] if run.name in names else []
    if not later:
        return ""
    runs = f"{len(later):,} later runs, the last one `{later[0]}`, were" if len(later) > 1 else f"the later run `{later[0]}` was"
    return f"{runs} refused, or stopped before the first example"


def _changed_ns(file: Path) -> int:
    """Return when *file* was changed last, in nanoseconds, for runs that began in the same second; 0 if it does not exist."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def restore_latest(runs: Path, run: str, earlier: str) -> None:
    """Make *earlier* the last run again (empty: none), if *run* is still it: a run of nothing must not hide what the one before found."""
    if latest_of(runs) != run:
        return
    if earlier:
        write_atomically(runs / LATEST, f"{earlier}\n".encode())
    else:
        (runs / LATEST).unlink()


def set_latest(runs: Path, run: str) -> None:
    """Write the id of the last run that began in the folder *runs*.

    Raises:
        ForeignFolderError: the file with its name is something else.
        OSError: it cannot be written.
    """
    file = runs / LATEST
    earlier = latest_of(runs)
    if (file.exists() or file.is_symlink()) and not (earlier and (_RUN_ID.fullmatch(earlier) or (runs / earlier).is_dir())):
        raise ForeignFolderError(runs, f"has a file `{LATEST}` that is not the id of a run", f"remove `{path_shown(file)}`")
    write_atomically(file, f"{run}\n".encode())


def complete_run(folder: Path) -> RunRecord:
    """Read the record of the run in *folder*, which must be complete, without a selection, and of the current rulebook and engine.

    Raises:
        RunNeededError: it is not.
    """
    record = read(folder)
    name = f"the run `{folder.name}`"
    if record.problem is not None:
        raise RunNeededError(f"{name} cannot be read from {record.problem[0]} on: {record.problem[1]}; run `sop verify` again")
    if record.manifest is None or record.state != COMPLETE:
        raise RunNeededError(f"{name} did not finish; run `sop verify` again")
    if record.manifest.selection is not None:
        raise RunNeededError(f"{name} ran only a selection; run `sop verify` without one")
    if record.manifest.rulebook.sha256 != load_rulebook().sha256:
        version = record.manifest.rulebook.name
        of = f"the rulebook `{visible(version)}`, not `{load_rulebook().name}`" if version != load_rulebook().name else "another rulebook"
        raise RunNeededError(f"{name} used {of}; run `sop verify` again")
    refuse_other_system(record, name)
    return record


def refuse_other_system(record: RunRecord, name: str) -> None:
    """Refuse the run *name* if it has the answers of another system than this project's engine.

    Raises:
        RunNeededError: it has.
    """
    driver = record.manifest.driver if record.manifest else None
    if driver is not None:
        raise RunNeededError(
            f"{name} has the answers of {visible(driver.words)}, not of this project's engine, so it is neither approved nor compared; "
            "run `sop verify` without --driver, or name another run"
        )
