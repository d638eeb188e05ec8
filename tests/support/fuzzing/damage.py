"""Damage to texts, bytes and JSON values: errors of a writer, of a disk, and of another program."""

import random
from collections.abc import Sequence
from typing import Any

CHARACTERS = (
    "\u200b", "\u00a0", "\u202e", "\x00", "\x1b", "\x85", "\u2028", "\r", "\t", "\ufeff", "\u0440", "\u03b1", "\ud7ff", "\ufffe", "🙂", "é", "e\u0301", "ß", "İ",
    "|", "\\", "\\n", "<", ">", "@", "#", ":", '"', "'", '"""', "```", "*", "(", ")", "[", "]", "{", "}", "=", ",", ".", "-", "/", "%", "$", "^", "_",
    "0", "-1", "1e999", "99999999999999999999", "nan", "inf", "true", "null", "\n", "\n\n", " " * 40, "a" * 300, "(" * 60, "[" * 300, "{" * 60, "not " * 60,
)  # fmt: skip
GHERKIN = (
    "Feature:", "Rule:", "Background:", "Scenario:", "Scenario Outline:", "Examples:", "Given ", "When ", "Then ", "And ", "But ", "* ", "Scenaro:", "Gven x",
    "# language: fr", "# language: xx", "| a | b |", "| a |", "@skip", "@SC-ERP-FULL-3", "<x>", "the order is PACKED", "the cancellation is allowed", '"""x', "``` y",
)  # fmt: skip
DATA = (
    "[run]", "[[clause]]", "[[gap]]", "id = ", "when = ", "= {", "''", '"', "2026-02-30", "2026-01-01T00:00:00Z", "0x1F", "1_000", "+inf", "a.b.c = 1",
    '{"version": 1}', "[]", "{}", '"type"', '"status": "passed"', "1.5", "null", "-0", '"\\ud800"', '"\\u0000"', "1e400",
)  # fmt: skip


def spoilt(text: str, rng: random.Random, words: Sequence[str]) -> bytes:
    """Return *text* after one to six errors of a writer, and sometimes some of a disk."""
    for _ in range(rng.randrange(1, 7)):
        lines = text.split("\n")
        at, place = rng.randrange(len(lines)), rng.randrange(len(text) + 1)
        match rng.randrange(9):
            case 0:
                del lines[at]
                text = "\n".join(lines)
            case 1:
                text = "\n".join([*lines[:at], lines[at], *lines[at:]])
            case 2:
                other = rng.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
                text = "\n".join(lines)
            case 3:
                text = text[:place] + rng.choice(CHARACTERS) + text[place:]
            case 4:
                text = text[:place] + rng.choice(words) + text[place:]
            case 5:
                text = text[:place] + text[place + rng.randrange(1, 12) :]
            case 6:
                text = "\n".join([*lines[:at], rng.choice(words), *lines[at:]])
            case 7:
                text = text[:place] if rng.random() < 0.2 else text[:place] + chr(rng.choice((0, 0x80, 0x2000, 0xFF00, 0x1F300)) + rng.randrange(256)) + text[place:]  # fmt: skip
            case _:
                text = text.replace("\n", rng.choice(["\r\n", "\n", "\r", "\n\n"]), rng.choice([-1, 1, 5]))
    raw = text.encode("utf-8", "surrogatepass" if rng.random() < 0.1 else "replace")
    return bitten(raw, rng) if rng.random() < 0.15 else raw


def bitten(raw: bytes, rng: random.Random) -> bytes:
    """Return *raw* with some bytes changed, lost or added."""
    data = bytearray(raw)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(data) + 1)
        data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    return bytes(data)


STRANGE = (None, True, False, 0, -1, 1.5, 10**30, "", "x", "passed", "not-run", [], {}, [[]], [None], {"a": None}, "\ud800", "\x00")


def shaken(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with one part lost, doubled or changed for another, at any depth."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.15:
        return rng.choice(STRANGE)
    accident = rng.choice(("lost", "doubled", *["changed"] * 6))
    if isinstance(value, dict):
        key = rng.choice(list(value))
        result = {**value, f"{key}2": value[key]} if accident == "doubled" else {**value, key: shaken(value[key], rng)}
        return {name: item for name, item in value.items() if name != key} if accident == "lost" else result
    at = rng.randrange(len(value))
    between = {"lost": [], "doubled": [value[at], value[at]]}.get(accident)
    return [*value[:at], *([shaken(value[at], rng)] if between is None else between), *value[at + 1 :]]


def cut(raw: bytes, rng: random.Random) -> bytes:
    """Return the beginning of *raw*."""
    return raw[: rng.randrange(len(raw) + 1)]


def smeared(raw: bytes, rng: random.Random) -> bytes:
    """Return *raw* with random bytes over a part of it."""
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.randbytes(len(raw[at : at + 500])) + raw[at + 500 :]
