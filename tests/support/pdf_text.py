"""The text of a PDF that Chromium wrote; PDFs of other programs are not supported."""

import re
import unicodedata
import zlib

_OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\r?\n(.*?)\r?\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")


def words(pdf: bytes) -> str:
    """Return all text without white space, each glyph by the map of its font; a ligature, which some fonts have, as its letters."""
    objects = dict(_OBJECT.findall(pdf))
    streams = {number: _inflated(match[1]) for number, body in objects.items() if (match := _STREAM.search(body))}
    maps = {name: _map_of(objects[number], streams) for body in objects.values() for name, number in _FONT.findall(_head(body))}
    result = []
    for content in streams.values():
        font: dict[str, str] = {}
        for name, text in _SHOWN.findall(content):
            if name:
                font = maps.get(name, {})
            else:
                result += [font.get(text[place : place + 4].decode().upper(), "") for place in range(0, len(text), 4)]
    return unicodedata.normalize("NFKC", "".join("".join(result).split()))


def sheets(pdf: bytes) -> int:
    """Count the sheets."""
    return sum(bool(re.search(rb"/Type\s*/Page\b", _head(body))) for _, body in _OBJECT.findall(pdf))


def _head(body: bytes) -> bytes:
    return body.partition(b"stream")[0]


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return b""


def _map_of(font: bytes, streams: dict[bytes, bytes]) -> dict[str, str]:
    """Map glyphs to letters, by the font's ToUnicode."""
    at = re.search(rb"/ToUnicode (\d+) 0 R", font)
    text = streams[at[1]].decode("latin-1").upper() if at else ""
    result = {}
    for block in re.findall(r"BEGINBFCHAR(.*?)ENDBFCHAR", text, re.DOTALL):
        result |= {glyph: _letters(letters) for glyph, letters in re.findall(r"<(\w{4})>\s*<(\w+)>", block)}
    for block in re.findall(r"BEGINBFRANGE(.*?)ENDBFRANGE", text, re.DOTALL):
        for first, last, letters in re.findall(r"<(\w{4})>\s*<(\w{4})>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                result[f"{int(first, 16) + step:04X}"] = _letters(f"{int(letters, 16) + step:0{len(letters)}X}")
    return result


def _letters(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be", "replace")
