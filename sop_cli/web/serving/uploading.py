"""Files that the page sends for an audit, in pieces: each piece is a request that the guard checks like all others."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sop_cli.web.serving.bodies import DiscardRequest, UploadRequest, body_of
from sop_cli.web.serving.state import workbench_of
from sop_cli.web.uploads import UploadError

_LONGEST_NUMBER = 12
"""Digits of the place of a piece in its file."""


async def begin(request: Request) -> Response:
    """Return the id of a file that is sent next."""
    uploads = workbench_of(request).uploads
    asked = await body_of(request, UploadRequest)
    return JSONResponse({"id": await run_in_threadpool(uploads.begin, asked.name, asked.size)})


async def piece(request: Request) -> Response:
    """Write the piece of a file that begins at the byte ``offset``, and return how many bytes have arrived."""
    uploads = workbench_of(request).uploads
    offset = request.query_params.get("offset", "")
    content = await request.body()
    if not (offset.isascii() and offset.isdigit() and len(offset) <= _LONGEST_NUMBER):
        raise UploadError("the place of a piece is not a number; reload the page")
    received = await run_in_threadpool(uploads.put, request.path_params["id"], int(offset), content)
    return JSONResponse({"received": received})


async def discard(request: Request) -> Response:
    """Remove files that were sent."""
    uploads = workbench_of(request).uploads
    asked = await body_of(request, DiscardRequest)
    for upload in asked.files:
        await run_in_threadpool(uploads.discard, upload)
    return JSONResponse({})
