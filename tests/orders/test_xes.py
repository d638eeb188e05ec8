"""The log as XES: a trace for each order, in time, as the standard says; text and time are written right."""

import json
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.log.calendar import DAY, DAY_ZERO
from orders.log.columns import Event
from orders.log.event_log import Log
from orders.log.event_words import ACTIVITIES
from orders.log.export.escaping import clean, clean_column, json_column, json_text, xml_text
from orders.log.india import INDIA
from orders.log.orders_table import ORDER_COLUMNS
from orders.log.timestamps import START_MS, from_utc, in_india, in_utc
from simulator.study.identities import Identities, invoice_number, order_id
from tests.support.log_files import XES, everything, from_xes, part_of, rows_as_json, write

MONDAY = 0


@pytest.fixture(scope="module")
def case():
    return everything()


@pytest.fixture(scope="module")
def file(case, tmp_path_factory):
    file = tmp_path_factory.mktemp("xes") / "log.xes"
    write("xes", [case[1]], case[0], 0, file)
    return file


def test_a_trace_is_an_order_and_its_events_are_its_rows(case, file):
    rows = defaultdict(list)
    for row in rows_as_json(case[1]):
        rows[row["order"]].append(row)
    house = rows.pop(0)
    traces = list(from_xes(file))

    assert house
    assert [trace["concept:name"] for trace, _ in traces] == [order_id(number, 0) for number in rows]
    for (_, events), rows_of_order in zip(traces, rows.values(), strict=True):
        assert [plain(event) for event in events] == [expected(row) for row in rows_of_order]


def plain(event):
    """Without the columns that are added apart: those of a simulation beside the facts."""
    return {key: value for key, value in event.items() if key not in ("org:resource", "carried_out", "document")}


def expected(row):
    activity, transition = ACTIVITIES.get(Event(row["event"]), (row["event"], "complete"))
    at = in_india(row["at"]).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    attributes = {"time:timestamp": at, "concept:name": activity, "lifecycle:transition": transition}
    attributes |= {"org:role": row["actor"], "org:group": row["system"]}
    attributes |= {name: row[name] for name in ("canceller", "scope", "stage", "e_invoice", "outcome", "reason", "because") if row[name]}
    return attributes | ({"units": str(row["units"])} if row["units"] else {})


def test_a_trace_knows_what_the_table_of_orders_knows(case, file):
    names = ["concept:name" if name == "order_id" else name for name in ORDER_COLUMNS]
    actual = [tuple(trace.get(name, "") for name in names) for trace, _ in from_xes(file)]

    assert actual == [tuple(map(str, row)) for row in Identities(case[0].run.seed, 0).orders(case[1]).rows()]


def test_work_has_a_start_and_an_end_under_one_name(file):
    for _, events in from_xes(file):
        for activity in ("pick", "pack"):
            steps = [event["lifecycle:transition"] for event in events if event["concept:name"] == activity]
            assert steps in ([], ["start"], ["start", "complete"])


def test_the_head_declares_extensions_globals_and_classifiers_before_the_attributes(case, file):
    """In the order that the schema of the standard asks for; every event has what the globals promise."""
    log = ET.parse(file).getroot()  # noqa: S314 (we wrote it)
    tags = [one.tag.removeprefix(XES) for one in log]
    head = [tag for tag in tags if tag != "trace"]
    globals_ = {one.attrib["scope"]: {attribute.attrib["key"] for attribute in one} for one in log.iter(f"{XES}global")}

    assert log.attrib["xes.version"] == "1849.2023"
    assert re.fullmatch(r"(extension )+(global ){2}(classifier )+((string|int) )+list (trace ?)+", " ".join([*head, *tags[len(head) :]]))
    assert {one.attrib["prefix"] for one in log.iter(f"{XES}extension")} == {"concept", "time", "lifecycle", "org"}
    for one in log.iter(f"{XES}classifier"):
        assert set(one.attrib["keys"].split()) <= globals_["event"]
    for trace, events in from_xes(file):
        assert globals_["trace"] <= trace.keys()
        assert all(globals_["event"] <= event.keys() for event in events)
    value_of = {one.attrib["key"]: one.attrib["value"] for one in log if one.tag in (f"{XES}string", f"{XES}int")}
    assert value_of["sha256"] == case[0].sha256


