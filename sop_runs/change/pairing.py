"""Pairing of examples that are gone with new ones: which pairs are one example, edited, renamed or moved."""

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from sop_runs.change.example_text import ExampleKey, ExampleText

LEAST_SIMILARITY = 0.5
"""Least similarity (0 to 1) of two texts of an edited example; below it, one example is gone and the other new."""
MOST_COMPARED = 2_000
"""Most pairs of examples of a file whose texts are compared; beyond it, pairing is by name only."""


def pairs_of(gone: Mapping[ExampleKey, ExampleText], came: Mapping[ExampleKey, ExampleText]) -> dict[ExampleKey, ExampleKey]:
    """Return the pairs of gone and new examples: first those with the same text, then the same name, then a similar text."""
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
    """Yield pairs of the two lists, the most similar first; in list order if there are too many to compare or no choice."""
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
    """Return the similarity of the words of two examples, from 0 to 1."""
    if first.says == second.says:
        return 1.0
    a, b = (" ".join([example.name, *(example.lines or ())]).split() for example in (first, second))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
