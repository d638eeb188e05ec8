"""What the foot of each page says that the page is written from: two sites of one run and other inputs differ in no other page."""

from pathlib import Path
from typing import Any

import pytest

from reports.audit.writing import write_audit
from reports.site.builder import site_files
from reports.site.context import context_of
from sop_runs.change.snapshot import snapshot_of_run
from sop_runs.record.reader import RunRecord, read_record
from tests.support.audit_samples import material
from tests.support.run_samples import record, write

OF_THE_RUN = "The same run always gives the same page."
FEATURE = "Feature: Other\n\n  Scenario: S\n    Then it is so\n"


@pytest.fixture
def run(tmp_path: Path) -> RunRecord:
    return read_record(write(record(), tmp_path / "runs" / "run"))


def folders(tmp_path: Path, kind: str) -> list[Path]:
    """An empty folder of audits or simulations, and one with a result."""
    empty, full = tmp_path / "empty", tmp_path / "full"
    (full / "torn").mkdir(parents=True)
    empty.mkdir()
    if kind == "audits":
        write_audit(full / "june", material())
    else:
        (full / "torn" / "study.json").write_text("{")
    return [empty, full]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("audits", {"audits.html"}),
        ("simulations", {"simulations.html"}),
        ("base", {"index.html", "changes.html"}),
        ("source", {"the-sop.html"}),
        ("folder", {"changes.html"}),
    ],
)
def test_a_page_that_other_inputs_change_does_not_say_that_the_run_alone_makes_it(
    run: RunRecord, tmp_path: Path, kind: str, expected: set[str]
) -> None:
    inputs: list[Any]
    if kind == "base":
        inputs = [
            snapshot_of_run(read_record(write(record({"other.feature": FEATURE}), tmp_path / "other"))),
            snapshot_of_run(run, "a release"),
        ]
    elif kind == "source":
        inputs = [(name,) * 400 for name in ("one", "two")]
    elif kind == "folder":
        inputs = [tmp_path / "runs" / "run", write(record(), tmp_path / "others" / "run").parent]
        write(record({"other.feature": FEATURE}), tmp_path / "others" / "before")
    else:
        inputs = folders(tmp_path, kind)
    one, two = (site_files(context_of(run, **{kind: given})) for given in inputs)
    differing = {name for name in one.keys() & two.keys() if name.endswith(".html") and one[name] != two[name]}

    assert differing == expected
    assert [name for name in differing if OF_THE_RUN in one[name].decode() or OF_THE_RUN in two[name].decode()] == []
    assert OF_THE_RUN in one["glossary.html"].decode()
