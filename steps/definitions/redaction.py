"""Redaction: removes from messages what differs from machine to machine, before they are recorded."""

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
def _machine_paths(folders: tuple[Path, ...]) -> tuple[str, ...]:
    paths = {
        str(HOME),
        *map(str, folders),
        str(Path.cwd()),
        sys.prefix,
        sys.base_prefix,
        tempfile.gettempdir(),
        str(Path.home()),
        *sysconfig.get_paths().values(),
    }
    return tuple(sorted((path.rstrip("/\\") for path in paths if len(path) > 1), key=len, reverse=True))


def redact(text: object) -> str:
    """Return *text* without folders of this machine and memory addresses, at most `LONGEST` characters long."""
    redacted = str(text)
    for path in _machine_paths(tuple(FOLDERS.values())):
        redacted = redacted.replace(path + "/", "").replace(path + "\\", "").replace(path, "…")
    redacted = _ADDRESS.sub("0x…", redacted)
    return redacted if len(redacted) <= LONGEST else redacted[: LONGEST - 1] + "…"
