"""Data for scripts as a script that sets one global, because a page opened from ``file:`` cannot fetch a file.

The data are compressed: the texts of the search index are on the pages already, and a site is copied and sent as files. Another release
of zlib may give other bytes for the same data.
"""

from base64 import b85encode
from zlib import compress

import msgspec


def script_data(name: str, data: object) -> bytes:
    """Return ``window.NAME="…";`` with *data* as JSON in UTF-8, deflated (RFC 1950) and in Base85 (the alphabet of RFC 1924); ``sopData`` of the script reads it."""
    return f'window.{name}="{b85encode(compress(msgspec.json.encode(data))).decode()}";\n'.encode()
