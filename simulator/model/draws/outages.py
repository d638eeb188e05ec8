"""Outages of the systems, drawn before the simulation starts: those of the settings, and random ones.

A system is up for an exponential time, then down for an exponential time (an alternating renewal process), so in the long run it is
up for the share ``up / (up + down)`` of the time, with the means.
"""

import numpy as np

from orders.log.arrays import IntArray
from orders.log.calendar import DAY, HOUR, NEVER, Outages
from orders.log.columns import System
from simulator.experiment.experiment import Experiment, setting_of
from simulator.experiment.schedule import outages_of
from simulator.model.draws.random_streams import RandomStreams, exponential

DAYS_AFTER = 14
"""Days after the last day with orders on which random outages still begin; later ones concern few orders."""
PREFIXES = {System.ERP: "erp", System.RMS: "rms", System.IRP: "irp", System.AJIO: "ajio"}
"""Beginnings of the names of the settings of a system's random outages."""


def draw_outages(experiment: Experiment, streams: RandomStreams) -> dict[System, Outages]:
    """Return the outages of each system in a replication."""
    until = (experiment.run.days + DAYS_AFTER) * DAY
    outages = {}
    for system, prefix in PREFIXES.items():
        days, hours = (setting_of(experiment, f"outages.{prefix}_{name}_mean") for name in ("days_between", "repair_hours"))
        outages[system] = random_outages(streams, system, days, hours, until) if days else Outages()
    outages[System.ERP] |= outages_of(experiment.erp)
    return outages


def random_outages(streams: RandomStreams, system: str, days_between: float, repair_hours: float, until: int) -> Outages:
    """Draw outages that begin before *until*."""
    count = 16
    while True:
        index = np.arange(count, dtype=np.int64)
        up = streams.sample_duration(f"{system} up", index, exponential(days_between, DAY))
        down = streams.sample_duration(f"{system} down", index, exponential(repair_hours, HOUR))
        ends = np.cumsum(up + down)
        if ends[-1] >= until:
            break
        count *= 2
    starts = ends - down
    early = starts < until
    return Outages.merged(zip(starts[early].tolist(), ends[early].tolist(), strict=True))


def up_from(outages: Outages, times: IntArray) -> IntArray:
    """Return each time at which the system is up, otherwise the end of the outage; `NEVER` stays `NEVER`."""
    if not outages.starts:
        return times
    starts, ends = (np.array([first, *cells], dtype=np.int64) for first, cells in ((-1, outages.starts), (-1, outages.ends)))
    place = np.searchsorted(starts, times, side="right") - 1
    return np.where(times < NEVER, np.maximum(times, ends[place]), NEVER)
