"""File names: feature files below a folder, files there that are not read although they look like feature files, and what lies beside.

A feature file is a regular file, or a link to one, whose name ends with ``.feature``. Links to folders are not followed.
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from gherkin.dialect import DIALECTS

from sop_engine.text import quoted
from sop_runs.problem import Problem, sort_key

ENDING = ".feature"
FEATURES_FOLDER = "features"
NOT_SEARCHED = frozenset({".git", ".hg", ".svn", "__pycache__"})
"""Folders of version control and of Python's cache, which have no feature files."""
NOT_BESIDE = frozenset({*NOT_SEARCHED, "build", "dist", "env", "node_modules", "site-packages", "venv"})
"""Folders of tools, in which feature files beside a specification are not looked for; nor in hidden folders."""
MOVE = "or move it out of this folder"
_HEAD = 8_192
"""Bytes at the beginning of a file in which its first line is looked for."""
_SIMILAR = 0.84


def is_feature_file(path: Path) -> bool:
    """Return whether *path* is a feature file."""
    return path.name.endswith(ENDING) and path.is_file()


def feature_files_below(folder: Path) -> Iterator[Path]:
    """Yield the feature files in *folder* and in its folders."""
    return (entry for entry in _entries(folder) if is_feature_file(entry))


def _entries(folder: Path) -> Iterator[Path]:
    """Yield everything in *folder* and in its folders, except in `NOT_SEARCHED`; links are not followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        yield entry
        if entry.name not in NOT_SEARCHED and entry.is_dir() and not entry.is_symlink():
            yield from _entries(entry)


def file_findings(folder: Path, root: Path) -> list[Problem]:
    """Return the findings of rules unread-file and file-name in *folder* and its folders; their paths are relative to *root*."""
    entries = list(_entries(folder))
    files = [entry for entry in entries if is_feature_file(entry)]
    findings = [
        _finding(entry, root, "unread-file", *reason) for entry in entries if not is_feature_file(entry) and (reason := why_unread(entry))
    ]
    findings += [_finding(file, root, "file-name", *reason) for file in files for reason in _name_faults(file, root)]
    return sorted([*findings, *_shared_names(files, root)], key=sort_key)


def folder_findings(home: Path) -> list[Problem]:
    """Return the findings for folders beside the features folder *home* that have nearly its name, such as ``Features``."""
    message = f"the feature files in this folder are not read, because its name is not `{FEATURES_FOLDER}`"
    remedy = f"move them into `{FEATURES_FOLDER}`, or give the folder another name"
    return [Problem(f"../{name}", 1, 1, "unread-file", message, remedy) for name in namesakes(home.parent)]


def namesakes(folder: Path) -> list[str]:
    """Return the names of the folders in *folder* that are nearly ``features`` and contain something like a feature file."""
    if not folder.is_dir():
        return []
    names = [entry for entry in sorted(folder.iterdir()) if entry.name != FEATURES_FOLDER and _is_namesake(entry.name) and entry.is_dir()]
    return [entry.name for entry in names if not _same(entry, folder / FEATURES_FOLDER) and any(map(_has_feature_name, _entries(entry)))]


def _same(first: Path, second: Path) -> bool:
    return second.exists() and first.samefile(second)


def _is_namesake(name: str) -> bool:
    return re.sub(r"[\W_\d]+|copy", "", _folded(name)) in {"feature", "features"}


def _has_feature_name(entry: Path) -> bool:
    return not entry.is_dir() and has_similar_ending(entry.name)


def features_beside(folders: Iterable[Path], files: Collection[Path]) -> list[str]:
    """Return the names of what lies in *folders* and looks like a feature file, or has feature files in it, without *files*.

    Folders end with ``/``. Only the folders themselves and their immediate folders are searched.
    """
    own = {parent for file in files for parent in (file, *file.parents)}
    names: set[str] = set()
    for folder in folders:
        for entry in _readable(folder):
            if entry.absolute() in own or entry.resolve() in own:
                continue
            if not entry.is_dir():
                names |= {entry.name} if has_similar_ending(entry.name) else set()
            elif entry.name not in NOT_BESIDE and not entry.name.startswith(".") and any(map(_has_feature_name, _readable(entry))):
                names.add(f"{entry.name}/")
    return sorted(names)


def _readable(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def has_similar_ending(name: str) -> bool:
    """Return whether a part of *name* after a dot is ``feature``, contains it, or is similar to it."""
    endings = [re.sub(r"[\W_\d]+", "", part) for part in _folded(name).split(".")[1:]]
    return any("feature" in ending or get_close_matches(ending, ["feature"], 1, _SIMILAR) for ending in endings)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _finding(entry: Path, root: Path, rule: str, message: str, remedy: str) -> Problem:
    return Problem(Path(os.path.relpath(entry.parent.resolve() / entry.name, root.resolve())).as_posix(), 1, 1, rule, message, remedy)


def why_unread(entry: Path) -> tuple[str, str] | None:
    """Return why *entry*, which is not a feature file, is a finding, and the remedy; None if it does not look like a feature file."""
    if entry.is_symlink() and not entry.exists():
        return "this link points to nothing, so nothing is read", "correct the link or delete it"
    return _why_unread_folder(entry) if entry.is_dir() else _why_unread_file(entry)


def _why_unread_folder(entry: Path) -> tuple[str, str] | None:
    if entry.is_symlink():
        return "this link to a folder is not followed", "copy the folder to this place, or delete the link"
    if not os.access(entry, os.R_OK | os.X_OK):
        return "this folder cannot be read", f"allow reading it, {MOVE}"
    return ("this is a folder with the name of a feature file", "give it a name without `.feature`") if entry.suffix == ENDING else None


def _why_unread_file(entry: Path) -> tuple[str, str] | None:
    similar = has_similar_ending(entry.name)
    if similar and not entry.is_file():
        return "this is not a regular file, so it is not read", "replace it by a file"
    if similar:
        return "this file is not read, because its name does not end with `.feature`", f"{_rename(entry)}, {MOVE}"
    if entry.is_file() and entry.suffix != ".py" and begins_like_a_feature(entry):
        message = "this file begins like a feature file and is not read, because its name does not end with `.feature`"
        return message, f"{_renamed(entry, entry.stem.strip())}, {MOVE}"
    return None


def _rename(entry: Path) -> str:
    """Return to which name a file should be renamed: the part before its nearly right ending, with the right one."""
    stem = re.split(r"\.\s*f", entry.name.lstrip(".#~"), maxsplit=1, flags=re.IGNORECASE)[0].strip()
    return _renamed(entry, stem) if stem else f"give it a name that ends with `{ENDING}`"


def _renamed(entry: Path, stem: str) -> str:
    """Return the remedy for a file that should be called *stem* with the right ending; a file of that name is not overwritten."""
    name = quoted(stem + ENDING)
    return f"delete it if {name} has its content" if entry.with_name(stem + ENDING).exists() else f"rename it to {name}"


@cache
def _first_line() -> re.Pattern[str]:
    """Return the pattern of the first line of a feature file, in every language of Gherkin, also with the # of Markdown."""
    keywords = sorted({keyword for dialect in DIALECTS.values() for keyword in dialect["feature"]})
    return re.compile(rf"(?:#{{1,6}}\s*)?(?:{'|'.join(map(re.escape, keywords))})\s*:", re.IGNORECASE)


