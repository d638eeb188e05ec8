"""HTTP interface of the workbench: its page, the files of the specification, drafts, and calls of the workers."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sop_cli import __version__
from sop_cli.runs.file_changes import changed, stamps_of
from sop_cli.web.drafts import Drafts
from sop_cli.web.guard import Guard, cookie_name
from sop_cli.web.lanes import Lane, lanes
from sop_cli.web.methods import METHODS, WRITES
from sop_cli.web.problems import problem
from sop_cli.web.project import Change, ConflictError, FileNameError, Project, ReadOnlyError, Watch, digest_of, digest_of_files
from sop_engine.errors import SopError

STATIC, SITE, DRAFTS = "static", Path("build", "site"), Path("build", "workbench", "drafts")
SIMULATIONS = Path("build", "simulations")
PAGE = "workbench.html"
SHARED = {"document.css": ("reports/templates/style", ""), "explorer.js": ("reports/templates/script", "40-explorer.js")}
"""Parts of the living document that the page uses too, by the name in which it asks for them: folder, and file (all if empty)."""
LOOK_S = 1.0
"""Seconds between two looks at the code and the rulebook."""
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html", ".svg": "image/svg+xml", ".txt": "text/plain"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Policy for the living document, whose pages each have a stricter one: no script of theirs may send a request to the workbench."""
NONCE = "{{nonce}}"
"""Where the page has the nonce of its style elements, which the editor makes."""


Body = TypeVar("Body")


STATUSES: Mapping[type[SopError], int] = {ReadOnlyError: 403, FileNameError: 404}
"""The HTTP status of an error, if it is not 400."""


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

    *taken* is the tab whose draft this one goes on with; that one is discarded.
    """

    path: str
    base: str | None = None
    text: str | None = None
    tab: str = ""
    taken: str | None = None


class CallRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Request to call a method of a worker."""

    method: str
    params: msgspec.Raw


@dataclass(slots=True)
class Workbench:
    """State of the server: the project, its drafts, what changed on disk, and the lanes of the workers.

    *code* and *approved* are the files of the code and of the baseline, on which results depend too; *code_changes* counts.
    """

    project: Project
    code: tuple[Path, ...] = ()
    approved: tuple[Path, ...] = ()
    code_changes: int = 0
    lanes: Mapping[str, Lane] = field(default_factory=lanes)
    watch: Watch = field(init=False)
    drafts: Drafts = field(init=False)
    saved_by: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = Watch(self.project)
        self.drafts = Drafts(self.project.home / DRAFTS)

    async def look_at_code(self) -> None:
        """Replace the workers whenever the code or a register changes, and announce that and a new baseline, until the server ends."""
        before, approved_before = stamps_of(self.code), stamps_of(self.approved)
        while True:
            await asyncio.sleep(LOOK_S)
            now, approved_now = await run_in_threadpool(lambda: (stamps_of(self.code), stamps_of(self.approved)))
            if changed(before, now):
                before = now
                self.code_changes += 1
                self.watch.revision += 1
                self.renew_workers()
            if changed(approved_before, approved_now):
                approved_before = approved_now
                self.watch.revision += 1

    def renew_workers(self) -> None:
        """Replace the workers, because the code or a register has changed."""
        for lane in self.lanes.values():
            lane.renew()

    async def stop(self) -> None:
        """End all workers."""
        await asyncio.gather(*(lane.close() for lane in self.lanes.values()))


