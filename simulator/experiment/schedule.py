"""Working hours and outages, as the settings of an experiment give them."""

from itertools import pairwise

from orders.log.calendar import HOUR, MINUTE, Outages, on_tick
from orders.log.stations import Station
from simulator.experiment.experiment import Experiment, setting_of
from simulator.experiment.roster import Roster, Steps
from simulator.experiment.settings import Erp, Wms

OFFICE_DAYS = 5
WEEK = 7


def outages_of(erp: Erp) -> Outages:
    """Return the outages of the client's ERP."""
    return Outages.of(erp.outage_starts_at_hours, erp.outage_hours)


def clerks_of(erp: Erp) -> Roster:
    """Return the roster of the client's clerks: office hours from Monday to Friday, without holidays."""
    day = ((on_tick(erp.office_opens_at_hour * HOUR), erp.clerks), (on_tick(erp.office_closes_at_hour * HOUR), 0))
    return Roster(lambda number: day if number % WEEK < OFFICE_DAYS and number not in erp.office_holidays else ())


def roster_of(experiment: Experiment, station: Station) -> Roster:
    """Return the roster of a station of the warehouse."""
    temporary = setting_of(experiment, station.temporary) if station.temporary else 0
    return _roster(experiment.wms, setting_of(experiment, station.people), temporary)


def checkers_of(wms: Wms) -> Roster:
    """Return the roster of the people who receive and check returns."""
    return _roster(wms, wms.checkers, 0)


def _roster(wms: Wms, people: int, temporary: int) -> Roster:
    bounds = (wms.shift_starts_at_hour, *wms.shift_changes_at_hours, wms.shift_ends_at_hour)
    shares = wms.staff_by_shift or (1.0,) * (len(bounds) - 1)
    shifts = [(on_tick(start * HOUR), on_tick(end * HOUR), share) for (start, end), share in zip(pairwise(bounds), shares, strict=True)]
    breaks = [(on_tick(hour * HOUR), on_tick(hour * HOUR + wms.break_minutes * MINUTE)) for hour in sorted(wms.breaks_at_hours)]

    def steps_of(day: int) -> Steps:
        part = wms.staff_by_weekday[day % WEEK] * (wms.holiday_staff_share if day in wms.holidays else 1.0)
        extra = temporary if day in wms.temporary_days else 0
        steps = dict.fromkeys((bound for start, end, _ in shifts for bound in (start, end)), 0)
        steps |= {start: headcount(people, part * share) + extra for start, _, share in shifts}
        for start, end in breaks:
            after = next(count for at, count in sorted(steps.items(), reverse=True) if at <= end)
            steps = {at: count for at, count in steps.items() if not start <= at <= end} | {start: 0, end: after}
        return sorted(steps.items())

    return Roster(steps_of)


def headcount(people: int, share: float) -> int:
    """Return a share of people as a whole number, at least one of them for a share above 0."""
    return max(int(people * share + 0.5), 1) if share > 0 else 0
