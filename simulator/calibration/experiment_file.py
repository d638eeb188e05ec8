"""Experiment files: the base experiment as TOML with its comments, and the fitted values, each with its source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from orders.log.calendar import DAY_ZERO
from simulator.calibration.calibrate import Calibration
from simulator.calibration.fits import Fit, numbers
from simulator.errors import ExperimentError
from simulator.experiment.dates import number_dates
from simulator.experiment.experiment import SECTIONS, SOURCES, read_experiment
from sop_engine.input_files import parse_toml, text_of


def calibrated_experiment(base: str, calibration: Calibration, log: str, mark: str = "", monday: date = DAY_ZERO) -> str:
    """Return the text of the experiment *base* with the fitted values, below the line *mark*; *log* is how their sources name the log.

    Everything else in the file stays, comments too. Dates become numbers of days if day 0 of the log, *monday*, is another one.

    Raises:
        ExperimentError: the file is written in a form that cannot be changed without loss.
    """
    where, raw = read_experiment(base)
    text = text_of(raw).removeprefix(mark)
    tables = parse_toml(raw)
    findings = list(number_dates(tables, SECTIONS, monday)) if monday != DAY_ZERO else []
    if findings:
        raise ExperimentError([f"{where}: {finding}" for finding in findings])
    wanted = _with_fits(tables, calibration, log)
    try:
        document = tomlkit.parse(text)
        _change(document, wanted)
        changed = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, KeyError, TypeError, ValueError):
        changed = ""
    if not changed or parse_toml(changed.encode()) != wanted:
        raise ExperimentError([f"{where}: cannot be changed without loss; write each setting on a line of its own, below its [section]"])
    return mark + changed


def source_text(fit: Fit, log: str) -> str:
    """Return the source of a fitted value: the log, what it was estimated from, and the interval of a number."""
    return f"fitted to {log}: {fit.sample}, 95 % interval{'s' if isinstance(fit.value, tuple) else ''} {intervals_of(fit)}"


def intervals_of(fit: Fit) -> str:
    """Return the interval of a fit, or those of the numbers of a list, with four significant digits."""
    ends = zip(numbers(fit.low), numbers(fit.high), strict=True)
    return ", ".join(f"{low:.4g} to {high:.4g}" for low, high in ends)


def _with_fits(document: dict[str, Any], calibration: Calibration, log: str) -> dict[str, Any]:
    """Return the tables of a file with the fitted values and their sources; the keys of sources are dotted."""
    for key, value in calibration.values().items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = list(value) if isinstance(value, tuple) else value
    sources = _flat(document.get(SOURCES, {})) | {fit.key: source_text(fit, log) for fit in calibration.fits}
    return document | {SOURCES: sources}


def _flat(sources: Mapping[str, Any]) -> dict[str, Any]:
    """Return sources by dotted key, also those that TOML reads as nested tables."""
    pairs: dict[str, Any] = {}
    for key, source in sources.items():
        pairs |= {f"{key}.{name}": text for name, text in source.items()} if isinstance(source, dict) else {key: source}
    return pairs


def _change(document: tomlkit.TOMLDocument, wanted: Mapping[str, Any]) -> None:
    """Change *document* so that its tables have the values of *wanted*; what is equal is not touched."""
    for section, table in wanted.items():
        if section not in document:
            document[section] = tomlkit.table()
        elif section == SOURCES and any(isinstance(source, dict) for source in document[section].values()):
            del document[section]
            document[section] = tomlkit.table()
        for name, value in table.items() if isinstance(table, dict) else ():
            inner: Any = document[section]
            if name not in inner or inner[name] != value:
                _set(inner, name, value)


def _set(table: Any, name: str, value: Any) -> None:
    """Set a value; a list of the same length is changed number by number, so that it keeps its lines and comments."""
    present = table.get(name)
    if isinstance(present, Array) and isinstance(value, list) and len(present) == len(value):
        for place, number in enumerate(value):
            present[place] = number
    else:
        table[name] = value
