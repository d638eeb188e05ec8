"""Contract of errors: the closed list of problems, and their form (problem details, RFC 9457)."""

from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

MEDIA_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """The kinds of problems, as references relative to the server."""

    MALFORMED = "/v1/problems/malformed"
    INVALID = "/v1/problems/invalid"
    UNAUTHORIZED = "/v1/problems/unauthorized"
    WRONG_ORIGIN = "/v1/problems/wrong-origin"
    NOT_FOUND = "/v1/problems/not-found"
    WRONG_METHOD = "/v1/problems/wrong-method"
    TOO_SLOW = "/v1/problems/too-slow"
    NO_LENGTH = "/v1/problems/no-length"
    TOO_LARGE = "/v1/problems/too-large"
    NOT_JSON = "/v1/problems/not-json"
    WRONG_HOST = "/v1/problems/wrong-host"
    IMPOSSIBLE = "/v1/problems/impossible"
    INTERNAL = "/v1/problems/internal"
    NOT_OFFERED = "/v1/problems/not-offered"
    BUSY = "/v1/problems/busy"
    TIME_LIMIT = "/v1/problems/time-limit"


class Kind(NamedTuple):
    """Status, title and meaning of a problem."""

    status: int
    title: str
    meaning: str


KINDS = {
    ProblemType.MALFORMED: Kind(400, "Not JSON", "The body is not JSON, has a key twice, or is nested too deeply."),
    ProblemType.INVALID: Kind(400, "Not in the contract", "A key, a type or a word that the contract does not have; `place` points to it."),
    ProblemType.UNAUTHORIZED: Kind(401, "Token missing", "The server wants a token, and the request has none or a wrong one."),
    ProblemType.WRONG_ORIGIN: Kind(403, "Another origin", "A page of another site sent the request."),
    ProblemType.NOT_FOUND: Kind(404, "Not found", "There is no such path."),
    ProblemType.WRONG_METHOD: Kind(405, "Wrong method", "The path has no such method."),
    ProblemType.TOO_SLOW: Kind(408, "Too slow", "The body did not arrive in time."),
    ProblemType.NO_LENGTH: Kind(411, "Length unknown", "The request does not state the length of its body."),
    ProblemType.TOO_LARGE: Kind(413, "Too large", "The body, or the answer to it, would be too large; send several requests."),
    ProblemType.NOT_JSON: Kind(415, "Wrong type", "The content type of the body is not application/json."),
    ProblemType.WRONG_HOST: Kind(421, "Wrong host", "The request names another host than the server's."),
    ProblemType.IMPOSSIBLE: Kind(
        422, "Not possible", "A request of the right form that has no answer, such as a range that ends before it begins."
    ),
    ProblemType.INTERNAL: Kind(500, "Internal error", "The server failed, whatever the request."),
    ProblemType.NOT_OFFERED: Kind(501, "Not offered", "The server does not offer this operation."),
    ProblemType.BUSY: Kind(
        503, "Busy", "The server has too much to do. A client may repeat the request after the seconds of `Retry-After`."
    ),
    ProblemType.TIME_LIMIT: Kind(504, "Time limit", "The computation took too long and was ended."),
}
"""Every problem of the contract."""


class Problem(msgspec.Struct, kw_only=True):
    """Why a request has no answer."""

    type: ProblemType
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="What is wrong, and what to do.")]
    place: Annotated[
        str | None,
        Meta(description="JSON pointer to the wrong value of the body, if one is wrong.", examples=["/requests/0/possible/stage/1"]),
    ] = None
