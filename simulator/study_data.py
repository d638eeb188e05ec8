"""Types of ``study.json``, version 1: a study as it is written, read and passed to the report.

The published schema is `sop_engine/schemas/study.schema.json`.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from simulator.field_types import Confidence, Count, HalfWidth, Hash, Positive, Probability, Value
from simulator.search_data import Precision, Search, Sensitivity
from simulator.typed_json import read_typed

SLA_BREACHED = "SLA breached, share of orders"
"""Name of a measure that reports mention even where it has no effect."""
NOTE_AGE, NOTES_LATE = "age of a credit note when made, hours", "credit notes made after 30 days, share"
OLDEST_NOTE = "oldest credit note when made, hours"
COST = "cost, rupees a day"
HEADLINE_MEASURES = (
    *("dispatched a day", "time to dispatch, hours", "SLA target missed, share of dispatched", SLA_BREACHED),
    *("orders cancelled in full, share", "refused or failed requests", "credit notes due", NOTE_AGE, NOTES_LATE),
    *("late e-invoices (GAP-17)", "packing errors", "packers busy, share of staffed time", "packers' overtime, hours a day"),
    *("units back, per order", COST),
)
"""Measures of the first tables, in their order; the comparisons of these are one family of tests."""
COUNTED_MEASURES = (
    *("orders", "orders dispatched", "cancelled by customers", "refused or failed requests", "refused at PACKED"),
    *("refused on a closed manifest", "packing errors", "credit notes due", "credit notes made", "late e-invoices (GAP-17)"),
)
"""Measures that count what happens on all measured days, beside the counts by kind."""
A_WEEK = 7
FILE = "study.json"
RUN_AGAIN = "run the experiment again with `sop simulate`"
BASE_ONLY, PAIR = 1, 2
SIGNIFICANT = 0.05
"""Corrected p-value below which a difference is clear."""


class Estimate(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mean over replications and the half-width of its confidence interval; ``None`` with fewer than two replications.

    Attributes:
        interval: the confidence interval, where it is not the mean plus or minus the half-width.
        events: for a count or a share, the number of events in all replications; *of* is the number of items that a share is of.
        p: for a difference, its p-value, corrected for the number of comparisons.
    """

    mean: float
    half_width: HalfWidth | None
    replications: Positive
    interval: tuple[float, float] | None = None
    events: Count | None = None
    of: Positive | None = None
    p: Probability | None = None

    def __post_init__(self) -> None:
        if (self.half_width is None) != (self.replications < 2):  # noqa: PLR2004 (one value has no spread)
            raise ValueError(f"`half_width` is {self.half_width}, which an estimate over {self.replications} replications cannot have")
        if self.interval is not None and not self.interval[0] <= self.mean <= self.interval[1]:
            raise ValueError(f"`interval` is {list(self.interval)}, which does not contain `mean`, {self.mean}")
        if self.of is not None and (self.events is None or self.events > self.of):
            raise ValueError(f"`events` is {self.events}, expected at most `of`, {self.of}")

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.interval[0] if self.interval is not None else self.mean - (self.half_width or 0.0)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.interval[1] if self.interval is not None else self.mean + (self.half_width or 0.0)

    @property
    def is_uneven(self) -> bool:
        """Whether the interval is not the mean plus or minus the half-width."""
        return self.interval is not None

    @property
    def is_clear(self) -> bool:
        """Whether a difference is statistically significant: by its corrected p-value; without one, if its interval excludes 0."""
        if self.p is not None:
            return self.p < SIGNIFICANT
        return self.half_width is not None and abs(self.mean) > self.half_width


class Replication(Struct, frozen=True, forbid_unknown_fields=True):
    """One replication: its number, the digest and length of its log, and its measures, without means of no values."""

    number: Count
    digest: Hash
    rows: Count
    measures: dict[str, float]


class Queue(Struct, frozen=True, forbid_unknown_fields=True):
    """Stability of one station of a variant, as means over replications.

    Attributes:
        load: offered load over capacity: work that arrives, by the work that the people or the system can do.
        start, end: orders that wait at the close of the last day before the measured ones, and of the last day.
        growth: change of that number a day over the measured days, and the half-width of its interval.
        waiting: orders that wait at the close of each day.
        closed_hours, queue_hours: hours for which the orders that come on each day wait while the station is closed, and while it is open.
        verdict: "growing" where no steady state exists, "left" where a peak is not worked off at the end.
    """

    station: str
    load: float
    start: float
    end: float
    growth: Estimate
    waiting: list[float]
    closed_hours: list[float]
    queue_hours: list[float]
    verdict: Literal["steady", "growing", "left"]


