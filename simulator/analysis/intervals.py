"""Confidence intervals and p-values: Student's for means, mid-P ones for rare events, and Holm's correction.

Only the standard library. The mid-P intervals invert the binomial and the Poisson distribution.
"""

import math
from collections.abc import Callable, Sequence
from statistics import fmean, stdev

CONFIDENCE = 0.95
TINY = 1e-300
CLOSE = 1e-15
MOST_STEPS = 100_000

Interval = tuple[float, float]


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float | None:
    """Compute the half-width of Student's confidence interval for the mean; `None` for fewer than two values."""
    if len(values) < 2:  # noqa: PLR2004 (one value has no spread)
        return None
    return student_quantile(len(values) - 1, confidence) * stdev(values) / math.sqrt(len(values))


def student_quantile(freedom: int, confidence: float) -> float:
    """Compute the two-sided quantile of Student's t by bisection of its exact distribution for whole degrees of freedom."""
    return _bisect(lambda t: student_central_probability(t, freedom) < confidence, 0.0, 1e6)


def student_central_probability(t: float, freedom: int) -> float:
    """Compute P(|T| < t). Source: Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine = math.cos(angle)
    if freedom % 2:
        term = total = cosine if freedom > 1 else 0.0
        for k in range(2, freedom - 1, 2):
            term *= k / (k + 1) * cosine**2
            total += term
        return 2 / math.pi * (angle + math.sin(angle) * total)
    term = total = 1.0
    for k in range(1, freedom - 1, 2):
        term *= k / (k + 1) * cosine**2
        total += term
    return math.sin(angle) * total


def binomial_interval(events: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """Compute the mid-P interval of a share, from *events* in *total* independent trials.

    It is the exact interval (Clopper and Pearson, Biometrika 26, 1934), but for half of the probability of the count itself: it covers
    as promised on average, where the exact one covers more. For no event its upper end is that of the rule of three (Hanley and
    Lippman-Hand, JAMA 249, 1983). Source: Berry and Armitage, The Statistician 44, 1995.
    """

    def mid_p(share: float) -> float:
        at_least = 1.0 if events == 0 else incomplete_beta(share, events, total - events + 1)
        return (at_least + (0.0 if events == total else incomplete_beta(share, events + 1, total - events))) / 2

    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _bisect(lambda share: mid_p(share) < tail, 0.0, 1.0)
    return low, 1.0 if events == total else _bisect(lambda share: mid_p(share) < 1 - tail, 0.0, 1.0)


def poisson_interval(events: int, confidence: float = CONFIDENCE) -> Interval:
    """Compute the mid-P interval of the mean of a Poisson count of *events*.

    Source: as `binomial_interval`; the exact interval of a count is that of Garwood, Biometrika 28, 1936.
    """

    def mid_p(mean: float) -> float:
        return ((1.0 if events == 0 else incomplete_gamma(mean, events)) + incomplete_gamma(mean, events + 1)) / 2

    tail = (1 - confidence) / 2
    most = 20.0 + 2 * events + 20 * math.sqrt(events + 1)
    low = 0.0 if events == 0 else _bisect(lambda mean: mid_p(mean) < tail, 0.0, most)
    return low, _bisect(lambda mean: mid_p(mean) < 1 - tail, 0.0, most)


def is_clustered(counts: Sequence[float], confidence: float = CONFIDENCE) -> bool:
    """Return whether *counts* of events spread more than Poisson counts of one mean do.

    Source: the index of dispersion (Fisher, Thornton and Mackenzie, Annals of Applied Biology 9, 1922), which is about a chi-squared value.
    """
    mean = fmean(counts)
    if not mean:
        return False
    dispersion = sum((count - mean) ** 2 for count in counts) / mean
    return incomplete_gamma(dispersion / 2, (len(counts) - 1) / 2) > confidence if len(counts) > 1 else False


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Compute the regularised incomplete beta function I_x(a, b), the probability of at least *a* events in *a* + *b* - 1 trials.

    Source: the continued fraction DLMF 8.17.22, evaluated by Lentz's method as modified by Thompson and Barnett (1986).
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)  # DLMF 8.17.4; the fraction converges fast below that mean
    factor = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a + 1) - math.lgamma(b)
    numerator, denominator = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = denominator
    for m in range(1, MOST_STEPS):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            denominator = 1 / _not_zero(1 + step * denominator)
            numerator = _not_zero(1 + step / numerator)
            fraction *= numerator * denominator
        if abs(numerator * denominator - 1) < CLOSE:
            break
    return math.exp(factor) * fraction


def incomplete_gamma(x: float, a: float) -> float:
    """Compute the regularised lower incomplete gamma function P(a, x), the probability of at least *a* events where *x* are expected.

    Source: the series DLMF 8.11.4, whose terms are all positive.
    """
    if x <= 0:
        return 0.0
    if x > 2 * a + 200:
        return 1.0  # the rest is below 1e-40
    term = total = 1.0
    for n in range(1, MOST_STEPS):
        term *= x / (a + n)
        total += term
        if term < CLOSE * total:
            break
    return min(1.0, math.exp(a * math.log(x) - x - math.lgamma(a + 1)) * total)


def p_value(mean: float, half: float, count: int, confidence: float = CONFIDENCE) -> float:
    """Compute the two-sided p-value of the hypothesis that the true mean is 0, from a mean of *count* values and its half-width.

    Values without any spread are compared by their sign, because Student's test has no scale for them.
    """
    if not mean:
        return 1.0
    if not half:
        return min(1.0, 2.0 ** (1 - count))
    t = abs(mean) / half * student_quantile(count - 1, confidence)
    return max(0.0, 1 - student_central_probability(t, count - 1)) if math.isfinite(t) else 0.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust the p-values of one family of tests, in their order. Source: Holm, Scandinavian Journal of Statistics 6, 1979."""
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = largest
    return adjusted


def _bisect(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Return the point from *low* to *high* up to which *is_below* is true."""
    while high - low > 1e-12 * max(abs(low), TINY):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
