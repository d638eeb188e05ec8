"""Text of one kind has one home: counted nouns, slugs, quotations, what cannot be written."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_engine.text import LONGEST_SLUG, UNWRITABLE, counted, legal, quoted, slug, spreadsheet_cell, text_of_cell, visible

ROOT = Path(__file__).parents[2]
PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")


@pytest.mark.parametrize(
    ("number", "noun", "many", "expected"),
    [
        (0, "example", "", "0 examples"),
        (1, "example", "", "1 example"),
        (2, "example", "", "2 examples"),
        (1234, "returned unit", "", "1,234 returned units"),
        (1, "bus", "buses", "1 bus"),
        (-1, "bus", "buses", "-1 buses"),
    ],
)
def test_a_noun_is_counted(number: int, noun: str, many: str, expected: str) -> None:
    assert counted(number, noun, many) == expected


@pytest.mark.parametrize(
    ("text", "slugged"),
    [
        ("Too late, once PACKED!", "too-late-once-packed"),
        ("Crème brûlée", "creme-brulee"),
        ("--a__b--", "a-b"),
        ("शून्य", ""),
        ("x" * 47 + " yz", "x" * 47),
        ("2 units", "2-units"),
    ],
)
def test_a_slug_is_of_letters_digits_and_single_hyphens(text: str, slugged: str) -> None:
    assert slug(text) == slugged


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)
    assert len(slug(text)) <= LONGEST_SLUG
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))


@given(st.text(st.characters(), max_size=30))
def test_what_is_legal_can_stand_in_xml_and_in_utf_8(text: str) -> None:
    written = legal(text)

    assert ET.fromstring(f"<a>{written.replace('&', '&amp;').replace('<', '&lt;')}</a>") is not None  # noqa: S314 - our own
    written.encode()
    assert len(written) == len(text)
    assert legal(text, "") == UNWRITABLE.sub("", text)


@given(st.text(st.characters(), max_size=120))
def test_what_is_visible_is_printable_and_on_one_line(text: str) -> None:
    assert visible(text).isprintable()
    assert quoted(text, 20)[0] == quoted(text, 20)[-1] == "`"
    assert len(quoted(text, 20)) <= 22


OWN = {
    r"== 1 else ['\"]s['\"]": {"sop_engine/text.py"},
    r"\[\^a-z0-9\]": {"sop_engine/text.py"},
    r"\\x00-\\x08|\\ud800-\\udfff|\\ud7ff": {
        "sop_engine/text.py",
        "sop_runs/record/reader.py",
        "sop_cli/__main__.py",
    },  # a record keeps halves as escapes
    r"unicode_escape": {"sop_engine/text.py"},
    r'"Mon", "Tue"|"Jan", "Feb"': {"sop_engine/text.py"},
}
"""What a copy of each would look like, and where it may stand."""


@pytest.mark.parametrize("pattern", OWN)
def test_there_is_no_second_copy(pattern: str) -> None:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*")) if file.suffix in (".py", ".j2")]
    copies = {file.relative_to(ROOT).as_posix() for file in files if re.search(pattern, file.read_text(encoding="utf-8"))}

    assert copies <= OWN[pattern]


BLANKS = ("", " ", "\n", "\t", "\r", "\u00a0", "\u200b", "\ufeff", "\u3000", " \n\u00a0", "\x00")


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62")
def test_a_cell_that_could_be_a_formula_is_text_and_can_be_read_back(blank: str, sign: str) -> None:
    text = f"{blank}{sign}cmd|' /C calc'!A0"

    assert spreadsheet_cell(text) == f"'{text}"
    assert text_of_cell(spreadsheet_cell(text)) == text


@pytest.mark.parametrize("text", ["", "x", "a = b", "12", "1.5", "(1) one\n(2) two", "\u00e9", "_", "'", "''", "'=1", "\n", " "])
def test_every_cell_can_be_read_back(text: str) -> None:
    assert text_of_cell(spreadsheet_cell(text)) == text


@pytest.mark.parametrize("text", ["", "x", "a = b", "12", "1.5", "(1) one\n(2) two", "\u00e9", "_", " 12"])
def test_a_cell_that_is_no_formula_stays(text: str) -> None:
    assert spreadsheet_cell(text) == text
