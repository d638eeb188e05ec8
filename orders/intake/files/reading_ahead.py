"""Reading ahead: the next part of a file is read in a thread while the one before is used."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AheadItem = TypeVar("AheadItem")


def read_ahead(items: Iterator[AheadItem]) -> Iterator[AheadItem]:
    """Yield *items*, none of which is None; each is made in a thread while the one before is used.

    At most two of them are in memory. An error of *items* is raised where its item would have been.
    """
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
