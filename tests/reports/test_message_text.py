"""Texts of messages and cells: backticks, and ids and dates in one piece."""

import pytest

from reports.html.message_text import with_quotation_marks, with_unbroken_ids


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("no case has `must <b>`", "no case has “must <b>”"),
        ("`a` and `b`", "“a” and “b”"),
        ("one ` alone", "one ` alone"),
        ("`over\nlines`", "`over\nlines`"),
    ],
)
def test_backticks_are_quotation_marks(text: str, quoted: str) -> None:
    assert with_quotation_marks(text) == quoted


@pytest.mark.parametrize("word", ["SC-ERP-FULL-1.1.2a", "RT-RSI-2", "GAP-28", "CN-1", "2026-06-04"])
def test_an_id_and_a_date_stay_in_one_piece(word: str) -> None:
    assert with_unbroken_ids(f"x {word}, <b>") == f'x <span class="whole">{word},</span> &lt;b&gt;'


@pytest.mark.parametrize("text", ["e-invoice", "a-1", "x<y>&", "12026-06-041", "-SC-1-"])
def test_other_words_are_only_escaped(text: str) -> None:
    assert "<span" not in with_unbroken_ids(text)
