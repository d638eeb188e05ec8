"""File names: feature files below a folder, and files there that are not read although they look like feature files.

A feature file is a regular file, or a link to one, whose name ends with ``.feature``. A link to a file has the name of the link, whatever
its target is called. Links to folders are not followed.
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from sop_engine.text import caseless, encodable, quoted
from sop_runs.problem import Problem, sort_key
from steps.language.unread_text import (
    begins_like_a_feature,
    features_in_archive,
    is_archive,
    is_unreadable_archive,
    line_of_feature,
    read_text,
)

ENDING = ".feature"
FEATURES_FOLDER = "features"
NOT_SEARCHED = frozenset({".git", ".hg", ".svn", "__pycache__"})
"""Folders of version control and of Python's cache, from which no feature file is read."""
MOVE = "or move it out of this folder"
NAMED_MEMBERS = 3
"""Number of files of an archive that a finding names."""
_SIMILAR = 0.84


def is_feature_file(path: Path) -> bool:
    """Return whether *path* is a feature file."""
    return path.name.endswith(ENDING) and path.is_file()


def place_of(file: Path) -> Path:
    """Return the absolute path of *file* without links to folders; of a link to a file, that of the link."""
    return file.parent.resolve() / file.name


def feature_files_below(folder: Path) -> Iterator[Path]:
    """Yield the feature files in *folder* and in its folders."""
    return (entry for entry in all_entries(folder) if is_feature_file(entry))


def all_entries(folder: Path) -> Iterator[Path]:
    """Yield everything in *folder* and in its folders, except in `NOT_SEARCHED`; links are not followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        yield entry
        if entry.name not in NOT_SEARCHED and entry.is_dir() and not entry.is_symlink():
            yield from all_entries(entry)


def file_findings(folder: Path, root: Path) -> list[Problem]:
    """Return the findings of rules unread-file and file-name in *folder* and its folders; their paths are relative to *root*."""
    entries = list(all_entries(folder))
    files = [entry for entry in entries if is_feature_file(entry)]
    findings = [
        _finding(entry, root, "unread-file", *reason) for entry in entries if not is_feature_file(entry) and (reason := why_unread(entry))
    ]
    findings += [
        _finding(entry, root, "unread-file", *reason)
        for tool in entries
        if tool.name in NOT_SEARCHED and not tool.is_symlink()
        for entry in _files_of_tool(tool)
        if (reason := _why_unread_in_tool(entry, tool.name))
    ]
    findings += [_finding(file, root, "file-name", *reason) for file in files for reason in _name_faults(file, root)]
    return sorted([*findings, *_shared_names(files, root)], key=sort_key)


def resembles_features(name: str) -> bool:
    """Return whether *name* differs from ``features`` only in letter case, signs, digits, or the word copy."""
    return re.sub(r"[\W_\d]+|copy", "", caseless(name)) in {"feature", "features"}


def has_similar_ending(name: str) -> bool:
    """Return whether a part of *name* after a dot is ``feature``, contains it, or is similar to it."""
    endings = [re.sub(r"[\W_\d]+", "", part) for part in caseless(name).split(".")[1:]]
    return any("feature" in ending or get_close_matches(ending, ["feature"], 1, _SIMILAR) for ending in endings)


def _finding(entry: Path, root: Path, rule: str, message: str, remedy: str, line: int = 1) -> Problem:  # noqa: PLR0913 (parts of a finding)
    path = encodable(Path(os.path.relpath(place_of(entry), root.resolve())).as_posix())
    return Problem(path, line, 1, rule, message, remedy)


def _files_of_tool(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names))


def _why_unread_in_tool(entry: Path, tool: str) -> tuple[str, str] | None:
    """Return why *entry* in a folder of version control or of Python's cache is a finding: it is a feature file, and not a file of the tool."""
    if tool == "__pycache__" and not caseless(entry.name).endswith(ENDING):
        reason = None if entry.suffix in {".pyc", ".pyo"} else _why_unread_file(entry)
        return None if reason is None else (reason[0], reason[1])
    if not caseless(entry.name).endswith(ENDING) or not begins_like_a_feature(read_text(entry) or ""):
        return None
    return f"this feature file is not read, because it is in a folder `{tool}`", "move it into another folder, or delete it"


def why_unread_place(file: Path, home: Path) -> tuple[str, str] | None:
    """Return why the feature file *file* below the folder *home* is not read; None if it is."""
    for folder in list(file.parents)[: len(file.relative_to(home).parts) - 1]:
        if folder.is_symlink():
            return f"this file is not read, because {quoted(folder.name)} is a link to a folder", "copy the folder to this place"
        if folder.name in NOT_SEARCHED:
            return f"this file is not read, because it is in a folder `{folder.name}`", "move it into another folder"
    return None


def why_unread(entry: Path) -> tuple[str, str] | tuple[str, str, int] | None:
    """Return why *entry*, which is not a feature file, is a finding, the remedy, and the line if it is not the first; None if *entry* does not look like a feature file."""
    if entry.is_symlink() and not entry.exists():
        return "this link points to nothing, so nothing is read", "correct the link or delete it"
    return _why_unread_folder(entry) if entry.is_dir() else _why_unread_file(entry)


