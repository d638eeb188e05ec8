"""Rows and errors about orders carry what they are about, word for word."""

from datetime import UTC, date, datetime

import pytest

from orders.duties import UnknownAgeError, credit_note_ages, end_of_year
from orders.log.columns import EventRow
from orders.log.event_words import (
    asks_for_all_units,
    canceller_in_words,
    is_late_e_invoice,
    reason_in_words,
    sentence_of,
    short_form_of,
    units_in_words,
    with_cause,
)
from orders.log.india import TimeWithoutZoneError, day_of
from orders.vms_reports import ReturnSalesInvoiceLine, UndatedCancellationError, rsi_report
from sop_engine import Canceller, Invoicing, QualityCheck, Scope
from sop_engine.order import Order

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def test_an_age_names_its_order() -> None:
    order = Order.created("A7", Invoicing.ERP).allocate().post().generate(AT)

    (age,) = credit_note_ages(order.cancel(Canceller.SELLER, Scope.FULL, at=AT)[0], TODAY)

    assert (age.order_id, age.days) == ("A7", 28)


def test_an_age_that_is_unknown_says_of_which_order_and_why() -> None:
    invoiced = Order.created("A7", Invoicing.ERP).allocate().post().generate(AT)
    undated = Order.created("A7", Invoicing.ERP).allocate().post().generate()
    remedy = "record it to get the age of its credit note"

    with pytest.raises(UnknownAgeError) as no_cancellation:
        credit_note_ages(invoiced.cancel(Canceller.SELLER, Scope.FULL)[0], TODAY)
    with pytest.raises(UnknownAgeError) as no_invoice:
        credit_note_ages(undated.cancel(Canceller.SELLER, Scope.FULL, at=AT)[0], TODAY)

    assert str(no_cancellation.value) == f"order `A7` has no time at which it was cancelled; {remedy}"
    assert str(no_invoice.value) == f"order `A7` has no time at which it was invoiced; {remedy}"


def test_errors_carry_what_they_are_about() -> None:
    at = datetime(2026, 5, 4, 12)  # noqa: DTZ001 (without a zone, which is the point)
    with pytest.raises(TimeWithoutZoneError) as refusal:
        day_of(at)

    assert refusal.value.at == at
    assert str(refusal.value) == "the time `2026-05-04T12:00:00` has no zone; add one, for example `2026-05-04T12:00:00+05:30`"
    assert UndatedCancellationError("A7").order_id == "A7"


def test_a_returned_unit_is_listed_with_its_order_its_invoice_and_its_check() -> None:
    order = Order.created("A7", Invoicing.ERP).allocate().post().generate(AT, "I-7").push().release().pack().ready().dispatch()
    checked = order.return_unit(AT).record_quality_check(QualityCheck.FAIL, AT)

    assert rsi_report([checked]) == (ReturnSalesInvoiceLine("A7", 1, QualityCheck.FAIL, AT, "I-7"),)


def row(event: str, units: int = 0, **cells: str) -> EventRow:
    return EventRow(0, 1, event, "WMS", "packer", units=units, **cells)


def test_an_event_is_worded_with_its_units() -> None:
    assert [units_in_words(units) for units in (0, 1, 2)] == ["0 units", "1 unit", "2 units"]
    assert sentence_of(row("packed", 2)) == "2 units packed: PACKED"
    assert sentence_of(row("packed", 1)) == "1 unit packed: PACKED"
    assert short_form_of(row("ready to dispatch")) == "manifest closes"
    assert sentence_of(row("new")) == short_form_of(row("new")) == "new"
    assert [canceller_in_words(name) for name in ("seller", "Ajio", "customer")] == ["the seller", "Ajio", "customer"]


def test_a_quality_check_is_worded_with_where_the_unit_goes() -> None:
    words = {"pass": "pass: saleable", "fail": "fail: quarantine, offline claim", "missing": "missing: no GRN, offline claim"}

    for finding, expected in words.items():
        assert reason_in_words(row("quality check recorded", reason=finding)) == expected
        assert reason_in_words(row("return received", reason=finding)) == finding
    assert reason_in_words(row("quality check recorded", reason="torn")) == "torn"


def test_requests_for_all_units_and_late_e_invoices_are_recognised() -> None:
    assert asks_for_all_units(row("cancellation", because="SC-ERP-FULL-1a GAP-39"))
    assert not asks_for_all_units(row("cancellation", because="SC-ERP-FULL-1a GAP-37"))
    late = [("e-invoice generated", "CANCELLED"), ("e-invoice generated", "FULFILLABLE"), ("e-invoice pushed", "CANCELLED")]
    assert [is_late_e_invoice(row(event, stage=stage)) for event, stage in late] == [True, False, False]


def test_a_sentence_has_the_cause_of_a_request_if_there_is_one() -> None:
    row = EventRow(0, 1, "cancellation", "Assure OMS", "seller")

    assert with_cause("it is cancelled", row._replace(reason="no stock")) == "it is cancelled because no stock arrives"
    assert (
        with_cause("it is cancelled", row._replace(reason="missing units"))
        == "it is cancelled because units are missing at packing (GAP-40)"
    )
    assert with_cause("it is cancelled", row._replace(reason="seller")) == "it is cancelled"
    assert with_cause("it is cancelled", row) == "it is cancelled"


def test_a_financial_year_ends_in_march() -> None:
    assert end_of_year(2026) == date(2026, 3, 31)
