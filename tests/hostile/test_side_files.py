"""Files that commands read beside features and registers: a damaged one is one error with the name of the file, at once, and exit status 2."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reports.export.step_definitions import read_sentences
from reports.html.output import SITE
from reports.site.builder import _source_lines
from reports.site.newer_run import announce_newer_run
from reports.site.pages.simulations import simulations_page
from reports.site.run_history import history
from simulator.experiment.experiment import load
from simulator.study.checkpoints import Checkpoint
from simulator.typed_json import read_typed
from sop_cli.main import main
from sop_engine import SopError
from sop_engine.decision_table import Behaviour
from sop_runs.change.baseline import read_baseline
from sop_runs.output_folder import is_output_folder
from sop_runs.record.durations import read_durations
from sop_runs.record.folder import latest_of
from sop_runs.record.outside_code import OutsideCode, read_outside_code, write_outside_code
from sop_runs.record.reader import read, read_ends
from sop_runs.record.verdict import judge
from steps.definitions.settings import binding_modules
from steps.language.feature_set import feature_set_of
from steps.run.plan import Plan
from tests.support.damaged_files import damages, spoilt_content
from tests.support.in_process import child_replaced

ROOT = Path(__file__).parents[2]
PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
SECONDS = 60
"""Far more than any command here takes: only one that waits for ever is ended."""
NIGHTLY = bool(os.environ.get("NIGHTLY"))
SPOILT = 50 if NIGHTLY else 5
"""Spoilt contents of each file that a whole command reads."""
READS = 100_000 if NIGHTLY else 800
"""Spoilt contents of all files together that the function of the command reads, without the rest of the command."""
SLOW_SHARE = 0.015
"""Share of the reads for each approved file, which has hundreds of examples and is slow to read."""
SLOW_READ_S = 5
"""Processor time that no read takes."""
VERDICT = "good"
"""Verdict on the run, which no damage to another file changes."""
EXPERIMENT = 'description = "One day."\n[run]\ndays = 1\nreplications = 2\nwarm_up_days = 0\n[ajio]\norders_per_day = 20\n'

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and sockets are made as POSIX has them")


@dataclass(frozen=True)
class SideFile:
    """A file that *command* reads; *may_be* are exit statuses for content that is damaged and still has the right form.

    *is_optional*: the command works without it, so that it says why it leaves it out, or nothing where the file is one of others.
    *named* is what an error calls the file, if not by its name.
    """

    name: str
    command: tuple[str, ...]
    may_be: tuple[int, ...] = ()
    is_optional: bool = False
    named: str = ""


SIDE_FILES = (
    SideFile("build/runs/RUN/steps.json", ("docs", "--json", "--run", "build/runs/RUN")),
    SideFile("build/runs/RUN/plan.json", ("approve", "--yes", "--run", "build/runs/RUN", "--to", "elsewhere")),
    SideFile("build/runs/RUN/plan.json", ("docs", "--run", "build/runs/RUN", "--messages")),
    SideFile("build/runs/RUN/durations.ndjson", ("docs", "--run", "build/runs/RUN", "--messages"), may_be=(0,)),
    SideFile("build/runs/RUN/run.ndjson", ("docs", "--json", "--run", "build/runs/RUN")),
    SideFile("build/runs/latest", ("docs", "--json"), is_optional=True),
    SideFile("build/runs/20260101T000000Z-000000/run.ndjson", ("docs", "--json", "--run", "build/runs/RUN"), is_optional=True),
    SideFile("build/runs/RUN/about.json", ("docs", "--json", "--run", "build/runs/RUN"), is_optional=True),
    SideFile("build/runs/RUN/outside.json", ("gate", "--run", "build/runs/RUN")),
    SideFile("build/site/.sop-folder.json", ("docs", "--json", "--run", "build/runs/RUN"), named="`build/site` has a file"),
    SideFile("build/site/state.css", ("docs", "--json", "--run", "build/runs/RUN"), is_optional=True),
    SideFile("build/simulations/mine/study.json", ("docs", "--json", "--run", "build/runs/RUN"), is_optional=True),
    SideFile("build/simulations/mine/report.html", ("docs", "--json", "--run", "build/runs/RUN"), is_optional=True),
    SideFile("build/simulations/mine/parts/base-0000.json", ("simulate", "mine.toml", "--resume")),
    SideFile("build/simulations/mine/.sop-folder.json", ("simulate", "mine.toml", "--resume")),
    SideFile("mine.toml", ("simulate", "mine.toml", "--resume")),
    SideFile("pyproject.toml", ("steps",), is_optional=True),
    SideFile("approved/behaviour.json", ("diff", "approved", "approved")),
    SideFile("approved/examples.json", ("diff", "approved", "approved")),
    SideFile("approved/sentences.json", ("diff", "approved", "approved")),
    SideFile("approved/behaviour.json", ("diff", "approved/behaviour.json", "approved/behaviour.json")),
    SideFile("approved/examples.json", ("gate", "--run", "build/runs/RUN")),
    SideFile("approved/examples.json", ("approve", "--yes", "--run", "build/runs/RUN")),
    SideFile("copy.txt", ("docs", "--json", "--run", "build/runs/RUN", "--source", "copy.txt"), named="the source document"),
)


RUN = Path("build/runs/RUN")
READERS: Mapping[str, Callable[[], object]] = {
    "build/runs/RUN/steps.json": lambda: read_sentences(RUN),
    "build/runs/RUN/plan.json": lambda: Plan.read(RUN / "plan.json"),
    "build/runs/RUN/durations.ndjson": lambda: read_durations(RUN, read(RUN)),
    "build/runs/RUN/run.ndjson": lambda: (judge(read(RUN)), read_ends(RUN / "run.ndjson")),
    "build/runs/RUN/outside.json": lambda: read_outside_code(RUN),
    "build/runs/latest": lambda: latest_of(RUN.parent),
    "build/runs/20260101T000000Z-000000/run.ndjson": lambda: history(RUN),
    "build/site/.sop-folder.json": lambda: is_output_folder(Path("build/site"), SITE) and announce_newer_run(Path("build/site"), "RUN"),
    "build/simulations/mine/study.json": lambda: simulations_page(Path("build/simulations")),
    "build/simulations/mine/parts/base-0000.json": lambda: read_typed(Path("build/simulations/mine/parts/base-0000.json"), Checkpoint, ""),
    "mine.toml": lambda: load("mine.toml"),
    "pyproject.toml": lambda: (binding_modules(Path("features"), ()), feature_set_of([Path("features")])),
    "approved/behaviour.json": lambda: (Behaviour.read(Path("approved/behaviour.json")), read_baseline(Path("approved"))),
    "approved/examples.json": lambda: read_baseline(Path("approved")),
    "approved/sentences.json": lambda: read_baseline(Path("approved")),
    "copy.txt": lambda: _source_lines(Path("copy.txt")),
}
"""The files, each with a call of the function that reads it in a command."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, its pages, a study, and a baseline."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(ROOT / "approved", folder / "approved")
    shutil.copytree(ROOT / "features" / "returns", folder / "features" / "returns")
    (folder / "mine.toml").write_text(EXPERIMENT, encoding="utf-8")
    (folder / "pyproject.toml").write_text("[tool.sop]\nsteps = []\n", encoding="utf-8")
    (folder / "copy.txt").write_text("A copy.\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, child_replaced():
        patch.chdir(folder)
        assert main(["verify"]) == 0
        assert main(["simulate", "mine.toml"]) == 0
    [run] = (entry for entry in (folder / "build" / "runs").iterdir() if entry.is_dir())
    run.rename(run.with_name("RUN"))
    write_outside_code(OutsideCode(), run.with_name("RUN"))  # by the process of a run, which is replaced here
    (folder / "build" / "runs" / "latest").write_text("RUN\n", encoding="utf-8")
    shutil.copytree(run.with_name("RUN"), run.with_name("20260101T000000Z-000000"))
    return folder


@pytest.fixture
def own(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working directory."""
    shutil.copytree(place, tmp_path / "own", symlinks=True)
    monkeypatch.chdir(tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """End a command that waits."""

    def late(*_: object) -> None:
        raise AssertionError(f"not done in {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def check(side: SideFile, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the command and compare status and messages."""
    capsys.readouterr()
    signal.alarm(SECONDS)
    status = main(list(side.command))
    signal.alarm(0)
    out, err = capsys.readouterr()
    if status in (0, 1) and "--json" in side.command and not side.name.endswith("RUN/run.ndjson"):
        assert json.loads(out)["verdict"] == VERDICT, damage
    messages = f"{damage}: {side.command} ended {status}\n{err}"

    assert "Traceback" not in err, messages
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in out + err if sign not in "\n\t"), messages
    if status == 2:
        assert err.count("error:") == 1, messages
        assert len(err) < 1_500, messages
        assert any(name in err for name in (Path(side.name).name, side.named) if name), messages
    else:
        assert status in (side.may_be or (0, 1) if side.is_optional else side.may_be), messages


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDE_FILES, ids=lambda side: f"{side.name} {side.command[0]}")
def test_a_damaged_file_is_one_error(side: SideFile, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = (own / side.name).read_bytes()
    for damage, spoil in list(damages())[:: 5 if side.is_optional and not NIGHTLY else 1]:
        spoil(own / side.name)
        check(side, damage, capsys)
        put_back(own / side.name, original)


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDE_FILES, ids=lambda side: f"{side.name} {side.command[0]}")
def test_a_spoilt_file_has_no_traceback(side: SideFile, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Spoilt content may still have the right form, so that any status but that of an internal error is right."""
    original = (own / side.name).read_bytes()
    anything = replace(side, may_be=(0, 1))
    for number in range(SPOILT):
        (own / side.name).write_bytes(spoilt_content(original, number))
        check(anything, f"spoilt {number}", capsys)


def test_every_file_has_a_reader() -> None:
    others = {
        *("build/runs/RUN/about.json", "build/site/state.css"),
        *("build/simulations/mine/.sop-folder.json", "build/simulations/mine/report.html"),
    }  # not read, or as another

    assert READERS.keys() | others == {side.name for side in SIDE_FILES}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_spoilt_file_is_read_or_refused(name: str, own: Path) -> None:
    """Every read ends soon, with a result or with an error of the program that is one printable line."""
    original = (own / name).read_bytes()
    longest = 0.0
    for number in range(reads_of(name)):
        (own / name).write_bytes(spoilt_content(original, number, seed=11))
        signal.alarm(SECONDS)
        began = time.process_time()
        message = refusal(READERS[name])
        for line in message.split("\n") if name == "mine.toml" else [message]:  # an experiment has a line for each finding
            assert len(line) < 1_500, (number, line)
            assert line.isprintable(), (number, line)
        longest = max(longest, time.process_time() - began)
    signal.alarm(0)

    assert longest < SLOW_READ_S


def reads_of(name: str) -> int:
    """Return how many spoilt contents of a file are read; of all files together `READS`."""
    slow = [other for other in READERS if other.startswith("approved/")]
    of_slow = round(READS * SLOW_SHARE)
    return of_slow if name in slow else -(-(READS - of_slow * len(slow)) // (len(READERS) - len(slow)))


def refusal(read_file: Callable[[], object]) -> str:
    """Return the message of the error with which a read ends; empty if there is none."""
    try:
        read_file()
    except SopError as error:
        return str(error)
    return ""


def put_back(file: Path, content: bytes) -> None:
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
    file.write_bytes(content)
