"""Who cancelled, as sets: from the column of the source, otherwise from the parts of the quantity in Ajio's report.

Ajio's report names what the customer and the seller took. What is left is Ajio's by our reading of GAP-57; as written it is open. Where it
names the customer or the seller for all units, and the row of a cancellation names someone else, both are possible.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orders.audit.rows.columns import ABSENT, Flags, Numbers
from orders.audit.rows.copies import copied_requests
from orders.audit.rows.evidence import Evidence
from orders.audit.tables import ALL, Observed, System
from sop_engine import Reading

SELLER_BIT, AJIO_BIT, CUSTOMER_BIT = 1, 2, 4
UNKNOWN: Final = ALL["canceller"]


@dataclass(frozen=True)
class Cancellers:
    """Who cancelled, for each request.

    Attributes:
        sets: of the words of `WORDS["canceller"]`.
        inferred: whether Ajio is only what is left.
        reported: the set of those that Ajio's report names where the row of the request names someone else; 0 elsewhere.
    """

    sets: NDArray[np.uint8]
    inferred: Flags
    reported: NDArray[np.uint8]


def cancellers(evidence: Evidence, reading: Reading) -> Cancellers:
    """Return who cancelled in each request; an unknown canceller is that of Ajio's report, where this names the order.

    A row and the report can differ because the report lacks a cancellation: it then has fewer units than the rows.
    """
    requests = evidence.requests
    of_report = evidence.systems("requests", System.AJIO) & requests["is_cancellation"]
    of_order, inferred_of_order, units = _from_parts(evidence, of_report, reading)
    stated = requests["canceller"]
    unknown = stated == UNKNOWN
    named = np.where(inferred_of_order | (of_order == UNKNOWN) | (_units_of_rows(evidence) > units), 0, of_order)[requests["order"]]
    differs = requests["is_cancellation"] & ~of_report & ~unknown & (named & stated == 0)
    reported = np.where(differs, named, 0).astype(np.uint8)
    sets = np.where(unknown, of_order[requests["order"]], stated | reported).astype(np.uint8)
    return Cancellers(sets, np.asarray(unknown & inferred_of_order[requests["order"]]), reported)


def _units_of_rows(evidence: Evidence) -> Numbers:
    """Return for each order the units that were cancelled by the rows of the seller's systems, each once, as far as they say so."""
    requests = evidence.requests
    rows = evidence.systems("requests", System.OMS, System.WMS, System.VMS) & requests["is_cancellation"]
    rows &= ~copied_requests(requests, rows, [source["system"] for source in evidence.sources])
    rows &= (requests["carried_out"] != Observed.NO) & (requests["units_cancelled"] != ABSENT)
    units = np.bincount(requests["order"][rows], weights=requests["units_cancelled"][rows], minlength=len(evidence.orders))
    return units.astype(np.int64)


def _from_parts(evidence: Evidence, rows: Flags, reading: Reading) -> tuple[NDArray[np.uint8], Flags, Numbers]:
    """Return for each order who cancelled by Ajio's report, whether Ajio is inferred, and the units; of an order not in *rows*, anyone."""
    requests, size = evidence.requests, len(evidence.orders)
    orders = requests["order"][rows]

    def total(name: str) -> Numbers:
        return np.bincount(orders, weights=np.maximum(requests[name][rows], 0), minlength=size).astype(np.int64)

    complete = np.zeros(size, dtype=bool)
    complete[orders] = True
    for name in ("units_cancelled", "by_customer", "by_seller"):
        complete[orders[requests[name][rows] == ABSENT]] = False
    complete[orders[requests["by_status"][rows]]] = False
    by_customer, by_seller = total("by_customer"), total("by_seller")
    units = total("units_cancelled")
    rest = units - by_customer - by_seller
    left = AJIO_BIT if reading is Reading.AS_PRACTISED else SELLER_BIT | AJIO_BIT | CUSTOMER_BIT
    sets = np.where(by_seller > 0, SELLER_BIT, 0) | np.where(by_customer > 0, CUSTOMER_BIT, 0) | np.where(rest > 0, left, 0)
    return np.asarray(np.where(complete & (sets != 0), sets, UNKNOWN), dtype=np.uint8), np.asarray(complete & (rest > 0)), units
