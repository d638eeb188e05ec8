"""References of credit notes that name several invoices: what they certainly name, what they may name, and numbers with slashes."""

import pytest

from orders.intake.values.references import is_list_of_documents, read_reference

KNOWN = {"INV-9", "INV-10", "INV-11", "INV-12", "A/1", "B/2", "INV/24-25/0009", "INV/24-25/0010", "1001", "1002", "N/1", "N/1/2", "2/N/1"}


@pytest.mark.parametrize(("text", "numbers"), [
    ("INV-9/INV-10", "INV-9 INV-10"),
    ("INV-9, INV-10", "INV-9 INV-10"),
    ("INV-10 & INV-9", "INV-10 INV-9"),
    ("INVOICE INV-9 AND INV-10", "INV-9 INV-10"),
    ("INV-9; INV-10 + A/1", "INV-9 INV-10 A/1"),
    ("INV/24-25/0009/INV/24-25/0010", "INV/24-25/0009 INV/24-25/0010"),
    ("INV/24-25/0009 / INV/24-25/0010", "INV/24-25/0009 INV/24-25/0010"),
    ("A/1/B/2", "A/1 B/2"),
    ("1001/1002", "1001 1002"),
])  # fmt: skip
def test_nothing_but_numbers_of_the_run_are_certainly_named(text, numbers):
    assert read_reference(text, KNOWN) == (tuple(numbers.split()), True)


@pytest.mark.parametrize(("text", "numbers"), [
    ("INV-9/10", "INV-9 INV-10"),
    ("INV 9 AND 10", "INV-9 INV-10"),
    ("INV-9 TO INV-12", "INV-9 INV-10 INV-11 INV-12"),
    ("INV-9-12", "INV-9 INV-10 INV-11 INV-12"),
    ("INV/24-25/0009-10", "INV/24-25/0009 INV/24-25/0010"),
    ("INV/24-25/0009, 10", "INV/24-25/0009 INV/24-25/0010"),
    ("INV-9/INV-99", "INV-9"),
    ("INV-9/INV-9", "INV-9"),
    ("INV-9/X/INV-10", "INV-9 INV-10"),
    ("N/1/2/N/1", "N/1 2/N/1 N/1/2"),
])  # fmt: skip
def test_what_is_shortened_or_beside_something_else_may_be_named(text, numbers):
    """So is what can be read in two ways: N/1/2 and N/1, or N/1 and 2/N/1."""
    assert read_reference(text, KNOWN) == (tuple(numbers.split()), False)


@pytest.mark.parametrize("text", ["INV-98/INV-99", "INV/24-25/0011", "10/9", "4-6-26"])
def test_what_is_like_no_number_of_the_run_names_none(text):
    assert read_reference(text, KNOWN) is None


@pytest.mark.parametrize("text", ["INV-9, INV-10", "inv 9 and 10", "INV-9\nINV-10", "INV/24-25/0009/INV/24-25/0010", "INV-9 TO INV-12"])
def test_several_numbers_in_one_cell_are_a_list(text):
    assert is_list_of_documents(text)


@pytest.mark.parametrize("text", [
    "INV-9", "Invoice INV-9", "INV-9 of Zaqiel", "Anil Kumar, Sunil Kumar", "against INV-9 and INV-10", "INV-9, #10", "returned",
    "INV/24-25/000000000000009", ", ".join(["INV-9"] * 50), "A/" * 5000 + "1", "INV-9, INV/24-25/000000000000009",
])  # fmt: skip
def test_one_number_other_words_and_very_long_cells_are_no_list(text):
    assert not is_list_of_documents(text)


def test_many_pieces_are_not_tried_in_every_way():
    assert read_reference("/".join(["A"] * 90 + ["Z"]), {"A", "A/A"}) == (("A/A",), False)
