"""The `sop` command: words in, words and exit status out."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sop_cli.exit_status import FAILURE, INTERNAL_ERROR, INTERRUPTED, MISUSE, READER_GONE, ROWS_SET_ASIDE, SUCCESS
from sop_cli.main import COMMANDS, WITHOUT_RULEBOOK, cli, main
from sop_engine import ENGINE, EVERY_CASE, Reading

ONE = ["--canceller", "seller", "--scope", "full", "--invoicing", "ERP", "--stage", "FULFILLABLE", "--e-invoice", "pushed"]
PART = ["--canceller", "Ajio", "--scope", "partial", "--invoicing", "ERP", "--stage", "FULFILLABLE", "--e-invoice", "not posted"]
LINE = '{"canceller":"Ajio","scope":"full","invoicing":"RMS","stage":"PACKED","e_invoice":"pushed"}'


def test_decide_says_what_the_sop_says_and_what_we_assume(capsys: pytest.CaptureFixture[str]) -> None:
    """Outcome stated, tasks assumed."""
    assert main(["decide", *ONE]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "allowed  (the SOP says so: SC-ERP-FULL-1a)",
        "what the seller then does  (our reading of GAP-02)",
        "  may       download the report of orders cancelled after posting",
        "  must      make a credit note by hand and keep it in the ERP",
        "  need not  share the credit note with Ajio",
    ]


def test_decide_says_when_the_tasks_fall_due_and_what_stands_beside_a_settled_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", *PART, "--why", "--json"]) == 1
    output = json.loads(capsys.readouterr().out)
    assert {task["when"] for task in output["tasks"]} == {"when packing fails"}
    assert [task["by"] for task in output["tasks"]][:2] == [["AC-ERP-PART-1.1"], ["AC-ERP-PART-1.2"]]
    assert output["notes"] == [note["id"] for note in output["why"]["beside"]] == ["GAP-12", "GAP-20", "GAP-47"]

    assert main(["decide", *PART]) == 1
    assert "what the seller does when packing fails  (the SOP says so: AC-ERP-PART-1.1," in capsys.readouterr().out

    assert main(["decide", *replaced("--e-invoice", "posted"), "--why"]) == 0
    beside = capsys.readouterr().out.partition("Open questions that do not affect the answer")[2]
    assert "GAP-17" in beside
    assert "watch: an e-invoice that the ERP makes after the cancellation" in beside


def test_decide_exits_1_when_the_cancellation_is_not_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """Refused, and the cases that would be allowed."""
    assert main(["decide", *replaced("--stage", "PACKED"), "--why"]) == 1

    out = capsys.readouterr().out
    assert "SC-ERP-FULL-3" in out
    assert "It would be allowed with\n" in out
    assert "  stage PROCESSING\n" in out


def test_decide_as_written_is_silent_where_the_sop_is(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has null for open tasks."""
    assert main(["decide", *ONE, "--reading", "as-written", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["tasks"] is None
    assert (answer["outcome"], answer["outcome_source"], answer["tasks_source"]) == ("allowed", "stated", "silent")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["decde"], "did you mean `decide`?"),
        (["decide", "--canceler", "seller"], "--canceller"),
        (["decide", *ONE[:-1], "pusht"], "unknown word `pusht`; did you mean `pushed`?"),
        (["decide", "--batch", "no-such-file"], "no-such-file"),
        (["decide", "--batch", "-", "--why"], "--why cannot be used with --batch"),
        (["table", "--format", "jsn"], "did you mean `json`?"),
        (["table", "extra"], "extra"),
        (["clause"], "error: `clause` needs one of its commands: `add`, `edit`\n"),
        (["gap"], "error: `gap` needs one of its commands: `add`, `edit`\n"),
        (["verify", "--out", ""], "the name of a folder is empty"),
        (["gate", "--run", " "], "the name of a folder is empty"),
        (["simulate", "sale_day"], "there is no experiment and no .toml file `sale_day`; did you mean `sale_days`?\n"),
        (["answer", "GAP-4"], "there is no gap `GAP-4`; did you mean `GAP-04`?"),
    ],
)
def test_misuse_is_one_clear_error(
    arguments: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, on stderr, nothing on stdout, no traceback, nothing written."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert reason in captured.err
    assert "Traceback" not in captured.err
    assert not list(tmp_path.iterdir())


def test_a_batch_answers_every_line_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bad line costs one line."""
    bad = [
        b"",
        b"{",
        b'{"canceler":"Ajio"}',
        b"[1]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"scope":NaN}',
        LINE.replace("PACKED", "PAKED").encode(),
    ]
    twice = LINE.replace("{", '{"scope":"partial",', 1).encode()
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"\n".join([LINE.encode(), *bad, twice, LINE.encode()]))

    assert main(["decide", "--batch", str(file)]) == 2

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(bad) + 3
    assert answers[0] == answers[-1]
    assert answers[0]["outcome"] == "refused"
    assert [answer["error"]["line"] for answer in answers[1:-1]] == list(range(2, len(bad) + 3))
    assert "did you mean `canceller`?" in answers[3]["error"]["message"]
    assert "`scope` is given twice" in answers[-2]["error"]["message"]


def test_a_batch_without_a_bad_line_is_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All 256 cases, answered as the table answers them."""
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(case.facts) + "\n" for case in EVERY_CASE), encoding="utf-8")

    assert main(["decide", "--batch", str(file)]) == 0

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers == [ENGINE.decide(case).to_plain() for case in EVERY_CASE]