def _why_unread_folder(entry: Path) -> tuple[str, str] | None:
    if entry.is_symlink():
        return "this link to a folder is not followed", "copy the folder to this place, or delete the link"
    if not os.access(entry, os.R_OK | os.X_OK):
        return "this folder cannot be read", f"allow reading it, {MOVE}"
    return ("this is a folder with the name of a feature file", "give it a name without `.feature`") if entry.suffix == ENDING else None


def _why_unread_file(entry: Path) -> tuple[str, str] | tuple[str, str, int] | None:
    similar = has_similar_ending(entry.name)
    if similar and not entry.is_file():
        return "this is not a regular file, so it is not read", "replace it by a file"
    if similar:
        return "this file is not read, because its name does not end with `.feature`", f"{_rename(entry)}, {MOVE}"
    return _why_unread_content(entry) if entry.is_file() else None


def _why_unread_content(entry: Path) -> tuple[str, str] | tuple[str, str, int] | None:
    if is_archive(entry):
        return _why_unread_archive(entry)
    text = read_text(entry)
    if text is None:
        return None
    if entry.suffix != ".py" and begins_like_a_feature(text):
        message = "this file begins like a feature file and is not read, because its name does not end with `.feature`"
        return message, f"{_renamed(entry, entry.stem.strip())}, {MOVE}"
    line = line_of_feature(text)
    if line is None:
        return None
    message = "here is a whole feature, which is not read, because the name of this file does not end with `.feature`"
    return message, f"put it into a file of its own, shorten it to a snippet without `Feature:`, {MOVE}", line


def _why_unread_archive(entry: Path) -> tuple[str, str] | None:
    if is_unreadable_archive(entry):
        return "this archive cannot be read here, so feature files in it would not be seen", f"unpack it in this place, {MOVE}"
    names = list(islice(features_in_archive(entry, has_similar_ending), NAMED_MEMBERS + 1))
    if not names:
        return None
    listed = ", ".join(map(quoted, names[:NAMED_MEMBERS])) + (" and more" if len(names) > NAMED_MEMBERS else "")
    return f"this archive has feature files, which are not read: {listed}", f"unpack it in this place, {MOVE}"


def _rename(entry: Path) -> str:
    """Return to which name a file should be renamed: the part before its nearly right ending, with the right one."""
    stem = re.split(r"\.\s*f", entry.name.lstrip(".#~"), maxsplit=1, flags=re.IGNORECASE)[0].strip()
    return _renamed(entry, stem) if stem else f"give it a name that ends with `{ENDING}`"


def _renamed(entry: Path, stem: str) -> str:
    """Return the remedy for a file that should be called *stem* with the right ending; a file of that name is not overwritten."""
    name = quoted(stem + ENDING)
    return f"delete it if {name} has its content" if entry.with_name(stem + ENDING).exists() else f"rename it to {name}"


def _name_faults(file: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the name of a feature file that is read, and the remedy."""
    parts = Path(os.path.relpath(place_of(file), root.resolve())).parts
    if any(part.startswith(".") and part != ".." for part in parts):
        yield "this feature file is hidden, because its name or that of its folder begins with a dot", "give it a name without the dot"
    stem = file.name.removesuffix(ENDING)
    better = quoted("".join(character for character in stem if not _is_invisible(character)).strip() + ENDING)
    remedy = "rename it" if better == f"`{ENDING}`" else f"rename it to {better}"
    if invisible := [character for character in dict.fromkeys(stem) if _is_invisible(character)]:
        yield f"the name of this feature file has an invisible character, {' and '.join(map(_named, invisible))}", remedy
    elif stem != stem.strip():
        yield "the name of this feature file has a space at its beginning or before `.feature`", remedy
    if invisible := [character for character in dict.fromkeys("".join(parts[:-1])) if _is_invisible(character)]:
        yield f"the name of its folder has an invisible character, {' and '.join(map(_named, invisible))}", "rename the folder"


_CONTROLS = {"\t": "tab", "\n": "line feed", "\r": "carriage return", "\x1b": "escape", "\x7f": "delete"}


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}


def _named(character: str) -> str:
    """Return the code of a character with its name."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, _CONTROLS.get(character, 'control character')).lower()})"


def _shared_names(files: Iterable[Path], root: Path) -> Iterator[Problem]:
    """Yield findings for links to a file that is also read elsewhere, and for names that are equal on some file systems."""
    files = list(files)
    targets = Counter(file.resolve() for file in files)
    names = Counter(caseless(str(file)) for file in files)
    for file in files:
        if file.is_symlink() and (targets[file.resolve()] > 1 or file.resolve() in files):
            yield _finding(
                file, root, "file-name", "this link points to a feature file that is also read by another name", "delete the link"
            )
        if names[caseless(str(file))] > 1:
            message = "another name in this folder differs only in upper and lower case, or in the Unicode form of a letter"
            yield _finding(file, root, "file-name", message, "give the two files different names")