def application(workbench: Workbench, port: int, token: str) -> Guard:
    """Return the guarded application for *workbench* at *port*."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(workbench.look_at_code())]
        tasks += [asyncio.create_task(_started(lane)) for lane in workbench.lanes.values() if not lane.is_background]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await workbench.stop()

    routes = [
        Route("/", page),
        *(Route(f"/static/{name}", shared) for name in SHARED),
        Route("/static/{path:path}", static),
        Route("/site/simulations/{name}/report.html", simulation),
        Route("/site/{path:path}", site),
        Route("/api/project", project),
        Route("/api/changes", changes),
        Route("/api/file", file),
        Route("/api/save", save, methods=["POST"]),
        Route("/api/rename", rename, methods=["POST"]),
        Route("/api/draft", draft, methods=["PUT"]),
        Route("/api/call", call, methods=["POST"]),
    ]
    handlers: Mapping[Any, Any] = {
        SopError: _bad_input, HTTPException: _http_error, OSError: _system_error, ClientDisconnect: _gone, Exception: _internal_error,
    }  # fmt: skip
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.workbench, app.state.token, app.state.port = workbench, token, port
    return Guard(app, port, token)


async def page(request: Request) -> Response:  # noqa: ARG001 - of a route
    """Return the page."""
    nonce = secrets.token_urlsafe(16)
    text = (files("sop_cli.web") / STATIC / PAGE).read_text(encoding="utf-8").replace(NONCE, nonce)
    return Response(text, media_type="text/html", headers={"content-security-policy": POLICY.format(nonce=nonce)})


async def static(request: Request) -> Response:
    """Return a file of the page."""
    return _file_below(Path(str(files("sop_cli.web") / STATIC)), request.path_params["path"])


async def shared(request: Request) -> Response:
    """Return the styles, or a script, of the living document."""
    name = request.url.path.rpartition("/")[2]
    place, only = SHARED[name]
    folder, suffix = files(place.partition("/")[0]).joinpath(*place.split("/")[1:]), f".{name.rpartition('.')[2]}"
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(only or suffix)), key=lambda part: part.name)
    return Response("\n".join(part.read_text(encoding="utf-8") for part in parts), media_type=MEDIA_TYPES[suffix])


async def site(request: Request) -> Response:
    """Return a page of the living document."""
    workbench = _workbench(request)
    response = _file_below(workbench.project.home / SITE, request.path_params["path"] or "index.html")
    response.headers["content-security-policy"] = SITE_POLICY
    return response


async def simulation(request: Request) -> Response:
    """Return the report of a simulation, also of one that the living document does not have yet."""
    response = _file_below(_workbench(request).project.home / SIMULATIONS, f"{request.path_params['name']}/report.html")
    response.headers["content-security-policy"] = SITE_POLICY
    return response


async def project(request: Request) -> Response:
    """Return what there is: files with their digests, drafts, and whether anything may be written."""
    workbench = _workbench(request)
    names = await run_in_threadpool(workbench.project.files)
    response = JSONResponse(
        {
            "version": __version__,
            "folder": workbench.project.home.name,
            "read_only": workbench.project.read_only,
            "rulebook": workbench.project.rulebook.name if workbench.project.rulebook else None,
            "revision": workbench.watch.revision,
            "files": [{"path": name, "digest": digest_of(path.read_bytes())} for name, path in names.items()],
            "drafts": workbench.drafts.names(),
            "approved": await run_in_threadpool(digest_of_files, workbench.approved),
            "code": workbench.code_changes,
            "has_site": (workbench.project.home / SITE / "index.html").is_file(),
        }
    )
    response.set_cookie(cookie_name(request.app.state.port), request.app.state.token, path="/site/", httponly=True, samesite="strict")
    return response


async def changes(request: Request) -> Response:
    """Return which files changed after the revision ``since``, their digests, and who saved them."""
    workbench = _workbench(request)
    since = request.query_params.get("since", "0")
    await run_in_threadpool(workbench.watch.look)
    names = workbench.watch.since(int(since) if since.isdecimal() and len(since) < 16 else 0)  # noqa: PLR2004
    present = workbench.project.files() if names else {}
    digests = {name: digest_of(present[name].read_bytes()) if name in present else None for name in names}
    listed = [{"path": name, "digest": digest, "by": workbench.saved_by.get(f"{name} {digest}")} for name, digest in digests.items()]
    return JSONResponse({"revision": workbench.watch.revision, "changes": listed})


async def file(request: Request) -> Response:
    """Return the text of a file, its digest, and its draft if there is one."""
    workbench = _workbench(request)
    name = request.query_params.get("path", "")
    content = await run_in_threadpool(workbench.project.read, name)
    return JSONResponse({"path": name, **asdict(content), "draft": workbench.drafts.get(name)})


async def save(request: Request) -> Response:
    """Write the files of the request, all or none; 409 with their present content if one is not as the page has seen it."""
    workbench = _workbench(request)
    asked = await _asked(request, SaveRequest)
    changes = [Change(part.path, part.digest, part.text) for part in asked.changes]
    try:
        await run_in_threadpool(workbench.project.save, changes)
    except ConflictError as error:
        listed = [
            {"path": conflict.name, **(asdict(conflict.content) if conflict.content else {"text": None, "digest": None})}
            for conflict in error.conflicts
        ]
        return problem(
            409, "Changed on disk", "a file has changed since you opened it, so nothing was saved; compare the texts", conflicts=listed
        )
    digests = {change.name: digest_of(change.text.encode()) for change in changes}
    for name, digest in digests.items():
        workbench.saved_by[f"{name} {digest}"] = asked.tab[:64]
        workbench.drafts.discard(name, asked.tab)
    if any(name.endswith(".toml") for name in digests):
        workbench.renew_workers()
    return JSONResponse({"digests": digests})


async def rename(request: Request) -> Response:
    """Rename a step sentence in its module and in all features, or nowhere; what is written is computed here, not by the page."""
    workbench = _workbench(request)
    if workbench.project.read_only:
        raise ReadOnlyError("this workbench is read only; start it without --read-only to rename a sentence")
    asked = await _asked(request, RenameRequest)
    params = json.dumps({"old": asked.old, "new": asked.new})
    *_, answer = [message async for message in workbench.lanes["edit"].call("feature.rename", params)]
    if "error" in answer:
        raise SopError(answer["error"]["message"])
    changes = [Change(part["path"], part["digest"], part["text"]) for part in answer["result"]["changes"]]
    if {change.name: change.digest for change in changes} != asked.digests:
        return problem(409, "Changed on disk", "a file has changed since you saw what the renaming changes; look at it again")
    modules = {change.name: workbench.project.home / change.name for change in changes if change.name.endswith(".py")}
    try:
        await run_in_threadpool(workbench.project.save, changes, modules)
    except ConflictError:
        return problem(
            409, "Changed on disk", "a file has changed since you saw what the renaming changes, so nothing was saved; try again"
        )
    for change in changes:
        workbench.saved_by[f"{change.name} {digest_of(change.text.encode())}"] = asked.tab[:64]
    workbench.renew_workers()
    return JSONResponse({})


async def draft(request: Request) -> Response:
    """Keep or discard a draft."""
    workbench = _workbench(request)
    if workbench.project.read_only:
        raise ReadOnlyError("this workbench is read only; it keeps no drafts")
    asked = await _asked(request, DraftRequest)
    if asked.text is None:
        await run_in_threadpool(workbench.drafts.discard, asked.path, asked.tab)
    else:
        await run_in_threadpool(workbench.drafts.put, asked.path, asked.base, asked.text, asked.tab)
    if asked.taken is not None and asked.taken != asked.tab:
        await run_in_threadpool(workbench.drafts.discard, asked.path, asked.taken)
    return JSONResponse({})


async def call(request: Request) -> Response:
    """Call a method of a worker, and return its messages as lines of JSON."""
    workbench = _workbench(request)
    asked = await _asked(request, CallRequest)
    if asked.method not in METHODS:
        return problem(404, "No such method", "reload the page; it may be older than the workbench")
    if asked.method in WRITES and workbench.project.read_only:
        raise ReadOnlyError("this workbench is read only; start it without --read-only to write")
    lane, params = workbench.lanes[METHODS[asked.method]], bytes(asked.params).decode()

    async def lines() -> AsyncIterator[str]:
        async with aclosing(lane.call(asked.method, params)) as messages:
            async for message in messages:
                yield json.dumps(message) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def _asked(request: Request, kind: type[Body]) -> Body:
    """Return the body of *request*.

    Raises:
        HTTPException: it is not JSON of this *kind*.
    """
    body = await request.body()
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"not a request of the workbench ({error}); reload the page") from None


def _workbench(request: Request) -> Workbench:
    workbench: Workbench = request.app.state.workbench
    return workbench


def _file_below(folder: Path, path: str) -> Response:
    """Return the file *path* below *folder*, never one that a link or `..` leads to elsewhere."""
    parts = path.split("/")
    file = folder.joinpath(*parts)
    try:
        inside = not {"", ".", ".."} & {*parts} and file.resolve(strict=True).is_relative_to(folder.resolve(strict=True)) and file.is_file()
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside:
        return problem(404, "No such page", "there is no such page; go back, or run the specification to write the living document")
    return FileResponse(file, media_type=MEDIA_TYPES.get(file.suffix, "application/octet-stream"))


async def _started(lane: Lane) -> None:
    with suppress(OSError):
        await lane.start()


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
