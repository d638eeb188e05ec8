"""Files that are read slice by slice, with the slices on disk, have the rows, states, totals and columns of the same files read at once."""

import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from orders.intake.errors import IntakeError
from orders.intake.files import csv_files, tables
from orders.intake.mapping.reading import read_mapping
from orders.intake.pieces import slices
from orders.intake.pieces.source import read_sheet_whole
from orders.intake.reading import read_sources
from orders.parts.sending import sending_reader
from orders.parts.workspace import Workspace
from tests.support.audit_files import make_examples
from tests.support.export_sets import FOLDER, sections, write_exports
from tests.support.intake import HEADER, ROW, TALLY, lines, orders, read, read_file
from tests.support.intake_mutations import mutated

FILES = 5_000 if os.environ.get("NIGHTLY") else 250


@pytest.fixture(params=["SLICE_ROWS", "SLICE_BYTES"])
def small(monkeypatch, request):
    """Slices of a few rows, or of a few bytes."""
    monkeypatch.setattr(csv_files, "MOST_ROW_BYTES", 400)
    monkeypatch.setattr(tables, "_ROWS", 3)
    monkeypatch.setattr(slices, request.param, {"SLICE_ROWS": 5, "SLICE_BYTES": 800}[request.param])


def assert_same(mapping, folder):
    """Read the files of *mapping* both ways; return the number of slices."""
    folder.mkdir(exist_ok=True)
    workspace = Workspace(folder)
    refusals = [_refusal(mapping, read_sheet) for read_sheet in (read_sheet_whole, workspace.read_sheet)]
    if any(refusals):
        assert refusals[0] == refusals[1]
        return 0
    whole = read_sources(mapping)
    pieces = read_sources(mapping, read_sheet=workspace.read_sheet)
    for name in ("rows", "requests", "documents", "sources"):
        one, other = getattr(pieces, name), getattr(whole, name)
        assert one.schema == other.schema, name
        assert one.to_pylist() == other.to_pylist(), name
    assert pieces.columns == whole.columns
    return len(workspace._tables) // 3


def _refusal(mapping, read_sheet):
    """Why the files of *mapping* are not read; None if they are."""
    try:
        read_sources(mapping, read_sheet=read_sheet)
    except IntakeError as error:
        return str(error)
    return None


@pytest.mark.usefixtures("small")
def test_the_examples_in_slices(tmp_path):
    assert assert_same(read_mapping(make_examples(tmp_path / "examples")), tmp_path / "slices") > 6


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_the_sets_of_exports_in_slices(tmp_path, file):
    write_exports(tmp_path, sections(file.read_text(encoding="utf-8")))

    assert assert_same(read_mapping(tmp_path / "audit.toml"), tmp_path / "slices") > 0


@pytest.mark.usefixtures("small")
def test_lines_without_an_order_belong_to_the_one_above_also_in_the_slice_before(tmp_path):
    """A blank row ends what goes on."""
    lines_of = ["FN0001,1,0" if number == 1 else f",1,{number % 2}" for number in range(400)]
    (tmp_path / "lines.csv").write_text("\n".join(["No,Units,Taken", *lines_of, ",,", ",1,1"]) + "\n")
    (tmp_path / "audit.toml").write_text(
        """[[source]]
file = "lines.csv"
system = "Assure OMS"
rows = "lines"
[source.columns]
order = "No"
units = "Units"
units_cancelled = "Taken"
"""
    )
    mapping = read_mapping(tmp_path / "audit.toml")

    assert assert_same(mapping, tmp_path / "slices") > 2
    named = {row["row"]: row["order_key"] for row in read_sources(mapping).rows.to_pylist() if row["state"] == "set aside"}
    assert named == {2: None, **dict.fromkeys(range(4, 402), "FN0001"), 403: None}


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_mutated_files_in_slices(tmp_path):
    mapping = read_mapping(make_examples(tmp_path / "examples"))
    count = 0
    for number in range(FILES):
        place, content = mutated(number)
        mapping.sources[place].file.write_bytes(content)
        count += assert_same(replace(mapping, sources=(mapping.sources[place],)), tmp_path / "slices")
    assert count > FILES * 2


