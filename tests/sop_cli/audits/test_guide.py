"""The guide of the audit, followed word for word in an empty folder."""

import re
import shlex
from pathlib import Path

import pytest

from reports.audit.writing import FILES
from sop_cli.main import main

GUIDE = (Path(__file__).parents[3] / "docs" / "auditing.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow


def commands() -> list[list[str]]:
    return [shlex.split(line)[2:] for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_the_guide_can_be_followed_word_for_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in re.findall(r"```csv (\S+)\n(.*?)```", GUIDE, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    first, second, explained, of_days, later = (command for command in commands() if "--cluster" not in command)
    assert main(first) == 3
    suggested = (tmp_path / "audit.toml").read_text(encoding="utf-8")
    [(name, mapping)] = re.findall(r"```toml (\S+)\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / name).write_text(mapping, encoding="utf-8")
    capsys.readouterr()
    assert main(second) == 3
    printed = capsys.readouterr().out
    [figures] = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)

    assert [
        line for line in mapping.splitlines() if line and "complete" not in line and "invoicing" not in line and line not in suggested
    ] == []
    assert [line for line in figures.splitlines() if line not in printed] == []
    assert {file.name for file in Path("build/audits/2026-07-15").iterdir()} >= set(FILES)
    assert set(FILES) <= set(re.findall(r"`([a-z-]+\.[a-z]+)`", GUIDE))
    assert 'assure.csv row 6, column G "Posted At": "31-06-2026 09:00" is no date: June has 30 days' not in printed

    assert main(explained) == 3
    assert "FN0003" in capsys.readouterr().out
    assert main(of_days) == 3
    assert "cancelled-after-posting.csv: 2 orders" in capsys.readouterr().out
    assert main(later) == 3
    assert "since 2026-07-15: 0 closed, 0 new" in capsys.readouterr().out
