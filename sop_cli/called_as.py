"""The command in hints and help texts, named as the user called it: `sop`, or `python3 run.py` where the launcher was used."""

import os
import re

VARIABLE = "SOP_CALLED_AS"
"""The environment variable in which run.py passes its own call, such as ``python3 run.py``."""
_COMMAND = re.compile(r"(?<![\w./-])sop (?=[a-z]|-)")


def command_name() -> str:
    """Return the call of the command: ``sop``, or the value of `VARIABLE`."""
    return os.environ.get(VARIABLE, "").strip() or "sop"


def as_called(text: str) -> str:
    """Replace ``sop VERB`` in *text* by the call with the same verb."""
    name = command_name()
    return text if name == "sop" else _COMMAND.sub(lambda _: f"{name} ", text)
