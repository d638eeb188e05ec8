"""Order numbers at several locations: they can be one order or several, and both are kept as possible."""

import numpy as np

from orders.audit.rows.columns import ABSENT, Columns, Flags, Numbers, flags_at


def orders_at_several_places(requests: Columns, size: int) -> Flags:
    """Return for each of *size* orders whether its *requests* name more than one location."""
    given = requests["place"] != ABSENT
    return with_different(requests["order"][given], requests["place"][given], size)


def with_different(keys: Numbers, values: Numbers, size: int) -> Flags:
    """Return for each of *size* numbers in *keys* whether it is there with different *values*."""
    last: Numbers = np.full(size, ABSENT, dtype=np.int64)
    last[keys] = values
    return flags_at(keys[last[keys] != values], size)
