"""Values in columns of text: dates, numbers, ids and words; the probes of the specification, each as a test."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from orders.intake.errors import IntakeError
from orders.intake.values.date_formats import date_formats
from orders.intake.values.date_reasons import explain_time
from orders.intake.values.dates import FIRST_YEAR, LAST_YEAR, parse_times
from orders.intake.values.ids import damaged_ids, wrong_documents
from orders.intake.values.masking import visible_part
from orders.intake.values.numbers import INDIAN, paise_of, parse_money, units_of
from orders.intake.values.text_columns import TextCells, keys_of, trimmed
from orders.intake.values.words import look_up

IST = 330


def times(texts, *formats, zone=IST):
    column = pa.array(texts)
    return parse_times(TextCells(column), date_formats(formats), zone, np.array([text == "" for text in texts]))


def in_utc(text, *formats, zone=IST):
    found = times([text], *formats, zone=zone)
    return None if found.wrong[0] else f"{datetime.fromtimestamp(found.start[0] / 1000, UTC):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("04-06-2026 09:00", "dd-mm-yyyy HH:MM", "2026-06-04 03:30:00"),
        ("04-06-2026 05:29", "dd-mm-yyyy HH:MM", "2026-06-03 23:59:00"),
        ("4-Jun-26", "d-MMM-yy", "2026-06-03 18:30:00"),
        ("14-JUN-26", "d-MMM-yy", "2026-06-13 18:30:00"),
        ("20260604", "yyyymmdd", "2026-06-03 18:30:00"),
        ("04/06/2026 12:05 AM", "dd/mm/yyyy hh:MM AM", "2026-06-03 18:35:00"),
        ("04/06/2026 12:05 PM", "dd/mm/yyyy hh:MM AM", "2026-06-04 06:35:00"),
        ("2026-06-04T09:00:00Z", "iso", "2026-06-04 09:00:00"),
        ("2026-06-04T09:00:00+05:30", "iso", "2026-06-04 03:30:00"),
        ("2026-06-04T09:00:00.000+00:00", "iso", "2026-06-04 09:00:00"),
        ("29-02-2024", "dd-mm-yyyy", "2024-02-28 18:30:00"),
        ("04-06-2026 09:00 IST", "dd-mm-yyyy HH:MM ZZ", "2026-06-04 03:30:00"),
        ("04-06-2026 09:00 UTC", "dd-mm-yyyy HH:MM ZZ", "2026-06-04 09:00:00"),
        ("04-06-2026 09:00 GMT", "dd-mm-yyyy HH:MM ZZ", "2026-06-04 09:00:00"),
    ],
)
def test_a_time_in_the_declared_form_is_a_moment_in_utc(text, form, expected):
    assert in_utc(text, form) == expected


@pytest.mark.parametrize(
    ("text", "form", "kind", "words"),
    [
        ("31-02-2026", "dd-mm-yyyy", "date", "February has 28 days"),  # pyarrow makes it the third of March
        ("29-02-2023", "dd-mm-yyyy", "date", "February has 28 days"),
        ("03-04-26", "dd-mm-yyyy", "form", "it could be 3 April or 4 March 2026"),  # others read the year 26
        ("00-04-2026", "dd-mm-yyyy", "date", "there is no day 0"),
        ("13/14/2026", "dd/mm/yyyy", "date", "there is no month 14"),
        ("04-06-2026 24:00", "dd-mm-yyyy HH:MM", "date", "hours go from 00 to 23"),
        ("04-06-2026 09:60", "dd-mm-yyyy HH:MM", "date", "minutes"),
        ("45810", "dd-mm-yyyy", "serial", "2 June 2025"),
        ("45123.4166", "dd-mm-yyyy HH:MM", "serial", "16 July 2023"),
        ("2026-06-04T09:00:00", "iso", "zone", "has no zone"),
        ("04-06-2026 09:00 EST", "dd-mm-yyyy HH:MM ZZ", "form", "is not `dd-mm-yyyy HH:MM ZZ`"),
        ("04-06-0026", "dd-mm-yyyy", "year", "year 26"),
        ("04-06-2016", "dd-mm-yyyy", "year", "expected 2017"),
        ("4-Jum-26", "d-MMM-yy", "date", "no month `Jum`"),
        ("04-06-2026", "dd/mm/yyyy", "form", "4 June or 6 April"),
        ("04/06-2026", "dd/mm/yyyy", "form", "is not `dd/mm/yyyy`"),
        ("0:-06-2026", "dd-mm-yyyy", "date", "is not `dd-mm-yyyy`"),
        ("٠٤-06-2026", "dd-mm-yyyy", "form", "is not `dd-mm-yyyy`"),
        ("yesterday", "dd-mm-yyyy", "date", "is not `dd-mm-yyyy`"),
    ],
)
def test_another_text_is_no_time_and_the_reason_is_told(text, form, kind, words):
    assert in_utc(text, form) is None

    found, message = explain_time(text, date_formats((form,)))

    assert found == kind
    assert words in message


def test_every_day_of_the_calendar_is_read_as_python_reads_it():
    days = [date(FIRST_YEAR, 1, 1) + timedelta(days) for days in range((date(LAST_YEAR, 12, 31) - date(FIRST_YEAR, 1, 1)).days + 1)]

    found = times([f"{day:%d-%m-%Y}" for day in days], "dd-mm-yyyy", zone=0)

    assert not found.wrong.any()
    assert (found.start // 86_400_000).tolist() == [(day - date(1970, 1, 1)).days for day in days]


def test_every_other_day_and_month_is_refused():
    texts = [f"{day:02}-{month:02}-{year}" for year in (2023, 2024) for month in range(100) for day in range(100)]
    expected = []
    for text in texts:
        try:
            expected.append(datetime.strptime(text, "%d-%m-%Y").strftime("%d-%m-%Y") != text)  # noqa: DTZ007 (a day)
        except ValueError:
            expected.append(True)

    assert times(texts, "dd-mm-yyyy").wrong.tolist() == expected


def test_a_time_is_an_interval_as_long_as_its_precision():
    lengths = [
        (found := times([text], form)).end[0] - found.start[0]
        for text, form in (("04-06-2026", "dd-mm-yyyy"), ("04-06-2026 09:00", "dd-mm-yyyy HH:MM"))
    ]
    seconds = times(["2026-06-04T09:00:00Z", "2026-06-04T09:00:00.123Z"], "iso")

    assert lengths == [86_400_000, 60_000]
    assert (seconds.end - seconds.start).tolist() == [1000, 1]


@pytest.mark.parametrize("form", ["dd-mm", "dd-mm-yyyy hh", "dd-mm-yyyy XX", "mm-mm-yyyy", "dd-mm-yyyy h"])
def test_a_form_without_day_month_or_year_is_refused(form):
    with pytest.raises(IntakeError):
        date_formats((form,))


def test_formats_that_no_text_can_have_both_are_taken_together():
    assert len(date_formats(("d-MMM-yy", "dd-mm-yyyy", "yyyy-mm-dd", "dd/mm/yyyy", "yyyymmdd"))) == 5
    for formats in (("d-m-yyyy", "mm-dd-yyyy"), ("ddmmyyyy", "yyyymmdd"), ("dmyyyy",), ("dd-mm-yy", "yy-mm-dd")):
        with pytest.raises(IntakeError, match="different days"):
            date_formats(formats)


def test_two_forms_that_read_one_text_as_two_days_are_refused():
    with pytest.raises(IntakeError, match="different days"):
        date_formats(("dd/mm/yyyy", "mm/dd/yyyy"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,400.00", 140_000), ("-1,400.00", -140_000), ("(1,400.00)", -140_000), ("1,400.00 Dr", 140_000), ("1,400.00 Cr", -140_000),
        ("2,10,000.00", 21_000_000), ("₹ 700", 70_000), ("700.5", 70_050), ("700.500", 70_050), ("-700", -70_000), ("0", 0),
        ("210,000.00", None), ("1,4,00", None), ("700.005", None), ("7e3", None), ("-(7)", None), ("(-7)", None), ("", None), ("-", None),
        ("\u0667\u0660\u0660", None), ("1 400", None), ("1.400,00", None),
    ],
)  # fmt: skip
def test_an_amount_is_paise_or_refused(text, expected):
    assert paise_of(text, INDIAN) == expected


def test_plain_amounts_are_read_as_columns_like_one_by_one():
    texts = [
        f"{sign}{whole}{part}"
        for sign in ("", "-")
        for whole in ("", "0", "7", "1400", "123456789012")
        for part in ("", ".", ".5", ".50", ".505")
    ]
    column = pa.array([*texts, "--5", "5-", "-.50", "5.-1", "1,400.00"])

    found = parse_money(TextCells(column), INDIAN, np.array([not text for text in column.to_pylist()]))

    for text, value, wrong in zip(column.to_pylist(), found.values.tolist(), found.wrong.tolist(), strict=True):
        if text and not text.startswith(("-.", ".")):
            assert (None if wrong else value) == paise_of(text, INDIAN), text


@pytest.mark.parametrize(
    ("text", "expected"), [("2", 2), ("2.0", 2), (" 2 ", 2), ("1,000", 1000), ("2.5", None), ("-2", None), ("two", None), ("1e3", None)]
)
def test_units_are_whole_numbers(text, expected):
    assert units_of(text, INDIAN) == expected


def test_ids_that_a_spreadsheet_changed_are_found():
    texts = [
        "1.23E+15",
        "1E5",
        "123.0",
        "8656400230129450000",
        "865640023012945678",
        "FN0001",
        "0012345",
        "a@b.in",
        "5.7.10",
        "05_leslie3d",
        "12E",
        "#####",
        "?",
        "-",
        "आदेश",
        "'7",
    ]

    found = damaged_ids(TextCells(pa.array(texts)), None)

    assert {name: [text for text, wrong in zip(texts, mask, strict=True) if wrong] for name, mask in found.items() if mask.any()} == {
        "scientific": ["1.23E+15", "1E5"], "decimal": ["123.0"], "digits": ["8656400230129450000"], "personal": ["a@b.in"],
        "marks": ["#####", "?"], "nothing": ["-"],
    }  # fmt: skip


def test_numbers_of_documents_have_at_most_sixteen_letters_digits_hyphens_and_slashes():
    longest = "A" * 15 + "1"
    texts = ["INV-001", "26-27/0001", longest, longest + "1", "INV 001", "INV_1", "-1", "/1", "", "'INV-1", "é1", "INV-1R", "PENDING"]

    assert [text for text, wrong in zip(texts, wrong_documents(TextCells(pa.array(texts))), strict=True) if wrong] == [
        longest + "1",
        "INV 001",
        "INV_1",
        "-1",
        "/1",
        "é1",
        "PENDING",
    ]


def test_cells_are_trimmed_of_all_spaces_and_a_key_of_one_apostrophe():
    texts = ["fn1", " fn1 ", "\u00a0fn1\u200b", "'fn1", "''fn1", "' fn1", "", "  ", "café "]

    clean = trimmed(TextCells(pa.array(texts)))

    assert clean.column.to_pylist() == ["fn1", "fn1", "fn1", "'fn1", "''fn1", "' fn1", "", "", "café"]
    assert keys_of(clean).to_pylist() == ["FN1", "FN1", "FN1", "FN1", "'FN1", "FN1", None, None, "CAFÉ"]


def test_words_are_found_without_regard_to_case_and_spaces():
    found = look_up(
        TextCells(pa.array(["Seller", " SELLER ", "seler", "", "Ajio  Team"])),
        {"seller": "seller", "AJIO TEAM": "Ajio"},
        np.array([False, False, False, True, False]),
    )

    assert found.texts().to_pylist() == ["seller", "seller", None, None, "Ajio"]
    assert found.unknown.tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("last", [[], ["Ajio"], ["", "Ajio", "seler"]])
def test_words_that_stand_in_later_rows_only_are_found(last):
    texts = ["Seller", "AJIO"] * 2000 + last

    found = look_up(TextCells(pa.array(texts)), {"seller": "seller", "ajio": "Ajio"}, np.array([not text for text in texts]))

    assert found.texts().to_pylist() == ["seller", "Ajio"] * 2000 + [{"Ajio": "Ajio"}.get(text) for text in last]
    assert np.flatnonzero(found.unknown).tolist() == ([4002] if "seler" in last else [])


def test_equal_cells_have_equal_hashes_and_others_have_not():
    texts = ["", "a", "b", "ab", "a\0", "aaaaaaaa", "aaaaaaaab", "FN00000001", "FN00000002", "x" * 16 + "y", "x" * 17] * 2

    hashes = TextCells(pa.array(texts).slice(1)).hashes().tolist()

    assert hashes[:10] == hashes[11:21]
    assert len(set(hashes)) == len(set(texts))


def test_ids_of_one_length_have_different_hashes_where_one_byte_differs():
    texts = ["FN000000000", *("FN000000000"[:place] + "X" + "FN000000000"[place + 1 :] for place in range(11))]

    assert len(set(TextCells(pa.array(texts)).hashes().tolist())) == len(texts)


@pytest.mark.parametrize("first", [0, 1])
def test_a_key_is_null_where_a_cell_is_empty_or_spoilt(first):
    cells = TextCells(pa.array(["FN0", "FN1", "", "ASHA RAO", "FN3"]).slice(first))

    keys = keys_of(cells, np.array([False, False, False, True, False])[first:])

    assert keys.to_pylist() == ["FN0", "FN1", None, None, "FN3"][first:]
    keys.validate(full=True)


@pytest.mark.parametrize(
    ("text", "known", "is_id", "expected"),
    [
        ("Asha Rao", False, False, "A••• (8 characters)"),
        ("asha@x.in", True, True, "a••• (9 characters)"),
        ("9876543210", True, False, "9••• (10 characters)"),
        ("9876543210", True, True, "9876543210"),
        ("call +91 98765 43210", True, False, "c••• (20 characters)"),
        ("04-06-2026", True, False, "04-06-2026"),
        ("9876-501-234", True, False, "9••• (12 characters)"),
        ("(987) 650-1234", True, True, "(••• (14 characters)"),
        ("x", False, False, "x••• (1 character)"),
        ("x" * 50, True, False, "x" * 39 + "…"),
    ],
)
def test_what_is_shown_of_a_cell_is_short_and_not_personal(text, known, is_id, expected):
    assert visible_part(text, is_known=known, is_id=is_id) == expected
