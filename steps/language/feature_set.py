"""FeatureSet: the specification to which the paths of a run belong, and the files chosen from it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sop_engine.text import encodable
from sop_runs.record.schema import Surroundings
from steps.language.document import FeatureFileError, find_features
from steps.language.file_names import FEATURES_FOLDER, file_findings, place_of
from steps.language.outside_features import features_outside, folder_findings


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Feature files of a run: *files* are all of the specification at *root*, *chosen* those that the user named."""

    root: Path
    home: Path | None
    files: tuple[Path, ...]
    chosen: tuple[Path, ...]
    surroundings: Surroundings = field(default_factory=Surroundings)

    @property
    def paths(self) -> tuple[str, ...] | None:
        """The chosen files as named in the record; None if all are chosen."""
        return None if len(self.chosen) == len(self.files) else tuple(sorted(self.name(file) for file in self.chosen))

    def name(self, file: Path) -> str:
        """Return the name of *file* in the record: its path relative to *root*; bytes that are not UTF-8 are escaped."""
        try:
            return encodable(place_of(file).relative_to(self.root).as_posix())
        except ValueError:  # a file outside the root
            return encodable(file.name)


def feature_set_of(paths: Sequence[Path], *, installed: bool = False) -> FeatureSet:
    """Return the specification of *paths*: the nearest folder named `features` above all of them.

    Without such a folder, the specification is the files at *paths*. *installed* is true if no path was given: it is the one installed
    with this program.

    Raises:
        FeatureFileError: a path does not exist or is not a feature file, or a folder has none.
    """
    chosen = tuple(find_features(paths))
    root, home = _root_and_home(paths, chosen)
    if home is not None:
        files = tuple(find_features([home]))
        around = [Path.cwd()] if installed else [home.parent]
        findings = [*file_findings(home, home), *([] if installed else folder_findings(home))]
        named = {Path(finding.path).name for finding in findings}
        beside = [name for name in features_outside(around, [home]) if name.rstrip("/") not in named]
        return FeatureSet(home, home, files, chosen, Surroundings(tuple(findings), tuple(beside), installed))
    findings = [finding for path in paths if path.is_dir() for finding in file_findings(path, root)]
    beside = features_outside(
        _around(paths), [place for path in (*paths, *chosen) for place in (path.resolve(), place_of(path))], deep=False
    )
    return FeatureSet(root, None, chosen, chosen, Surroundings(tuple(dict.fromkeys(findings)), tuple(beside)))


def root_of(paths: Sequence[Path]) -> Path:
    """Return the root of the specification of *paths* without a look at what lies beside it; raises FeatureFileError as `feature_set_of`."""
    return _root_and_home(paths, find_features(paths))[0]


def _root_and_home(paths: Sequence[Path], chosen: Sequence[Path]) -> tuple[Path, Path | None]:
    """Return the folder to which the names of the files *chosen* at *paths* are relative, and the nearest folder named `features`."""
    homes = {features_folder_above(file) for file in chosen}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        return home, home
    return Path(os.path.commonpath([str(path.resolve() if path.is_dir() else place_of(path).parent) for path in paths])), None


def features_folder_above(file: Path) -> Path | None:
    """Return the nearest folder named `features` above *file*; None if there is none."""
    return next((folder for folder in place_of(file).parents if folder.name == FEATURES_FOLDER), None)


def _around(paths: Sequence[Path]) -> set[Path]:
    """Return the folders that contain *paths*, without those outside the working directory where it is itself among the paths."""
    here = Path.cwd()
    return {path.resolve().parent for path in paths if not here.is_relative_to(path.resolve())}


def snapshot(feature_set: FeatureSet, paths: Sequence[Path]) -> dict[str, bytes]:
    """Return path to bytes of every file of the specification as it is now; empty if a file cannot be read."""
    try:
        files = find_features([feature_set.home] if feature_set.home else paths)
        return {feature_set.name(file): file.read_bytes() for file in files}
    except (FeatureFileError, OSError, ValueError):
        return {}
