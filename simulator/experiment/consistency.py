"""Consistency of settings: values that are each valid but contradict each other."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

from simulator.experiment.settings import Ajio, Erp, Returns, Run, Wms
from simulator.experiment.values import short_json
from sop_engine.text import counted


def contradictions(values: Mapping[str, Any]) -> Iterator[str]:
    """Find contradictions between the settings in *values*, the sections by name."""
    yield from _order_contradictions(values["run"], values["ajio"])
    yield from _work_contradictions(values["erp"], values["wms"])
    yield from _staff_contradictions(values["run"], values["wms"])
    yield from _return_contradictions(values["returns"])


def _order_contradictions(run: Run, ajio: Ajio) -> Iterator[str]:
    if run.warm_up_days >= run.days:
        yield f"`run.warm_up_days`: must be less than run.days, {run.days}, got {run.warm_up_days}"
    for name in ("hourly_weights", "weekday_weights", "units_weights"):
        if not sum(getattr(ajio, name)) > 0:
            yield f"`ajio.{name}`: must not all be 0"
    if any(day >= run.days for day in ajio.sale_days):
        yield f"`ajio.sale_days`: must be days before run.days, {run.days}, got {max(ajio.sale_days)}"
    if ajio.breach_hours < ajio.target_hours:
        yield f"`ajio.breach_hours`: must not be less than ajio.target_hours, {ajio.target_hours}, got {ajio.breach_hours}"


def _work_contradictions(erp: Erp, wms: Wms) -> Iterator[str]:
    if erp.office_closes_at_hour <= erp.office_opens_at_hour:
        yield f"`erp.office_closes_at_hour`: must be after the office opens, {erp.office_opens_at_hour}, got {erp.office_closes_at_hour}"
    if wms.shift_ends_at_hour <= wms.shift_starts_at_hour:
        yield f"`wms.shift_ends_at_hour`: must be after the shift starts, {wms.shift_starts_at_hour}, got {wms.shift_ends_at_hour}"
    if not any(wms.van_capacity(weekday) for weekday in range(len(wms.vans_by_weekday))):
        yield "`wms.vans_by_weekday`: must not leave every van without a shipment"
    if not wms.manifest_closes_at_hours:
        yield "`wms.manifest_closes_at_hours`: must name at least one hour"


def _staff_contradictions(run: Run, wms: Wms) -> Iterator[str]:
    start, end = wms.shift_starts_at_hour, wms.shift_ends_at_hour
    if start >= end:
        return
    changes, shares = wms.shift_changes_at_hours, wms.staff_by_shift
    if any(not early < late for early, late in pairwise((start, *changes, end))):
        yield f"`wms.shift_changes_at_hours`: must be ascending, within the hours of work, {start} to {end}, got {short_json(list(changes))}"
    if shares and len(shares) != len(changes) + 1:
        yield (
            f"`wms.staff_by_shift`: must have a number for each shift, {len(changes) + 1} with {counted(len(changes), 'change')} in "
            f"wms.shift_changes_at_hours, got {len(shares)}"
        )
    if not sum(wms.staff_by_weekday) > 0:
        yield "`wms.staff_by_weekday`: must not all be 0"
    if shares and not sum(shares) > 0:
        yield "`wms.staff_by_shift`: must not all be 0"
    length = wms.break_minutes / 60
    breaks = sorted(wms.breaks_at_hours)
    if any(not start <= hour <= end - length for hour in breaks):
        yield f"`wms.breaks_at_hours`: must begin and end within the hours of work, {start} to {end}, got {short_json(breaks)}"
    if any(late < early + length for early, late in pairwise(breaks)):
        yield f"`wms.breaks_at_hours`: must not overlap; each takes {wms.break_minutes} minutes, got {short_json(breaks)}"
    if length * len(breaks) >= end - start:
        yield f"`wms.breaks_at_hours`: must leave time for work, got {len(breaks)} breaks of {wms.break_minutes} minutes"
    if any(day >= run.days for day in wms.temporary_days):
        yield f"`wms.temporary_days`: must be days before run.days, {run.days}, got {max(wms.temporary_days)}"


def _return_contradictions(returns: Returns) -> Iterator[str]:
    if returns.fail_share + returns.missing_share > 1:
        yield "`returns.fail_share`: must not exceed 1 together with returns.missing_share"
    for entry in fields(returns):
        days = getattr(returns, entry.name)
        if isinstance(days, tuple) and not days[0] <= days[1] <= days[2]:
            yield f"`returns.{entry.name}`: must be minimum, most likely and maximum, in ascending order, got {short_json(list(days))}"
