"""The project of the working directory, and what a worker has loaded: step definitions and rulebook."""

from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from sop_cli.paths import FEATURES
from sop_cli.web.project import Project
from sop_engine import SopError, load_rulebook
from sop_engine.engine import FOLDER
from sop_runs.change.baseline import FILES, approved_folder
from steps.definitions.discovery import BindingModules
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.definitions.source_digest import code_of
from steps.lint.linter import known_tags_of

FEATURES_ROOT = Path(FEATURES)
"""The features, in the working directory of the worker."""


def project(*, read_only: bool = False) -> Project:
    """Return the project; its registers only if they are in its folder, not those of a program elsewhere."""
    home, rulebook = Path.cwd(), Path(str(FOLDER)).resolve()
    return Project(home, rulebook if rulebook.is_relative_to(home.resolve()) else None, read_only=read_only)


def approved_files() -> tuple[Path, ...]:
    """Return the files of the baseline, whether they exist or not."""
    return tuple(approved_folder(Path.cwd()) / name for name in FILES)


@cache
def bindings() -> BindingModules:
    """Return the modules with step definitions of this project."""
    return binding_modules(FEATURES_ROOT.absolute(), ())


@cache
def registry() -> Registry:
    """Return the step definitions."""
    return Registry.from_modules(bindings().load())


@cache
def known_tags() -> frozenset[str]:
    """Return the closed list of tags."""
    return known_tags_of(load_rulebook())


def code_digest() -> str:
    """Return a digest of the code as it is on disk; an empty text if it cannot be read, as the workers will say then."""
    try:
        return sha256(str(code_of(bindings())).encode()).hexdigest()
    except (SopError, OSError):
        return ""


def preload() -> None:
    """Import what every run and every check needs, once."""
    for module in ("steps.run.plugin", "steps.run.pytest_html", "pytest_html.plugin", "pytest_metadata.plugin"):
        import_module(module)
    registry()
