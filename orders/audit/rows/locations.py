"""Order numbers at several locations: they can be one order or several, and both are kept as possible."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ABSENT: Final = -1


def orders_at_several_places(requests: dict[str, NDArray[Any]], size: int) -> NDArray[np.bool_]:
    """Return for each of *size* orders whether its *requests* name more than one location."""
    given = requests["place"] != ABSENT
    return with_different(requests["order"][given], requests["place"][given], size)


def with_different(keys: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Return for each of *size* numbers in *keys* whether it is there with different *values*."""
    last: NDArray[np.int64] = np.full(size, ABSENT, dtype=np.int64)
    last[keys] = values
    flags = np.zeros(size, dtype=bool)
    flags[keys[last[keys] != values]] = True
    return flags
