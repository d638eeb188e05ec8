"""The estimators against the textbook."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from simulator.calibration import goodness
from simulator.calibration.fits import Fit, Unfitted, numbers
from simulator.calibration.likelihood import maximise
from simulator.calibration.triangular import triangular


def test_the_distance_is_that_of_kolmogorov_and_smirnov():
    """Table of a small sample, computed by hand: values 0.1, 0.4, 0.45 of a uniform distribution."""
    assert goodness.distance(np.array([0.45, 0.1, 0.4])) == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("estimated", "draw"),
    [
        (goodness.Estimated.NOTHING, lambda random, count: random.random(count)),
        (goodness.Estimated.NORMAL, lambda random, count: random.normal(size=count)),
        (goodness.Estimated.EXPONENTIAL, lambda random, count: random.exponential(size=count)),
    ],
)
@pytest.mark.parametrize("count", [10, 200])
def test_a_sample_of_the_fitted_distribution_exceeds_the_limit_in_5_percent(estimated, draw, count):
    random = np.random.default_rng(7)
    exceeded = 0
    for _ in range(2000):
        values = draw(random, count)
        if estimated is goodness.Estimated.NORMAL:
            values = goodness.normal_probability((values - values.mean()) / values.std(ddof=1))
        elif estimated is goodness.Estimated.EXPONENTIAL:
            values = -np.expm1(-values / values.mean())
        exceeded += goodness.distance(values) > goodness.limit(count, estimated)

    assert 0.035 < exceeded / 2000 < 0.065


def test_another_distribution_differs():
    values = np.random.default_rng(1).gamma(1.0, size=5000)

    assert goodness.lognormal_in_words(values, float(np.log(values).mean()), float(np.log(values).std())).startswith("differs")


def test_the_normal_probabilities_are_those_of_python():
    z = np.linspace(-9, 9, 1001)
    exact = [NormalDist().cdf(value) for value in z.tolist()]

    assert np.abs(goodness.normal_probability(z) - exact).max() < 1e-7


def test_the_maximum_of_a_normal_sample_and_its_intervals_are_those_of_the_textbook():
    values = np.random.default_rng(3).normal(4, 2, 400)

    def log_likelihood(mean, log_sigma):
        return float((-log_sigma - ((values - mean) / math.exp(log_sigma)) ** 2 / 2).sum())

    maximum = maximise(log_likelihood, ((-50.0, 50.0), (-3.0, 3.0)), 0.95)
    assert maximum is not None
    assert maximum.at[0] == pytest.approx(values.mean(), abs=1e-5)
    assert math.exp(maximum.at[1]) == pytest.approx(values.std(), abs=1e-5)
    half = (maximum.intervals[0][1] - maximum.intervals[0][0]) / 2
    assert half == pytest.approx(1.96 * values.std() / 20, rel=0.01)


def test_a_triangular_sample_has_its_parameters_within_their_intervals_and_another_one_differs():
    random = np.random.default_rng(5)
    values, others = random.triangular(2, 3, 9, 900), random.uniform(2, 9, 900)
    fit, other = (triangular("returns.rto_days", sample, sample, "parcel", 0.999) for sample in (values, others))

    assert isinstance(fit, Fit)
    assert fit.contains((2.0, 3.0, 9.0))
    assert all(high - low < 1.5 for low, high in zip(numbers(fit.low), numbers(fit.high), strict=True))
    assert (fit.goodness[:4], other.goodness[:7]) == ("fits", "differs")
    assert numbers(fit.value) == tuple(sorted(numbers(fit.value)))


@pytest.mark.parametrize("values", [np.full(40, 3.0), np.arange(5.0)])
def test_times_that_are_equal_or_few_are_not_triangular(values):
    assert isinstance(triangular("returns.rto_days", values, values, "parcel", 0.95), Unfitted)


def test_without_a_maximum_inside_the_range_there_is_no_estimate():
    assert maximise(lambda first, second: first - second**2, ((0.0, 1.0), (-1.0, 1.0)), 0.95) is None


@pytest.mark.parametrize(
    ("value", "low", "high", "whole", "rounded"),
    [
        (1988.123, 1956.0, 2020.0, False, 1988.0),
        (0.0200123, 0.0189, 0.0211, False, 0.02),
        (6.0123, 2.9, 720.0, False, 6.0),
        (4.0, 4.0, 4.0, False, 4.0),
        (6.6, 5.0, 8.0, True, 7),
        (0.0, 0.0, 0.01, False, 0.0),
    ],
)
def test_a_value_has_as_many_digits_as_its_interval_allows(value, low, high, whole, rounded):
    assert Fit("x", value, low, high, "").rounded(whole=whole) == rounded
