"""`sop approve` lists what it accepts and asks; the gate names every new, edited, renamed and vanished example; of a renamed Rule it says so."""

import shutil
from pathlib import Path

import click
import pytest

from sop_cli.main import main

pytestmark = pytest.mark.usefixtures("in_process")

FEATURE = """\
Feature: Cancelling

  Rule: Before packing

    Scenario: Allowed
      Given an order invoiced through the client's ERP
      And the order is FULFILLABLE
      When the seller cancels the full order
      Then the cancellation is allowed

    Scenario: Allowed in PROCESSING
      Given an order invoiced through the client's ERP
      And the order is PROCESSING
      When the seller cancels the full order
      Then the cancellation is allowed

  Rule: After packing

    Scenario: Refused
      Given an order invoiced through the client's ERP
      And the order is PACKED
      When the seller cancels the full order
      Then the cancellation is refused
"""
COMPLETED = """
    Scenario: Refused once COMPLETED
      Given an order invoiced through the client's ERP
      And the order is COMPLETED
      When the seller cancels the full order
      Then the cancellation is refused
"""
EDITS = {
    "new": (lambda text: text + COMPLETED, ["new: Refused once COMPLETED"]),
    "edited": (
        lambda text: text.replace("seller cancels the full order\n      Then the cancellation is refused", "seller cancels part of the order\n      Then the cancellation is refused"),
        ["edited: Refused (was: When the seller cancels the full order; now: When the seller cancels part of the order)"],
    ),
    "vanished": (lambda text: text.partition("\n  Rule: After packing")[0], ["gone: Refused ("]),
    "renamed": (lambda text: text.replace("Scenario: Refused", "Scenario: It is refused"), ["renamed: It is refused (was: Refused)"]),
    "another Rule": (lambda text: text.replace("Rule: Before packing", "Rule: Not packed yet"), ["renamed: Allowed (its Rule is now: Not packed yet; it was: Before packing)", "renamed: Allowed in PROCESSING (its Rule is now: Not packed yet; it was: Before packing)"]),
    "another name and another Rule": (lambda text: text.replace("Scenario: Refused", "Scenario: It is refused").replace("Rule: After packing", "Rule: Once packed"), ["renamed: It is refused (was: Refused; its Rule is now: Once packed; it was: After packing)"]),
    "turned round, with another name": (
        lambda text: text.replace("Scenario: Refused\n", "Scenario: No effect\n").replace("PACKED", "CANCELLED").replace("is refused", "is without effect"),
        ["No effect"],
    ),
}  # fmt: skip


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with an approved feature; the working directory."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "features" / "cancelling.feature"
    file.parent.mkdir()
    file.write_text(FEATURE, encoding="utf-8")
    assert main(["verify", "--no-docs"]) == 0
    assert main(["approve", "--yes"]) == 0
    assert "approved for the first time: 520 answers and 3 examples" in capsys.readouterr().out
    return file


@pytest.mark.parametrize("kind", EDITS)
def test_each_kind_of_change_is_named_by_the_gate_and_before_it_is_approved(
    kind: str, feature: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit, names = EDITS[kind]
    feature.write_text(edit(FEATURE), encoding="utf-8")
    assert main(["verify", "--no-docs"]) == 0
    before = {file: file.read_bytes() for file in Path("approved").iterdir()}
    capsys.readouterr()

    assert main(["approve"]) == 2
    assert {file: file.read_bytes() for file in Path("approved").iterdir()} == before
    listed = capsys.readouterr()
    assert "nothing was saved; read the list above, and add --yes to save it" in listed.err
    main(["gate"])
    gate = capsys.readouterr().out
    for name in names:
        assert listed.out.count(name) >= 1, listed.out
        assert gate.count(name) == 1, gate


def test_at_a_terminal_it_asks_and_saves_only_after_yes(
    feature: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feature.write_text(FEATURE + COMPLETED, encoding="utf-8")
    assert main(["verify", "--no-docs"]) == 0
    before = Path("approved/examples.json").read_bytes()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter((False, True))
    monkeypatch.setattr(click, "confirm", lambda _: next(answers))

    assert main(["approve"]) == 1
    assert Path("approved/examples.json").read_bytes() == before
    assert main(["approve"]) == 0
    assert Path("approved/examples.json").read_bytes() != before
    assert "new: Refused once COMPLETED" in capsys.readouterr().out


def test_an_approval_of_another_version_is_named_and_replaced(feature: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert feature.is_file()
    Path("approved/examples.json").write_text('{"version": 1}', encoding="utf-8")

    assert main(["approve", "--yes"]) == 0
    assert "the last approval cannot be compared" in capsys.readouterr().out
    assert main(["approve", "--yes"]) == 0
    assert "no difference" in capsys.readouterr().out


def test_a_comparison_with_what_is_approved_says_when_the_last_run_is_not_of_the_present_features(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise an edited example would be no difference."""

    def diff(base: str) -> tuple[int, str, str]:
        status = main(["diff", base])
        return status, *capsys.readouterr()

    monkeypatch.chdir(tmp_path)
    file = tmp_path / "features" / "a.feature"
    file.parent.mkdir()
    file.write_text(FEATURE, encoding="utf-8")
    assert main(["verify", "--no-docs"]) == main(["approve", "--yes"]) == 0
    capsys.readouterr()
    assert diff("approved")[::2] == (0, "")

    file.write_text(FEATURE.replace("Scenario: Refused", "Scenario: It is refused"), encoding="utf-8")
    note = "note: the present examples are not compared: features/a.feature changed since the last run; run `sop verify` first\n"
    assert diff("approved")[2] == note
    assert diff("approved/behaviour.json")[2] == ""
    main(["verify", "--no-docs"])
    capsys.readouterr()
    status, out, err = diff("approved")
    assert (status, err, "renamed: It is refused (was: Refused)" in out) == (1, "", True)
    shutil.rmtree("build")
    assert "not compared: there is no run; run" in diff("approved")[2]
