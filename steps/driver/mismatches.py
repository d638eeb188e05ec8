"""Answers that are not of the contract, in words: which field, what was expected, what came."""

import re
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from sop_runs.record.reader import mismatch
from steps.contract.strict_json import RepeatedKeyError, as_type, check_keys
from steps.driver.errors import quote, shortened

Decoded = TypeVar("Decoded")
_PLACE = re.compile(r" - at `\$(?P<place>[^`]*)`$")
_TOO_MANY = re.compile(r": expected `(?P<kind>\w+)` of length <= (?P<most>[0-9]+)$")
_MALFORMED = re.compile(r"JSON is malformed: (?P<reason>.*) \(byte (?P<byte>\d+)\)")
_TOKENS = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
"""Each text of a JSON document, from the first one on, so that what is between two texts is none."""
LARGEST_TEXT = 20_000
"""Bytes of the longest text of an answer: a claim with it goes into the record, and onto the pages."""
_MOST_WORDS = 20
_AROUND = 40
"""Bytes that are shown before and after the place of a mistake."""
_SIGNS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters, ends of lines, and signs that change the direction of writing: they steer a terminal or a page."""
_MAY_HAVE_SIGNS = re.compile(rb"\\[bfnrtu]|[\x7f\xc2\xd8\xe2\xef]")
"""Escapes of JSON, and the first bytes of such signs in UTF-8."""
_NOT_SHOWN = {"extra", "reason", "why"}
"""Fields of the contract that may have any text: no one reads two of them, and a reason is escaped where it is shown."""


class MismatchError(Exception):
    """An answer that is not of the contract; its text says where and why."""


def decoded(raw: bytes, kind: type[Decoded]) -> Decoded:
    """Return *raw* as *kind*, strictly: with every key once, without another one, and each value of its type.

    Raises:
        MismatchError: it is not.
    """
    if len(raw) > LARGEST_TEXT:
        longest = max((match[0] for match in _TEXTS.finditer(raw)), key=len, default=b"")
        if len(longest) > LARGEST_TEXT:
            raise MismatchError(
                f"a text of the answer has {len(longest):,} bytes, expected at most {LARGEST_TEXT:,}: {_beginning(longest)}"
            )
    try:
        answer = as_type(raw, kind)
        check_keys(raw)
    except msgspec.ValidationError as error:
        raise MismatchError(_words_of(error, raw, kind)) from None
    except RepeatedKeyError as error:
        raise MismatchError(f"{shortened(str(error))} in the answer, expected each key once in its object") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MismatchError(_not_json(error, raw)) from None
    if _MAY_HAVE_SIGNS.search(raw):
        _check_signs(msgspec.json.decode(raw), "")
    return answer


def _check_signs(value: object, place: str) -> None:
    """Check that no text has a sign of `_SIGNS`; what is never shown or recorded, or escaped by itself, is left out.

    Raises:
        MismatchError: one has.
    """
    if isinstance(value, str):
        sign = _SIGNS.search(value)
        if sign:
            raise MismatchError(
                f"{place.lstrip('.')} has the sign U+{ord(sign[0]):04X}, expected text in one line without control characters; got {quote(value)}"
            )
    elif isinstance(value, list):
        for number, part in enumerate(value):
            _check_signs(part, f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            _check_signs(key, f"a key of {place.lstrip('.') or 'the answer'}")
            if key not in _NOT_SHOWN:
                _check_signs(part, f"{place}.{key}")


def _words_of(error: msgspec.ValidationError, raw: bytes, kind: type) -> str:
    place = _PLACE.search(str(error))
    tokens = [key or int(index) for key, index in _TOKENS.findall(place["place"] if place else "") if index != "..."]
    value, is_there = _value_at(raw, tokens)
    words = _words_at(inspect.type_info(kind), tokens)
    text = mismatch(error, "the answer")
    if too_many := _TOO_MANY.search(text):
        parts = {"array": "entries", "object": "keys"}.get(too_many["kind"], "signs")
        text = f"{text[: too_many.start()]} has more {parts} than the contract allows; expected at most {int(too_many['most']):,}"
    if words:
        where = (place["place"] if place else "").lstrip(".") or "the answer"
        text = f"{where} is none of the words of the contract; expected one of {', '.join(words[:_MOST_WORDS])}"
    return f"{text}; got {quote(value)}" if is_there else text


def _beginning(raw: bytes) -> str:
    return quote(raw[:80].decode(errors="backslashreplace"))


def _not_json(error: Exception, raw: bytes) -> str:
    """Return why an answer is not JSON: what is wrong at which byte, counted from 0, and the text around it."""
    if isinstance(error, RecursionError):
        return "the answer is nested too deeply"
    malformed = _MALFORMED.fullmatch(str(error))
    reason, byte = (malformed["reason"], int(malformed["byte"])) if malformed else ("it ends too early", len(raw))
    try:
        raw.decode()
    except UnicodeDecodeError as not_text:
        reason, byte = "a byte that is not UTF-8", not_text.start
    around = raw[max(0, byte - _AROUND) : byte + _AROUND].decode(errors="backslashreplace")
    where = f"{reason} at byte {byte:,}, near {quote(around)}" if raw else "it is empty"
    return f"the answer is not JSON ({len(raw):,} bytes): {where}"


def _value_at(raw: bytes, tokens: list[Any]) -> tuple[object, bool]:
    """Return the value at a place of the answer, and whether it is there."""
    try:
        value: Any = msgspec.json.decode(raw)
        for token in tokens:
            value = value[token]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError, TypeError):
        return None, False
    return value, not isinstance(value, dict | list)


def _words_at(kind: inspect.Type, tokens: list[Any]) -> list[str]:
    """Return the words that the contract has at a place; none where it has no closed list."""
    for token in tokens:
        kind = _inner(_without_metadata(kind), token)
    kind = _without_metadata(kind)
    if isinstance(kind, inspect.EnumType):
        return [f"`{member.value}`" for member in kind.cls]
    return [f"`{value}`" for value in kind.values] if isinstance(kind, inspect.LiteralType) else []


def _inner(kind: inspect.Type, token: object) -> inspect.Type:
    if isinstance(kind, inspect.StructType):
        return next((field.type for field in kind.fields if field.encode_name == token), inspect.AnyType())
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return kind.item_type
    return kind.value_type if isinstance(kind, inspect.DictType) else inspect.AnyType()


def _without_metadata(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next((part for part in kind.types if not isinstance(part, inspect.NoneType)), inspect.AnyType())
    return kind
