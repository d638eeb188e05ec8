"""Escaping of text for XML, JSON, SQLite and CSV; characters that one of them does not allow are removed."""

import json
import re
from collections.abc import Callable, Sequence

from orders.log.arrays import NumberedTexts
from sop_engine.text import UNWRITABLE, legal, spreadsheet_cell

_JSON = re.compile('["\\\\\t\n\r]')
_XML = re.compile("[&<>\"'\t\n\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def clean(text: str) -> str:
    """Return *text* without the characters that cannot be written."""
    return legal(text, "")


def json_text(text: str) -> str:
    """Escape *text* for a JSON string, without the quotes."""
    return json.dumps(clean(text), ensure_ascii=False)[1:-1]


def xml_text(text: str) -> str:
    """Escape *text* for an XML attribute, without the quotes; line ends and tabs are kept as entities."""
    return _XML.sub(lambda match: _ENTITIES[match.group()], clean(text))


def clean_column(column: Sequence[str]) -> Sequence[str]:
    """Apply `clean` to a column, with one search over all texts where nothing has to change."""
    return _changed_column(column, clean, UNWRITABLE)


def csv_column(column: Sequence[str]) -> Sequence[str]:
    """Apply `clean` to a column, and write each text as a cell that no spreadsheet takes for a formula."""
    return _changed_column(column, lambda text: spreadsheet_cell(clean(text)))


def json_column(column: Sequence[str]) -> Sequence[str]:
    """Apply `json_text` to a column."""
    return _changed_column(column, json_text, _JSON, UNWRITABLE)


def xml_column(column: Sequence[str]) -> Sequence[str]:
    """Apply `xml_text` to a column."""
    return _changed_column(column, xml_text, _XML, UNWRITABLE)


def _changed_column(column: Sequence[str], change: Callable[[str], str], *signs: re.Pattern[str]) -> Sequence[str]:
    """Apply *change* to a column, unless none of *signs* is in its texts; without signs, to every text."""
    if isinstance(column, NumberedTexts) and change(column.beginning) == column.beginning:
        return column
    if signs:
        joined = "".join(column)
        if not any(sign.search(joined) for sign in signs):
            return column
    return [change(text) for text in column]
