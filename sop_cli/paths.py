"""Default folders, the option ``--steps``, the type of an option that is a folder, and how a path is printed."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from sop_engine.errors import SopError

FEATURES = "features"
BUILD = Path("build")
AUDITS = BUILD / "audits"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The paths of the specification; *installed* if it is the one installed with this program, because there is none here."""

    paths: list[Path]
    installed: bool = False


class FolderNameError(SopError):
    """A folder that is nearly called `features`."""


class FolderType(click.Path):
    """Type of an option or argument that is a folder; the folder need not exist unless *exists*."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of the folder; refuse a file, and an empty text, which would be the working directory."""
        if not str(value).strip():
            self.fail("the name of a folder is empty; give a folder, or leave the option out", param, ctx)
        if Path(value).is_file():
            self.fail(f"`{value}` is a file; give a folder", param, ctx)
        return super().convert(value, param, ctx)


class FeaturePath(click.Path):
    """Type of an argument that is a feature file, a folder or a line of a feature file; an empty text is refused."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; refuse an empty text, which would be the working directory."""
        if not str(value).strip():
            self.fail("a path is empty; name a feature file or a folder, or leave it out", param, ctx)
        return super().convert(value, param, ctx)


def specification(unpacked: ExitStack, paths: Sequence[Path] = ()) -> Chosen:
    """Return *paths*, otherwise ./features, otherwise the specification of the installed program, valid while *unpacked* is open.

    Raises:
        FolderNameError: there is no ./features, but a folder with nearly that name.
    """
    if paths:
        return Chosen(list(paths))
    folder = Path(FEATURES)
    if folder.is_dir():
        return Chosen([folder])
    if folder.is_symlink() or folder.exists():
        raise FolderNameError(f"`{FEATURES}` is not a folder; correct it, or name the feature files")
    for name in import_module("steps.language.outside_features").misnamed_features_folders(Path()):
        raise FolderNameError(f"there is no folder `{FEATURES}`, but `{name}`; rename it to `{FEATURES}`, or name it as a path")
    return Chosen([unpacked.enter_context(as_file(files(FEATURES)))], installed=True)


def steps_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--steps`` to *command*, as its argument *step_modules*."""
    option = click.option(
        "--steps", "step_modules", multiple=True, metavar="MODULE",
        help="Also use this module with step definitions, such as my_shop.steps or my_shop/steps.py; can be repeated.",
    )  # fmt: skip
    return option(command)


def near(path: Path) -> str:
    """Return *path* relative to the working directory if it is below it, otherwise absolute; with forward slashes."""
    place = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
    try:
        return place.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links are not resolved
