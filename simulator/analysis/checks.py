"""Is a log right? Checks that hold of every run whatever the luck, said so that somebody who knows no simulation can read them.

They cost little beside the run they judge, and read it block by block, so every replication can be checked.
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
    answered_otherwise,
    asked_elsewhere,
    back_without_leaving,
    cancelled_too_late,
    credit_note_amiss,
    credit_note_not_made,
    done_while_down,
    neither_or_both,
    out_of_order,
    units_lost,
    worked_on_afterwards,
)
from simulator.analysis.occupancy import Occupancy
from simulator.analysis.warehouse_floor import WarehouseFloor
from simulator.experiment.experiment import Experiment

CLOSE = 1e-9
"""How near two sides of an identity must come, relative to the larger."""

INVARIANTS = (
    Invariant(
        "answers",
        "Every request to cancel was answered as the rulebook answers that case, for the clauses and gaps it names.",
        "requests answered so",
        answered_otherwise,
    ),
    Invariant(
        "cases",
        "Every request was judged by the stage and the e-invoice that the order really had at that moment.",
        "requests judged so",
        asked_elsewhere,
    ),
    Invariant(
        "not after PACKED",
        "No order was cancelled, in full or in part, once it was packed.",
        "cancellations, all in time",
        cancelled_too_late,
    ),
    Invariant(
        "cancelled means stopped",
        "A cancelled order was not worked on any more: not released, picked, packed or dispatched.",
        "cancelled orders left alone",
        worked_on_afterwards,
    ),
    Invariant(
        "life cycle",
        "Every order took its steps in their order, each once and none skipped.",
        "orders in step",
        out_of_order,
    ),
    Invariant(
        "orders conserved",
        "When everything was done, every order had been either dispatched or cancelled, and never both.",
        "orders with one end",
        neither_or_both,
    ),
    Invariant(
        "units conserved",
        "Every unit ordered was either cancelled or packed, and none twice.",
        "orders that add up",
        units_lost,
    ),
    Invariant(
        "returns",
        "Nothing came back that had not been sent out, and all that came back went through one quality check.",
        "orders with returns that add up",
        back_without_leaving,
    ),
    Invariant(
        "credit notes due",
        "A credit note became due exactly when an order with an e-invoice was cancelled, also where the e-invoice came late; "
        "one for each such order and no other.",
        "orders with the credit note they need",
        credit_note_amiss,
    ),
    Invariant(
        "credit notes made",
        "Every credit note that became due was made, once and not before.",
        "credit notes made",
        credit_note_not_made,
    ),
    Invariant(
        "outages",
        "While the client's ERP was down, nothing was posted to it, invoiced by it or pushed from it.",
        "steps of the ERP, all while it was up",
        done_while_down,
    ),
)


class CheckResult(Struct, frozen=True, forbid_unknown_fields=True):
    """A check of one log: its short name, what it says, whether it holds, the figures expected and found, and what they are figures of."""

    name: str
    says: str
    holds: bool
    expected: str
    found: str
    things: str


def check(blocks: Iterable[Log], experiment: Experiment) -> tuple[CheckResult, ...]:
    """Every check of the log that *blocks* make up: whole orders each, in order of number, none left out."""
    tallies = {law.name: _Tally() for law in INVARIANTS}
    floor = WarehouseFloor(experiment)
    next_order = 1
    for log in blocks:
        of = OrderTimes(log)
        if not len(of.orders):
            continue
        for law in INVARIANTS:
            tallies[law.name].add(*law.broken(of, experiment))
        if of.first != next_order:
            tallies["orders conserved"].add(of.orders[:1], np.ones(1, dtype=bool))
        next_order = int(of.orders[-1]) + 1
        floor.add(of)
    floor.finish()
    return (*(tallies[law.name].check(law) for law in INVARIANTS), *_of_the_floor(floor))


@dataclass(slots=True)
class _Tally:
    """How many things a law looked at, how many broke it, and the order of the first that did."""

    of: int = 0
    broken: int = 0
    example: int = 0

    def add(self, orders: IntArray, wrong: Mask) -> None:
        bad = orders[wrong]
        if len(bad) and not self.broken:
            self.example = int(bad[0])
        self.of += len(orders)
        self.broken += len(bad)

    def check(self, law: Invariant) -> CheckResult:
        found = f"{self.of - self.broken:,}" + (f"; not order {self.example}" if self.broken else "")
        return CheckResult(law.name, law.says, not self.broken, f"{self.of:,}", found, law.things)


def _of_the_floor(floor: WarehouseFloor) -> Iterator[CheckResult]:
    for who, crowd in floor.waiting.items():
        arrived, stayed = _little(crowd)
        holds = _same(arrived, stayed) and crowd.inside == 0 and crowd.least == 0 and not floor.backwards[who]
        left = f"; {crowd.inside:,} never left" if crowd.inside else ""
        yield CheckResult(
            f"Little's law, {who}",
            f"The average number of orders waiting for {who} is how many arrive in a time, times how long each waits; nobody waits for ever.",
            holds,
            f"{stayed:.6f}",
            f"{arrived:.6f}{left}",
            "orders waiting on average",
        )
    for who, crowd in floor.working.items():
        yield CheckResult(
            f"busy time, {who}",
            f"The time that the {who} were busy is the time that their orders took, added up.",
            crowd.area == crowd.stays and crowd.inside == 0 and crowd.least == 0 and not floor.backwards[f"{who} at work"],
            f"{crowd.stays / HOUR:,.3f}",
            f"{crowd.area / HOUR:,.3f} hours",
            "hours",
        )
    for who, crowd in floor.working.items():
        outside = floor.outside[who]
        yield CheckResult(
            f"staff, {who}",
            f"There were never more {who} at work than there are, and none began outside the shift.",
            crowd.most <= floor.staff[who] and not outside,
            f"at most {floor.staff[who]:,}",
            f"at most {crowd.most:,} at once" + (f"; {outside:,} begun outside the shift" if outside else ""),
            "at once",
        )


def _little(crowd: Occupancy) -> tuple[float, float]:
    """Both sides of the law: what was seen on average, and arrival rate times mean stay."""
    if not crowd.span:
        return 0.0, 0.0
    return crowd.area / crowd.span, crowd.entered / crowd.span * (crowd.stays / crowd.entered)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE * max(abs(one), abs(other))