class WarmUp(Struct, frozen=True, forbid_unknown_fields=True):
    """Check of the warm-up: the days that MSER cuts off, and whether `run.warm_up_days` is enough.

    Attributes:
        hours: mean hours to dispatch of the orders of each day (Welch's averaged series); null for a day without any.
        days: number of first days that MSER cuts off.
        excess: mean of the measured days among them, minus that of the later days; null if there are none.
        verdict: "enough", "short", or "not judged" where the days differ on purpose or are too few.
    """

    hours: list[float | None]
    days: Count
    excess: Estimate | None
    verdict: Literal["enough", "short", "not judged"]


class Stability(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the figures of a variant are those of a steady state."""

    queues: list[Queue]
    warm_up: WarmUp

    @property
    def unsteady(self) -> list[Queue]:
        """Queues that grow or are not worked off."""
        return [queue for queue in self.queues if queue.verdict != "steady"]


class Variant(Struct, frozen=True, forbid_unknown_fields=True):
    """A variant with its results; *against_base* is its difference from the first variant, ``None`` for the first."""

    name: str
    says: str
    changes: dict[str, Value]
    sha256: Hash
    replications: list[Replication]
    estimates: dict[str, Estimate]
    against_base: dict[str, Estimate] | None
    stability: Stability | None = None

    def __post_init__(self) -> None:
        if not self.replications:
            raise ValueError("a variant needs at least one replication")
        for place, replication in enumerate(self.replications):
            if replication.number != place:
                raise ValueError(f"item {place + 1} of `replications` has the number {replication.number}, expected {place}")
        for name, estimate in (*self.estimates.items(), *self.differences.items()):
            if estimate.replications > len(self.replications):
                raise ValueError(f"`{name}` is an estimate over {estimate.replications} of {len(self.replications)} replications")

    @property
    def rows(self) -> int:
        """Number of events in all its logs."""
        return sum(replication.rows for replication in self.replications)

    @property
    def differences(self) -> dict[str, Estimate]:
        """Differences from the base, by measure; empty for the base."""
        return self.against_base or {}


class Setting(Struct, frozen=True, forbid_unknown_fields=True):
    """A key of the experiment with its value, its meaning and where its default comes from."""

    key: str
    value: Value
    says: str
    source: str
    assumed: bool
    varied: bool


class FailedCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """A replication in which a check did not hold."""

    variant: str
    number: Count
    expected: str
    found: str


class CheckSummary(Struct, frozen=True, forbid_unknown_fields=True):
    """A check over all logs, and in how many it held; *failed* has the first replications in which it did not."""

    name: str
    says: str
    held: Count
    of: Positive
    failed: list[FailedCheck]

    def __post_init__(self) -> None:
        if self.held > self.of:
            raise ValueError(f"`held` is {self.held}, more than `of`, {self.of}")
        if len(self.failed) > self.of - self.held:
            raise ValueError(f"`failed` has {len(self.failed)} replications, more than the {self.of - self.held} in which it did not hold")

    @property
    def is_broken(self) -> bool:
        """Whether the check failed in some replication."""
        return self.held < self.of


class Sweep(Struct, frozen=True, forbid_unknown_fields=True):
    """A key and the values that it takes, one for each variant; *says* is what the key means."""

    key: str
    says: str
    values: tuple[Value, ...]


class Study(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The variants of an experiment, replicated on common random numbers; the first is the base of comparison.

    The variants of a search are the values that it simulated; they may have fewer replications than *replications*.
    """

    version: Literal[1]
    name: str
    description: str
    sha256: Hash
    seed: Count
    days: Positive
    warm_up_days: Count
    replications: Positive
    confidence: Confidence
    kind: Literal["single", "paired", "sweep"]
    sweep: Sweep | None
    settings: list[Setting]
    variants: list[Variant]
    checks: list[CheckSummary]
    search: Search | None = None
    precision: list[Precision] | None = None
    sensitivity: Sensitivity | None = None

    def __post_init__(self) -> None:
        if self.warm_up_days >= self.days:
            raise ValueError(f"`warm_up_days` is {self.warm_up_days}, expected fewer than `days`, {self.days}")
        for name in ("seed", "days", "warm_up_days", "replications"):
            if self.value(f"run.{name}") not in (None, getattr(self, name)):
                raise ValueError(f"`{name}` is {getattr(self, name)}, and the setting `run.{name}` is {self.value(f'run.{name}')}")
        self._require_unique("settings", (setting.key for setting in self.settings))
        self._require_unique("variants", (variant.name for variant in self.variants))
        self._require_unique("checks", (check.name for check in self.checks))
        self._require_kind()
        self._require_sweep()
        self._require_replications()
        self._require_checks()
        if self.sha256 != hash_of((variant.name, variant.sha256) for variant in self.variants):
            raise ValueError("`sha256` is not the hash of the variants")

    @property
    def measured_days(self) -> int:
        """Number of days whose orders are measured."""
        return self.days - self.warm_up_days

    @property
    def period(self) -> str:
        """The time in which a count is counted, in words: "a week", "in 14 days"."""
        return {1: "a day", A_WEEK: "a week"}.get(self.measured_days, f"in {self.measured_days} days")

    @property
    def has_orders(self) -> bool:
        """Whether an order arrived on the measured days, in some replication of some variant."""
        numbers = [variant.estimates["orders"].mean for variant in self.variants if "orders" in variant.estimates]
        return any(number > 0 for number in numbers) or not numbers

    @property
    def is_pair(self) -> bool:
        """Whether exactly two variants are compared, so that there is one difference."""
        return self.kind == "paired" and len(self.variants) == PAIR

    def value(self, key: str) -> Value | None:
        """Return a setting of the first variant; `None` if the study has no such key."""
        return next((setting.value for setting in self.settings if setting.key == key), None)

    def number(self, key: str) -> float | None:
        """Return a setting of the first variant if it is a number, otherwise `None`."""
        value = self.value(key)
        return value if isinstance(value, (int, float)) else None

    def _require_unique(self, place: str, names: Iterable[str]) -> None:
        earlier_names: set[str] = set()
        for name in names:
            if name in earlier_names:
                raise ValueError(f"`{place}` has `{name}` twice")
            earlier_names.add(name)

    def _require_kind(self) -> None:
        count = len(self.variants)
        if count != BASE_ONLY if self.kind == "single" else count < PAIR:
            raise ValueError(f"a {self.kind} study cannot have {count} variants")
        if (self.sweep is None) == (self.kind == "sweep"):
            raise ValueError(f"`sweep` is {'null' if self.sweep is None else 'given'}, which a {self.kind} study cannot have")

    def _require_sweep(self) -> None:
        if self.sweep is None:
            return
        if len(self.sweep.values) != len(self.variants):
            raise ValueError(f"`sweep` has {len(self.sweep.values)} values for {len(self.variants)} variants")
        for variant, value in zip(self.variants, self.sweep.values, strict=True):
            if variant.changes != {self.sweep.key: value}:
                raise ValueError(f"`changes` of the variant `{variant.name}` are not the value of the sweep, `{self.sweep.key}` = {value}")

    def _require_replications(self) -> None:
        for place, variant in enumerate(self.variants):
            if len(variant.replications) != self.replications and (self.search is None or len(variant.replications) > self.replications):
                raise ValueError(f"the variant `{variant.name}` has {len(variant.replications)} replications, expected {self.replications}")
            if (variant.against_base is None) != (place == 0):
                raise ValueError(f"`against_base` of the variant `{variant.name}` must be {'an object' if place else 'null'}")

    def _require_checks(self) -> None:
        names, logs = {variant.name for variant in self.variants}, len(self.variants) * self.replications
        for check in self.checks:
            if check.of > logs:
                raise ValueError(f"`of` of the check `{check.name}` is {check.of}, more than the {logs} logs")
            for failed in check.failed:
                if failed.variant not in names or failed.number >= self.replications:
                    raise ValueError(
                        f"`failed` of the check `{check.name}` names an unknown replication, `{failed.variant}` {failed.number}"
                    )


def hash_of(variants: Iterable[tuple[str, str]]) -> str:
    """Compute the hash of a study from name and hash of its variants: that of the only one, or one over all."""
    pairs = [list(variant) for variant in variants]
    return pairs[0][1] if len(pairs) == BASE_ONLY else hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def read_study(file: Path) -> Study:
    """Read the study in *file*.

    Raises:
        UnreadableFileError: it is not a study of version 1, or its values contradict each other.
    """
    return read_typed(file, Study, RUN_AGAIN)


def to_json(study: Study) -> str:
    """Format the study as JSON, indented for readers; equal studies give equal text on every machine."""
    return json.dumps(msgspec.to_builtins(study), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
