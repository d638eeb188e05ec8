"""Launcher: installs the project on first use, then runs a command; needs Python 3.11 or newer and pip, nothing else.

    python3 run.py            verify the specification and write the living document
    python3 run.py test       the quick tests, the slow tests, then verify
                   --quick    only the quick tests
                   --all      also the tests that need other programs
                   ...        any other arguments: pytest with these arguments
    python3 run.py check      lint, format, types and layers
    python3 run.py setup      only install; prints the path of the installed Python
                   EXTRA ...  also what some commands and options need: logs (verify, Parquet files), cluster (Dask),
                             spreadsheets (.xlsx), workbench, audit (real orders)
                   --all      everything, also to develop: for CI, or before work without network
    python3 run.py COMMAND    sop COMMAND, for example: python3 run.py decide --help

On Windows type `py run.py`. Everything is installed below `.venv` beside this file, from lock files with hashes, and nothing
anywhere else. Each environment there is complete and never changed: a new one is built beside it and checked, and only then
is the old one removed. It is created without pip and filled by the pip of this Python, because Debian's Python comes
without the part of `venv` that installs pip.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (before any syntax that an older Python cannot parse)
    sys.stderr.write("error: Python 3.11 or newer is needed, this is %d.%d (%s)\n" % (*sys.version_info[:2], sys.executable))  # noqa: UP031
    sys.exit(2)

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the launcher without a traceback, also during the imports below

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import BinaryIO, NoReturn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ROOT / ".venv"
BIN, EXE = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
TRIED_MODULES = {
    "main": ("msgspec", "numpy"),
    "logs": ("pyarrow.parquet",),
    "cluster": ("distributed",),
    "spreadsheets": ("openpyxl",),
    "workbench": ("starlette", "uvicorn"),
    "audit": ("duckdb", "python_calamine", "xlsxwriter"),
    "dev": ("mypy",),
}
"""By name of a lock, modules that a new environment must be able to import: those with compiled code, and one of each extra."""
LOCKS = {name: "requirements.lock" if name == "main" else f"requirements-{name}.lock" for name in TRIED_MODULES}
EXTRAS = tuple(name for name in LOCKS if name not in {"main", "dev"})
RUN_FEATURES = ("verify", "gate", "approve", "answer", "clause", "gap", "workbench")
"""Commands that run the specification, whose examples of audits read tables with the package of the extra `logs`."""
WITH = "--with"
"""Option in front of a command: install an extra first. `sop` calls the launcher with it when an option needs the extra."""
PIP = "--pip"
"""Option with which the launcher calls itself in a new environment to run pip there."""
STAMP = "installed.json"
"""File that completes an environment: its folder and digests of its lock files."""
TAG = f"{sys.implementation.cache_tag}-{hashlib.sha256(f'{sys.version}|{sys.base_prefix}'.encode()).hexdigest()[:6]}"
"""Start of the names of the environments of this Python."""
PROGRESS_SECONDS = 2
"""Seconds between two lines of progress."""

ON_EVERY_CORE = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
QUICK, SLOW, SLOW_AND_PEERS = "not slow and not peers", "slow and not peers", "slow or peers"
SOP = ("-P", "-m", "sop_cli")
PYTEST = ("-P", "-m", "pytest")


class SetUpError(Exception):
    """The environment cannot be used or made: what is wrong and what to do, in one line."""


def main(arguments: list[str]) -> int:
    """Install what *arguments* need, run them, and return the exit status."""
    extras = []
    while arguments[:1] == [WITH]:
        extras.append(known_extra(*arguments[1:2]))
        arguments = arguments[2:]
    verb, *rest = arguments or ["verify"]
    if verb == "setup":
        python = environment(LOCKS if "--all" in rest else ["main", *(known_extra(word) for word in rest)])
        print(python)
        return 0
    if verb not in {"test", "check"}:
        needed = ["main", "logs"] if verb in RUN_FEATURES else ["main"]
        replace_by(environment([*needed, *extras]), *SOP, verb, *rest, extras=extras)
    python = environment(LOCKS)
    if verb == "check":
        return check(python)
    if not set(rest) <= {"--quick", "--all"}:
        os.chdir(ROOT)
        replace_by(python, *PYTEST, *rest)
    quick = test(python, "the quick tests", QUICK)
    if "--quick" in rest:
        return quick
    slow = test(python, "the slow tests", SLOW_AND_PEERS if "--all" in rest else SLOW)
    return max(quick, slow, run(python, *SOP, "verify"))


def known_extra(name: str = "") -> str:
    """Return *name* if it is an extra."""
    if name not in EXTRAS:
        raise SetUpError(f"there is no extra `{name}`; expected one of {', '.join(EXTRAS)}, or `setup --all`")
    return name


def check(python: Path) -> int:
    """Run the checks of the code and the lint of the features; return 1 if one fails."""
    checks = {
        "lint": (tool(python, "ruff"), "check", "."),
        "format": (tool(python, "ruff"), "format", "--check", "."),
        "types": (tool(python, "mypy"),),
        "layers": (tool(python, "lint-imports"), "--no-logo"),
        "features": (python, *SOP, "lint"),
    }
    failed = [name for name, command in checks.items() if run(*command)]
    print(f"checks failed: {', '.join(failed)}" if failed else f"checks passed: {', '.join(checks)}")
    return 1 if failed else 0


def test(python: Path, name: str, marks: str) -> int:
    """Run the tests with these *marks* on every core, print the result and the time, and return pytest's exit status."""
    print(f"{name} ...", flush=True)
    began = time.monotonic()
    status = run(python, *PYTEST, *ON_EVERY_CORE, "-m", marks)
    print(f"{name} {'failed' if status else 'passed'} in {time.monotonic() - began:.0f} s", flush=True)
    return status


