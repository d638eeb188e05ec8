"""Amounts in a column of debits and one of credits."""

import numpy as np
import pyarrow as pa
import pytest

from orders.intake.files.sheet import Batch
from orders.intake.files.two_sides import credit_place, with_both_sides
from orders.intake.values.ids import NO_VALUE


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["date", "debit", "credit"], 2),
        (["date", "debit amount", "credit amount"], 2),
        (["date", "debit", "credit amount"], None),
        (["date", "value", "credit"], None),
        (["date", "debit"], None),
    ],
)
def test_the_column_of_credits_has_the_name_of_that_of_debits(names, expected):
    assert credit_place(names, {"dated": 0, "value": 1}) == expected


def test_without_a_value_there_is_none():
    assert credit_place(["debit", "credit"], {"dated": 0}) is None


@pytest.mark.parametrize(
    ("debit", "credit", "value"),
    [
        ("700.00", "", "700.00"),
        ("", "700.00", "-700.00"),
        ("0.00", "700.00", "-700.00"),
        ("700.00", "0", "700.00"),
        ("", "700.00 Cr", "700.00 Cr"),
        ("", "", ""),
        ("0.00", "0.00", "0.00"),
        ("700.00", "7.00", "700.00 and 7.00"),
        ("", "NA", ""),
        ("Debit", "Credit", "Debit"),
    ],
)
def test_a_credit_is_negative_and_an_amount_on_each_side_is_none(debit, credit, value):
    batch = Batch(np.array([1]), {1: pa.array([debit]), 2: pa.array([credit])})

    assert with_both_sides(batch, 1, 2).columns[1].to_pylist() == [value]


def test_a_formula_without_a_value_on_either_side_is_told():
    kinds = {1: np.array([0, NO_VALUE]), 2: np.array([NO_VALUE, 0])}
    batch = Batch(np.array([1, 2]), {1: pa.array(["7", ""]), 2: pa.array(["", "7"])}, kinds=kinds)

    assert with_both_sides(batch, 1, 2).kinds[1].tolist() == [NO_VALUE, NO_VALUE]
