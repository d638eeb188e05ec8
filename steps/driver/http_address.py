"""Address of a server that is tested, and the token for it, which is kept out of what is shown."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sop_engine.text import quoted
from steps.contract.cases import PREFIX
from steps.driver.errors import NOT_A_SERVER, DriverOptionError

TOKEN = "SOP_DRIVER_TOKEN"  # noqa: S105 (the name of a variable)
"""Environment variable with a token, which is sent as a bearer token and never printed or recorded, also if the server sends it back."""
FEWEST_SIGNS = 8
"""Signs of the shortest token: a shorter one may be a part of other words of an answer, in which it is replaced."""
_TOKEN_SIGNS = re.compile(r"[!-~]{1,8192}")
_INSTEAD = "…".encode()
_PATH_SIGNS = re.compile(r"[A-Za-z0-9/._~%!$&'()*+,;=:@-]*")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Scheme, host, port and the path before ``/v1`` of a server; an address may end with it, as that of ``GET /v1`` does."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """Host and port, as messages and records name the server."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class TokenMask:
    """Replaces a token in what a server says, which may send it back: also if JSON or an address writes its signs otherwise."""

    def __init__(self, secret: str) -> None:
        self._plain = secret.encode()
        signs = (rf"(?:{re.escape(sign)}|\\{re.escape(sign)}|(?i:\\u00{ord(sign):02x}|%{ord(sign):02x}))" for sign in secret)
        self._otherwise = re.compile("".join(signs).encode())

    def __call__(self, raw: bytes) -> bytes:
        """Return the bytes of an answer with ``…`` instead of the token."""
        if not self._plain:
            return raw
        raw = raw.replace(self._plain, _INSTEAD)
        return self._otherwise.sub(_INSTEAD, raw) if b"\\" in raw or b"%" in raw else raw

    def text(self, text: str) -> str:
        """Return a line of the head of an answer with ``…`` instead of the token."""
        return self(text.encode(errors="backslashreplace")).decode()


def address_of(url: str) -> Address:
    """Parse the address of a server; the text is never shown if it has a user name or a password.

    Raises:
        DriverOptionError: it is no address of a server.
    """
    try:
        parts = urlsplit(url)
        host, port, userinfo = parts.hostname, parts.port, "@" in parts.netloc
    except ValueError:
        raise DriverOptionError(f"the address of --driver cannot be read; {NOT_A_SERVER}") from None
    if userinfo:
        remedy = f"leave it out, and put a token into the environment variable {TOKEN}"
        raise DriverOptionError(f"the address of --driver has a user name or a password, which could be recorded; {remedy}")
    if parts.scheme not in _PORTS:
        raise DriverOptionError(f"the address of --driver does not begin with `http://` or `https://`; {NOT_A_SERVER}")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise DriverOptionError(f"the address of --driver has a query or a fragment; {NOT_A_SERVER}")
    if not host or not _is_host(host) or port == 0:
        raise DriverOptionError(f"the address of --driver names no host, or no port that can be used; {NOT_A_SERVER}")
    path = parts.path.rstrip("/").removesuffix(PREFIX).rstrip("/")
    if not _PATH_SIGNS.fullmatch(path):
        raise DriverOptionError(f"the path {quoted(path)} of --driver has signs that an address cannot have; {NOT_A_SERVER}")
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], path)


def token() -> str:
    """Return the token for the server; empty if there is none.

    Raises:
        DriverOptionError: it has signs that a header cannot have, or too few; it is not shown.
    """
    value = os.environ.get(TOKEN, "")
    if value and not _TOKEN_SIGNS.fullmatch(value):
        raise DriverOptionError(
            f"the environment variable {TOKEN} has blanks, line ends or other signs that a token cannot have; correct it"
        )
    if value and len(value) < FEWEST_SIGNS:
        raise DriverOptionError(f"the token in the environment variable {TOKEN} has fewer than {FEWEST_SIGNS} signs; use a longer one")
    return value


def _is_host(host: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]+)?", host) is not None
