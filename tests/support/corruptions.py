"""Ways to falsify a log, each with the only checks that must then fail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from orders.log.columns import EventRow
from orders.log.event_log import Log

HOUR = 3_600_000
Cells = dict[str, Any]


@dataclass(frozen=True)
class Corruption:
    """A change of the rows, its description, and the checks that must fail."""

    what: str
    red: frozenset[str]
    do: Callable[["Rows"], None]


class Rows:
    """The rows of a log as dictionaries that can be changed."""

    def __init__(self, log: Log) -> None:
        self.all: list[Cells] = [row._asdict() for row in log.rows()]
        self.of: dict[object, list[Cells]] = {}
        for row in self.all:
            self.of.setdefault(row["order"], []).append(row)

    def log(self) -> Log:
        return Log.from_rows([EventRow(**row) for row in self.all])

    def find(self, event: str, **cells: object) -> Iterator[Cells]:
        for row in self.all:
            if row["event"] == event and all(row[name] == cell for name, cell in cells.items()):
                yield row

    def has(self, order: object, event: str, **cells: object) -> bool:
        return any(row["event"] == event and all(row[n] == c for n, c in cells.items()) for row in self.of[order])

    def only(self, order: object, event: str) -> Cells:
        (row,) = (row for row in self.of[order] if row["event"] == event)
        return row

    def drop(self, *rows: Cells) -> None:
        self.all = [row for row in self.all if not any(row is gone for gone in rows)]

    def add(self, like: Cells, **cells: object) -> None:
        self.all.append({**like, **cells})

    def dispatched(self, **cells: object) -> Cells:
        """Return an order that was dispatched and not returned, and that no one tried to cancel."""
        for row in self.find("dispatched", **cells):
            if not any(self.has(row["order"], event) for event in ("cancellation", "return received", "return requested")):
                return row
        raise LookupError


def swap(one: Cells, other: Cells) -> None:
    one["time_ms"], other["time_ms"] = other["time_ms"], one["time_ms"]


CORRUPTIONS: list[Corruption] = []


def corrupts(*red: str) -> Callable[[Callable[[Rows], None]], Callable[[Rows], None]]:
    def keep(do: Callable[[Rows], None]) -> Callable[[Rows], None]:
        CORRUPTIONS.append(Corruption(do.__name__.replace("_", " "), frozenset(red), do))
        return do

    return keep


@corrupts("answers")
def another_outcome(rows: Rows) -> None:
    next(rows.find("cancellation", outcome="without effect"))["outcome"] = "refused"


@corrupts("answers")
def another_clause(rows: Rows) -> None:
    next(rows.find("cancellation", outcome="refused"))["because"] = "AC-RMS-1a"


@corrupts("answers")
def missing_units_without_their_gap(rows: Rows) -> None:
    row = next(rows.find("cancellation", reason="missing units"))
    row["because"] = row["because"].removeprefix("GAP-40 ")


@corrupts("answers")
def the_gap_of_missing_units_behind_another_request(rows: Rows) -> None:
    row = next(rows.find("cancellation", outcome="refused"))
    row["because"] = f"GAP-40 {row['because']}"


@corrupts("answers")
def no_canceller(rows: Rows) -> None:
    next(rows.find("cancellation", outcome="without effect"))["canceller"] = ""


@corrupts("cases")
def another_stage_with_the_same_answer(rows: Rows) -> None:
    next(rows.find("cancellation", outcome="refused", stage="READY_TO_DISPATCH"))["stage"] = "COMPLETED"


@corrupts("cases")
def another_e_invoice_with_the_same_answer(rows: Rows) -> None:
    here = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "FULFILLABLE"}
    next(rows.find("cancellation", **here, e_invoice="not posted"))["e_invoice"] = "posted"


@corrupts("requests")
def a_seller_who_does_not_know_what_he_shipped(rows: Rows) -> None:
    for row in rows.find("cancellation", outcome="refused", stage="COMPLETED", invoicing="RMS"):
        refusal = next(rows.find("cancellation", outcome="refused", invoicing="RMS", canceller="seller", scope="full"))
        row |= {name: refusal[name] for name in ("actor", "canceller", "system", "because")}
        return
    raise LookupError


@corrupts("requests")
def a_breach_of_an_order_that_was_handed_over_in_time(rows: Rows) -> None:
    next(rows.find("cancellation", reason="technical issue"))["reason"] = "SLA breach"


@corrupts("cases", "not after PACKED")
def part_cancelled_after_packing(rows: Rows) -> None:
    for row in rows.find("cancellation", outcome="allowed", scope="partial"):
        if rows.has(row["order"], "packed"):
            row["time_ms"] = rows.only(row["order"], "packed")["time_ms"] + 1
            return
    raise LookupError


@corrupts("answers", "not after PACKED", "orders conserved", "units conserved", "no work after cancellation", "credit notes due")
def whole_order_cancelled_although_packed(rows: Rows) -> None:
    for row in rows.find("cancellation", outcome="refused", scope="full", stage="PACKED", invoicing="ERP"):
        if not rows.has(row["order"], "cancellation", scope="partial") and not rows.has(row["order"], "return received"):
            row["outcome"] = "allowed"
            return
    raise LookupError


@corrupts("no work after cancellation")
def acknowledged_after_it_was_cancelled(rows: Rows) -> None:
    for row in rows.find("cancelled by customer"):
        if rows.has(row["order"], "allocated"):
            rows.add(rows.only(row["order"], "allocated"), event="acknowledged", time_ms=row["time_ms"] + HOUR)
            return
    raise LookupError


@corrupts("vans")
def dispatched_between_two_vans(rows: Rows) -> None:
    rows.only(rows.dispatched()["order"], "dispatched")["time_ms"] += 8


@corrupts("life cycle", "manifests", "vans")
def ready_after_dispatch(rows: Rows) -> None:
    order = rows.dispatched()["order"]
    swap(rows.only(order, "ready to dispatch"), rows.only(order, "dispatched"))


@corrupts("manifests")
def on_a_manifest_that_closes_between_two_hours(rows: Rows) -> None:
    order = rows.dispatched()["order"]
    rows.only(order, "ready to dispatch")["time_ms"] = rows.only(order, "dispatched")["time_ms"] - 8


@corrupts("life cycle", "busy time, pickers")
def picked_before_the_picking(rows: Rows) -> None:
    order = rows.dispatched()["order"]
    swap(rows.only(order, "pick started"), rows.only(order, "picked"))


@corrupts("life cycle")
def pushed_before_invoiced(rows: Rows) -> None:
    order = rows.dispatched(invoicing="ERP")["order"]
    swap(rows.only(order, "e-invoice generated"), rows.only(order, "e-invoice pushed"))


@corrupts("life cycle")
def an_rms_invoice_before_packing(rows: Rows) -> None:
    row = rows.only(rows.dispatched(invoicing="RMS")["order"], "e-invoice generated")
    row["time_ms"] = row["time_ms"] - 8


@corrupts("life cycle")
def released_twice(rows: Rows) -> None:
    rows.add(rows.only(rows.dispatched()["order"], "released"))


@corrupts("life cycle")
def never_acknowledged(rows: Rows) -> None:
    rows.drop(rows.only(rows.dispatched()["order"], "acknowledged"))


@corrupts("life cycle")
def a_row_with_another_stage(rows: Rows) -> None:
    rows.only(rows.dispatched()["order"], "picked")["stage"] = "PACKED"


@corrupts("life cycle")
def a_row_with_another_invoicing(rows: Rows) -> None:
    rows.only(rows.dispatched(invoicing="ERP")["order"], "picked")["invoicing"] = "RMS"


@corrupts("life cycle", "orders conserved")
def an_order_left_out(rows: Rows) -> None:
    order = rows.dispatched()["order"]
    rows.drop(*rows.of[order])


@corrupts("orders conserved")
def the_first_order_left_out(rows: Rows) -> None:
    rows.drop(*rows.of[1])


@corrupts("orders conserved")
def never_dispatched(rows: Rows) -> None:
    rows.drop(rows.dispatched())


@corrupts("orders conserved", "units conserved", "Little's law, pickers")
def forgotten_in_the_queue(rows: Rows) -> None:
    order = rows.dispatched(invoicing="ERP")["order"]
    begins = rows.of[order].index(rows.only(order, "pick started"))
    rows.drop(*rows.of[order][begins:])


@corrupts("orders conserved", "units conserved", "Little's law, packers")
def forgotten_between_picker_and_packer(rows: Rows) -> None:
    order = rows.dispatched(invoicing="ERP")["order"]
    begins = rows.of[order].index(rows.only(order, "pack started"))
    rows.drop(*rows.of[order][begins:])


@corrupts("orders conserved", "units conserved", "busy time, packers", "staff, packers")
def a_packer_who_never_finishes(rows: Rows) -> None:
    order = rows.dispatched(invoicing="ERP")["order"]
    begins = rows.of[order].index(rows.only(order, "packed"))
    rows.drop(*rows.of[order][begins:])


@corrupts("units conserved")
def a_unit_too_many_packed(rows: Rows) -> None:
    row = rows.only(rows.dispatched()["order"], "packed")
    row["units"] = row["units"] + 1


@corrupts("units conserved")
def part_of_an_order_lost(rows: Rows) -> None:
    row = next(rows.find("cancellation", outcome="allowed", scope="partial"))
    row["units"] = row["units"] + 1


@corrupts("returns")
def no_quality_check(rows: Rows) -> None:
    rows.drop(next(rows.find("quality check recorded")))


@corrupts("returns in the shift")
def back_in_the_night(rows: Rows) -> None:
    row = next(rows.find("return received"))
    row["time_ms"] = row["time_ms"] // (24 * HOUR) * 24 * HOUR + HOUR


@corrupts("returns in the shift")
def more_checked_in_a_night_than_two_can(rows: Rows) -> None:
    checks = list(rows.find("quality check recorded"))
    night = max(row["time_ms"] for row in checks) // (24 * HOUR) * 24 * HOUR + 23 * HOUR
    for row in checks[-11:]:
        row["time_ms"] = night


@corrupts("returns")
def back_before_it_left(rows: Rows) -> None:
    row = next(rows.find("return received", reason="return to origin"))
    row["time_ms"] = rows.only(row["order"], "packed")["time_ms"]


@corrupts("returns")
def more_back_than_left(rows: Rows) -> None:
    back = next(rows.find("return received", reason="return to origin"))
    for row in (back, rows.only(back["order"], "quality check recorded")):
        row["units"] = 6


@corrupts("credit notes due", "credit notes made")
def a_credit_note_that_is_not_due(rows: Rows) -> None:
    rows.drop(next(rows.find("credit note due")))


@corrupts("credit notes due")
def a_credit_note_forgotten(rows: Rows) -> None:
    order = next(rows.find("credit note due"))["order"]
    rows.drop(rows.only(order, "credit note due"), rows.only(order, "credit note made"))


@corrupts("credit notes due")
def two_credit_notes_due(rows: Rows) -> None:
    rows.add(next(rows.find("credit note due")))


@corrupts("credit notes due")
def a_credit_note_without_cancellation(rows: Rows) -> None:
    out = rows.dispatched(invoicing="ERP")
    like = next(rows.find("credit note due"))
    rows.add({**like, "order": out["order"], "time_ms": out["time_ms"]})
    rows.add({**like, "order": out["order"], "time_ms": out["time_ms"] + 1, "event": "credit note made"})


@corrupts("credit notes due")
def a_late_one_for_the_reason_of_another(rows: Rows) -> None:
    next(rows.find("credit note due", because="GAP-17"))["because"] = "AC-ERP-FULL-1.1.1"


@corrupts("credit notes due")
def a_late_one_due_before_its_e_invoice(rows: Rows) -> None:
    row = next(rows.find("credit note due", because="GAP-17"))
    row["time_ms"] = row["time_ms"] - 8


@corrupts("credit notes made")
def a_credit_note_never_made(rows: Rows) -> None:
    rows.drop(next(rows.find("credit note made")))


@corrupts("credit notes made")
def a_credit_note_made_twice(rows: Rows) -> None:
    rows.add(next(rows.find("credit note made")))


@corrupts("credit notes made")
def a_credit_note_made_before_it_was_due(rows: Rows) -> None:
    row = next(rows.find("credit note made"))
    row["time_ms"] = rows.only(row["order"], "credit note due")["time_ms"] - 1
