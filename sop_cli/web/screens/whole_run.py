"""Whole run of the specification as it is on disk, with progress, and the files that it was made from; several screens judge it."""

from pathlib import Path
from typing import Any

from sop_cli.paths import BUILD
from sop_cli.web.context import FEATURES_ROOT, approved_files, bindings, project
from sop_cli.web.progress import progress_counter
from sop_cli.web.project import digest_of, digest_of_files
from sop_engine import SopError, load_rulebook
from sop_engine.engine import FOLDER
from sop_engine.input_files import read_bytes
from sop_engine.reader import read_rulebook
from steps.run.runner import RunResult, run

RUNS, SITE = BUILD / "runs", BUILD / "site"


def run_everything(out: Path) -> RunResult:
    """Run all features in a process of their own and write the record below *out*.

    Raises:
        SopError: the run cannot begin, or the rulebook on disk is not the one of this process.
    """
    if read_rulebook(FOLDER).sha256 != load_rulebook().sha256:
        raise SopError("the rulebook has just changed; try again in a moment")
    return run([FEATURES_ROOT], out=out, bindings=bindings(), progress=progress_counter())


def inputs() -> dict[str, Any]:
    """Return the digests of the files and of the baseline on which results depend, as the page gets them from the server."""
    files = {name: digest_of(read_bytes(file, "check the file")) for name, file in project().files().items()}
    return {"files": files, "approved": digest_of_files(approved_files())}