# Environments


def environment(names: Iterable[str]) -> Path:
    """Return the Python of an environment in which the locks *names* are installed; build it if there is none."""
    check_place()
    wanted = {name: digest_of_lock(name) for name in names}
    folder = find_environment(wanted)
    if folder is None:
        with lock_set_up():
            folder = find_environment(wanted) or build_environment(wanted)  # searched again: another process may have built it meanwhile
    remove_other_environments(folder)
    return tool(folder / BIN / "python", "python")


def tool(python: Path, name: str) -> Path:
    """Return the path of a program that is installed beside *python*."""
    return python.parent / f"{name}{EXE}"


def check_place() -> None:
    """Refuse a project folder whose path cannot be used, and a `.venv` that is not a folder."""
    if os.pathsep in str(ROOT):
        raise SetUpError(f"the path of this folder contains `{os.pathsep}`, which separates paths: {ROOT}; rename or move the folder")
    if os.fsencode(ROOT).decode(errors="replace") != str(ROOT):
        raise SetUpError(f"the path of this folder is not UTF-8 text: {str(ROOT)!r}; rename or move the folder")
    if ENVIRONMENTS.is_symlink():
        raise SetUpError(f"`{ENVIRONMENTS.name}` is a link; remove it, a folder is made in its place")
    if ENVIRONMENTS.exists() and not ENVIRONMENTS.is_dir():
        raise SetUpError(f"`{ENVIRONMENTS.name}` is not a folder; remove it, a folder is made in its place")


def digest_of_lock(name: str) -> str:
    """Return a digest of the lock *name*."""
    lock = ROOT / LOCKS[name]
    try:
        if lock.exists() and not lock.is_file():
            raise SetUpError(f"`{lock.name}` is not a file; restore it, it belongs to the project")
        return hashlib.sha256(lock.read_text(encoding="utf-8").encode()).hexdigest()
    except UnicodeDecodeError:
        raise SetUpError(f"`{lock.name}` is damaged: it is not UTF-8 text; restore it, it belongs to the project") from None
    except OSError as error:
        raise SetUpError(f"`{lock.name}` cannot be read ({error.strerror}); restore the file, it belongs to the project") from None


