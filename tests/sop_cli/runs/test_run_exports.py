"""`sop verify` writes the run for other tools: JUnit XML always, the rest on request."""

import json
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest

from reports.export.run_files import write_exports
from sop_cli.main import main
from sop_cli.runs.run_exports import export_timestamp, features_folder_name

pytestmark = pytest.mark.usefixtures("in_process")

RED = """Feature: Red

  Scenario: A wrong outcome
    Given an order invoiced through the client's ERP
    And the order is PROCESSING
    And its e-invoice is pushed
    When the seller cancels the full order
    Then the cancellation is refused
"""


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A working directory with one feature that is red, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "spec" / "features"
    folder.mkdir(parents=True)
    (folder / "red.feature").write_text(RED, encoding="utf-8")
    return tmp_path


def run_dir(here: Path) -> Path:
    runs = here / "build" / "runs"
    return runs / (runs / "latest").read_text().strip()


def test_junit_is_always_there_and_names_the_file_as_ci_will_look_for_it(here):
    assert main(["verify", "--no-docs", "spec/features"]) == 1

    case = ET.parse(run_dir(here) / "junit.xml").getroot().find(".//testcase")  # noqa: S314 - our own file
    assert (case.get("file"), case.get("line")) == ("spec/features/red.feature", "3")
    assert case.find("failure").text.endswith("expected: refused\nactual:   allowed")
    assert {file.suffix for file in run_dir(here).iterdir()}.isdisjoint({".part"})
    assert not (run_dir(here) / "messages.ndjson").exists()
    assert not (run_dir(here) / "cucumber.json").exists()


def test_the_folder_of_the_features_is_written_relative_to_the_current_folder_or_by_its_name(here, monkeypatch):
    folder = here / "spec" / "features"
    assert features_folder_name(folder) == "spec/features"
    monkeypatch.chdir(folder)
    assert features_folder_name(folder) == "."
    (here.parent / "elsewhere").mkdir(exist_ok=True)
    monkeypatch.chdir(here.parent / "elsewhere")
    assert features_folder_name(folder) == "features"


def test_features_beside_the_reader_have_no_folder(here):
    main(["verify", "--no-docs", "spec/features"])
    (junit,) = write_exports(run_dir(here), ["junit.xml"], root=".")

    assert ET.parse(junit).getroot().find(".//testcase").get("file") == "red.feature"  # noqa: S314 - our own file


def test_messages_and_cucumber_json_are_written_on_request(here, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")
    assert main(["verify", "--no-docs", "--messages", "--cucumber-json", "spec/features"]) == 1

    last = json.loads((run_dir(here) / "messages.ndjson").read_bytes().splitlines()[-1])["testRunFinished"]
    assert (last["success"], last["timestamp"]["seconds"], last["message"]) == (False, 1795392000, "1 example failed")
    (feature,) = json.loads((run_dir(here) / "cucumber.json").read_bytes())
    assert feature["elements"][0]["steps"][-1]["match"]["location"].startswith("steps/bindings/cancellation.py:")


@pytest.mark.parametrize("epoch", [None, "soon", "", "-1", "9" * 40])
def test_without_a_sound_epoch_it_is_the_first_of_all(monkeypatch, epoch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)

    assert export_timestamp().timestamp() == 0


def test_a_green_run_is_good_for_everybody(here):
    (here / "spec" / "features" / "red.feature").write_text(RED.replace("refused", "allowed"), encoding="utf-8")
    assert main(["verify", "--no-docs", "--messages", "spec/features"]) == 0

    last = json.loads((run_dir(here) / "messages.ndjson").read_bytes().splitlines()[-1])["testRunFinished"]
    assert last["success"] is True
    assert "message" not in last
    root = ET.parse(run_dir(here) / "junit.xml").getroot()  # noqa: S314 - our own file
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "0")


def test_an_earlier_run_can_be_exported_for_other_tools_later(here):
    main(["verify", "--no-docs", "--messages", "--cucumber-json", "spec/features"])
    files = [run_dir(here) / name for name in ("messages.ndjson", "cucumber.json")]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()

    assert main(["docs", "--messages", "--cucumber-json"]) == 0
    last = [json.loads(data.splitlines()[-1]) for data in (before[0], files[0].read_bytes())]
    assert [message["testRunFinished"]["success"] for message in last] == [False, False]
    assert files[0].read_bytes().splitlines()[:-1] == before[0].splitlines()[:-1]
    assert files[1].read_bytes() == before[1]


def test_the_verdict_stays_when_the_exports_cannot_be_written(here, capsys, monkeypatch):
    from reports.export import run_files as exports  # noqa: PLC0415 - only here
    from reports.html.errors import ReportError  # noqa: PLC0415

    def refuse(*_: object, **__: object) -> None:
        raise ReportError("junit.xml", "the file cannot be written: no space left", "free the disk")

    monkeypatch.setattr(exports, "write_exports", refuse)
    (here / "spec" / "features" / "red.feature").write_text(RED.replace("refused", "allowed"), encoding="utf-8")

    assert main(["verify", "--no-docs", "spec/features"]) == 2
    captured = capsys.readouterr()
    assert "✓ 1 of 1 examples passed" in captured.out
    assert (
        captured.err
        == "error: the files for other tools are not written: junit.xml: the file cannot be written: no space left; free the disk\n"
    )


def test_the_messages_have_the_time_of_the_run_on_request(here, capsys):
    assert main(["verify", "--no-docs", "spec/features"]) in (0, 1)
    file, about = (run_dir(here) / name for name in ("messages.ndjson", "about.json"))

    def started() -> int:
        lines = map(json.loads, file.read_bytes().splitlines())
        return next(line["testRunStarted"]["timestamp"]["seconds"] for line in lines if "testRunStarted" in line)

    assert main(["docs", "--messages"]) == 0
    assert started() == 0
    assert main(["docs", "--messages", "--real-time"]) == 0
    assert started() == datetime.fromisoformat(json.loads(about.read_text())["started"]).timestamp()

    assert main(["docs", "--real-time"]) == 2
    assert "add --messages" in capsys.readouterr().err
    about.write_text("{}", encoding="utf-8")
    assert main(["docs", "--messages", "--real-time"]) == 2
    assert "has no time of the run; leave out --real-time" in capsys.readouterr().err