def test_every_key_with_a_prefix_is_of_a_declared_extension(file):
    log = ET.parse(file).getroot()  # noqa: S314 (we wrote it)
    keys = {one.attrib["key"] for one in log.iter() if "key" in one.attrib}

    assert {key.partition(":")[0] for key in keys if ":" in key} == {"concept", "time", "lifecycle", "org"}


def test_a_hostile_name_and_detail_survive_without_what_xml_cannot_hold(case, tmp_path):
    hostile = "a\x00b\"c'd<e>&f]]>\tg\nh\r\ud800i\x7f é ₹ 😀"
    experiment, log = case
    spoilt = part_of(Log(log.columns, {name: tuple(hostile + word for word in words) for name, words in log.texts.items()}), 80)
    object.__setattr__(experiment, "name", hostile)
    try:
        write("xes", [spoilt], experiment, 0, tmp_path / "log.xes")
    finally:
        object.__setattr__(experiment, "name", "ordinary_week_erp")
    safe = "ab\"c'd<e>&f]]>\tg\nh\ri é ₹ 😀"
    head = ET.parse(tmp_path / "log.xes").getroot()  # noqa: S314 (we wrote it)

    assert {one.attrib["value"] for one in head if one.attrib.get("key") == "concept:name"} == {safe}
    for name in ("reason", "because"):
        texts = [event[name] for _, events in from_xes(tmp_path / "log.xes") for event in events if name in event]
        assert texts
        assert all(text.startswith(safe) for text in texts)


def test_a_log_without_orders_is_a_log(case, tmp_path):
    for blocks in ([], [part_of(case[1], 0)]):
        write("xes", blocks, case[0], 0, tmp_path / "log.xes")
        assert list(from_xes(tmp_path / "log.xes")) == []


# Text


TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@settings(deadline=None)
@given(TEXT)
def test_any_text_comes_back_from_xml_without_what_cannot_be_written(text):
    assert ET.fromstring(f'<a b="{xml_text(text)}"/>').attrib["b"] == clean(text)  # noqa: S314 (we wrote it)


@settings(deadline=None)
@given(TEXT)
def test_any_text_comes_back_from_json_without_what_cannot_be_written(text):
    written = f'"{json_text(text)}"'.encode()

    assert json.loads(written) == clean(text)


@settings(deadline=None)
@given(st.text())
def test_a_text_that_can_be_written_stays(text):
    kept = "".join(sign for sign in text if sign.isprintable() or sign in "\t\n\r")

    assert clean(kept) == "".join(sign for sign in kept if not 0x7F <= ord(sign) <= 0x9F and ord(sign) not in (0xFFFE, 0xFFFF))


@settings(deadline=None)
@given(st.lists(TEXT))
def test_a_column_is_each_of_its_texts(column):
    assert list(json_column(column)) == [json_text(text) for text in column]
    assert list(clean_column(column)) == [clean(text) for text in column]


# Time


def test_day_0_is_a_monday_and_begins_at_midnight_in_india():
    assert DAY_ZERO.weekday() == MONDAY
    assert in_india(START_MS) == datetime(2026, 1, 5, tzinfo=INDIA)
    minutes, rest = in_utc(np.array([START_MS]))
    assert minutes[0] + rest[0] == "2026-01-04T18:30:00.000Z"


@settings(deadline=None)
@given(st.lists(st.integers(0, 90 * DAY).map(START_MS.__add__)) | st.lists(st.integers(0, 60 * 366 * DAY)))
def test_every_time_is_that_of_the_calendar(times):
    minutes, rest = in_utc(np.array(times, dtype=np.int64))
    texts = (minutes + rest).tolist()

    assert [datetime.fromisoformat(text) for text in texts] == [in_india(time) for time in times]
    assert [from_utc(text) for text in texts] == times
    assert all(datetime.fromisoformat(text).utcoffset() == timedelta(0) for text in texts)


def test_an_invoice_in_a_trace_is_one_that_was_made(case, file):
    made = {row["order"] for row in rows_as_json(case[1]) if row["event"] == Event.INVOICED}
    named = {trace["invoice_number"] for trace, _ in from_xes(file) if "invoice_number" in trace}

    assert named == {invoice_number(number, 0) for number in made}