def complete_environments() -> dict[Path, dict[str, str]]:
    """Return the complete environments of this Python, those with most locks first, each with the digests of its locks."""
    environments = {}
    for stamp in sorted(file for file in ENVIRONMENTS.glob(f"{TAG}-*/{STAMP}") if file.is_file()):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):  # a damaged one is not complete
            state = json.loads(stamp.read_bytes())
            if state["folder"] == str(stamp.parent) and tool(stamp.parent / BIN / "python", "python").exists():
                environments[stamp.parent] = dict(state["locks"])
    return dict(sorted(environments.items(), key=lambda item: -len(item[1])))


def find_environment(wanted: dict[str, str]) -> Path | None:
    """Return a complete environment with the *wanted* locks, protected from removal; None if there is none."""
    return next((folder for folder, locks in complete_environments().items() if wanted.items() <= locks.items() and protect(folder)), None)


def build_environment(wanted: dict[str, str]) -> Path:
    """Build an environment with the *wanted* locks, and those that are installed now and unchanged."""
    older = complete_environments()
    current = {name: digest_of_lock(name) for name in LOCKS if (ROOT / LOCKS[name]).is_file()}
    unchanged = [locks for locks in older.values() if locks.items() <= current.items()]
    locks = {name: current[name] for name in LOCKS if name in wanted or any(name in present for present in unchanged)}
    folder = ENVIRONMENTS / f"{TAG}-{os.urandom(3).hex()}"
    with signals_handled_by(exit_by_signal):
        try:
            install(folder, locks)
            part = folder / f"{STAMP}.part"
            part.write_text(json.dumps({"folder": str(folder), "locks": locks}), encoding="utf-8")
            part.replace(folder / STAMP)
        except BaseException as error:  # noqa: BLE001 (also an interruption)
            shutil.rmtree(folder, ignore_errors=True)
            raise with_remedy(error, "the environment that was there is kept" if older else "nothing was installed") from None
    protect(folder)
    return folder


def with_remedy(error: BaseException, outcome: str) -> BaseException:
    """Return *error*, which ended a set-up, with the state of the environment and the remedy."""
    if isinstance(error, SystemExit):
        print_message(f"interrupted; {outcome}, run the command again")
        return error
    if isinstance(error, SetUpError):
        return SetUpError(f"{error}; {outcome}, correct this and run the command again")
    if isinstance(error, OSError):
        reason = f"`{error.filename2 or error.filename or ENVIRONMENTS}` cannot be written or run ({error.strerror or error})"
        return SetUpError(f"{reason}; {outcome}, free the space, or copy the project to a folder in which you can write and run programs")
    return error


def protect(folder: Path) -> bool:
    """Protect *folder* from removal until this process, or the command that replaces it, ends; False if it is being removed."""
    if sys.platform == "win32":  # an open file cannot be removed there
        return True
    try:
        stamp = os.open(folder / STAMP, os.O_RDONLY)
        fcntl.flock(fcntl.fcntl(stamp, fcntl.F_DUPFD, 3), fcntl.LOCK_SH | fcntl.LOCK_NB)  # inherited; never in place of a closed stdout
        os.close(stamp)
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError:  # a file system without locks
        return True
    return (folder / STAMP).exists()


def remove_other_environments(folder: Path) -> None:
    """Remove all environments of this Python but *folder*: older ones, unless a command is running in them, and unfinished ones."""
    others = [other for other in ENVIRONMENTS.glob(f"{TAG}-*") if other != folder]
    former = ENVIRONMENTS / f"{LOCKS['main']}.installed"  # an earlier launcher installed into `.venv` itself
    if not others and not former.exists():
        return
    with suppress(OSError), (ROOT / LOCKS["main"]).open("rb") as file:
        if not try_to_lock(file):  # one of the others is being built
            return
        for other in others:
            remove_environment(other)
        if former.exists():
            for name in ("bin", "include", "lib", "Lib", "Scripts"):
                shutil.rmtree(ENVIRONMENTS / name, ignore_errors=True)
            for part in (ENVIRONMENTS / "lib64", ENVIRONMENTS / "pyvenv.cfg", *ENVIRONMENTS.glob("*.lock.installed")):
                part.unlink(missing_ok=True)


