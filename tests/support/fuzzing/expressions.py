"""Invalid tag expressions and misspelt steps, and the functions that parse and match them."""

import contextlib
import random
from functools import cache
from pathlib import Path

from sop_engine import SopError
from steps.definitions.decorators import STEP_KINDS
from steps.language.selection import shard_of, tag_test
from tests.support.fuzzing.damage import CHARACTERS
from tests.support.fuzzing.features import bound
from tests.support.fuzzing.inputs import ROOT, Input


def expression(rng: random.Random) -> bytes:
    """Make a tag expression, often an invalid one."""
    words = ("and", "or", "not", "(", ")", "@SC-ERP", "GAP-01", "@", "AND", "notx", "@a@b", " ", "", *CHARACTERS)
    weights = [6] * 7 + [1] * (len(words) - 7)
    return " ".join(rng.choices(words, weights, k=rng.randrange(1, 14))).encode("utf-8", "surrogatepass")


def selects(data: Input, _: Path) -> object:
    """Parse a tag expression and a shard."""
    assert isinstance(data, bytes)
    text = data.decode("utf-8", "surrogatepass")
    with contextlib.suppress(SopError):
        shard_of(text)
    return tag_test(text)(frozenset({"@SC-ERP", "@GAP-01"}))


@cache
def spoken() -> tuple[str, ...]:
    """Return every step of the features."""
    steps: set[str] = set()
    for file in sorted((ROOT / "features").rglob("*.feature")):
        for line in file.read_text(encoding="utf-8").splitlines():
            word, _, rest = line.strip().partition(" ")
            if word in {"Given", "When", "Then", "And", "But"}:
                steps.add(rest)
    return tuple(sorted(steps))


def sentence(rng: random.Random) -> bytes:
    """Make a misspelt step."""
    text = rng.choice(spoken())
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((*CHARACTERS, "an order", "RMS", "2026-13-45 25:61")) + text[at + rng.randrange(4) :]
    return text.replace("\n", " ").encode("utf-8", "surrogatepass")


def matches(data: Input, _: Path) -> object:
    """Check that a step matches one step sentence, several or none, with the nearest ones named."""
    assert isinstance(data, bytes)
    text, registry = data.decode("utf-8", "surrogatepass"), bound()[0]
    kind = STEP_KINDS[len(text) % len(STEP_KINDS)]
    matched = registry.match(kind, text)
    if not matched and len(text) % 8 == 0:
        return registry.nearest(kind, text)
    return [match.arguments for match in matched], registry.wrong_value(kind, text)
