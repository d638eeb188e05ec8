"""Corrupted feature files, and the lint and the formatter that read them."""

import random
from functools import cache
from pathlib import Path

from sop_engine import load_rulebook
from sop_engine.text import visible
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.formatter import formatted, meaning
from steps.language.source import decode
from steps.lint.linter import known_tags_of, lint_text
from tests.support.fuzzing.damage import GHERKIN, spoilt
from tests.support.fuzzing.inputs import ROOT, BrokenPropertyError, Input, require
from tests.support.handmade_features import HANDMADE
from tests.support.lint_pairs import PAIRS


@cache
def scenarios() -> tuple[str, ...]:
    """Return small feature files: each scenario of the project's below the head of its own file, and the hand-made ones."""
    small = [*HANDMADE.values(), *(text for pair in PAIRS for text in (pair.bad.replace("▲", ""), pair.good))]
    for file in sorted((ROOT / "features").rglob("*.feature")):
        head, *pieces = file.read_text(encoding="utf-8").split("\n\n    Scenario")
        small += [f"{head}\n\n    Scenario{piece}\n" for piece in pieces]
    return tuple(text for text in small if len(text) < 4_000)


def grown(rng: random.Random) -> str:
    """Make a feature file out of the pieces of the grammar, in any order."""
    lines = ["Feature: f"] if rng.random() < 0.8 else []
    for _ in range(rng.randrange(1, 25)):
        lines += [" " * rng.randrange(6) + rng.choice(GHERKIN) + rng.choice(("", "", "", *GHERKIN))]
    return "\n".join(lines) + ("\n" if rng.random() < 0.9 else "")


def feature(rng: random.Random) -> bytes:
    """Make a corrupted feature file."""
    if rng.random() < 0.15:
        return grown(rng).encode()
    return spoilt(rng.choice(scenarios()), rng, GHERKIN)


@cache
def bound() -> tuple[Registry, frozenset[str]]:
    """Return the project's sentences and tags."""
    return Registry.from_modules(built_in_modules()), known_tags_of(load_rulebook())


def lints(data: Input, _: Path) -> object:
    """Check that all findings of the lint are inside the file."""
    assert isinstance(data, bytes)
    registry, tags = bound()
    findings = lint_text(data, "x.feature", registry, tags)
    lines = data.decode("utf-8-sig", "replace").split("\n")
    require("count-mismatch" not in {finding.rule for finding in findings}, "the parser and the line counter count otherwise")
    for finding in findings:
        if not (1 <= finding.line <= len(lines) and 1 <= finding.column <= len(lines[finding.line - 1]) + 1):
            raise BrokenPropertyError(f"a finding outside the file: {finding}")
        if not visible(str(finding)).isprintable() or not finding.remedy:
            raise BrokenPropertyError(f"a finding that cannot be read, or says no remedy: {finding}")
    return findings


def formats(data: Input, _: Path) -> object:
    """Check that formatting keeps the content and that formatting again changes nothing."""
    assert isinstance(data, bytes)
    new = formatted(data, "x.feature")
    if formatted(new, "x.feature") != new:
        raise BrokenPropertyError("formatted twice, it is another file")
    before, after = (decode(text, "x.feature")[0].replace("\r\n", "\n") for text in (data, new))
    if meaning(before) != meaning(after):
        raise BrokenPropertyError("formatted, it says something else")
    return new
