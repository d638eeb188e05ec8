"""FeatureSet: which specification the paths of a run belong to, and which part of it they are."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.language.document import FeatureFileError, find_features

FEATURES_FOLDER = "features"


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """What a run is about: *files* are all feature files of the specification at *root*, *chosen* those that were asked for."""

    root: Path
    home: Path | None
    files: tuple[Path, ...]
    chosen: tuple[Path, ...]

    @property
    def paths(self) -> tuple[str, ...] | None:
        """The chosen files as the record names them; None where that is all of them."""
        return None if len(self.chosen) == len(self.files) else tuple(sorted(self.name(file) for file in self.chosen))

    def name(self, file: Path) -> str:
        """A file as the record names it."""
        try:
            return file.resolve().relative_to(self.root).as_posix()
        except ValueError:  # a link that leads out
            return file.name


def feature_set_of(paths: Sequence[Path]) -> FeatureSet:
    """The specification that *paths* belong to: the nearest folder above them all that is called `features`.

    Without one, what was asked for is the whole.

    Raises:
        FeatureFileError: a path does not exist, is no feature file, or a folder has none.
    """
    chosen = tuple(find_features(paths))
    homes = {next((folder for folder in file.resolve().parents if folder.name == FEATURES_FOLDER), None) for file in chosen}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        return FeatureSet(home, home, tuple(find_features([home])), chosen)
    folders = [str(path.resolve() if path.is_dir() else path.resolve().parent) for path in paths]
    return FeatureSet(Path(os.path.commonpath(folders)), None, chosen, chosen)


def snapshot(feature_set: FeatureSet, paths: Sequence[Path]) -> dict[str, bytes]:
    """Path to bytes of every file of the specification as it is now; nothing if that cannot be told."""
    try:
        files = find_features([feature_set.home] if feature_set.home else paths)
        return {feature_set.name(file): file.read_bytes() for file in files}
    except (FeatureFileError, OSError, ValueError):
        return {}