def remove_environment(folder: Path) -> None:
    """Remove the environment *folder* unless a command is running in it."""
    with suppress(OSError):
        if (folder / STAMP).exists():
            with (folder / STAMP).open("rb") as stamp:
                if sys.platform != "win32":
                    fcntl.flock(stamp, fcntl.LOCK_EX | fcntl.LOCK_NB)
                folder = folder.rename(folder.with_name(f"{folder.name}-removed"))
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def lock_set_up() -> Iterator[None]:
    """Wait until no other process sets up this folder. The lock is on an existing file and is released when the process ends."""
    with (ROOT / LOCKS["main"]).open("rb") as file:
        if not try_to_lock(file):
            print_message(f"another run.py is setting up {ENVIRONMENTS.name}; waiting for it ...")
            while not try_to_lock(file):
                time.sleep(0.2)
        yield


def try_to_lock(file: BinaryIO) -> bool:
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


# Installing


def install(folder: Path, locks: Iterable[str]) -> None:
    """Create *folder* as an environment, install *locks* into it with pip, and check that it works."""
    try:
        import venv  # noqa: PLC0415 (Debian has a Python without it)
    except ModuleNotFoundError:
        raise SetUpError(f"{sys.executable} has no `venv`; install it first (on Debian and Ubuntu: apt install python3-venv)") from None
    files = [LOCKS[name] for name in locks]
    lines = [line for file in files for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    count = len({line.partition("=")[0] for line in lines if "==" in line})
    print_message(
        f"setting up {ENVIRONMENTS.name} for Python {sys.version_info[0]}.{sys.version_info[1]}, once: {count} packages of {', '.join(files)}"
    )
    began = time.monotonic()
    venv.create(folder)
    python = tool(folder / BIN / "python", "python")
    install_with_pip(python, folder, files, count)
    modules = ", ".join(module for name in locks for module in TRIED_MODULES[name])
    tried = subprocess.run(
        [python, "-c", f"import {modules}"], cwd=ROOT, env=variables_of(), capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    if tried.returncode:
        reason = tried.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise SetUpError(f"the packages of {', '.join(files)} are installed, but cannot be imported: {reason}")
    print_message(f"set up in {time.monotonic() - began:.0f} s")


def install_with_pip(python: Path, folder: Path, files: Sequence[str], count: int) -> None:
    """Install the lock *files*, *count* packages, with pip in the process of *python*; print progress, and pip's output if it fails.

    Bytecode is written when a module is first imported, which most never are.
    """
    settings = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile", "--no-input", "--progress-bar", "off")
    words = ["install", *settings, "--disable-pip-version-check", *(word for file in files for word in ("-r", str(ROOT / file)))]
    pip = subprocess.Popen(
        [python, "-I", ROOT / "run.py", PIP, folder_of_pip(python, folder), *words],
        env={**os.environ, "PIP_USER": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(pip.stdout or ()), daemon=True)
    reader.start()
    began = time.monotonic()
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                status = pip.wait(PROGRESS_SECONDS)
                break
            print_message(f"  {time.monotonic() - began:.0f} s: {progress(list(lines), count)}")
    except BaseException:  # an interruption
        pip.kill()
        pip.wait()
        raise
    reader.join()
    if status:
        sys.stderr.write("".join(lines))
        raise SetUpError(f"pip could not install {', '.join(files)} (see its output above)")


def progress(lines: Sequence[str], count: int) -> str:
    """Return how far pip is, from the *lines* that it printed."""
    if any(line.startswith("Installing collected packages") for line in lines):
        return f"unpacking {count} packages"
    names = [line.split()[1].partition("=")[0] for line in lines if line.startswith("Collecting ")]
    return f"fetching package {len(names)} of {count}, {names[-1]}" if names else "starting pip"


def folder_of_pip(python: Path, folder: Path) -> str:
    """Return the folder of a pip: the one of this Python, otherwise one from ensurepip, installed into the environment *folder*."""
    spec = find_spec("pip")
    if spec is not None and spec.submodule_search_locations:
        return spec.submodule_search_locations[0]
    if find_spec("ensurepip"):
        subprocess.run([python, "-m", "ensurepip"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        for installed in folder.glob("[Ll]ib/**/site-packages/pip"):
            return str(installed)
    raise SetUpError(f"{sys.executable} has no pip; install it first (on Debian and Ubuntu: apt install python3-pip)")


def run_pip_here(folder: str, arguments: Sequence[str]) -> NoReturn:
    """Run the pip in *folder* in this process; end at once when the launcher, which holds the other end of stdin, has ended."""

    def end_with_launcher() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=end_with_launcher, daemon=True).start()
    spec = spec_from_file_location("pip", Path(folder, "__init__.py"), submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        sys.exit(f"{folder} is not a pip")
    sys.modules["pip"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["pip"])
    sys.exit(import_module("pip._internal.cli.main").main(list(arguments)))  # the function behind the command `pip`


def print_message(text: str) -> None:
    """Print a line of progress or an error."""
    print(text, file=sys.stderr, flush=True)


# Processes


@contextmanager
def signals_handled_by(handler: Callable[[int, object], None]) -> Iterator[None]:
    """Call *handler* at Ctrl-C, SIGTERM and SIGHUP inside the context, unless the signal is ignored already."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers if signal.getsignal(number) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def exit_by_signal(number: int, _: object) -> NoReturn:
    """Handle a signal by SystemExit, and ignore the same signal from now on, so that the cleanup is complete."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def variables_of(command: Sequence[str | Path] = (), extras: Sequence[str] = ()) -> dict[str, str]:
    """Return the environment variables of *command*: the project is importable in it from every working directory.

    `sop` is passed the call of the launcher, for its hints and for calling it again with one more of *extras*.
    """
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    if tuple(command[1 : 1 + len(SOP)]) == SOP:
        if not extras:  # otherwise `sop` is the caller, and this is the call of its user
            variables["SOP_CALLED_AS"] = f"{'py' if os.name == 'nt' else 'python3'} {shlex.quote(sys.argv[0])}"
        variables |= {"SOP_LAUNCHER": f"{sys.executable}{os.pathsep}{ROOT / 'run.py'}", "SOP_WITH": " ".join(extras)}
    return variables


def replace_by(*command: str | Path, extras: Sequence[str] = ()) -> NoReturn:
    """Replace this process by *command*, so that signals reach it; on Windows, where that does not work, wait for it and exit."""
    variables = variables_of(command, extras)
    if os.name == "nt":
        sys.exit(run(*command, folder=None, variables=variables))
    os.execve(command[0], command, variables)  # noqa: S606 (its arguments are a list)


def run(*command: str | Path, folder: Path | None = ROOT, variables: dict[str, str] | None = None) -> int:
    """Run *command* and return its exit status; pass a signal on to it and to its children, wait until it has ended, and end too."""
    received: list[int] = []
    group = 0 if os.name == "posix" else None  # a group of its own; without one, Ctrl-C would reach the command twice
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _: object) -> None:
        received.append(number)
        if sys.platform != "win32" and child is not None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, number)

    with signals_handled_by(pass_on):
        child = subprocess.Popen(command, cwd=folder, env=variables or variables_of(command), process_group=group)
        status = child.wait()
    if received:
        sys.exit(128 + received[0])
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == [PIP]:
            run_pip_here(sys.argv[2], sys.argv[3:])
        sys.exit(main(sys.argv[1:]))
    except SetUpError as error:
        print_message(f"error: {error}")
    except OSError as error:
        print_message(
            f"error: `{error.filename or ROOT}`: {error.strerror or error}; make it readable, or remove `{ENVIRONMENTS.name}` to install again"
        )
    sys.exit(2)
