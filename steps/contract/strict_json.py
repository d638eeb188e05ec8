"""JSON as the contract reads it: no object has a key twice, because readers differ in which value they take, and 3.0 is a whole number."""

import json
from typing import TypeVar

import msgspec

Decoded = TypeVar("Decoded")
_LARGEST_WHOLE = 2.0**53
"""Above it, not every whole number can be written as a float, so that one stands for several."""


class RepeatedKeyError(ValueError):
    """An object of a JSON document has a key twice."""


def as_type(raw: bytes, kind: type[Decoded]) -> Decoded:
    """Return the JSON document *raw* as *kind*; a whole number may be written like ``3.0``, which JSON Schema counts among the integers.

    Raises:
        msgspec.ValidationError: it is not of that type.
        msgspec.DecodeError: it is not JSON.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        if "got `float`" not in str(error):
            raise
        try:
            plain = json.loads(raw, parse_float=_number_written_as, parse_constant=_refused)
        except ValueError:  # what follows the number is not JSON
            raise error from None
    return msgspec.convert(plain, kind)


def check_keys(raw: bytes) -> None:
    """Check that no object of the JSON document *raw* has a key twice.

    Raises:
        RepeatedKeyError: one has.
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    json.loads(raw, parse_int=float, object_pairs_hook=_without_repeated_keys)


def _number_written_as(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= _LARGEST_WHOLE else number


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _without_repeated_keys(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) > 1:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            twice = next(key for number, key in enumerate(keys) if key in keys[:number])
            raise RepeatedKeyError(f"the key `{twice}` is there twice")
