"""Exact intervals, p-values and Holm's correction, against their definitions and published figures."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.analysis.estimates import FEW, corrected, estimates, paired_differences
from simulator.analysis.intervals import clopper_pearson, holm, incomplete_beta, incomplete_gamma, p_value, poisson_interval
from simulator.analysis.measures import SHARES
from simulator.study_data import SLA_BREACHED, Estimate

quick = settings(deadline=None, max_examples=60)


def binomial_tail(events: int, of: int, share: float) -> float:
    return sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(events, of + 1))


def poisson_tail(events: int, mean: float) -> float:
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(events))


@quick
@given(st.integers(1, 60), st.data())
def test_incomplete_beta_is_the_binomial_tail(of: int, data: st.DataObject) -> None:
    events, share = data.draw(st.integers(1, of)), data.draw(st.floats(0.001, 0.999))

    assert incomplete_beta(share, events, of - events + 1) == pytest.approx(binomial_tail(events, of, share), abs=1e-9)


@quick
@given(st.integers(1, 40), st.floats(0.001, 90))
def test_incomplete_gamma_is_the_poisson_tail(events: int, mean: float) -> None:
    assert incomplete_gamma(mean, events) == pytest.approx(poisson_tail(events, mean), abs=1e-9)


@pytest.mark.parametrize(
    ("events", "of", "low", "high"),
    [(3, 10, 0.0667, 0.6525), (5, 10, 0.1871, 0.8129), (1, 1000, 2.53e-5, 5.558e-3), (15, 20, 0.509, 0.9134)],
)
def test_clopper_pearson_is_as_published(events: int, of: int, low: float, high: float) -> None:
    assert clopper_pearson(events, of) == (pytest.approx(low, rel=2e-3), pytest.approx(high, rel=2e-3))


@pytest.mark.parametrize(("events", "low", "high"), [(1, 0.0253, 5.572), (3, 0.6187, 8.767), (10, 4.795, 18.39), (1000, 938.97, 1063.95)])
def test_garwoods_interval_is_as_published(events: int, low: float, high: float) -> None:
    assert poisson_interval(events) == (pytest.approx(low, rel=2e-3), pytest.approx(high, rel=2e-3))


def test_none_and_all_have_the_one_sided_bound() -> None:
    assert clopper_pearson(0, 10_480) == (0, pytest.approx(3 / 10_480, rel=2e-3)), "the rule of three"
    assert clopper_pearson(10_480, 10_480) == (pytest.approx(1 - 3 / 10_480, rel=1e-6), 1)
    assert poisson_interval(0) == (0, pytest.approx(-math.log(0.05)))


@pytest.mark.parametrize("mean", [0.2, 0.7, 1.5, 3.0, 6.0, 9.0])
def test_the_exact_interval_of_a_rare_count_covers_its_mean(mean: float) -> None:
    covered = sum(
        math.exp(-mean) * mean**k / math.factorial(k) for k in range(60) if poisson_interval(k)[0] <= mean <= poisson_interval(k)[1]
    )

    assert covered >= 0.93, "0.95, less what the one-sided bound of none gives away"


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(values: list[float]) -> None:
    adjusted = holm(values)
    by_size = [adjusted[k] for k in sorted(range(len(values)), key=values.__getitem__)]

    assert all(value <= after <= 1 for value, after in zip(values, adjusted, strict=True))
    assert all(first <= second for first, second in pairwise(by_size))


def test_holm_is_as_in_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_p_value_is_below_the_level_exactly_where_the_interval_excludes_0() -> None:
    assert p_value(2.0, 2.0, 5, 0.95) == pytest.approx(0.05)
    assert p_value(2.1, 2.0, 5, 0.95) < 0.05 < p_value(1.9, 2.0, 5, 0.95)
    assert p_value(0.0, 1.0, 5, 0.95) == 1
    assert p_value(1.0, 0.0, 5, 0.95) == 2 ** (1 - 5), "five equal differences: a sign test"


def shares(*events: int, of: int = 2000) -> list[dict[str, float]]:
    return [{"orders": float(of), SLA_BREACHED: count / of} for count in events]


def test_no_event_is_no_certainty() -> None:
    none = estimates(shares(0, 0, 0, 0, 0))[SLA_BREACHED]
    single = estimates(shares(0))[SLA_BREACHED]
    count = estimates([{"packing errors": 0.0}] * 5)["packing errors"]

    assert (none.events, none.of, none.low) == (0, 10_000, 0)
    assert none.high == pytest.approx(3 / 10_000, rel=1e-2)
    assert (single.half_width, single.high) == (None, pytest.approx(3 / 2000, rel=1e-2)), "one replication has an upper bound too"
    assert (count.low, count.high) == (0, pytest.approx(3 / 5, rel=1e-2))


def test_every_order_is_no_certainty_either() -> None:
    every = estimates(shares(2000, 2000, 2000))[SLA_BREACHED]

    assert every.high == 1
    assert every.low == pytest.approx(1 - 3 / 6000, rel=1e-4)


def test_a_few_events_in_one_replication_cover_both_intervals() -> None:
    clustered = estimates(shares(8, 0, 0, 0, 0))[SLA_BREACHED]
    students = clustered.mean + (clustered.half_width or 0)

    assert clustered.low == 0
    assert clustered.high == pytest.approx(max(students, clopper_pearson(8, 10_000)[1]))


@quick
@given(st.lists(st.integers(0, 2000), min_size=1, max_size=8))
def test_no_share_is_negative_or_above_1_and_none_is_certain(events: list[int]) -> None:
    estimate = estimates(shares(*events))[SLA_BREACHED]

    assert 0 <= estimate.low <= estimate.mean <= estimate.high <= 1
    if min(sum(events), 2000 * len(events) - sum(events)) < FEW:
        assert estimate.low < estimate.high


@quick
@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=6))
def test_no_measure_has_an_interval_below_0(values: list[float]) -> None:
    assert estimates([{"dispatched a day": value} for value in values])["dispatched a day"].low >= 0


def test_enough_events_keep_students_interval() -> None:
    enough = estimates([{"packing errors": value} for value in (4.0, 5.0, 6.0)])["packing errors"]

    assert (enough.interval, enough.events) == (None, 15)


def test_equal_counts_in_every_replication_are_no_certainty() -> None:
    equal = estimates([{"packing errors": 4.0}] * 5)["packing errors"]

    assert (equal.low, equal.high) == tuple(pytest.approx(end / 5) for end in poisson_interval(20))


def test_differences_of_many_measures_are_corrected_together() -> None:
    base = [{f"x{k}": 0.0 for k in range(40)} for _ in range(5)]
    other = [{f"x{k}": value + (k == 0) * 100 for k in range(40)} for value in (1.0, 1.4, 1.8, 0.7, 1.2)]
    (side,) = corrected([paired_differences(base, other)])

    assert side["x1"].mean - (side["x1"].half_width or 0) > 0, "clear by itself"
    assert not side["x1"].is_clear, "and not among forty"
    assert side["x0"].is_clear


def test_the_shares_are_of_measures_that_exist() -> None:
    assert set(SHARES.values()) == {"orders", "orders dispatched", "credit notes made"}
    assert Estimate(0.5, 0.1, 5, (0.4, 0.7)).high == 0.7
