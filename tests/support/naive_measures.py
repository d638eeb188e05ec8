"""The measures of a log, computed a second time: order by order and row by row, without arrays and without blocks."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from orders.log.columns import Event, EventRow
from orders.log.event_words import quality_check_words
from simulator.experiment.experiment import Experiment

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NEVER = 10**18


def naive_measures(rows: Iterable[EventRow], experiment: Experiment) -> dict[str, float]:
    """Return every measure by name, with those that have no value left out."""
    run, ajio = experiment.run, experiment.ajio
    begin, end = run.warm_up_days * DAY, run.days * DAY
    lives: dict[int, list[EventRow]] = defaultdict(list)
    shifts: dict[str, list[EventRow]] = defaultdict(list)
    for row in rows:
        if row.order:
            lives[row.order].append(row)
        elif row.event in {"pickers at work", "packers at work"}:
            shifts[row.event].append(row)
    measured = {number: life for number, life in lives.items() if at(life, "created") >= begin}
    if not measured:
        return {"orders": 0.0}
    days, count = (end - begin) / DAY, len(measured)
    result: dict[str, float] = {"orders": float(count), "orders a day": count / days}
    result["dispatched a day"] = sum(begin <= at(life, "dispatched") < end for life in lives.values()) / days
    for name, first, last, unit in (
        ("time to pack, hours", "created", "packed", HOUR),
        ("time to dispatch, hours", "created", "dispatched", HOUR),
        ("wait for a picker, minutes", "released", "pick started", MINUTE),
        ("wait for a packer, minutes", "picked", "pack started", MINUTE),
        ("age of a credit note when made, hours", "credit note due", "credit note made", HOUR),
    ):
        times = [at(life, last) - at(life, first) for life in measured.values() if max(at(life, first), at(life, last)) < NEVER]
        result[name] = sum(times) / len(times) / unit if times else math.nan
    for name, first, last in (("picker", "released", "pick started"), ("packer", "picked", "pack started")):
        waits = [(at(life, first), at(life, last)) for life in measured.values() if max(at(life, first), at(life, last)) < NEVER]
        queue = sum(open_time(came, begun, experiment) for came, begun in waits) / len(waits) / MINUTE if waits else math.nan
        result[f"wait for a {name}, queue, minutes"] = queue
        result[f"wait for a {name}, closed, minutes"] = result[f"wait for a {name}, minutes"] - queue
    ages = [
        at(life, "credit note made") - at(life, "credit note due")
        for life in measured.values()
        if max(at(life, "credit note made"), at(life, "credit note due")) < NEVER
    ]
    result["oldest credit note when made, hours"] = max(ages) / HOUR if ages else math.nan
    result["credit notes made after 30 days, share"] = sum(age > 30 * DAY for age in ages) / len(ages) if ages else math.nan
    dispatch = sorted(at(life, "dispatched") - at(life, "created") for life in measured.values() if at(life, "dispatched") < NEVER)
    result["time to dispatch, 95th percentile, hours"] = quantile(dispatch, 0.95) / HOUR
    result["orders dispatched"] = float(len(dispatch))
    missed = sum(time > ajio.target_hours * HOUR for time in dispatch)
    result["SLA target missed, share of dispatched"] = missed / len(dispatch) if dispatch else math.nan
    breached = [
        life for life in measured.values() if min(at(life, "dispatched"), ended(life)) > at(life, "created") + ajio.breach_hours * HOUR
    ]
    result["SLA breached, share of orders"] = len(breached) / count
    result["orders cancelled in full, share"] = sum(ended(life) < NEVER for life in measured.values()) / count
    paid: dict[str, float] = {}
    for team, start, ends in (("pickers", "pick started", ("picked",)), ("packers", "pack started", ("packed", "packing error"))):
        works = [(at(life, start), min(ended(life), *(at(life, name) for name in ends))) for life in lives.values()]
        works = [(min(max(first, begin), end), min(max(last, begin), end)) for first, last in works if max(first, last) < NEVER]
        worked = sum(open_time(first, last, experiment) for first, last in works)
        result[f"{team}' overtime, hours a day"] = (sum(last - first for first, last in works) - worked) / HOUR / days
        staffed = sum(row.units * overlap(row.time_ms, until, begin, end) for row, until in with_ends(shifts[f"{team} at work"], end))
        result[f"{team} busy, share of staffed time"] = worked / staffed if staffed else math.nan
        paid[team] = staffed / HOUR
    requests = [row for life in measured.values() for row in life if row.event == "cancellation"]
    kinds = Counter(f"cancellations: {row.canceller} / {row.scope} / {row.outcome}" for row in requests)
    kinds += Counter(f"cancellations at: {row.invoicing} / {row.stage} / {row.outcome}" for row in requests)
    result |= {name: float(number) for name, number in kinds.items()}
    result["refused or failed requests"] = float(sum(row.outcome not in {"allowed", "without effect"} for row in requests))
    refused = Counter(row.stage for row in requests if row.outcome == "refused")
    result["refused at PACKED"] = float(refused["PACKED"])
    result["refused on a closed manifest"] = float(refused["READY_TO_DISPATCH"] + refused["COMPLETED"])
    for name, event in (
        ("cancelled by customers", "cancelled by customer"),
        ("packing errors", "packing error"),
        ("credit notes due", "credit note due"),
        ("credit notes made", "credit note made"),
    ):
        result[name] = float(sum(row.event == event for life in measured.values() for row in life))
    result["late e-invoices (GAP-17)"] = float(sum(ended(life) < at(life, "e-invoice generated") < NEVER for life in measured.values()))
    result |= costs(
        result, paid, experiment, sum(ended(life) < at(life, "cancelled by customer") for life in measured.values()), len(breached), days
    )
    return result | returns([row for life in measured.values() for row in life], count)


def costs(  # noqa: PLR0913 (what a cost depends on)
    measures: dict[str, float], paid: dict[str, float], experiment: Experiment, lost: int, breached: int, days: float
) -> dict[str, float]:
    """Return the costs, day by day: the hours of checkers and clerks from the calendar, the others as in the log."""
    prices, run, wms, erp = experiment.prices, experiment.run, experiment.wms, experiment.erp
    workdays = sum(day % 7 < 5 for day in range(run.warm_up_days, run.days))
    paid = paid | {
        "checkers": wms.checkers * days * (wms.shift_ends_at_hour - wms.shift_starts_at_hour),
        "clerks": erp.clerks * workdays * (erp.office_closes_at_hour - erp.office_opens_at_hour),
    }
    pay = {team: getattr(prices, f"{team[:-1]}_rupees_an_hour") for team in paid}
    parts = {
        "hours": sum(hours * pay[team] for team, hours in paid.items()) / days,
        "overtime": sum(measures[f"{team}' overtime, hours a day"] * pay[team] for team in ("pickers", "packers")) * prices.overtime_factor,
        "lost orders": lost * prices.lost_order_rupees / days,
        "SLA penalties": breached * prices.breach_penalty_rupees / days,
        "credit notes": measures["credit notes due"] * prices.credit_note_rupees / days,
    }
    total = sum(parts.values())
    return {
        "cost, rupees a day": total,
        "cost of an order, rupees": total / measures["orders a day"],
        **{f"cost of {kind}, rupees a day": rupees for kind, rupees in parts.items()},
    }


def returns(rows: Iterable[EventRow], count: int) -> dict[str, float]:
    """Return the measures of returned units among *count* orders."""
    result: dict[str, float] = {}
    back = [row for row in rows if row.event in {Event.RETURN_RECEIVED, Event.QUALITY_CHECK}]
    for event, prefix in ((Event.RETURN_RECEIVED, "units back"), (Event.QUALITY_CHECK, "quality check")):
        units: Counter[str] = Counter()
        for row in back:
            if row.event == event:
                units[quality_check_words(row.reason)] += row.units
        result |= {f"{prefix}: {reason}": float(number) for reason, number in units.items()}
    return result | {"units back, per order": sum(row.units for row in back if row.event == Event.RETURN_RECEIVED) / count}


def at(life: Sequence[EventRow], event: str) -> int:
    return min((int(row.time_ms or 0) for row in life if row.event == event), default=NEVER)


def ended(life: Sequence[EventRow]) -> int:
    return min((int(row.time_ms or 0) for row in life if row.cancels_the_order), default=NEVER)


def overlap(start: int | None, stop: int, begin: int, end: int) -> int:
    """Return how long something lasted within the measured days; what did not begin or end did not last."""
    if start is None or max(start, stop) >= NEVER:
        return 0
    return min(max(stop, begin), end) - min(max(start, begin), end)


def open_time(start: int, stop: int, experiment: Experiment) -> int:
    """Return how much of the time from *start* to *stop* is within the shift, day by day."""
    opens, closes = experiment.wms.shift_starts_at_hour * HOUR, experiment.wms.shift_ends_at_hour * HOUR
    return int(sum(max(0, min(stop, day * DAY + closes) - max(start, day * DAY + opens)) for day in range(start // DAY, stop // DAY + 1)))


def with_ends(shift: Sequence[EventRow], end: int) -> Iterable[tuple[EventRow, int]]:
    return zip(shift, [*(int(row.time_ms or 0) for row in shift[1:]), end], strict=False)


def quantile(values: Sequence[int], share: float) -> float:
    """Return the quantile between the two nearest values; NaN without values."""
    if not values:
        return math.nan
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
