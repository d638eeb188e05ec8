"""Arrivals of orders are read from a plain CSV of times or from an event log; a dirty file is one error with file, row and reason."""

import json
from pathlib import Path

import pytest

from orders.arrivals import LARGEST_ORDER, ArrivalsError, read_arrivals
from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.export.formats import ENDINGS, LogFormat
from orders.log.export.tables import write_log_csv
from orders.log.timestamps import from_utc
from simulator.experiment.experiment import load
from simulator.model.draws.return_draws import MOST_UNITS
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from sop_engine import SopError

GOOD = "time,units\n2026-11-23T09:15:00+05:30,2\n2026-11-23T03:40:00.123456Z,1\n"


def written(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_times_in_any_zone_and_order_are_read(tmp_path):
    arrivals = read_arrivals(written(tmp_path, GOOD))

    assert arrivals.at == (from_utc("2026-11-23T03:40:00.123Z"), from_utc("2026-11-23T03:45:00Z"))
    assert arrivals.units == (1, 2)
    assert arrivals.name == "orders.csv"


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD + "\n\n",
        'units,"time"\n2," 2026-11-23 09:15:00+05:30"\n1,20261123T034000.123Z\n',
    ],
    ids=["byte order mark", "CRLF", "blank lines", "other columns and forms"],
)
def test_what_spreadsheets_write_is_read_as_the_same_orders(tmp_path, content):
    arrivals, plain = read_arrivals(written(tmp_path, content)), read_arrivals(written(tmp_path, GOOD, "plain.csv"))

    assert (arrivals.at, arrivals.units, arrivals.sha256) == (plain.at, plain.units, plain.sha256)


def test_without_units_they_are_not_known(tmp_path):
    assert read_arrivals(written(tmp_path, "time\n2026-11-23T09:15:00+05:30\n")).units is None


DIRTY = {
    "empty": ("", "row 1: the column `time` is missing"),
    "no header": ("2026-11-23T09:15:00+05:30\n", "row 1: unknown column `2026-11-23T09:15:00+05:30`"),
    "misspelt": ("tmie\n2026-11-23T09:15:00+05:30\n", "did you mean `time`?"),
    "semicolons": ("time;units\n2026-11-23T09:15:00+05:30;1\n", "row 1: unknown column `time;units`"),
    "another column": ("time,customer\n2026-11-23T09:15:00+05:30,x\n", "row 1: unknown column `customer`"),
    "only units": ("units\n1\n", "row 1: the column `time` is missing"),
    "column twice": ("time,time\n2026-11-23T09:15:00Z,2026-11-23T09:15:00Z\n", "row 1: a column is there twice"),
    "no orders": ("time\n", "it has no orders"),
    "no zone": ("time\n2026-11-23T09:15:00Z\n2026-11-23T09:15:00\n", "row 3, `time`: expected a time with its zone"),
    "day first": ("time\n23/11/2026 09:15\n", "row 2, `time`: expected a time with its zone"),
    "only the day": ("time\n2026-11-23\n", "row 2, `time`"),
    "number of a spreadsheet": ("time\n46349.385\n", "row 2, `time`"),
    "no such day": ("time\n2026-02-30T09:15:00Z\n", "row 2, `time`"),
    "empty cell": ("time,units\n,1\n", "row 2, `time`"),
    "too many cells": ("time\n2026-11-23T09:15:00Z,x\n", "row 2: it has 2 cells, expected 1"),
    "too few cells": ("time,units\n2026-11-23T09:15:00Z\n", "row 2: it has 1 cell, expected 2"),
    "after a blank line": ("time\n\n\nx\n", "row 4, `time`"),
    "no units": ("time,units\n2026-11-23T09:15:00Z,0\n", "row 2, `units`: expected a whole number from 1 to 5, got `0`"),
    "many units": ("time,units\n2026-11-23T09:15:00Z,6\n", "row 2, `units`"),
    "half a unit": ("time,units\n2026-11-23T09:15:00Z,1.5\n", "row 2, `units`"),
    "units of another alphabet": ("time,units\n2026-11-23T09:15:00Z,२\n", "row 2, `units`"),
    "endless units": (f"time,units\n2026-11-23T09:15:00Z,{'1' * 6000}\n", "row 2, `units`"),
    "a quotation mark that is not closed": ('time\n"2026-11-23T09:15:00Z\n', "it is not CSV"),
    "a cell longer than the limit": (f"time\n{'x' * 200_000}\n", "it is not CSV"),
    "not UTF-8": ("time\n2026-11-23T09:15:00Z\n".encode("utf-16"), ""),
    "null character": ("time\n2026-11-23T09:15:00Z\0\n", "row 2"),
}


@pytest.mark.parametrize("kind", DIRTY)
def test_a_dirty_file_is_one_error_with_file_row_and_reason(tmp_path, kind):
    content, reason = DIRTY[kind]
    file = written(tmp_path, content)

    with pytest.raises(SopError) as error:
        read_arrivals(file)
    message = str(error.value)
    assert message.startswith(f"{file.as_posix()}: ")
    assert reason in message
    assert ";" in message, "a remedy"
    assert len(message.splitlines()) == 1
    assert len(message) < 500


def order(number: int, at: str, **cells: object) -> EventRow:
    fields = {"units": 1, **cells}
    return EventRow(None, number, str(Event.CREATED), "Ajio", "customer", order_id=f"A-{number}", at=from_utc(at), **fields)


def test_a_log_in_every_form_has_the_orders_that_it_was_simulated_with(tmp_path):
    experiment = load("ordinary_week_erp", ["run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=40"])
    recorded = record_replication(experiment, 0)
    created = recorded.full_log.where(Event.CREATED)
    for form in LogFormat:
        write_log_files(form, recorded, experiment, 0, tmp_path, "base-0000")
        arrivals = read_arrivals(tmp_path / f"log-base-0000.{ENDINGS[form]}")

        assert arrivals.at == tuple(created.column("at").tolist())
        assert arrivals.units == tuple(created.columns["units"].tolist())


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([order(1, "2026-11-23T09:15:00Z", precision="day")], "order `A-1`: only its day is given"),
        ([order(1, "2026-11-23T09:15:00Z"), order(1, "2026-11-23T09:16:00Z")], "order `A-1`: it is created twice"),
        ([order(1, "2026-11-23T09:15:00Z"), order(2, "2026-11-23T09:15:00Z", units=6)], "order `A-2`: it has more than 5 units"),
        ([order(1, "2026-11-23T09:15:00Z")._replace(event="allocated")], "it has no orders"),
    ],
)
def test_a_log_of_real_orders_that_cannot_be_used_is_one_error(tmp_path, rows, reason):
    file = tmp_path / "log-x.csv"
    write_log_csv([Log.from_rows(rows)], file)

    with pytest.raises(ArrivalsError, match=reason):
        read_arrivals(file)


def test_units_of_real_orders_that_are_not_known_are_drawn(tmp_path):
    file = tmp_path / "log-x.csv"
    write_log_csv([Log.from_rows([order(1, "2026-11-23T09:15:00Z"), order(2, "2026-11-23T09:15:00Z", units=0)])], file)

    assert read_arrivals(file).units is None


@pytest.mark.parametrize("name", ["orders.txt", "orders.json", "orders"])
def test_a_file_of_another_kind_is_refused_with_the_endings_that_are_read(tmp_path, name):
    with pytest.raises(SopError, match=r"\.csv, \.parquet"):
        read_arrivals(written(tmp_path, json.dumps([]), name))


def test_the_largest_order_is_that_of_the_simulator():
    assert LARGEST_ORDER == MOST_UNITS
