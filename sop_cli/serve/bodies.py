"""Bodies of requests: JSON of the type that an operation asks for, or a problem with the place of what is wrong."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from sop_engine import SopError
from steps.contract.problems import ProblemType
from steps.contract.strict_json import as_type, check_keys

_MESSAGE = re.compile(r"(?s)(?P<reason>.*?)(?: - at `\$(?P<path>[^`]*)`)?")
_MISSING_OR_UNKNOWN = re.compile(r"(?s)Object (?:contains unknown|missing required) field `(?P<key>.*)`")
_STEP_OF_PATH = re.compile(r"\.([A-Za-z_]+)|\[(\d+)\]")
_LONGEST = 200
"""Characters of a wrong value that are repeated."""
_REMEDIES = {
    "Object contains unknown": "leave it out; the contract has no such key there",
    "Object missing required": "add it",
    "Invalid enum value": "write one of the words that the contract has there",
    "Invalid value": "write one of the words that the contract has there",
}
_USUAL_REMEDY = "see the published contract, /v1/openapi.json"


class WrongBodyError(SopError):
    """A body that is not what the operation asks for: the type of the problem and, if there is one, the place as a JSON pointer."""

    def __init__(self, kind: ProblemType, message: str, place: str | None = None) -> None:
        super().__init__(message)
        self.kind, self.place = kind, place


def decoded(body: bytes, kind: type[Any]) -> Any:
    """Return *body* as an object of the type *kind*.

    Raises:
        WrongBodyError: it is not JSON, has a key twice, or is not of that type.
    """
    try:
        request = as_type(body, kind)
        check_keys(body)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise WrongBodyError(ProblemType.MALFORMED, f"the body is not good JSON: {_shortened(reason)}; correct it") from None
    return request


def converted(parameters: Sequence[tuple[str, str]], kind: type[Any] | None) -> Any:
    """Return the *parameters* of an address as an object of the type *kind*; with None there must be none.

    Raises:
        WrongBodyError: a parameter is unknown, is there twice, or has a wrong value.
    """
    names = [name for name, _ in parameters]
    expected = [] if kind is None else [field.encode_name for field in msgspec.structs.fields(kind)]
    for name in names:
        if name not in expected:
            raise WrongBodyError(ProblemType.INVALID, f"unknown parameter `{_shortened(name)}`; leave it out")
        if names.count(name) > 1:
            raise WrongBodyError(ProblemType.INVALID, f"the parameter `{name}` is there twice; give it once")
    if kind is None:
        return None
    try:
        return msgspec.convert(dict(parameters), kind)
    except msgspec.ValidationError as error:
        raise WrongBodyError(ProblemType.INVALID, f"{_shortened(str(error))}; write a word of the contract") from None


def _invalid(message: str) -> WrongBodyError:
    """Return the error for *message* of msgspec, which ends with the place, as in ``… - at `$.requests[0]` ``."""
    match = _MESSAGE.fullmatch(message)
    reason, path = (match["reason"], match["path"] or "") if match else (message, "")
    place = "".join(f"/{name or number}" for name, number in _STEP_OF_PATH.findall(path))
    key = _MISSING_OR_UNKNOWN.fullmatch(reason)
    if key:
        place += "/" + key["key"].replace("~", "~0").replace("/", "~1")
    remedy = next((text for beginning, text in _REMEDIES.items() if reason.startswith(beginning)), _USUAL_REMEDY)
    reason = reason[:1].lower() + reason[1:]
    return WrongBodyError(ProblemType.INVALID, f"{_shortened(place) or 'the body'}: {_shortened(reason)}; {remedy}", place)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
