"""Status and head of an answer over HTTP: what the contract has there, and in words what is wrong with another one."""

from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from time import time

import msgspec

from steps.driver.errors import cut, quote

JSON, PROBLEM = "application/json", "application/problem+json"
OK, UNAVAILABLE = 200, 503
_LEAST_REDIRECT, _LEAST_ERROR = 300, 400


class _ProblemDetails(msgspec.Struct):
    """What is shown of the problem details of a server (RFC 9457)."""

    title: str = ""
    detail: str = ""
    place: str | None = None


def wrong_in(response: HTTPResponse, raw: bytes) -> str:
    """Return why an answer with the body *raw* is none of the contract; empty if its status and head are."""
    if response.status != OK:
        return _refusal_in(response, raw)
    kinds = response.headers.get_all("Content-Type", [])
    if len(set(kinds)) > 1:
        return f"the answer has two media types, {quote(kinds[0])} and {quote(kinds[1])}, expected one"
    if _kind_of(response) != JSON:
        return f"the media type of the answer is {quote(_kind_of(response))}, expected `{JSON}`"
    charset = response.headers.get_content_charset("utf-8")
    if charset != "utf-8":
        return f"the charset of the answer is {quote(charset)}, expected UTF-8"
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    return f"the answer is encoded as {quote(encoding)}, expected none" if encoding != "identity" else ""


def wait_of(response: HTTPResponse) -> float:
    """Return the seconds that the server asks to wait; -1 if it does not say."""
    text = response.getheader("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except (TypeError, ValueError, IndexError, OverflowError):
        return -1.0


def _kind_of(response: HTTPResponse) -> str:
    return (response.getheader("Content-Type") or "none").partition(";")[0].strip().lower()


def _refusal_in(response: HTTPResponse, raw: bytes) -> str:
    """Return what is wrong with an answer of another status than 200."""
    status, kind = f"the status is {response.status}, expected {OK}", _kind_of(response)
    if _LEAST_REDIRECT <= response.status < _LEAST_ERROR:
        return f"{status}; redirects are not followed (to {quote(response.getheader('Location') or 'nowhere')}), give the final address"
    if response.status == UNAVAILABLE and wait_of(response) < 0:
        status = f"{status}, without `Retry-After`"
    if kind != PROBLEM:
        return f"{status}; the media type is {quote(kind)}, an error has `{PROBLEM}`"
    try:
        problem = msgspec.json.decode(raw, type=_ProblemDetails)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"{status}; the problem details cannot be read"
    place = f" at {quote(problem.place)}" if problem.place else ""
    return f"{status}; the server says{place}: {cut(': '.join(filter(None, (problem.title, problem.detail)))) or 'nothing'}"
