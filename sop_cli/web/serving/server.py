"""Server of the workbench: binds a port of this computer, prints the link, and serves until it is interrupted."""

import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable

import click
import uvicorn

from sop_cli.serving.connections import LONGEST_HEAD, Connection
from sop_cli.serving.listening import LOOPBACK, WAITING, listening_socket
from sop_cli.web.audit_results import AUDITS, settle_drafts
from sop_cli.web.serving.app import application
from sop_cli.web.serving.state import Workbench

USUAL_PORT = 8321
"""The port if it is free and none is asked for: the same one each time, because a browser keeps drafts for each port."""


def serve(workbench: Workbench, port: int | None, *, opens: bool) -> None:
    """Serve *workbench* at *port* (None: the usual one, otherwise any free one; 0: any free one) until it is interrupted.

    Raises:
        PortError: the port cannot be bound.
    """
    with listening_socket(port, USUAL_PORT) as listening:
        if not workbench.project.read_only:
            workbench.project.remove_leftovers()
            settle_drafts(workbench.project.home / AUDITS)
        bound, token = listening.getsockname()[1], secrets.token_urlsafe(24)
        link = f"http://{LOOPBACK}:{bound}/#token={token}"
        Server(workbench, bound, token, lambda: _announce(link, opens=opens)).run(sockets=[listening])


class Server(uvicorn.Server):
    """Server of *workbench* that calls *announce* when it listens, and ends all calls before it waits for its connections to end."""

    def __init__(self, workbench: Workbench, port: int, token: str, announce: Callable[[], None]) -> None:
        config = uvicorn.Config(
            application(workbench, port, token), log_level="error", access_log=False, server_header=False, date_header=False,
            backlog=WAITING, timeout_keep_alive=5, timeout_graceful_shutdown=2, http=Connection, ws="none",
            h11_max_incomplete_event_size=LONGEST_HEAD, lifespan="on",
        )  # fmt: skip
        super().__init__(config)
        self.announce, self.workbench = announce, workbench

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then announce."""
        await super().startup(sockets)
        if self.started:
            self.announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the workers, so that no call goes on, then the connections."""
        await self.workbench.stop()
        await super().shutdown(sockets)


def _announce(link: str, *, opens: bool) -> None:
    click.echo(f"workbench: {link}")
    click.echo("only this computer can open it; Ctrl-C ends it, drafts are kept")
    sys.stdout.flush()
    has_desktop = sys.platform in {"win32", "darwin"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")))
    if opens and has_desktop:  # elsewhere, a browser for terminals would take this one
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
