"""Tags with the versions of the document in which an example stands: ``@since-clients_v2``, ``@until-clients_v1``.

An example applies from the version of ``@since-`` on, and up to the version of ``@until-``; without such tags in every version. The order
of the versions is that of the earlier ones that a rulebook names (`follows`). A version that it does not name comes later.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import inf

SINCE, UNTIL = "@since-", "@until-"


def version_tags(names: Iterable[str]) -> frozenset[str]:
    """Return the tags of the versions called *names*."""
    return frozenset(f"{prefix}{name}" for prefix, name in product((SINCE, UNTIL), names))


def applies(tags: Iterable[str], version: str, follows: Sequence[str]) -> bool:
    """Return whether an example with *tags* applies in *version*, which comes after the versions *follows*, the oldest first."""
    return not any(_excludes(tag, version, follows) for tag in tags)


def _excludes(tag: str, version: str, follows: Sequence[str]) -> bool:
    if tag.startswith(SINCE):
        return tag.removeprefix(SINCE) not in (*follows, version)
    return tag.startswith(UNTIL) and tag.removeprefix(UNTIL) in follows


def may_overlap(tags: Sequence[str], others: Sequence[str], version: str, follows: Sequence[str]) -> bool:
    """Return whether an example with *tags* and one with *others* both apply in one of the versions up to *version*, or in a later one."""
    if not any(map(is_version_tag, (*tags, *others))):
        return True
    order = (*follows, version)
    later = {tag.removeprefix(SINCE).removeprefix(UNTIL) for tag in (*tags, *others) if is_version_tag(tag)} - {*order}
    candidates = [
        *((name, order[:place]) for place, name in enumerate(order)),
        *((name, order) for name in later),
        ("", (*order, *later)),
    ]
    return any(applies(tags, *candidate) and applies(others, *candidate) for candidate in candidates)


def is_version_tag(tag: str) -> bool:
    """Return whether *tag* has the form of a tag with a version."""
    return tag.startswith((SINCE, UNTIL))


def contradictory_tags(tags: Sequence[str], version: str, follows: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of tags that no version fulfils: the example would begin after the version with which it ends."""
    order: dict[str, float] = {name: number for number, name in enumerate((*follows, version))}
    lasts = [name for name in order if f"{UNTIL}{name}" in tags]  # a version that is not known comes last
    for since in dict.fromkeys(tag for tag in tags if tag.startswith(SINCE)):
        first = order.get(since.removeprefix(SINCE), inf)
        yield from ((since, f"{UNTIL}{last}") for last in lasts if order[last] < first)
