"""The process that runs a plan: pytest with our plugins and nothing that lies near the features.

Started as a file, not as a module, so that the folder it is started in is never searched for Python.
"""

import gc
import os
import signal
import sys
from pathlib import Path
from types import FrameType

PLUGINS = ("steps.run.plugin", "steps.run.pytest_html", "pytest_html.plugin", "pytest_metadata.plugin")
UNUSED = (
    "cacheprovider",
    "doctest",
    "junitxml",
    "logging",
    "nose",
    "stepwise",
    "threadexception",
    "unittest",
    "unraisableexception",
    "warnings",
)


def _find_our_packages() -> None:
    """Installed, they are on the path already; in a checkout they lie beside this folder."""
    home = str(Path(__file__).resolve().parents[2])
    if home not in map(os.path.abspath, sys.path):
        sys.path.insert(0, home)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """A time-out of CI ends a run as Ctrl-C does: with a record that says so."""
    raise KeyboardInterrupt


def arguments(plan: Path, root: Path, workers: int) -> list[str]:
    """What pytest is told. Nothing in it comes from a user but the names of existing folders, each behind its option."""
    folder = plan.parent
    return [
        ".",
        f"--sop-plan={plan}",
        f"--rootdir={root.parent}",
        f"--confcutdir={root}",
        f"-c{os.devnull}",
        "--noconftest",
        "--quiet",
        "--no-header",
        "--tb=short",
        "--color=no",
        "--show-capture=all",
        "--capture=sys",
        f"--html={folder / 'pytest.html'}",
        "--self-contained-html",
        *(f"-p{plugin}" for plugin in PLUGINS),
        *(f"-pno:{plugin}" for plugin in UNUSED),
        *(("-pxdist.plugin", f"--numprocesses={workers}") if workers else ()),
    ]


def main(plan: Path, workers: int) -> int:
    """Run *plan*, with *workers* processes of their own if there are any."""
    if not workers:
        gc.disable()  # until all is collected, see steps.run.plugin
    _find_our_packages()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    import pytest  # noqa: PLC0415 - found only now

    from steps.run.plan import Plan  # noqa: PLC0415

    root = Plan.read(plan).root
    os.chdir(root)
    status = int(pytest.main(arguments(plan, root, workers)))
    gc.freeze()  # all of it goes with the process
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
