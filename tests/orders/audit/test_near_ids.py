"""Ids that can be of one order: the ids of a list, and that before the number of a package."""

import pyarrow as pa
import pytest

from orders.audit.rows.near_ids import NearIds, ids_within


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("FN1, FN2", ["FN1", "FN2"]),
        ("FN1 AND FN2", ["FN1", "FN2"]),
        ("FN1/FN2", ["FN1", "FN2"]),
        ("4001234567;4001234568", ["4001234567", "4001234568"]),
        ("FN1-2", ["FN1"]),
        ("FN1/B", ["FN1"]),
        ("FN1_10", ["FN1"]),
        ("FN10", []),
        ("FN-01", []),
        ("26-27", []),
        ("SO/26-27/0001", []),
        ("FY26/A0001", []),
        ("171-1234567-1234567", []),
        ("FN 1", []),
        ("ORDER FN1", ["FN1"]),
        ("FN1 (KURTA)", ["FN1"]),
    ],
)
def test_the_ids_that_stand_in_another_one(key, parts):
    places, texts = ids_within(pa.array(["X", key]))

    assert (places.tolist(), texts.to_pylist()) == ([1] * len(parts), parts)


def test_each_of_two_ids_is_near_the_other_if_one_stands_in_it():
    near = NearIds(pa.array(["FN1", "FN1-2", "FN2", "FN1, FN2", "FN10"]), are_orders=True)

    assert near.near("FN1") == ["FN1, FN2", "FN1-2"]
    assert near.near("FN1, FN2") == ["FN1", "FN2"]
    assert near.near("FN10") == []
    assert near.is_part("FN2")
    assert not near.is_part("FN10")


def test_all_ids_that_look_alike_are_near_and_not_only_those_that_are_shown():
    near = NearIds(pa.array([f"FN{zeros}1" for zeros in ("", "0", "00", "000", "0000", "O")]))

    assert len(near.near("FN1")) == 5
