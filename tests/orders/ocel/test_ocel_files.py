"""A log as OCEL 2.0 is the same however it is cut and wherever it is written, and a file is whole or absent."""

import hashlib
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from orders.log.event_log import Log
from tests.support.log_files import (
    WRITERS,
    by_order,
    from_json,
    from_sqlite,
    part_of,
    write,
)

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("orders", [1, 7])
def test_how_the_log_is_cut_into_blocks_changes_nothing(case, tmp_path, form, orders):
    experiment, log = case
    few = part_of(log, 40)
    write(form, [few], experiment, 0, tmp_path / "whole")
    write(form, (block for block in by_order(few, orders)), experiment, 0, tmp_path / "cut")

    if form == "sqlite":
        assert dump(tmp_path / "cut") == dump(tmp_path / "whole")
    else:
        assert (tmp_path / "cut").read_bytes() == (tmp_path / "whole").read_bytes()


def test_how_many_are_read_at_once_changes_nothing(case, written, tmp_path, monkeypatch):
    monkeypatch.setattr("orders.log.order_blocks.ORDERS_AT_ONCE", 37)
    monkeypatch.setattr("orders.log.order_blocks.LINES_AT_ONCE", 5)
    for form in ("json", "xes"):
        write(form, [case[1]], case[0], 0, tmp_path / f"log.{form}")
        assert (tmp_path / f"log.{form}").read_bytes() == (written / f"log.{form}").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
def test_memory_stays_flat_however_long_the_log_is(case, tmp_path, form):
    """The peak of 18 blocks beside that of 6; the pool of names and the tables of times are there before."""
    experiment, log = case
    blocks = [later(block, 0) for block in by_order(part_of(log, 50), 50)]
    write(form, blocks, experiment, 0, tmp_path / "warm")
    peaks = []
    for count in (6, 18):
        tracemalloc.start()
        write(form, (later(blocks[0], 50 * k) for k in range(count)), experiment, 0, tmp_path / "log")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.3 * peaks[0]


def later(block: Log, orders: int) -> Log:
    """The block with its orders numbered on."""
    mask = block.columns["order"] > 0
    columns = {name: column[mask] for name, column in block.columns.items()}
    return Log({**columns, "order": columns["order"] + orders}, block.texts)


def dump(file: Path) -> list[str]:
    """What is in a database; rows of objects in their order within an object."""
    with closing(sqlite3.connect(file)) as database:
        return sorted(database.iterdump())


AGAIN = """
import sys
from pathlib import Path
from tests.support.log_files import WRITERS, everything, write
experiment, log = everything()
for form in WRITERS:
    write(form, [log], experiment, 0, Path(sys.argv[1]) / f"log.{form}")
"""


@pytest.mark.slow
def test_another_process_with_another_hash_seed_writes_the_same_bytes(written, tmp_path):
    subprocess.run([sys.executable, "-c", AGAIN, str(tmp_path)], check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "4711"})

    for form in WRITERS:
        digests = [hashlib.sha256((folder / f"log.{form}").read_bytes()).hexdigest() for folder in (written, tmp_path)]
        assert digests[0] == digests[1], form


@pytest.mark.parametrize("form", WRITERS)
def test_replications_differ_and_share_no_name_of_an_order(case, written, tmp_path, form):
    experiment, log = case
    write(form, [log], experiment, 1, tmp_path / f"log.{form}")

    assert (tmp_path / f"log.{form}").read_bytes() != (written / f"log.{form}").read_bytes()


# Whole or absent


@pytest.mark.parametrize("form", WRITERS)
def test_a_log_that_breaks_off_leaves_the_old_file_and_nothing_else(case, tmp_path, form):
    experiment, log = case
    file = tmp_path / f"log.{form}"
    file.write_text("the old one")

    def broken():
        yield by_order(log, 50)[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(form, broken(), experiment, 0, file)

    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "the old one"


@pytest.mark.parametrize("form", WRITERS)
def test_a_place_that_cannot_be_written_is_an_error_of_the_system(case, tmp_path, form):
    experiment, log = case

    with pytest.raises(OSError, match=r"absent|unable to open"):
        write(form, [log], experiment, 0, tmp_path / "absent" / "log")


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("wrong", ["backwards", "twice", "an order in two blocks"])
def test_blocks_that_are_not_whole_orders_in_order_are_refused(case, tmp_path, form, wrong):
    experiment, log = case
    blocks = by_order(log, 50)
    last = blocks[0].columns["order"] == 50
    again = blocks[0].take(last)
    blocks = {"backwards": blocks[::-1], "twice": [blocks[0], *blocks], "an order in two blocks": [blocks[0], again]}[wrong]

    with pytest.raises(ValueError, match="ascending order"):
        write(form, blocks, experiment, 0, tmp_path / "log")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["json", "sqlite"])
@pytest.mark.parametrize("blocks", [0, 1])
def test_a_log_without_orders_is_a_log(case, tmp_path, form, blocks):
    experiment, log = case
    write(form, [part_of(log, 0)][:blocks], experiment, 0, tmp_path / f"log.{form}")
    content = {"json": from_json, "sqlite": from_sqlite}[form](tmp_path / f"log.{form}")

    assert set(content["objects"]) == {"ordinary_week_erp-0000"} | (
        {"pickers", "packers", "client's ERP", "RMS", "IRP", "Ajio"} if blocks else set()
    )
    assert len(content["events"]) == len(part_of(log, 0)) * blocks


def test_text_that_json_and_sqlite_cannot_hold_is_dropped_and_the_rest_survives(case, tmp_path):
    experiment, log = case
    hostile = 'a\x00b"c\\d\ne\ud800f<&>\x1f é ₹ 😀'
    spoilt = part_of(Log(log.columns, {name: tuple(hostile + word for word in words) for name, words in log.texts.items()}), 80)
    write("json", [spoilt], experiment, 0, tmp_path / "log.json")
    write("sqlite", [spoilt], experiment, 0, tmp_path / "log.sqlite")
    content = from_json(tmp_path / "log.json")

    assert from_sqlite(tmp_path / "log.sqlite") == content
    texts = [cells[name] for _, _, cells in content["events"].values() for name in ("reason", "because") if name in cells]
    assert texts
    assert all(word.startswith('ab"c\\d\nef<&> é ₹ 😀') for word in texts)
