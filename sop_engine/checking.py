"""Does a plain value have the shape a type states? The standard library's answer is no answer, so: this."""

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    NoneType: "null",
    list: "a list",
    dict: "an object",
}


def problem(value: object, shape: Any, place: str = "") -> str | None:
    """The first way in which *value* is not of *shape*, or None.

    *shape* is a TypedDict, ``list[...]``, ``dict[str, ...]``, a union, a ``Literal`` or a plain type.
    """
    return None if _test(shape)(value) else _problem(value, shape, place)


Test = Callable[[object], bool]
_MISSING = object()


@cache
def _test(shape: Any) -> Test:
    """Whether a value is of *shape*, and nothing more: what is as it should be needs no words, and is most of a record."""
    if shape is Any:
        return lambda _: True
    if is_typeddict(shape):
        return _object_test(shape)
    make = _TESTS.get(get_origin(shape))
    if make:
        return make(get_args(shape))
    # What JSON gives is of the type itself, never of one below it; and a bool is not an int here.
    return lambda value: type(value) is shape


def _object_test(shape: Any) -> Test:
    fields = [(name, _test(field), name in shape.__optional_keys__) for name, field in _fields(shape)]

    def test(value: object) -> bool:
        if not isinstance(value, dict):
            return False
        for name, fits, optional in fields:
            found = value.get(name, _MISSING)
            if not (optional if found is _MISSING else fits(found)):
                return False
        return True

    return test


def _choice_test(choices: tuple[Any, ...]) -> Test:
    known = frozenset((type(choice), choice) for choice in choices)
    kinds = frozenset(map(type, choices))
    return lambda value: type(value) in kinds and (type(value), value) in known


def _list_test(items: tuple[Any, ...]) -> Test:
    item = _test(items[0])
    return lambda value: isinstance(value, list) and all(map(item, value))


def _mapping_test(items: tuple[Any, ...]) -> Test:
    entry = _test(items[1])
    return lambda value: isinstance(value, dict) and all(map(entry, value.values()))


def _union_test(members: tuple[Any, ...]) -> Test:
    plain = frozenset(member for member in members if member in _WORDS)
    tests = [_test(member) for member in members if member not in plain]
    return lambda value: type(value) in plain or any(test(value) for test in tests)


_TESTS: dict[Any, Callable[[tuple[Any, ...]], Test]] = {
    Union: _union_test,
    UnionType: _union_test,
    Literal: _choice_test,
    list: _list_test,
    dict: _mapping_test,
}


def _problem(value: object, shape: Any, place: str) -> str | None:
    """As `problem`, in words."""
    if shape is Any:
        return None
    if is_typeddict(shape):
        return _object_problem(value, shape, place)
    kind = _KINDS.get(get_origin(shape))
    if kind:
        return kind(value, get_args(shape), place)
    # A bool is an int to Python and to nobody else.
    if isinstance(value, shape) and not (shape is int and isinstance(value, bool)):
        return None
    return _expected(place, _WORDS[shape], value)


@cache
def _fields(shape: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(get_type_hints(shape).items())


def _object_problem(value: object, shape: Any, place: str) -> str | None:
    if not isinstance(value, dict):
        return _expected(place, "an object", value)
    for name, field in _fields(shape):
        if name not in value and name in shape.__optional_keys__:
            continue
        if name not in value:
            return f"{place or 'the line'} has no `{name}`"
        found = _problem(value[name], field, f"{place}.{name}" if place else name)
        if found:
            return found
    return None


def _choice_problem(value: object, choices: tuple[Any, ...], place: str) -> str | None:
    # Membership alone would take 1 for True.
    if any(value == choice and type(value) is type(choice) for choice in choices):
        return None
    return _expected(place, " or ".join(f"`{choice}`" for choice in choices), value)


def _list_problem(value: object, items: tuple[Any, ...], place: str) -> str | None:
    if not isinstance(value, list):
        return _expected(place, "a list", value)
    found = (_problem(each, items[0], f"{place}[{index}]") for index, each in enumerate(value))
    return next(filter(None, found), None)


def _mapping_problem(value: object, items: tuple[Any, ...], place: str) -> str | None:
    if not isinstance(value, dict):
        return _expected(place, "an object", value)
    found = (_problem(each, items[1], f"{place}.{name}") for name, each in value.items())
    return next(filter(None, found), None)


def _union_problem(value: object, members: tuple[Any, ...], place: str) -> str | None:
    found = [_problem(value, member, place) for member in members]
    if None in found:
        return None
    # The member that got furthest into the value says most about it.
    return max((each for each in found if each), key=lambda each: each.partition(" ")[0].count("."))


def _expected(place: str, wanted: str, value: object) -> str:
    return f"{place or 'the line'} is {_WORDS.get(type(value), 'a number')}, expected {wanted}"


_KINDS: dict[Any, Callable[[object, tuple[Any, ...], str], str | None]] = {
    Union: _union_problem,
    UnionType: _union_problem,
    Literal: _choice_problem,
    list: _list_problem,
    dict: _mapping_problem,
}
