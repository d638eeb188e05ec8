"""Types of the arrays that hold a log's columns."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
"""Whole numbers, or codes of words."""
SmallArray = NDArray[np.uint8]
"""Numbers below 256."""
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
"""Texts in an array, for selection by an array of places."""


def texts(words: Any) -> Texts:
    """Return *words* as an array of texts."""
    array = np.empty(len(words), dtype=object)
    array[:] = words
    return array


class NumberedTexts(Sequence[str]):
    """Texts that differ only in the number at their end, of at least *digits* digits; a text is made when it is accessed."""

    def __init__(self, beginning: str, numbers: IntArray, digits: int) -> None:
        self.beginning, self.numbers, self.digits = beginning, numbers, digits

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [f"{self.beginning}{number:0{self.digits}}" for number in self.numbers[place].tolist()]
        return f"{self.beginning}{int(self.numbers[place]):0{self.digits}}"

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    @property
    def of_one_length(self) -> bool:
        """Whether no number has more digits than `digits`."""
        return bool(self.numbers.max(initial=0) < 10**self.digits)

    def encoded(self) -> NDArray[np.uint8]:
        """Return the texts in UTF-8 as rows of bytes; they must be `of_one_length`."""
        beginning = np.frombuffer(self.beginning.encode(), dtype=np.uint8)
        table = np.empty((len(self), len(beginning) + self.digits), dtype=np.uint8)
        table[:, : len(beginning)] = beginning
        rest = self.numbers
        for place in range(self.digits):
            rest, digit = np.divmod(rest, 10)
            table[:, -1 - place] = digit + ord("0")
        return table
