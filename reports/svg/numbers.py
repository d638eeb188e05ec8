"""Numbers as text: with a true minus sign and suitable decimal places."""

import math

MINUS = "\N{MINUS SIGN}"
MOST_PLACES = 6
BEYOND_COUNTING = 1e12
MOST_FIGURES = 6
"""Most significant figures of a mean, however narrow its confidence interval is: that of two replications that happen to agree is no measurement."""


def number_text(value: float, decimals: int, *, signed: bool = False) -> str:
    """Format *value* with so many decimal places and a true minus sign."""
    if abs(value) >= BEYOND_COUNTING:
        text = f"{value:+.3g}" if signed else f"{value:.3g}"
    else:
        text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
        text = text if float(text.replace(",", "")) else text.lstrip("+-")
    return text.replace("-", MINUS)


def decimal_places(value: float) -> int:
    """Return the decimal places for the first significant digit of *value*, or the first two if it is a 1 or a 2."""
    if not math.isfinite(value) or abs(value) < 10.0**-MOST_PLACES:
        return MOST_PLACES if value and math.isfinite(value) else 0
    power = math.floor(math.log10(abs(value)))
    return min(MOST_PLACES, max(0, -power + (abs(value) / 10.0**power < 3)))  # noqa: PLR2004 (as said)


def places_of_mean(mean: float, half: float) -> int:
    """Return the decimal places of a *mean* that its interval of half-width *half* allows, but for at most `MOST_FIGURES` figures."""
    places = decimal_places(half)
    if not mean or not math.isfinite(mean):
        return places
    return min(places, max(0, MOST_FIGURES - 1 - math.floor(math.log10(abs(mean)))))
