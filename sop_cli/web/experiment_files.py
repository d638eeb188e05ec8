"""Files in which the project may have experiments of its own: the server watches them, a worker reads them."""

from pathlib import Path

OWN_FOLDER = "experiments"
"""Folder of the project's own experiments; they may be beside the features too."""


def experiment_files(home: Path) -> list[Path]:
    """Return the TOML files in *home* and in its `OWN_FOLDER`, which may be experiments."""
    return [*home.glob("*.toml"), *(home / OWN_FOLDER).glob("*.toml")]
