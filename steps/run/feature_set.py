"""FeatureSet: the specification to which the paths of a run belong, and the files chosen from it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.language.document import FeatureFileError, find_features

FEATURES_FOLDER = "features"


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Feature files of a run: *files* are all of the specification at *root*, *chosen* those that the user named."""

    root: Path
    home: Path | None
    files: tuple[Path, ...]
    chosen: tuple[Path, ...]

    @property
    def paths(self) -> tuple[str, ...] | None:
        """The chosen files as named in the record; None if all are chosen."""
        return None if len(self.chosen) == len(self.files) else tuple(sorted(self.name(file) for file in self.chosen))

    def name(self, file: Path) -> str:
        """Return the name of *file* in the record: its path relative to *root*."""
        try:
            return file.resolve().relative_to(self.root).as_posix()
        except ValueError:  # a link to a file outside the root
            return file.name


def feature_set_of(paths: Sequence[Path]) -> FeatureSet:
    """Return the specification of *paths*: the nearest folder named `features` above all of them.

    Without such a folder, the specification is the files at *paths*.

    Raises:
        FeatureFileError: a path does not exist or is not a feature file, or a folder has none.
    """
    chosen = tuple(find_features(paths))
    homes = {next((folder for folder in file.resolve().parents if folder.name == FEATURES_FOLDER), None) for file in chosen}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        return FeatureSet(home, home, tuple(find_features([home])), chosen)
    folders = [str(path.resolve() if path.is_dir() else path.resolve().parent) for path in paths]
    return FeatureSet(Path(os.path.commonpath(folders)), None, chosen, chosen)


def snapshot(feature_set: FeatureSet, paths: Sequence[Path]) -> dict[str, bytes]:
    """Return path to bytes of every file of the specification as it is now; empty if a file cannot be read."""
    try:
        files = find_features([feature_set.home] if feature_set.home else paths)
        return {feature_set.name(file): file.read_bytes() for file in files}
    except (FeatureFileError, OSError, ValueError):
        return {}
