"""Figures in words, sentences and charts of the scenario report: honest, and safe for whatever numbers come."""

import json
import math
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.scenario.content import report_of
from reports.scenario.headlines import answer_sentences, headlines_of, tipping_point_of
from reports.scenario.wording.caveats import warm_up_text
from reports.scenario.wording.measure_catalogue import TABLE, measure_info, measure_infos
from reports.scenario.wording.number_format import figure, range_text, ratio_in_words, share_in_words, upper_bound_in_words
from reports.scenario.wording.study_questions import STUDY_QUESTIONS
from reports.svg.daily_hours import daily_hours_chart
from reports.svg.days_chart import Series, lines_by_day, stacked_by_day
from reports.svg.elements import element
from reports.svg.hour_chart import QueueBar, hour_chart
from reports.svg.interval_chart import ErrorBar, bar_with_interval, interval_chart
from reports.svg.numbers import decimal_places, number_text
from reports.svg.scale import lowest_end, scale
from reports.svg.tipping_point import Point, positions_of, tipping_point_chart
from reports.svg.tornado import TornadoEnd, TornadoRow, tornado_chart
from simulator.analysis.measures import measure
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from simulator.study_data import Estimate
from sop_engine import load_rulebook
from sop_engine.text import legal
from tests.support.study_samples import queue, stability, study, typed

RULEBOOK = load_rulebook()
few = settings(deadline=None, max_examples=30)
ANY = st.floats(-8e307, 8e307)  # differences are finite too
ANY_ESTIMATE = st.one_of(
    st.builds(Estimate, ANY, st.none(), st.just(1)), st.builds(Estimate, ANY, st.floats(min_value=0, max_value=1e308), st.integers(2, 9))
)
WORDS = st.text(max_size=30)


@pytest.mark.parametrize(
    ("mean", "half", "said"),
    [
        (41.4, 3.2, "41 ± 3"),
        (11.737, 0.0328, "11.74 ± 0.03"),
        (203.4, 16.81, "203 ± 17"),
        (2343.4, 119.0, "2,343 ± 119"),
        (0, 0, "0"),
        (5, 0, "5"),
        (5.25, None, "5.25"),
        (41.0, None, "41"),
        (-203.4, 16.8, "\N{MINUS SIGN}203 ± 17"),
        (99.999997, 0.000006, "100.000"),
        (41.23456, 0.000006, "41.235"),
        (41.23456, 0.006, "41.235 ± 0.006"),
        (0.000123, 0.00002, "0.000123 ± 0.000020"),
    ],
)
def test_a_figure_is_as_fine_as_its_interval(mean: float, half: float | None, said: str) -> None:
    assert figure(Estimate(mean, half, 1 if half is None else 5)) == said


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert number_text(-0.0001, 2, signed=True) == "0.00"
    assert number_text(0.0001, 2, signed=True) == "0.00"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.4, "4 in 10"),
        (0.1, "1 in 10"),
        (0.56, "56 in 100"),
        (0.062, "6 in 100"),
        (0.0021, "2 in 1,000"),
        (2.9e-5, "3 in 100,000"),
        (0.97, "nearly all"),
        (1.0, "all"),
    ],
)
def test_a_share_is_said_in_orders_that_can_be_counted(share: float, said: str) -> None:
    assert ratio_in_words(share) == said


@few
@given(st.floats(min_value=1e-8, max_value=0.94))
def test_a_share_in_words_is_not_far_from_the_share(share: float) -> None:
    count, of = (int(word.replace(",", "")) for word in ratio_in_words(share).split(" in "))

    assert count / of == pytest.approx(share, rel=0.5)


def test_an_interval_that_reaches_zero_is_hardly_any_and_says_what_it_may_be() -> None:
    rare = Estimate(2.9e-5, 4.9e-5, 5)

    assert (share_in_words(rare), upper_bound_in_words(rare)) == ("hardly any", "at most about 8 in 100,000")
    assert (share_in_words(Estimate(0, 0, 5)), upper_bound_in_words(Estimate(0, 0, 5))) == ("no", "")
    assert (share_in_words(Estimate(0.4, 0.01, 5)), upper_bound_in_words(Estimate(0.4, 0.01, 5))) == ("about 4 in 10", "")


