"""Headline measures, queues and intervals computed from Parquet logs by DuckDB, without the code of the simulator.

Only the settings of the experiment and the documented columns of the log are used. Times are milliseconds.
"""

# ruff: noqa: S608 (the parts of these statements are our own)
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import duckdb

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
STUDENT = {1: 12.706204736432095, 2: 4.302652729911275, 4: 2.7764451051977987}
"""Two-sided 95 % quantiles of Student's t by degrees of freedom, as published."""
FEW = 10
SHARES = {
    "SLA breached, share of orders": "orders",
    "SLA target missed, share of dispatched": "orders dispatched",
    "orders cancelled in full, share": "orders",
    "credit notes made after 30 days, share": "credit notes made",
}
PRICES = (
    *("picker_rupees_an_hour", "packer_rupees_an_hour", "checker_rupees_an_hour", "clerk_rupees_an_hour", "overtime_factor"),
    *("lost_order_rupees", "breach_penalty_rupees", "credit_note_rupees"),
)
RARE_COUNTS = ("credit notes due", "refused or failed requests", "packing errors", "late e-invoices (GAP-17)")
STATIONS = {
    "posts to the ERP": ("ready", "least(posted, ended)"),
    "pickers": ("released", "least(pick_started, ended)"),
    "packers": ("picked", "least(pack_started, ended)"),
    "credit-note clerks": ("due", "made"),
}
"""By station: when an order comes to it, and when it leaves its queue."""
NEVER = 1 << 62

ORDERS = f"""
CREATE TABLE log AS SELECT * FROM read_parquet(?);
CREATE TABLE orders AS
WITH first AS (
  SELECT "order",
    min(time_ms) FILTER (event = 'created') AS created,
    any_value(invoicing) FILTER (event = 'acknowledged') AS invoiced_by,
    coalesce(min(time_ms) FILTER (event = 'acknowledged'), {NEVER}) AS acknowledged,
    coalesce(min(time_ms) FILTER (event = 'posted'), {NEVER}) AS posted,
    coalesce(min(time_ms) FILTER (event = 'released'), {NEVER}) AS released,
    coalesce(min(time_ms) FILTER (event = 'pick started'), {NEVER}) AS pick_started,
    coalesce(min(time_ms) FILTER (event = 'picked'), {NEVER}) AS picked,
    coalesce(min(time_ms) FILTER (event = 'pack started'), {NEVER}) AS pack_started,
    coalesce(min(time_ms) FILTER (event IN ('packed', 'packing error')), {NEVER}) AS packed,
    coalesce(min(time_ms) FILTER (event = 'dispatched'), {NEVER}) AS dispatched,
    coalesce(min(time_ms) FILTER (event = 'credit note due'), {NEVER}) AS due,
    coalesce(min(time_ms) FILTER (event = 'credit note made'), {NEVER}) AS made,
    coalesce(min(time_ms) FILTER (event = 'cancelled by customer'
      OR (event = 'cancellation' AND outcome = 'allowed' AND scope = 'full')), {NEVER}) AS ended,
    count(*) FILTER (event = 'cancellation' AND outcome NOT IN ('allowed', 'without effect')) AS refusals,
    count(*) FILTER (event = 'credit note due') AS notes_due,
    count(*) FILTER (event = 'packing error') AS errors,
    count(*) FILTER (event = 'e-invoice generated' AND reason = 'late') AS late_invoices,
    coalesce(sum(units) FILTER (event = 'return received'), 0) AS units_back,
    count(*) FILTER (event = 'cancelled by customer') AS customer_cancellations
  FROM log WHERE "order" > 0 GROUP BY "order"
)
SELECT *, created >= $warm AS measured,
  CASE WHEN invoiced_by = 'ERP' AND acknowledged + $details < ended THEN acknowledged + $details ELSE {NEVER} END AS ready
FROM first;
"""

