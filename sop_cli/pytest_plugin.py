"""pytest plugin of the installed program: makes `pytest features/` collect feature files, and does nothing in other projects.

pytest imports it in every run of its environment. It therefore imports nothing of the program, and loads the collector only in a run
about a specification: in a project with ``[tool.sop]`` in its pyproject.toml, or for a feature file or a folder of feature files without
Python in it.
"""

import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

COLLECTOR = "steps.run.plugin"
ENDING, FEATURES = ".feature", "features"
_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*sop\s*\]", re.MULTILINE)
_SEEN = pytest.StashKey[bool]()
REASON = (
    "feature files are not collected in this project: run `sop verify`, name the folder of feature files (`pytest features`), or write"
    " [tool.sop] into pyproject.toml"
)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the collector if this run is about a specification."""
    if is_about_a_specification(early_config):
        _check_packages()
        early_config.pluginmanager.import_plugin(COLLECTOR)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    """Remember that there was a feature file."""
    if file_path.name.endswith(ENDING):
        parent.config.stash[_SEEN] = True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Give the reason where no test ran, but there was a feature file."""
    if (
        exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
        and config.stash.get(_SEEN, False)
        and not config.pluginmanager.has_plugin(COLLECTOR)
    ):
        terminalreporter.write_line(REASON)


def is_about_a_specification(config: pytest.Config) -> bool:
    """Return whether the settings or the arguments of a run say that it is about feature files of this program."""
    here = config.invocation_params.dir
    named = [here / argument.partition("::")[0] for argument in getattr(config.known_args_namespace, "file_or_dir", ())]
    if any(map(_has_settings, dict.fromkeys([config.rootpath, here, *(folder for path in named for folder in _around(path))]))):
        return True
    if named:
        return any(_is_folder_of_features(path) if path.is_dir() else _is_feature_or_beside_one(path) for path in named)
    return _is_folder_of_features(here / FEATURES) and not _has_python(here)


def _around(path: Path) -> Iterator[Path]:
    """Yield the folder that contains the features folder of *path*, where its settings are."""
    yield from (folder.parent for folder in (path, *path.parents) if folder.name == FEATURES)


def _has_settings(folder: Path) -> bool:
    settings = folder / "pyproject.toml"
    try:
        return settings.is_file() and _TABLE.search(settings.read_text(encoding="utf-8")) is not None
    except (OSError, ValueError):
        return False


def _is_feature_or_beside_one(file: Path) -> bool:
    """Return whether *file* has nearly the name of a feature file, or is in a features folder."""
    home = next((folder for folder in file.parents if folder.name == FEATURES), None)
    return ENDING in file.name.casefold() or (home is not None and _is_folder_of_features(home))


def _is_folder_of_features(folder: Path) -> bool:
    """Return whether *folder* has feature files, or nearly such, and no Python but ``__init__.py``."""
    has_features = False
    for _, _, names in os.walk(folder):
        if any(name.endswith(".py") and name != "__init__.py" for name in names):
            return False
        has_features = has_features or any(ENDING in name.casefold() for name in names)
    return has_features


def _has_python(folder: Path) -> bool:
    """Return whether *folder* or a folder in it has a Python file."""
    return any(folder.glob("*.py")) or any(folder.glob("[!.]*/*.py"))


def _check_packages() -> None:
    """Check that `steps` is this program's package and not one of the user's with the same name.

    Raises:
        pytest.UsageError: it is not.
    """
    own = Path(__file__).resolve().parents[1]
    place = Path(str(import_module("steps").__file__)).resolve()
    if not place.is_relative_to(own / "steps"):
        raise pytest.UsageError(
            f"`{place.parent}` hides the package `steps` of sop; rename it, or start `pytest` instead of `python -m pytest`"
        )
