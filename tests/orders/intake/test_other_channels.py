"""Rows of other sales channels than Ajio have a number of their own, by channel."""

import pytest

from tests.support.intake import lines, messages, read, reasons

HEADER = "Date,{},Voucher Type,Voucher No.,Order No,Value"
ROWS = (
    "4-Jun-26,Ajio B2B,Sales,INV-1,A1,7.00",
    "4-Jun-26,FLIPKART ,Sales,INV-2,F1,7.00",
    "4-Jun-26,Flipkart,Credit Note,CN-2,F1,-7.00",
    "4-Jun-26,Flipkart,Credit Note,CN-2,F1,-7.00",
    "4-Jun-26,Shop of Zubeida,Purchase,P-1,,7.00",
    "no date,Shop of Zubeida,Sales,INV-3,,seven",
    "4-Jun-26,Nykaa,Sales,INV-4,N1,7.00",
    "4-Jun-26,,Sales,INV-5,N2,7.00",
    "Total,Flipkart,,,,35.00",
)
WORDS = '"Ajio B2B" = "Ajio", Flipkart = "other", "Shop of Zubeida" = "other", Amazon = "other"'


def channels(folder, column, words=WORDS):
    keys = f'profile = "tally-daybook"\n[source.columns]\nchannel = {{ column = "{column}", words = {{ {words} }} }}\n'
    intake = read(folder, lines(*ROWS, header=HEADER.format(column)), keys)
    (source,) = intake.sources.to_pylist()
    return intake, source["other_channels"]


def test_rows_of_other_channels_are_counted_by_the_names_of_the_mapping(tmp_path):
    """Also repeated ones, vouchers of no interest, and rows with what would be a mistake; no total, and none set aside for its channel."""
    intake, counted = channels(tmp_path, "Sales Channel")

    assert counted == [{"name": "Flipkart", "rows": 3}, {"name": "Shop of Zubeida", "rows": 2}]
    assert list(reasons(intake)) == [8]
    assert intake.documents["number_key"].to_pylist() == ["INV-1", "INV-5"]


def test_channels_of_a_column_that_can_be_personal_are_masked(tmp_path):
    intake, counted = channels(tmp_path, "Party Name")

    assert counted == [{"name": "F••• (8 characters)", "rows": 3}, {"name": "S••• (15 characters)", "rows": 2}]
    assert "Zubeida" not in str(intake.sources.to_pylist())


@pytest.mark.parametrize("column", ["Party Name", "Particulars"])
def test_a_message_about_an_unknown_channel_names_no_word_of_a_column_that_can_be_personal(tmp_path, column):
    assert messages(channels(tmp_path, column)[0]) == ['"N••• (5 characters)" is an unknown word; it is none of the 4 words in the mapping']


def test_a_message_about_an_unknown_channel_names_the_words_of_another_column(tmp_path):
    assert "Ajio B2B" in messages(channels(tmp_path, "Sales Channel")[0])[0]


@pytest.mark.parametrize(("words", "expected"), [(f'{WORDS}, "" = "other"', 1), (WORDS, 0)])
def test_an_empty_channel_counts_only_if_the_mapping_says_so(tmp_path, words, expected):
    counted = channels(tmp_path, "Sales Channel", words)[1]

    assert sum(channel["rows"] for channel in counted if channel["name"] == "without a name") == expected


def test_without_a_column_of_channels_there_is_no_number(tmp_path):
    (source,) = read(tmp_path, lines(*ROWS[:1], header=HEADER.format("Other")), 'profile = "tally-daybook"\n').sources.to_pylist()

    assert source["other_channels"] is None
