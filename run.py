"""Sets the project up on first use, then does what is asked; needs Python 3.11 or newer and pip, nothing else.

    python3 run.py            verify the specification and write the living document
    python3 run.py test       the quick tests, the slow ones, then the same
                   --quick    the quick tests alone
                   --all      also the tests that need other people's programs
                   ...        any other arguments: pytest with them
    python3 run.py check      lint, format, types and layers
    python3 run.py VERB ...   sop VERB ...

On Windows say `py run.py`. Everything is installed into `.venv` beside this file, from a lock file with hashes, and
nothing anywhere else. The environment is made without pip and driven by the pip that is there, because Debian's
Python comes without the part of `venv` that would bring one.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (before anything that an older Python would stumble over)
    sys.exit("error: Python 3.11 or newer is needed, this is %d.%d (%s)" % (*sys.version_info[:2], sys.executable))  # noqa: UP031

import hashlib
import os
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

SOP = (PYTHON, "-P", "-m", "sop_cli.main")
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
    """Set up what *arguments* need, run it, and return its exit status."""
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
    """Run the tests with these *marks* on every core, say how they ended, and return pytest's exit status."""
    print(f"{name} ...", flush=True)
    began = time.monotonic()
    status = run(*PYTEST, *ON_EVERY_CORE, "-m", marks, folder=ROOT)
    print(f"{name} {'failed' if status else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return status


def set_up(*locks: Path) -> None:
    """Install *locks* into the environment, each once; a first lock that changed means a new environment."""
    if all(map(is_installed, locks)):
        return
    with alone():
        missing = [lock for lock in locks if not is_installed(lock)]  # asked again: somebody else may have done it meanwhile
        if missing:
            make(missing, locks)


def make(missing: list[Path], locks: tuple[Path, ...]) -> None:
    """Install the *missing* ones of *locks*; into a new environment where the first is among them."""
    print(f"setting up {ENVIRONMENT.name} from {' and '.join(lock.name for lock in missing)} ...", file=sys.stderr, flush=True)
    try:
        if missing[0] == locks[0]:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            venv.create(ENVIRONMENT)
            missing = list(locks)
        for lock in missing:
            install(lock)
            stamp_of(lock).write_text(state_of(lock), encoding="utf-8")
    except BaseException:  # whatever it was, also an interruption: nothing half-built stays
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise


@contextmanager
def alone() -> Iterator[None]:
    """Wait until nobody else sets this folder up. The lock is on a file that is there, and goes with its process, however that ends."""
    with TO_USE.open("rb") as file:
        if not is_held(file):
            print(f"another run.py is setting up {ENVIRONMENT.name}; waiting for it ...", file=sys.stderr, flush=True)
            while not is_held(file):
                time.sleep(0.2)
        yield


def is_held(file: BinaryIO) -> bool:
    """Whether the lock on *file* is ours by now; also where the file system has no locks to give."""
    try:
        if sys.platform == "win32":
            file.seek(2**30)  # a byte that is not there, or nobody else could read the file
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def install(lock: Path) -> None:
    """Install *lock* with the pip that is there, silently; what pip had to say is shown when it fails."""
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
        sys.exit(f"error: pip could not install {lock.name} (its own words are above); nothing was kept, run this again once it can")


def find_pip() -> tuple[str | Path, ...]:
    """The command that installs into the environment: this Python's pip, or else one that it can unpack there."""
    if find_spec("pip"):
        return (sys.executable, "-m", "pip", "--python", PYTHON)
    if find_spec("ensurepip"):
        subprocess.run([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL, check=True)
        return (PYTHON, "-m", "pip")
    return sys.exit(f"error: {sys.executable} has no pip; install it first (on Debian and Ubuntu: apt install python3-pip)")


def is_installed(lock: Path) -> bool:
    """Whether the environment holds *lock* as it is now, for this Python and in this folder."""
    try:
        return PYTHON.exists() and stamp_of(lock).read_text(encoding="utf-8") == state_of(lock)
    except OSError:
        return False


def stamp_of(lock: Path) -> Path:
    """The file that says which state of *lock* is installed."""
    return ENVIRONMENT / f"{lock.name}.installed"


def state_of(lock: Path) -> str:
    """A digest of all that an installed *lock* depends on."""
    parts = (lock.read_bytes(), sys.version.encode(), sys.base_prefix.encode(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(*command: str | Path, folder: Path | None = None) -> int:
    """Run *command* and return its exit status; the project is importable in it, whatever folder one is in."""
    # A child and not `os.execv`, which on Windows returns to the shell before the work is done.
    child = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)})
    while True:
        try:
            status = child.wait()
        except KeyboardInterrupt:  # the child got it too, and says how it ends
            continue
        return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
