"""Calibrate: fit every setting of an experiment that a log shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from orders.log.event_log import Log
from simulator.analysis.intervals import CONFIDENCE
from simulator.calibration.arrivals import fit_arrivals
from simulator.calibration.durations import fit_durations
from simulator.calibration.fits import Fit, Result, Unfitted
from simulator.calibration.observations import Observations
from simulator.calibration.returns import fit_returns
from simulator.calibration.shares import fit_shares
from simulator.calibration.timetables import fit_details, fit_posts, fit_timetables
from simulator.experiment.experiment import SECTIONS, Experiment, setting_fields
from simulator.experiment.values import read_section

FITTERS: tuple[Callable[[Observations], Iterator[Result]], ...] = (
    fit_timetables,
    fit_details,
    fit_posts,
    fit_arrivals,
    fit_shares,
    fit_durations,
    fit_returns,
)
"""Estimators, in the order in which they run: the later ones use the intervals between batches that the first ones fit."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Results by setting, in the order of the settings; settings that no log shows are in neither."""

    fits: tuple[Fit, ...]
    unfitted: tuple[Unfitted, ...]

    def values(self) -> dict[str, Any]:
        """Return the fitted values by key, rounded as their intervals allow."""
        return {fit.key: fit.rounded(whole=_is_whole(fit.key)) for fit in self.fits}


def fit_settings(log: Log, base: Experiment, confidence: float = CONFIDENCE) -> Calibration:
    """Fit the settings to *log*; what it does not show is taken from *base*.

    Raises:
        CalibrationError: it is not a log of orders with their times.
    """
    observations = Observations(log, base, confidence)
    fits: dict[str, Fit] = {}
    unfitted: dict[str, Unfitted] = {}
    for fitter in FITTERS:
        for result in fitter(observations):
            outcome = _accepted(result)
            if isinstance(outcome, Unfitted):
                unfitted[outcome.key] = outcome
            else:
                fits[outcome.key] = outcome
        observations.base = with_values(base, Calibration(tuple(fits.values()), ()).values())
    order = list(setting_fields())
    return Calibration(
        tuple(sorted(fits.values(), key=lambda fit: order.index(fit.key))),
        tuple(sorted(unfitted.values(), key=lambda left: order.index(left.key))),
    )


def with_values(experiment: Experiment, values: dict[str, Any]) -> Experiment:
    """Return *experiment* with other values, by key; lists are accepted for tuples."""
    changed = {}
    for section in SECTIONS:
        of_section = {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{section}.")}
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in of_section.items()}
        changed[section] = replace(getattr(experiment, section), **plain)
    return replace(experiment, **changed)


def _accepted(result: Result) -> Result:
    """Return *result*; a fit whose value the setting does not accept is unfitted."""
    if isinstance(result, Unfitted):
        return result
    section, _, name = result.key.partition(".")
    _, refusals = read_section(SECTIONS[section], section, {name: result.rounded(whole=_is_whole(result.key))})
    return Unfitted(result.key, f"the log gives another value than the setting accepts: {'; '.join(refusals)}") if refusals else result


def _is_whole(key: str) -> bool:
    return isinstance(setting_fields()[key].default, int)
