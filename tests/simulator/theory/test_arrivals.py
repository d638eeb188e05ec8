"""Arrivals and random draws of the simulator against their distributions."""

import math

import numpy as np
import pytest

from orders.log.calendar import HOUR, MINUTE
from simulator.experiment.expected_orders import expected_by_hour
from simulator.experiment.experiment import load
from simulator.experiment.settings import Ajio
from simulator.model.draws.arrivals import arrivals
from simulator.model.draws.random_streams import RandomStreams, exponential, lognormal
from tests.support.queue_theory import LONGER

pytestmark = pytest.mark.slow


def upper(freedom, deviations=3.09):
    """The 99.9 % quantile of chi-square (Wilson and Hilferty)."""
    return freedom * (1 - 2 / (9 * freedom) + deviations * math.sqrt(2 / (9 * freedom))) ** 3


def test_the_quantile_of_chi_square():
    assert upper(24) == pytest.approx(51.179, rel=3e-3)


def test_orders_of_every_hour_of_sale_days_are_poisson_with_the_rate_of_that_hour():
    experiment = load("sale_days", ["ajio.orders_per_day=2000"])
    expected = np.array(expected_by_hour(experiment.ajio, experiment.run.days))
    by_hand = _orders_of_each_hour(experiment)
    runs = 200 * LONGER
    counts = np.array(
        [
            np.bincount(arrivals(experiment.ajio, experiment.run.days, RandomStreams(17, run)) // HOUR, minlength=len(expected))
            for run in range(runs)
        ]
    )
    assert expected == pytest.approx(by_hand)
    fit = ((counts.sum(axis=0) - runs * expected) ** 2 / (runs * expected)).sum()
    spread = ((counts - expected) ** 2 / expected).sum()

    assert fit < upper(len(expected))
    assert 2 * counts.size - upper(counts.size) < spread < upper(counts.size)
    assert spread / counts.size == pytest.approx(1, abs=0.03)
    neighbours = np.corrcoef(counts[:, 80], counts[:, 81])[0, 1]
    assert abs(neighbours) < 3.29 / math.sqrt(runs)


def _orders_of_each_hour(experiment):
    """The integral of the rate over each hour, from the settings alone."""
    ajio, hours = experiment.ajio, np.array(experiment.ajio.hourly_weights)
    days = []
    for day in range(experiment.run.days):
        orders, shape = ajio.orders_per_day * ajio.weekday_weights[day % 7], hours / hours.sum()
        if day in ajio.sale_days:
            orders *= ajio.sale_factor if day - 1 not in ajio.sale_days else 1 + (ajio.sale_factor - 1) * ajio.sale_decay
            if day - 1 not in ajio.sale_days:
                first = ajio.sale_first_hour_share
                shape = np.append(first, hours[1:] / hours[1:].sum() * (1 - first))
        days.append(orders * shape)
    return np.concatenate(days)


def test_within_an_hour_orders_come_at_any_time_alike():
    ajio = Ajio(orders_per_day=50_000, hourly_weights=(1.0, 7.0) * 12)
    counts = np.bincount(arrivals(ajio, 4, RandomStreams(18, 0)) % HOUR // MINUTE, minlength=60)

    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < upper(59)


def test_streams_are_uniform_and_know_nothing_of_each_other():
    index, names = np.arange(100_000), ("arrival", "units", "customer", "SELLER", "packing", "picking")
    bytes_, shares = [], []
    for replication in range(2):
        for name in names:
            bits = RandomStreams(19, replication).random_bits(name, index)
            shares.append((bits >> np.uint64(11)).astype(float) / 2**53)
            bytes_ += [np.bincount((bits >> np.uint64(shift) & np.uint64(255)).astype(int), minlength=256) for shift in (56, 40, 20)]
    mean = len(index) / 256
    uneven = [((counts - mean) ** 2 / mean).sum() for counts in bytes_]
    between = np.corrcoef(shares)
    following = [np.corrcoef(share[1:], share[:-1])[0, 1] for share in shares]

    assert max(uneven) < upper(255, deviations=4.2)
    assert np.abs(between[~np.eye(len(shares), dtype=bool)]).max() < 4.2 / math.sqrt(len(index))
    assert np.abs(following).max() < 4.2 / math.sqrt(len(index))


def test_tables_have_the_moments_of_their_distributions():
    """Between its points a table is a straight line, so its moments are sums; what is cut off the ends must not show."""
    for table, first, second in (
        (exponential(1.0, 10**9), 1.0, 2.0),
        (lognormal(1.0, 0.5, 10**9), math.exp(0.125), math.exp(0.5)),
        (lognormal(1.0, 0.8, 10**9), math.exp(0.32), math.exp(1.28)),
    ):
        low, high = table[:-1] / 1e9, table[1:] / 1e9
        assert ((low + high) / 2).mean() == pytest.approx(first, rel=3e-4)
        assert ((low**2 + low * high + high**2) / 3).mean() == pytest.approx(second, rel=5e-3)
