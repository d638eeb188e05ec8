"""Suggested mappings: exact, synonym, alike; dates whose order is not certain; and the file that is written."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from orders.intake.errors import IntakeError
from orders.intake.files.folders import require_source
from orders.intake.mapping.profiles import profiles
from orders.intake.mapping.reading import from_profile, read_mapping
from orders.intake.mapping.suggestion import SuggestedSource, suggest
from orders.intake.mapping.writing import mapping_text
from orders.intake.reading import read_sources
from tests.support.intake import DAY_BOOK, HEADER, NOTE, ROW, lines, orders, states

EXAMPLES = Path(__file__).parents[2] / "samples" / "audit"


def suggested(folder, content, name="orders.csv"):
    file = folder / name
    file.write_bytes(content.encode())
    return suggest(file)[0]


def test_the_examples_have_their_profiles():
    suggestions = [
        suggest(EXAMPLES / name, encoding)[0]
        for name, encoding in (("dev1-assure.csv", None), ("dev2-ajio-orders.csv", "cp1252"), ("dev3-erp-daybook.csv", None))
    ]

    assert [source.mapping.profile for source in suggestions] == ["assure-cancellations", "ajio-order-report", "tally-daybook"]
    assert [source.mapping.is_confirmed for source in suggestions] == [True, False, True]
    assert '"04/06/2026" and "05/06/2026" would be other days' in suggestions[1].questions[0]


def test_what_is_written_is_read_back_and_gives_the_same_rows(tmp_path):
    for name in ("dev1-assure.csv", "dev3-erp-daybook.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    text = mapping_text(
        [source for name in ("dev1-assure.csv", "dev3-erp-daybook.csv") for source in suggest(tmp_path / name)], invoicing="ERP"
    )
    (tmp_path / "audit.toml").write_text(text, encoding="utf-8")

    intake = read_sources(read_mapping(tmp_path / "audit.toml"))

    assert intake.sources.select(["used", "set_aside"]).to_pylist() == [{"used": 12, "set_aside": 4}, {"used": 14, "set_aside": 1}]
    assert [source["confirmed"] for source in tomllib.loads(text)["source"]] == [True, True]


@pytest.mark.parametrize(
    ("profile", "claim"),
    [
        ("assure-cancellations", "cancellations"), ("vms-cancelled-after-posting", "cancellations"), ("ajio-order-report", "orders"),
        ("tally-daybook", "documents"), ("gst-e-invoices", "documents"), ("rsi", "returns"), ("ajio-returns", "returns"),
    ],
)  # fmt: skip
def test_the_claim_that_is_proposed_is_one_that_the_file_can_make(tmp_path, profile, claim):
    source = SuggestedSource(from_profile(tmp_path / "file.csv", profiles()[profile]), (), ())

    assert re.findall(r'of = "(\w+)" }', mapping_text([source])) == [claim]


def test_a_question_of_one_column_says_column(tmp_path):
    (question,) = suggested(tmp_path, lines(NOTE.format("06-07-26", 1), header=DAY_BOOK)).questions

    assert question.startswith("column A: ")


def test_no_sample_shows_a_value(tmp_path):
    source = suggested(tmp_path, lines(*orders(3)))

    assert {sample for suggestion in source.suggestions for sample in suggestion.samples if "FN" in sample} == set()
    assert next(suggestion.samples for suggestion in source.suggestions if suggestion.target == "order") == ("F••• (6 characters)",) * 3


@pytest.mark.parametrize(
    ("old", "new", "reason", "is_exact"),
    [
        ("Cancelled Qty", "cancelled_QTY", "exact", True),
        ("Order Qty", "Ordered Quantity", "synonym", False),
        ("Cancelled At", "Canceled At", "alike (0.96)", False),
    ],
)
def test_each_column_has_its_reason(tmp_path, old, new, reason, is_exact):
    content = lines(*orders(3), orders(1, 9)[0].replace("04-06-2026 11:00", "24-06-2026 11:00")).replace(old, new)

    source = suggested(tmp_path, content)

    suggestion = next(suggestion for suggestion in source.suggestions if suggestion.column == new)
    assert suggestion.reason.startswith(reason)
    assert (suggestion.is_exact, source.mapping.is_confirmed) == (is_exact, is_exact)


def test_an_alike_name_whose_values_do_not_fit_is_not_taken(tmp_path):
    content = lines(*orders(3)).replace("Cancelled At", "Canceled At").replace("04-06-2026 11:00", "by mail")

    assert all(suggestion.column != "Canceled At" for suggestion in suggested(tmp_path, content).suggestions)


def test_times_with_a_zone_are_recognized(tmp_path):
    assert "but fit `iso`" in "".join(
        suggested(tmp_path, lines(ROW.format("F").replace("04-06-2026 ", "2026-06-04T").replace("0,", "0Z,"))).questions
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("04-06-2026", "05-06-2026"), "would be other days"),
        (("04-06-2026", "24-06-2026"), ""),
        (("04-06-2026", "06-24-2026", "24-06-2026"), "fits `mm-dd-yyyy HH:MM` only"),
        (("04-06-2026", "05-06-2026", "31-06-2026"), "would be other days"),
        (("2026-06-04", "2026-06-05"), "fit `yyyy-mm-dd HH:MM`"),
        (("06-06-2026", "06-06-2026"), ""),
    ],
)
def test_the_order_of_day_and_month_is_taken_only_if_it_is_certain(tmp_path, days, words):
    rows = [row.replace("04-06-2026", day) for row, day in zip(orders(len(days)), days, strict=True)]

    questions = suggested(tmp_path, lines(*rows)).questions

    assert words in "".join(questions)
    assert bool(questions) == bool(words)


@pytest.mark.parametrize(
    ("day", "form"),
    [
        ("04-06-2026", "dd-mm-yyyy HH:MM"), ("06-24-2026", "mm-dd-yyyy HH:MM"), ("2026-06-04", "yyyy-mm-dd HH:MM"),
        ("04/06/2026", "dd/mm/yyyy HH:MM"), ("4th June 2026", "dd-mm-yyyy HH:MM"),
    ],
)  # fmt: skip
def test_a_question_says_what_is_to_be_written_to_declare_the_form(tmp_path, day, form):
    source = suggested(tmp_path, lines(*[row.replace("04-06-2026", day) for row in orders(2)]))
    declarations = {declaration for question in source.questions for declaration in re.findall(r"`(dates = .*?)`", question)}
    assert declarations == {f'dates = {{ format = "{form}" }}'}

    text = mapping_text([source], invoicing="ERP").replace("confirmed = false", f"confirmed = true\n{declarations.pop()}")
    (tmp_path / "audit.toml").write_text(text, encoding="utf-8")
    intake = read_sources(read_mapping(tmp_path / "audit.toml"))

    assert intake.sources["used"].to_pylist() == [0 if day.startswith("4th") else 2]


def test_a_named_month_is_certain(tmp_path):
    assert suggested(tmp_path, lines(*[NOTE.format("6-Jul-26", number) for number in (1, 2)], header=DAY_BOOK)).questions == ()


@pytest.mark.parametrize("name", ["missing.csv", "folder"])
def test_a_file_that_cannot_be_read_is_one_error(tmp_path, name):
    (tmp_path / "folder").mkdir()

    with pytest.raises(IntakeError, match=name):
        require_source(tmp_path / name)


def test_an_unknown_file_is_refused(tmp_path):
    with pytest.raises(IntakeError, match="no shipped profile"):
        suggested(tmp_path, "a,b,c\n1,2,3\n")


@pytest.mark.parametrize("written", [lambda name: name.replace(" ", ""), lambda name: name.replace(" ", "_").lower(), str.upper])
@pytest.mark.parametrize("name", ["dev1-assure.csv", "dev3-erp-daybook.csv"])
def test_a_name_without_its_spaces_is_the_same_name(tmp_path, name, written):
    head, line, rest = (
        (EXAMPLES / name).read_text(encoding="utf-8-sig").partition("Channel Order ID" if "assure" in name else "Date,Particulars")
    )
    header, _, rows = (line + rest).partition("\n")
    (tmp_path / name).write_text(f"{head}{written(header)}\n{rows}", encoding="utf-8")

    (source,) = suggest(tmp_path / name)

    assert source.mapping.is_confirmed
    (tmp_path / "audit.toml").write_text(mapping_text([source], invoicing="ERP"), encoding="utf-8")
    assert read_sources(read_mapping(tmp_path / "audit.toml")).sources["used"].to_pylist() == [12 if "assure" in name else 14]


def test_a_header_again_without_its_spaces_is_the_header(tmp_path):
    content = lines(*orders(2), HEADER.replace(" ", ""), *orders(2, 3))
    (tmp_path / "orders.csv").write_text(content, encoding="utf-8")

    (source,) = suggest(tmp_path / "orders.csv")
    (tmp_path / "audit.toml").write_text(mapping_text([source], invoicing="ERP"), encoding="utf-8")
    intake = read_sources(read_mapping(tmp_path / "audit.toml"))

    assert (states(intake), intake.sources["used"].to_pylist()) == ({1: "header", 4: "header again"}, [4])
