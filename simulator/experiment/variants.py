"""Variants of a study: named sets of changes, or a sweep of one key over several values.

The form of variants and sweeps is checked here; `simulator.experiment.values` checks the changed values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.experiment.values import short_json
from simulator.study_data import Sweep
from sop_engine.errors import did_you_mean

MOST_VARIANTS = 50
LONGEST_NAME = 40
BASE = "base"
PEOPLE = {"wms.packers": "packers", "wms.pickers": "pickers", "wms.checkers": "checkers", "erp.clerks": "clerks"}
"""Keys whose values are numbers of people, with the word for these."""
_LENGTH = re.compile(r"(.+)_(hours|minutes|seconds)(_\w+)?")


@dataclass(frozen=True, slots=True)
class VariantSpec:
    """A variant as written in the experiment: its name, its description, and the keys that it sets."""

    name: str
    says: str
    changes: Mapping[str, Any]

    @property
    def slug(self) -> str:
        """The name as it is used in file names."""
        return variant_slug(self.name)


def variants_of_sweep(sweep: Sweep) -> tuple[VariantSpec, ...]:
    """Return a variant for each value of *sweep*, in the order written."""
    return tuple(
        VariantSpec(_sweep_name(sweep.key, value), f"{sweep.key} = {_value_as_text(value)}", {sweep.key: value}) for value in sweep.values
    )


def value_in_words(key: str, value: object) -> str:
    """Return the value of *key* with its unit: "7 packers", "4 hours", "30 %"; for a key without a unit, the value alone."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    noun, unit = PEOPLE.get(key, ""), _LENGTH.fullmatch(key.partition(".")[2])
    if noun and is_number:
        return f"{_value_as_text(value)} {noun.removesuffix('s') if value == 1 else noun}"
    if unit and is_number:
        return f"{_value_as_text(value)} {unit[2]}"
    if key.endswith("_share") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value * 100:.10g} %"
    return _value_as_text(value)


def _sweep_name(key: str, value: object) -> str:
    """Return the name of a variant of a sweep in words: "7 packers", "outage of 4 hours"."""
    words = value_in_words(key, value)
    if key in PEOPLE:
        return words
    name = key.partition(".")[2]
    unit = _LENGTH.fullmatch(name)
    link = " of" if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
    return f"{(unit[1] + (unit[3] or '') if unit else name).replace('_', ' ')}{link} {words}"


def variant_slug(name: str) -> str:
    """Return *name* in lower-case letters, digits and hyphens."""
    return re.sub(r"\W+", "-", name.casefold()).strip("-_")


def read_variants(tables: object) -> tuple[tuple[VariantSpec, ...], list[str]]:
    """Read the variants of ``[[variant]]``; return them and the findings."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [f"`variant`: must be a list of tables, got {short_json(tables)}; write [[variant]] above each"]
    if not 2 <= len(tables) <= MOST_VARIANTS:  # noqa: PLR2004 (a comparison is of two)
        return (), [f"`variant`: must be 2 to {MOST_VARIANTS} tables, the first of them the base of comparison, got {len(tables)}"]
    findings: list[str] = []
    read = []
    for place, table in enumerate(tables, 1):
        variation, refusals = _read_variant(place, table)
        findings += refusals
        if variation is not None:
            read.append(variation)
    names: dict[str, str] = {}
    for variation in read:
        if variation.slug in names:
            findings.append(f'`variant.name`: "{variation.name}" is used twice; file names must differ by letters or digits')
        names[variation.slug] = variation.name
    return tuple(read), findings


def _read_variant(place: int, table: Mapping[str, Any]) -> tuple[VariantSpec | None, list[str]]:
    keys = ("name", "says", "set")
    findings = [f"`variant.{key}`: unknown in variant {place}; {did_you_mean(key, keys)}" for key in table if key not in keys]
    name, meaning, changes = table.get("name"), table.get("says", ""), table.get("set", {})
    if not _is_name(name):
        findings.append(f"`variant.name`: must be 1 to {LONGEST_NAME} letters, digits and signs in variant {place}, got {short_json(name)}")
    if not isinstance(meaning, str) or not meaning.isprintable():
        findings.append(f"`variant.says`: must be a sentence in quotes in variant {place}, got {short_json(meaning)}")
    if not isinstance(changes, dict):
        findings.append(f'`variant.set`: must be a table such as {{"wms.packers" = 9}} in variant {place}, got {short_json(changes)}')
    else:
        changes, repeated = flattened(changes)
        refusals = [*repeated, *(reason for key in changes if (reason := _refusal_of_key(key)))]
        findings += [f"`variant.set`: {reason}, in variant {place}" for reason in refusals]
    return (None, findings) if findings else (VariantSpec(str(name), meaning, changes), [])


def read_sweep(table: object) -> tuple[Sweep | None, list[str]]:
    """Read ``[sweep]``; return it and the findings. An empty `says` means that the meaning of the key is shown."""
    if not isinstance(table, dict):
        return None, [f"`sweep`: must be a table, got {short_json(table)}; write [sweep]"]
    keys = ("key", "values", "says")
    findings = [f"`sweep.{key}`: unknown; {did_you_mean(key, keys)}" for key in table if key not in keys]
    key, values, meaning = table.get("key"), table.get("values"), table.get("says", "")
    if not isinstance(key, str) or not key:
        findings.append(f'`sweep.key`: must be a key in quotes, such as "wms.packers", got {short_json(key)}')
    elif reason := _refusal_of_key(key):
        findings.append(f"`sweep.key`: {reason}")
    if not isinstance(meaning, str) or not meaning.isprintable():
        findings.append(f"`sweep.says`: must be a sentence in quotes, got {short_json(meaning)}")
    if not isinstance(values, list) or not 2 <= len(values) <= MOST_VARIANTS:  # noqa: PLR2004 (as above)
        size = f"{len(values)} of them" if isinstance(values, list) else short_json(values)
        findings.append(f"`sweep.values`: must be a list of 2 to {MOST_VARIANTS} values, got {size}")
    elif repeated := _first_repeated(values):
        findings.append(f"`sweep.values`: must differ from one another, got {repeated} twice")
    return (None, findings) if findings else (Sweep(str(key), meaning, tuple(values or ())), [])


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name.isprintable() and len(name) <= LONGEST_NAME and bool(variant_slug(name))


def flattened(changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return *changes* with dotted keys, also those that TOML reads as nested tables (keys without quotes), and the keys set twice."""
    pairs: list[tuple[str, Any]] = []
    for key, value in changes.items():
        inner = isinstance(value, dict) and value and "." not in key
        pairs += [(f"{key}.{name}", inner_value) for name, inner_value in value.items()] if inner else [(key, value)]
    keys = [key for key, _ in pairs]
    return dict(pairs), [f"{key} is set twice" for key in dict.fromkeys(keys) if keys.count(key) > 1]


def _refusal_of_key(key: str) -> str:
    """Return why *key* cannot differ between variants, or an empty text; whether it exists is checked when it is set."""
    section, dot, name = key.partition(".")
    if not dot or not name:
        return f"{short_json(key)} is not a key; expected section.key, such as wms.packers"
    if section == "run":
        return f"{key} must not differ between variants; they are compared on the same days, seed and replications"
    return ""


def _first_repeated(values: Sequence[Any]) -> str:
    earlier_values: list[Any] = []
    for value in values:
        if any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in earlier_values):
            return short_json(value)
        earlier_values.append(value)
    return ""


def _value_as_text(value: object) -> str:
    return value if isinstance(value, str) else short_json(value)
