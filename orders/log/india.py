"""Calendar days in India (Asia/Kolkata).

India has had one offset without summer time since 1945, so a fixed zone is used; it needs no time-zone data.
"""

from datetime import date, datetime, timedelta, timezone

from sop_engine import SopError

INDIA = timezone(timedelta(hours=5, minutes=30), "Asia/Kolkata")


class TimeWithoutZoneError(SopError):
    """A time without a zone, so that its day in India is not certain."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"the time `{at.isoformat()}` has no zone; add one, for example `{at.isoformat()}+05:30`")
        self.at = at


def day_of(at: datetime) -> date:
    """Return the calendar day of *at* in India.

    Raises:
        TimeWithoutZoneError: *at* has no zone.
    """
    if at.utcoffset() is None:
        raise TimeWithoutZoneError(at)
    return at.astimezone(INDIA).date()
