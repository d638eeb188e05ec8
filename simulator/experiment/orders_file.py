"""Experiments with own orders: the orders arrive as in a file, instead of as the settings say.

The orders keep their weekday and time of day: the Monday of the week of the first order is day 0. Days before the first order are not
measured. Everything else about an order is drawn, so replications differ in all but the arrivals.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from orders.arrivals import Arrivals
from orders.log.calendar import A_WEEK, DAY, HOUR, TICK
from orders.log.timestamps import START_MS, in_india
from simulator.errors import ExperimentError
from simulator.experiment.consistency import contradictions
from simulator.experiment.experiment import SECTIONS, Experiment, load
from simulator.experiment.own_orders import ORIGIN, OwnOrders
from simulator.experiment.settings import HOURS_OF_A_DAY

MOST_DAYS = 366
REPLACED = (
    *("run.days", "ajio.orders_per_day", "ajio.hourly_weights", "ajio.weekday_weights", "ajio.sale_days", "ajio.sale_factor"),
    *("ajio.sale_decay", "ajio.sale_first_hour_share", "returns.sale_return_factor"),
)
"""Settings that have no effect with own orders; they get the values of the file."""
UNITS_KEY = "ajio.units_weights"


def load_with_orders(name: str, arrivals: Arrivals, changes: Sequence[str] = ()) -> Experiment:
    """Load the experiment *name* with *changes*, as `simulator.experiment.experiment.load` does, and with the orders of *arrivals*.

    Its dates are dates of the calendar: day 0 is the Monday of the week of the first order.
    """
    days = [] if any(change.partition("=")[0].strip() == "run.days" for change in changes) else [f"run.days={MOST_DAYS}"]
    return with_own_orders(load(name, [*changes, *days], in_india(_monday(arrivals)).date()), arrivals, changes)


def with_own_orders(experiment: Experiment, arrivals: Arrivals, changes: Sequence[str] = ()) -> Experiment:
    """Return *experiment* with the orders of *arrivals*, also in its variants; *changes* are those of ``--set``.

    Raises:
        ExperimentError: the orders are of too many days, or a change or a variant has no effect with them.
    """
    shift = _monday(arrivals)
    created = tuple((at - shift) // TICK * TICK for at in arrivals.at)
    first, days = created[0] // DAY, created[-1] // DAY + 1
    findings = list(_without_effect(experiment, changes, [*REPLACED, *([UNITS_KEY] if arrivals.units else [])]))
    if days > MOST_DAYS:
        ends = " to ".join(f"{in_india(at):%Y-%m-%d}" for at in (arrivals.at[0], arrivals.at[-1]))
        findings.append(f"--orders {arrivals.name}: its orders are from {ends}, expected at most {MOST_DAYS} days; leave out rows")
    elif first + experiment.run.warm_up_days >= days:
        findings.append(
            f"--orders {arrivals.name}: `run.warm_up_days`: must be less than the days of its orders, {days - first}, "
            f"got {experiment.run.warm_up_days}; set it, or give orders of more days"
        )
    if findings:
        raise ExperimentError(findings)
    own = OwnOrders(f"{arrivals.name} (SHA-256 {arrivals.sha256[:12]})", arrivals.sha256, created, arrivals.units)
    variants = tuple((variant, _with(changed, own, first, days)) for variant, changed in experiment.variants)
    chosen = replace(_with(experiment, own, first, days), variants=variants)
    findings = [finding for side in (chosen, *(side for _, side in variants)) for finding in _contradictions(side)]
    if findings:
        raise ExperimentError(list(dict.fromkeys(f"--orders {arrivals.name}: {finding}" for finding in findings)))
    return chosen


def _monday(arrivals: Arrivals) -> int:
    """Return the beginning of the week of the first order, in UTC milliseconds since 1970."""
    return (arrivals.at[0] - START_MS) // A_WEEK * A_WEEK + START_MS


def _contradictions(experiment: Experiment) -> Iterator[str]:
    yield from contradictions({section: getattr(experiment, section) for section in SECTIONS})


def _with(experiment: Experiment, own: OwnOrders, first: int, days: int) -> Experiment:
    by_hour = Counter(at % DAY // HOUR for at in own.created)
    by_units = Counter(own.units or ())
    ajio = replace(
        experiment.ajio,
        orders_per_day=max(1.0, round(len(own.created) / (days - first), 2)),
        hourly_weights=tuple(float(by_hour[hour]) for hour in range(HOURS_OF_A_DAY)),
        weekday_weights=(1.0,) * 7,
        sale_days=(),
        units_weights=tuple(float(by_units[units]) for units in range(1, 6)) if own.units else experiment.ajio.units_weights,
    )
    run = replace(experiment.run, days=days, warm_up_days=first + experiment.run.warm_up_days)
    keys = ("run.warm_up_days", *REPLACED, *([UNITS_KEY] if own.units else []))
    origins = {**experiment.sources, **dict.fromkeys(keys, ORIGIN + own.origin)}
    return replace(experiment, run=run, ajio=ajio, own_orders=own, sources=origins)


def _without_effect(experiment: Experiment, changes: Sequence[str], replaced: Sequence[str]) -> Iterator[str]:
    """Yield a finding for each change, and for each key that variants change, that own orders replace."""
    for change in changes:
        if change.partition("=")[0].strip() in replaced:
            yield f"--set `{change}`: has no effect with --orders; leave out one of them"
    for key in dict.fromkeys(key for variant, _ in experiment.variants for key in variant.changes):
        if key in replaced:
            yield f"`{key}`: differs between variants, but has no effect with --orders; compare another setting"
