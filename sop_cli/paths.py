"""Default folders, the type of an option that is a folder, and how a path is printed."""

import os
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

FEATURES = "features"
APPROVED = Path("approved")
BUILD = Path("build")


class FolderType(click.Path):
    """Type of an option or argument that is a folder; the folder need not exist unless *exists*."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of the folder; refuse a file."""
        if Path(value).is_file():
            self.fail(f"`{value}` is a file; name a folder", param, ctx)
        return super().convert(value, param, ctx)


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
