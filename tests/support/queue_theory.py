"""The simulator against the theory of queues: the theory must lie in the 99.9 % interval, and the interval must be narrow.

A wide interval would let anything pass, so each case states the half-width it demands, relative to the theory. The seeds are
fixed. What is known of a run (how many orders should have come, how long their work should have taken) narrows its interval by
linear regression on it, as control variates do (Lavenberg and Welch, 1981). Set SOP_THEORY=nightly for runs ten times as long
and narrower half-widths.
"""

import gc
import math
import os

import numpy as np
from simpy import Environment

from orders.log.calendar import DAY, MINUTE, NEVER
from simulator.analysis.intervals import student_quantile
from simulator.experiment.roster import Roster
from simulator.experiment.settings import Ajio
from simulator.model.draws.arrivals import arrivals
from simulator.model.draws.random_streams import RandomStreams, exponential
from simulator.model.worker_pool import WorkerPool

NIGHTLY = os.environ.get("SOP_THEORY") == "nightly"
LONGER = 10 if NIGHTLY else 1
CONFIDENCE = 0.999
RUNS = 24
SERVICE = 4 * MINUTE
FLAT = (1.0,) * 24


def agrees(values, theory, tolerance, nightly, controls=()):
    """Assert that theory lies in the interval of the mean of *values* and that this is narrow enough.

    *controls* are other values of the same runs, whose expectation is 0.
    """
    runs, regressors = len(values), np.column_stack([np.ones(len(values)), *controls])
    inverse = np.linalg.inv(regressors.T @ regressors)
    coefficients = inverse @ regressors.T @ np.array(values)
    freedom = runs - regressors.shape[1]
    error = math.sqrt(((np.array(values) - regressors @ coefficients) ** 2).sum() / freedom * inverse[0, 0])
    mean, half = float(coefficients[0]), student_quantile(freedom, CONFIDENCE) * error
    text = f"{mean:.5g} ± {half:.2g} ({half / theory:.2%}), theory {theory:.5g}"

    assert abs(mean - theory) < half, text
    assert half <= (nightly if NIGHTLY else tolerance) * theory, text


def poisson(streams, rate, count):
    """About *count* arrivals at *rate* per millisecond, by the code that makes orders arrive."""
    per_day = rate * DAY
    return arrivals(Ajio(orders_per_day=per_day, hourly_weights=FLAT), math.ceil(count / per_day), streams)


def served(came, service, people, leaves=None):
    """When the work on each began, `NEVER` where it left first, by the pool that pickers and packers are."""
    env, came, service = Environment(), came.tolist(), service.tolist()
    begun = [NEVER] * len(came)
    leaves = [NEVER] * len(came) if leaves is None else leaves.tolist()

    def begin(order):
        now = int(env.now)
        if leaves[order] < now:
            return None
        begun[order] = now
        return now + service[order]

    roster = people if isinstance(people, Roster) else Roster.always(people)
    pool = WorkerPool(env, roster, begin, lambda _: None)

    def enter(event):
        order = event.value
        pool.enqueue(order, came[order])
        if order + 1 < len(came):
            env.timeout(came[order + 1] - came[order], order + 1).callbacks.append(enter)

    env.timeout(came[0], 0).callbacks.append(enter)
    gc.disable()
    env.run()
    gc.enable()
    return np.array(begun, dtype=np.int64)


class Run:
    """Orders of one run, the first tenth of its time apart, in which the queue fills; with *day* in whole days."""

    def __init__(self, seed, run, rate, count, table, day=1):  # noqa: PLR0913 (what a run depends on)
        self.streams = RandomStreams(seed, run)
        self.came = poisson(self.streams, rate, count)
        self.each = np.arange(len(self.came))
        self.service = (
            self.streams.sample_duration("service", self.each, table) if isinstance(table, np.ndarray) else np.full_like(self.each, table)
        )
        self.ends = math.ceil(count / (rate * DAY)) * DAY
        self.starts = self.ends // 10 // day * day
        self.counted = self.came >= self.starts
        self.controls = (self.counted.sum() / (rate * (self.ends - self.starts)) - 1, self.service[self.counted].mean() / SERVICE - 1)

    def leaving(self, patience):
        """When each has waited long enough."""
        return self.came + self.streams.sample_duration("patience", self.each, exponential(patience * SERVICE, 1))
