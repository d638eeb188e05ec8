"""Timetables: constants and intervals, which a log shows almost exactly: batches, windows, the courier, people.

An interval between batches is the greatest one of whose multiples every batch is. Where a shorter one fits as well, the base
experiment decides.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, HOUR, MINUTE, NEVER, TICK
from orders.log.columns import WORD_CODES, Event
from orders.log.stations import STATIONS, Station
from simulator.calibration.fits import FEWEST, Fit, Result, Unfitted
from simulator.calibration.goodness import Estimated, in_words
from simulator.calibration.observations import Observations
from sop_engine.text import counted

FEWEST_BATCHES = 10
FULL_POSTS = 3
"""Full posts from which on their number of orders is the limit."""
CONSTANT = 0.01
"""Share of the median within which a time is called constant."""


def fit_timetables(observations: Observations) -> Iterator[Result]:
    """Fit intervals between batches, the acknowledgement window, the courier, and the people at work."""
    at = observations.order_times.at
    posted, invoiced, pushed, released = (at(event) for event in (Event.POSTED, Event.INVOICED, Event.PUSHED, Event.RELEASED))
    of_erp = np.where(posted < NEVER, invoiced, NEVER)
    erp = observations.base.erp
    yield _interval("erp.post_interval_minutes", posted, [], erp.post_interval_minutes)
    yield _interval("erp.invoice_interval_minutes", of_erp, [], erp.invoice_interval_minutes)
    yield _interval("erp.push_interval_minutes", pushed, [invoiced], erp.push_interval_minutes)
    yield _interval("wms.pull_interval_minutes", released, [pushed], observations.base.wms.pull_interval_minutes)
    yield _window(observations)
    yield _courier(observations)
    for station in STATIONS:
        yield _people(station, observations)
    yield from _shift(observations)


def fit_details(observations: Observations) -> Iterator[Result]:
    """Fit the time from the acknowledgement to the B2B details, as an order is posted (or released) at the next batch after it."""
    key, at = "oms.details_minutes", observations.order_times.at
    acknowledged = at(Event.ACKNOWLEDGED)
    erp = bool(observations.erp[observations.present].mean() > 0.5)  # noqa: PLR2004 (the more frequent model)
    batch = (observations.base.erp.post_interval_minutes if erp else observations.base.wms.pull_interval_minutes) * MINUTE
    end = at(Event.POSTED) if erp else np.where(observations.erp, NEVER, at(Event.RELEASED))
    orders = np.flatnonzero((acknowledged < NEVER) & (end < NEVER) & (end > acknowledged))
    if len(orders) < FEWEST:
        yield Unfitted(key, f"the log has {counted(len(orders), 'order')} with this time, expected at least {FEWEST}")
        return
    waits = np.sort((end - acknowledged)[orders])
    least = int(waits[0])
    shortest = batch * -math.expm1(math.log(1 - observations.confidence) / len(orders))
    value = max(0.0, least - batch / (len(orders) + 1))
    within = waits[waits <= least + batch]
    goodness = in_words((within - value) / (batch + least - value), Estimated.NOTHING)
    bounds = (max(0.0, least - shortest) / MINUTE, least / MINUTE)
    yield Fit(
        key, value / MINUTE, *bounds, counted(len(orders), "order"), f"{100 * len(within) / len(waits):.1f} % within one batch; {goodness}"
    )


def fit_posts(observations: Observations) -> Iterator[Result]:
    """Fit the largest number of orders in a post: that of the posts for which orders were ready that had to wait for the next one."""
    key, posted, acknowledged = (
        "erp.posts_per_interval",
        observations.order_times.at(Event.POSTED),
        observations.order_times.at(Event.ACKNOWLEDGED),
    )
    batch = observations.base.erp.post_interval_minutes * MINUTE
    orders = np.flatnonzero((posted < NEVER) & (acknowledged < NEVER))
    if not len(orders):
        yield Unfitted(key, "no order of the log is posted")
        return
    moments, sizes = np.unique(posted[orders], return_counts=True)
    ready = acknowledged[orders] + round(observations.base.oms.details_minutes * MINUTE)
    due = (ready // batch + 1) * batch
    full = np.isin(moments, due[due < posted[orders]]) & (sizes == sizes.max())
    most, times = int(sizes.max()), int(full.sum())
    if times < FULL_POSTS:
        yield Unfitted(key, f"no post of the log is full: the largest has {counted(most, 'order')}")
        return
    yield Fit(key, most, most, most, f"{counted(times, 'full post')}")


def _interval(key: str, times: IntArray, before: Sequence[IntArray], base: int) -> Result:
    """Fit the interval between batches at *times*; each batch is the next one after the time in *before*."""
    done = times[times < NEVER]
    batches = np.unique(done)
    if len(batches) < FEWEST_BATCHES:
        return Unfitted(key, f"the log has {counted(len(batches), 'batch', 'batches')} of it, expected at least {FEWEST_BATCHES}")
    greatest = int(np.gcd.reduce(np.append(batches, DAY)))
    if greatest < MINUTE or greatest % MINUTE:
        return Unfitted(key, "the times in the log are not at multiples of whole minutes, so there are no batches")
    longest = max((int((times - start)[(times < NEVER) & (start < NEVER)].max(initial=0)) for start in before), default=0) or greatest
    most = greatest // MINUTE
    fitting = [minutes for minutes in range(1, most + 1) if most % minutes == 0 and minutes * MINUTE >= longest] or [most]
    value = base if base in fitting else most
    return Fit(key, value, fitting[0], fitting[-1], counted(len(batches), "batch", "batches"))


def _window(observations: Observations) -> Result:
    key = "ajio.acknowledgement_window_hours"
    _, times = observations.durations(Event.ALLOCATED, Event.ACKNOWLEDGED)
    return _constant(key, times, HOUR, "acknowledged order", observations.confidence)


def _courier(observations: Observations) -> Result:
    """Fit the time from the close of a manifest to the van; a full manifest closes earlier, so the shortest time counts."""
    key = "wms.courier_minutes_after"
    _, times = observations.durations(Event.READY, Event.DISPATCHED)
    if len(times) < FEWEST:
        return Unfitted(key, f"the log has {counted(len(times), 'dispatched order')}, expected at least {FEWEST}")
    least = int(times.min())
    return Fit(key, least / MINUTE, least / MINUTE, (least + TICK) / MINUTE, counted(len(times), "dispatched order"))


def _constant(key: str, times: IntArray, unit: int, noun: str, confidence: float) -> Result:
    """Fit a constant as the median, with the distribution-free interval of a median (order statistics)."""
    count = len(times)
    if count < FEWEST:
        return Unfitted(key, f"the log has {counted(count, noun)}, expected at least {FEWEST}")
    ordered = np.sort(times)
    reach = math.sqrt(count) * max(1.0, -math.log10(1 - confidence))
    low, high = (int(ordered[round(place)]) for place in (max(0.0, count / 2 - reach), min(count - 1.0, count / 2 + reach)))
    value = float(np.median(ordered))
    first, last = np.quantile(ordered, [0.05, 0.95])
    is_constant = last - first <= CONSTANT * value
    goodness = (
        "constant" if is_constant else f"not constant: 90 % of {counted(count, noun)} are from {first / unit:.3g} to {last / unit:.3g}"
    )
    return Fit(key, value / unit, low / unit, (high + TICK) / unit, counted(count, noun), goodness)


def _people(station: Station, observations: Observations) -> Result:
    """Count the people of a station who are named in the column `resource`."""
    wms = observations.base.wms
    if wms.staff_by_shift or wms.temporary_days or len(set(wms.staff_by_weekday)) > 1:
        return Unfitted(station.people, "the base experiment has other numbers of people by shift or day")
    rows = np.isin(observations.log.columns["event"], [WORD_CODES["event"][event] for event in station.events])
    names = {name for name in observations.log.words("resource", rows).tolist() if name}
    if not names:
        return Unfitted(station.people, "the log does not name the people (column `resource`)")
    return Fit(station.people, len(names), len(names), len(names), counted(len(names), "name"))


def _shift(observations: Observations) -> Iterator[Result]:
    """Read the shift from the events of people coming and going, the first and the last one of most days."""
    rows = observations.log.columns["event"] == WORD_CODES["event"][STATIONS[-1].presence]
    times, people = observations.log.columns["time_ms"][rows], observations.log.columns["units"][rows]
    comes, goes = times[people > 0], times[people == 0]
    starts = [int(comes[comes // DAY == day].min() - day * DAY) for day in np.unique(comes // DAY)]
    ends = [int(goes[(goes - 1) // DAY == day].max() - day * DAY) for day in np.unique((goes - 1) // DAY)]
    for key, moments in (("wms.shift_starts_at_hour", starts), ("wms.shift_ends_at_hour", ends)):
        if not moments:
            yield Unfitted(key, f"the log does not say when people come and go (`{STATIONS[-1].presence}`)")
            continue
        values, counts = np.unique(moments, return_counts=True)
        hour = float(values[counts.argmax()]) / HOUR
        yield Fit(key, hour, hour, hour + TICK / HOUR, counted(int(counts.max()), "day"))