def test_a_wide_interval_that_reaches_zero_is_not_hardly_any() -> None:
    """Three replications of four packers: 9 % leave late, and the interval ends at 20 %."""
    wide = Estimate(0.09, 0.11, 3)

    assert (share_in_words(wide), upper_bound_in_words(wide)) == ("about 9 in 100", "at most about 2 in 10")


@few
@given(ANY_ESTIMATE, ANY)
def test_any_estimate_can_be_said(each: Estimate, value: float) -> None:
    assert figure(each)
    assert share_in_words(each)
    assert 0 <= decimal_places(value) <= 6


def test_every_measure_of_a_week_has_a_title_of_its_own() -> None:
    experiment = load("partial_cancels", ["ajio.orders_per_day=60", "run.days=2"])
    told = measure([simulate(experiment, 0)], experiment)  # what the simulator calls its measures
    titles = [each.title for each in measure_infos(told, "a week")]

    assert len(set(titles)) == len(titles)
    assert {each.name for each in TABLE} <= set(told)
    assert {theme.measure for theme in STUDY_QUESTIONS} <= set(told)
    assert [name for name in told if measure_info(name, "a week").group == "Other measures"] == []


def test_a_measure_that_nobody_has_heard_of_is_called_by_its_name() -> None:
    assert measure_info("vans", "a week").title == "vans"


# Sentences


def sentences(plain: dict[str, Any]) -> list[str]:
    return ["".join(part.text for part in sentence).replace("\N{NO-BREAK SPACE}", " ") for sentence in answer_sentences(typed(plain))]


def test_a_clear_difference_is_said_side_by_side() -> None:
    told = sentences(study("paired", {"credit notes due": [(41, 3), (0, 0)]}))

    assert told[0] == "Under ERP the client has 41 ± 3 credit notes to make for a week's orders; under RMS none."


def test_a_difference_whose_interval_includes_zero_could_be_chance() -> None:
    told = sentences(study("paired", {"SLA breached, share of orders": [(0.002, 0.001), (0.003, 0.001)]}, spread=2.0))

    assert told[0].startswith("Under ERP about 2 in 1,000 orders breach the SLA of 48 hours")
    assert told[0].endswith("; that could be chance.")


def test_what_is_the_same_is_said_once() -> None:
    told = sentences(study("paired", {"SLA breached, share of orders": [(0.002, 0.001), (0.002, 0.001)]}, spread=0))

    assert told == ["In all variants about 2 in 1,000 orders breach the SLA of 48 hours."]


def test_a_measure_that_only_one_side_has_is_said_of_that_side() -> None:
    breached = "SLA breached, share of orders"
    plain = json.loads(json.dumps(study("paired", {breached: [(0.002, 0.001), (0.002, 0.001)]})))
    del plain["variants"][0]["estimates"][breached], plain["variants"][1]["against_base"][breached]

    assert sentences(plain)[0] == "Under RMS about 2 in 1,000 orders breach the SLA of 48 hours; that could be chance."


def test_a_clear_difference_that_rounds_to_the_same_words_is_not_called_chance() -> None:
    shares = {"orders cancelled in full, share": [(0.0625, 0.003), (0.0551, 0.003)]}
    ages = {"age of a credit note when made, hours": [(19, 3), (19, 3)], "packing errors": [(1, 1), (2, 1)]}
    plain = json.loads(json.dumps(study("paired", shares | ages, spread=0.1)))
    plain["variants"][1]["against_base"]["packing errors"]["half_width"] = 5
    del plain["variants"][1]["estimates"]["age of a credit note when made, hours"]
    del plain["variants"][1]["against_base"]["age of a credit note when made, hours"]

    assert sentences(plain) == [
        "A clear but small difference in cancelled orders.",
        "No clear difference in packing errors: any difference could be chance.",
    ], "and nothing is said of an age that one side does not have"


