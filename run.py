"""Launcher: installs the project on first use, then runs a command; needs Python 3.11 or newer and pip, nothing else.

    python3 run.py            verify the specification and write the living document
    python3 run.py test       the quick tests, the slow tests, then verify
                   --quick    only the quick tests
                   --all      also the tests that need other programs
                   ...        any other arguments: pytest with these arguments
    python3 run.py check      lint, format, types and layers
    python3 run.py COMMAND    sop COMMAND, for example: python3 run.py decide --help

On Windows type `py run.py`. Everything is installed into `.venv` beside this file, from a lock file with hashes, and
nothing anywhere else. The environment is created without pip and filled by the pip of this Python, because Debian's
Python comes without the part of `venv` that installs pip.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (before any syntax that an older Python cannot parse)
    sys.exit("error: Python 3.11 or newer is needed, this is %d.%d (%s)" % (*sys.version_info[:2], sys.executable))  # noqa: UP031

import hashlib
import os
import shlex
import shutil
import subprocess
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
TO_USE = ROOT / "requirements.lock"
TO_DEVELOP = ROOT / "requirements-dev.lock"

SOP = (PYTHON, "-P", "-m", "sop_cli")
CALLED_AS = {"SOP_CALLED_AS": f"{'py' if os.name == 'nt' else 'python3'} {shlex.quote(sys.argv[0])}"}
PYTEST = (PYTHON, "-P", "-m", "pytest")
ON_EVERY_CORE = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
QUICK, SLOW, SLOW_AND_PEERS = "not slow and not peers", "slow and not peers", "slow or peers"
CHECKS = {
    "lint": (SCRIPTS / "ruff", "check", "."),
    "format": (SCRIPTS / "ruff", "format", "--check", "."),
    "types": (SCRIPTS / "mypy",),
    "layers": (SCRIPTS / "lint-imports", "--no-logo"),
    "features": (*SOP, "lint"),
}


def main(arguments: list[str]) -> int:
    """Install what *arguments* need, run them, and return the exit status."""
    verb, *rest = arguments or ["verify"]
    if verb not in {"test", "check"}:
        set_up(TO_USE)
        return run(*SOP, verb, *rest)
    set_up(TO_USE, TO_DEVELOP)
    if verb == "check":
        failed = [name for name, command in CHECKS.items() if run(*command, folder=ROOT)]
        print(f"checks failed: {', '.join(failed)}" if failed else f"checks passed: {', '.join(CHECKS)}")
        return 1 if failed else 0
    if not set(rest) <= {"--quick", "--all"}:
        return run(*PYTEST, *rest, folder=ROOT)
    quick = test("the quick tests", QUICK)
    if "--quick" in rest:
        return quick
    slow = test("the slow tests", SLOW_AND_PEERS if "--all" in rest else SLOW)
    return max(quick, slow, run(*SOP, "verify", folder=ROOT))


def test(name: str, marks: str) -> int:
    """Run the tests with these *marks* on every core, print the result and the time, and return pytest's exit status."""
    print(f"{name} ...", flush=True)
    began = time.monotonic()
    status = run(*PYTEST, *ON_EVERY_CORE, "-m", marks, folder=ROOT)
    print(f"{name} {'failed' if status else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return status


def set_up(*locks: Path) -> None:
    """Install *locks* into the environment unless they are installed; if the first lock changed, create a new environment."""
    if all(map(is_installed, locks)):
        return
    with alone():
        missing = [lock for lock in locks if not is_installed(lock)]  # checked again: another process may have installed it meanwhile
        if missing:
            make(missing, locks)


def make(missing: list[Path], locks: tuple[Path, ...]) -> None:
    """Install the *missing* ones of *locks*, into a new environment if the first is among them."""
    print(f"setting up {ENVIRONMENT.name} from {' and '.join(lock.name for lock in missing)} ...", file=sys.stderr, flush=True)
    try:
        if missing[0] == locks[0]:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            venv.create(ENVIRONMENT)
            missing = list(locks)
        for lock in missing:
            install(lock)
            stamp_of(lock).write_text(state_of(lock), encoding="utf-8")
    except BaseException:  # any error, also an interruption: remove an incomplete environment
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process sets up this folder. The lock is on an existing file and is released when the process ends."""
    with TO_USE.open("rb") as file:
        if not is_held(file):
            print(f"another run.py is setting up {ENVIRONMENT.name}; waiting for it ...", file=sys.stderr, flush=True)
            while not is_held(file):
                time.sleep(0.2)
        yield


def is_held(file: BinaryIO) -> bool:
    """Try to lock *file* and return whether this process has the lock; True also if the file system has no locks."""
    try:
        if sys.platform == "win32":
            file.seek(2**30)  # a byte beyond the end, so that other processes can read the file
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def install(lock: Path) -> None:
    """Install *lock* with pip; print the output of pip only if it fails."""
    only_what_is_locked = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check")
    pip = subprocess.run(
        [*find_pip(), "install", "-qq", *only_what_is_locked, "-r", lock],
        env={**os.environ, "PIP_USER": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if pip.returncode:
        print(pip.stdout.decode(errors="replace"), file=sys.stderr)
        sys.exit(
            f"error: pip could not install {lock.name} (see its output above); nothing was installed, correct this and run the command again"
        )


def find_pip() -> tuple[str | Path, ...]:
    """Return the command that installs into the environment: the pip of this Python, otherwise one from ensurepip."""
    if find_spec("pip"):
        return (sys.executable, "-m", "pip", "--python", PYTHON)
    if find_spec("ensurepip"):
        subprocess.run([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL, check=True)
        return (PYTHON, "-m", "pip")
    return sys.exit(f"error: {sys.executable} has no pip; install it first (on Debian and Ubuntu: apt install python3-pip)")


def is_installed(lock: Path) -> bool:
    """Return whether the current *lock* is installed, for this Python and in this folder."""
    try:
        return PYTHON.exists() and stamp_of(lock).read_text(encoding="utf-8") == state_of(lock)
    except OSError:
        return False


def stamp_of(lock: Path) -> Path:
    """Return the file that contains the installed state of *lock*."""
    return ENVIRONMENT / f"{lock.name}.installed"


def state_of(lock: Path) -> str:
    """Return a digest of all that an installed *lock* depends on."""
    parts = (lock.read_bytes(), sys.version.encode(), sys.base_prefix.encode(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(*command: str | Path, folder: Path | None = None) -> int:
    """Run *command* and return its exit status; the project is importable in it from every working directory."""
    # A child and not `os.execv`, which on Windows returns to the shell before the work is done.
    child = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), **(CALLED_AS if command[: len(SOP)] == SOP else {})}
    )
    while True:
        try:
            status = child.wait()
        except KeyboardInterrupt:  # the child receives it too and reports how it ended
            continue
        return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
