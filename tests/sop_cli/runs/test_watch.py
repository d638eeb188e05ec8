"""`sop verify --watch`: what runs again, what is said of the rest, and how it ends."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from sop_cli.main import main
from sop_cli.runs.file_changes import changed, stamps_of
from sop_cli.runs.last_results import FileResult, LastResults, rest_lines
from sop_runs.record.reader import RunRecord
from tests.support.in_process import record_of

ROOT = Path(__file__).parents[3]
UNITS, RETURNS = ROOT / "features" / "order_life" / "units.feature", ROOT / "features" / "returns" / "rsi.feature"

OWN_STEPS = '''"""Steps."""

from steps.definitions.decorators import given


@given("the shop is open", target_fixture="shop")
def _() -> str:
    """Nothing that the examples use."""
    return "open"
'''


def test_a_file_counts_as_changed_when_it_is_new_gone_edited_or_replaced(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("same", "edited", "replaced", "gone", "new")]
    for file in files[:4]:
        file.write_text("old")
        os.utime(file, ns=(1, 1))
    before = stamps_of(files)
    files[1].write_text("newer")
    (tmp_path / "other").write_text("neu")
    os.utime(tmp_path / "other", ns=(1, 1))
    (tmp_path / "other").rename(files[2])
    files[3].unlink()
    files[4].write_text("")

    assert changed(before, stamps_of(files)) == set(files[1:])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    """A run of two feature files."""
    folder = tmp_path_factory.mktemp("watched") / "features"
    folder.mkdir()
    shutil.copy(RETURNS, folder / "a.feature")
    shutil.copy(UNITS, folder / "b.feature")
    return record_of(folder)


def test_files_that_did_not_run_again_keep_the_result_of_their_run(record: RunRecord) -> None:
    results = LastResults()
    results.add("first", record, None)
    results.add("second", record, {"b.feature"})

    assert {name: result.run_id for name, result in results.by_file.items()} == {"a.feature": "first", "b.feature": "second"}
    assert list(rest_lines(results.rest({"b.feature"}))) == ["not run again: 13 examples of 1 other file; all passed in run first"]


def test_a_file_that_is_gone_is_no_longer_counted_and_a_new_one_counts_from_its_run(record: RunRecord) -> None:
    results = LastResults({"gone.feature": FileResult("first", 3, 3, 0)})
    results.add("second", record, {"b.feature"})

    assert {name: result.run_id for name, result in results.by_file.items()} == {"a.feature": "second", "b.feature": "second"}


def test_a_file_that_did_not_run_again_has_the_findings_of_the_latest_run(record: RunRecord) -> None:
    """A new scenario in one file can make that of another a double; every run looks for findings in all files."""
    results = LastResults({"a.feature": FileResult("first", 13, 0, 2)})
    results.add("second", record, {"b.feature"})

    assert results.by_file["a.feature"] == FileResult("first", 13, 0, 0)


def test_failures_of_the_rest_are_named() -> None:
    rest = {f"{name}.feature": FileResult("one" if name < "c" else "two", 10, name == "c", 2 * (name == "d")) for name in "abcd"}

    assert list(rest_lines(rest)) == [
        "not run again: 40 examples of 4 other files; 1 failed, 2 findings in 2 earlier runs, the oldest one",
        "  c.feature",
        "  d.feature",
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--json"], "--json cannot be used with --watch"),
        (["--shard", "1/2"], "--shard cannot be used with --watch"),
        (["--last-failed"], "--last-failed cannot be used with --watch"),
        ([f"{UNITS}:13"], "--watch runs whole files"),
    ],
)
def test_what_has_no_meaning_for_files_that_run_again_is_refused(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--watch", *arguments]) == 2
    assert reason in capsys.readouterr().err


class Watching:
    """A process that watches *folder*, and the lines that it prints."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-P", "-u", "-m", "sop_cli", "verify", "--watch", "--no-docs", "--steps", "own_steps.py"]
        self.process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line.rstrip())

    def until(self, line: str) -> list[str]:
        """Return the printed lines up to the next that begins with *line*."""
        printed: list[str] = []
        while not (printed and printed[-1].startswith(line)):
            try:
                printed.append(self.lines.get(timeout=120))
            except Empty:
                raise AssertionError(f"{line!r} was not printed after {printed}") from None
        return printed


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[Path, Watching]]:
    (tmp_path / "features").mkdir()
    shutil.copy(RETURNS, tmp_path / "features" / "a.feature")
    shutil.copy(UNITS, tmp_path / "features" / "b.feature")
    (tmp_path / "own_steps.py").write_text(OWN_STEPS, encoding="utf-8")
    process = Watching(tmp_path)
    with process.process:
        yield tmp_path, process
        process.process.kill()


def edit(file: Path, change: Callable[[str], str]) -> None:
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.slow
def test_a_changed_file_runs_again_and_new_code_runs_everything(watching: tuple[Path, Watching]) -> None:
    folder, process = watching
    assert "✓ 21 of 21 examples passed" in process.until("watching 2 feature files")

    edit(folder / "features" / "b.feature", lambda text: text.replace("1 unit is left", "2 units are left", 1))
    printed = process.until("watching")
    assert "features/b.feature changed" in printed
    assert "✗ 1 of 8 selected examples failed (all ran); 13 not run" in printed
    assert any(line.startswith("not run again: 13 examples of 1 other file; all passed in run ") for line in printed)

    edit(folder / "features" / "a.feature", lambda text: f"{text}\n")
    printed = process.until("watching")
    assert "✓ 13 of 13 selected examples passed; 8 not run" in printed
    assert any(line.startswith("not run again: 8 examples of 1 other file; 1 failed in run ") for line in printed)

    shutil.copy(UNITS, folder / "features" / "b.feature")
    process.until("watching")
    (folder / "own_steps.py").write_text(OWN_STEPS.replace("open", "closed"), encoding="utf-8")
    printed = process.until("watching")
    assert "code or rulebook changed: everything runs again" in printed
    assert "✓ 21 of 21 examples passed" in printed

    (folder / "features" / "a.feature").unlink()
    assert "✓ 8 of 8 examples passed" in process.until("watching 1 feature file")

    time.sleep(0.3)
    process.process.send_signal(signal.SIGINT)
    assert process.process.wait(30) == 130
