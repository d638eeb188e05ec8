"""Kinds of errors, each planted at many places: reported with row, column and reason, and no other row is changed."""

import os
import random

import pytest

from tests.support.intake import ASSURE, HEADER, lines, orders, read, reasons, used

ROWS = 60
PLACES = 50 if os.environ.get("NIGHTLY") else 6
A, B, C, D, E, F, G, H, I, J, K, L = range(12)  # noqa: E741 (letters of columns)


def cell(place, text):
    """A change of one cell."""

    def change(cells):
        cells[place] = text

    return change


def cells(**texts):
    def change(row):
        for letter, text in texts.items():
            row["ABCDEFGHIJKL".index(letter)] = text

    return change


PLANTED = {
    "no order": (cell(A, ""), "ROW-01", "A"),
    "only spaces for an order": (cell(A, " \u00a0"), "ROW-01", "A"),
    "scientific": (cell(A, "1.23E+15"), "ROW-02", "A"),
    "zeros after fifteen digits": (cell(A, "8656400230129450000"), "ROW-03", "A"),
    "decimal id": (cell(A, "123456.0"), "ROW-20", "A"),
    "e-mail for an id": (cell(A, "asha@example.in"), "ROW-20", "A"),
    "phone number for an order": (cell(A, "+91 98765 01234"), "ROW-20", "A"),
    "phone number for an e-invoice": (cells(H="(987) 650-1234", I="04-06-2026 10:00"), "ROW-20", "H"),
    "NA for a time": (cell(K, "NA"), "ROW-23", "K"),
    "dash for units": (cell(B, " - "), "ROW-23", "B"),
    "NA for a word": (cell(D, "n/a"), "ROW-23", "D"),
    "NA for an order": (cell(A, "NA"), "ROW-23", "A"),
    "#REF! for an order": (cell(A, "#REF!"), "ROW-23", "A"),
    "unknown canceller": (cell(D, "SELER"), "ROW-04", "D"),
    "unknown status": (cell(E, "FULFILED"), "ROW-04", "E"),
    "unknown WMS status": (cell(F, "BOXED"), "ROW-04", "F"),
    "unknown result": (cell(L, "OK"), "ROW-04", "L"),
    "day that does not exist": (cell(K, "31-06-2026 11:00"), "ROW-05", "K"),
    "month that does not exist": (cell(K, "04-13-2026 11:00"), "ROW-05", "K"),
    "24 hours": (cell(K, "04-06-2026 24:00"), "ROW-05", "K"),
    "two digits for a year": (cell(K, "04-06-26 11:00"), "ROW-05", "K"),
    "other separators": (cell(K, "04/06/2026 11:00"), "ROW-05", "K"),
    "day without time": (cell(K, "04-06-2026"), "ROW-05", "K"),
    "words for a time": (cell(G, "yesterday"), "ROW-05", "G"),
    "serial number": (cell(K, "46177.46"), "ROW-06", "K"),
    "year before GST": (cell(K, "04-06-2006 11:00"), "ROW-08", "K"),
    "year far ahead": (cell(K, "04-06-2028 11:00"), "ROW-08", "K"),
    "half a unit": (cell(B, "2.5"), "ROW-10", "B"),
    "no unit": (cells(B="0", C="0"), "ROW-10", "B"),
    "too many units": (cells(B="2501", C="1"), "ROW-10", "B"),
    "minus": (cell(C, "-1"), "ROW-10", "C"),
    "more cancelled than ordered": (cell(C, "3"), "ROW-11", "C"),
    "packed and not released": (cell(F, "PACKED"), "ROW-15", "F"),
    "part of an order packed and not released": (cells(B="3", F="PACKED"), "ROW-15", "F"),
    "e-invoice without posting": (cells(G="", H="INV-1", I="04-06-2026 10:00"), "ROW-15", "H"),
    "e-invoice before posting": (cells(H="INV-1", I="04-06-2026 08:00"), "ROW-15", "I"),
    "push without e-invoice": (cell(J, "04-06-2026 10:00"), "ROW-15", "J"),
    "push before e-invoice": (cells(H="INV-1", I="04-06-2026 10:00", J="04-06-2026 09:30"), "ROW-15", "J"),
    "long document number": (cells(H="INV-0000000000017", I="04-06-2026 10:00"), "ROW-16", "H"),
    "document number with a space": (cells(H="INV 17", I="04-06-2026 10:00"), "ROW-16", "H"),
    **{f"long cell {letter}": (cell(place, "x" * 200_000), "ROW-21", letter) for place, letter in enumerate("ABCDEFGHIJKL")},
    "too few cells": (lambda cells: cells.pop(), "ROW-13", None),
    "too many cells": (cell(L, "SUCCESS,"), "ROW-13", None),
}
"""The change, the reason, and the column."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_error_is_reported_and_sets_only_its_row_aside(tmp_path, kind):
    change, expected, letter = PLANTED[kind]
    for place in random.Random(kind).sample(range(ROWS), PLACES):  # noqa: S311 (places of errors)
        rows = [row.split(",") for row in orders(ROWS)]
        change(rows[place])
        content = lines(*(",".join(row) for row in rows))

        intake = read(tmp_path, content)

        assert (expected, letter) in reasons(intake)[place + 2], (kind, place)
        assert [*reasons(intake)] == [place + 2]
        assert used(intake) == [f"FN{number:04}" for number in range(1, ROWS + 1) if number != place + 1]
        if expected not in ("ROW-08", "ROW-21"):
            assert len(reasons(intake)[place + 2]) == (2 if kind == "no unit" else 1)
        assert all(reason["message"] and reason["remedy"] for row in intake.rows.to_pylist() for reason in row["reasons"] or ())


@pytest.mark.parametrize("invoicing", ["RMS", "unknown"])
def test_posting_and_push_contradict_nothing_under_rms(tmp_path, invoicing):
    row = orders(1)[0].replace("04-06-2026 09:00,,,,", ",INV-1,04-06-2026 10:00,,")
    audit = f'[audit]\ninvoicing = "{invoicing}"\n'

    assert reasons(read(tmp_path, lines(row), audit=audit)) == {}
    assert reasons(read(tmp_path, lines(row))) == {2: [("ROW-15", "H")]}


def test_the_gap_of_a_contradiction_depends_on_the_scope(tmp_path):
    rows = [
        orders(1)[0].replace("FULFILLABLE,,", "FULFILLABLE,PACKED,"),
        orders(1, 2)[0].replace(",2,2,", ",3,2,").replace("FULFILLABLE,,", "FULFILLABLE,PACKED,"),
    ]

    gaps = [reason["gap"] for row in read(tmp_path, lines(*rows), ASSURE, name="x.csv").rows.to_pylist() for reason in row["reasons"] or ()]

    assert gaps == ["GAP-01", "GAP-06"]


assert HEADER.count(",") == L
