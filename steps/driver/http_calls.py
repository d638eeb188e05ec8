"""Calls to a server that is tested: one connection that is kept open, a time limit, few retries, and answers of limited size.

Every call carries all that its answer needs, so a call whose connection is lost, or that the server puts off, can be sent again. Proxies of
the environment are not used, and redirects are not followed: the answers shall be those of the server that the user named.
"""

import ssl
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead, RemoteDisconnected
from select import select
from socket import MSG_PEEK, gaierror, socket
from time import monotonic, sleep, time

import msgspec

from sop_engine.text import counted
from steps.contract.cases import PREFIX
from steps.driver.deadline import response_until, seconds_until
from steps.driver.errors import DriverError, cut, quote
from steps.driver.framing import FramingError
from steps.driver.http_address import Address, Mask

RETRIES = 2
"""How often a call is sent again."""
LARGEST_ANSWER = 64_000_000
"""Largest answer that is read."""
JSON, PROBLEM = "application/json", "application/problem+json"
_PIECE = 65_536
_PAUSE_S = 0.1
_OK, _UNAVAILABLE, _LEAST_REDIRECT, _LEAST_ERROR = 200, 503, 300, 400


class _ProblemDetails(msgspec.Struct):
    """What is shown of the problem details of a server (RFC 9457)."""

    title: str = ""
    detail: str = ""
    place: str | None = None


class Calls:
    """The connection of one process to a server, and how many calls and retries it has made.

    *title* names the server in messages, with its name and version once these are known.
    """

    def __init__(self, address: Address, limit: float, token: str = "") -> None:
        self.address, self.limit, self.title = address, limit, address.netloc
        self.calls = self.retries = 0
        self._connection: HTTPConnection | None = None
        self._headers = {"Accept": f"{JSON}, {PROBLEM}", "Accept-Encoding": "identity", "User-Agent": "sop-spec"}
        self._mask = Mask(token)
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> bytes:
        """Return the answer to a call without a body, JSON as bytes; *path* is below the prefix of the contract."""
        return self._call("GET", path, None)

    def post(self, path: str, body: bytes) -> bytes:
        """Return the answer to a call with *body*, which is JSON."""
        return self._call("POST", path, body)

    def error(self, method: str, path: str, message: str) -> DriverError:
        """Return an error that names server and call."""
        return DriverError(f"{self.title}, {method} {PREFIX}{path}: {message}")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _call(self, method: str, path: str, body: bytes | None) -> bytes:
        """Send the call, again if its connection is lost or the server puts it off.

        Raises:
            DriverError: the server cannot be reached, does not answer in time, or gives no answer of the contract.
        """
        self.calls += 1
        for attempt in range(RETRIES + 1):
            again = f", also after {counted(attempt, 'retry', 'retries')}" if attempt else ""
            pause = _PAUSE_S
            try:
                response, raw = self._send(method, path, body, monotonic() + self.limit)
            except (OSError, HTTPException) as error:
                self.close()
                if attempt == RETRIES or not _is_lost(error):
                    raise self.error(method, path, f"{self._problem_of(error)}{again}") from None
            except BaseException:  # a time limit of an example, Ctrl-C: the rest of the answer must not be taken for that of the next call
                self.close()
                raise
            else:
                pause = _wait_of(response)
                if response.status != _UNAVAILABLE or attempt == RETRIES or not 0 <= pause <= self.limit:
                    return self._body_of(method, path, response, raw, again)
            self.retries += 1
            sleep(pause)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _send(self, method: str, path: str, body: bytes | None, deadline: float) -> tuple[HTTPResponse, bytes]:
        connection = self._open(deadline)
        headers = {**self._headers, "Content-Type": JSON} if body is not None else self._headers
        connection.request(method, f"{self.address.path}{PREFIX}{path}", body, headers)
        response = connection.getresponse()
        arrived = response.fp
        if response.length is not None and response.length > LARGEST_ANSWER:
            raise self._too_large(method, path, f"{response.length:,} bytes")
        pieces, size = [], 0
        while piece := response.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise self._too_large(method, path, f"more than {LARGEST_ANSWER:,} bytes")
        if response.length:  # the server closed the connection before the end
            raise IncompleteRead(b"".join(pieces), response.length)
        if getattr(arrived, "rest", b"") or (connection.sock is not None and _has_more(connection.sock)):
            raise FramingError("more bytes follow after the end of the answer")
        return response, self._mask(b"".join(pieces))

    def _too_large(self, method: str, path: str, size: str) -> DriverError:
        return self.error(method, path, f"the answer has {size}, expected at most {LARGEST_ANSWER:,}")

    def _open(self, deadline: float) -> HTTPConnection:
        """Return the connection, a new one if there is none yet or the server has closed it meanwhile, which is no retry."""
        if self._connection is not None and (self._connection.sock is None or select([self._connection.sock], [], [], 0)[0]):
            self.close()
        if self._connection is None:
            kind = HTTPSConnection if self.address.scheme == "https" else HTTPConnection
            self._connection = kind(self.address.host, self.address.port, timeout=seconds_until(deadline))
            self._connection.connect()
        self._connection.response_class = response_until(deadline)  # type: ignore[assignment] # it makes one
        self._connection.sock.settimeout(seconds_until(deadline))
        return self._connection

    def _problem_of(self, error: OSError | HTTPException) -> str:
        if isinstance(error, TimeoutError):
            return f"no whole answer within {self.limit:g} s; make it faster, or give a longer --driver-timeout"
        if isinstance(error, ssl.SSLError):
            return (
                f"there is no secure connection ({cut(str(error.reason or error))}); correct the certificate of the server, or the address"
            )
        if isinstance(error, IncompleteRead):
            rest = f", {error.expected:,} are missing" if error.expected else ""
            return f"the connection was lost in the middle of the answer, after {len(error.partial):,} bytes{rest}"
        if isinstance(error, HTTPException) and not _is_lost(error):
            return f"the answer is not HTTP ({cut(self._mask.text(str(error) or type(error).__name__))})"
        if isinstance(error, gaierror):
            return f"there is no host {quote(self.address.host)}; correct the address"
        reason = cut((getattr(error, "strerror", None) or str(error)).lower())
        return (
            f"the {'connection was lost' if _is_lost(error) else 'server cannot be reached'} ({reason}); start it, or correct the address"
        )

    def _body_of(self, method: str, path: str, response: HTTPResponse, raw: bytes, again: str) -> bytes:
        """Return the body of an answer that has one of the contract.

        Raises:
            DriverError: it has none.
        """
        for name in set(response.headers):
            values = response.headers.get_all(name, [])
            del response.headers[name]
            for value in values:
                response.headers[name] = self._mask.text(value)
        kind = (response.getheader("Content-Type") or "none").partition(";")[0].strip().lower()
        encoding = response.getheader("Content-Encoding", "identity").strip().lower()
        if response.status != _OK:
            raise self.error(method, path, f"{_refusal_of(response, kind, raw)}{again}")
        kinds = response.headers.get_all("Content-Type", [])
        if len(set(kinds)) > 1:
            raise self.error(method, path, f"the answer has two media types, {quote(kinds[0])} and {quote(kinds[1])}, expected one")
        if kind != JSON:
            raise self.error(method, path, f"the media type of the answer is {quote(kind)}, expected `{JSON}`")
        charset = response.headers.get_content_charset("utf-8")
        if charset != "utf-8":
            raise self.error(method, path, f"the charset of the answer is {quote(charset)}, expected UTF-8")
        if encoding != "identity":
            raise self.error(method, path, f"the answer is encoded as {quote(encoding)}, expected none")
        return raw


