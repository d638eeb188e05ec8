"""A stage at the cancellation that the times of the order do not allow: released before posting, or packed before the e-invoice.

It can be that of the day of the export, so an earlier stage is as possible. All requests here are of 12:00.
"""

import pytest

from tests.orders.audit.test_facts import at, audited, request, rules, words
from tests.support.audit_tables import bits

BEFORE_RELEASE = ["CREATED", "UNFULFILLABLE", "FULFILLABLE"]
BEFORE_PACKING = [*BEFORE_RELEASE, "PROCESSING"]


OF_OTHERS = ("posted", "invoiced", "pushed", "cancelled", "invoice", "units", "canceller")
"""Columns of a file without the times of the warehouse."""


def stages(*stated, **cells):
    """The stages of a request whose row has *stated* ones."""
    return words("stage", audited(request(stage=bits("stage", *stated), **cells), has=OF_OTHERS))


@pytest.mark.parametrize(
    ("stage", "more"),
    [
        ("PROCESSING", BEFORE_RELEASE),
        ("PACKED", BEFORE_RELEASE),
        ("READY_TO_DISPATCH", BEFORE_RELEASE),
        ("COMPLETED", BEFORE_RELEASE),
        ("FULFILLABLE", []),
        ("UNFULFILLABLE", []),
        ("CREATED", []),
        ("CANCELLED", []),
    ],
)
def test_before_its_posting_an_order_of_the_clients_erp_was_not_released(stage, more):
    assert stages(stage, **at("posted", "13:00")) == [*more, stage]
    assert stages(stage, **at("posted", "11:00")) == [stage]


@pytest.mark.parametrize(
    ("stage", "more"),
    [
        ("PACKED", BEFORE_PACKING),
        ("READY_TO_DISPATCH", BEFORE_PACKING),
        ("COMPLETED", BEFORE_PACKING),
        ("PROCESSING", []),
        ("FULFILLABLE", []),
        ("CANCELLED", []),
    ],
)
@pytest.mark.parametrize("invoicing", ["ERP", "RMS"])
def test_before_its_e_invoice_an_order_was_not_packed(stage, more, invoicing):
    cells = {"invoicing": bits("invoicing", invoicing), **at("posted", "09:00")}

    assert stages(stage, **cells, **at("invoiced", "13:00")) == [*more, stage]
    assert stages(stage, **cells, **at("invoiced", "11:00")) == [stage]


@pytest.mark.parametrize("cells", [{"invoicing": bits("invoicing", "RMS")}, {"invoicing": bits("invoicing", "ERP", "RMS")}])
def test_posting_means_nothing_under_rms_or_where_that_is_possible(cells):
    assert stages("PROCESSING", **cells, **at("posted", "13:00")) == ["PROCESSING"]


@pytest.mark.parametrize(
    ("name", "stage", "more"),
    [("posted", "PROCESSING", BEFORE_RELEASE), ("invoiced", "PACKED", BEFORE_PACKING)],
    ids=["posted", "invoiced"],
)
@pytest.mark.parametrize(("time", "is_after"), [("12:00", False), ("12:01", True), ("04-06-2026", False), ("05-06-2026", True)])
def test_only_a_time_that_is_certainly_later_forbids_a_stage(name, stage, more, time, is_after):
    posted = {} if name == "posted" else at("posted", "09:00")

    assert stages(stage, **posted, **at(name, time)) == [*(more if is_after else []), stage]


def test_without_a_time_no_stage_is_forbidden():
    assert stages("PROCESSING") == ["PROCESSING"]
    assert stages("PACKED", **at("posted", "09:00")) == ["PACKED"]
    assert stages("PACKED", cancelled_start=None, cancelled_end=None, **at("posted", "09:00"), **at("invoiced", "13:00")) == ["PACKED"]


def test_of_several_stages_those_that_the_times_allow_are_enough():
    assert stages("FULFILLABLE", "PROCESSING", **at("posted", "13:00")) == ["FULFILLABLE", "PROCESSING"]
    assert stages("PROCESSING", "PACKED", **at("posted", "09:00"), **at("invoiced", "13:00")) == ["PROCESSING", "PACKED"]


def test_the_time_can_stand_in_another_row_of_the_order():
    listed = request(stage=0, is_cancellation=False, units_cancelled=0, cancelled_start=None, cancelled_end=None, **at("posted", "13:00"))

    assert words("stage", audited(request(stage=bits("stage", "PROCESSING")), listed)) == [*BEFORE_RELEASE, "PROCESSING"]


def test_a_cancellation_is_not_certainly_against_the_sop_because_of_a_forbidden_stage():
    """PACKED would be refused, and no credit note due; packed before its e-invoice it was not."""
    cells = {"stage": bits("stage", "PACKED"), **at("posted", "09:00"), "invoice_key": "I"}
    allowed, forbidden = (audited(request(**cells, **at("invoiced", time))) for time in ("10:00", "13:00"))

    assert "C-1" in rules(allowed)
    assert "C-6" in rules(forbidden)
    assert "C-1" not in rules(forbidden)
    assert [row["status"] for row in forbidden.duties.to_pylist()] == ["uncertain"]
