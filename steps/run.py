"""A run of the specification: pytest in a process of its own, and a verdict that does not depend on what it says.

Everything a run leaves behind lies in ``<out>/<run id>/``: ``run.ndjson`` (the record), ``about.json`` (when, where, with
what), ``junit.xml``, ``pytest.html`` and ``output.txt``. ``<out>/latest`` holds the id of the last run that began.
"""

import json
import os
import platform
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sop_engine import SopError, load_rulebook
from steps.document import FeatureFileError, find_features
from steps.green import Counts, Failure, Line, Verdict, judge
from steps.lint import known_tags_of
from steps.registry import BINDING_MODULES
from steps.selection import Selection, SelectionError, check_tags
from steps.specification import Plan

FEATURES = "features"
CHILD = Path(__file__).with_name("child.py")
MOST_WORKERS = 64
GRACE_S = 5.0
"""How long an interrupted run may take to write its last line."""
_POLL_S = 0.05
_UNWANTED = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTHONINSPECT", "PYTHONOPTIMIZE", "PYTHONSTARTUP"})
"""Variables that would change what runs, or make bindings forget their assertions."""
_TOLD = ("pytest", "pytest-bdd", "gherkin-official", "cucumber-expressions", "pytest-html", "pytest-xdist")

Progress = Callable[[int, int | None], None]
"""Is told how many examples have run, and how many are to, as soon as that is known."""


class RunError(SopError):
    """A run that cannot begin."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is about: *files* are all feature files of the specification at *root*, *chosen* those that were asked for."""

    root: Path
    whole: Path | None
    files: tuple[Path, ...]
    chosen: tuple[Path, ...]

    @property
    def paths(self) -> tuple[str, ...] | None:
        """The chosen files as the record names them; None where that is all of them."""
        return None if len(self.chosen) == len(self.files) else tuple(sorted(self.name(file) for file in self.chosen))

    def name(self, file: Path) -> str:
        """A file as the record names it."""
        try:
            return file.resolve().relative_to(self.root).as_posix()
        except ValueError:  # a link that leads out
            return file.name


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run and its verdict. *folder* is the run's own, *root* the folder that paths are told from."""

    run_id: str
    folder: Path
    root: Path
    selection: Selection
    verdict: Verdict

    @property
    def green(self) -> bool:
        """Whether everything that should have run did, and passed."""
        return self.verdict.green

    @property
    def state(self) -> str:
        """complete, interrupted or incomplete."""
        return self.verdict.state

    @property
    def counts(self) -> Counts:
        """Written, expected, executed, passed, failed."""
        return self.verdict.counts

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not green."""
        return self.verdict.reasons

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The examples that did not pass."""
        return self.verdict.failures

    @property
    def findings(self) -> tuple[Line, ...]:
        """What the lint found, as plain values."""
        return self.verdict.findings

    @property
    def record(self) -> Path:
        """The run record."""
        return self.folder / "run.ndjson"


def scope_of(paths: Sequence[Path]) -> Scope:
    """The specification that *paths* belong to: the nearest folder above them all that is called `features`.

    Without one, what was asked for is the whole.

    Raises:
        FeatureFileError: a path does not exist, is no feature file, or a folder has none.
    """
    chosen = tuple(find_features(paths))
    homes = {next((folder for folder in file.resolve().parents if folder.name == FEATURES), None) for file in chosen}
    home = homes.pop() if len(homes) == 1 else None
    if home is not None:
        return Scope(home, home, tuple(find_features([home])), chosen)
    folders = [str(path.resolve() if path.is_dir() else path.resolve().parent) for path in paths]
    return Scope(Path(os.path.commonpath(folders)), None, chosen, chosen)