def test_small_clear_changes_of_a_sweep_are_not_called_chance() -> None:
    told = sentences(
        study("sweep", {"orders cancelled in full, share": [(0.0625, 0.003), (0.062, 0.003), (0.061, 0.003), (0.0601, 0.003)]})
    )

    assert told == ["From 7 packers to 4 packers the clear changes are small."]


def test_one_replication_claims_nothing_about_chance() -> None:
    told = " ".join(
        sentences(study("paired", {"credit notes due": [(41, None), (12, None)], "packing errors": [(1, None), (1, None)]}, runs=1))
    )

    assert "41 credit notes" in told
    assert "chance" not in told
    assert "±" not in told


def test_of_many_variants_a_sentence_names_the_one_that_differs_most() -> None:
    plain = study("sweep", {"credit notes due": [(41, 3), (30, 3), (2, 1), (20, 3)]}) | {"kind": "paired", "sweep": None}
    told = sentences(plain)

    assert (
        told[0] == "Under 7 packers the client has 41 ± 3 credit notes to make for a week's orders; under 5 packers 2.0 ± 1.0 credit notes."
    )


def test_a_sweep_says_where_it_breaks() -> None:
    cliff_edge = [(0.00001, 0.00002), (0.002, 0.0005), (0.1, 0.02), (0.9, 0.02)]
    plain = study("sweep", {"SLA breached, share of orders": cliff_edge})
    breaks = tipping_point_of(typed(plain))

    assert breaks is not None
    assert breaks.before == 2
    assert sentences(plain)[0] == (
        "With 7 packers hardly any order breaches the SLA of 48 hours (at most about 3 in 100,000); "
        "with 5 packers about 1 in 10; with 4 packers about 9 in 10."
    )


def unsteady(kind: str, measures: dict[str, Any], **queues: Any) -> dict[str, Any]:
    """A study whose variants have the queues of *queues*, by name of the variant without its space."""
    plain = json.loads(json.dumps(study(kind, measures)))
    for variant in plain["variants"]:
        queues_of = queues.get(variant["name"].replace(" ", ""), [])
        variant["stability"] = stability(queue("pickers", "steady"), *queues_of)
    return plain


def test_a_queue_that_grows_is_said_first_and_its_variant_has_no_steady_rate() -> None:
    grows = {"5packers": [queue("packers", "growing", 1.07, 35, 831)], "4packers": [queue("packers", "growing", 1.42, 181, 3346)]}
    values = {"time to dispatch, hours": [(11.7, 0.1), (11.8, 0.1), (19, 1), (44, 1)]}
    told = sentences(unsteady("sweep", values, **grows))

    assert told[0].startswith("With 5 and 4 packers the queue for the packers grows day by day: work for 107 to 142 %")
    assert "831 to 3,346 orders wait at the close of day 8, against 35 to 181" in told[0]
    assert "there is no steady rate" in told[0]
    assert told[1].count("in these 8 days, no steady rate") == 2
    assert "with 6 packers 11.80 ± 0.10 hours; with 5 packers 19.0 ± 1.0 hours in these 8 days, no steady rate" in told[1]


@pytest.mark.parametrize(
    ("ends", "start", "said"),
    [
        ((4, 4), 4, "4 orders wait at the close of day 8, against 4 before"),
        ((900, 3, 900), 4, "3 to 900 orders wait at the close of day 8, against 4 before"),
        ((900.2, 900.4), 4.4, "900 orders wait at the close of day 8, against 4 before"),
        ((3346, 831), 4, "831 to 3,346 orders wait"),
    ],
)
def test_a_range_has_two_ends_that_are_printed_differently(ends: tuple[float, ...], start: float, said: str) -> None:
    grows = {f"{6 - k}packers": [queue("packers", "growing", 1.1, start, end)] for k, end in enumerate(ends)}
    told = sentences(unsteady("sweep", {"orders": [(1, 1)] * 4}, **grows))

    assert said in told[0]
    assert "work for 110 % of the capacity comes" in told[0]


@few
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5), st.integers(0, 3))
def test_no_range_has_the_same_figure_at_both_ends(values: list[float], decimals: int) -> None:
    low, _, high = range_text(values, lambda value: number_text(value, decimals)).partition(" to ")

    assert low != high
    assert low == number_text(min(values), decimals)
    assert high in ("", number_text(max(values), decimals))


