"""Number formats: figures are rounded as their confidence interval allows."""

from collections.abc import Callable, Iterable

from reports.svg.numbers import decimal_places, number_text, places_of_mean
from simulator.study_data import Estimate

_SURELY = 0.95
_HUNDRED = 100
FEW = 0.02
"""Share below which all of an interval that reaches 0 must be to be called "hardly any"."""
FEW_DECIMALS = 3


def figure(estimate: Estimate | None, factor: float = 1, *, signed: bool = False) -> str:
    """Format an estimate, "41 ± 3" or "2 (0 to 8)"; a dash if there is no value."""
    if estimate is None:
        return "\N{EN DASH}"
    return " ".join(filter(None, mean_and_spread(estimate, factor, signed=signed)))


def mean_and_spread(estimate: Estimate, factor: float = 1, *, signed: bool = False) -> tuple[str, str]:
    """Format the mean and its interval, rounded as the interval allows; the second is empty without an interval.

    The interval is "± 3"; "(0 to 8)" where it is not even; "(at most 4)" where nothing was seen.
    """
    mean = float(estimate.mean * factor)
    low, high = (end * factor for end in (estimate.low, estimate.high))
    half, decimals = (high - low) / 2, _decimals(estimate, factor)
    text = number_text(mean, decimals, signed=signed)
    if estimate.is_uneven and estimate.events == 0:
        return "0", f"(at most {number_text(high, decimals)})"
    half_text = number_text(half, decimals) if half else ""
    low_text, high_text = (number_text(end, decimals) for end in (low, high))
    if not half_text.strip("0.") or low_text == high_text:  # no spread, or one too small for a figure
        return number_text(mean, min(decimals, FEW_DECIMALS), signed=signed), ""
    return text, f"({low_text} to {high_text})" if estimate.is_uneven else f"± {half_text}"


def range_text(values: Iterable[float], text_of: Callable[[float], str]) -> str:
    """Format *values*, each by *text_of*, as their range "4 to 9", or as one figure if its ends are printed alike."""
    ends = sorted(values)
    low, high = text_of(ends[0]), text_of(ends[-1])
    return low if low == high else f"{low} to {high}"


def is_visible(first: Estimate | None, second: Estimate | None, factor: float = 1) -> bool:
    """Return whether the printed means of two estimates differ, in the digits of the coarser one."""
    if first is None or second is None:
        return True
    decimals = min(_decimals(estimate, factor) for estimate in (first, second))
    return number_text(first.mean * factor, decimals) != number_text(second.mean * factor, decimals)


def _decimals(estimate: Estimate, factor: float) -> int:
    """Return the decimal places of an estimate: as its interval allows, or of its mean if there is none."""
    mean, half = float(estimate.mean * factor), (estimate.high - estimate.low) * factor / 2
    return places_of_mean(mean, half) if half else 0 if mean.is_integer() else decimal_places(mean / _HUNDRED)


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
    if is_none(estimate):
        return "no"
    if estimate.low <= 0 and estimate.high < FEW:
        return "hardly any"
    return ratio_in_words(estimate.mean) if estimate.mean >= _SURELY else f"about {ratio_in_words(estimate.mean)}"


def upper_bound_in_words(estimate: Estimate) -> str:
    """Format the upper bound of a share that may be 0: "at most about 8 in 100,000"; empty for other shares."""
    is_bounded = (estimate.low <= 0 and not is_none(estimate)) or estimate.events == 0
    return f"at most about {ratio_in_words(estimate.high)}" if is_bounded else ""


def is_none(estimate: Estimate) -> bool:
    """Return whether nothing was seen in any replication."""
    return not estimate.mean and (estimate.events == 0 or not estimate.half_width)
