"""A study as it was written down, read strictly: what is missing or of another kind is said, not guessed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.errors import ReportError

VERSION = 1
FILE = "study.json"
KINDS = ("single", "paired", "sweep")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications; the interval is *half* to either side, `None` where one replication says nothing of luck."""

    mean: float
    half: float | None
    replications: int

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.mean - (self.half or 0.0)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.mean + (self.half or 0.0)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0; of a difference, whether chance alone does not explain it."""
        return self.half is not None and abs(self.mean) > self.half


@dataclass(frozen=True, slots=True)
class Variant:
    """One side of a comparison; *against* is what it has more than the first one, empty for that one."""

    name: str
    says: str
    changes: Mapping[str, Any]
    digests: tuple[str, ...]
    rows: int
    estimates: Mapping[str, Estimate]
    against: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of the experiment with its value, its meaning and where its default comes from."""

    key: str
    value: Any
    says: str
    source: str
    assumed: bool
    varied: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold of every log, and in how many it held."""

    name: str
    says: str
    held: int
    of: int
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """All that is known of an experiment after its replications; *variants* has at least one."""

    name: str
    description: str
    sha256: str
    seed: int
    days: int
    warm_up_days: int
    replications: int
    confidence: float
    kind: str
    sweep_key: str
    sweep_says: str
    sweep_values: tuple[Any, ...]
    settings: tuple[Setting, ...]
    variants: tuple[Variant, ...]
    checks: tuple[Check, ...]

    @property
    def measured_days(self) -> int:
        """Days whose orders are measured."""
        return self.days - self.warm_up_days

    def value(self, key: str) -> Any:
        """A setting of the first variant; `None` where the study has no such key."""
        return next((setting.value for setting in self.settings if setting.key == key), None)


def study_of(plain: Mapping[str, Any]) -> Study:
    """The study that *plain*, the content of a ``study.json``, describes.

    Raises:
        ReportError: it is no study of version 1, or something is missing.
    """
    if not isinstance(plain, Mapping) or plain.get("version") != VERSION:
        found = plain.get("version") if isinstance(plain, Mapping) else type(plain).__name__
        raise ReportError(FILE, f"expected a study of version {VERSION}, found {found!r}", "run the experiment again with `sop simulate`")
    try:
        return _study(plain)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        missing = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        raise ReportError(FILE, missing, "run the experiment again with `sop simulate`") from error


def _study(plain: Mapping[str, Any]) -> Study:
    sweep = plain["sweep"] or {"key": "", "says": "", "values": ()}
    kind = str(plain["kind"])
    variants = tuple(_variant(each) for each in plain["variants"])
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    if not variants or (kind != "single" and len(variants) < 2):  # noqa: PLR2004 (a comparison is of two)
        raise ValueError(f"a {kind} study cannot have {len(variants)} variants")
    if kind == "sweep" and len(sweep["values"]) != len(variants):
        raise ValueError(f"{len(variants)} variants, and {len(sweep['values'])} values of the sweep")
    return Study(
        name=str(plain["name"]),
        description=str(plain["description"]),
        sha256=str(plain["sha256"]),
        seed=int(plain["seed"]),
        days=int(plain["days"]),
        warm_up_days=int(plain["warm_up_days"]),
        replications=int(plain["replications"]),
        confidence=float(plain.get("confidence", 0.95)),
        kind=kind,
        sweep_key=str(sweep["key"]),
        sweep_says=str(sweep["says"]),
        sweep_values=tuple(sweep["values"]),
        settings=tuple(
            Setting(str(each["key"]), each["value"], str(each["says"]), str(each["source"]), bool(each["assumed"]), bool(each["varied"]))
            for each in plain["settings"]
        ),
        variants=variants,
        checks=tuple(_check(each) for each in plain["checks"]),
    )


def _variant(plain: Mapping[str, Any]) -> Variant:
    runs: Sequence[Mapping[str, Any]] = plain["replications"]
    return Variant(
        name=str(plain["name"]),
        says=str(plain["says"]),
        changes=dict(plain["changes"]),
        digests=tuple(str(run["digest"]) for run in runs),
        rows=sum(int(run["rows"]) for run in runs),
        estimates=_estimates(plain["estimates"]),
        against=_estimates(plain["against_base"] or {}),
    )


def _estimates(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Estimate]:
    """Estimates by measure; one whose mean is no number is left out."""
    told = {}
    for name, each in plain.items():
        if each["mean"] is None or not math.isfinite(each["mean"]):
            continue
        half = each["half_width"]
        known = half is not None and math.isfinite(half)
        told[str(name)] = Estimate(float(each["mean"]), float(half) if known else None, int(each["replications"]))
    return told


def _check(plain: Mapping[str, Any]) -> Check:
    failed = tuple(
        f"{each['variant']}, replication {each['number']}: expected {each['expected']}, found {each['found']}"
        for each in plain.get("failed", ())
    )
    return Check(str(plain["name"]), str(plain["says"]), int(plain["held"]), int(plain["of"]), failed)
