"""Arrivals: orders by hour, weekday and sale, and their units.

Rates are those of a Poisson process by hour. Sale days are those of the base experiment, counted from the Monday of the first week.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from orders.log.arrays import IntArray, Mask
from orders.log.calendar import DAY, HOUR
from simulator.analysis.intervals import binomial_interval
from simulator.calibration.fits import Fit, Result, Unfitted
from simulator.calibration.goodness import Estimated, in_words
from simulator.calibration.observations import Observations
from simulator.experiment.schedule import WEEK
from simulator.experiment.settings import HOURS_OF_A_DAY
from simulator.model.draws.return_draws import MOST_UNITS
from sop_engine.text import counted

FEWEST_FOR_SPREAD = 14
"""Days from which on the spread from day to day is estimated; with fewer it is that of a Poisson process."""
UNLIKELY = 0.001
"""Probability of no order before the first one (or after the last one) of a day, below which the day is not whole."""


class DayCounts:
    """Orders by day, from the first to the last whole day of a log.

    Attributes:
        days: numbers of the days, from the Monday of the first week.
        counts: orders of each day; *by_hour* has a column for each hour.
        sale: whether the day is a sale day; *first* whether it is the first one of a sale.
    """

    def __init__(self, observations: Observations) -> None:
        created = np.sort(observations.created[observations.present])
        monday = int(created[0] // DAY) // WEEK * WEEK
        numbers, hours = created // DAY - monday, created % DAY // HOUR
        self.days = np.arange(int(numbers[0]), int(numbers[-1]) + 1, dtype=np.int64)
        table = np.zeros((len(self.days), HOURS_OF_A_DAY), dtype=np.int64)
        np.add.at(table, (numbers - self.days[0], hours), 1)
        self.by_hour = table
        self._keep(self._whole())
        self.created = created[np.isin(numbers, self.days)]
        sale_days = observations.base.ajio.sale_days
        self.sale: Mask = np.isin(self.days, sale_days)
        self.first: Mask = self.sale & ~np.isin(self.days - 1, sale_days)
        self.weekdays = self.days % WEEK

    def _keep(self, days: Mask) -> None:
        self.days, self.by_hour = self.days[days], self.by_hour[days]
        self.counts = self.by_hour.sum(axis=1)

    def _whole(self) -> Mask:
        """Return which days are whole: the first and the last are not if the log begins or ends within them."""
        whole = np.ones(len(self.days), dtype=bool)
        if len(self.days) < 3:  # noqa: PLR2004 (there is no day between the first and the last)
            return whole
        mean = self.by_hour[1:-1].mean(axis=0)
        hours = [np.flatnonzero(self.by_hour[place]) for place in (0, -1)]
        missing = (mean[: hours[0][0]].sum(), mean[hours[1][-1] + 1 :].sum())
        whole[0], whole[-1] = (math.exp(-expected) >= UNLIKELY for expected in missing)
        return whole

    @property
    def in_words(self) -> str:
        """Number of orders and days."""
        return f"{counted(int(self.counts.sum()), 'order')} on {counted(len(self.days), 'day')}"


def fit_arrivals(observations: Observations) -> Iterator[Result]:
    """Fit the number of orders by weekday, hour and sale, and their units."""
    days = DayCounts(observations)
    yield from _fit_days(days, observations)
    yield _fit_hours(days, observations)
    yield from _fit_sale(days, observations)
    yield _fit_units(observations)


def _fit_days(days: DayCounts, observations: Observations) -> Iterator[Result]:
    z, base = NormalDist().inv_cdf((1 + observations.confidence) / 2), observations.base.ajio
    ordinary = ~days.sale
    counts, weekdays = days.counts[ordinary], days.weekdays[ordinary]
    keys = ("ajio.orders_per_day", "ajio.weekday_weights")
    if not counts.sum():
        yield from (Unfitted(key, "every day of the log is a sale day") for key in keys)
        return
    goodness = in_words(_spacings(days), Estimated.NOTHING)
    sums, lengths = np.bincount(weekdays, counts, WEEK), np.bincount(weekdays, minlength=WEEK)
    if not (lengths > 0).all() or not (sums > 0).all():
        total, exposure = float(counts.sum()), float(np.array(base.weekday_weights)[weekdays].sum())
        if exposure <= 0:
            yield from (Unfitted(key, "the base experiment has no orders on the weekdays of the log") for key in keys)
            return
        half = z * math.sqrt(total) / exposure
        yield Fit(keys[0], total / exposure, total / exposure - half, total / exposure + half, days.in_words, goodness)
        yield Unfitted(keys[1], "the log does not have whole, ordinary days of all seven weekdays")
        return
    rates = sums / lengths
    spread = _spread(counts, rates[weekdays])
    mean = float(rates.mean())
    half = z * math.sqrt(spread * float((rates / lengths).sum())) / WEEK
    note = f"days vary {spread:.2g} times as much as in a Poisson process" if len(counts) >= FEWEST_FOR_SPREAD else ""
    yield Fit(keys[0], mean, mean - half, mean + half, days.in_words, "; ".join(filter(None, (goodness, note))))
    weights, relative = rates / mean, spread / sums
    halves = z * weights * np.sqrt((1 - 2 * weights / WEEK) * relative + ((weights / WEEK) ** 2 * relative).sum())
    yield Fit(keys[1], tuple(weights.tolist()), tuple((weights - halves).tolist()), tuple((weights + halves).tolist()), days.in_words)


def _spread(counts: IntArray, expected: NDArray[np.float64]) -> float:
    """Compute by how much more than a Poisson process the days vary (Pearson's dispersion), at least 1."""
    freedom = len(counts) - WEEK
    if len(counts) < FEWEST_FOR_SPREAD:
        return 1.0
    return max(1.0, float(((counts - expected) ** 2 / expected).sum()) / freedom)


def _spacings(days: DayCounts) -> NDArray[np.float64]:
    """Transform the times within each hour to values that are uniform for a Poisson process.

    Source: Brown, Gans, Mandelbaum and others, Journal of the American Statistical Association 100 (2005), section 4.1.
    """
    hours, within = days.created // HOUR, (days.created % HOUR + 0.5) / HOUR
    first = np.flatnonzero(np.diff(hours, prepend=-1))
    sizes = np.diff(np.append(first, len(hours)))
    place = np.arange(len(hours)) - np.repeat(first, sizes)
    before = np.where(place > 0, np.roll(within, 1), 0.0)
    gaps: NDArray[np.float64] = ((1 - within) / (1 - before)) ** (np.repeat(sizes, sizes) - place)
    return gaps


def _fit_hours(days: DayCounts, observations: Observations) -> Result:
    counts = days.by_hour[~days.first].sum(axis=0).tolist()
    total = sum(counts)
    if not total:
        return Unfitted("ajio.hourly_weights", "every day of the log is the first day of a sale")
    bounds = [binomial_interval(count, total, observations.confidence) for count in counts]
    lows, highs = ([100 * bound for bound in side] for side in zip(*bounds, strict=True))
    return Fit("ajio.hourly_weights", tuple(100 * count / total for count in counts), tuple(lows), tuple(highs), counted(total, "order"))


def _fit_sale(days: DayCounts, observations: Observations) -> Iterator[Result]:
    keys = ("ajio.sale_factor", "ajio.sale_decay", "ajio.sale_first_hour_share")
    ordinary = int(days.counts[~days.sale].sum())
    if not days.counts[days.first].sum() or not ordinary:
        yield from (Unfitted(key, "no day of the log is a sale day (`ajio.sale_days` of the base experiment)") for key in keys)
        return
    z = NormalDist().inv_cdf((1 + observations.confidence) / 2)
    weights = _weekday_weights(days, observations)
    scale = float(weights[~days.sale].sum()) / ordinary
    second = days.sale & np.isin(days.days - 1, days.days[days.first])
    (first, error), (further, further_error) = (_excess(days, weights, scale, among) for among in (days.first, second))
    sample = f"{counted(int(days.counts[days.first].sum()), 'order')} on {counted(int(days.first.sum()), 'first day')} of a sale"
    yield Fit(keys[0], 1 + first, 1 + first - z * error, 1 + first + z * error, sample)
    if not second.any() or first <= z * error or further <= 0:
        yield Unfitted(keys[1], "the log has no second day of a sale, or no more orders on it than on an ordinary day")
    else:
        width = math.exp(z * math.hypot(error / first, further_error / further))
        value, low, high = (min(1.0, further / first * factor) for factor in (1.0, 1 / width, width))
        yield Fit(keys[1], value, low, high, counted(int(second.sum()), "second day") + " of a sale")
    opening, total = int(days.by_hour[days.first, 0].sum()), int(days.counts[days.first].sum())
    yield Fit(keys[2], opening / total, *binomial_interval(opening, total, observations.confidence), counted(total, "order"))


def _excess(days: DayCounts, weights: NDArray[np.float64], scale: float, among: Mask) -> tuple[float, float]:
    """Return the orders of the days *among* beyond those of ordinary days, as a share of these, and its standard error."""
    orders, ordinary = float(days.counts[among].sum()), float(days.counts[~days.sale].sum())
    expected = float(weights[among].sum())
    if not expected:
        return 0.0, 0.0
    multiple = orders * scale / expected
    return multiple - 1, multiple * math.sqrt(1 / max(orders, 1.0) + 1 / ordinary)


def _weekday_weights(days: DayCounts, observations: Observations) -> NDArray[np.float64]:
    """Return the relative number of orders of each day without a sale: by its weekday in the log, or in the base experiment."""
    ordinary = ~days.sale
    sums = np.bincount(days.weekdays[ordinary], days.counts[ordinary], WEEK)
    lengths = np.bincount(days.weekdays[ordinary], minlength=WEEK)
    rates = sums / lengths if (lengths > 0).all() else np.array(observations.base.ajio.weekday_weights)
    return rates[days.weekdays]


def _fit_units(observations: Observations) -> Result:
    units = observations.units[observations.present]
    key = "ajio.units_weights"
    if units.min() < 1 or units.max() > MOST_UNITS:
        return Unfitted(key, f"an order has {units.max() if units.max() > MOST_UNITS else units.min()} units, expected 1 to {MOST_UNITS}")
    counts = np.bincount(units, minlength=MOST_UNITS + 1)[1:].tolist()
    bounds = [binomial_interval(count, len(units), observations.confidence) for count in counts]
    lows, highs = zip(*bounds, strict=True)
    return Fit(key, tuple(count / len(units) for count in counts), lows, highs, counted(len(units), "order"))
