"""Damage to files that a command reads: other kinds of file, bytes that are no text, texts that are no JSON, JSON of another shape."""

import json
import os
import random
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.fuzzing.damage import DATA, shaken, spoilt

Damage = Callable[[Path], object]
HUGE = 600_000_000


def _socket(file: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as opened:
        opened.bind(f"{folder}/s")
        shutil.move(f"{folder}/s", file)


def _sparse(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(HUGE)


OTHER_KINDS: Mapping[str, Damage] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "socket": _socket,
    "endless device": lambda file: file.symlink_to("/dev/zero"),
    "empty device": lambda file: file.symlink_to("/dev/null"),
    "link to itself": lambda file: file.symlink_to(file.name),
    "huge file": _sparse,
}
"""Something else in the place of a file."""

BYTES: Mapping[str, bytes] = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "null characters": bytes(4096),
    "UTF-16": '{"version": 1}'.encode("utf-16"),
    "half": b'{"version": 1, "a": [',
    "lists in lists": b"[" * 100_000,
    "objects in objects": b'{"a":' * 100_000,
    "closed lists in lists": b"[" * 5_000 + b"]" * 5_000,
    "list": b"[]",
    "null value": b"null",
    "text": b'"x"',
    "number": b"1",
    "long number": b'{"version": ' + b"9" * 5_000 + b"}",
    "infinite number": b'{"version": 1e999}',
    "not a number": b'{"version": NaN}',
    "key twice": b'{"version": 1, "version": 2}',
    "half a character": b'{"version": "\\ud800"}',
    "half a character as a key": b'{"\\ud800": 1}',
    "escape sequences": b'{"\x1b[31m": "\x1b]0;x\x07"}',
    "escaped escape sequences": b'{"version": "\\u001b[31m", "\\u009b31m": 1}',
    "names and values": b'{"a": 1}' * 3,
}
"""Content that no file of the program has."""


def damages() -> Iterator[tuple[str, Damage]]:
    """Yield name and function of every kind of damage that replaces a file."""
    for name, make in OTHER_KINDS.items():
        yield name, lambda file, make=make: (_remove(file), make(file))  # type: ignore[misc]
    for name, content in BYTES.items():
        yield name, lambda file, content=content: (_remove(file), file.write_bytes(content))  # type: ignore[misc]


def spoilt_content(content: bytes, number: int, seed: int = 7) -> bytes:
    """Return *content* spoilt in one of many ways; the same for the same number and seed."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311 - not cryptography
    try:
        plain: Any = json.loads(content)
    except ValueError:
        return spoilt(content.decode("utf-8", "replace"), rng, DATA)
    text = json.dumps(shaken(plain, rng), indent=1) if rng.random() < 0.6 else spoilt(content.decode("utf-8"), rng, DATA)
    return text.encode() if isinstance(text, str) else text


def _remove(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