def run(  # noqa: PLR0913 - what a user can ask for
    paths: Sequence[Path],
    *,
    keyword: str | None = None,
    tags: str | None = None,
    workers: int = 0,
    out: Path = Path("build/runs"),
    bindings: Sequence[str] = BINDING_MODULES,
    progress: Progress | None = None,
) -> RunResult:
    """Run the feature files at or below *paths* in a fresh process and judge what it leaves behind.

    Raises:
        SopError: nothing can be run: a path, the selection, or the folder *out* is at fault.
    """
    if not 0 <= workers <= MOST_WORKERS:
        raise RunError(f"cannot run with {workers} workers; expected 0 to {MOST_WORKERS}")
    rulebook = load_rulebook()
    if tags is not None:
        check_tags(tags, known_tags_of(rulebook))
    scope = scope_of(paths)
    selection = Selection(scope.paths, keyword or None, tags or None)
    run_id, folder = _make_folder(out)
    plan = Plan(scope.root, folder / "run.ndjson", tuple(file.resolve() for file in scope.files), tuple(bindings), selection)
    plan.write(folder / "plan.json")
    about = {"run_id": run_id, "started": _now(), "argv": sys.argv, **_surroundings()}
    _write(folder / "about.json", {**about, "finished": None, "seconds": None})
    _write_text(out / "latest", run_id + "\n")
    started = datetime.now(UTC)
    status, interrupted = _execute(folder, workers, progress)
    _write(
        folder / "about.json", {**about, "finished": _now(), "seconds": (datetime.now(UTC) - started).total_seconds(), "status": status}
    )
    verdict = _with_ending(judge(plan.record, _read_again(scope, paths), rulebook.sha256), status, interrupted=interrupted)
    result = RunResult(run_id, folder, scope.root, selection, verdict)
    if selection and not result.counts.expected and result.state == "complete" and not result.findings:
        raise SelectionError(f"nothing is selected; {result.counts.written:,} examples are written")
    return result


def _with_ending(verdict: Verdict, status: int, *, interrupted: bool) -> Verdict:
    """A good record with a bad end is not good."""
    reasons, state = verdict.reasons, verdict.state
    if interrupted:
        state, reasons = "interrupted", reasons or ("the run was interrupted",)
    elif not reasons and status != 0:
        reasons = (f"its record is good, but pytest ended with status {status}; see output.txt",)
    return Verdict(state, verdict.counts, reasons, verdict.failures, verdict.findings)


def _read_again(scope: Scope, paths: Sequence[Path]) -> dict[str, bytes]:
    try:
        files = find_features([scope.whole] if scope.whole else paths)
        return {scope.name(file): file.read_bytes() for file in files}
    except (FeatureFileError, OSError, ValueError):
        return {}


def _make_folder(out: Path) -> tuple[str, Path]:
    """A folder that no other run has."""
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    folder = out.resolve() / run_id
    folder.mkdir(parents=True)
    return run_id, folder


def _execute(folder: Path, workers: int, progress: Progress | None) -> tuple[int, bool]:
    """Start the child, wait for it, and say how it ended and whether somebody stopped it."""
    command = [sys.executable, "-P", str(CHILD), str(folder / "plan.json"), str(workers)]
    with (folder / "output.txt").open("wb") as output, _signals_as_interrupts():
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=_environment(), start_new_session=True
        )
        try:
            _watch(child, folder / "run.ndjson", progress)
        except KeyboardInterrupt:
            _stop(child)
            return child.returncode, True
        finally:
            _kill(child)
    return child.returncode, False


def _watch(child: "subprocess.Popen[bytes]", record: Path, progress: Progress | None) -> None:
    seen = _Tail(record)
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_S)
        if progress is not None:
            progress(*seen.counts())
        if child.returncode is not None:
            return


class _Tail:
    """Counts in a growing record the examples that have run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._at = self._count = 0
        self._rest = b""
        self._expected: int | None = None

    def counts(self) -> tuple[int, int | None]:
        with suppress(OSError), self._file.open("rb") as file:
            file.seek(self._at)
            new = file.read()
            self._at += len(new)
            *lines, self._rest = (self._rest + new).split(b"\n")
            if lines and self._expected is None:
                self._expected = json.loads(lines[0])["expected"]
            self._count += sum(b'"type":"scenario"' in line and b'"status":"not-run"' not in line for line in lines)
        return self._count, self._expected


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Ask once, as Ctrl-C would; then insist."""
    with suppress(OSError, ValueError):  # Windows knows no such signal
        child.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        child.wait(GRACE_S)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """Leave nothing running, the workers included."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """SIGTERM is taken as Ctrl-C is, where that can be arranged."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment() -> dict[str, str]:
    """Ours, without anything that would bring strangers into the run."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


def _surroundings() -> dict[str, object]:
    versions = {}
    for name in _TOLD:
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}", "versions": versions}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(file: Path, plain: dict[str, object]) -> None:
    _write_text(file, json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _write_text(file: Path, text: str) -> None:
    """Whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", errors="backslashreplace") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
