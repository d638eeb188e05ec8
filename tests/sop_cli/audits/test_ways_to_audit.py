"""The same bytes from one process in memory, in parts, and on a cluster of which a worker is killed; and nothing after Ctrl-C."""

import os
import random
import signal
import subprocess
import sys

import pytest

from orders.audit.rules.context import Options
from orders.audit.tables import Tables
from orders.intake.files import csv_files
from orders.intake.mapping.reading import read_mapping
from orders.intake.pieces import slices
from orders.intake.reading import read_sources
from orders.parts.audited import audit_in_parts, serial_executor
from orders.parts.workspace import Workspace
from reports.audit.store import DATABASE
from reports.audit.writing import FILES
from sop_cli.audits import strategy
from sop_cli.main import main
from sop_engine import Reading
from tests.support.audit_files import make_examples
from tests.support.dask_processes import PATIENCE, ROOT, dask_cluster, until
from tests.support.intake import HEADER
from tests.support.intake_mutations import mutated

SAME = tuple(name for name in FILES if name != DATABASE)
SCALE = "import sop_cli.audits.strategy as strategy, simulator.study.dask_cluster as dask; strategy.PART = {part}; dask.PATIENCE = 120; strategy.LARGE = {large}"
MAPPING = '[audit]\ninvoicing = "ERP"\nas_of = 2026-07-15\n[[source]]\nfile = "orders"\nprofile = "assure-cancellations"\n'


def audited(folder, name, *arguments, parts=None):
    """Audit the files of *folder* into *name*, in memory or in parts of few rows; return the exit status and the files."""
    with pytest.MonkeyPatch.context() as patched:
        if parts is not None:
            patched.setattr(strategy, "LARGE", 0)
            patched.setattr(strategy, "PART", parts)
            patched.setattr(csv_files, "MOST_ROW_BYTES", 600)
            patched.setattr(slices, "SLICE_ROWS", 4)
        status = main(["audit", "--mapping", str(folder / "audit.toml"), "--out", str(folder / name), *arguments])
    return status, {file: (folder / name / file).read_bytes() for file in SAME}


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["as-practised", "as-written"])
def test_the_examples_in_parts_of_any_size(tmp_path, reading):
    make_examples(tmp_path)
    whole = audited(tmp_path, "whole", "--reading", reading, "--explain", "FN0009")

    for rows in (1, 5, 17):
        assert audited(tmp_path, f"parts-{rows}", "--reading", reading, "--explain", "FN0009", parts=rows) == whole, rows
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_dirty_files_in_parts(tmp_path):
    mapping = make_examples(tmp_path)
    originals = {file: file.read_bytes() for file in tmp_path.glob("*.csv")}
    done = 0
    for number in range(0, 400, 10):
        for file, content in originals.items():
            file.write_bytes(content)
        for other in range(number, number + 3):
            place, content = mutated(other)
            sorted(originals)[place].write_bytes(content)
        if main(["audit", "--mapping", str(mapping), "--out", str(tmp_path / "whole")]) == 2:
            continue
        whole = {file: (tmp_path / "whole" / file).read_bytes() for file in SAME}
        assert audited(tmp_path, "parts", parts=3)[1] == whole, number
        done += 1
    assert done > 5


@pytest.mark.slow
def test_a_simulated_log_in_parts(tmp_path):
    assert main(["simulate", "partial_cancels", "-r", "1", "--format", "csv", "--out", str(tmp_path / "study"), "--no-report"]) == 0
    log = next((tmp_path / "study").rglob("*.csv"))
    (tmp_path / "audit.toml").write_text(f'[[source]]\nfile = "{log.relative_to(tmp_path).as_posix()}"\nprofile = "event-log"\n')

    assert audited(tmp_path, "parts", parts=300) == audited(tmp_path, "whole")


def write_orders(folder, parts, rows):
    """Write parts of an export: requests of different kinds, some again, some of which cannot be read."""
    folder.mkdir(parents=True)
    rng = random.Random(5)  # noqa: S311 (orders)
    for part in range(parts):
        lines = [HEADER]
        for _ in range(rows):
            number, day, units = rng.randrange(parts * rows), rng.randint(1, 33), rng.randint(1, 3)
            invoice = f"INV-{rng.randrange(parts * rows * 3)}" if rng.random() < 0.6 else ""
            at = f"{day:02}-06-2026 10:00" if invoice else ""
            stage = rng.choice(["FULFILLABLE", "PROCESSING", "PACKED"])
            lines.append(
                f"FN{number:06},{units},{rng.randint(1, units)},{rng.choice(['SELLER', 'AJIO'])},{stage},,{day:02}-06-2026 09:00,{invoice},"
                f"{at},,{day:02}-06-2026 12:00,SUCCESS"
            )
        (folder / f"part-{part:02}.csv").write_text("\n".join([*lines, ""]))
    (folder.parent / "audit.toml").write_text(MAPPING)


