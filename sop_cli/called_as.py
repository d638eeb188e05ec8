"""The call of the command: its name in hints and help texts, `sop` or `python3 run.py`, and the same call with an extra installed.

An extra is a part of the project's dependencies that only some options need.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import click

VARIABLE = "SOP_CALLED_AS"
"""The environment variable in which run.py passes its own call, such as ``python3 run.py``."""
LAUNCHER = "SOP_LAUNCHER"
"""The environment variable in which run.py passes the Python that it runs on and its own path."""
EXTRAS = {
    "pyarrow": "logs",
    "distributed": "cluster",
    "openpyxl": "spreadsheets",
    "starlette": "workbench",
    "uvicorn": "workbench",
    "duckdb": "audit",
    "python_calamine": "audit",
    "xlsxwriter": "audit",
}
"""Packages that only some options need, each with the extra that installs it."""
WITH = "SOP_WITH"
"""The environment variable in which run.py lists the extras that it was called with."""
_COMMAND = re.compile(r"(?<![\w./-])sop (?=[a-z]|-)")


def command_name() -> str:
    """Return the call of the command: ``sop``, or the value of `VARIABLE`."""
    return os.environ.get(VARIABLE, "").strip() or "sop"


def as_called(text: str) -> str:
    """Replace ``sop VERB`` in a message by the call with the same verb and, if another version than the default is chosen, its option."""
    versions = sys.modules.get("sop_engine.versions")  # an import would read a rulebook; without it, no version was read
    return help_as_called(text if versions is None else versions.with_version(text))


def help_as_called(text: str) -> str:
    """Replace ``sop VERB`` in a help text by the call with the same verb; this does not import the engine."""
    name = command_name()
    return text if name == "sop" else _COMMAND.sub(lambda _: f"{name} ", text)


def require(package: str) -> None:
    """Check that *package* is installed, before work that imports it later.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    if find_spec(package) is None:
        raise ModuleNotFoundError(name=package)


def missing_package(error: ModuleNotFoundError, arguments: Sequence[str] | None) -> str | int:
    """Install the extra with the package that *error* names, run the command with *arguments* again, and return its exit status.

    Only the launcher installs. Without it or without *arguments*, or if that was done already, return what is wrong and what to do.
    """
    package = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(package)
    if extra is None:
        return f"the module `{error.name}` is missing; install the program again"
    python, _, launcher = os.environ.get(LAUNCHER, "").rpartition(os.pathsep)
    if not python or arguments is None:
        return f"the package `{package}` is not installed; it comes with the extra `{extra}`: pip install 'sop-spec[{extra}]'"
    given = os.environ.get(WITH, "").split()
    if extra in given:
        return f"the package `{package}` of the extra `{extra}` cannot be imported; remove `.venv` and run the command again"
    click.echo(f"the package `{package}` comes with the extra `{extra}`, which is installed now", err=True)
    call = [python, launcher, *(word for name in (*given, extra) for word in ("--with", name)), *arguments]
    if os.name == "nt":  # there, a replaced process returns to the shell before the work is done
        return subprocess.run(call, check=False).returncode  # noqa: S603 (the launcher, with the arguments of this process)
    return os.execv(python, call)  # noqa: S606