def test_an_interval_whose_ends_are_printed_alike_is_not_printed() -> None:
    assert figure(Estimate(1e-8, 1e-9, 5, (1e-8, 1.1e-8))) == "0.000"


def test_a_change_that_is_not_printed_is_no_arrow() -> None:
    told = headlines_of(typed(study("paired", {"credit notes due": [(41.1, 3), (41.4, 4)]}, spread=0.01)))

    assert [each.value for each in told] == ["41"]


def test_the_tipping_point_is_where_the_queue_begins_to_grow() -> None:
    grows = {name: [queue("packers", "growing", 1.1, 0, 900)] for name in ("5packers", "4packers")}
    breached = {"SLA breached, share of orders": [(0.0001, 0.0001), (0.0001, 0.0001), (0.0002, 0.0001), (0.5, 0.1)]}
    breaks = tipping_point_of(typed(unsteady("sweep", breached, **grows)))

    assert breaks is not None
    assert breaks.before == 1, "and not between 5 and 4, where the breaches show within these days"


def test_the_figures_of_a_single_study_with_a_growing_queue_are_limited_to_its_days() -> None:
    values = {"SLA breached, share of orders": [(0.3, 0.01)], "age of a credit note when made, hours": [(48, 1)]}
    told = sentences(unsteady("single", values, base=[queue("packers", "left", 0.9, 0, 500)]))

    assert told[0].startswith("The queue for the packers is not worked off at the end: 500 orders wait at the close of day 8")
    assert told[1] == "In these 8 days, about 3 in 10 orders breach the SLA of 48 hours."
    assert told[2] == "A credit note is made 2.00 ± 0.04 days after it becomes due, on average."


def test_a_queue_of_the_clerks_limits_the_age_of_credit_notes_only() -> None:
    values = {"SLA breached, share of orders": [(0.3, 0.01)], "age of a credit note when made, hours": [(48, 1)]}
    told = sentences(unsteady("single", values, base=[queue("credit-note clerks", "growing", 1.14, 5, 59)]))

    assert "The age of credit notes holds for 8 simulated days only" in told[0]
    assert told[1:] == [
        "About 3 in 10 orders breach the SLA of 48 hours.",
        "In these 8 days, a credit note is made 2.00 ± 0.04 days after it becomes due, on average.",
    ]


def test_a_steady_study_has_no_caveat() -> None:
    told = sentences(unsteady("single", {"SLA breached, share of orders": [(0.002, 0.001)]}))

    assert told == ["About 2 in 1,000 orders breach the SLA of 48 hours."]


def test_the_worst_result_is_named_with_the_age_of_credit_notes() -> None:
    values = {
        "SLA breached, share of orders": [(0.001, 0.0001), (0.3, 0.01)],
        "age of a credit note when made, hours": [(24, 1), (1407, 97)],
        "credit notes made after 30 days, share": [(0, 0), (0.72, 0.01)],
        "oldest credit note when made, hours": [(60, 1), (3096, 200)],
    }
    told = sentences(study("paired", values))

    assert told[0] == (
        "The worst result: under RMS about 7 in 10 credit notes are made more than 30 days after becoming due, "
        "on average after 59 ± 4 days, the oldest after 129 days."
    )


def test_a_warm_up_is_not_judged_by_variants_whose_queue_grows() -> None:
    plain = json.loads(json.dumps(study("paired", {"orders": [(10, 1), (10, 1)]})))
    for variant, verdict, warm_up in zip(plain["variants"], ("steady", "growing"), ("enough", "short"), strict=True):
        variant["stability"] = stability(queue("packers", verdict), warm_up=warm_up)

    assert "1 day left out, which is enough" in warm_up_text(typed(plain))
    plain["variants"][0]["stability"] = plain["variants"][1]["stability"]
    assert "not checked, because queues grow or are not worked off" in warm_up_text(typed(plain))


