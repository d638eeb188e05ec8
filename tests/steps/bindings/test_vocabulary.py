"""The words of the feature files: a wrong one is refused with the right one, never guessed."""

import re
from datetime import date

import pytest

from orders.log.india import TimeWithoutZoneError
from sop_engine import Canceller, EInvoice, Invoicing, Modality, QualityCheck, Reading, Stage, Task, TaskKey, load_rulebook
from sop_engine.errors import SopError, UnknownValueError
from sop_engine.order import Order
from steps.contract.obstacles import OBSTACLES
from steps.definitions.discovery import built_in_modules
from steps.definitions.expressions import PARAMETER_TYPES
from steps.definitions.registry import Registry
from steps.definitions.tables import FilledTable, TableError
from steps.driver.in_process import EngineDriver
from steps.support.cell_kinds import time_in
from steps.support.claims import Claims
from steps.support.order_attempts import refusal_of
from steps.support.order_steps import ORDER_STEPS, REGULAR_WAY, advance_to
from steps.support.order_tables import (
    CANCELLED_ORDERS,
    ORDERS_CANCELLED_IN_TWO_STEPS,
    RETURNED_ORDERS,
    cancelled_orders,
    orders_cancelled_in_two_steps,
    returned_orders,
)
from steps.support.report_tables import REPORT, cell_text, row_checks, rows_in_words
from steps.support.task_tables import FOLLOW_UP, task_checks, tasks_in
from steps.support.vocabulary import ANY_CANCELLERS, CANCELLERS, INVOICINGS, SCOPES, TASKS

DRIVER = EngineDriver()


def test_a_follow_up_is_read_in_the_order_of_its_table() -> None:
    """As pairs of modality and task key."""
    table = [["must", "cancel the order in Assure OMS"], ["need not", "share the credit note with Ajio"]]

    assert tasks_in(FOLLOW_UP.filled(table)) == [["must", "cancel-in-assure"], ["need-not", "share-credit-note"]]


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        (["must", "cancel the order in Asure OMS"], "did you mean `cancel the order in Assure OMS`"),
        (["need-not", "share the credit note with Ajio"], "did you mean `need not`"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(row: list[str], hint: str) -> None:
    """In either column."""
    with pytest.raises(TableError, match=hint):
        FOLLOW_UP.filled([row])


def test_every_task_has_words() -> None:
    """And no two share them."""
    assert sorted(TASKS.meanings.values()) == sorted(task.key for task in load_rulebook().tasks)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("canceller", list(CANCELLERS.meanings)),
        ("cancellers", list(ANY_CANCELLERS.meanings)),
        ("scope", list(SCOPES.meanings)),
        ("invoicing", list(INVOICINGS.meanings)),
        ("stage", [str(stage) for stage in Stage]),
        ("e-invoice", [str(state) for state in EInvoice]),
        ("quality-check", [str(check) for check in QualityCheck]),
        ("task", list(TASKS.meanings)[:5]),
        ("step", list(ORDER_STEPS.meanings)),
        ("progress", list(REGULAR_WAY[Invoicing.ERP])),
        ("obstacle", [obstacle.words for obstacle in OBSTACLES]),
    ],
)
def test_a_parameter_lists_the_words_of_its_table(name: str, words: list[str]) -> None:
    """The lists are literal for the language server, so they could drift."""
    Registry.from_modules(built_in_modules())

    assert PARAMETER_TYPES.lookup_by_type_name(name).regexps == ["|".join(words)]


def test_each_row_of_a_follow_up_is_checked_at_its_cell() -> None:
    """And the whole of it first, for order and completeness."""
    tasks = (Task(Modality.MAY, TaskKey.CREDIT_NOTE, "seller", "client's ERP"),)
    table = [["must", "make a credit note by hand and keep it in the ERP"], ["must", "cancel the order in Assure OMS"]]

    whole, first, second = task_checks(FOLLOW_UP.filled(table), tasks)

    assert whole == ("tasks", [["must", "credit-note"], ["must", "cancel-in-assure"]], [["may", "credit-note"]])
    assert first == ("task", ["must", "credit-note"], ["may", "credit-note"], (0, 1))
    assert second == ("task", ["must", "cancel-in-assure"], None, (1, 1))


