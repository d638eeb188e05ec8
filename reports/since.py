"""What changed, in a sentence."""

from collections.abc import Iterable

from reports.changes import ADDED, BROKEN, MENDED, RENAMED, REWORDED, VANISHED, Changes
from reports.status import counted


def verdict(found: Changes) -> str:
    """How many things are different, in one clause or several."""
    moved = scenarios(found, (VANISHED, REWORDED, RENAMED, ADDED))
    numbers = (found.situations, "answer"), (len(found.texts), "sentence"), (moved, "scenario")
    told = [counted(number, noun) for number, noun in numbers if number]
    clauses = []
    if told:
        several = len(told) > 1 or not told[0].startswith("1 ")
        clauses.append(f"{', '.join(told[:-1])}{' and ' if told[1:] else ''}{told[-1]} {'are' if several else 'is'} different")
    for kind, one, many in (
        (BROKEN, "fails now and did not before", "fail now and did not before"),
        (MENDED, "does not fail any more", "do not fail any more"),
    ):
        number = scenarios(found, (kind,))
        if number:
            clauses.append(f"{counted(number, 'scenario')} {one if number == 1 else many}")
    return "; ".join(clauses) or "nothing changed"


def scenarios(found: Changes, kinds: Iterable[str]) -> int:
    """How many scenarios met one of *kinds*, however many rows of each."""
    return len({(each.path, each.name) for each in found.examples if each.kind in kinds})
