"""Ids and dates that no line break divides: a browser breaks a line behind each of their hyphens."""

import re

from markupsafe import Markup, escape

_WHOLE = re.compile(r"(?<![\w-])(?:[A-Z]+(?:-[A-Z]+)*-[0-9][\w.]*[\w]|[A-Z]+-[0-9]|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])")
"""An id of the register or of a document, such as SC-ERP-FULL-1.1.2a and CN-1, or a date."""


def whole_words(text: str) -> Markup:
    """Return *text* as HTML in which no id and no date is divided at the end of a line."""
    if "-" not in text:
        return escape(text)
    html, at = Markup(), 0
    for found in _WHOLE.finditer(text):
        html += escape(text[at : found.start()]) + Markup('<span class="whole">{}</span>').format(found[0])
        at = found.end()
    return html + escape(text[at:])
