"""Validation and conversion of single settings from a TOML file.

A finding names the key, what is accepted and what was given.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

from simulator.experiment.dates import is_of_days
from simulator.experiment.settings import LONGEST_TABLE, SettingSpec
from sop_engine.errors import did_you_mean
from sop_engine.input_files import parse_toml

LONGEST_VALUE = 40


def read_section(kind: type[Any], section: str, table: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """Read the settings of *kind* from *table*; return the accepted values and the findings about the others."""
    entries = {entry.name: entry for entry in fields(kind)}
    chosen: dict[str, Any] = {}
    findings = []
    for name, value in table.items():
        if name not in entries:
            findings.append(f"`{section}.{name}`: unknown; {did_you_mean(name, entries)}")
            continue
        reason = _refusal(entries[name], value)
        if reason:
            findings.append(f"`{section}.{name}`: {reason}, got {short_json(value)}")
        else:
            chosen[name] = _converted(entries[name], value)
    return chosen, findings


def value_in(text: str) -> object:
    """Return the value of *text* as TOML; the text itself, without surrounding spaces, if it is no TOML."""
    try:
        return parse_toml(f"value = {text}".encode())["value"]
    except ValueError:
        return text.strip()


def short_json(value: object) -> str:
    """Return *value* as JSON for a finding, on one line and cut after `LONGEST_VALUE` characters."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _refusal(entry: Field[Any], value: object) -> str:
    """Return the reason why *value* is not accepted, or an empty text."""
    spec: SettingSpec = entry.metadata["meaning"]
    if spec.words:
        return "" if value in spec.words else "must be one of " + ", ".join(f'"{word}"' for word in spec.words)
    span = f"from {spec.low:,} to {spec.high:,}"
    if isinstance(entry.default, tuple):
        length = f"{spec.length} " if spec.length else ""
        good = isinstance(value, list) and (len(value) == spec.length if spec.length else len(value) <= LONGEST_TABLE)
        whole = is_of_days(entry)
        if not good or not all(_fits(number, spec, whole=whole) for number in value):  # type: ignore[attr-defined]
            if whole:
                return f"must be a list of days, whole numbers {span} or dates, such as [3, 2026-01-26]"
            return f"must be a list of {length}numbers {span}"
        return ""
    whole = isinstance(entry.default, int)
    return "" if _fits(value, spec, whole=whole) else f"must be a {'whole ' if whole else ''}number {span}"


def _fits(value: object, spec: SettingSpec, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    return math.isfinite(value) and spec.low <= value <= spec.high  # type: ignore[operator]


def _converted(entry: Field[Any], value: Any) -> object:
    if isinstance(entry.default, tuple):
        return tuple(value) if is_of_days(entry) else tuple(map(float, value))
    return float(value) if isinstance(entry.default, float) else value
