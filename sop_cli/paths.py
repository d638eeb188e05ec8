"""Default folders, and how a path is printed."""

import os
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

FEATURES = "features"
APPROVED = Path("approved")
BUILD = Path("build")


def specification(unpacked: ExitStack) -> Path:
    """Return ./features or, if there is none, the specification of the installed program, valid while *unpacked* is open."""
    folder = Path(FEATURES)
    return folder if folder.is_dir() else unpacked.enter_context(as_file(files(FEATURES)))


def near(path: Path) -> str:
    """Return *path* relative to the working directory if it is below it, otherwise absolute; with forward slashes."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links are not resolved
