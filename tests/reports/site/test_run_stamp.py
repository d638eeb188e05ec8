"""The stamp of a run: time, commit and id from the file beside the record, and nothing wrong from a damaged one."""

import json
from pathlib import Path

import pytest

from reports.site.run_stamp import RunStamp, run_stamp


def test_it_has_the_start_in_utc_the_commit_and_the_id(tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text(json.dumps({"started": "2026-11-30T01:05:09+05:30", "commit": "0d485f1"}), encoding="utf-8")

    assert run_stamp(tmp_path) == RunStamp(tmp_path.name, "29 Nov 2026, 19:35 UTC", "0d485f1")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"started": 5, "commit": []}', '{"started": "soon", "commit": null}'])
def test_a_damaged_file_leaves_time_and_commit_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "about.json").write_text(content, encoding="utf-8")

    assert run_stamp(tmp_path) == RunStamp(tmp_path.name)


def test_without_a_folder_there_is_none(tmp_path: Path) -> None:
    assert run_stamp(None) is None
    assert run_stamp(tmp_path) == RunStamp(tmp_path.name)
