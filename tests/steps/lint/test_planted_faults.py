"""Faults planted in the project's own features, one at a time: each must be found (a test of the lint's eyesight)."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sop_engine import load_rulebook
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.lint.linter import known_tags_of, lint_text

FEATURES = Path(__file__).parents[3] / "features"
SAMPLES = 12

Fault = Callable[[re.Match[str]], str]

FAULTS: dict[str, tuple[str, Fault]] = {
    "misspell a step keyword": (r"^( +)(Given|When|Then) (?=\w)", lambda m: f"{m[1]}{m[2][0]}{m[2][2:]} "),
    "write a step keyword in lower case": (r"^( +)(Given|When|Then) (?=\w)", lambda m: f"{m[1]}{m[2].lower()} "),
    "misspell a title": (r"^( +)(Scenario|Examples|Background)(?=.*:)", lambda m: f"{m[1]}{m[2][:3]}{m[2][4:]}"),
    "drop a colon": (r"^( +)(Scenario Outline|Scenario|Examples):", lambda m: f"{m[1]}{m[2]}"),
    "put a space before a colon": (r"^( +)(Scenario Outline|Scenario|Examples|Rule):", lambda m: f"{m[1]}{m[2]} :"),
    "misspell a placeholder": (r"<(\w{3,})>", lambda m: f"<{m[1]}x>"),
    "misspell a column": (r"(Examples:.*\n +\| )(\w{3,})", lambda m: f"{m[1]}{m[2]}x"),
    "misspell a stage": (r"(?<=\| )PROCESSING(?= +\|)", lambda _: "PROCESING"),
    "hide a zero-width space": (r"(?<=\w) (?=\w)", lambda _: " \u200b"),
    "put a no-break space": (r"^( +(?:Given|When|Then|And) \w+) ", lambda m: f"{m[1]}\u00a0"),
    "put a Cyrillic letter": (r"\b(PR)O(CESSING)\b", lambda m: f"{m[1]}\u041e{m[2]}"),
    "skip a scenario": (r"^( +)(?=Scenario)", lambda m: f"{m[1]}@skip\n{m[1]}"),
    "misspell a tag": (r"@(SC|AC|GAP)-", lambda m: f"@{m[1]}_"),
    "drop the steps": (r"^( +Scenario: .*\n)(?: +\w.*\n| +\|.*\n)+", lambda m: m[1]),
    "drop the rows": (r"( +Examples:.*\n +\|.*\n)(?: +\|.*\n)+", lambda m: m[1]),
    "drop a cell": (r"^( +\|[^|\n]+\|)[^|\n]+\|(?=.*\n +\|)", lambda m: m[1]),
    "repeat a row": (r"((?:Examples:.*\n)(?:.*\n))( +\|.*\n)", lambda m: f"{m[1]}{m[2]}{m[2]}"),
    "begin with And": (r"^( +Scenario: .*\n +)Given ", lambda m: f"{m[1]}And "),
    "drop a table": (r"^( +Then .*\n)( +\|.*\n)+", lambda m: m[1]),
    "add a table": (r"^( +When .*\n)(?! +\|)", lambda m: f"{m[1]}        | a |\n"),
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The project's sentences."""
    return Registry.from_modules(built_in_modules())


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, registry: Registry) -> None:
    pattern, fault = FAULTS[name]
    tags = known_tags_of(load_rulebook())
    spots = [
        (file, match)
        for file in sorted(FEATURES.rglob("*.feature"))
        for match in re.finditer(pattern, file.read_text("utf-8"), re.MULTILINE)
    ]
    chosen = random.Random(name).sample(spots, min(SAMPLES, len(spots)))  # noqa: S311 - not cryptography

    missed = []
    for file, match in chosen:
        text = file.read_text("utf-8")
        spoilt = text[: match.start()] + fault(match) + text[match.end() :]
        if not lint_text(spoilt.encode(), file.name, registry, tags):
            missed.append(f"{file.name}:{text.count(chr(10), 0, match.start()) + 1}")

    assert chosen, "the features have nothing to spoil like this"
    assert missed == []


def test_the_unspoilt_features_are_clean(registry: Registry) -> None:
    tags = known_tags_of(load_rulebook())

    assert [str(f) for file in sorted(FEATURES.rglob("*.feature")) for f in lint_text(file.read_bytes(), file.name, registry, tags)] == []
