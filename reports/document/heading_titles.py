"""Short titles of the SOP's headings, read from their ids; the sentence of the register stands below."""

PART_TITLES = {
    "DOC": "About the document",
    "SC": "Cancelled by the seller",
    "AC": "Cancelled by Ajio",
    "RT": "Returns",
}
_TITLES_BY_LAST_WORD = {
    "ERP": "E-invoice by the client's ERP",
    "RMS": "E-invoice by RMS",
    "FULL": "The whole order",
    "PART": "Part of an order",
    "RSI": "Return sales invoice (RSI)",
}


def part_of(identifier: str) -> str:
    """``SC-ERP-FULL-1a`` stands in part ``SC``."""
    return identifier.partition("-")[0]


def part_title(part: str) -> str:
    """What a part of the document is called; an unknown one by its id."""
    return PART_TITLES.get(part, part)


def heading_title(section: str, text: str) -> str:
    """The short title of a heading; the sentence itself where the id says nothing."""
    return _TITLES_BY_LAST_WORD.get(section.rpartition("-")[2], text)


def first_line(line: str | int) -> int:
    """``17-19`` begins on line 17; what is no number stands first."""
    start = str(line).partition("-")[0]
    return int(start) if start.isdigit() else 0