MEASURES = f"""
SELECT
  count(*) FILTER (measured) AS "orders",
  count(*) FILTER (measured AND dispatched < {NEVER}) AS "orders dispatched",
  count(*) FILTER (measured AND made < {NEVER}) AS "credit notes made",
  count(*) FILTER (dispatched >= $warm AND dispatched < $last) * {DAY}.0 / ($last - $warm) AS "dispatched a day",
  avg((dispatched - created) / {HOUR}.0) FILTER (measured AND dispatched < {NEVER}) AS "time to dispatch, hours",
  avg((dispatched - created > $target)::INT) FILTER (measured AND dispatched < {NEVER}) AS "SLA target missed, share of dispatched",
  avg((least(dispatched, ended) > created + $breach)::INT) FILTER (measured) AS "SLA breached, share of orders",
  avg((ended < {NEVER})::INT) FILTER (measured) AS "orders cancelled in full, share",
  coalesce(sum(refusals) FILTER (measured), 0) AS "refused or failed requests",
  coalesce(sum(notes_due) FILTER (measured), 0) AS "credit notes due",
  avg((made - due) / {HOUR}.0) FILTER (measured AND made < {NEVER}) AS "age of a credit note when made, hours",
  max((made - due) / {HOUR}.0) FILTER (measured AND made < {NEVER}) AS "oldest credit note when made, hours",
  avg((made - due > {30 * DAY})::INT) FILTER (measured AND made < {NEVER}) AS "credit notes made after 30 days, share",
  coalesce(sum(late_invoices) FILTER (measured), 0) AS "late e-invoices (GAP-17)",
  coalesce(sum(errors) FILTER (measured), 0) AS "packing errors",
  count(*) FILTER (measured AND ended < {NEVER}) - coalesce(sum(customer_cancellations) FILTER (measured), 0) AS "lost orders",
  sum(units_back) FILTER (measured) * 1.0 / count(*) FILTER (measured) AS "units back, per order"
FROM orders;
"""

TEAMS = {"pickers": ("pick_started", "picked"), "packers": ("pack_started", "packed")}
"""By team: when work on an order begins, and when it ends unless the order is cancelled before."""


def people_query(team: str) -> str:
    """Return the query of the busy hours of *team* in the shift, of those after it, and of the hours at work, on the measured days."""
    start, stop = TEAMS[team]
    return f"""
WITH work AS (
  SELECT greatest({start}, $warm) AS start, least({stop}, ended, $last) AS stop
  FROM orders WHERE {start} < {NEVER} AND least({stop}, ended) < {NEVER}
), pieces AS (
  SELECT sum(greatest(0, stop - start)) AS worked,
    sum((SELECT sum(greatest(0, least(stop, day * {DAY} + $closes) - greatest(start, day * {DAY} + $opens)))
         FROM range($warm // {DAY}, $last // {DAY}) AS days(day))) AS in_shift
  FROM work
), staff AS (
  SELECT time_ms AS start, lead(time_ms, 1, {NEVER}) OVER (ORDER BY time_ms) AS stop, units FROM log WHERE event = '{team} at work'
)
SELECT in_shift * 1.0 / {HOUR}, (worked - in_shift) * 1.0 / {HOUR},
  (SELECT sum(units * greatest(0, least(stop, $last) - greatest(start, $warm))) * 1.0 / {HOUR} FROM staff)
FROM pieces;
"""


