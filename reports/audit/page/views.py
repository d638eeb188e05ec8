"""What the page of an audit shows, as plain data."""

from dataclasses import dataclass
from typing import Any

from reports.audit.earlier_audit import Comparison
from reports.audit.figures import Figures, SystemsGrid
from reports.audit.order_life import OrderLife


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty as the page shows it."""

    order: str
    life: str
    task: str
    invoice: str
    value: str
    rest: str
    state: str
    urgency: str
    since: str
    days: int | None
    reminder_on: str
    overdue_on: str
    grounds: str
    remark: str
    seen: str
    note: str
    done: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it."""

    rule: str
    finds: str
    order: str
    life: str
    document: str
    text: str
    remedy: str
    kind: str
    since: str
    grounds: str
    seen: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; *more* are left out. *text* is the clause's or the gap's, *remark* what we assume."""

    title: str
    text: str
    remark: str
    entries: tuple[Any, ...]
    more: int = 0

    @property
    def count(self) -> int:
        """Return the number of entries, also of those left out."""
        return len(self.entries) + self.more


@dataclass(frozen=True, slots=True)
class AsideView:
    """Equal reasons of rows of one file: their number, and the first row with its order and cell."""

    file: str
    count: int
    first: int
    column: str
    cell: str
    message: str
    remedy: str
    reason: str
    gap: str
    orders: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A file of the audit."""

    name: str
    system: str
    profile: str
    claim: str
    counts: tuple[tuple[str, int], ...]
    totals: tuple[str, ...]
    channels: str
    columns: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class VmsList:
    """What a report of the VMS should list, in numbers, and the orders of which this is not known; *more* of them are left out.

    *what* says what the *count* entries are, *days* which days were chosen, if some were, and *file* has all of them.
    """

    what: str
    count: int
    days: str
    file: str
    left_out: tuple[tuple[str, str, str], ...]
    more: int

    @property
    def left_out_count(self) -> int:
        """Return the number of orders of which it is not known."""
        return len(self.left_out) + self.more


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The content of the page."""

    as_of: str
    reading: str
    figures: Figures
    due_value: str
    oldest_text: str
    oldest: tuple[DutyView, ...]
    duties: tuple[Group, ...]
    other_duties: Group
    against: tuple[Group, ...]
    corrections: tuple[Group, ...]
    grid: SystemsGrid
    reconciliation: tuple[Group, ...]
    returns: Group
    vms_lists: tuple[VmsList, ...]
    questions: tuple[Group, ...]
    information: tuple[Group, ...]
    aside: tuple[AsideView, ...]
    sources: tuple[SourceView, ...]
    lives: tuple[OrderLife, ...]
    since: Comparison | None
    assumed: tuple[str, ...]
    rules: tuple[tuple[str, str, int], ...]
