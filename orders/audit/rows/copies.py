"""Requests that several exports have alike: exports of overlapping periods, or a sheet that was copied."""

from collections.abc import Sequence

import numpy as np

from orders.audit.rows.columns import Columns, Flags, Numbers


def copied_requests(requests: Columns, among: Flags, systems: Sequence[object]) -> Flags:
    """Return which of the requests *among* are copies: alike in another source of the same system, which has as many of them or more.

    In one source the intake has settled it: identical rows are one, and rows that differ in a column that is not read are several.

    Args:
        requests: the columns; those of texts are not compared.
        among: the rows that are looked at.
        systems: of each source.
    """
    copied = np.zeros(len(among), bool)
    rows = np.flatnonzero(among)
    if not len(rows) or len(np.unique(requests["source"][rows])) == 1:
        return copied
    rows = rows[_of_several_sources(requests["order"][rows], requests["source"][rows])]
    if not len(rows):
        return copied
    system = np.array([systems.index(name) for name in systems], np.int64)[requests["source"][rows]]
    compared = [
        values[rows].astype(np.int64)
        for name, values in sorted(requests.items())
        if name not in ("source", "row") and values.dtype != object
    ]
    table = np.stack([system, *compared], axis=1)
    kinds = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)
    copied[rows] = requests["source"][rows] != _kept_sources(kinds, requests["source"][rows])[kinds]
    return copied


def _kept_sources(kinds: Numbers, sources: Numbers) -> Numbers:
    """Return for each kind of row the source that has most of it, of several the first."""
    pairs, counts = np.unique(np.stack([kinds, sources], axis=1), axis=0, return_counts=True)
    order = np.lexsort((pairs[:, 1], -counts, pairs[:, 0]))
    return np.asarray(pairs[order][np.unique(pairs[order][:, 0], return_index=True)[1], 1])


def _of_several_sources(orders: Numbers, sources: Numbers) -> Flags:
    """Return which rows are of an order that more than one source has."""
    pairs = np.unique(np.stack([orders, sources], axis=1), axis=0)
    several = np.unique(pairs[:, 0], return_counts=True)
    return np.isin(orders, several[0][several[1] > 1])
