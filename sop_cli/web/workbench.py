"""`sop workbench`: edit the specification in a browser."""

from importlib import import_module
from pathlib import Path

import click

from sop_cli.called_as import require
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import FEATURES
from sop_engine import SopError


class NothingToEditError(SopError):
    """There are no features here."""


@click.command(short_help="Edit the specification in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port of this computer (default: 8321 if it is free).")
@click.option("--read-only", is_flag=True, help="Show everything, and write nothing.")
@click.option("--no-open", is_flag=True, help="Print the link, and do not open the browser.")
def workbench(port: int | None, *, read_only: bool, no_open: bool) -> int:
    """Edit the specification of the current folder in the browser: cases, features, questions, the review and the gate.

    It serves this computer alone, and only to who has the link that it prints. A draft is tried in a copy; nothing is saved
    without asking, and nothing over a file that another program has changed. Ctrl-C ends it.

    Exit status: 0 ended, 2 invalid option, no features here, or the port is taken, 70 internal error, 130 interrupted (Ctrl-C).
    """
    for package in ("starlette", "uvicorn"):
        require(package)
    if not Path(FEATURES).is_dir():
        raise NothingToEditError(f"there is no folder `{FEATURES}` here; change to the folder of the specification")
    if Path(FEATURES).is_symlink():
        raise NothingToEditError(f"`{FEATURES}` is a link; change to the folder that has the features themselves")
    state, server = import_module("sop_cli.web.serving.state"), import_module("sop_cli.web.serving.server")
    digests, context = import_module("steps.definitions.source_digest"), import_module("sop_cli.web.context")
    project = context.project(read_only=read_only)

    def code() -> tuple[Path, ...]:
        return (*digests.code_files(context.bindings()), *project.registers)

    server.serve(state.Workbench(project, code, context.approved_files(), context.code_digest), port, opens=not no_open)
    return SUCCESS
