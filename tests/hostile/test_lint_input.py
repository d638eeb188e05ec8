"""Files of up to a megabyte made to be slow: the lint answers them all, in a time that grows with their length."""

import random
import time

import pytest

from sop_engine import load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint_text

MEGABYTE = 1_000_000
SECONDS = 30
"""Far above what any of them takes; a quadratic one takes minutes."""

HEAD = "Feature: F\n Scenario: S\n"
OUTLINE = "Feature: F\n Scenario Outline: O <a>\n"


def fill(head: str, part: str, tail: str = "") -> str:
    """*part* again and again between *head* and *tail*, up to a megabyte."""
    room = MEGABYTE - len((head + tail).encode())
    return head + part * (room // len(part.encode())) + tail


def unlike(n: int, rng: random.Random) -> str:
    """A word like no other."""
    return "".join(rng.choices("abcdefghij", k=8)) + str(n)


CHANCE = random.Random(7)  # noqa: S311 - not cryptography
WORDS = [unlike(n, CHANCE) for n in range(30_000)]

HOSTILE = {
    "prose": fill("Feature: F\n", "when the seller runs on\n"),
    "prose of near keywords": fill(HEAD, "Gven Scenaro: x\n"),
    "prose that runs on": fill(HEAD, "when it runs on\n"),
    "titles without colon": fill("Feature: F\n", "Scenario\n\n"),
    "steps without scenario": fill("Feature: F\n Rule: R\n", "Given a\nWhen b\nThen c\n"),
    "one line": fill("Feature: ", "a"),
    "one line of prose": fill("Feature: F\n Given ", "the order "),
    "one step": fill(HEAD + "  Given ", "the order is "),
    "undefined steps": HEAD + "".join(f"Given the order {word}\n" for word in WORDS),
    "unknown tags": "".join(f"@{word} " for word in WORDS) + "\n" + HEAD + "  Then a\n",
    "unknown placeholders": OUTLINE + "".join(f"Given <{word}>\n" for word in WORDS) + "Examples:\n|abcdefgh|\n|1|\n",
    "a doc string of placeholders": OUTLINE
    + 'Given\n"""\n'
    + "".join(f"<{word}>\n" for word in WORDS)
    + '"""\nExamples:\n|abcdefgh|\n|1|\n',
    "columns": OUTLINE + "Then <a>\nExamples:\n|" + "|".join(WORDS) + "|\n|" + "|".join(WORDS) + "|\n",
    "rows": fill(OUTLINE + "Then <a>\nExamples:\n|a|\n", "|1|\n"),
    "rows times steps": fill(OUTLINE, "* <a>\n", "Examples:\n|a|\n" + "|1|\n" * 2000),
    "rows times placeholders": fill(OUTLINE + "Given ", "<a>", "\nExamples:\n|a|\n" + ("|" + "b" * 1900 + "|\n") * 200),
    "scenarios of one name": fill("Feature: F\n", "Scenario: S\n"),
    "scenarios and background": fill("Feature: F\nBackground:\n" + "* b\n" * 1000, "Scenario:\n* a\n"),
    "rules": fill("Feature: F\n", "Rule: R\n"),
    "no-break spaces": fill(HEAD, "\u00a0"),
    "mixed words": fill(HEAD, "a\u0430 "),
    "emoji": fill(HEAD, "👩\u200d👩\u200d👧 "),
    "syntax errors": fill(HEAD + "Then a\n", "b\n"),
    "doc string marks": fill(HEAD + "Then a\n", '"""\n'),
    "blank lines": fill("Feature: F\n", "\n"),
    "comments": fill("", "# c\n"),
    "carriage returns": fill(HEAD + "Then a\n# ", "\r"),
    "backslashes": fill(HEAD + "Then a\n|", "\\", "|\n"),
    "a deep pattern": OUTLINE.replace("<a>", "a" * 60) + "Then <(a+)+>\nExamples:\n|(a+)+|\n|1|\n",
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The project's sentences."""
    return Registry.from_modules(built_in_modules())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered(name: str, registry: Registry) -> None:
    data = HOSTILE[name].encode()
    assert len(data) <= MEGABYTE
    began = time.process_time()

    findings = lint_text(data, "x.feature", Registry(registry.definitions), known_tags_of(load_rulebook()))

    assert findings
    assert time.process_time() - began < SECONDS