def test_an_open_follow_up_is_not_an_empty_one() -> None:
    """`None` is not `[]`."""
    [whole] = task_checks(FilledTable((), ()), None)

    assert whole == ("tasks", [], None)


def test_what_happens_to_an_order_happens_in_time_order() -> None:
    """Whatever the order of the columns."""
    table = [["order", "cancelled", "by", "posted"], ["A", "2026-05-04 11:00", "Ajio", "2026-05-04 09:00"]]

    [order] = cancelled_orders(CANCELLED_ORDERS.filled(table), DRIVER)

    assert [event.name for event in order.history] == ["created", "allocated", "posted", "cancelled"]
    assert order.cancellations[0].canceller is Canceller.AJIO


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ({"credited": "2026-05-04 09:00"}, "row 2, cell 2"),
        ({"posted": "2026-05-04 10:00", "e-invoiced": "2026-05-04 09:00"}, "row 2, cell 3"),
        ({"posted": "2026-05-04 10:00", "pushed": "2026-05-04 11:00"}, "row 2, cell 3"),
        ({"cancelled": "2026-05-04 09:00", "by": "Ajio", "posted": "2026-05-04 10:00"}, "row 2, cell 4"),
    ],
)
def test_an_event_that_the_order_refuses_is_refused_at_its_cell(events: dict[str, str], place: str) -> None:
    """In the run, as the lint does not know the life of an order."""
    table = [["order", *events], ["A", *("-" for _ in events)], ["B", *events.values()]]

    with pytest.raises(TableError, match=f"^{place} of the table: cannot "):
        cancelled_orders(CANCELLED_ORDERS.filled(table), DRIVER)


def test_a_cancelled_order_is_one_whose_request_was_allowed() -> None:
    """Another driver may start with an order that is packed."""
    packed = advance_to(Order.created("A", Invoicing.ERP), "packed")

    class Packed:
        def new_order(self, *_: object) -> "Packed":
            return self

        def allocate(self) -> Order:
            return packed

    table = CANCELLED_ORDERS.filled([["order", "cancelled", "by"], ["A", "2026-05-04 11:00", "the seller"]])
    with pytest.raises(
        TableError,
        match=r"row 1, cell 2 of the table: nothing is cancelled: the request is refused, because the order is PACKED .*; correct the times",
    ):
        cancelled_orders(table, Packed())  # type: ignore[arg-type]


TWO_STEPS = {
    "order": "A", "units": "3", "part": "1", "part by": "the seller", "part cancelled": "2026-05-04 08:00",
    "posted": "2026-05-04 09:00", "cancelled": "2026-05-04 11:00", "by": "Ajio",
}  # fmt: skip


def two_steps(**changes: str) -> list[Order]:
    row = TWO_STEPS | {name.replace("_", " "): cell for name, cell in changes.items()}
    return orders_cancelled_in_two_steps(ORDERS_CANCELLED_IN_TWO_STEPS.filled([list(row), list(row.values())]), DRIVER)


def test_an_order_is_cancelled_in_two_steps() -> None:
    """First a part, then the rest."""
    [order] = two_steps()

    assert (order.order_id, order.units_ordered, order.stage) == ("A", 3, Stage.CANCELLED)
    assert [(request.canceller, request.units, request.at) for request in order.cancellations] == [
        (Canceller.SELLER, 1, time_in("2026-05-04 08:00")),
        (Canceller.AJIO, 2, time_in("2026-05-04 11:00")),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"units": "three"}, "row 1, cell 2 of the table: `three` is not a whole number"),
        ({"units": "-3"}, "row 1, cell 2 of the table: `-3` is not a whole number"),
        ({"part": "1 unit"}, "row 1, cell 3 of the table: `1 unit` is not a whole number"),
        ({"part": "0"}, "row 1, cell 3 of the table: `0` is not from 1 to 2,500"),
        ({"part": "3"}, "row 1, cell 3 of the table: cancelling 3 units leaves nothing of an order of 3 units; write fewer units"),
        ({"part": "4"}, "row 1, cell 3 of the table: cancelling 4 units leaves nothing of an order of 3 units; write fewer units"),
        ({"part_by": "Aijo"}, "did you mean `Ajio`?"),
        (
            {"part_by": "Ajio"},
            "row 1, cell 5 of the table: a partial cancellation by Ajio under the client's ERP fails at packing; correct",
        ),
        ({"part_cancelled": "2026-05-04 10:00"}, "row 1, cell 5 of the table: nothing is cancelled: the request fails on screen"),
        ({"part_cancelled": "2026-05-04 12:00"}, "row 1, cell 5 of the table: nothing is cancelled: the request is without effect"),
        ({"part_cancelled": "-"}, "row 1, cell 5 of the table: "),
        ({"cancelled": "-"}, "row 1, cell 7 of the table: "),
    ],
)
def test_a_row_that_does_not_cancel_in_two_steps_is_refused(changes: dict[str, str], message: str) -> None:
    """At its cell."""
    with pytest.raises(TableError, match=re.escape(message)):
        two_steps(**changes)


