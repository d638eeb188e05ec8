"""Guard of the workbench: each request must also show the token of this start."""

import hmac
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from sop_cli.serving.guard import Guard, Refusal, require_type

TOKEN_HEADER = "x-sop-token"  # noqa: S105 - the name of a header
API, SITE, PIECES = "/api/", "/site/", "/api/upload/"


class WorkbenchGuard(Guard):
    """Guard that serves what needs a token only with the one of this start: of the API by a header, of the living document by a cookie."""

    address = "the workbench"
    writes = frozenset({"POST", "PUT"})

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        super().__init__(app, port)
        self.token, self.cookie = token, cookie_name(port)

    def check_type(self, path: str, headers: Headers) -> None:
        """Check the type of a body: JSON, or bytes of a piece of a file.

        Raises:
            Refusal: it is another one.
        """
        if path.startswith(PIECES):
            require_type(headers, "application/octet-stream", "a piece of a file")
        else:
            super().check_type(path, headers)

    def check_right(self, path: str, headers: Headers) -> None:
        """Check the token.

        Raises:
            Refusal: it is not that of this start, or there is none.
        """
        if path.startswith(API) and not self._is_token(headers.getlist(TOKEN_HEADER)):
            raise Refusal(401, "No token", "open the workbench with the whole link that it printed; each start has a new one")
        if path.startswith(SITE) and not self._is_token(_cookies(headers, self.cookie)):
            raise Refusal(401, "No token", "open the workbench first, with the whole link that it printed")

    def _is_token(self, given: Sequence[str]) -> bool:
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.token.encode())


def cookie_name(port: int) -> str:
    """Return the name of the cookie with the token, which the pages of the living document need; cookies are shared by all ports."""
    return f"sop_workbench_{port}"


def _cookies(headers: Headers, name: str) -> list[str]:
    try:
        cookies: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return []
    return [cookies[name].value] if name in cookies else []
