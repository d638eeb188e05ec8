"""Experiment files: the base experiment as TOML, with fitted values, each with its source."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.calibration.calibrate import Calibration
from simulator.calibration.fits import Fit, numbers
from simulator.experiment.experiment import COMPARISON_KEYS, SECTIONS, SOURCES, TEXT_KEYS, read_experiment
from sop_engine.input_files import parse_toml

FIRST_KEYS = (*TEXT_KEYS, *SECTIONS, SOURCES, *COMPARISON_KEYS)


def calibrated_experiment(base: str, calibration: Calibration, log: str) -> str:
    """Return the text of the experiment *base* with the fitted values; *log* is how their sources name the log.

    Everything else in the file stays, except comments: description, other settings, and what the experiment compares.
    """
    document = parse_toml(read_experiment(base)[1])
    values = calibration.values()
    for key, value in values.items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = value
    sources = {fit.key: source_text(fit, log) for fit in calibration.fits}
    document[SOURCES] = dict(sorted({**_flat(document.get(SOURCES, {})), **sources}.items()))
    return "\n".join(_lines({key: document[key] for key in FIRST_KEYS if key in document})) + "\n"


def source_text(fit: Fit, log: str) -> str:
    """Return the source of a fitted value: the log, what it was estimated from, and the interval of a number."""
    return f"fitted to {log}: {fit.of}, 95 % interval{'s' if isinstance(fit.value, tuple) else ''} {intervals_of(fit)}"


def intervals_of(fit: Fit) -> str:
    """Return the interval of a fit, or those of the numbers of a list, with four significant digits."""
    ends = zip(numbers(fit.low), numbers(fit.high), strict=True)
    return ", ".join(f"{low:.4g} to {high:.4g}" for low, high in ends)


def _flat(sources: Mapping[str, Any]) -> dict[str, Any]:
    """Return sources by dotted key, also those that TOML reads as nested tables."""
    pairs: dict[str, Any] = {}
    for key, source in sources.items():
        pairs |= {f"{key}.{name}": text for name, text in source.items()} if isinstance(source, dict) else {key: source}
    return pairs


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ("", f"[{key}]", *(f"{_key(name)} = {_toml(inner)}" for name, inner in value.items()))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for table in value:
                yield from ("", f"[[{key}]]", *(f"{_key(name)} = {_toml(inner)}" for name, inner in table.items()))
        else:
            yield f"{_key(key)} = {_toml(value)}"


def _key(name: str) -> str:
    """Return a key, in quotes unless it is bare."""
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(inner)}" for name, inner in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return json.dumps(value)
