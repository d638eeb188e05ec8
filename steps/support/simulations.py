"""Simulated weeks of a scenario: an experiment with changed settings, its runs, and checks of their event logs.

Step definitions import this module only when they run, because it imports the whole simulator. Each check of a count also checks
that there is at least one, so that no claim about nothing holds.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from orders.log.calendar import NEVER
from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from orders.log.event_words import is_late_e_invoice
from orders.log.india import day_of
from orders.log.order_histories import OrderHistory, histories_of
from orders.log.order_times import OrderTimes
from orders.log.timestamps import in_india
from simulator.analysis.checks import CheckResult, check
from simulator.analysis.measures import measure
from simulator.experiment.experiment import Experiment, load
from simulator.study_data import SLA_BREACHED
from sop_engine import Outcome, Stage
from sop_engine.text import quoted
from steps.driver.protocol import Driver
from steps.support.claims import Check
from steps.support.order_steps import UntrueStepError
from steps.support.replay import ended_at, replay
from steps.support.setting_tables import NO_VARIANTS, VARIANTS_REMEDY

AT_LEAST_ONE = "at least 1"
STAGES_AFTER_PACKING = (Stage.PACKED, Stage.READY_TO_DISPATCH, Stage.COMPLETED)


@dataclass(frozen=True, slots=True)
class SimulatedRun:
    """One simulated variant: its name, its experiment and its event log."""

    variant: str
    experiment: Experiment
    log: Log

    @property
    def checks(self) -> dict[str, CheckResult]:
        """The invariants that the simulator checks, by name."""
        return {check_result.name: check_result for check_result in check([self.log], self.experiment)}


@dataclass(frozen=True, slots=True)
class SimulatedWeeks:
    """An experiment with changed settings, simulated once or once for each of its variants."""

    name: str
    changes: tuple[str, ...] = ()
    runs: tuple[SimulatedRun, ...] = ()
    each_variant: bool = False

    @property
    def experiment(self) -> Experiment:
        """The experiment with the changed settings.

        Raises:
            SopError: there is no experiment of that name, or a setting is invalid.
        """
        return load(self.name, self.changes)

    def changed(self, settings: Sequence[Sequence[str]]) -> "SimulatedWeeks":
        """Return a copy with *settings* (pairs of key and value) changed."""
        return replace(self, changes=(*self.changes, *(f"{key}={value}" for key, value in settings)))

    def simulated(self, driver: Driver, *, each_variant: bool = False) -> "SimulatedWeeks":
        """Return a copy with its runs by *driver*; runs of the same settings in this process are cached.

        Raises:
            UntrueStepError: each variant is to be simulated, and there is none.
        """
        if each_variant and not self.experiment.variants:
            raise UntrueStepError(NO_VARIANTS.format(quoted(self.name.replace("_", " "))), VARIANTS_REMEDY)
        return replace(self, runs=_runs(driver, self.name, self.changes, each_variant), each_variant=each_variant)

    @property
    def subject(self) -> dict[str, object]:
        """The subject of a claim about the weeks."""
        facts = {"experiment": self.name, "settings": ", ".join(self.changes), "seed": self.experiment.run.seed}
        return {"kind": "experiment", "facts": facts}

    @property
    def rows(self) -> Iterator[EventRow]:
        """Every row of the event logs of all runs."""
        return (row for run in self.runs for row in run.log.rows())

    @property
    def lives(self) -> Iterator[OrderHistory]:
        """The history of every order of all runs."""
        return chain.from_iterable(histories_of(run.log) for run in self.runs)


@lru_cache(maxsize=8)
def _runs(driver: Driver, name: str, changes: tuple[str, ...], each_variant: bool) -> tuple[SimulatedRun, ...]:  # noqa: FBT001 (part of a key)
    experiment = load(name, changes)
    variants = [variant for _, variant in experiment.variants] if each_variant else [experiment]
    simulated = driver.simulate(name, changes, each_variant=each_variant)
    return tuple(SimulatedRun(variant, settings, log) for settings, (variant, log) in zip(variants, simulated, strict=True))


def invariant_checks(weeks: SimulatedWeeks, *laws: str) -> list[Check]:
    """Return the checks that each run satisfies the invariants named *laws*, and that they apply to at least one thing."""
    return [_claim_of_result(run.checks[law]) for run in weeks.runs for law in laws]


def _claim_of_result(result: CheckResult) -> Check:
    if result.expected == "0":
        return result.things, AT_LEAST_ONE, result.found
    return result.things, result.expected, result.found if not result.holds else result.expected


def at_least_one_check(noun: str, count: int) -> Check:
    """Return the check that there is at least one of *noun*."""
    return noun, AT_LEAST_ONE, AT_LEAST_ONE if count else "0"


def late_request_check(weeks: SimulatedWeeks) -> Check:
    """Return the check that there is a request to cancel a packed order, or one at a later stage."""
    return at_least_one_check(
        "requests to cancel after packing", sum(row.event == Event.CANCELLATION and row.stage in STAGES_AFTER_PACKING for row in weeks.rows)
    )


def credit_note_checks(weeks: SimulatedWeeks) -> list[Check]:
    """Return the checks that as many credit notes are due as cancelled orders have an e-invoice."""
    checks: list[Check] = []
    for run in weeks.runs:
        times = OrderTimes(run.log)
        invoiced = {life.number for life in histories_of(run.log) if any(row.event == Event.INVOICED for row in life.rows)}
        ended = {int(number) for number, at in zip(times.orders, times.ended, strict=True) if at < NEVER}
        invoiced_and_ended = len(invoiced & ended)
        checks += [
            at_least_one_check("cancelled orders with an e-invoice", invoiced_and_ended),
            ("credit notes due", invoiced_and_ended, len(times.rows(Event.CREDIT_NOTE_DUE))),
        ]
    return checks


def vms_report_checks(weeks: SimulatedWeeks, driver: Driver) -> list[Check]:
    """Return the checks that the VMS report of each day lists the orders that were posted and were cancelled on that day."""
    lives = [life for life in weeks.lives if ended_at(life) is not None and any(row.event == Event.POSTED for row in life.rows)]
    expected: dict[str, list[str]] = {}
    for life in sorted(lives, key=lambda life: (ended_at(life) or 0, life.number)):
        expected.setdefault(str(day_of(in_india(ended_at(life) or 0))), []).append(str(life.number))
    orders = [replay(life, driver) for life in lives]
    days = sorted({day_of(in_india(row.at)) for life in weeks.lives for row in life.rows})
    listed = {str(day): [row.channel_order_id for row in driver.cancelled_after_posting(orders, day, day)] for day in days}
    nonempty_reports = {day: numbers for day, numbers in listed.items() if numbers}
    return [
        at_least_one_check("orders posted and then cancelled", len(lives)),
        ("orders in the report of each day", expected, nonempty_reports),
    ]


def client_duty_checks(weeks: SimulatedWeeks, driver: Driver) -> list[Check]:
    """Return the checks that cancelled orders leave no duty."""
    orders = [replay(life, driver) for life in weeks.lives if ended_at(life) is not None]
    duties = sorted({str(duty.task) for order in orders for duty in order.duties})
    due = sum(row.event == Event.CREDIT_NOTE_DUE for row in weeks.rows)
    return [at_least_one_check("cancelled orders", len(orders)), ("duties", [], duties), ("credit notes due", 0, due)]


def sla_breach_checks(weeks: SimulatedWeeks, key: str) -> list[Check]:
    """Return the checks that the share of orders with SLA breaches never falls from the most people to the fewest; *key* is the setting."""
    section, _, name = key.partition(".")
    runs = sorted(weeks.runs, key=lambda run: -int(getattr(getattr(run.experiment, section), name)))
    shares = [round(measure([run.log], run.experiment).get(SLA_BREACHED, 0.0), 6) for run in runs]
    return [
        at_least_one_check("SLA breaches", sum(share > 0 for share in shares)),
        ("SLA breaches, from many to few", sorted(shares), shares),
    ]


def arrival_checks(weeks: SimulatedWeeks) -> list[Check]:
    """Return the checks that the same orders arrive at the same times in every run."""
    arrivals = [[(row.at, row.order, row.units) for row in run.log.where(Event.CREATED).rows()] for run in weeks.runs]
    first, *other_arrivals = arrivals
    checks = [at_least_one_check("orders", len(first)), at_least_one_check("other variants", len(other_arrivals))]
    return checks + [
        ("orders that arrive", _arrivals_digest(first), _arrivals_digest(arrivals_of_variant)) for arrivals_of_variant in other_arrivals
    ]


def reproduction_checks(weeks: SimulatedWeeks, driver: Driver) -> list[Check]:
    """Return the checks that each run, simulated again by *driver* with the same seed, has the same digest."""
    again = driver.simulate(weeks.name, weeks.changes, each_variant=weeks.each_variant)
    checks = [at_least_one_check("events", min(len(run.log) for run in weeks.runs))]
    return checks + [("digest of the log", run.log.digest(), log.digest()) for run, (_, log) in zip(weeks.runs, again, strict=True)]


def occurrence_check(weeks: SimulatedWeeks, happening: str) -> Check:
    """Return the check that *happening* happened at least once."""
    return at_least_one_check(f"sight of {happening}", sum(HAPPENINGS[happening](row) for row in weeks.rows))


HAPPENINGS: dict[str, Callable[[EventRow], bool]] = {
    "a packing error": lambda row: row.event == Event.PACKING_ERROR,
    "a late e-invoice": is_late_e_invoice,
    "a refusal": lambda row: row.outcome == Outcome.REFUSED,
    "an error on screen": lambda row: row.outcome == Outcome.FAILS_ON_SCREEN,
    "a second cancellation": lambda row: row.outcome == Outcome.WITHOUT_EFFECT,
    "an outage": lambda row: row.event == Event.ERP_DOWN,
}
"""Conditions on an event row, by their words in a feature file."""


def _arrivals_digest(arrivals: Sequence[tuple[int, int, int]]) -> list[object]:
    """Return the number of arrivals and a short digest of them."""
    return [len(arrivals), hashlib.sha256(repr(arrivals).encode()).hexdigest()[:12]]
