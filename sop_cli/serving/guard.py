"""Guard of a server: refuses requests that another site may have sent, and requests that can be read in two ways.

A page of another site can send requests to 127.0.0.1, and a name that resolves to 127.0.0.1 (DNS rebinding) makes such a page the same
origin. So each request must name this host and port, and come from this origin or from none.
What is refused is refused before the application has seen it, and the connection ends.
"""

import re

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sop_cli.serving.messages import discarding_body, in_time
from sop_cli.serving.responses import problem

READS = frozenset({"GET", "HEAD"})
_HTTP_PORT = 80
"""The port that browsers leave out of an address."""
_LENGTH = re.compile("[0-9]{1,20}")
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every response."""
ENCODED_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is not served: status, reason and remedy."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail


class Guard:
    """ASGI middleware that checks each request, and adds `HEADERS` to each response.

    Attributes:
        address: what to name in the remedy of a refusal, such as *the workbench*.
        hosts: the values of the header Host that are served; any if empty.
        writes: the methods with a body.
        most_bytes: bytes of a request's body.
    """

    address = "the server"
    writes = frozenset({"POST"})
    most_bytes = 4_000_000

    def __init__(self, app: ASGIApp, port: int | None) -> None:
        """Guard *app* at *port* of this computer; None: at any address."""
        self.app = app
        names = ("127.0.0.1", "localhost", "[::1]")
        self.hosts = set() if port is None else {f"{name}:{port}" for name in names} | (set(names) if port == _HTTP_PORT else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in ENCODED_HEADERS if name not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        try:
            self._check(scope["method"], scope["path"], Headers(scope=scope))
        except Refusal as refusal:
            await self.response_to(refusal, scope["path"])(scope, receive, discarding_body(receive, send_guarded))
            return
        await self.app(scope, in_time(receive), send_guarded)

    def response_to(self, refusal: Refusal, path: str) -> Response:  # noqa: ARG002 - another server uses it
        """Return the response to a request for *path* that is refused; it ends the connection."""
        return problem(refusal.status, refusal.title, refusal.detail, close=True)

    def check_method(self, method: str, path: str) -> None:  # noqa: ARG002 - another server uses it
        """Check that *method* is one that *path* may have.

        Raises:
            Refusal: it is not.
        """
        if method not in READS | self.writes:
            raise Refusal(405, "Unknown method", f"use {_alternatives(['GET', *sorted(self.writes)])}")

    def check_type(self, path: str, headers: Headers) -> None:  # noqa: ARG002 - another server uses it
        """Check the type of a body, which no form of another site can have.

        Raises:
            Refusal: it is not JSON.
        """
        require_type(headers, "application/json", "JSON")

    def check_right(self, path: str, headers: Headers) -> None:
        """Check that who asks may ask for *path*; here, everyone may.

        Raises:
            Refusal: it may not.
        """

    def _check(self, method: str, path: str, headers: Headers) -> None:
        """Check the request.

        Raises:
            Refusal: it is not from this computer's own pages and programs, or not of the allowed form.
        """
        self._check_sender(headers)
        self.check_method(method, path)
        if not path.startswith("/"):
            raise Refusal(400, "Not a path", "ask for a path that starts with a slash")
        if method in self.writes:
            self.check_type(path, headers)
        elif headers.getlist("content-length") not in ([], ["0"]) or "transfer-encoding" in headers:
            raise Refusal(400, "A body that nothing reads", f"send a body only with {_alternatives(sorted(self.writes))}")
        self.check_right(path, headers)
        if method in self.writes:
            self._check_length(headers)

    def _check_sender(self, headers: Headers) -> None:
        """Check that the request names this host and comes from this origin or from none.

        Raises:
            Refusal: it does not.
        """
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1 or (self.hosts and hosts[0] not in self.hosts):
            raise Refusal(421, "Wrong host", f"{self.address} answers only at the address that it printed")
        remedy = f"open {self.address} at the address that it printed"
        if any(origin != f"http://{hosts[0]}" for origin in headers.getlist("origin")):
            raise Refusal(403, "Another origin", f"a page of another origin asked; {remedy}")
        if any(site not in {"same-origin", "none"} for site in headers.getlist("sec-fetch-site")):
            raise Refusal(403, "Another site", f"another site asked; {remedy}")

    def _check_length(self, headers: Headers) -> None:
        """Check the length of a body.

        Raises:
            Refusal: it is unknown or too large.
        """
        lengths = headers.getlist("content-length")
        if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]) or "transfer-encoding" in headers:
            raise Refusal(411, "Length unknown", "send the length of the content")
        if int(lengths[0]) > self.most_bytes:
            raise Refusal(413, "Too large", f"send at most {self.most_bytes:,} bytes")


def require_type(headers: Headers, media_type: str, in_words: str) -> None:
    """Check that a body has the *media_type*, and no other one too.

    Raises:
        Refusal: it has not.
    """
    types = [value.partition(";")[0].strip().lower() for value in headers.getlist("content-type")]
    if types != [media_type]:
        raise Refusal(415, f"Not {in_words}", f"send the content type {media_type}")


def _alternatives(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
