"""Bodies of the requests that the page sends, as types that check what they read."""

from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

Body = TypeVar("Body")


class SavedChange(msgspec.Struct, forbid_unknown_fields=True):
    """Part of a request to save."""

    path: str
    digest: str | None
    text: str


class SaveRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to save files, all or none; *tab* is the page that asks."""

    changes: list[SavedChange]
    tab: str = ""


class RenameRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to rename a step sentence in the files whose digests the page has shown, by path; *tab* is the page that asks."""

    old: str
    new: str
    digests: dict[str, str]
    tab: str = ""


class DraftRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to keep the draft of a file in a tab, or without a text to discard it.

    *taken* are the tabs whose draft this one goes on with; theirs are discarded.
    """

    path: str
    base: str | None = None
    text: str | None = None
    tab: str = ""
    taken: list[str] = []


class UploadRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to send a file of *size* bytes in pieces."""

    name: str
    size: int


class DiscardRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to remove files that were sent, by their ids."""

    files: list[str]


class CallRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to call a method of a worker."""

    method: str
    params: msgspec.Raw


async def body_of(request: Request, kind: type[Body]) -> Body:
    """Return the body of *request*.

    Raises:
        HTTPException: it is not JSON of this *kind*.
    """
    body = await request.body()
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"not a request of the workbench ({error}); reload the page") from None
