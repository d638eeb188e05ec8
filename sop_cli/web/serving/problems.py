"""Errors of the HTTP API as problem details (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sop_cli.serving.responses import problem
from sop_cli.web.project import FileNameError, ReadOnlyError
from sop_engine.errors import SopError

STATUSES: Mapping[type[SopError], int] = {ReadOnlyError: 403, FileNameError: 404}
"""The HTTP status of an error, if it is not 400."""


async def _bad_input(_: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 400)
    return problem(status, "Not possible", str(error))


async def _http_error(_: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return problem(status, "Not served", detail if status == 400 else "there is nothing at this address; go back to the workbench")  # noqa: PLR2004


async def _system_error(_: Request, error: Exception) -> Response:
    reason = error.strerror if isinstance(error, OSError) else None
    return problem(500, "Not possible", f"{reason or error}; check the disk and the rights of the folder")


async def _gone(_: Request, __: Exception) -> Response:
    return problem(408, "Too slow", "the request did not arrive in time; try again", close=True)


async def _internal_error(_: Request, error: Exception) -> Response:
    return problem(500, "Internal error", f"not caused by your input: {type(error).__name__}; the terminal shows more")


HANDLERS: Mapping[Any, Any] = {
    SopError: _bad_input, HTTPException: _http_error, OSError: _system_error, ClientDisconnect: _gone, Exception: _internal_error,
}  # fmt: skip
"""The response to each kind of error."""
