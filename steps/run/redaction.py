"""Portable text: what is written into a record names no machine."""

import re
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path

from steps.definitions.discovery import FOLDERS, HOME

LONGEST = 4_000
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


@cache
def _places(folders: tuple[Path, ...]) -> tuple[str, ...]:
    places = {
        str(HOME),
        *map(str, folders),
        str(Path.cwd()),
        sys.prefix,
        sys.base_prefix,
        tempfile.gettempdir(),
        str(Path.home()),
        *sysconfig.get_paths().values(),
    }
    return tuple(sorted((place.rstrip("/\\") for place in places if len(place) > 1), key=len, reverse=True))


def redact(text: object) -> str:
    """*text* without what differs from machine to machine: folders, memory addresses, endless length."""
    said = str(text)
    for place in _places(tuple(FOLDERS.values())):
        said = said.replace(place + "/", "").replace(place + "\\", "").replace(place, "…")
    said = _ADDRESS.sub("0x…", said)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
