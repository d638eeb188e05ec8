"""Goals as text: ``SLA breached < 0.5 %``, ``cost least``, ``time to dispatch ± 0.1``.

A measure is named as in the catalogue of the report: by its name in the study, with or without its unit, or by its title.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.errors import GoalError
from sop_engine.errors import did_you_mean, nearest_word

SIGNS = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
_COMPARISON = re.compile(r"(?P<measure>.*?)\s*(?P<sign><=|>=|≤|≥|<|>)(?P<figure>.*)")
_OPTIMUM = re.compile(r"(?P<measure>.*?)\s+(?P<way>least|most)", re.IGNORECASE)
_PRECISION = re.compile(r"(?P<measure>.*?)\s*(?:±|\+/?-)(?P<figure>.*)")
_FIGURE = re.compile(r"\s*(?:₹|Rs\.?|INR)?\s*(?P<number>-?(?:\d[\d,]*(?:\.\d+)?|\.\d+))\s*(?P<unit>\D*?)\s*", re.IGNORECASE)
_PERCENT = ("%", "per cent", "percent")
_HOURS = {"": 1.0, "h": 1.0, "hour": 1.0, "hours": 1.0, "min": 1 / 60, "minute": 1 / 60, "minutes": 1 / 60, "day": 24.0, "days": 24.0}
_UNITS: Mapping[str, Mapping[str, float]] = {
    "hours": _HOURS,
    "minutes": {unit: factor * (60 if unit else 1) for unit, factor in _HOURS.items()},
    "hours a day": {"": 1.0, "h": 1.0, "hours": 1.0, "hours a day": 1.0},
    "rupees a day": dict.fromkeys(("", "rupees", "rs", "inr", "₹", "rupees a day"), 1.0),
    "rupees": dict.fromkeys(("", "rupees", "rs", "inr", "₹"), 1.0),
}
"""Accepted units and their factors, by unit of the measure."""


class NamedMeasure(Protocol):
    """An entry of the catalogue of measures; *factor* is from the measure to the figure shown, 100 for a share."""

    @property
    def name(self) -> str: ...  # noqa: D102 (described above)
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def factor(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Requirement:
    """A limit for a measure: *bound* is in the unit of the study; *text* is the requirement as a reader writes it."""

    measure: str
    sign: str
    bound: float
    text: str

    @property
    def is_upper(self) -> bool:
        """Whether the measure must be below the bound."""
        return self.sign.startswith("<")


@dataclass(frozen=True, slots=True)
class Objective:
    """A measure that is to be as small as possible, or as large as possible."""

    measure: str
    is_least: bool
    text: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What a search looks for: the first value that meets all *requirements*; with an *objective*, the best of those that do."""

    requirements: tuple[Requirement, ...]
    objective: Objective | None = None

    @property
    def text(self) -> str:
        """The goal in one line."""
        return " and ".join(part.text for part in (*self.requirements, *([self.objective] if self.objective else ())))

    @property
    def measure(self) -> str:
        """The measure that decides: that of the objective, otherwise of the first requirement."""
        return self.objective.measure if self.objective is not None else self.requirements[0].measure


@dataclass(frozen=True, slots=True)
class WantedPrecision:
    """A half-width for the interval of a measure, in the unit of the study; as a share of the mean if *is_relative*."""

    measure: str
    half_width: float
    is_relative: bool
    text: str


def read_goal(option: str, texts: Sequence[str], catalogue: Sequence[NamedMeasure]) -> Goal:
    """Read the texts of *option*, such as ``SLA breached < 0.5 % and cost least``, as one goal.

    Raises:
        GoalError: a text is no goal, or names an unknown measure or unit, or there are two objectives.
    """
    requirements: list[Requirement] = []
    objectives: list[Objective] = []
    for text in [clause for written in texts for clause in _clauses(written)]:
        if comparison := _COMPARISON.fullmatch(text):
            requirements.append(_requirement(option, text, comparison, catalogue))
        elif optimum := _OPTIMUM.fullmatch(text):
            entry = _entry(option, text, optimum["measure"], catalogue)
            way = optimum["way"].lower()
            objectives.append(Objective(entry.name, way == "least", f"{_short(entry)} {way}"))
        else:
            raise GoalError(
                option, text, 'expected a measure with <, <=, > or >= and a number, such as "SLA breached < 0.5 %", or "cost least"'
            )
    if len(objectives) > 1:
        raise GoalError(
            option, objectives[1].text, f"expected one least or most, got also `{objectives[0].text}`; write the other one as a limit"
        )
    return Goal(tuple(requirements), objectives[0] if objectives else None)


