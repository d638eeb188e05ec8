"""Number formats: figures are rounded as their confidence interval allows."""

from reports.svg.numbers import decimal_places, number_text
from simulator.study_data import Estimate

_SURELY = 0.95
_HUNDRED = 100


def figure(estimate: Estimate | None, factor: float = 1, *, signed: bool = False) -> str:
    """Format mean and half-width, "41 ± 3"; a dash if there is no value."""
    if estimate is None:
        return "\N{EN DASH}"
    mean, half = mean_and_half(estimate, factor, signed=signed)
    return f"{mean} ± {half}" if half else mean


def mean_and_half(estimate: Estimate, factor: float = 1, *, signed: bool = False) -> tuple[str, str]:
    """Format mean and half-width, rounded as the interval allows; the second is empty without an interval."""
    mean, half = float(estimate.mean * factor), None if estimate.half_width is None else estimate.half_width * factor
    decimals = decimal_places(half) if half else 0 if mean.is_integer() else decimal_places(mean / _HUNDRED)
    return number_text(mean, decimals, signed=signed), number_text(half, decimals) if half else ""


def ratio_in_words(share: float) -> str:
    """Format a share as a ratio: "4 in 10", "7 in 100", "3 in 100,000"."""
    if share >= _SURELY:
        return "nearly all" if share < 1 else "all"
    of, share = 10, max(0.0, share)
    while share * of < 1 - 0.05 and of < 10**9:
        of *= 10
    count = share * of
    if of == 10 and abs(count - round(count)) > 0.05 * count:  # noqa: PLR2004 (7 in 100 says more than 1 in 10)
        of, count = _HUNDRED, share * _HUNDRED
    return f"{max(1, round(count)):,} in {of:,}"


def share_in_words(estimate: Estimate) -> str:
    """Format a share for the beginning of a sentence: "no", "hardly any", "about 4 in 10"."""
    if not estimate.mean and not estimate.half_width:
        return "no"
    if estimate.low <= 0:
        return "hardly any"
    return ratio_in_words(estimate.mean) if estimate.mean >= _SURELY else f"about {ratio_in_words(estimate.mean)}"


def upper_bound_in_words(estimate: Estimate) -> str:
    """Format the upper bound for "hardly any": "at most 8 in 100,000"; empty for other shares."""
    return f"at most about {ratio_in_words(estimate.high)}" if share_in_words(estimate) == "hardly any" else ""
