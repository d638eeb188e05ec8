"""Figures in words: as precise as their interval, and defined for every number."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.scenario.content import report_of
from reports.scenario.wording.measure_catalogue import TABLE, measure_info, measure_infos
from reports.scenario.wording.number_format import figure, range_text, ratio_in_words, share_in_words, upper_bound_in_words
from reports.scenario.wording.study_questions import STUDY_QUESTIONS
from reports.svg.numbers import decimal_places, number_text
from simulator.analysis.measures import measure
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from simulator.study_data import Estimate
from sop_engine import load_rulebook
from tests.support.scenario_sentences import sentences, unsteady
from tests.support.study_samples import queue, study, typed

RULEBOOK = load_rulebook()
few = settings(deadline=None, max_examples=30)
ANY = st.floats(-8e307, 8e307)  # differences are finite too
ANY_ESTIMATE = st.one_of(
    st.builds(Estimate, ANY, st.none(), st.just(1)), st.builds(Estimate, ANY, st.floats(min_value=0, max_value=1e308), st.integers(2, 9))
)


@pytest.mark.parametrize(
    ("mean", "half", "expected"),
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
def test_a_figure_is_as_fine_as_its_interval(mean: float, half: float | None, expected: str) -> None:
    assert figure(Estimate(mean, half, 1 if half is None else 5)) == expected


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert number_text(-0.0001, 2, signed=True) == "0.00"
    assert number_text(0.0001, 2, signed=True) == "0.00"


@pytest.mark.parametrize(
    ("share", "expected"),
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
def test_a_share_is_said_in_orders_that_can_be_counted(share: float, expected: str) -> None:
    assert ratio_in_words(share) == expected


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
def test_any_estimate_can_be_said(estimate: Estimate, value: float) -> None:
    assert figure(estimate)
    assert share_in_words(estimate)
    assert 0 <= decimal_places(value) <= 6


def test_every_measure_of_a_week_has_a_title_of_its_own() -> None:
    experiment = load("partial_cancels", ["ajio.orders_per_day=60", "run.days=2"])
    values = measure([simulate(experiment, 0)], experiment)  # what the simulator calls its measures
    titles = [info.title for info in measure_infos(values, "a week")]

    assert len(set(titles)) == len(titles)
    assert {entry.name for entry in TABLE} <= set(values)
    assert {theme.measure for theme in STUDY_QUESTIONS} <= set(values)
    assert [name for name in values if measure_info(name, "a week").group == "Other measures"] == []


def test_an_unknown_measure_is_called_by_its_name() -> None:
    assert measure_info("vans", "a week").title == "vans"


@pytest.mark.parametrize(
    ("ends", "start", "expected"),
    [
        ((4, 4), 4, "4 orders wait at the close of day 8, against 4 before"),
        ((900, 3, 900), 4, "3 to 900 orders wait at the close of day 8, against 4 before"),
        ((900.2, 900.4), 4.4, "900 orders wait at the close of day 8, against 4 before"),
        ((3346, 831), 4, "831 to 3,346 orders wait"),
    ],
)
def test_a_range_has_two_ends_that_are_printed_differently(ends: tuple[float, ...], start: float, expected: str) -> None:
    grows = {f"{6 - k}packers": [queue("packers", "growing", 1.1, start, end)] for k, end in enumerate(ends)}
    texts = sentences(unsteady("sweep", {"orders": [(1, 1)] * 4}, **grows))

    assert expected in texts[0]
    assert "work for 110 % of the capacity comes" in texts[0]


@few
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=5), st.integers(0, 3))
def test_no_range_has_the_same_figure_at_both_ends(values: list[float], decimals: int) -> None:
    low, _, high = range_text(values, lambda value: number_text(value, decimals)).partition(" to ")

    assert low != high
    assert low == number_text(min(values), decimals)
    assert high in ("", number_text(max(values), decimals))


def test_an_interval_whose_ends_are_printed_alike_is_not_printed() -> None:
    assert figure(Estimate(1e-8, 1e-9, 5, (1e-8, 1.1e-8))) == "0.000"


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