def read_precision(option: str, text: str, catalogue: Sequence[NamedMeasure]) -> WantedPrecision:
    """Read *text*, such as ``time to dispatch ± 0.1 hours``; ``± 1 %`` is of the mean for a measure that is no share.

    Raises:
        GoalError: *text* is no half-width of a measure.
    """
    parts = _PRECISION.fullmatch(text.strip())
    if parts is None:
        raise GoalError(option, text, 'expected a measure, ± and a number, such as "time to dispatch ± 0.1" (+- is read as ±)')
    entry = _entry(option, text, parts["measure"], catalogue)
    figure = _FIGURE.fullmatch(parts["figure"])
    if not _is_share(entry) and figure is not None and _plain(figure["unit"]) in _PERCENT:
        half, is_relative = float(figure["number"].replace(",", "")) / 100, True
    else:
        half, is_relative = _figure(option, text, parts["figure"], entry), False
    if half <= 0:
        raise GoalError(option, text, f"expected a number above 0 after ±, got `{parts['figure'].strip()}`")
    return WantedPrecision(entry.name, half, is_relative, f"{_short(entry)} ± {_figure_text(parts['figure'], entry)}")


def accepted_names(catalogue: Sequence[NamedMeasure]) -> dict[str, NamedMeasure]:
    """Return the entries of *catalogue* by each name that a goal may use; of two with one name, the first."""
    entries: dict[str, NamedMeasure] = {}
    for names in (lambda entry: [entry.name], lambda entry: [_short(entry)], lambda entry: [entry.title]):
        for entry in catalogue:
            for name in names(entry):
                entries.setdefault(_plain(name), entry)
    return entries


def _clauses(text: str) -> Iterator[str]:
    """Split *text* at "and", but not inside the name of a measure."""
    pending = ""
    for part in re.split(r"\s+and\s+", text.strip()):
        pending = f"{pending} and {part}" if pending else part
        if _COMPARISON.fullmatch(pending) or _OPTIMUM.fullmatch(pending):
            yield pending
            pending = ""
    if pending or not text.strip():
        yield pending


def _requirement(option: str, text: str, parts: re.Match[str], catalogue: Sequence[NamedMeasure]) -> Requirement:
    entry = _entry(option, text, parts["measure"], catalogue)
    bound = _figure(option, text, parts["figure"], entry)
    if bound < 0 or (_is_share(entry) and bound > 1):
        raise GoalError(
            option, text, f"expected a number {'from 0 to 100' if _is_share(entry) else 'of 0 or more'}, got `{parts['figure'].strip()}`"
        )
    sign = SIGNS[parts["sign"]]
    return Requirement(entry.name, sign, bound, f"{_short(entry)} {sign} {_figure_text(parts['figure'], entry)}")


def _entry(option: str, text: str, name: str, catalogue: Sequence[NamedMeasure]) -> NamedMeasure:
    entries = accepted_names(catalogue)
    entry = entries.get(_plain(name))
    if entry is None:
        short_names = dict.fromkeys(_short(one) for one in catalogue)
        titles = [one.title for one in catalogue]
        hint = did_you_mean(name.strip(), [*short_names, *titles] if nearest_word(name.strip(), titles) else short_names)
        raise GoalError(option, text, f"there is no measure `{name.strip()}`; {hint}")
    return entry


def _figure(option: str, text: str, figure: str, entry: NamedMeasure) -> float:
    """Return the number of *figure* in the unit of the study."""
    parts = _FIGURE.fullmatch(figure)
    if parts is None:
        raise GoalError(option, text, f"expected a number{_example(entry)}, got `{figure.strip()}`")
    number, unit = float(parts["number"].replace(",", "")), _plain(parts["unit"])
    if _is_share(entry):
        if unit not in _PERCENT:
            raise GoalError(option, text, f"{_short(entry)} is a share: write the number with %, got `{figure.strip()}`")
        return number / 100
    units = _UNITS.get(entry.unit, {"": 1.0, _plain(entry.unit): 1.0})
    if unit not in units:
        raise GoalError(option, text, f"{_short(entry)} is in {entry.unit}; {did_you_mean(unit, [name for name in units if name])}")
    return number * units[unit]


def _figure_text(figure: str, entry: NamedMeasure) -> str:
    """Return *figure* as it is written, with the unit of the measure if it has none."""
    words = " ".join(figure.split())
    has_unit = _is_share(entry) or not re.fullmatch(r"[\d.,-]+", words)
    return words if has_unit else f"{words} {entry.unit}".strip()


def _example(entry: NamedMeasure) -> str:
    return " with %, such as 0.5 %" if _is_share(entry) else f" of {entry.unit}" if entry.unit else ""


def _is_share(entry: NamedMeasure) -> bool:
    return entry.unit.startswith("%")


def _short(entry: NamedMeasure) -> str:
    """Return the name of a measure without its unit and without an id."""
    name = entry.name.rpartition(", ")[0] or entry.name
    return re.sub(r"\s*\([^()]*\)$", "", name)


def _plain(name: str) -> str:
    return " ".join(name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold().split())
