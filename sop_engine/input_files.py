"""Strict reading of files: regular, of limited size, UTF-8, well-formed JSON or TOML; an error has file, reason and remedy.

Every file that a command reads comes through here, except feature files and streams of lines. A pipe or device is refused without
waiting for it.
"""

import errno
import json
import os
import re
import stat
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from sop_engine.errors import SopError
from sop_engine.text import counted, path_shown, quoted, visible

LARGEST_FILE = 64_000_000
"""Largest file that is read, unless the caller allows more or less."""
MOST_TOML_BYTES = 1_000_000
"""Largest TOML file: the parser's time grows faster than the file."""
MOST_DEPTH = 100
"""Deepest nesting of lists and objects; files of this program have about ten levels."""
MOST_DIGITS = 100
"""Longest whole number; random seeds have up to 20 digits."""
_NOT_REGULAR = (errno.EISDIR, errno.ENXIO)
"""Errors of the system for a folder, and for a socket or device."""
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_DEPTH}}}", re.ASCII)
"""A dotted key of TOML, for which the parser's time grows with the cube of its length."""
_NOT_A_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
_HALF_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class UnreadableFileError(SopError):
    """A file that cannot be read or has invalid content; *is_missing* says whether there is no such file."""

    def __init__(self, file: Path, reason: str, remedy: str, *, is_missing: bool = False) -> None:
        self.file = file
        self.reason = visible(reason)
        super().__init__(f"{path_shown(file)}: {self.reason}; {remedy}")
        self.remedy = remedy
        self.is_missing = is_missing


def read_bytes(file: Path, remedy: str, most: int = LARGEST_FILE) -> bytes:
    """Read the regular file *file*, of at most *most* bytes.

    Raises:
        UnreadableFileError: there is no such file, it is of another kind or too large, or it cannot be read.
    """
    try:
        with _opened(file) as opened:
            too_large = os.fstat(opened.fileno()).st_size > most
            content = b"" if too_large else opened.read(most + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise UnreadableFileError(file, "the file does not exist", remedy, is_missing=True) from None
        reason = "it is not a regular file" if error.errno in _NOT_REGULAR else (error.strerror or "cannot be read").lower()
        raise UnreadableFileError(file, reason, remedy) from None
    except ValueError:  # a path with a null character
        raise UnreadableFileError(file, "this is not the name of a file", remedy) from None
    if too_large or len(content) > most:
        raise UnreadableFileError(file, f"it has more than {counted(most, 'byte')}", remedy)
    return content


def require_regular(file: Path, remedy: str, most: int = LARGEST_FILE) -> None:
    """Refuse what is not a regular file of at most *most* bytes, before a library opens *file* by its name.

    Raises:
        UnreadableFileError: it is of another kind, or too large.
        OSError: there is no such file, or its kind cannot be read.
    """
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError(file, "it is not a regular file", remedy)
    if status.st_size > most:
        raise UnreadableFileError(file, f"it has more than {counted(most, 'byte')}", remedy)


def read_both_ends(file: Path, first: int, last: int) -> tuple[bytes, bytes]:
    """Read the *first* and the *last* bytes of the regular file *file*.

    Raises:
        OSError: it is of another kind, or cannot be read.
    """
    with _opened(file) as opened:
        beginning = opened.read(first)
        opened.seek(max(0, os.fstat(opened.fileno()).st_size - last))
        return beginning, opened.read(last)


def read_text(file: Path, remedy: str, most: int = LARGEST_FILE) -> str:
    """Read the UTF-8 text in *file*, without the byte order mark.

    Raises:
        UnreadableFileError: as in `read_bytes`, or the file is not UTF-8.
    """
    content = read_bytes(file, remedy, most)
    try:
        return text_of(content)
    except ValueError as error:
        raise UnreadableFileError(file, str(error), remedy) from None


def read_json(file: Path, remedy: str, *, any_text: bool = False) -> Any:
    """Read the JSON document in *file*; see `parse_json`.

    Raises:
        UnreadableFileError: as in `read_bytes`, or the file is not strict JSON.
    """
    content = read_bytes(file, remedy)
    try:
        return parse_json(content, any_text=any_text)
    except ValueError as error:
        raise UnreadableFileError(file, str(error), remedy) from None


def read_toml(file: Path, remedy: str) -> dict[str, Any]:
    """Read the TOML document in *file*.

    Raises:
        UnreadableFileError: as in `read_bytes`, or the file is not TOML.
    """
    content = read_bytes(file, remedy, MOST_TOML_BYTES)
    try:
        return parse_toml(content)
    except ValueError as error:
        raise UnreadableFileError(file, str(error), remedy) from None


def text_of(content: bytes) -> str:
    """Decode UTF-8, without the byte order mark.

    Raises:
        ValueError: *content* is not UTF-8; the message has the place.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text (byte {error.start + 1:,})") from None


def parse_json(content: bytes, *, any_text: bool = False) -> Any:
    """Parse JSON as RFC 8259 has it, and refuse what readers understand differently.

    Refused are repeated keys, NaN and infinity, numbers that overflow, deep nesting, and halves of surrogate pairs, unless *any_text*
    allows them for names of files that are not UTF-8.

    Raises:
        ValueError: the message has place and reason.
    """
    text = text_of(content)
    if not text.strip():
        raise ValueError("it is empty")
    _require_depth(content)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_repetition,
            parse_constant=_refuse_constant,
            parse_int=whole_number,
            parse_float=_finite_number,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg.lower()} (line {error.lineno:,}, column {error.colno:,})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not any_text and _HALF_ESCAPE.search(content) and _has_halves(value):
        raise ValueError("it has half a surrogate pair, which is not a character")
    return value


def parse_toml(content: bytes) -> dict[str, Any]:
    """Parse TOML.

    Raises:
        ValueError: *content* is not UTF-8, not TOML, or too large; the message has place and reason.
    """
    if len(content) > MOST_TOML_BYTES:
        raise ValueError(f"it has more than {counted(MOST_TOML_BYTES, 'byte')}")
    text = text_of(content)
    if _DEEP_KEY.search(text):
        raise ValueError("it is nested too deeply")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, OverflowError) as error:
        raise ValueError(f"it is not TOML: {visible(str(error))}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:  # Python's limit for the digits of a number
        raise ValueError("it is not TOML: a number has too many digits") from None


def _opened(file: Path) -> BinaryIO:
    """Open a regular file.

    Raises:
        OSError: it is of another kind, or cannot be opened.
    """
    opened = open(file, "rb", opener=_open_at_once)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(file))
    return opened


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _require_depth(content: bytes) -> None:
    """Refuse JSON that is nested deeper than `MOST_DEPTH`, before it is parsed."""
    depth = 0
    for bracket in _STRING.sub(b"", content).translate(None, _NOT_A_BRACKET):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_DEPTH:
            raise ValueError("it is nested too deeply")


def _has_halves(value: object) -> bool:
    """Return whether *value* has half a surrogate pair, which cannot be written as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError(f"an object has the key {quoted(next(name for name in counts if counts[name] > 1))} twice")
    return values


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"it is not JSON: `{word}` is not a number")


def whole_number(digits: str) -> int:
    """Parse a whole number of JSON.

    Raises:
        ValueError: it has more than `MOST_DIGITS` digits.
    """
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits; expected at most {MOST_DIGITS}")
    return int(digits)


def _finite_number(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {quoted(digits, 40)} is too large")
    return number
