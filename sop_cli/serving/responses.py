"""Responses that both servers give: problem details (RFC 9457)."""

import json
from collections.abc import Mapping

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str, *, close: bool = False, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """Return the response for an error; *close* also closes the connection, whose body may be unread."""
    body = json.dumps({"title": title, "status": status, "detail": detail, **more}, ensure_ascii=False)
    return Response(body, status, {**(headers or {}), **({"connection": "close"} if close else {})}, MEDIA_TYPE)
