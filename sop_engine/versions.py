"""Versions of the document: a folder with a rulebook for each, found by name, and the one that this process reads.

The program has versions of its own; a user's are in the folder ``rulebook`` of the working directory. The process reads the version that
the environment variable `VARIABLE` names (the option ``--rulebook`` sets it), otherwise ``rulebook`` below ``[tool.sop]`` in
``pyproject.toml`` of the working directory, otherwise `DEFAULT`.
"""

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from sop_engine.errors import SopError
from sop_engine.input_files import UnreadableFileError, parse_toml, read_bytes

CLAUSES, GAPS = "clauses.toml", "gaps.toml"
"""The files of a rulebook."""
DEFAULT = "clients_v1"
VARIABLE = "SOP_RULEBOOK"
"""The environment variable with the name or the folder of the rulebook that the process and its children read."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
"""What the name of a version looks like: it is the name of folders, and part of tags."""
OWN = Path("rulebook")
"""The folder with the user's versions, unless the environment variable `VARIABLE_OF_OWN` names another one."""
VARIABLE_OF_OWN = "SOP_RULEBOOKS"
SETTINGS, KEY = Path("pyproject.toml"), "rulebook"
OPTION = "--rulebook"
WITHOUT_VERSION = ("contract", "fmt", "rulebook")
"""The commands that read no rulebook, or several."""
_COMMAND = re.compile(rf"(?<![\w./-])sop (?!(?:{'|'.join(WITHOUT_VERSION)})\b)(?P<verb>[a-z]+)\b(?![^`\n<]*{OPTION})")
_HINT = f"or a folder with {CLAUSES} and {GAPS}"


class UnknownVersionError(SopError):
    """A name that is not that of a version, or that of two."""


def shipped() -> Traversable:
    """Return the folder with the program's own versions."""
    return files("sop_engine") / "rulebook"


def versions() -> Iterator[tuple[str, Traversable]]:
    """Yield the name and the folder of each version: the program's own, then those in `OWN` of the working directory."""
    for place in (shipped(), Path(os.environ.get(VARIABLE_OF_OWN) or OWN)):
        folders = [folder for folder in place.iterdir() if (folder / CLAUSES).is_file()] if place.is_dir() else []
        yield from sorted(((folder.name, folder) for folder in folders), key=lambda version: version[0])


def content_of(file: Traversable) -> bytes:
    """Return the content of a register, also of one in an archive.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    return read_bytes(file, f"a rulebook is a folder with {CLAUSES} and {GAPS}") if isinstance(file, Path) else file.read_bytes()


@lru_cache(maxsize=2)
def parse_register(content: bytes) -> Mapping[str, object]:
    """Parse a register; the last ones are kept, because the stages are taken from it before the rest is read.

    Raises:
        ValueError: as `parse_toml`.
    """
    return parse_toml(content)


def find_version(name: str) -> Traversable:
    """Return the folder of the version called *name*, otherwise the folder *name*.

    Raises:
        UnknownVersionError: there is neither, or two versions have the name.
    """
    named = [folder for version, folder in versions() if version == name]
    if len(named) > 1:
        raise UnknownVersionError(f"two rulebooks are called `{name}`: {' and '.join(map(str, named))}; name the folder of one of them")
    if named:
        return named[0]
    if name.strip() and Path(name).is_dir():
        return Path(name).absolute()
    listed = ", ".join(dict.fromkeys(f"`{version}`" for version, _ in versions()))
    raise UnknownVersionError(f"there is no rulebook `{name}`; expected one of {listed}, {_HINT}")


def chosen_version() -> Traversable:
    """Return the folder of the version that this process is to read.

    Raises:
        SopError: it is named, and there is no such version; or the settings cannot be read.
    """
    name = os.environ.get(VARIABLE)
    return find_version(name) if name else _default_version()


def _default_version() -> Traversable:
    """Return the folder of the version that a process reads without an option.

    Raises:
        SopError: the settings name it, and there is no such version; or they cannot be read.
    """
    name = _name_in_settings()
    return find_version(name) if name else shipped() / DEFAULT


def with_version(text: str) -> str:
    """Add the option with the version of this process to each command in *text*, ``sop verify``; the default version needs none."""
    option = _option_of_version()
    return _COMMAND.sub(lambda command: f"{command[0]} {option}", text) if option else text


def _option_of_version() -> str:
    """Return the option with which a command reads the version of this process; empty if it does without the option, or there is no such version."""
    named = os.environ.get(VARIABLE)
    try:
        if not named or (chosen := _place(chosen_version())) == _place(_default_version()):
            return ""
        name = next((name for name, folder in versions() if _place(folder) == chosen), named)
    except SopError:
        return ""
    return f"{OPTION} {shlex.quote(name)}"


def _place(folder: Traversable) -> Path:
    return Path(str(folder)).absolute()


def variables_for_children() -> dict[str, str]:
    """Return the environment variables with which a process in another working directory reads the same version, and finds the same ones."""
    own = Path(os.environ.get(VARIABLE_OF_OWN) or OWN)
    return {VARIABLE: str(_place(chosen_version())), VARIABLE_OF_OWN: str(own.absolute())}


def _name_in_settings() -> str:
    """Return the version that the settings name; empty if they name none."""
    remedy = f'write `{KEY} = "{DEFAULT}"` below `[tool.sop]`, or remove it'
    try:
        data = read_bytes(SETTINGS, remedy)
        table = parse_toml(data).get("tool", {}) if KEY.encode() in data else {}  # parsing takes as long as a decision
    except UnreadableFileError:
        return ""  # the settings of the steps are refused where they are read
    except ValueError as error:
        raise UnknownVersionError(f"{SETTINGS}: {error}; correct it") from None
    name = table.get("sop", {}).get(KEY, "") if isinstance(table, dict) and isinstance(table.get("sop", {}), dict) else ""
    if not isinstance(name, str):
        raise UnknownVersionError(f"{SETTINGS}: `{KEY}` is not the name of a rulebook; {remedy}")
    return name
