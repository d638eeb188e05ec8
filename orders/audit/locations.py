"""Order numbers at several locations: they can be one order or several, and both are kept as possible."""

import numpy as np

from orders.audit.columns import ABSENT, Evidence, Flags, Numbers


def orders_at_several_places(evidence: Evidence) -> Flags:
    """Return for each order whether its requests name more than one location."""
    requests = evidence.requests
    given = requests["place"] != ABSENT
    orders, places = requests["order"][given], requests["place"][given]
    return with_different(orders, places, len(evidence.orders))


def with_different(keys: Numbers, values: Numbers, size: int) -> Flags:
    """Return for each of *size* numbers in *keys* whether it is there with different *values*."""
    last: Numbers = np.full(size, ABSENT, dtype=np.int64)
    last[keys] = values
    flags = np.zeros(size, dtype=bool)
    flags[keys[last[keys] != values]] = True
    return flags
