"""Text of messages and cells as HTML: what stands in backticks as code, and ids and dates that no line break divides."""

import re

from markupsafe import Markup, escape

_TICKS = re.compile(r"`([^`\n]+)`")
_WHOLE = re.compile(r"(?<![\w-])(?:[A-Z]+(?:-[A-Z]+)*-[0-9][\w.]*\w|[A-Z]+-[0-9]|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w-])")
"""An id of the register or of a document, such as SC-ERP-FULL-1.1.2a and CN-1, or a date; a browser breaks lines behind their hyphens."""


def whole_words(text: str) -> Markup:
    """Return *text* as HTML in which no id and no date is divided at the end of a line."""
    return _wrapped(text, _WHOLE, Markup('<span class="whole">{}</span>')) if "-" in text else escape(text)


def ticks(text: str) -> Markup:
    """Return *text*, a message, as HTML: what stands in backticks is code, without them."""
    return _wrapped(text, _TICKS, Markup("<code>{}</code>")) if "`" in text else escape(text)


def _wrapped(text: str, pattern: re.Pattern[str], element: Markup) -> Markup:
    """Put what *pattern* finds, or its group, into *element*."""
    html, at = Markup(), 0
    for found in pattern.finditer(text):
        html += escape(text[at : found.start()]) + element.format(found[pattern.groups])
        at = found.end()
    return html + escape(text[at:])
