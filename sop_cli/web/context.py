"""What a worker has loaded: the specification's place, its step definitions, and the rulebook."""

from functools import cache
from importlib import import_module
from pathlib import Path

from sop_cli.paths import FEATURES
from sop_engine import load_rulebook
from steps.definitions.discovery import BindingModules
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.lint.linter import known_tags_of

FEATURES_ROOT = Path(FEATURES)
"""The features, in the working directory of the worker."""


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


def warm() -> None:
    """Import what every run and every check needs, once."""
    for module in ("steps.run.plugin", "steps.run.pytest_html", "pytest_html.plugin", "pytest_metadata.plugin"):
        import_module(module)
    registry()
