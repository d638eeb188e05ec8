"""Data for scripts, as a script: nothing may be fetched from ``file:``, so a file sets one global."""

import json


def script_data(name: str, data: object) -> bytes:
    """``window.NAME=…;`` with *data* as JSON in UTF-8; no character in it can end a script or a line of one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window.{name}={text};\n".encode()