def test_the_json_table_has_exactly_the_promised_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """256 rows, both readings, tasks null or a list of four words each."""
    for reading in Reading:
        assert main(["table", "--format", "json", "--reading", reading]) == 0

        rows = json.loads(capsys.readouterr().out)
        assert len(rows) == 256
        for row in rows:
            assert list(row) == ["canceller", "scope", "invoicing", "stage", "e_invoice", "outcome", "tasks", "clauses", "gaps"]
            assert row["tasks"] is None or all(list(task) == ["modality", "task", "actor", "system", "when"] for task in row["tasks"])


@pytest.mark.parametrize("form", ["text", "csv", "markdown"])
def test_every_format_of_the_table_says_the_same(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """256 rows of nine columns beside their heading."""
    assert main(["table", "--format", form]) == 0

    out = capsys.readouterr().out
    if form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert {len(row) for row in rows} == {9}
        assert len(rows) == 257
    else:
        assert len([line for line in out.splitlines() if "FULFILLABLE" in line or "---" not in line]) == 257
    assert out.count("without effect") == 32


def test_help_is_the_answer_to_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    """All verbs, each with a line."""
    assert main([]) == 0

    out = capsys.readouterr().out
    assert all(f"\n  {verb} " in out for verb in ("verify", "lint", "decide", "table", "simulate"))


def test_the_help_has_the_exit_statuses_that_commands_end_with(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of ADR 28; SIGINT, SIGTERM and a lost reader are 128 and the number of the signal."""
    assert main(["--help"]) == 0
    _, _, statuses = " ".join(capsys.readouterr().out.split()).partition("Exit status: ")
    meanings = {int(number): words for number, words in re.findall(r"(\d+) ([^,.]+)", statuses.partition(" Options:")[0])}

    assert {number: words.split()[0] for number, words in meanings.items()} == {
        SUCCESS: "success",
        FAILURE: "a",
        MISUSE: "invalid",
        ROWS_SET_ASIDE: "an",
        INTERNAL_ERROR: "internal",
        INTERRUPTED: "interrupted",
        143: "terminated",
        READER_GONE: "the",
    }


def test_help_and_hints_name_the_command_as_it_was_called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`sop` by itself; the launcher's call through the launcher, also in the help of commands and options."""
    monkeypatch.delenv("SOP_CALLED_AS", raising=False)
    assert main(["approve", "--run", "nowhere"]) == 2
    assert (
        capsys.readouterr().err
        == "error: `nowhere` is not a run: it has no run.ndjson; name the folder that `sop verify` printed after `run`\n"
    )

    monkeypatch.setenv("SOP_CALLED_AS", "python3 run.py")
    assert main(["approve", "--run", "nowhere"]) == 2
    assert "name the folder that `python3 run.py verify` printed after `run`" in capsys.readouterr().err
    assert main(["table", "extra"]) == 2
    assert capsys.readouterr().err.endswith("see `python3 run.py table --help`\n")
    for arguments in ([], ["merge", "--help"], ["verify", "--help"], ["decide", "--help"], ["docs", "--help"]):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert out.startswith("Usage: python3 run.py ")
        assert re.findall(r"\bsop [a-z-]+", out) == []


def replaced(option: str, value: str) -> list[str]:
    """The one case, with another value of one option."""
    at = ONE.index(option)
    return [*ONE[: at + 1], value, *ONE[at + 2 :]]


@pytest.mark.parametrize("status", [130, 143])
def test_an_interruption_inside_a_library_s_exec_has_the_status_of_its_signal(status: int, tmp_path: Path) -> None:
    """Python would end the process by SIGINT, because `exec` has seen a KeyboardInterrupt."""
    module = f"""
import sop_cli.main
from sop_cli.__main__ import run

def main():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        return {status}

sop_cli.main.main = main
run()
"""
    (tmp_path / "interrupted.py").write_text(module, encoding="utf-8")
    search_path = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}

    assert subprocess.run([sys.executable, "-m", "interrupted"], env=os.environ | search_path, check=False).returncode == status


def test_too_little_memory_is_one_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(**_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sop_cli.main.cli.main", full)

    assert main(["table"]) == 2
    assert capsys.readouterr().err == "error: there is not enough memory for this; give less input, or free some memory\n"


def test_an_internal_error_has_a_status_that_no_answer_has(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(**_: object) -> None:
        raise LookupError("a fault in the program")

    monkeypatch.setattr("sop_cli.main.cli.main", broken)

    assert main(["table"]) == 70
    errors = capsys.readouterr().err
    assert errors.startswith("error: internal error, not caused by your input")
    assert errors.endswith("LookupError: a fault in the program\n")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the current folder cannot be deleted")
def test_a_current_folder_that_was_deleted_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert main(["lint"]) == 2
    assert capsys.readouterr().err == "error: the current folder was deleted; change to another one\n"


def test_a_colour_in_a_name_is_escaped_in_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where click would let it through, on a terminal."""
    assert main(["decide", "--batch", "\x1b[32m\u200bgood\x1b[0m ü\u0131"]) == 2

    assert "'\\u001b[32m\\u200bgood\\u001b[0m ü\u0131'" in capsys.readouterr().err


def test_every_command_that_reads_a_rulebook_takes_the_option_in_each_of_its_commands() -> None:
    for name in COMMANDS.keys() - set(WITHOUT_RULEBOOK):
        command = cli.get_command(click.Context(cli), name)
        for part in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            assert [option.opts for option in part.params].count(["--rulebook"]) == 1, (name, part.name)
