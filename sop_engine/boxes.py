"""Boxes: sets of situations as products, with one set of words for each fact."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

Box = dict[str, tuple[str, ...]]


def boxes(members: Iterable[tuple[str, ...]], facts: Mapping[str, Iterable[object]]) -> Iterator[Box]:
    """Partition *members* into boxes; each grows from the first situation not yet covered, fact by fact.

    Args:
        members: situations, each a tuple of words in the order of *facts*.
        facts: the words of each fact, in their order.
    """
    left = dict.fromkeys(members)
    while left:
        box: Box = {name: (value,) for name, value in zip(facts, next(iter(left)), strict=True)}
        for name, words in reversed([*facts.items()]):
            for word in map(str, words):
                wider = {**box, name: tuple(other for other in map(str, words) if other in box[name] or other == word)}
                if left.keys() >= set(product(*wider.values())):
                    box = wider
        for values in product(*box.values()):
            del left[values]
        yield box
