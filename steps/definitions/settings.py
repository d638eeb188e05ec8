"""``[tool.sop]`` in pyproject.toml: modules with step definitions, in addition to `steps.bindings`, and other feature files.

`steps.language.outside_features` uses the list of other feature files, and `sop_engine.versions` the name of the rulebook.
"""

from collections.abc import Sequence
from pathlib import Path

from sop_engine import SopError
from sop_engine.errors import did_you_mean
from sop_engine.input_files import UnreadableFileError, read_toml
from sop_engine.versions import KEY as RULEBOOK
from steps.definitions.discovery import BindingModules
from steps.language.file_names import FEATURES_FOLDER
from steps.language.outside_features import OTHER_FEATURES, SETTINGS

TABLE, KEY = "sop", "steps"
KEYS = (KEY, OTHER_FEATURES, RULEBOOK)


class SettingsError(SopError):
    """A pyproject.toml with an invalid ``[tool.sop]``."""

    def __init__(self, file: Path, reason: str) -> None:
        place = file.absolute()
        super().__init__(f"{(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place).as_posix()}: {reason}")


def binding_modules(root: Path, named: Sequence[str]) -> BindingModules:
    """Return the modules of `steps.bindings`, those named in the settings of the features in *root*, and those *named* by ``--steps``.

    The settings are read from the folder that contains the features folder, otherwise from the working directory.

    Raises:
        SopError: a module cannot be found, or the settings cannot be read.
    """
    modules = BindingModules()
    home = root.parent if root.name == FEATURES_FOLDER else root
    for folder in (home, Path.cwd()):
        listed = _listed(folder / SETTINGS)
        if listed is not None:
            modules = modules.with_named(listed, folder)
            break
    return modules.with_named(named, Path.cwd())


def _listed(file: Path) -> list[str] | None:
    """Return the modules that *file* lists; None if it has no table ``[tool.sop]``."""
    try:
        tool = read_toml(file, "correct it").get("tool", {})
    except UnreadableFileError as error:
        if error.is_missing:
            return None
        raise SettingsError(file, f"cannot be read ({error.reason}); correct it") from None
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(file, f'`tool.{TABLE}` is not a table; write `[tool.{TABLE}]` with `{KEY} = ["my_shop.steps"]`')
    for key in table:
        if key not in KEYS:
            raise SettingsError(file, f"unknown key `{key}` in `[tool.{TABLE}]`; {did_you_mean(key, KEYS)}")
    others = table.get(OTHER_FEATURES, [])
    if not isinstance(others, list) or not all(isinstance(name, str) for name in others):
        raise SettingsError(
            file, f'`{OTHER_FEATURES}` in `[tool.{TABLE}]` is not a list of paths; write `{OTHER_FEATURES} = ["tests/data"]`'
        )
    listed = table.get(KEY, [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise SettingsError(file, f'`{KEY}` in `[tool.{TABLE}]` is not a list of modules; write `{KEY} = ["my_shop.steps"]`')
    return listed
