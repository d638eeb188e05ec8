"""Mid-P intervals, p-values and Holm's correction, against their definitions and published figures."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.analysis.estimates import FEW, corrected, estimates, paired_differences
from simulator.analysis.intervals import binomial_interval, holm, incomplete_beta, incomplete_gamma, is_clustered, p_value, poisson_interval
from simulator.analysis.measures import SHARES
from simulator.study_data import SLA_BREACHED, Estimate
from tests.support.rare_events import covers

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


def mid_p(*, at_least: float, more: float) -> float:
    """Return the mid-P value of a count: the probability of a larger one, and half of its own."""
    return (at_least + more) / 2


@quick
@given(st.integers(1, 60), st.data())
def test_the_mid_p_interval_of_a_share_ends_where_its_tails_are_a_fortieth(of: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, of))
    low, high = binomial_interval(events, of)

    tails = [mid_p(at_least=binomial_tail(events, of, share), more=binomial_tail(events + 1, of, share)) for share in (low, high)]
    assert tails[0] == pytest.approx(0.025, abs=1e-6) if events else low == 0
    assert tails[1] == pytest.approx(0.975, abs=1e-6) if events < of else high == 1


@quick
@given(st.integers(0, 40))
def test_the_mid_p_interval_of_a_count_ends_where_its_tails_are_a_fortieth(events: int) -> None:
    low, high = poisson_interval(events)

    tails = [mid_p(at_least=poisson_tail(events, mean), more=poisson_tail(events + 1, mean)) for mean in (low, high)]
    assert tails[0] == pytest.approx(0.025, abs=1e-6) if events else low == 0
    assert tails[1] == pytest.approx(0.975, abs=1e-6)


def test_none_and_all_have_the_bound_of_the_rule_of_three() -> None:
    assert binomial_interval(0, 10_480) == (0, pytest.approx(3 / 10_480, rel=2e-3))
    assert binomial_interval(10_480, 10_480) == (pytest.approx(1 - 3 / 10_480, rel=1e-6), 1)
    assert poisson_interval(0) == (0, pytest.approx(-math.log(0.05)))


def test_the_interval_of_a_rare_count_covers_its_mean_as_promised_on_average() -> None:
    shares_covered = [covers(k / 10) for k in range(1, 201)]

    assert min(shares_covered) >= 0.916, "just above the bound of none, which is 3"
    assert sum(shares_covered) / len(shares_covered) == pytest.approx(0.956, abs=0.003)
    assert covers(0.02) >= math.exp(-0.02), "what hardly ever happens is covered wherever it does not happen"


def test_a_long_tail_is_certain_and_no_overflow() -> None:
    assert incomplete_gamma(4500, 500) == 1
    assert is_clustered([9.0, *[0.0] * 999])
    assert not is_clustered([0.0] * 1000)
    assert not is_clustered([1.0] * 9 + [0.0] * 991)


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
    assert clustered.high == pytest.approx(max(students, binomial_interval(8, 10_000)[1]))


def test_a_few_events_of_many_replications_have_the_mid_p_interval_alone() -> None:
    spread = estimates(shares(2, 0, 3, 1, 2))[SLA_BREACHED]

    assert (spread.low, spread.high) == binomial_interval(8, 10_000)


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
