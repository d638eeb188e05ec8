"""The strict reader of files: what it refuses, in which words, and that no module reads a file without it."""

import os
import re
import socket
from pathlib import Path

import pytest

from sop_engine.input_files import MOST_DEPTH, UnreadableFileError, parse_json, parse_toml, read_bytes, read_text

ROOT = Path(__file__).parents[2]
PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xff", "it is not UTF-8 text (byte 1)"),
        (b'{"a": 1,}', "it is not JSON: "),
        (b'{"a": 1} x', "it is not JSON: extra data (line 1, column 10)"),
        (b'{"a": {"b": 1, "b": 1}}', "an object has the key `b` twice"),
        (b"[NaN]", "it is not JSON: `NaN` is not a number"),
        (b"[-Infinity]", "it is not JSON: `-Infinity` is not a number"),
        (b"[1e999]", "the number `1e999` is too large"),
        (b"9" * 101, "a number has 101 digits; expected at most 100"),
        (b"9" * 100_000, "a number has 100,000 digits; expected at most 100"),
        (b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1), "it is nested too deeply"),
        (b'{"a":' * 1_000_000, "it is nested too deeply"),
        (b'"\\ud800"', "it has half a surrogate pair"),
        (b'"' + b'\\"' * 500_000, "it is not JSON: unterminated string"),
    ],
    ids=range(15),
)
def test_json_that_is_not_strict_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(reason)):
        parse_json(content)


def test_json_of_the_deepest_nesting_is_read_and_brackets_in_texts_are_no_nesting() -> None:
    parse_json(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH)
    assert parse_json(b'["' + b"[{" * 200 + b'\\"["]') == ["[{" * 200 + '"[']
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"
    assert parse_json(b'"\\udc80"', any_text=True) == "\udc80"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "it is not UTF-8 text"),
        (b"a = ", "it is not TOML: "),
        (b"a = " + b"9" * 10_000, "it is not TOML: a number has too many digits"),
        (b"a = " + b"[" * 100_000, "it is nested too deeply"),
        (b"a." * 400_000 + b"b = 1", "it is nested too deeply"),
        (b'"a" . ' * 100_000 + b"b = 1", "it is nested too deeply"),
        (b"# " + b"x" * 1_000_000, "it has more than 1,000,000 bytes"),
    ],
    ids=range(7),
)
def test_toml_that_cannot_be_read_in_time_or_at_all_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + reason):
        parse_toml(content)


@pytest.mark.skipif(os.name != "posix", reason="pipes and sockets are made as POSIX has them")
def test_only_a_regular_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("device").symlink_to("/dev/zero")
    Path("file").write_bytes(b"12345")
    Path("link").symlink_to("file")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket")

    for name in ("pipe", "device", "socket", "."):
        with pytest.raises(UnreadableFileError, match="it is not a regular file; correct it"):
            read_bytes(Path(name), "correct it")
    with pytest.raises(UnreadableFileError, match="the file does not exist") as missing:
        read_bytes(Path("none"), "correct it")
    assert missing.value.is_missing
    assert read_bytes(Path("link"), "", 5) == b"12345"
    with pytest.raises(UnreadableFileError, match="it has more than 4 bytes"):
        read_bytes(Path("link"), "", 4)
    with pytest.raises(UnreadableFileError, match="not the name of a file"):
        read_text(Path("a\0b"), "")


def test_a_long_or_hostile_name_is_cut_and_escaped() -> None:
    message = str(UnreadableFileError(Path("a" * 5_000 + "\x1b[31m"), "it is empty", "write it again"))

    assert len(message) < 300
    assert message.isprintable()


ELSEWHERE = {
    "orders/intake/files/cell_faults.py": 1,  # an export that is read whole afterwards, too
    "orders/intake/files/extent.py": 1,  # as above
    "orders/intake/files/spreadsheets.py": 1,  # as above
    "reports/html/resources.py": 1,  # files of the program
    "reports/html/template_cache.py": 1,  # templates that the program has compiled
    "sop_cli/serve/app.py": 1,  # files of the program
    "sop_cli/serve/contract.py": 1,  # files of the program
    "sop_cli/web/last_run.py": 1,  # feature files
    "simulator/experiment/experiment.py": 1,  # files of the program
    "simulator/study/fingerprint.py": 1,  # modules of the program
    "sop_runs/output_folder.py": 1,  # what Linux says of a process
    "sop_runs/record/start_hooks.py": 1,  # the list of files of an installed package
    "sop_engine/versions.py": 1,  # a rulebook in an archive
    "steps/definitions/source_digest.py": 1,  # modules that are imported
    "steps/editing/renaming.py": 1,  # feature files
    "steps/editing/module_text.py": 1,  # modules that are imported
    "sop_cli/answers/trial.py": 4,  # the register and feature files, which have been read, and copies of them
    "sop_cli/answers/writing.py": 2,  # as above
    "sop_cli/records/clause.py": 4,  # the register, which has been read
    "sop_cli/records/gap.py": 3,  # as above
    "sop_cli/renaming.py": 1,  # modules beside them
    "sop_cli/pytest_plugin.py": 1,  # imports nothing of the program; asks first whether it is a regular file
    "sop_cli/web/drafts.py": 1,  # files of the program
    "sop_cli/web/project.py": 4,  # files of the listing, which are regular
    "sop_cli/web/screens/case.py": 1,  # feature files
    "sop_cli/web/screens/clauses.py": 2,  # the register, which has been read
    "sop_cli/web/serving/pages.py": 2,  # files of the program
    "sop_cli/commands/fmt.py": 1,  # feature files
    "sop_cli/commands/verify.py": 1,  # what the process of this run has printed
    "steps/run/runner.py": 2,  # what the process of this run has written
    "steps/run/pytest_html.py": 1,  # as above
    "steps/language/document.py": 1,  # feature files
    "steps/language/feature_set.py": 1,  # feature files
}
"""Where a file is read without it, and how often."""


def test_no_module_reads_a_whole_file_in_any_other_way() -> None:
    counts = {}
    for file in (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))):
        count = len(re.findall(r"\.read_(?:text|bytes)\(", file.read_text(encoding="utf-8")))
        if count:
            counts[file.relative_to(ROOT).as_posix()] = count

    assert counts == ELSEWHERE
