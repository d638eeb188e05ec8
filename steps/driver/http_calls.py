"""Calls to a server that is tested: one connection that is kept open, a time limit, few retries, and answers of limited size.

Every call carries all that its answer needs, so a call whose connection is lost, or that the server puts off, can be sent again. Proxies of
the environment are not used, and redirects are not followed: the answers shall be those of the server that the user named.
"""

import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead, RemoteDisconnected
from select import select
from socket import MSG_PEEK, gaierror, socket
from time import monotonic, sleep

from sop_engine.text import counted
from steps.contract.cases import MOST_BYTES, PREFIX
from steps.contract.operations import SIMULATIONS
from steps.contract.simulations import MOST_BYTES_OF_SIMULATION
from steps.driver.deadline import NOT_AGAIN, TimedOutOperations, response_until, seconds_until
from steps.driver.errors import DriverError, quote, shortened
from steps.driver.http_address import Address, TokenMask
from steps.driver.http_answers import JSON, PROBLEM, UNAVAILABLE, FramingError, response_error, retry_after_seconds

RETRIES = 2
"""How often a call is sent again."""
LARGEST_ANSWER, LARGEST_SIMULATION = MOST_BYTES, MOST_BYTES_OF_SIMULATION
"""Bytes of the largest answer that is read, and of that to a request for a simulation."""
LONGEST_CHECK_S = 5.0
"""Longest time limit of the question whether a server that does not answer is there at all."""
_PIECE = 65_536
_PAUSE_S = 0.1


class ServerConnection:
    """The connection of one process to a server, and how many calls and retries it has made.

    *title* names the server in messages, with its name and version once these are known.
    """

    def __init__(self, address: Address, limit: float, token: str = "") -> None:
        self.address, self.limit, self.title = address, limit, address.netloc
        self.calls = self.retries = 0
        self.unanswered = TimedOutOperations()
        self._connection: HTTPConnection | None = None
        self._headers = {"Accept": f"{JSON}, {PROBLEM}", "Accept-Encoding": "identity", "User-Agent": "sop-spec"}
        self._mask = TokenMask(token)
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
        operation = f"{method} {PREFIX}{path}"
        if message := self.unanswered.message_of(operation):
            raise self.error(method, path, message)
        self.calls += 1
        for attempt in range(RETRIES + 1):
            again = f", also after {counted(attempt, 'retry', 'retries')}" if attempt else ""
            answer = self._attempt(method, path, body, again, is_last=attempt == RETRIES)
            if isinstance(answer, bytes):
                self.unanswered.answered(operation)
                return answer
            self.retries += 1
            sleep(answer)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _attempt(self, method: str, path: str, body: bytes | None, again: str, *, is_last: bool) -> bytes | float:
        """Send the call once; return the answer, or the seconds after which to send it again, which the last attempt never does."""
        try:
            response, raw = self._send(method, path, body, monotonic() + self.limit)
        except TimeoutError as error:
            self.close()
            raise self._late(method, path, f"{self._problem_of(error)}; {NOT_AGAIN}") from None
        except (OSError, HTTPException) as error:
            self.close()
            if is_last or not _is_lost(error):
                raise self.error(method, path, f"{self._problem_of(error)}{again}") from None
            return _PAUSE_S
        except BaseException:  # a time limit of an example, Ctrl-C: the rest of the answer must not be taken for that of the next call
            self.close()
            raise
        wrong, pause = response_error(response, raw), retry_after_seconds(response)
        if response.status == UNAVAILABLE and 0 <= pause <= self.limit:
            if is_last and pause:
                raise self._late(method, path, f"{wrong}{again}; {NOT_AGAIN}")
            if not is_last:
                return pause
        if wrong:
            self.unanswered.answered(f"{method} {PREFIX}{path}")
            raise self.error(method, path, f"{wrong}{again}")
        return raw

    def _late(self, method: str, path: str, message: str) -> DriverError:
        """Count a call that has used up its time; if its operation is given up, ask once whether the server still says what it is."""
        if self.unanswered.add(f"{method} {PREFIX}{path}", message) and self._is_silent():
            self.unanswered.give_up_all(message)
        return self.error(method, path, message)

    def _is_silent(self) -> bool:
        """Return whether the server does not say in time what it is."""
        try:
            self._send("GET", "", None, monotonic() + min(self.limit, LONGEST_CHECK_S))
        except TimeoutError:
            self.close()
            return True
        except (OSError, HTTPException, DriverError):
            self.close()
        except BaseException:  # as in `_call`
            self.close()
            raise
        return False

    def _send(self, method: str, path: str, body: bytes | None, deadline: float) -> tuple[HTTPResponse, bytes]:
        connection = self._open(deadline)
        headers = {**self._headers, "Content-Type": JSON} if body is not None else self._headers
        connection.request(method, f"{self.address.path}{PREFIX}{path}", body, headers)
        response = connection.getresponse()
        arrived = response.fp
        most = LARGEST_SIMULATION if f"{PREFIX}{path}" == SIMULATIONS.path else LARGEST_ANSWER
        if response.length is not None and response.length > most:
            raise self._too_large(method, path, f"{response.length:,} bytes", most)
        pieces, size = [], 0
        while piece := response.read(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise self._too_large(method, path, f"more than {most:,} bytes", most)
        if response.length:  # the server closed the connection before the end
            raise IncompleteRead(b"".join(pieces), response.length)
        if getattr(arrived, "rest", b"") or (connection.sock is not None and _has_more(connection.sock)):
            raise FramingError("more bytes follow after the end of the answer")
        self._hide_token(response)
        return response, self._mask(b"".join(pieces))

    def _hide_token(self, response: HTTPResponse) -> None:
        """Replace the token in the head of an answer."""
        for name in set(response.headers):
            values = response.headers.get_all(name, [])
            del response.headers[name]
            for value in values:
                response.headers[name] = self._mask.text(value)

    def _too_large(self, method: str, path: str, size: str, most: int) -> DriverError:
        return self.error(method, path, f"the answer has {size}, expected at most {most:,}")

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
            return f"there is no secure connection ({shortened(str(error.reason or error))}); correct the certificate of the server, or the address"
        if isinstance(error, IncompleteRead):
            rest = f", {error.expected:,} are missing" if error.expected else ""
            return f"the connection was lost in the middle of the answer, after {len(error.partial):,} bytes{rest}"
        if isinstance(error, HTTPException) and not _is_lost(error):
            return f"the answer is not HTTP ({shortened(self._mask.text(str(error) or type(error).__name__))})"
        if isinstance(error, gaierror):
            return f"there is no host {quote(self.address.host)}; correct the address"
        reason = shortened((getattr(error, "strerror", None) or str(error)).lower())
        return (
            f"the {'connection was lost' if _is_lost(error) else 'server cannot be reached'} ({reason}); start it, or correct the address"
        )


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
