"""Feature files of one scenario, for the sentences of `tests.support.run_bindings`."""

from pathlib import Path

from steps.definitions.discovery import BindingModules

BINDINGS = BindingModules(("tests.support.run_bindings",))


def feature(folder: Path, name: str, *steps: str) -> Path:
    """Write a feature file of one scenario with *steps* after a Given, and its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"    {step}\n" for step in ("Given a number 1", *steps))
    (folder / name).write_text(f"Feature: {name}\n\n  Scenario: About {name}\n{lines}", encoding="utf-8")
    return folder
