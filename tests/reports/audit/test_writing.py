"""The folder of an audit: all files or none, no file of others replaced, the same bytes, and what other programs read."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jsonschema import Draft202012Validator

from orders.intake.source_columns import SourceColumns
from orders.log.export.formats import read_log
from reports.audit import writing
from reports.audit.figures import figures_of
from reports.audit.store import VMS_LISTS
from reports.audit.writing import FILES, check_audit_folder, write_audit
from sop_runs.output_folder import ForeignFolderError
from tests.support.audit_samples import material

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[3] / "sop_engine/schemas/audit.schema.json").read_text(encoding="utf-8")))
SAME = [name for name in FILES if not name.endswith((".duckdb", ".parquet"))]
"""The files with the same bytes each time."""
pytestmark = pytest.mark.slow


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SAME}


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.startswith(".sop-folder")}


def test_the_folder_has_all_files_and_nothing_is_beside_it(tmp_path: Path) -> None:
    write_audit(tmp_path / "out" / "july", material())

    assert names(tmp_path / "out" / "july") == set(FILES)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["july"]


def test_a_second_audit_replaces_the_first_with_the_same_bytes(tmp_path: Path) -> None:
    write_audit(tmp_path / "july", material())
    first = contents(tmp_path / "july")
    write_audit(tmp_path / "july", material())
    write_audit(tmp_path / "elsewhere", material())

    assert contents(tmp_path / "july") == first == contents(tmp_path / "elsewhere")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["elsewhere", "july"]


@pytest.mark.parametrize(
    "failing", ["audit_page", "_write_worklist", "write_csv_files", "write_json", "write_database", "write_events", "_rename"]
)
def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    write_audit(tmp_path / "july", material())
    first = contents(tmp_path / "july")

    def fail(file: Any, *_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(file) if isinstance(file, Path) else None)

    monkeypatch.setattr(writing, failing, fail)
    for folder in ("july", "new", "all/new"):
        with pytest.raises(OSError, match="No space") as raised:
            write_audit(tmp_path / folder, material(assumed=("other",)))
        assert str(raised.value.filename).startswith(str(tmp_path / folder))

    assert contents(tmp_path / "july") == first
    assert [file.name for file in tmp_path.iterdir()] == ["july"]


def test_a_full_disk_is_reported_for_the_folder_and_not_for_a_file_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = duckdb.IOException(f'IO Error: Could not write file "{tmp_path}/x": {os.strerror(errno.ENOSPC)}')

    def fail(*_: Any, **__: Any) -> None:
        raise full

    monkeypatch.setattr(duckdb, "connect", fail)
    with pytest.raises(OSError, match="No space") as raised:
        write_audit(tmp_path / "july", material())

    assert (raised.value.errno, raised.value.filename) == (errno.ENOSPC, str(tmp_path / "july"))


def test_a_folder_of_any_name_takes_an_audit(tmp_path: Path) -> None:
    """DuckDB reads the end of a path after a question mark as options."""
    for name in ("a?b", "a#b", "it's", 'a"b', "%41", "é ñ"):
        write_audit(tmp_path / name / "july", material())

        assert names(tmp_path / name / "july") == set(FILES)


def test_the_old_folder_comes_back_if_the_new_one_cannot_be_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_audit(tmp_path / "july", material())
    first, rename = contents(tmp_path / "july"), Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name.endswith(".part"):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="Permission"):
        write_audit(tmp_path / "july", material(assumed=("other",)))

    assert contents(tmp_path / "july") == first
    assert [file.name for file in tmp_path.iterdir()] == ["july"]


def test_a_worklist_with_notes_is_not_replaced_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    write_audit(tmp_path / "july", material())
    (tmp_path / "july" / "worklist.xlsx").write_bytes(b"with notes")

    with pytest.raises(
        ForeignFolderError, match=r"`worklist\.xlsx` that was changed .*; name it with --since and another folder with --out"
    ) as raised:
        write_audit(tmp_path / "july", material())

    assert "\n" not in str(raised.value)
    assert (tmp_path / "july" / "worklist.xlsx").read_bytes() == b"with notes"


def test_a_file_of_the_client_in_the_folder_is_not_removed(tmp_path: Path) -> None:
    write_audit(tmp_path / "july", material())
    (tmp_path / "july" / "my notes.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(ForeignFolderError, match=r"`my notes\.txt` that this program did not write; move it elsewhere"):
        write_audit(tmp_path / "july", material())
    assert (tmp_path / "july" / "my notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_of_others_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")

    with pytest.raises(ForeignFolderError):
        check_audit_folder(tmp_path)


def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".july.999999999.part").mkdir()
    write_audit(tmp_path / "july", material())

    assert [file.name for file in tmp_path.iterdir()] == ["july"]


def test_the_json_follows_its_schema_and_has_every_duty_and_finding(tmp_path: Path) -> None:
    one = material(notes={"x": "y"}, columns=(SourceColumns((("Order Qty", "units"),), (("L", "Outcome"),), ("result",), ("invoice",)),))
    write_audit(tmp_path / "july", one)
    plain = json.loads((tmp_path / "july" / "audit.json").read_text(encoding="utf-8"))

    assert [error.message for error in SCHEMA.iter_errors(plain)] == []
    assert (len(plain["duties"]), len(plain["findings"]), len(plain["set_aside"])) == (6, 8, 3)
    assert [(entry["columns_not_read"], entry["without_column"], entry["without_value"]) for entry in plain["sources"]] == [
        ([{"letter": "L", "column": "Outcome"}], ["result"], ["invoice"]),
        ([], [], []),
    ]
    assert len({entry["reference"] for name in ("duties", "findings", "set_aside") for entry in plain[name]}) == 17


def test_each_figure_can_be_counted_again_in_the_json(tmp_path: Path) -> None:
    write_audit(tmp_path / "july", material())
    plain = json.loads((tmp_path / "july" / "audit.json").read_text(encoding="utf-8"))
    figures, notes = plain["figures"], [duty for duty in plain["duties"] if duty["task"] == "credit-note"]
    due = [duty for duty in notes if duty["status"] in ("open", "partly done")]
    amounts = [
        rest for duty in due for rest in [duty["rest_paise"] if duty["rest_paise"] is not None else duty["value_paise"]] if rest is not None
    ]

    assert figures["credit_notes_due"] == len(due) == 3
    assert figures["credit_notes_due_paise"] == sum(amounts) == 1_070_000
    assert figures["credit_notes_due_of_unknown_value"] == len(due) - len(amounts) == 1
    assert figures["against_the_sop"] == sum(
        one["rule"] in ("C-1", "C-2", "C-4") and one["strength"] == "must" for one in plain["findings"]
    )
    assert figures["rows_set_aside"] == len(plain["set_aside"])
    assert figures["rows"] == sum(count for name, count in figures.items() if name.startswith("rows_"))
    assert sum(figures["findings_by_rule"].values()) == len(plain["findings"])


def test_the_database_has_all_tables_and_the_log_can_be_read(tmp_path: Path) -> None:
    one = material()
    write_audit(tmp_path / "july", one)
    with duckdb.connect(str(tmp_path / "july" / "audit.duckdb"), read_only=True) as database:
        counts = {name: database.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0] for (name,) in database.sql("SHOW TABLES").fetchall()}  # noqa: S608 (names of tables)
    events = [(row.order_id, row.event) for row in read_log(tmp_path / "july" / "events.parquet").log.rows()]

    tables = ("answers", "documents", "duties", "findings", "requests", "rows", "sources", *VMS_LISTS)
    assert counts == {name: (getattr(one, name).num_rows,) for name in tables}
    assert [event for order, event in events if order == "FN0002"] == ["posted", "e-invoice generated", "cancellation", "credit note made"]


def test_nothing_is_open_where_nothing_counts() -> None:
    one = material()
    nothing = material(findings=one.findings.slice(7, 1), duties=one.duties.slice(0, 1))

    assert figures_of(one).is_open
    assert not figures_of(nothing).is_open