def test_a_warm_up_that_is_too_short_is_said() -> None:
    plain = json.loads(json.dumps(study("single", {"orders": [(10, 1)]})))
    plain["variants"][0]["stability"] = stability(queue("packers", "steady"), warm_up="short")

    assert sentences(plain)[-1].startswith("The first days differ from the later ones")


def test_nothing_seen_is_a_bound_and_never_no() -> None:
    plain = json.loads(json.dumps(study("single", {"SLA breached, share of orders": [(0, 0)], "packing errors": [(0, 0)]})))
    plain["variants"][0]["estimates"]["SLA breached, share of orders"] |= {"interval": [0, 2.86e-4], "events": 0, "of": 10_480}
    plain["variants"][0]["estimates"]["packing errors"] |= {"interval": [0, 0.6], "events": 0}

    assert sentences(plain) == [
        "None of 10,480 simulated orders breaches the SLA of 48 hours (at most about 3 in 10,000).",
        "No order ends in a packing error in any replication (at most 0.60).",
    ]
    assert figure(Estimate(0, 0, 5, (0, 0.6), 0)) == "0 (at most 0.60)"


def test_an_interval_that_ends_at_0_is_not_plus_or_minus() -> None:
    assert figure(Estimate(2, 6, 5, (0, 8))) == "2 (0 to 8)"


def test_a_mark_needs_a_difference_that_can_be_seen_and_shows_it() -> None:
    close = {"orders cancelled in full, share": [(0.0620, 0.003), (0.0621, 0.003), (0.066, 0.003), (0.215, 0.009)]}
    table = report_of(typed(study("sweep", close, spread=0.001)), (), RULEBOOK).measures[0]

    assert [(cell.verdict, cell.difference) for cell in table.rows[0].cells] == [
        ("", ""),
        ("", ""),
        ("more", "+0.4000 ± 0.0003"),
        ("more", "+15.3000 ± 0.0003"),
    ]


def test_a_sweep_that_goes_bit_by_bit_has_no_edge() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(10, 0.1), (12, 0.1), (14, 0.1), (16, 0.1)]})

    assert tipping_point_of(typed(plain)) is None
    assert "gradual" in sentences(plain)[-1]


def test_a_step_is_no_edge_because_its_values_are_far_apart() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(1, 0.1), (2, 0.1), (3, 0.1), (20, 0.1)]})
    far = json.loads(json.dumps(plain)) | {"sweep": plain["sweep"] | {"values": [1, 2, 3, 20]}}
    for variant, value in zip(far["variants"], [1, 2, 3, 20], strict=True):
        variant["changes"] = {"wms.packers": value}

    assert tipping_point_of(typed(plain)) is not None
    assert tipping_point_of(typed(far)) is None


def test_a_jump_of_next_to_nothing_is_no_edge() -> None:
    assert tipping_point_of(typed(study("sweep", {"time to dispatch, hours": [(10, 0), (10, 0), (10, 0), (10.2, 0)]}))) is None


def test_a_sweep_in_which_nothing_happens_says_so() -> None:
    plain = study("sweep", {"time to dispatch, hours": [(10, 0.1)] * 4}, spread=0)

    assert sentences(plain) == ["From 7 packers to 4 packers there is no clear change: any difference could be chance."]


def test_the_headlines_of_a_single_study_are_its_figures_and_of_a_comparison_how_they_go() -> None:
    single = headlines_of(typed(study("single", {"credit notes due": [(41.4, 3.2)], "SLA breached, share of orders": [(0.0021, 0.0002)]})))
    paired = headlines_of(typed(study("paired", {"credit notes due": [(41.4, 3.2), (0, 0)]})))

    assert [(each.value, each.spread) for each in single] == [("2 in 1,000", "0.210 ± 0.020 %"), ("41", "± 3")]
    assert [(each.value, each.note) for each in paired] == [("41 → none", "credit notes a week; ERP → RMS")]


