"""Types of the arrays that hold a log's columns."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
"""Whole numbers, or codes of words."""
SmallArray = NDArray[np.uint8]
"""Numbers below 256."""
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
"""Texts in an array, so that many can be picked at once."""


def texts(words: Any) -> Texts:
    """*words* as an array that can be picked from."""
    array = np.empty(len(words), dtype=object)
    array[:] = words
    return array
