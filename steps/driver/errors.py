"""Errors of a server that is tested: each names the server, the call and the part of the answer, with the expected and the actual value.

Text from a server is escaped and cut before it is shown; the token and the query of an address never are.
"""

import json

from sop_engine import SopError
from sop_engine.text import visible

LONGEST_QUOTE = 200
"""Characters of a text from a server that are shown."""
NOT_A_SERVER = "give the address of a server that speaks the contract, such as `--driver http://127.0.0.1:8000`"


class DriverError(SopError):
    """A server that cannot be reached, or whose answer is not one of the contract; every such error is a failure, never a success."""


class DriverOptionError(SopError):
    """An address, a time limit or a token that cannot be used."""


def quote(value: object) -> str:
    """Return a value from a server in backticks: a text as it is, anything else as JSON; escaped and cut."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"`{shortened(text)}`"


def shortened(text: str) -> str:
    """Return *text* in one line, escaped, and cut after `LONGEST_QUOTE` characters."""
    line = visible(text.strip())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}… ({len(line):,} characters)"
