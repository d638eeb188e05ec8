"""Notice on the pages of a site that a newer run than theirs has begun or finished.

Every page links the style sheet `STATE`, which a site writes without rules. A command that begins a run writes rules into it that show the
notice, before the run, so that the notice is there also if the command is killed. Style sheets work without scripts and from a folder.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from reports.html.output import SITE, write_file
from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_engine.input_files import read_bytes
from sop_engine.text import visible
from sop_engine.versions import with_version
from sop_runs.output_folder import is_output_folder

STATE = "state.css"
LATEST = b"/* No newer run has begun since these pages were written. */\n"
"""Content of `STATE` when the site is written."""


def run_announced(site: Path) -> AbstractContextManager[None]:
    """Show on the pages of *site*, if there is one, that a newer run has begun; an error that prevents the run removes the notice.

    Raises:
        ReportError: the folder of the site cannot be written.
    """
    return _notice_shown(site, f"A newer run began on {_now()} and has not finished, or was stopped.")


def rewriting_announced(site: Path) -> AbstractContextManager[None]:
    """Show on the pages of *site*, if there is one, that they are being rewritten, until the new `STATE` is written as the last of them."""
    return _notice_shown(site, f"Writing them again began on {_now()} and has not finished, or was stopped.")


@contextmanager
def _notice_shown(site: Path, text: str) -> Iterator[None]:
    if not is_output_folder(site, SITE):
        yield
        return
    state = site / STATE
    before = read_bytes(state, "remove it") if state.is_file() else LATEST
    write_file(state, _notice(text), "page")
    try:
        yield
    except SopError:
        with suppress(OSError):
            write_atomically(state, before)
        raise


def announce_newer_run(site: Path, run: str) -> None:
    """Show on the pages of *site*, if there is one, that the run with the id *run* is newer than theirs."""
    if is_output_folder(site, SITE):
        write_atomically(site / STATE, _notice(with_version(f"There is a newer run, {run}; write its pages with sop docs.")))


def _notice(text: str) -> bytes:
    """Return the rules that show the notice."""
    escaped = visible(text).replace("\\", r"\\").replace('"', r"\"")
    return f'.newer-run {{ display: block; }}\n.newer-run span::after {{ content: "{escaped}"; }}\n'.encode()


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d at %H:%M} UTC"
