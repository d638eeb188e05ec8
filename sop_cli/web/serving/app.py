"""The application of the workbench: its routes behind the guard, and the workers that it starts and ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from sop_cli.web.serving import api, pages, uploading
from sop_cli.web.serving.guard import WorkbenchGuard
from sop_cli.web.serving.problems import HANDLERS
from sop_cli.web.serving.state import Workbench


def application(workbench: Workbench, port: int, token: str) -> WorkbenchGuard:
    """Return the guarded application for *workbench* at *port*."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(workbench.look_at_code())]
        tasks += [asyncio.create_task(lane.start_in_turn()) for lane in workbench.lanes.values() if not lane.is_background]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await workbench.stop()

    routes = [
        Route("/", pages.page),
        *(Route(f"/static/{name}", pages.shared) for name in pages.SHARED),
        Route("/static/{path:path}", pages.static),
        Route("/site/simulations/{name}/report.html", pages.simulation),
        Route("/site/audits/{name}/{file}", pages.audit),
        Route("/site/{path:path}", pages.site),
        Route("/api/project", api.project),
        Route("/api/changes", api.changes),
        Route("/api/file", api.file),
        Route("/api/save", api.save, methods=["POST"]),
        Route("/api/rename", api.rename, methods=["POST"]),
        Route("/api/draft", api.draft, methods=["PUT"]),
        Route("/api/call", api.call, methods=["POST"]),
        Route("/api/uploads", uploading.begin, methods=["POST"]),
        Route("/api/upload/{id}", uploading.piece, methods=["PUT"]),
        Route("/api/uploads/discard", uploading.discard, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers=HANDLERS, lifespan=lifespan)
    app.router.redirect_slashes = False
    app.state.workbench, app.state.token, app.state.port = workbench, token, port
    return WorkbenchGuard(app, port, token)
