"""The people and papers behind the orders: valid in form, the same for a seed, and nobody's luck is moved."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.people import (
    POOL,
    check_character,
    credit_note_number,
    customer_number,
    gstin,
    invoice_number,
    order_id,
    orders_table,
    people,
    persons_of,
    purchase_order,
    return_number,
)
from tests.log_files import by_order, everything

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
        assert return_number(order, 1, replication) != return_number(other, 1, another)
    assert invoice_number(order, replication) != credit_note_number(other, another)


@settings(deadline=None)
@given(ORDER, st.integers(1, 5), st.integers(1, 5))
def test_the_returns_of_an_order_have_numbers_of_their_own(order, place, other):
    assert (return_number(order, place, 0) == return_number(order, other, 0)) == (place == other)
    assert re.fullmatch(r"RT\d{14}", return_number(order, place, 0))


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1))
def test_a_gstin_is_valid_in_form(number):
    told = gstin(number)

    assert re.fullmatch(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", told)
    assert check_character(told[:14]) == told[14]


def test_a_purchase_order_fits_into_the_field_of_an_e_invoice():
    assert len(purchase_order(10**8 - 1)) <= 16


@pytest.mark.parametrize("cut", [1, 100])
def test_the_orders_of_blocks_are_the_orders_of_the_log(cut):
    experiment, log = everything()
    whole = orders_table(log, experiment.run.seed, 2)

    assert [row for block in by_order(log, cut) for row in orders_table(block, experiment.run.seed, 2)] == whole


def test_customers_come_from_the_pool_and_order_more_than_once():
    persons = persons_of(np.arange(1, 5001), 1, 0)

    assert 0 <= persons.min() <= persons.max() < POOL == len(people(1))
    assert len(np.unique(persons)) > 0.9 * POOL
    assert len({customer_number(person) for person in range(POOL)}) == POOL
