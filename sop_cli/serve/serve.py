"""`sop serve`: the reference server of the contract."""

from importlib import import_module

import click

from sop_cli.called_as import require
from sop_cli.exit_status import SUCCESS

HOST = "127.0.0.1"
MOST_PROCESSES = 64


@click.command(short_help="Answer over HTTP, by the contract for order-management systems.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port (default: 8322 if it is free; 0: any free one).")
@click.option("--host", metavar="ADDRESS", default=HOST, show_default=True, help="Address to listen at; 0.0.0.0 for all of this computer.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_PROCESSES),
    metavar="N",
    default=1,
    show_default=True,
    help="Processes that share the requests.",
)
def serve(port: int | None, host: str, workers: int) -> int:
    """Answer decisions, orders' lives and reports over HTTP, as the published contract says (docs/http.md).

    Nothing is written or kept, so requests need no token. It serves this computer alone, unless --host names another address.
    Ctrl-C ends it.

    Exit status: 2 invalid option, or the port is taken, 70 internal error, 130 interrupted (Ctrl-C), 143 terminated.
    """
    for package in ("starlette", "uvicorn"):
        require(package)
    import_module("sop_cli.serve.server").serve_contract(host, port, workers)
    return SUCCESS
