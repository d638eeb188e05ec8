"""The option ``--steps`` and ``[tool.sop]`` in pyproject.toml: further modules with sentences, beside those of `steps.bindings`."""

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from sop_cli.paths import FEATURES, near
from sop_engine import SopError
from sop_engine.errors import did_you_mean
from steps.definitions.discovery import BindingModules

SETTINGS, TABLE, KEY = "pyproject.toml", "sop", "steps"


class SettingsError(SopError):
    """A pyproject.toml whose ``[tool.sop]`` cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{near(file)}: {reason}")


def steps_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the option ``--steps``, as its argument *step_modules*."""
    option = click.option(
        "--steps", "step_modules", multiple=True, metavar="MODULE",
        help="A further module with sentences, such as my_shop.steps or my_shop/steps.py; may be repeated.",
    )  # fmt: skip
    return option(command)


def binding_modules(root: Path, named: Sequence[str]) -> BindingModules:
    """The modules of `steps.bindings`, those that the settings of the features in *root* name, and those *named* by ``--steps``.

    The settings are those of the folder that holds the features, or else of the current folder.

    Raises:
        SopError: a module cannot be found, or the settings cannot be read.
    """
    modules = BindingModules()
    home = root.parent if root.name == FEATURES else root
    for folder in (home, Path.cwd()):
        listed = _listed(folder / SETTINGS)
        if listed is not None:
            modules = modules.with_named(listed, folder)
            break
    return modules.with_named(named, Path.cwd())


def _listed(file: Path) -> list[str] | None:
    """The modules that *file* lists; None where it has no table for us."""
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise SettingsError(file, f"cannot be read ({error}); correct it") from None
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(file, f'`tool.{TABLE}` is not a table; write `[tool.{TABLE}]` with `{KEY} = ["my_shop.steps"]`')
    for key in table:
        if key != KEY:
            raise SettingsError(file, f"unknown key `{key}` in `[tool.{TABLE}]`; {did_you_mean(key, [KEY])}")
    listed = table.get(KEY, [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise SettingsError(file, f'`{KEY}` in `[tool.{TABLE}]` is not a list of modules; write `{KEY} = ["my_shop.steps"]`')
    return listed
