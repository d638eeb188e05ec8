"""Suggestions for headers that have a unit, a form of dates or a zone behind a known name."""

import pytest

from orders.intake.mapping.reading import read_mapping
from orders.intake.mapping.suggestion import suggest
from orders.intake.mapping.writing import mapping_text
from orders.intake.reading import read_sources
from tests.support.intake import DAY_BOOK, NOTE, lines, orders, read

LATE_DAY = orders(1, 9)[0].replace("04-06-2026 11:00", "24-06-2026 11:00")


def written(folder, *changes, rows=None, name="orders.csv"):
    """Write an export whose header has the *changes*."""
    content = lines(*(rows or [*orders(3), LATE_DAY]))
    for old, new in changes:
        content = content.replace(old, new, 1)
    file = folder / name
    file.write_bytes(content.encode())
    return file


def suggestion_of(file, column):
    """Return the suggestion for *column*, and its source."""
    (source,) = suggest(file)
    return next((suggestion for suggestion in source.suggestions if suggestion.column == column), None), source


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("POSTED AT (IST)", 330), ("Posted At [IST]", 330), ("Posted At (in IST)", 330), ("Posted At - IST", 330), ("posted_at_utc", 0),
        ("Posted At (UTC)", 0), ("Posted At (GMT)", 0), ("Posted At (GMT+5:30)", 330), ("Posted At (UTC +05:30)", 330), ("Posted At (+05:30)", 330),
        ("Posted At (Asia/Kolkata)", 330), ("Posted At (dd-mm-yyyy HH:MM IST)", 330), ("Posted At (dd-mm-yyyy hh:mm)", None),
        ("Posted At (-08:00)", -480), ("Posted At (UTC+1)", 60),
    ],
)  # fmt: skip
def test_a_zone_behind_a_known_name_is_suggested_and_waits_to_be_confirmed(tmp_path, name, zone):
    suggestion, source = suggestion_of(written(tmp_path, ("Posted At", name)), name)

    assert (suggestion.target, suggestion.is_exact, source.mapping.is_confirmed) == ("posted", False, False)
    assert suggestion.reason.startswith("name of the profile assure-cancellations with ")
    assert source.mapping.columns["posted"].zone == zone


@pytest.mark.parametrize(
    "name", ["Posted At (PST)", "Posted At (by whom)", "Posted At (IST or UTC)", "Posted At (units)", "Posted At (UTC+27)"]
)
def test_other_words_in_parentheses_are_no_zone(tmp_path, name):
    suggestion, source = suggestion_of(written(tmp_path, ("Posted At", name)), name)

    assert suggestion is None
    assert source.mapping.columns["posted"].zone is None


@pytest.mark.parametrize("name", ["Cancelled At (PST)", "Cancelled At (IST or UTC)"])
def test_a_time_in_a_zone_that_is_not_known_is_not_alike(tmp_path, name):
    assert suggestion_of(written(tmp_path, ("Cancelled At", name)), name)[0] is None


def test_a_name_that_is_only_alike_has_its_zone_too(tmp_path):
    suggestion, source = suggestion_of(written(tmp_path, ("Cancelled At", "Canceled At (UTC)")), "Canceled At (UTC)")

    assert (suggestion.target, suggestion.is_alike) == ("cancelled", True)
    assert source.mapping.columns["cancelled"].zone == 0


@pytest.mark.parametrize(
    ("old", "new", "target"),
    [("Order Qty", "Order Qty (Nos.)", "units"), ("Cancelled Qty", "Cancelled Qty (pcs)", "units_cancelled")],
)
def test_a_unit_behind_a_quantity_is_suggested(tmp_path, old, new, target):
    suggestion, _ = suggestion_of(written(tmp_path, (old, new)), new)

    assert (suggestion.target, suggestion.is_exact) == (target, False)


@pytest.mark.parametrize(
    ("name", "target"), [("Value (INR)", "value"), ("Value (in Rs.)", "value"), ("Value (₹ in lakhs)", None), ("Value (excl. GST)", None)]
)
def test_a_currency_is_suggested_and_another_amount_is_not(tmp_path, name, target):
    file = tmp_path / "book.csv"
    file.write_bytes(lines(*[NOTE.format("6-Jul-26", number) for number in (1, 2)], header=DAY_BOOK).replace("Value", name, 1).encode())
    suggestion, _ = suggestion_of(file, name)

    assert (suggestion and suggestion.target) == target


def test_the_name_without_a_zone_is_taken_first(tmp_path):
    rows = [f"{row},04-06-2026 03:30" for row in [*orders(3), LATE_DAY]]
    file = written(tmp_path, ("Result", "Result,Posted At (UTC)"), rows=rows)
    (source,) = suggest(file)

    assert next(suggestion.column for suggestion in source.suggestions if suggestion.target == "posted") == "Posted At"
    assert source.mapping.columns["posted"].zone is None


def test_a_header_all_of_whose_times_have_a_zone_is_found(tmp_path):
    names = ("Posted At", "E-Invoice At", "Pushed At", "Cancelled At")
    file = written(tmp_path, *((name, f"{name.upper()} (UTC)") for name in names))
    (source,) = suggest(file)

    assert {target: column.zone for target, column in source.mapping.columns.items() if column.zone is not None} == dict.fromkeys(
        ("posted", "invoiced", "pushed", "cancelled"), 0
    )


def test_the_zone_that_is_written_is_read_back(tmp_path):
    file = written(tmp_path, ("Cancelled At", "Cancelled At (UTC)"))
    text = mapping_text(suggest(file), invoicing="ERP")
    assert 'cancelled = {column = "Cancelled At (UTC)", zone = "UTC"}' in text

    (tmp_path / "audit.toml").write_text(text.replace("confirmed = false", "confirmed = true"), encoding="utf-8")
    in_utc = read_sources(read_mapping(tmp_path / "audit.toml")).requests["cancelled_start"].to_pylist()

    (tmp_path / "india").mkdir()
    in_india = read(tmp_path / "india", lines(*orders(3), LATE_DAY)).requests["cancelled_start"].to_pylist()
    assert [later - time for later, time in zip(in_utc, in_india, strict=True)] == [330 * 60_000] * 4