def test_a_report_is_claimed_with_all_its_rows() -> None:
    """A row too many, or too few, in the report is a difference, even if every cell that is written agrees."""
    cells = [["order", "posted", "cancelled", "by"], *([name, "2026-05-04 09:00", "2026-05-04 11:00", "Ajio"] for name in "AB")]
    rows = DRIVER.cancelled_after_posting(cancelled_orders(CANCELLED_ORDERS.filled(cells), DRIVER), date(2026, 5, 4), date(2026, 5, 4))

    for names in ("A", "AB", "ABC"):
        whole, *claimed = row_checks(REPORT.filled([["order"], *([name] for name in names)]), rows)
        assert whole == ("rows", [[name] for name in names], [["A"], ["B"]])
        assert claimed == [("order", name, name, (line, 0)) for line, name in enumerate(names[:2], 1)]


def test_a_step_that_is_not_on_the_way_is_refused() -> None:
    """Under RMS nothing is posted."""
    with pytest.raises(UnknownValueError, match="unknown step under RMS `posted`"):
        advance_to(Order.created("A", Invoicing.RMS), "posted")


def test_only_a_refusal_of_the_order_is_a_refusal() -> None:
    """Any other error is ours and comes through."""
    order = Order.created("A", Invoicing.ERP)

    assert refusal_of(order, order.allocate, Claims()).error is None
    assert isinstance(refusal_of(order, order.pack, Claims()).error, SopError)
    with pytest.raises(ZeroDivisionError):
        refusal_of(order, lambda: 1 / 0, Claims())


def test_an_obstacle_is_named_where_it_is_what_the_step_lacks() -> None:
    """What is true of the order and bars another step is no obstacle; where no words fit, the refusal is shown."""
    held = Order.created("A", Invoicing.RMS).allocate().hold()

    held_again = refusal_of(held, held.hold, Claims())

    assert refusal_of(held, held.release, Claims()).reasons == ["it is on hold"]
    assert refusal_of(held, held.pack, Claims()).reasons == ["it is not released yet"]
    assert refusal_of(held, held.unhold, Claims()).reasons == ["nothing"]
    assert held_again.error is not None
    assert held_again.reasons == [held_again.error.reason]


def test_values_are_shown_as_a_feature_file_writes_them() -> None:
    """Times by the minute in India, a missing number as a dash."""
    assert cell_text(None) == "-"
    assert cell_text(Canceller.SELLER) == "the seller"
    assert cell_text(time_in("2026-05-04 23:59")) == "2026-05-04 23:59"
    assert cell_text(Reading.AS_WRITTEN) == "as-written"


def test_a_column_of_another_report_is_refused() -> None:
    """With the columns of this one."""
    rows = DRIVER.rsi_report(returned_orders(RETURNED_ORDERS.filled([["order", "units", "quality checks"], ["A", "1", "pass"]]), DRIVER))

    with pytest.raises(UnknownValueError, match="unknown column of this report `cancelled`"):
        rows_in_words(rows, ["cancelled"])


def test_a_time_of_a_table_is_a_time_in_india() -> None:
    """Never one without a zone."""
    assert time_in("2026-05-04 00:30").isoformat() == "2026-05-04T00:30:00+05:30"
    assert issubclass(TimeWithoutZoneError, SopError)
