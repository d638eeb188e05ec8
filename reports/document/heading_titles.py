"""Short titles of the SOP's headings, read from their ids; the text of the register is shown below them."""

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
    """Return the part of an id: ``SC`` for ``SC-ERP-FULL-1a``."""
    return identifier.partition("-")[0]


def part_title(part: str) -> str:
    """Return the title of a part of the document; of an unknown one, its id."""
    return PART_TITLES.get(part, part)


def heading_title(section: str, text: str) -> str:
    """Return the short title of a heading; its text if the id has no title."""
    return _TITLES_BY_LAST_WORD.get(section.rpartition("-")[2], text)


def first_line(line: str | int) -> int:
    """Return the first line of a range: 17 for ``17-19``; text that is not a number sorts first."""
    start = str(line).partition("-")[0]
    return int(start) if start.isdigit() else 0
