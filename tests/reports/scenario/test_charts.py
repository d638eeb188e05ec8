"""Charts of the scenario report: well-formed and inside their frame for every number."""

import math
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.scenario.content import report_of
from reports.scenario.wording.number_format import figure
from reports.svg.daily_hours import daily_hours_chart
from reports.svg.days_chart import Series, lines_by_day, stacked_by_day
from reports.svg.elements import element
from reports.svg.hour_chart import QueueBar, hour_chart
from reports.svg.interval_chart import ErrorBar, bar_with_interval, interval_chart
from reports.svg.scale import lowest_end, scale
from reports.svg.tipping_point import Point, positions_of, tipping_point_chart
from reports.svg.tornado import TornadoEnd, TornadoRow, tornado_chart
from simulator.study_data import Estimate
from sop_engine import load_rulebook
from sop_engine.text import legal
from tests.support.scenario_sentences import sentences, unsteady
from tests.support.study_samples import queue, study, typed

RULEBOOK = load_rulebook()
few = settings(deadline=None, max_examples=30)
ANY = st.floats(-8e307, 8e307)  # differences are finite too
ANY_ESTIMATE = st.one_of(
    st.builds(Estimate, ANY, st.none(), st.just(1)), st.builds(Estimate, ANY, st.floats(min_value=0, max_value=1e308), st.integers(2, 9))
)
WORDS = st.text(max_size=30)


def parsed(picture: str) -> ET.Element:
    root = ET.fromstring(picture)  # noqa: S314 - our own
    for node in root.iter():
        for key, value in node.attrib.items():
            assert "nan" not in value.casefold() or key in ("aria-label", "class")
    return root


@few
@given(st.lists(st.tuples(WORDS, ANY_ESTIMATE), min_size=1, max_size=5), WORDS, WORDS)
def test_any_intervals_are_a_picture(bars: list[tuple[str, Estimate]], title: str, unit: str) -> None:
    made = [ErrorBar(name, estimate.mean, estimate.low, estimate.high, figure(estimate)) for name, estimate in bars]
    for difference in (False, True):
        root = parsed(interval_chart(title, made, unit, difference=difference))
        assert_inside(root)
    for estimate in made:
        parsed(bar_with_interval(estimate.mean, estimate.low, estimate.high, max(bar.high for bar in made), estimate.text))


@few
@given(st.lists(st.tuples(st.one_of(ANY, st.integers(), WORDS, st.booleans()), ANY_ESTIMATE), min_size=1, max_size=30), WORDS)
def test_any_sweep_is_a_picture(points: list[tuple[Any, Estimate]], unit: str) -> None:
    made = [Point(value, str(value), estimate.mean, estimate.low, estimate.high, figure(estimate)) for value, estimate in points]
    assert_inside(parsed(tipping_point_chart("title", made, unit, "across", breaks=0 if len(made) > 1 else None, remark="here")))


@few
@given(st.lists(st.floats(min_value=0, allow_nan=False, allow_infinity=False), min_size=24, max_size=24))
def test_any_day_is_a_picture(orders: list[float]) -> None:
    assert_inside(parsed(daily_hours_chart("title", orders, 6, 22)))


AMOUNTS = st.floats(0, 1e9)


@few
@given(st.lists(st.tuples(WORDS, st.lists(AMOUNTS, min_size=8, max_size=8), st.booleans()), min_size=1, max_size=6))
def test_any_queues_by_day_are_a_picture(rows: list[tuple[str, list[float], bool]]) -> None:
    series = [Series(*row) for row in rows]

    assert_inside(parsed(lines_by_day("title", series, "orders")))
    assert_inside(parsed(stacked_by_day("title", series[0], series[-1], "hours")))


