"""Whatever is typed, the lint answers: no exception, no place outside the file, no scenario uncounted.

Feature files of the project and hand-made ones are cut, doubled, shuffled and spoilt, from fixed seeds.
"""

import os
import random
from pathlib import Path

import pytest

from sop_engine import load_rulebook
from steps.findings import Finding
from steps.lint import known_tags_of, lint_text
from steps.registry import Registry
from tests.test_document import HANDMADE
from tests.test_lint_rules import PAIRS

ROUNDS = int(os.environ.get("LINT_FUZZ_ROUNDS", "2000"))
BATCHES = 8
FEATURES = Path(__file__).parent.parent / "features"

SPOILERS = (
    "\u200b", "\u00a0", "\u202e", "\x00", "\x1b", "\x85", "\u2028", "\r", "\t", "\ufeff", "\u0440", "\u03b1", "\ud7ff", "🙂", "|", "\\", "<", ">",
    "@", "#", ":", '"""', "```", "*", "<x>", "Scenario:", "Examples:", "Given ", "Rule:", "Background:", "Feature:", "# language: fr",
    "# language: xx", "| a | b |", "@skip", "Scenaro: x", "Gven x", "And ", " " * 50, "a" * 400, "b" * 2100, "(a+)+", "|(|", "\n\n",
)  # fmt: skip


def seeds() -> list[str]:
    """Texts to start from."""
    real = [file.read_text(encoding="utf-8") for file in sorted(FEATURES.rglob("*.feature"))]
    return real + list(HANDMADE.values()) + [text for pair in PAIRS for text in (pair.bad.replace("▲", ""), pair.good)]


def spoil(text: str, chance: random.Random) -> str:
    """*text* after one to six small accidents."""
    for _ in range(chance.randrange(1, 7)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        place = chance.randrange(len(text) + 1)
        match chance.randrange(8):
            case 0:
                del lines[at]
                text = "\n".join(lines)
            case 1:
                text = "\n".join([*lines[:at], lines[at], *lines[at:]])
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
                text = "\n".join(lines)
            case 3:
                text = text[:place] + chance.choice(SPOILERS) + text[place:]
            case 4:
                text = "\n".join([*lines[:at], chance.choice(SPOILERS), *lines[at:]])
            case 5:
                text = text[:place] + text[place + chance.randrange(1, 4) :]
            case 6:
                text = text[:place] if chance.random() < 0.3 else text[:place] + text[place : place + 1].swapcase() + text[place + 1 :]
            case _:
                text = text.replace("\n", chance.choice(["\r\n", "\n", "\n", "\r", "\n\n"]), chance.choice([-1, 1, 5]))
    return text


def misplaced(finding: Finding, lines: list[str]) -> bool:
    """The finding points outside the text."""
    return not (1 <= finding.line <= len(lines) and 1 <= finding.column <= len(lines[finding.line - 1]) + 1)


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The project's sentences."""
    return Registry.from_modules()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_text_breaks_the_lint(batch: int, registry: Registry) -> None:
    chance = random.Random(batch)  # noqa: S311 - not cryptography
    texts, tags = seeds(), known_tags_of(load_rulebook())
    for _ in range(ROUNDS // BATCHES):
        text = spoil(chance.choice(texts), chance)

        findings = lint_text(text.encode("utf-8", "replace"), "x.feature", registry, tags)

        lines = text.removeprefix("\ufeff").split("\n")
        assert [finding for finding in findings if misplaced(finding, lines)] == [], text
        assert all(finding.text().isprintable() for finding in findings), text
        assert "count-mismatch" not in {finding.rule for finding in findings}, text


def test_no_bytes_break_the_lint(registry: Registry) -> None:
    chance = random.Random(99)  # noqa: S311 - not cryptography
    texts = [text.encode() for text in seeds()]
    for _ in range(ROUNDS // 4):
        data = bytearray(chance.choice(texts))
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))

        findings = lint_text(bytes(data), "x.feature", registry, ())

        lines = bytes(data).decode("utf-8-sig", "replace").split("\n")
        assert [finding for finding in findings if misplaced(finding, lines)] == [], bytes(data)