class LogFigures:
    """Figures of the log in *file*, which is of an experiment with *settings*, by key."""

    def __init__(self, file: Path, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.days, self.warm = settings["run.days"], settings["run.warm_up_days"]
        self.query = duckdb.connect()
        create_log, create_orders, _ = ORDERS.split(";")
        self.query.execute(create_log, [str(file)])
        details = int(settings["oms.details_minutes"] * MINUTE) // 8 * 8
        self.query.execute(create_orders, {"warm": self.warm * DAY, "details": details})

    def measures(self) -> dict[str, float]:
        """Return the headline measures, without means of no values."""
        span = {"warm": self.warm * DAY, "last": self.days * DAY}
        limits = {name: self.settings[f"ajio.{name}_hours"] * HOUR for name in ("target", "breach")}
        rows = self.query.execute(MEASURES, span | limits)
        names = [column[0] for column in rows.description or ()]
        measures = dict(zip(names, rows.fetchone() or (), strict=True))
        hours = {"opens": self.hour("starts"), "closes": self.hour("ends")}
        people = {team: (self.query.execute(people_query(team), span | hours).fetchone() or ()) for team in TEAMS}
        busy, overtime, staffed = people["packers"]
        days = self.days - self.warm
        measures |= {"packers busy, share of staffed time": busy / staffed, "packers' overtime, hours a day": overtime / days}
        measures["cost, rupees a day"] = self._cost(measures, people) / days
        del measures["lost orders"]
        return {name: float(value) for name, value in measures.items() if value is not None}

    def _cost(self, measures: dict[str, float], people: dict[str, tuple[float, float, float]]) -> float:
        """Return what the measured days cost: pay for hours at work and after the shift, lost orders, penalties, and credit notes."""
        price = {name: self.settings[f"prices.{name}"] for name in PRICES}
        shift = (self.hour("ends") - self.hour("starts")) / HOUR
        office = self.settings["erp.office_closes_at_hour"] - self.settings["erp.office_opens_at_hour"]
        weekdays = sum(day % 7 < 5 for day in range(self.warm, self.days))
        pay = price["checker_rupees_an_hour"] * self.settings["wms.checkers"] * shift * (self.days - self.warm)
        pay += price["clerk_rupees_an_hour"] * self.settings["erp.clerks"] * office * weekdays
        for team, (_, overtime, staffed) in people.items():
            pay += price[f"{team[:-1]}_rupees_an_hour"] * (staffed + price["overtime_factor"] * overtime)
        breached = measures["SLA breached, share of orders"] * measures["orders"]
        events = measures["lost orders"] * price["lost_order_rupees"] + breached * price["breach_penalty_rupees"]
        return float(pay + events + measures["credit notes due"] * price["credit_note_rupees"])

    def hour(self, end: str) -> int:
        """Return when the shift *starts* or *ends*, in milliseconds of the day."""
        return int(self.settings[f"wms.shift_{end}_at_hour"] * HOUR)

    def waiting(self, station: str) -> list[int]:
        """Return the orders that wait at the close of each day."""
        came, left = STATIONS[station]
        close = self.hour("ends") if station in ("pickers", "packers") else DAY
        sql = f"""SELECT (SELECT count(*) FROM orders WHERE {came} <= day * {DAY} + {close} AND {came} < {self.days * DAY}
                          AND {left} > day * {DAY} + {close})
                  FROM range({self.days}) AS days(day) ORDER BY day"""
        return [count for (count,) in self.query.execute(sql).fetchall()]

    def load(self, station: str) -> float:
        """Return the work that comes on the measured days, divided by the work that can be done."""
        came = STATIONS[station][0]
        count = self._number(f"SELECT count(*) FROM orders WHERE {came} >= {self.warm * DAY} AND {came} < {self.days * DAY}")
        days = self.days - self.warm
        if station == "posts to the ERP":
            interval = self.settings["erp.post_interval_minutes"] * MINUTE
            rows = self.query.execute("SELECT event, time_ms FROM log WHERE event IN ('ERP down', 'ERP up') ORDER BY time_ms").fetchall()
            downs, ups = ([at for event, at in rows if event == name] for name in ("ERP down", "ERP up"))
            posts = sum(
                not any(start <= moment < end for start, end in zip(downs, ups, strict=True))
                for day in range(self.warm, self.days)
                for moment in range(day * DAY, (day + 1) * DAY, interval)
            )
            return count / (posts * self.settings["erp.posts_per_interval"])
        if station == "credit-note clerks":
            minutes = self.settings["erp.credit_note_minutes_median"] * math.exp(0.5**2 / 2)
            hours = self.settings["erp.office_closes_at_hour"] - self.settings["erp.office_opens_at_hour"]
            return count * minutes / (self.settings["erp.clerks"] * hours * 60 * days * 5 / 7)
        start, stop = {"pickers": ("pick_started", "picked"), "packers": ("pack_started", "packed")}[station]
        work = self._number(f"SELECT avg({stop} - {start}) FROM orders WHERE {start} < {NEVER} AND {stop} < {NEVER}")
        return count * work / (self.settings[f"wms.{station}"] * (self.hour("ends") - self.hour("starts")) * days)

    def hours_by_day(self) -> list[float | None]:
        """Return the mean hours to dispatch of the orders of each day."""
        rows = self.query.execute(
            f"SELECT created // {DAY}, avg((dispatched - created) / {HOUR}.0) FROM orders WHERE dispatched < {NEVER} GROUP BY 1"
        )
        by_day = dict(rows.fetchall())
        return [by_day.get(day) for day in range(self.days)]

    def _number(self, sql: str) -> float:
        (value,) = self.query.execute(sql).fetchone() or (0,)
        return float(value)


def interval_of(name: str, replications: Sequence[dict[str, float]]) -> tuple[float, float | None, float, float]:
    """Return mean, half-width, and both ends of the confidence interval of a measure that some of *replications* have."""
    values = [measures[name] for measures in replications if name in measures]
    mean = fmean(values)
    half = STUDENT[len(values) - 1] * stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    student = None if half is None else (max(0.0, mean - half), min(1.0 if name in SHARES else math.inf, mean + half))
    if name not in SHARES and name not in RARE_COUNTS:
        return mean, half, *(student or (mean, mean))
    items = [measures[SHARES[name]] if name in SHARES else math.inf for measures in replications if name in measures]
    counts = [round(value * (items[k] if name in SHARES else 1)) for k, value in enumerate(values)]
    rare = [of - count for of, count in zip(items, counts, strict=True)] if sum(counts) > sum(items) / 2 else counts
    if sum(rare) >= FEW and half != 0 and student is not None:
        return mean, half, *student
    ends = _mid_p_interval(sum(counts), sum(items), len(values))
    if student is not None and _is_clustered(rare):
        ends = min(ends[0], student[0]), max(ends[1], student[1])
    return mean, half, *ends


def corrected_p_values(differences: Sequence[dict[str, tuple[float, float]]]) -> list[dict[str, float]]:
    """Return the p-values of one family of paired differences of five replications, each given as mean and half-width, by Holm."""
    values = {
        (place, name): _student_p(mean, half)
        for place, side in enumerate(differences)
        for name, (mean, half) in side.items()
        if mean or half
    }
    corrected: list[dict[str, float]] = [{} for _ in differences]
    largest = 0.0
    for rank, (place, name) in enumerate(sorted(values, key=values.__getitem__)):
        largest = max(largest, min(1.0, values[place, name] * (len(values) - rank)))
        corrected[place][name] = largest
    return corrected


def _student_p(mean: float, half: float) -> float:
    """Return the two-sided p-value of a mean of five values: the distribution of Student's t with four degrees of freedom."""
    if not mean or not half:
        return 1.0 if not mean else 2.0**-4
    t = abs(mean) / half * STUDENT[4]
    root = 1 + t * t / 4
    return 1 - 3 / 4 * t / math.sqrt(root) * (1 - t * t / (12 * root))


def _mid_p_interval(events: int, of: float, replications: int) -> tuple[float, float]:
    """Return the ends at which the mid-P tails of a binomial count, or of a Poisson count where *of* is infinite, are 0.025."""

    def log_probability(k: int, rate: float) -> float:
        if of == math.inf:
            return k * math.log(rate) - rate - math.lgamma(k + 1)
        n = int(of)
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(rate) + (n - k) * math.log1p(-rate)

    def below(rate: float) -> float:
        """Return the probability of fewer events, and half of that of as many."""
        few = min(events, 10**6)
        return sum(math.exp(log_probability(k, rate)) for k in range(few)) + math.exp(log_probability(events, rate)) / 2

    top = 1.0 if of < math.inf else 30.0 + 2 * events + 20 * math.sqrt(events + 1)
    low = 0.0 if events == 0 else _solve(lambda rate: below(rate) > 0.975, top)
    high = top if events == of else _solve(lambda rate: below(rate) > 0.025, top)
    by = replications if of == math.inf else 1
    return low / by, high / by


def _solve(is_below: Callable[[float], bool], top: float) -> float:
    low, high = 0.0, top
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return low


def _is_clustered(counts: Sequence[float]) -> bool:
    """Return whether the index of dispersion of five counts is above the 95 % quantile of chi-squared with four degrees of freedom."""
    mean = fmean(counts)
    return len(counts) == 5 and mean > 0 and sum((count - mean) ** 2 for count in counts) / mean > 9.487729