def _is_lost(error: OSError | HTTPException) -> bool:
    """Return whether the connection was lost, so that the call can be sent again."""
    if isinstance(error, ConnectionRefusedError):
        return False
    return isinstance(error, ConnectionError | IncompleteRead | RemoteDisconnected)


def _has_more(connected: socket) -> bool:
    """Return whether bytes have arrived that belong to no answer."""
    if isinstance(connected, ssl.SSLSocket):
        return connected.pending() > 0
    return bool(select([connected], [], [], 0)[0]) and bool(connected.recv(1, MSG_PEEK))


def _wait_of(response: HTTPResponse) -> float:
    """Return the seconds that the server asks to wait; -1 if it does not say."""
    text = response.getheader("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except (TypeError, ValueError, IndexError, OverflowError):
        return -1.0


def _refusal_of(response: HTTPResponse, kind: str, raw: bytes) -> str:
    """Return what is wrong with an answer of another status than 200."""
    status = f"the status is {response.status}, expected {_OK}"
    if _LEAST_REDIRECT <= response.status < _LEAST_ERROR:
        return f"{status}; redirects are not followed (to {quote(response.getheader('Location') or 'nowhere')}), give the final address"
    if response.status == _UNAVAILABLE and _wait_of(response) < 0:
        status = f"{status}, without `Retry-After`"
    if kind != PROBLEM:
        return f"{status}; the media type is {quote(kind)}, an error has `{PROBLEM}`"
    try:
        problem = msgspec.json.decode(raw, type=_ProblemDetails)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"{status}; the problem details cannot be read"
    place = f" at {quote(problem.place)}" if problem.place else ""
    return f"{status}; the server says{place}: {cut(': '.join(filter(None, (problem.title, problem.detail)))) or 'nothing'}"
