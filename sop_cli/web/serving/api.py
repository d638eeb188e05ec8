"""What the page asks: the files of the specification, saves, drafts, and calls of the workers."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from sop_cli import __version__
from sop_cli.serving.responses import problem
from sop_cli.web.methods import METHODS, WRITES
from sop_cli.web.project import Change, ConflictError, FileNameError, ReadOnlyError, digest_of, digest_of_files
from sop_cli.web.serving.bodies import CallRequest, DraftRequest, RenameRequest, SaveRequest, body_of
from sop_cli.web.serving.guard import cookie_name
from sop_cli.web.serving.pages import SITE
from sop_cli.web.serving.state import workbench_of
from sop_engine.errors import SopError


async def project(request: Request) -> Response:
    """Return what there is: files with their digests, drafts, and whether anything may be written."""
    workbench = workbench_of(request)
    digests = await run_in_threadpool(workbench.project.digests)
    drafts = await run_in_threadpool(workbench.drafts.names)
    response = JSONResponse(
        {
            "version": __version__,
            "folder": workbench.project.home.name,
            "id": digest_of(str(workbench.project.home).encode())[:16],
            "read_only": workbench.project.read_only,
            "rulebook": workbench.project.rulebook.name if workbench.project.rulebook else None,
            "revision": workbench.watch.revision,
            "files": [{"path": name, "digest": digest} for name, digest in digests.items()],
            "drafts": [*drafts],
            "new_drafts": [name for name, is_new in drafts.items() if is_new],
            "approved": await run_in_threadpool(digest_of_files, workbench.approved),
            "code": workbench.code_changes,
            "experiments": workbench.experiment_changes,
            "has_site": (workbench.project.home / SITE / "index.html").is_file(),
            "run": await run_in_threadpool(workbench.last_run),
        }
    )
    response.set_cookie(cookie_name(request.app.state.port), request.app.state.token, path="/site/", httponly=True, samesite="strict")
    return response


async def changes(request: Request) -> Response:
    """Return which files changed after the revision ``since``, their digests, and who saved them.

    *taken* are the files whose draft of the page ``tab`` another page has taken over; *run* is the id of the last run that began;
    *has_site* is whether the living document is there.
    """
    workbench = workbench_of(request)
    since = request.query_params.get("since", "0")
    await workbench.look()
    revision = workbench.watch.revision  # before the rest: the next answer has what another request notices meanwhile
    names = workbench.watch.since(int(since) if since.isdecimal() and len(since) < 16 else 0)  # noqa: PLR2004
    present = await run_in_threadpool(workbench.project.digests, names)
    digests = {name: present.get(name) for name in names}
    listed = [{"path": name, "digest": digest, "by": workbench.saved_by.get(f"{name} {digest}")} for name, digest in digests.items()]
    taken = sorted(workbench.taken_over.get(request.query_params.get("tab", ""), ()))
    has_site = await run_in_threadpool((workbench.project.home / SITE / "index.html").is_file)
    run = await run_in_threadpool(workbench.last_run)
    return JSONResponse({"revision": revision, "changes": listed, "taken": taken, "run": run, "has_site": has_site})


async def file(request: Request) -> Response:
    """Return the text of a file, its digest, its newest draft if there is one, and all drafts; of a deleted file, an empty text and the drafts."""
    workbench = workbench_of(request)
    name = request.query_params.get("path", "")
    drafts = await run_in_threadpool(workbench.drafts.all, name)
    try:
        content = asdict(await run_in_threadpool(workbench.project.read, name))
    except FileNameError:
        if not drafts:
            raise
        content = {"text": "", "digest": None}
    return JSONResponse({"path": name, **content, "draft": drafts[0] if drafts else None, "drafts": drafts})


async def save(request: Request) -> Response:
    """Write the files of the request, all or none; 409 with their present content if one is not as the page has seen it."""
    workbench = workbench_of(request)
    asked = await body_of(request, SaveRequest)
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
    await run_in_threadpool(workbench.watch.look_now)  # so that it is missed if it is deleted directly after
    if any(name.endswith(".toml") for name in digests):
        workbench.renew_workers()
    return JSONResponse({"digests": digests})


async def rename(request: Request) -> Response:
    """Rename a step sentence in its module and in all features, or nowhere; what is written is computed here, not by the page."""
    workbench = workbench_of(request)
    if workbench.project.read_only:
        raise ReadOnlyError("this workbench is read only; start it without --read-only to rename a sentence")
    asked = await body_of(request, RenameRequest)
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
    workbench = workbench_of(request)
    if workbench.project.read_only:
        raise ReadOnlyError("this workbench is read only; it keeps no drafts")
    asked = await body_of(request, DraftRequest)
    if asked.text is None:
        await run_in_threadpool(workbench.drafts.discard, asked.path, asked.tab)
    else:
        await run_in_threadpool(workbench.drafts.put, asked.path, asked.base, asked.text, asked.tab)
    workbench.taken_over.get(asked.tab, set()).discard(asked.path)
    for tab in {*asked.taken} - {asked.tab}:
        await run_in_threadpool(workbench.drafts.discard, asked.path, tab)
        workbench.note_taken_over(asked.path, tab)
    return JSONResponse({})


async def call(request: Request) -> Response:
    """Call a method of a worker, and return its messages as lines of JSON."""
    workbench = workbench_of(request)
    asked = await body_of(request, CallRequest)
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