@few
@given(
    st.dictionaries(
        st.sampled_from([theme.measure for theme in STUDY_QUESTIONS]), st.lists(ANY_ESTIMATE, min_size=4, max_size=4), min_size=1
    )
)
def test_any_numbers_make_sentences(values: dict[str, list[Estimate]]) -> None:
    for kind, count, runs in (("single", 1, 1), ("paired", 2, 5), ("paired", 2, 1), ("sweep", 4, 5)):
        intervals_of = {
            name: [(each.mean, None if runs == 1 else each.half_width or 0) for each in of[:count]] for name, of in values.items()
        }
        told = typed(study(kind, intervals_of, runs=runs))
        assert all(part.text for sentence in answer_sentences(told) for part in sentence if part.strong)
        assert all(headline.value for headline in headlines_of(told))


@few
@given(
    st.sampled_from(["single", "paired", "sweep"]),
    st.dictionaries(st.sampled_from([theme.measure for theme in STUDY_QUESTIONS]), st.lists(ANY, min_size=4, max_size=4), min_size=1),
    st.data(),
)
def test_a_measure_may_be_missing_in_any_variant(kind: str, means: dict[str, list[float]], data: st.DataObject) -> None:
    plain = study(kind, {name: [(mean, 1) for mean in of] for name, of in means.items()})
    for variant in plain["variants"]:
        for estimates in filter(None, (variant["estimates"], variant["against_base"])):
            for name in data.draw(st.sets(st.sampled_from(sorted(means)))):
                del estimates[name]
    assert report_of(typed(plain), (), RULEBOOK).title == "A sample"


# Charts


def parsed(picture: str) -> ET.Element:
    root = ET.fromstring(picture)  # noqa: S314 - our own
    for node in root.iter():
        for key, value in node.attrib.items():
            assert "nan" not in value.casefold() or key in ("aria-label", "class")
    return root


@few
@given(st.lists(st.tuples(WORDS, ANY_ESTIMATE), min_size=1, max_size=5), WORDS, WORDS)
def test_any_intervals_are_a_picture(bars: list[tuple[str, Estimate]], title: str, unit: str) -> None:
    made = [ErrorBar(name, each.mean, each.low, each.high, figure(each)) for name, each in bars]
    for difference in (False, True):
        root = parsed(interval_chart(title, made, unit, difference=difference))
        assert_inside(root)
    for each in made:
        parsed(bar_with_interval(each.mean, each.low, each.high, max(bar.high for bar in made), each.text))


@few
@given(st.lists(st.tuples(st.one_of(ANY, st.integers(), WORDS, st.booleans()), ANY_ESTIMATE), min_size=1, max_size=30), WORDS)
def test_any_sweep_is_a_picture(points: list[tuple[Any, Estimate]], unit: str) -> None:
    made = [Point(value, str(value), each.mean, each.low, each.high, figure(each)) for value, each in points]
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
    told = report_of(typed(unsteady("sweep", {"orders": [(1, 1)] * 4}, **grows)), (), RULEBOOK)
    steady = report_of(typed(unsteady("single", {"orders": [(1, 1)]})), (), RULEBOOK)
    (chart,) = told.queue_charts

    assert steady.queue_charts == ()
    assert chart.title == "The queue for the packers, day by day"
    assert [words for words, _ in chart.pictures] == ["waiting at the close of each day", "mean wait by day of arrival with 4 packers"]
    assert chart.table.heads == ("waiting, 5 packers", "waiting, 4 packers", "hours, closed", "hours, queue")
    assert [cell.text for cell in chart.table.rows[0].cells] == ["900", "1,900", "3.0", "0.5"]


def test_a_count_says_in_which_time_it_is_counted() -> None:
    def told(days: int) -> tuple[str, str]:
        plain = study("single", {"refused or failed requests": [(20, 5)], "time to dispatch, hours": [(11, 1)]}) | {"days": days + 1}
        units = {row.title: row.unit for table in report_of(typed(plain), (), RULEBOOK).measures for row in table.rows}
        assert units["From order to dispatch"] == "hours"
        return units["Requests to cancel that were refused or failed"], sentences(plain)[1]

    assert told(7) == ("requests a week", "20 ± 5 requests to cancel a week are refused or fail.")
    assert told(1) == ("requests a day", "20 ± 5 requests to cancel a day are refused or fail.")
    assert told(14) == ("requests in 14 days", "20 ± 5 requests to cancel in 14 days are refused or fail.")


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
