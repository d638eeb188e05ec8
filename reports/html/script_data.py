"""Data for scripts as a script that sets one global, because a page opened from ``file:`` cannot fetch a file."""

import json


def script_data(name: str, data: object) -> bytes:
    """Return ``window.NAME=…;`` with *data* as JSON in UTF-8; no character in it can end a script or a line of it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window.{name}={text};\n".encode()
