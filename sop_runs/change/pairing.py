"""Pair examples that are gone with new ones: which gone example is which new one."""

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from sop_runs.change.example_text import ExampleKey, ExampleText

LEAST_SIMILARITY = 0.5
"""How much of two texts must be the same for one to be an edit of the other; below it, one is gone and the other new."""
MOST_COMPARED = 2_000
"""Pairs of examples of a file whose texts are compared; beyond it, pairing is by name alone."""


def pairs_of(gone: Mapping[ExampleKey, ExampleText], came: Mapping[ExampleKey, ExampleText]) -> dict[ExampleKey, ExampleKey]:
    """Which of what came is which of what went: the same words first, then another text under one name, then an alike text."""
    pairs: dict[ExampleKey, ExampleKey] = {}
    manners: tuple[tuple[Callable[[ExampleText], object], float], ...] = (
        (lambda example: (example.says, example.feature, example.name), 0.0),
        (lambda example: (example.says, example.feature), 0.0),
        (lambda example: (example.says, example.name), 0.0),
        (lambda example: example.says, 0.0),
        (lambda example: (example.feature, example.name), 0.0),
        (lambda example: (example.feature, example.rule, example.outline) if example.outline else None, LEAST_SIMILARITY),
        (lambda example: example.feature, LEAST_SIMILARITY),
        (lambda example: example.name, LEAST_SIMILARITY),
    )
    for group, least in manners:
        unpaired = [example for key, example in came.items() if key not in set(pairs.values())]
        waiting: dict[object, list[ExampleText]] = {}
        for example in unpaired:
            waiting.setdefault(group(example), []).append(example)
        unmatched: dict[object, list[ExampleText]] = {}
        for key, example in gone.items():
            if key not in pairs and group(example) is not None and group(example) in waiting:
                unmatched.setdefault(group(example), []).append(example)
        for group_key, examples in unmatched.items():
            pairs |= {a.key: b.key for a, b in _matched_pairs(examples, waiting[group_key], least)}
    return pairs


def _matched_pairs(gone: list[ExampleText], came: list[ExampleText], least: float) -> Iterator[tuple[ExampleText, ExampleText]]:
    """Pairs of the two lists, the most alike first; in their order where there are too many to compare or nothing to choose."""
    if len(gone) == len(came) == 1 and not least:
        yield gone[0], came[0]
        return
    if len(gone) * len(came) > MOST_COMPARED:
        yield from zip(gone, came, strict=False) if not least else ()
        return
    scored = [(_similarity(a, b), -i, -j, a, b) for i, a in enumerate(gone) for j, b in enumerate(came)]
    used: set[ExampleKey] = set()
    taken: set[ExampleKey] = set()
    for score, _, _, a, b in sorted(scored, key=lambda entry: entry[:3], reverse=True):
        if score >= least and a.key not in used and b.key not in taken:
            used.add(a.key)
            taken.add(b.key)
            yield a, b


def _similarity(first: ExampleText, second: ExampleText) -> float:
    """How much of the words of two examples is the same, from 0 to 1."""
    if first.says == second.says:
        return 1.0
    a, b = (" ".join([example.name, *(example.lines or ())]).split() for example in (first, second))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
