"""Read data that the pages give to their scripts."""

import json
import zlib
from base64 import b85decode
from typing import Any


def data_of_script(content: bytes, name: str) -> Any:
    """Return the data in a file written by `reports.html.script_data.script_data` for the global *name*."""
    text = content.decode()
    start, end = f'window.{name}="', '";\n'
    assert text.startswith(start)
    assert text.endswith(end)
    return json.loads(zlib.decompress(b85decode(text[len(start) : -len(end)])))
