"""Gate, approve and merge compare the record with the present features."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sop_cli.main import main
from steps.run.runner import run
from tests.support.in_process import child_replaced


def spoilt_run(folder: Path, spoil: Callable[[bytes], bytes], tmp_path: Path, shard: str | None = None) -> Path:
    """Run the specification in *folder*, spoil the record, and return the folder of the run."""
    with child_replaced():
        result = run([folder], out=tmp_path / "runs", shard=shard)
    result.record.write_bytes(spoil(result.record.read_bytes()))
    return result.folder


def with_a_false_outcome(raw: bytes) -> bytes:
    return raw.replace(b'"actual":"allowed"', b'"actual":"refused"', 1).replace(b'"expected":"allowed"', b'"expected":"refused"', 1)


def with_a_false_stage(raw: bytes) -> bytes:
    return raw.replace(b'"actual":"PROCESSING"', b'"actual":"PACKED"', 1).replace(b'"expected":"PROCESSING"', b'"expected":"PACKED"', 1)


def with_another_line(raw: bytes) -> bytes:
    return raw.replace(b'"keyword":"Given","kind":"given"', b'"keyword":"Then","kind":"given"', 1)


COMMANDS = {"gate": (1, "gate", "--run"), "approve": (2, "approve", "--run"), "merge": (1, "merge", "--no-docs")}


@pytest.mark.parametrize("spoil", [with_a_false_outcome, with_a_false_stage, with_another_line])
@pytest.mark.parametrize(("status", "name", "option"), COMMANDS.values(), ids=COMMANDS)
def test_gate_approve_and_merge_compare_the_record(  # noqa: PLR0913 (fixtures)
    name: str, option: str, status: int, spoil: Callable[[bytes], bytes], folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run_folder = spoilt_run(folder, spoil, tmp_path, "1/1" if name == "merge" else None)
    monkeypatch.chdir(folder.parent)
    more = {"gate": [], "approve": ["--yes", "--to", str(tmp_path / "approved")], "merge": ["--out", str(tmp_path / "merged")]}[name]

    assert main([name, option, str(run_folder), *more]) == status
    captured = capsys.readouterr()
    reasons = {with_a_false_outcome: "is not an answer of the engine", with_a_false_stage: "is not what its steps give"}
    reason = reasons.get(spoil, "differs from the feature files")
    assert reason in captured.out + captured.err
    assert not (tmp_path / "approved").exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw.replace(b'"code":', b'"cod":', 1), "run.ndjson:1: in the manifest line, the line has no `code`"),
        (lambda raw: raw.replace(b'"version":2', b'"version":1', 1), "run.ndjson:1: the record has version 1, this program reads 2"),
        (lambda raw: raw.replace(b'"written":', b'"writen":', 1), "run.ndjson:1: in the manifest line, the line has no `written`"),
        (lambda raw: raw.partition(b"\n")[2], "run.ndjson:1: the record begins with a rulebook line, expected the manifest"),
        (lambda raw: b"{" + raw, "run.ndjson:1: the line is not JSON"),
        (lambda _: b"", "the record of the run is empty"),
    ],
)
def test_the_gate_says_why_a_record_without_a_manifest_cannot_be_read(  # noqa: PLR0913 (fixtures)
    spoil: Callable[[bytes], bytes],
    message: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_folder = spoilt_run(folder, spoil, tmp_path)
    monkeypatch.chdir(folder.parent)

    assert main(["gate", "--run", str(run_folder)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "run `sop verify` again" in error
