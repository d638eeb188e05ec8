"""Texts of messages and cells as pages show them: quotation marks instead of backticks, and ids and dates that no line break divides."""

import re

from markupsafe import Markup, escape

_TICKS = re.compile(r"`([^`\n]+)`")
_WHOLE = re.compile(r"(?<![\w-])(?:[A-Z]+(?:-[A-Z]+)*-[0-9](?:[\w.]*\w)?|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])[,;]?")
"""An id of the register or of a document, such as SC-ERP-FULL-1.1.2a and CN-1, or a date, with the comma behind it; a browser breaks lines behind their hyphens."""


def with_quotation_marks(text: str) -> str:
    """Return *text*, a message, with quotation marks where it has backticks, which are for a terminal."""
    return _TICKS.sub("“\\1”", text)


def with_unbroken_ids(text: str) -> Markup:
    """Return *text* as HTML in which no id and no date is divided at the end of a line."""
    html, at = Markup(), 0
    for match in _WHOLE.finditer(text) if "-" in text else ():
        html += escape(text[at : match.start()]) + Markup('<span class="whole">{}</span>').format(match[0])
        at = match.end()
    return html + escape(text[at:])
