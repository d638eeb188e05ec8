"""The people and papers behind the orders: valid in form, the same for a seed, and no other random draw changes."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.log.calendar import NEVER
from orders.log.columns import Event
from simulator.experiment.experiment import load
from simulator.study.identities import (
    POOL_SIZE,
    Identities,
    check_character,
    credit_note_number,
    customer_number,
    draw_customers,
    gstin,
    invoice_number,
    order_id,
    people,
    purchase_order,
)
from simulator.study.simulate import record_replication
from sop_engine import Outcome
from tests.support.log_files import by_order, everything

DOCUMENT = re.compile(r"[A-Z1-9][A-Z0-9/-]{0,15}")
"""What the e-invoice portal takes as the number of a document: sixteen characters at most, no zero or sign in front."""

ORDER, REPLICATION = st.integers(1, 10**8 - 1), st.integers(0, 9999)


@settings(deadline=None)
@given(ORDER, REPLICATION)
def test_numbers_of_tax_documents_are_valid_in_form(order, replication):
    assert DOCUMENT.fullmatch(invoice_number(order, replication))
    assert DOCUMENT.fullmatch(credit_note_number(order, replication))


@settings(deadline=None)
@given(ORDER, REPLICATION, ORDER, REPLICATION)
def test_two_papers_never_share_a_number(order, replication, other, another):
    if (order, replication) != (other, another):
        for number in (order_id, invoice_number, credit_note_number):
            assert number(order, replication) != number(other, another)
    assert invoice_number(order, replication) != credit_note_number(other, another)


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1))
def test_a_gstin_is_valid_in_form(number):
    text = gstin(number)

    assert re.fullmatch(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", text)
    assert check_character(text[:14]) == text[14]


def test_a_purchase_order_fits_into_the_field_of_an_e_invoice():
    assert len(purchase_order(10**8 - 1)) <= 16


@pytest.mark.parametrize("cut", [1, 100])
def test_the_orders_of_blocks_are_the_orders_of_the_log(cut):
    experiment, log = everything()
    identities = Identities(experiment.run.seed, 2)

    assert [row for block in by_order(log, cut) for row in identities.orders(block).rows()] == list(identities.orders(log).rows())


def test_customers_come_from_the_pool_and_order_more_than_once():
    persons = draw_customers(np.arange(1, 5001), 1, 0)

    assert 0 <= persons.min() <= persons.max() < POOL_SIZE == len(people(1))
    assert len(np.unique(persons)) > 0.9 * POOL_SIZE
    assert len({customer_number(person) for person in range(POOL_SIZE)}) == POOL_SIZE


def test_what_a_simulation_knows_of_each_event_beyond_its_facts():
    experiment, log = everything()
    identities = Identities(experiment.run.seed, 2)
    orders = {row.order: row for row in identities.orders(log).rows()}
    papers = {
        **dict.fromkeys((Event.INVOICED, Event.PUSHED), "invoice_number"),
        **dict.fromkeys((Event.CREDIT_NOTE_DUE, Event.CREDIT_NOTE_MADE), "credit_note_number"),
    }
    seen = set()
    for row in identities.with_ids(log).rows():
        order = orders.get(row.order)
        assert row.order_id == (order.order_id if order else "")
        assert row.document == (getattr(order, papers[row.event]) if row.event in papers else "")
        assert row.lifecycle == ("start" if row.event in (Event.PICK_STARTED, Event.PACK_STARTED) else "complete")
        asked = row.event in (Event.CANCELLATION, Event.CANCELLED_BY_CUSTOMER)
        done = row.event == Event.CANCELLED_BY_CUSTOMER or row.outcome == Outcome.ALLOWED
        assert row.carried_out == ("" if not asked else "yes" if done else "no")
        seen.add((row.actor, row.system, row.resource))

    assert {("seller", "Assure OMS", "seller"), ("system", "Assure OMS", "Assure OMS"), ("Ajio", "Ajio", "Ajio")} <= seen
    assert all(not resource for actor, _, resource in seen if actor in ("picker", "packer", "courier", "warehouse", "customer"))


def test_pickers_and_packers_are_numbered_and_do_one_thing_at_a_time():
    changes = ("run.days=3", "ajio.orders_per_day=300", "wms.packers=3", "wms.pickers=2", "oms.seller_cancellation_share=0.3")
    experiment = load("ordinary_week_erp", (*changes, "wms.missing_unit_share=0.2", "ajio.partial_cancellation_share=0.2"))
    recorded = record_replication(experiment)
    identities = Identities(experiment.run.seed, 0, recorded.teams)
    rows = list(identities.with_ids(recorded.full_log).rows())
    ended = {row.order: -(-row.time_ms // 8) * 8 for row in rows if row.cancels_the_order}

    assert [row for block in recorded.by_order(70) for row in identities.with_ids(block).rows() if row.order] == sorted(
        (row for row in rows if row.order), key=lambda row: ((row.order - 1) // 70, row.time_ms)
    )
    for actor, number_of_people, start, ends in (
        ("picker", 2, "pick started", ("picked",)),
        ("packer", 3, "pack started", ("packed", "packing error")),
    ):
        work = {}
        for row in rows:
            if row.event == start:
                work.setdefault(row.resource, []).append([row.time_ms, ended.get(row.order, NEVER), row.order])
            elif row.event in ends:
                (stretch_of_order,) = [stretch for stretch in work[row.resource] if stretch[2] == row.order]
                stretch_of_order[1] = min(stretch_of_order[1], row.time_ms)
        assert work.keys() == {f"{actor} {number}" for number in range(1, number_of_people + 1)}
        for stretches in work.values():
            assert all(one[1] <= other[0] for one, other in pairwise(sorted(stretches)))


def test_which_blocks_are_read_changes_nothing_of_what_is_known_of_an_event():
    experiment, log = everything()
    identities = Identities(experiment.run.seed, 0)
    pieces = [log.take(slice(k, k + 100)) for k in range(0, len(log), 100)]

    assert [row for piece in pieces for row in identities.with_ids(piece).rows()] == list(identities.with_ids(log).rows())


def test_gstins_are_valid_in_form():
    assert [check_character(body) for body in ("29AADCP7081J1Z", "27AAPFU0939F1Z", "29AAGCB7383J1Z")] == ["Y", "V", "4"]
    assert check_character(gstin(12345)[:14]) == gstin(12345)[14]
    assert len(gstin(2**63 - 1)) == 15


def test_invoice_numbers_are_short_and_begin_with_a_letter():
    assert len(invoice_number(4_000_000, 99_999)) <= 16
    assert invoice_number(1, 0)[0].isalpha()
