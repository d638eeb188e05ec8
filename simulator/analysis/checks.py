"""Checks of a log: conditions that hold in every replication, whatever the random draws.

Their texts are for readers who do not know simulation. They cost little compared with the simulation and read its log block by
block, so every replication is checked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import HOUR
from orders.log.event_log import Log
from orders.log.order_times import OrderTimes
from simulator.analysis.invariants import (
    Invariant,
    credit_notes_not_made,
    late_cancellations,
    orders_without_one_end,
    steps_out_of_order,
    unexpected_returns,
    unfounded_requests,
    units_not_conserved,
    work_after_cancellation,
    wrong_answers,
    wrong_cases,
    wrong_credit_notes_due,
)
from simulator.analysis.occupancy import Occupancy
from simulator.analysis.system_outages import SystemOutages
from simulator.analysis.warehouse_floor import WarehouseFloor
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import WEEK

CLOSE = 1e-9
"""Largest difference of the two sides of an identity, relative to the larger side."""

INVARIANTS = (
    Invariant(
        "answers",
        "Every cancellation request got the answer of the rulebook to its case, with the same clauses and gaps.",
        "requests with the rulebook's answer",
        wrong_answers,
    ),
    Invariant(
        "cases",
        "Every request was decided on the stage and the e-invoice that the order had at that moment.",
        "requests with the right stage and e-invoice",
        wrong_cases,
    ),
    Invariant(
        "requests",
        "No one who saw the closed manifest of an order asked to cancel it, and Ajio named the SLA only where it was breached.",
        "requests that made sense",
        unfounded_requests,
    ),
    Invariant(
        "not after PACKED",
        "No order was cancelled, in full or in part, once it was packed.",
        "cancellations before PACKED",
        late_cancellations,
    ),
    Invariant(
        "no work after cancellation",
        "After its cancellation, no order was released, picked, packed or dispatched.",
        "cancelled orders without later work",
        work_after_cancellation,
    ),
    Invariant(
        "life cycle",
        "Every order went through its steps in sequence, each step once and none skipped.",
        "orders with steps in sequence",
        steps_out_of_order,
    ),
    Invariant(
        "orders conserved",
        "At the end of the simulation, every order was either dispatched or cancelled, never both.",
        "orders dispatched or cancelled",
        orders_without_one_end,
    ),
    Invariant(
        "units conserved",
        "Every unit ordered was either cancelled or packed, and none twice.",
        "orders with all units counted",
        units_not_conserved,
    ),
    Invariant(
        "returns",
        "No unit came back that was not sent out, and every returned unit had one quality check.",
        "orders with correct returns",
        unexpected_returns,
    ),
    Invariant(
        "credit notes due",
        "A credit note became due exactly when an order with an e-invoice was cancelled, also where the e-invoice came late; "
        "exactly one for each such order, and none for another order.",
        "orders with the credit note they need",
        wrong_credit_notes_due,
    ),
    Invariant(
        "credit notes made",
        "Every credit note that became due was made once, and not before it was due.",
        "credit notes made",
        credit_notes_not_made,
    ),
)

OUTAGES = (
    "outages",
    "While a system was down, it took no step: the ERP no post, e-invoice or push, RMS and the IRP no e-invoice, Ajio no acknowledgement.",
    "steps of systems that were up",
)
"""Name, text and things of the check of outages, which are in the first block of a log."""


class CheckResult(Struct, frozen=True, forbid_unknown_fields=True):
    """Result of one check of one log: name, text, whether it holds, expected and found figures, and what the figures count."""

    name: str
    says: str
    holds: bool
    expected: str
    found: str
    things: str


def check(blocks: Iterable[Log], experiment: Experiment) -> tuple[CheckResult, ...]:
    """Check the log that is given as *blocks* of whole orders, in ascending order of number, none left out."""
    outages = SystemOutages(experiment)
    invariants = (*INVARIANTS, Invariant(*OUTAGES, lambda order_times, _: outages.steps_during_outage(order_times)))
    tallies = {invariant.name: _Tally() for invariant in invariants}
    floor = WarehouseFloor(experiment)
    next_order = 1
    for log in blocks:
        order_times = OrderTimes(log)
        if not len(order_times.orders):
            continue
        outages.add(order_times)
        for invariant in invariants:
            tallies[invariant.name].add(*invariant.broken(order_times, experiment))
        if order_times.first != next_order:
            tallies["orders conserved"].add(order_times.orders[:1], np.ones(1, dtype=bool))
        next_order = int(order_times.orders[-1]) + 1
        floor.add(order_times)
    floor.finish()
    return (*(tallies[invariant.name].check(invariant) for invariant in invariants), *_floor_checks(floor))


@dataclass(slots=True)
class _Tally:
    """Number of items that an invariant checked, number that break it, and the order of the first that does."""

    checked: int = 0
    broken: int = 0
    example: int = 0

    def add(self, orders: IntArray, wrong: Mask) -> None:
        bad = orders[wrong]
        if len(bad) and not self.broken:
            self.example = int(bad[0])
        self.checked += len(orders)
        self.broken += len(bad)

    def check(self, invariant: Invariant) -> CheckResult:
        conserved = f"{self.checked - self.broken:,}" + (f"; not order {self.example}" if self.broken else "")
        return CheckResult(invariant.name, invariant.says, not self.broken, f"{self.checked:,}", conserved, invariant.things)


def _floor_checks(floor: WarehouseFloor) -> Iterator[CheckResult]:
    for team, occupancy in floor.waiting.items():
        arrived, stayed = _littles_law_sides(occupancy)
        holds = _nearly_equal(arrived, stayed) and occupancy.inside == 0 and occupancy.least == 0 and not floor.backwards[team]
        left = f"; {occupancy.inside:,} never left" if occupancy.inside else ""
        yield CheckResult(
            f"Little's law, {team}",
            f"The average number of orders waiting for {team} is their arrival rate times their mean wait, and every wait ends.",
            holds,
            f"{stayed:.6f}",
            f"{arrived:.6f}{left}",
            "orders waiting on average",
        )
    for team, occupancy in floor.working.items():
        yield CheckResult(
            f"busy time, {team}",
            f"The time that the {team} were busy is the sum of the times that their orders took.",
            occupancy.area == occupancy.stays and occupancy.inside == 0 and occupancy.least == 0 and not floor.backwards[f"{team} at work"],
            f"{occupancy.stays / HOUR:,.3f}",
            f"{occupancy.area / HOUR:,.3f} hours",
            "hours",
        )
    for team, occupancy in floor.working.items():
        outside = floor.outside[team]
        yield CheckResult(
            f"staff, {team}",
            f"No work began with more {team} at work than the roster has at that time, nor outside the shift.",
            occupancy.most <= floor.staff[team] and not occupancy.beyond and not outside,
            f"at most {floor.staff[team]:,}",
            f"at most {occupancy.most:,} at once"
            + (f"; {outside:,} begun outside the shift" if outside else "")
            + (f"; {occupancy.beyond:,} begun by more people than there are" if occupancy.beyond else ""),
            "at once",
        )
    begun_before = max(floor.checked_outside.values(), default=0)
    yield CheckResult(
        "returns in the shift",
        "Returns were received in the shift, and after it only the parcels on the checkers' tables were finished.",
        not floor.received_outside and begun_before <= floor.most_checked,
        f"at most {floor.most_checked:,}",
        f"at most {begun_before:,}" + (f"; {floor.received_outside:,} units received outside the shift" if floor.received_outside else ""),
        "units checked after a shift",
    )
    overfull = floor.overfull_manifests()
    yield CheckResult(
        "manifests",
        "Every manifest closed at its hour or when it was full, and none had more shipments than it can hold.",
        not overfull,
        f"at most {floor.limit:,}",
        f"at most {max(floor.closed.values(), default=0):,} at once" + (f"; too many at {len(overfull):,} times" if overfull else ""),
        "shipments closed at once",
    )
    overloaded = floor.overloaded_vans()
    capacity = max(floor.wms.van_capacity(weekday) for weekday in range(WEEK))
    yield CheckResult(
        "vans",
        "Every shipment was taken along by a van that came after an hour of closing, and no van took more than it can hold.",
        not overloaded,
        f"at most {capacity:,}",
        f"at most {max(floor.taken.values(), default=0):,} at once" + (f"; too many at {len(overloaded):,} times" if overloaded else ""),
        "shipments taken along at once",
    )


def _littles_law_sides(occupancy: Occupancy) -> tuple[float, float]:
    """Compute both sides of Little's law: the observed average, and arrival rate times mean stay."""
    if not occupancy.span:
        return 0.0, 0.0
    return occupancy.area / occupancy.span, occupancy.entered / occupancy.span * (occupancy.stays / occupancy.entered)


def _nearly_equal(first: float, second: float) -> bool:
    return abs(first - second) <= CLOSE * max(abs(first), abs(second))
