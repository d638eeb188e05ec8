"""Problems of the contract as responses."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sop_cli.serve.bodies import WrongBodyError
from sop_cli.serving.responses import problem
from sop_engine import SopError
from steps.contract.answers import TooManyDecisionsError
from steps.contract.problems import KINDS, ProblemType

BY_STATUS: Mapping[int, ProblemType] = {kind.status: type_ for type_, kind in KINDS.items() if type_ is not ProblemType.MALFORMED}
"""The problem for each status that the guard and the router give; 400 is one that the contract does not have."""
RETRY_AFTER_S = 1
"""Seconds after which a client may repeat a request for which the server had too much to do."""


class BusyError(SopError):
    """The server has too much to do."""


class TimeLimitError(SopError):
    """A computation that took too long."""


class LargeAnswerError(SopError):
    """An answer that would be too large."""


def response_to(kind: ProblemType, detail: str, *, close: bool = False, place: str | None = None, allow: str | None = None) -> Response:
    """Return the response for a problem; *allow* are the methods of the path."""
    headers = {"allow": allow} if allow else {"retry-after": str(RETRY_AFTER_S)} if kind is ProblemType.BUSY else None
    more = {} if place is None else {"place": place}
    return problem(KINDS[kind].status, KINDS[kind].title, detail, close=close, headers=headers, type=str(kind), **more)


async def _wrong_body(_: Request, error: Exception) -> Response:
    assert isinstance(error, WrongBodyError)  # noqa: S101 - of its handler
    return response_to(error.kind, str(error), place=error.place)


async def _no_answer(_: Request, error: Exception) -> Response:
    return response_to(ProblemType.IMPOSSIBLE, str(error))


async def _busy(_: Request, error: Exception) -> Response:
    return response_to(ProblemType.BUSY, str(error))


async def _too_long(_: Request, error: Exception) -> Response:
    return response_to(ProblemType.TIME_LIMIT, str(error))


async def _too_large(_: Request, error: Exception) -> Response:
    return response_to(ProblemType.TOO_LARGE, str(error))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - of its handler
    kind = BY_STATUS.get(error.status_code, ProblemType.INTERNAL)
    detail = "there is nothing at this address; the contract begins at /v1" if kind is ProblemType.NOT_FOUND else "use a method that it has"
    return response_to(kind, detail, allow=(error.headers or {}).get("Allow"))


async def _gone(_: Request, __: Exception) -> Response:
    return response_to(ProblemType.TOO_SLOW, "the request did not arrive in time; try again", close=True)


async def _calendar(_: Request, __: Exception) -> Response:
    return response_to(ProblemType.IMPOSSIBLE, "a day is before the year 1 or after the year 9999; write others")


async def _internal_error(_: Request, error: Exception) -> Response:
    return response_to(ProblemType.INTERNAL, f"not caused by the request: {type(error).__name__}; the terminal of the server shows more")


HANDLERS: Mapping[Any, Any] = {
    WrongBodyError: _wrong_body,
    BusyError: _busy,
    TimeLimitError: _too_long,
    LargeAnswerError: _too_large,
    TooManyDecisionsError: _too_large,
    SopError: _no_answer,
    OverflowError: _calendar,
    HTTPException: _http_error,
    ClientDisconnect: _gone,
    Exception: _internal_error,
}
"""The response to each kind of error."""
