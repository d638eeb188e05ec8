"""Files beside a specification: feature files, and folders of them, that do not run because they are outside the features folder.

Only names are looked at, not contents. Folders of tools are not searched, nor those that ``elsewhere`` in ``[tool.sop]`` of pyproject.toml
lists, and of the others at most `MOST_ENTRIES` files and folders, nearest first.
"""

import os
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sop_engine.input_files import UnreadableFileError, read_toml
from sop_engine.text import encodable
from sop_runs.output_folder import MARKER
from sop_runs.problem import Problem
from sop_runs.record.reader import RECORD
from steps.language.file_names import FEATURES_FOLDER, NOT_SEARCHED, all_entries, has_similar_ending, resembles_features

NOT_SEARCHED_OUTSIDE = frozenset({
    *NOT_SEARCHED, "node_modules", "site-packages",
    ".bzr", ".cache", ".cargo", ".config", ".eggs", ".env", ".gradle", ".hypothesis", ".idea", ".jj", ".local", ".m2", ".mypy_cache", ".nox",
    ".npm", ".pytest_cache", ".ruff_cache", ".rustup", ".tox", ".venv", ".vscode", ".vscode-server", ".yarn",
})  # fmt: skip
"""Folders of tools, in which feature files beside a specification are not looked for."""
MARKS_OF_TOOLS = frozenset({"CACHEDIR.TAG", "pyvenv.cfg", "conda-meta", MARKER, RECORD})
"""Names in a folder that show that it is a cache, an environment of Python, or a folder that this program wrote."""
_COPIES = re.compile(r"build/(?:lib|lib\..*|bdist\..*)/")
"""Folders into which setuptools copies a package."""
SETTINGS, OTHER_FEATURES = "pyproject.toml", "elsewhere"
MOST_ENTRIES = 50_000
UNSEARCHED = f"folders after the first {MOST_ENTRIES:,} files, which were not searched"


def folder_findings(home: Path) -> list[Problem]:
    """Return the findings for folders beside the features folder *home* that have nearly its name, such as ``Features``."""
    message = f"the feature files in this folder are not read, because its name is not `{FEATURES_FOLDER}`"
    remedy = f"move them into `{FEATURES_FOLDER}`, or give the folder another name"
    return [Problem(f"../{encodable(name)}", 1, 1, "unread-file", message, remedy) for name in misnamed_features_folders(home.parent)]


def misnamed_features_folders(folder: Path) -> list[str]:
    """Return the names of the folders in *folder* that are nearly ``features`` and contain something like a feature file."""
    if not folder.is_dir():
        return []
    names = [
        entry for entry in sorted(folder.iterdir()) if entry.name != FEATURES_FOLDER and resembles_features(entry.name) and entry.is_dir()
    ]
    return [entry.name for entry in names if not _same(entry, folder / FEATURES_FOLDER) and any(map(_has_feature_name, all_entries(entry)))]


def _same(first: Path, second: Path) -> bool:
    return second.exists() and first.samefile(second)


def _has_feature_name(entry: Path) -> bool:
    return not entry.is_dir() and has_similar_ending(entry.name)


def features_outside(folders: Iterable[Path], files: Collection[Path], *, deep: bool = True) -> list[str]:
    """Return the names of what lies in or below *folders* and looks like a feature file, without *files*; sorted.

    A folder ends with ``/`` and stands for everything in it, such as ``docs/examples/``. If there is too much to search, the last name
    says so. Unless *deep*, only the folders themselves and their immediate folders are searched.
    """
    folders = [folder.absolute() for folder in folders]
    places = {parent for file in files for parent in (file, *file.parents)} | {place for folder in folders for place in _elsewhere(folder)}
    own = frozenset(map(str, places))
    waiting = deque((folder, "") for folder in folders)
    names: set[str] = set()
    number = 0
    while waiting and number <= MOST_ENTRIES:
        folder, prefix = waiting.popleft()
        entries = list(_scan(folder))
        number += len(entries)
        if prefix and not MARKS_OF_TOOLS.isdisjoint(entry.name for entry in entries):
            continue
        foreign = [entry for entry in entries if not _is_own(entry, own)]
        features = [entry.name for entry in foreign if has_similar_ending(entry.name) and not entry.is_dir()]
        if features and prefix:
            names.add(prefix)
            continue
        names.update(features)
        if deep or not prefix:
            below = [(Path(entry.path), f"{prefix}{entry.name}/") for entry in foreign if _is_searched(entry)]
            waiting += [(place, name) for place, name in below if not _COPIES.fullmatch(name)]
    return [*map(encodable, sorted(names)), *([UNSEARCHED] if waiting else [])]


def _elsewhere(folder: Path) -> Iterator[Path]:
    """Yield the files and folders that the settings in *folder* list as not part of the specification; `settings` checks the list."""
    try:
        listed = read_toml(folder / SETTINGS, "")["tool"]["sop"][OTHER_FEATURES]
    except (UnreadableFileError, KeyError, TypeError):
        return
    for name in listed if isinstance(listed, list) else ():
        yield Path(os.path.normpath(folder.absolute() / str(name)))


def _is_own(entry: os.DirEntry[str], own: Collection[str]) -> bool:
    return entry.path in own or (entry.is_symlink() and os.path.realpath(entry.path) in own)


def _is_searched(entry: os.DirEntry[str]) -> bool:
    """Return whether *entry* is a folder that may have feature files; links to folders are followed only for their own files."""
    return entry.name not in NOT_SEARCHED_OUTSIDE and entry.is_dir(follow_symlinks=False)


def _scan(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what is in *folder*, in the order of the names; nothing if it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
