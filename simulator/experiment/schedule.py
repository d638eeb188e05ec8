"""Working hours and outages, as the settings of an experiment give them."""

from orders.log.calendar import Hours, Outages
from simulator.experiment.settings import Erp, Wms

OFFICE_DAYS = 5


def outages_of(erp: Erp) -> Outages:
    """When it is down."""
    return Outages.of(erp.outage_starts_at_hours, erp.outage_hours)


def office_of(erp: Erp) -> Hours:
    """When its clerks work."""
    return Hours.between(erp.office_opens_at_hour, erp.office_closes_at_hour, OFFICE_DAYS)


def shift_of(wms: Wms) -> Hours:
    """When people work."""
    return Hours.between(wms.shift_starts_at_hour, wms.shift_ends_at_hour)