@pytest.mark.usefixtures("small")
def test_parquet_in_slices(tmp_path):
    names = HEADER.split(",")
    rows = [dict(zip(names, row.split(","), strict=True)) for row in (*orders(7), *orders(2, 3), *orders(6, 20), *orders(1))]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "orders.parquet")
    whole = read_file(tmp_path / "orders.parquet")

    assert assert_same(read_mapping(tmp_path / "audit.toml"), tmp_path / "slices") >= 3
    assert whole.sources["repeated"].to_pylist() == [3]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("total", ["70.00,", ",30.00", "70.00,30.00", "40.00,", "41.00,"])
def test_a_total_of_debits_and_credits_after_slices_is_compared_as_that_of_the_whole(tmp_path, total):
    sales = [f"4-Jun-26,Ajio B2B,Sales,INV-{number},A{number},10.00," for number in range(7)]
    notes = [f"5-Jun-26,Ajio B2B,Credit Note,CN-{number},A{number},,10.00" for number in range(3)]
    header = "Date,Particulars,Voucher Type,Voucher No.,Order No,Debit,Credit"
    read(tmp_path, lines(*sales, *notes, f"Grand Total,,,,,{total}", header=header), TALLY)

    assert assert_same(read_mapping(tmp_path / "audit.toml"), tmp_path / "pieces") > 1


@pytest.mark.usefixtures("small")
def test_a_total_after_slices_counts_the_rows_before_it(tmp_path):
    rows = [*orders(12), *orders(2), ROW.format("fn0100").replace("04-06", "31-06"), "Total,30,,,,,,,,,,", *orders(3, 50)]
    (tmp_path / "orders.csv").write_text(lines(*rows))
    whole = read_file(tmp_path / "orders.csv")

    assert assert_same(read_mapping(tmp_path / "audit.toml"), tmp_path / "slices") > 2
    first = whole.sources["totals"].to_pylist()[0][0]
    assert (first["used"], first["set_aside"], first["repeated"]) == (24, 2, 4)


@pytest.mark.usefixtures("small")
def test_ids_in_moved_cells_of_one_slice_name_orders_of_another(tmp_path):
    rows = [*orders(9), "x,FN0002,FN0003", *orders(9, 30)]
    (tmp_path / "orders.csv").write_text(lines(*rows))
    whole = read_file(tmp_path / "orders.csv")

    assert assert_same(read_mapping(tmp_path / "audit.toml"), tmp_path / "slices") > 2
    assert [row["named"] for row in whole.rows.to_pylist() if row["state"] == "set aside"] == [["FN0002", "FN0003"]]


def test_the_files_are_in_the_folder_of_the_workspace(tmp_path):
    mapping = read_mapping(make_examples(tmp_path / "examples"))
    (tmp_path / "slices").mkdir()
    read_sources(mapping, read_sheet=Workspace(tmp_path / "slices").read_sheet)

    assert {file.suffix for file in Path(tmp_path / "slices").iterdir()} == {".arrow"}


@pytest.mark.parametrize(
    ("kept", "message"), [(False, "a worker of the cluster cannot read it; give the workers the folder"), (True, "its columns are not")]
)
def test_a_worker_that_does_not_have_a_file_is_not_the_fault_of_the_name(tmp_path, kept, message):
    """The remedy was to check the name, which is right on this machine."""
    (tmp_path / "orders").mkdir()
    for part in ("a.csv", "b.csv"):
        (tmp_path / "orders" / part).write_text(lines(*orders(2)))
    (tmp_path / "audit.toml").write_text('[[source]]\nfile = "orders"\nprofile = "assure-cancellations"\n')

    (tmp_path / "elsewhere").mkdir()
    if kept:
        (tmp_path / "elsewhere" / "a.csv").write_text("Channel Order ID,Order Qty,Cancelled Qty\nFN1,1,1\n")

    def run(function, jobs):
        for job in jobs:
            yield job, function(replace(job, file=tmp_path / "elsewhere" / job.file.name))

    with pytest.raises(IntakeError, match=message):
        read_sources(read_mapping(tmp_path / "audit.toml"), read_sheet=Workspace(tmp_path, sending_reader(run)).read_sheet)
