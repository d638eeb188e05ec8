"""Working hours and outages, as the settings of an experiment give them."""

from orders.log.calendar import Hours, Outages
from simulator.experiment.settings import Erp, Wms

OFFICE_DAYS = 5


def outages_of(erp: Erp) -> Outages:
    """Return the outages of the client's ERP."""
    return Outages.of(erp.outage_starts_at_hours, erp.outage_hours)


def office_of(erp: Erp) -> Hours:
    """Return the office hours of the client's clerks."""
    return Hours.between(erp.office_opens_at_hour, erp.office_closes_at_hour, OFFICE_DAYS)


def shift_of(wms: Wms) -> Hours:
    """Return the shift of the warehouse."""
    return Hours.between(wms.shift_starts_at_hour, wms.shift_ends_at_hour)