@few
@given(st.lists(st.tuples(WORDS, st.integers(0, 10**9), WORDS, st.one_of(st.none(), st.integers(0, 500))), min_size=1, max_size=8))
def test_any_hour_is_a_picture(rows: list[tuple[str, int, str, int | None]]) -> None:
    queues = [QueueBar(*row, busy=row[-1] and row[-1] // 2) for row in rows]

    assert_inside(parsed(hour_chart("title", queues, max(queue.waiting for queue in queues))))


def test_the_names_of_lines_do_not_touch() -> None:
    root = parsed(lines_by_day("title", [Series(f"{k} packers", [0.0, 1.0]) for k in range(5)], "orders"))
    heights = sorted(float(node.attrib["y"]) for node in root if (node.text or "").endswith(" packers"))

    assert len(heights) == 5
    assert all(after - before >= 14 for before, after in pairwise(heights))


def test_a_queue_that_grows_has_a_chart_by_day_and_a_steady_one_has_none() -> None:
    grows = {"5packers": [queue("packers", "growing", 1.1, 0, 900)], "4packers": [queue("packers", "growing", 1.2, 0, 1900)]}
    report = report_of(typed(unsteady("sweep", {"orders": [(1, 1)] * 4}, **grows)), (), RULEBOOK)
    steady = report_of(typed(unsteady("single", {"orders": [(1, 1)]})), (), RULEBOOK)
    (chart,) = report.queue_charts

    assert steady.queue_charts == ()
    assert chart.title == "The queue for the packers, day by day"
    assert [words for words, _ in chart.pictures] == ["waiting at the close of each day", "mean wait by day of arrival with 4 packers"]
    assert chart.table.heads == ("waiting, 5 packers", "waiting, 4 packers", "hours, closed", "hours, queue")
    assert [cell.text for cell in chart.table.rows[0].cells] == ["900", "1,900", "3.0", "0.5"]


def test_a_count_says_in_which_time_it_is_counted() -> None:
    def label_and_sentence(days: int) -> tuple[str, str]:
        plain = study("single", {"refused or failed requests": [(20, 5)], "time to dispatch, hours": [(11, 1)]}) | {"days": days + 1}
        units = {row.title: row.unit for table in report_of(typed(plain), (), RULEBOOK).measures for row in table.rows}
        assert units["From order to dispatch"] == "hours"
        return units["Requests to cancel that were refused or failed"], sentences(plain)[1]

    assert label_and_sentence(7) == ("requests a week", "20 ± 5 requests to cancel a week are refused or fail.")
    assert label_and_sentence(1) == ("requests a day", "20 ± 5 requests to cancel a day are refused or fail.")
    assert label_and_sentence(14) == ("requests in 14 days", "20 ± 5 requests to cancel in 14 days are refused or fail.")


@few
@given(st.lists(st.tuples(WORDS, st.lists(st.tuples(WORDS, ANY, ANY, ANY), min_size=1, max_size=2)), min_size=1, max_size=12), WORDS, WORDS)
def test_any_tornado_is_a_picture(rows: list[tuple[str, list[tuple[str, float, float, float]]]], title: str, unit: str) -> None:
    made = [TornadoRow(name, name, tuple(TornadoEnd(*end) for end in ends), name) for name, ends in rows]

    assert_inside(parsed(tornado_chart(title, made, unit)))


def assert_inside(root: ET.Element) -> None:
    """Nothing is drawn outside the picture."""
    height = float(root.attrib["height"])
    for node in root.iter():
        for key in ("x", "x1", "x2", "cx"):
            if node.attrib.get(key, "").endswith("%"):
                assert -0.01 <= float(node.attrib[key][:-1]) <= 100.01
        for key in ("y", "y1", "y2", "cy"):
            if key in node.attrib:
                assert -0.01 <= float(node.attrib[key]) <= height + 0.01


@few
@given(st.lists(st.one_of(st.none(), st.floats()), max_size=6), st.booleans())
def test_a_scale_takes_in_every_number_that_is_one(values: list[float | None], zero: bool) -> None:  # noqa: FBT001
    axis = scale(values, zero=zero)
    finite = [value for value in values if value is not None and math.isfinite(value) and abs(value) <= 1e300]

    assert axis.low < axis.high
    assert 1 <= len(axis.ticks) <= 12
    assert all(axis.low <= value <= axis.high for value in finite)
    places_of = [axis.at(value) for value in sorted(finite)]
    assert places_of == sorted(places_of)
    assert all(axis.words(tick) for tick in axis.ticks)


def test_a_bar_is_as_long_as_its_figure_and_stands_on_the_scale_of_its_table() -> None:
    bar = parsed(bar_with_interval(25, 20, 30, 100, "25 ± 5"))[2]
    spread_of = parsed(bar_with_interval(25, 20, 30, 100, "25 ± 5"))[3]

    assert (bar.attrib["x"], bar.attrib["width"]) == ("0%", "25%")
    assert (spread_of.attrib["x1"], spread_of.attrib["x2"]) == ("20%", "30%")


def test_a_dot_stands_where_its_number_is_and_its_line_ends_where_the_interval_ends() -> None:
    root = parsed(interval_chart("t", [ErrorBar("ERP", 50, 40, 60, "50 ± 10")], "hours"))
    (dot,) = (node for node in root if node.tag.endswith("circle"))
    line = next(node for node in root if node.attrib.get("class", "").startswith("spread"))
    axis = scale([40, 60], most=4)

    assert (dot.attrib["cx"], line.attrib["x1"], line.attrib["x2"]) == tuple(
        f"{axis.at(value):.3f}".rstrip("0").rstrip(".") + "%" for value in (50, 40, 60)
    )


def test_ticks_are_round_numbers() -> None:
    assert scale([0, 56]).ticks == (0, 20, 40, 60)
    assert [scale([0, 0.7]).words(tick) for tick in scale([0, 0.7]).ticks] == ["0.0", "0.2", "0.4", "0.6", "0.8"]
    assert scale([-203, 0]).words(-200) == "\N{MINUS SIGN}200"


def test_what_cannot_be_negative_has_no_negative_axis() -> None:
    least = lowest_end([2.9e-5, 0.5])

    assert scale([-0.2, 0.6], least=least).low == 0
    assert scale([-0.2, 0.6], least=lowest_end([-0.1, 0.5])).low < 0


def test_numbers_of_a_sweep_stand_as_far_apart_as_they_are_and_words_evenly() -> None:
    gaps = [b - a for a, b in zip(positions_of([1, 2, 4]), positions_of([1, 2, 4])[1:], strict=False)]
    falling = positions_of([7, 6, 5])
    words = positions_of(["first-come", "earliest-due"])

    assert gaps[1] == pytest.approx(2 * gaps[0])
    assert falling == sorted(falling)
    assert len(set(words)) == 2


@few
@given(WORDS, st.text())
def test_whatever_is_written_into_an_element_comes_out_as_text(name: str, words: str) -> None:
    root = ET.fromstring(element("text", words, aria_label=name))  # noqa: S314 - our own

    assert (root.text or "").replace("\n", "") == legal(words).replace("\r", "").replace("\n", "") or "\r" in words
    assert list(root) == []