def begins_like_a_feature(file: Path) -> bool:
    """Return whether the first line of *file* that is neither empty nor a comment nor tags is that of a Feature."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_HEAD)
    except OSError:
        return False
    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", errors="replace")
    lines = (line.strip() for line in text.splitlines())
    pattern = _first_line()
    return next((bool(pattern.match(line)) for line in lines if line and (pattern.match(line) or not line.startswith(("#", "@")))), False)


def _name_faults(file: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the name of a feature file that is read, and the remedy."""
    parts = Path(os.path.relpath(file.parent.resolve() / file.name, root.resolve())).parts
    if any(part.startswith(".") and part != ".." for part in parts):
        yield "this feature file is hidden, because its name or that of its folder begins with a dot", "give it a name without the dot"
    stem = file.name.removesuffix(ENDING)
    if stem != stem.strip() or any(unicodedata.category(character) in {"Cc", "Cf"} for character in stem):
        yield (
            "the name of this feature file has a space at its beginning or before `.feature`, or an invisible character",
            f"rename it to {quoted(''.join(c for c in stem if unicodedata.category(c) not in {'Cc', 'Cf'}).strip() + ENDING)}",
        )


def _shared_names(files: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Yield findings for links to a file that is also read elsewhere, and for names that are equal on some file systems."""
    files = list(files)
    targets = Counter(file.resolve() for file in files)
    names = Counter(_folded(str(file)) for file in files)
    outside = Counter(file.name for file in files if not file.resolve().is_relative_to(root.resolve()))
    top = {file.name for file in files if file.parent.resolve() == root.resolve() and not file.is_symlink()}
    for file in files:
        if file.is_symlink() and (targets[file.resolve()] > 1 or file.resolve() in files):
            yield _finding(
                file, root, "file-name", "this link points to a feature file that is also read by another name", "delete the link"
            )
        elif file.name in outside and file.is_symlink() and (outside[file.name] > 1 or file.resolve().name in top - {file.name}):
            message = "this link points out of the folder, and another feature file has the same name"
            yield _finding(file, root, "file-name", message, "copy the file to this place")
        if names[_folded(str(file))] > 1:
            message = "another name in this folder differs only in upper and lower case, or in the Unicode form of a letter"
            yield _finding(file, root, "file-name", message, "give the two files different names")