def started(folder, name, *arguments, part=1_000, large=0):
    program = f"{SCALE.format(part=part, large=large)}; from sop_cli.main import main; raise SystemExit(main())"
    words = [sys.executable, "-P", "-c", program, "audit", "--mapping", str(folder / "audit.toml"), "--out", str(folder / name), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def tables_on_the_way(folder):
    return len(list(folder.glob(".parts.*.tmp/*.arrow")))


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_even_when_a_worker_is_killed(tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    write_orders(tmp_path / "orders", 8, 1_500)
    whole = audited(tmp_path, "whole")
    (tmp_path / "dask").mkdir()
    with dask_cluster(tmp_path / "dask") as (address, workers):
        process = started(tmp_path, "cluster", "--cluster", address)
        until(lambda: tables_on_the_way(tmp_path) >= 2, process)
        workers[0].kill()
        _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == whole[0], errors
    assert {file: (tmp_path / "cluster" / file).read_bytes() for file in SAME} == whole[1]
    assert "Traceback" not in errors
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_a_part_that_a_worker_cannot_read_is_one_error(tmp_path):
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    write_orders(tmp_path / "orders", 2, 20)
    (tmp_path / "orders" / "part-01.csv").write_text("Channel Order ID,Order Qty,Cancelled Qty\nFN1,1,1\n")
    (tmp_path / "dask").mkdir()
    with dask_cluster(tmp_path / "dask", workers=1) as (address, _):
        process = started(tmp_path, "cluster", "--cluster", address)
        _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2, errors
    assert errors.splitlines()[-1].startswith("error: orders/part-01.csv: its columns are not those of the first part"), errors
    assert not (tmp_path / "cluster").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_refused_before_a_file_is_read(tmp_path):
    """It was refused when the first folder, or all tables, were to be sent."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    (tmp_path / "audit.toml").write_text(MAPPING)
    quick = "import simulator.study.dask_cluster as dask; dask.PATIENCE = 0.2; from sop_cli.main import main; raise SystemExit(main())"
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "part.csv").write_text("no export\n")
    words = [sys.executable, "-P", "-c", quick, "audit", "--mapping", "audit.toml", "--out", "out", "--cluster", "tcp://127.0.0.1:1"]
    process = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, cwd=tmp_path, timeout=PATIENCE, check=False
    )

    assert process.returncode == 2
    assert process.stderr.splitlines()[-1].startswith("error: --cluster tcp://127.0.0.1:1: no scheduler answers there"), process.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["audit.toml", "orders"]


def test_the_progress_says_that_parts_are_decided_before_the_first_is_done(tmp_path):
    """It said that rows are sorted by order, also while a cluster decided."""
    tables, works = read_sources(read_mapping(make_examples(tmp_path))), []
    of_run = Tables(tables.rows, tables.requests, tables.documents, tables.sources)

    def executor(jobs):
        assert works[-1] == "deciding, 0 of 2 parts"
        yield from serial_executor(jobs)

    audit_in_parts(of_run, None, Reading.AS_PRACTISED, Options(), 2, Workspace(tmp_path), executor, works.append)

    assert works == ["sorting rows by order", *(f"deciding, {number} of 2 parts" for number in range(3))]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is a signal of POSIX here")
def test_an_interruption_leaves_nothing(tmp_path):
    write_orders(tmp_path / "orders", 6, 3_000)
    process = started(tmp_path / "", "new/deeper", part=500)
    until(lambda: tables_on_the_way(tmp_path / "new") >= 4, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert sorted(file.name for file in tmp_path.iterdir()) == ["audit.toml", "orders"]


@pytest.mark.slow
def test_what_a_killed_audit_left_is_removed_by_the_next(tmp_path):
    write_orders(tmp_path / "orders", 2, 20)
    (tmp_path / ".parts.999999999.tmp").mkdir()
    (tmp_path / ".parts.999999999.tmp" / "table-000000.arrow").write_text("")

    audited(tmp_path, "parts", parts=10)

    assert not list(tmp_path.glob(".*"))


def test_a_folder_of_parts_is_counted(tmp_path):
    write_orders(tmp_path / "orders", 3, 200)
    rows = strategy.rows_of(read_mapping(tmp_path / "audit.toml"))

    assert 0.5 < rows / 600 < 2
