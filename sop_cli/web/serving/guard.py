"""Guard of the workbench: refuses every request that does not come from its own page on this computer.

A page of another site can send requests to 127.0.0.1, and a name that resolves to 127.0.0.1 (DNS rebinding) makes such a page the same
origin. So each request must name this host and port, come from this origin or from none, and show the token of this start.
What is refused is refused before the application has seen it, and the connection ends.
"""

import asyncio
import hmac
import re
from collections.abc import Sequence
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sop_cli.web.serving.problems import problem

TOKEN_HEADER = "x-sop-token"  # noqa: S105 - the name of a header
MOST_BYTES = 4_000_000
"""Bytes of a request's body."""
BODY_S = 10.0
"""Seconds in which the body of a request must arrive."""
DISCARD_S = 2.0
"""Seconds for which the body of a refused request is read: a client that still sends when the connection ends does not see the refusal."""
API, SITE = "/api/", "/site/"
_WRITES = frozenset({"POST", "PUT"})
_READS = frozenset({"GET", "HEAD"})
_HTTP_PORT = 80
"""The port that browsers leave out of an address."""
_LENGTH = re.compile("[0-9]{1,12}")
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every response."""


class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is not served: status, reason and remedy."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail


class Guard:
    """ASGI middleware that checks each request, and adds `HEADERS` to each response."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self.app, self.token = app, token
        names = ("127.0.0.1", "localhost", "[::1]")
        self.hosts = {f"{name}:{port}" for name in names} | (set(names) if port == _HTTP_PORT else set())
        self.cookie = cookie_name(port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        try:
            self._check(scope["method"], scope["path"], Headers(scope=scope))
        except Refusal as refusal:
            response = problem(refusal.status, refusal.title, refusal.detail, close=True)
            await response(scope, receive, _discarding_body(receive, send_guarded))
            return
        await self.app(scope, _in_time(receive), send_guarded)

    def _check(self, method: str, path: str, headers: Headers) -> None:
        """Check the request.

        Raises:
            Refusal: it is not from the workbench's own page, or not of the allowed form.
        """
        self._check_sender(headers)
        if method not in _READS | _WRITES:
            raise Refusal(405, "Unknown method", "use GET, POST or PUT")
        if not path.startswith("/"):
            raise Refusal(400, "Not a path", "ask for a path that starts with a slash")
        if method in _WRITES:
            _check_type(headers)
        elif headers.getlist("content-length") not in ([], ["0"]) or "transfer-encoding" in headers:
            raise Refusal(400, "A body that nothing reads", "send a body only with POST or PUT")
        if path.startswith(API) and not self._is_token(headers.getlist(TOKEN_HEADER)):
            raise Refusal(401, "No token", "open the workbench with the whole link that it printed; each start has a new one")
        if path.startswith(SITE) and not self._is_token(_cookies(headers, self.cookie)):
            raise Refusal(401, "No token", "open the workbench first, with the whole link that it printed")
        if method in _WRITES:
            _check_length(headers)

    def _check_sender(self, headers: Headers) -> None:
        """Check that the request names this host and comes from this origin or from none.

        Raises:
            Refusal: it does not.
        """
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            raise Refusal(421, "Wrong host", "the workbench answers only at the address that it printed")
        if any(origin != f"http://{hosts[0]}" for origin in headers.getlist("origin")):
            raise Refusal(403, "Another origin", "a page of another origin asked; open the workbench at the address that it printed")
        if any(site not in {"same-origin", "none"} for site in headers.getlist("sec-fetch-site")):
            raise Refusal(403, "Another site", "another site asked; open the workbench at the address that it printed")

    def _is_token(self, given: Sequence[str]) -> bool:
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.token.encode())


def _check_type(headers: Headers) -> None:
    """Check the type of a body, which no form of another site can have.

    Raises:
        Refusal: it is not JSON.
    """
    types = [value.partition(";")[0].strip().lower() for value in headers.getlist("content-type")]
    if types != ["application/json"]:
        raise Refusal(415, "Not JSON", "send the content type application/json")


def _check_length(headers: Headers) -> None:
    """Check the length of a body.

    Raises:
        Refusal: it is unknown or too large.
    """
    lengths = headers.getlist("content-length")
    if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]) or "transfer-encoding" in headers:
        raise Refusal(411, "Length unknown", "send the length of the content")
    if int(lengths[0]) > MOST_BYTES:
        raise Refusal(413, "Too large", f"send at most {MOST_BYTES:,} bytes")


def cookie_name(port: int) -> str:
    """Return the name of the cookie with the token, which the pages of the living document need; cookies are shared by all ports."""
    return f"sop_workbench_{port}"


def _cookies(headers: Headers, name: str) -> list[str]:
    try:
        cookies: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return []
    return [cookies[name].value] if name in cookies else []


def _in_time(receive: Receive) -> Receive:
    """Return *receive*, which ends the request as if the client had gone when its whole body takes longer than `BODY_S`."""
    complete, end = False, asyncio.get_running_loop().time() + BODY_S

    async def receive_in_time() -> Message:
        nonlocal complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            complete = True
            return {"type": "http.disconnect"}
        complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time


def _discarding_body(receive: Receive, send: Send) -> Send:
    """Return *send*, which reads and discards the body of the request for `DISCARD_S` before the response and with it the connection ends."""

    async def send_before_end(message: Message) -> None:
        if message["type"] == "http.response.body":
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(DISCARD_S):
                    while (await receive()).get("more_body", False):
                        pass
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return send_before_end
