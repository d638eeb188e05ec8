"""The port on which a server listens."""

import socket
import sys
from typing import Any

from sop_engine.errors import SopError

LOOPBACK = "127.0.0.1"
WAITING = 100
"""Connections that the system keeps until they are accepted."""


class PortError(SopError):
    """An address or a port that cannot be bound."""


def listening_socket(port: int | None, usual: int, host: str = LOOPBACK) -> socket.socket:
    """Return a socket that listens at *port* of *host* (None: the *usual* one, otherwise any free one; 0: any free one).

    Raises:
        PortError: the host or the port cannot be used.
    """
    family, address = _address_of(host)
    for candidate in (usual, 0) if port is None else (port,):
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sends small answers at once
        if sys.platform != "win32":  # there, the option lets two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address[0], candidate, *address[2:]))
            listening.listen(WAITING)
        except OSError as error:
            listening.close()
            if candidate == port or not candidate:
                where = "" if host == LOOPBACK else f" of `{host}`"
                raise PortError(f"port {candidate}{where} cannot be used: {error.strerror}; choose another, or leave out --port") from None
        else:
            return listening
    raise AssertionError(port)


def _address_of(host: str) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    """Return the family and address of *host*; the usual one needs no look-up, which could ask another computer.

    Raises:
        PortError: there is none.
    """
    if host == LOOPBACK:
        return socket.AF_INET, (LOOPBACK, 0)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise PortError(f"there is no address `{host}`; name an address of this computer, such as 0.0.0.0") from None
    return family, address
