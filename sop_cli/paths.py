"""Where things lie, and how a path is shown."""

import os
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

FEATURES = "features"
APPROVED = Path("approved")
BUILD = Path("build")


def specification(unpacked: ExitStack) -> Path:
    """./features, or the specification that came with the program, for as long as *unpacked* is open."""
    folder = Path(FEATURES)
    return folder if folder.is_dir() else unpacked.enter_context(as_file(files(FEATURES)))


def near(path: Path) -> str:
    """*path* from the working directory if it lies below, otherwise in full; with forward slashes."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links are kept as the user wrote them
