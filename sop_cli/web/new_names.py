"""Names of new feature files: small letters below the folder of the features, and no name that exists in another letter case."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sop_engine.text import caseless, quoted
from steps.language.file_names import ENDING, NOT_SEARCHED

LONGEST, MOST_FOLDERS = 64, 4
"""Characters of a part of a name, and folders in each other below the folder of the features."""
SMALL_LETTERS = "use small letters from a to z, digits, - and _"
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")
_OTHER_CHARACTER = re.compile("[^a-z0-9_-]")


def name_fault(path: str, features: Path) -> str | None:
    """Return why no new file can have the name *path* below the folder *features*, and what to do; None if it can.

    A folder that exists may have any name; a file that has exactly this name is no fault here, since it may have been made meanwhile.
    """
    return next(_faults(path, features), None)


def taken(path: str, features: Path) -> str | None:
    """Return what has the name *path* below *features* already, and what to do; None if nothing has."""
    if not os.path.lexists(features / path):
        return None
    kind = "a file" if (features / path).is_file() else "a folder" if (features / path).is_dir() else "a link"
    return f"there is {kind} {quoted(path)} already; {'open it, or ' if kind == 'a file' else ''}choose another name"


def _faults(path: str, features: Path) -> Iterator[str]:
    *folders, file = path.split("/")
    if len(folders) > MOST_FOLDERS:
        yield f"it would be in {len(folders)} folders in each other; choose at most {MOST_FOLDERS}"
    if not file.endswith(ENDING):
        yield f"the name of a feature file ends with {ENDING}; add this"
    place = features
    for part, kind in [*((folder, "folder") for folder in folders), (file, "file")]:
        names = [entry.name for entry in place.iterdir()] if place.is_dir() else []
        is_there = part in names and not part.startswith(".") and part not in NOT_SEARCHED
        yield from () if is_there and kind == "folder" else _faults_of(part.removesuffix(ENDING) if kind == "file" else part, kind)
        place /= part
        if is_there and kind == "folder" and (place.is_symlink() or not place.is_dir()):
            yield f"{quoted(part)} is {'a link' if place.is_symlink() else 'a file'}, not a folder; choose another folder"
        if part not in names and (same := [name for name in names if caseless(name) == caseless(part)]):
            yield f"there is {quoted(same[0])} already, which on some computers is the same name; choose another one"


def _faults_of(part: str, kind: str) -> Iterator[str]:
    """Yield why *part* is no name for a new file, without its ending, or a new folder."""
    if not part:
        yield f"the {kind} has no name; type one such as my_case"
    if other := _OTHER_CHARACTER.search(part):
        yield f"the name of the {kind} has {_character(other[0])}; {SMALL_LETTERS}"
    if part.startswith(("-", "_")):
        yield f"the name of the {kind} begins with {part[0]}; let it begin with a letter or a digit"
    if _DEVICE.fullmatch(part):
        yield f"{quoted(part)} is the name of a device on Windows; choose another name for the {kind}"
    if len(part) > LONGEST:
        yield f"the name of the {kind} has {len(part)} characters; use at most {LONGEST}"


def _character(character: str) -> str:
    if character == " ":
        return "a space"
    return f"the capital letter {character}" if character.isalpha() and character.isascii() else quoted(character)
