"""Text that would be script, markup or style if a program did not escape it.

All combinations of openings, elements, handlers, addresses and disguises. The attack is always the same: ``alert(pwned=1)``,
which shows in a browser as a dialog and a global name, or a file of ``evil.invalid``, which shows as a request. Sources:
the cheat sheets of OWASP and PortSwigger, and inputs that once passed sanitizers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from tests.support.hostile_disguises import ENTITIES, SCHEMES, SCRIPTS, STYLES, TEMPLATES, UNICODE, WRAPS
from tests.support.hostile_elements import ATTRIBUTES, CLOSERS, ELEMENTS, GAPS, JS, LONERS, MUTATIONS, QUOTES


def _all() -> Iterator[str]:
    yield from (closer + element for closer, element in _combined(CLOSERS, ELEMENTS, 3))
    yield from LONERS
    yield from (f"x{quote}{gap}{attribute}{quote}" for (quote, attribute), gap in _combined(tuple(product(QUOTES, ATTRIBUTES)), GAPS, 2))
    yield from (wrap.format(scheme + JS) for scheme, wrap in _combined(SCHEMES, WRAPS, 3))
    yield from (*ENTITIES, *TEMPLATES, *MUTATIONS, *STYLES, *SCRIPTS, *UNICODE)


def _combined(these: Sequence[Any], those: Sequence[str], count: int) -> Iterator[Any]:
    """Yield each of *these* with so many of *those*, in turn."""
    for place, this in enumerate(these):
        yield from ((this, those[(place + step) % len(those)]) for step in range(count))


PAYLOADS = tuple(dict.fromkeys(_all()))


def plain(text: str) -> str:
    """Return *text* in the same shape without markup: every sign of ASCII is replaced by a letter."""
    return re.sub(r"[!-/:-@\[-`{-~\x01-\x08\x7f]", "x", text)
