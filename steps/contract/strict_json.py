"""JSON in which no object has a key twice: readers differ in which of the two values they take."""

import json


class RepeatedKeyError(ValueError):
    """An object of a JSON document has a key twice."""


def check_keys(raw: bytes) -> None:
    """Check that no object of the JSON document *raw* has a key twice.

    Raises:
        RepeatedKeyError: one has.
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    json.loads(raw, parse_int=float, object_pairs_hook=_without_repeated_keys)


def _without_repeated_keys(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) > 1:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            twice = next(key for number, key in enumerate(keys) if key in keys[:number])
            raise RepeatedKeyError(f"the key `{twice}` is there twice")
