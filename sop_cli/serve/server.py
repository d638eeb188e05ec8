"""Server of the contract: binds a port, says how to try it, and serves until it is interrupted, in one process or in several."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address

import click
import uvicorn
from starlette.responses import Response
from uvicorn.supervisors import Multiprocess

from sop_cli.serve.app import application
from sop_cli.serve.problems import response_to
from sop_cli.serving.connections import LONGEST_HEAD, Connection
from sop_cli.serving.guard import Guard
from sop_cli.serving.listening import WAITING, listening_socket
from steps.contract.cases import VERSION
from steps.contract.operations import DECISIONS, SERVER
from steps.contract.problems import ProblemType

USUAL_PORT = 8322
"""The port if it is free and none is asked for; the next one after the workbench's."""
KEPT_S = 60
"""Seconds for which a connection may be idle between two requests; a client may compute for a while."""
READY_S = 60.0
"""Seconds for which a worker process may start."""
_FACTS = '"canceller":["seller"],"scope":["full"],"invoicing":["ERP"],"stage":["FULFILLABLE"],"e_invoice":["pushed"]'
TRIAL = f'{{"requests":[{{"possible":{{{_FACTS}}}}}]}}'
"""The request that the command suggests."""


def serve_contract(host: str, port: int | None, workers: int) -> None:
    """Serve at *port* of *host* (None: the usual one, otherwise any free one; 0: any free one) until it is interrupted.

    Raises:
        PortError: the host or the port cannot be used.
    """
    with listening_socket(port, USUAL_PORT, host) as listening:
        address, bound = listening.getsockname()[:2]
        is_local = ip_address(address).is_loopback
        announce = partial(_announce, address, bound, is_local=is_local)
        of_process = partial(application, bound if is_local else None, address)
        if workers == 1:
            Server(config_of(of_process), announce).run(sockets=[listening])
        else:
            Workers(config_of(partial(_of_worker, of_process), workers), [listening], announce).run()


class Server(uvicorn.Server):
    """Server that calls *announce* when it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then announce."""
        await super().startup(sockets)
        if self.started:
            self.announce()


class Workers(Multiprocess):
    """Several processes that serve the same socket; one that dies is replaced."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], announce: Callable[[], None]) -> None:
        self.before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self.ended_by: signal.Signals | None = None
        super().__init__(config, sockets)
        self.announce = announce
        for number, handler in self.before.items():
            if handler is signal.SIG_IGN:  # a signal that the caller of this process ignores stays ignored
                signal.signal(number, handler)

    def init_processes(self) -> None:
        """Start all, and announce when one is ready."""
        super().init_processes()
        if self.processes[0].wait_until_ready(READY_S, self.should_exit):
            self.announce()

    def handle_int(self) -> None:
        """End."""
        self.ended_by = signal.SIGINT
        super().handle_int()

    def handle_term(self) -> None:
        """End."""
        self.ended_by = signal.SIGTERM
        super().handle_term()

    def run(self) -> None:
        """Serve until a signal ends it; the signal then has its effect, as with one process."""
        super().run()
        for number, handler in self.before.items():
            signal.signal(number, handler)
        if self.ended_by is not None:
            signal.raise_signal(self.ended_by)


class ContractConnection(Connection):
    """Connection whose refusals are problems of the contract."""

    def response_to(self, detail: str) -> Response:
        """Return the problem."""
        return response_to(ProblemType.INVALID, detail, close=True)


def config_of(app: Callable[[], Guard], workers: int = 1) -> uvicorn.Config:
    """Return the settings of a server, for the application that *app* makes."""
    return uvicorn.Config(
        app, factory=True, workers=workers, log_level="error", access_log=False, server_header=False, date_header=False,
        backlog=WAITING, timeout_keep_alive=KEPT_S, timeout_graceful_shutdown=2, http=ContractConnection, ws="none",
        h11_max_incomplete_event_size=LONGEST_HEAD, lifespan="off",
    )  # fmt: skip


def _of_worker(of_process: Callable[[], Guard]) -> Guard:
    """Return the application of a worker process, which ends when the process that started it has ended in any way."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    return of_process()


def _end_with_starter() -> None:
    starter = multiprocessing.parent_process()
    if starter is not None:
        starter.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _announce(address: str, port: int, *, is_local: bool) -> None:
    reachable = "127.0.0.1" if address == "0.0.0.0" else "::1" if address == "::" else address  # noqa: S104 - compared, not bound
    link = f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
    click.echo(f"serving version {VERSION} of the contract at {link}")
    if sys.platform == "win32":
        click.echo(f"try it: curl {link}{SERVER.path}")
    else:
        click.echo(f"try it: curl {link}{DECISIONS.path} -H 'Content-Type: application/json' -d '{TRIAL}'")
    click.echo(f"{'only this computer can reach it; ' if is_local else ''}Ctrl-C ends it")
    if not is_local:
        click.echo("warning: every computer in the network of this one can ask it, and keep it busy", err=True)
    sys.stdout.flush()
