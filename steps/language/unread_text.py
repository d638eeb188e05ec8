"""Gherkin in files that are not feature files: a file that begins like one, or has a whole feature somewhere, and archives of them.

A whole feature is a line with a keyword like ``Feature:``, below it one like ``Scenario:``, and below that a step: in one fenced block,
or outside all of them, or in one line with escaped line ends, as in JSON. A quotation that lacks one of the three is a snippet, and no
finding. Work is bounded: the first `SEARCHED_BYTES` of a file are read, the first `MOST_MEMBERS` of an archive, and archives in archives
down to `MOST_NESTED`.
"""

import bz2
import codecs
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from gherkin.dialect import DIALECTS

SEARCHED_BYTES = 2_000_000
MOST_MEMBERS = 10_000
MOST_TEXTS = 100
"""Maximum number of members of an archive whose text is read."""
_LONGEST_LINE = 300
"""Number of characters of a line that are looked at."""
_FENCE = re.compile(r"[ \t>]{0,40}(`{3,}|~{3,})")
_TAG = re.compile(r"<!\[CDATA\[|<[^<>]{0,80}>")
_BEFORE_WORDS = re.compile(r"(?:\\[a-z]{1,20}-?\d{0,9} ?|[\W\d_])*+")
"""What may stand before a keyword: words of RTF, signs of other markup, quotation marks, numbers of lines."""
MOST_NESTED = 3
"""Maximum depth of archives in archives that are opened; a deeper archive counts as one with features."""
_UNREADABLE_ARCHIVES = (
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"LZIP", b"\x1f\x9d", b"\x1f\xa0", b"MSCF\0\0\0\0",
)  # fmt: skip
"""First bytes of files of 7-Zip, RAR, Zstandard, LZ4, lzip, compress, pack and cabinet."""
_DECOMPRESSED: Mapping[bytes, Callable[[IO[bytes]], Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
"""What opens a compressed file, by its first bytes."""
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
"""Encodings that need no byte order mark and have the byte 0 in a text."""
_PROBED_BYTES = 1024
_ESCAPED = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([nrt\"/]))")


class Keywords(NamedTuple):
    """Keywords of a language in lower case: of a feature and a scenario, which need a colon, and of a step."""

    feature: tuple[str, ...]
    scenario: tuple[str, ...]
    step: tuple[str, ...]


def text_of(data: bytes) -> str | None:
    """Return *data* as text; None if it is not text."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", errors="replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    codec = _wide_encoding(data[:_PROBED_BYTES]) if b"\0" in data else "utf-8-sig"
    return data.decode(codec, errors="replace") if codec else None


def _wide_encoding(data: bytes) -> str | None:
    """Return the encoding of wide characters in which the beginning of a text is printable; None if there is none."""
    for codec in _WIDE:
        try:
            text = codecs.getincrementaldecoder(codec)().decode(data)
        except UnicodeDecodeError:
            continue
        if text and all(character.isprintable() or character in "\t\r\n" for character in text):
            return codec
    return None


def read_text(file: Path) -> str | None:
    """Return the text at the beginning of *file*; None if it cannot be read or is not text."""
    try:
        with file.open("rb") as opened:
            return text_of(opened.read(SEARCHED_BYTES))
    except OSError:
        return None


def begins_like_a_feature(text: str) -> bool:
    """Return whether the first line of *text* that is neither empty nor a comment nor tags is that of a Feature."""
    pattern = _first_line()
    lines = (line.strip() for line in text.splitlines())
    return next((bool(pattern.match(line)) for line in lines if line and (pattern.match(line) or not line.startswith(("#", "@")))), False)


def line_of_feature(text: str) -> int | None:
    """Return the line of the first whole feature in *text*; None if there is none."""
    folded = text.casefold()
    languages = [keywords for keywords in _languages() if any(keyword in folded for keyword in keywords.feature)]
    for first, lines in _segments(text) if languages else ():
        offset = _offset_in_lines(lines, languages)
        if offset is not None:
            return first + offset
    escaped = ((number, line) for number, line in enumerate(text.splitlines(), 1) if languages and "\\n" in line)
    return next((number for number, line in escaped if _offset_in_lines(_unescaped(line).splitlines(), languages) is not None), None)


def _offset_in_lines(lines: list[str], languages: list[Keywords]) -> int | None:
    beginnings = [_beginning(line) for line in lines]
    return min((offset for keywords in languages if (offset := _offset_of_feature(beginnings, keywords)) is not None), default=None)


def _unescaped(line: str) -> str:
    """Return *line*, in which texts in quotation marks begin a line, with its escapes of JSON and Python as characters."""
    plain = _ESCAPED.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else {"n": "\n", "r": "", "t": "\t"}.get(match[2], match[2]), line
    )
    return re.sub(r"""(["'])(?=\s*\w)""", r"\n\1", plain)


def is_archive(file: Path) -> bool:
    """Return whether *file* is an archive or compressed."""
    return zipfile.is_zipfile(file) or _is_packed(_block(file))


def is_unreadable_archive(file: Path) -> bool:
    """Return whether *file* is an archive of a kind that cannot be read here."""
    return _block(file).startswith(_UNREADABLE_ARCHIVES)


def features_in_archive(file: Path, is_feature_name: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names of feature files in the archive *file*, or of texts with a feature; nothing if it is not an archive."""
    try:
        with file.open("rb") as opened:
            yield from _features_in(opened, file.name, is_feature_name, MOST_NESTED)
    except OSError:
        return


def _is_packed(head: bytes) -> bool:
    return head.startswith((*_UNREADABLE_ARCHIVES, *_DECOMPRESSED, b"PK\x03\x04")) or head[257:262] == b"ustar"


def _features_in(opened: IO[bytes], name: str, is_feature_name: Callable[[str], bool], depth: int) -> Iterator[str]:
    """Yield the names of what has a feature in the archive *opened*, called *name*; a text that is only compressed has this name."""
    head = opened.read(512)
    if depth == 0 or head.startswith(_UNREADABLE_ARCHIVES):
        yield name
        return
    decompressed = next((opener for start, opener in _DECOMPRESSED.items() if head.startswith(start)), None)
    try:
        if zipfile.is_zipfile(opened):
            with zipfile.ZipFile(opened) as zipped:
                entries = [(entry.filename, _opener(zipped.open, entry)) for entry in zipped.infolist()[:MOST_MEMBERS]]
                yield from _members(entries, is_feature_name, depth)
        elif head[257:262] == b"ustar" or _block_of(opened, decompressed)[257:262] == b"ustar":
            opened.seek(0)
            with tarfile.open(fileobj=opened) as tar:
                members = [(entry.name, _opener(tar.extractfile, entry)) for entry in islice(tar, MOST_MEMBERS) if entry.isfile()]
                yield from _members(members, is_feature_name, depth)
        elif decompressed:
            opened.seek(0)
            yield from _members([(name.rpartition(".")[0] or name, lambda: decompressed(opened))], is_feature_name, depth)
    except (OSError, EOFError, ValueError, RuntimeError, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, zlib.error):
        return


def _block_of(opened: IO[bytes], decompressed: Callable[[IO[bytes]], Any] | None) -> bytes:
    """Return the first block of what is compressed in *opened*; empty if it is not compressed."""
    opened.seek(0)
    block: bytes = decompressed(opened).read(512) if decompressed else b""
    return block


def _members(
    members: list[tuple[str, Callable[[], IO[bytes] | None]]], is_feature_name: Callable[[str], bool], depth: int
) -> Iterator[str]:
    """Yield the names of *members* that are feature files, texts with a feature, archives with one, or locked by a password."""
    read = 0
    for name, opener in members:
        if is_feature_name(name.rpartition("/")[2]):
            yield name
        elif read < MOST_TEXTS and not name.endswith("/"):
            read += 1
            try:
                opened = opener()
                data = opened.read(SEARCHED_BYTES) if opened is not None else b""
            except RuntimeError:  # a password, or a way of compressing that Python does not have
                yield name
                continue
            if _is_packed(data[:512]):
                yield from (f"{name}/{inner}" for inner in _features_in(io.BytesIO(data), name, is_feature_name, depth - 1))
                continue
            text = text_of(data[: SEARCHED_BYTES // 10])
            if text is not None and (begins_like_a_feature(text) or line_of_feature(text) is not None):
                yield name


def _opener(function: Callable[[Any], IO[bytes] | None], entry: object) -> Callable[[], IO[bytes] | None]:
    return lambda: function(entry)


def _block(file: Path) -> bytes:
    """Return the first block of *file*; empty if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(512)
    except OSError:
        return b""


def _segments(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each fenced block, and then those outside, with empty lines in place of blocks; each with its first line."""
    outside: list[str] = []
    inside: list[str] = []
    fence, first = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        is_outside = not fence and not match
        if match and not fence:
            fence, first, inside = match[1], number + 1, []
        elif match and match[1].startswith(fence):
            yield first, inside
            fence = ""
        else:
            inside.append(line)
        outside.append(line if is_outside else "")
    if fence:
        yield first, inside
    yield 1, outside


def _beginning(line: str) -> str:
    """Return the words at the beginning of *line* in lower case, without signs, numbers, tags, and the beginning of a Python text."""
    words = line[:_LONGEST_LINE]
    for quotation in ('"""', "'''"):
        words = words.partition(quotation)[2] or words
    return _BEFORE_WORDS.sub("", _TAG.sub("", words), count=1).casefold()


def _offset_of_feature(beginnings: list[str], keywords: Keywords) -> int | None:
    """Return the number of the line with the feature; None if no scenario and step follow it."""
    feature: int | None = None
    has_scenario = False
    for number, words in enumerate(beginnings):
        if feature is None:
            feature = number if _is_heading(words, keywords.feature) else None
        elif not has_scenario:
            has_scenario = _is_heading(words, keywords.scenario)
        elif words.startswith(keywords.step):
            return feature
    return None


def _is_heading(words: str, keywords: tuple[str, ...]) -> bool:
    return any(words.startswith(keyword) and words.removeprefix(keyword).lstrip().startswith(":") for keyword in keywords)


@cache
def _first_line() -> re.Pattern[str]:
    """Return the pattern of the first line of a feature file, in every language of Gherkin, also with the # of Markdown."""
    keywords = sorted({keyword for dialect in DIALECTS.values() for keyword in dialect["feature"]})
    return re.compile(rf"(?:#{{1,6}}\s*)?(?:{'|'.join(map(re.escape, keywords))})\s*:", re.IGNORECASE)


@cache
def _languages() -> tuple[Keywords, ...]:
    """Return the keywords of every language of Gherkin."""
    return tuple(
        Keywords(
            _folded(dialect["feature"]),
            _folded([*dialect["scenario"], *dialect["scenarioOutline"]]),
            _folded([keyword for kind in ("given", "when", "then") for keyword in dialect[kind] if keyword != "* "]),
        )
        for dialect in DIALECTS.values()
    )


def _folded(keywords: list[str]) -> tuple[str, ...]:
    return tuple(keyword.casefold() for keyword in keywords)
